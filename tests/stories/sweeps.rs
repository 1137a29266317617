//! What happened while nobody listened, and what a new version of the file does.

use crate::firm::{Firm, in_custom_fields, radio_text, says};
use serde_json::json;
use signalman::attach::{Attach, Options, carry, plan, renames};
use signalman::engine::{Engine, Options as EngineOptions, Watch};
use signalman::process::file;
use signalman::sandbox::{Fault, FaultKind};
use signalman::store::{BoardState, Sqlite, Store};
use std::sync::Arc;

impl Firm {
    /// People act while no delivery arrives.
    pub async fn unheard(&self, act: impl FnOnce(&Firm)) {
        self.world().fault(Fault {
            times: None,
            ..Fault::next(FaultKind::DeliveryLost, 1)
        });
        act(self);
        self.world().delivered().await;
        self.world().with(|state| state.faults.clear());
    }
    /// A guest drags them all out of the process while nobody listens, and then they are found.
    async fn guest_takes(&self, cards: &[&str]) {
        self.unheard(|firm| {
            for card in cards {
                firm.push("gleb_demo", card, "left");
            }
        })
        .await;
        self.look_round().await;
    }
    fn news_card(&self) -> String {
        self.world().with(|state| {
            let mut cards = state.cards.values();
            let own = cards.find(|card| card.name == "Signalman");
            own.unwrap().id.clone()
        })
    }
    pub async fn look_round(&self) {
        self.look_after(&mut Watch::default()).await;
    }
    /// As the service looks after its boards, with a webhook.
    pub async fn look_after(&self, watch: &mut Watch) {
        self.engine.look_round(self.now(), watch).await.unwrap();
        self.settle().await;
    }
    fn hooks(&self) -> Vec<(String, bool)> {
        self.world().with(|state| {
            let hooks = state.webhooks.values();
            hooks
                .map(|one| (one.callback.clone(), one.active))
                .collect()
        })
    }
}

#[tokio::test]
async fn a_move_nobody_told_of_is_found_with_its_mover() {
    let firm = Firm::open().await;
    firm.unheard(|firm| firm.push("ilya_demo", "kefir", "connect"))
        .await;
    assert_eq!(firm.stands("kefir"), "connect");
    firm.look_round().await;
    assert_eq!(firm.stands("kefir"), "contract");
    says(&firm.last("kefir"), &["@ilya_demo"]);
}

#[tokio::test]
async fn a_password_nobody_told_of_is_stored_no_more_than_any_other() {
    let firm = Firm::open().await;
    let card = firm.id("alarm");
    let desc = firm.card("alarm").desc;
    firm.unheard(|firm| {
        let hand = firm.hand("ilya_demo");
        let text = json!({ "text": "пароль: hunter2-Xk9" });
        hand.post(&format!("cards/{card}/actions/comments"), text)
            .unwrap();
        let desc = json!({ "desc": format!("{desc}\nПароль источника: hunter2-Xk9") });
        hand.put(&format!("cards/{card}"), desc).unwrap();
        firm.push("egor_demo", "alarm", "active");
    })
    .await;
    firm.look_round().await;
    assert_eq!(firm.stands("alarm"), "connect");
    firm.drag("maria_demo", "alarm", "contract").await;
    let kept = firm.everything_stored().await;
    assert!(kept.contains("•••"), "{}", kept.len());
    assert!(!kept.contains("hunter2"));
    assert!(
        firm.card("alarm").desc.contains("hunter2"),
        "a person's own text"
    );
}

#[tokio::test]
async fn a_legal_move_nobody_told_of_counts() {
    let firm = Firm::open().await;
    firm.ready_to_connect("kefir").await;
    firm.unheard(|firm| firm.push("maria_demo", "kefir", "connect"))
        .await;
    firm.look_round().await;
    assert_eq!(firm.standing("kefir").await, "connect");
    assert_eq!(firm.reversals("kefir"), 0);
}

#[tokio::test]
async fn returning_more_than_five_at_once_waits_for_the_owners_word() {
    let firm = Firm::open().await;
    let mut cards = Vec::new();
    for number in 0..7 {
        cards.push(
            firm.create("maria_demo", "request", &format!("Станция {number}"))
                .await,
        );
    }
    // Pushed by a script that leaves no action behind: the sweep alone sees it.
    let (connect, board) = (firm.list("connect"), firm.demo.board.clone());
    firm.world().with(|state| {
        for card in state
            .cards
            .values_mut()
            .filter(|card| card.board == board && card.name.starts_with("Станция"))
        {
            card.list.clone_from(&connect);
        }
    });
    firm.look_round().await;
    assert!(
        cards.iter().all(|card| firm.stands(card) == "connect"),
        "nothing moves yet"
    );
    says(&firm.news().join("\n"), &["7", "/да"]);
    let id = firm.news_card();
    firm.write("gleb_demo", &id, "/да").await;
    assert!(
        cards.iter().all(|card| firm.stands(card) == "connect"),
        "the owner's word, not anybody's"
    );
    firm.write("denis_demo", &id, "/да").await;
    firm.wait(1).await;
    let stand: Vec<_> = cards.iter().map(|card| firm.stands(card)).collect();
    assert!(
        stand.iter().all(|stage| stage == "request"),
        "{stand:?} {:?} {:?}",
        firm.news(),
        firm.said(&cards[0])
    );
}

#[tokio::test]
async fn switching_to_enforce_takes_the_board_as_it_stands() {
    let watching = radio_text().replacen("mode = \"enforce\"", "mode = \"watch\"", 1);
    let mut firm = Firm::with(watching).await;
    firm.drag("ilya_demo", "kefir", "connect").await;
    firm.text = radio_text();
    firm.process = file::read(&firm.text).unwrap().process;
    firm.attach().await;
    firm.settle().await;
    assert_eq!(firm.stands("kefir"), "connect", "nothing moves that day");
    assert!(firm.said("kefir").is_empty());
    firm.drag("ilya_demo", "kefir", "handover").await;
    assert_eq!(
        firm.stands("kefir"),
        "connect",
        "from then on the process holds"
    );
}

#[tokio::test]
async fn an_occupied_stage_goes_only_where_the_file_says() {
    let firm = Firm::open().await;
    let memories = firm.store.memories(&firm.board()).await.unwrap();
    let renamed = radio_text().replace("\"connect\"", "\"mount_up\"");
    let without = file::read(&renamed).unwrap().process;
    assert!(
        !carry(&without, &renames(&without, &[]), &memories)
            .orphans
            .is_empty()
    );
    let said = renamed.replacen(
        "key = \"mount_up\"\nname = \"Подключение\"\npurpose",
        "key = \"mount_up\"\nname = \"Подключение\"\nwas = \"connect\"\npurpose",
        1,
    );
    let with = file::read(&said).unwrap().process;
    let carried = carry(&with, &renames(&with, &[]), &memories);
    assert!(carried.orphans.is_empty(), "{:?}", carried.orphans);
    assert!(!carried.memories.is_empty());
}

#[tokio::test]
async fn an_agents_move_carries_no_role() {
    let firm = Firm::open().await;
    firm.ready_to_connect("kefir").await;
    let id = firm.id("kefir");
    // Trello marks what an agent did in a person's name.
    firm.unheard(|firm| firm.push("maria_demo", "kefir", "connect"))
        .await;
    firm.world().with(|state| {
        let last = state.actions.iter_mut().rev().find(|action| {
            action.card.as_ref() == Some(&id) && action.value["data"]["listAfter"].is_object()
        });
        last.unwrap().value["agenticIdentity"] = json!({ "id": "agent" });
    });
    firm.look_round().await;
    assert_eq!(firm.stands("kefir"), "invoice", "{:?}", firm.said("kefir"));
}

#[tokio::test]
async fn fields_may_live_in_trellos_custom_fields() {
    let firm = Firm::with(in_custom_fields()).await;
    let made = firm.world().with(|state| {
        state
            .fields
            .values()
            .map(|field| (field.name.clone(), field.id.clone()))
            .collect::<Vec<_>>()
    });
    assert_eq!(made.len(), firm.process.fields.len());
    let field = |name: &str| {
        made.iter()
            .find(|(known, _)| known == name)
            .map(|(_, id)| id.clone())
            .unwrap()
    };
    firm.drag("maria_demo", "teapot", "details").await;
    assert_eq!(
        firm.stands("teapot"),
        "request",
        "lines of the description are no fields now"
    );
    let set = |name: &str, value: serde_json::Value| {
        let path = format!(
            "cards/{}/customField/{}/item",
            firm.id("teapot"),
            field(name)
        );
        firm.hand("maria_demo")
            .put(&path, json!({ "value": value }))
            .unwrap();
    };
    set("Технический контакт", json!({ "text": "Зоя" }));
    set("Почта контакта", json!({ "text": "zoya@chainik.example" }));
    firm.settle().await;
    firm.drag("maria_demo", "teapot", "details").await;
    assert_eq!(
        firm.stands("teapot"),
        "details",
        "{:?}",
        firm.said("teapot")
    );
}

#[tokio::test]
async fn a_board_without_custom_fields_says_so_at_setup() {
    let firm = Firm::unattached(in_custom_fields()).await;
    let board = firm.demo.board.clone();
    firm.world()
        .with(|state| state.boards.get_mut(&board).unwrap().custom_fields = false);
    let me = firm.trello.me().await.unwrap();
    let attach = Attach {
        trello: &firm.trello,
        store: &*firm.store,
    };
    let read = attach.read(&firm.board()).await.unwrap();
    let planned = plan(&firm.process, &read, &me, None, &Options::default());
    let failed = attach.create(&firm.process, &read, &planned, |_| {}).await;
    says(&failed.unwrap_err().to_string(), &["Custom Fields"]);
}

/// The firm with a service that looks after its own webhook.
pub async fn watched() -> Firm {
    let mut firm = Firm::open().await;
    let store: Arc<dyn Store> = Arc::<Sqlite>::clone(&firm.store);
    let options = EngineOptions {
        public_url: Some(firm.url.clone()),
        ..EngineOptions::default()
    };
    firm.engine = Arc::new(Engine::new(store, Arc::clone(&firm.trello), options));
    firm
}

#[tokio::test]
async fn a_webhook_that_is_missing_asleep_or_of_an_earlier_address_is_put_right() {
    let firm = watched().await;
    let ours = firm.hooks();
    assert_eq!(ours.len(), 1);
    let mut watch = Watch::default();
    firm.look_after(&mut watch).await;
    firm.world().with(|state| {
        let mut old = state.webhooks.values().next().unwrap().clone();
        old.id = "64b000000000000000000001".into();
        old.callback = "https://before.example/hooks/trello/1".into();
        state
            .webhooks
            .values_mut()
            .for_each(|one| one.active = false);
        state.webhooks.insert(old.id.clone(), old);
    });
    firm.wait(6).await;
    firm.look_after(&mut watch).await;
    assert_eq!(firm.hooks(), ours, "awake, and alone");
    firm.world().with(|state| state.webhooks.clear());
    firm.push("ilya_demo", "kefir", "connect");
    firm.wait(6).await;
    firm.look_after(&mut watch).await;
    assert_eq!(firm.hooks(), ours, "registered again");
    assert_eq!(firm.stands("kefir"), "contract", "and caught up with");
}

#[tokio::test]
async fn without_a_webhook_the_board_is_asked_every_few_seconds() {
    let firm = watched().await;
    firm.world().with(|state| state.webhooks.clear());
    firm.world()
        .fault(Fault::next(FaultKind::Broken, 1).on("POST", "/webhooks"));
    let mut watch = Watch::default();
    firm.look_after(&mut watch).await;
    firm.push("ilya_demo", "kefir", "connect");
    firm.world().advance(jiff::SignedDuration::from_secs(6));
    firm.look_after(&mut watch).await;
    assert_eq!(firm.stands("kefir"), "contract");
    firm.wait(2).await;
    firm.look_after(&mut watch).await;
    assert_eq!(firm.hooks().len(), 1, "and asked for again");
}

#[tokio::test]
async fn what_happened_while_paused_and_unheard_is_judged_on_resuming() {
    let firm = watched().await;
    let mut watch = Watch::default();
    firm.look_after(&mut watch).await;
    let board = firm.board();
    let state = |state| firm.store.set_state(&board, state, firm.now());
    state(BoardState::Paused).await.unwrap();
    firm.look_after(&mut watch).await;
    firm.unheard(|firm| firm.push("ilya_demo", "kefir", "connect"))
        .await;
    state(BoardState::Running).await.unwrap();
    firm.look_after(&mut watch).await;
    assert_eq!(firm.stands("kefir"), "contract");
}

#[tokio::test]
async fn a_card_that_could_not_be_seen_for_a_while_is_not_taken_for_deleted() {
    let firm = Firm::open().await;
    let (board, bot) = (firm.demo.board.clone(), firm.demo.bot.clone());
    let people = firm.world().with(|state| {
        let people = &mut state.boards.get_mut(&board).unwrap().people;
        let before = people.clone();
        people.retain(|place| place.member != bot);
        before
    });
    firm.push("gleb_demo", "alarm", "lost");
    firm.world().delivered().await;
    for _ in 0..3 {
        firm.world().advance(jiff::SignedDuration::from_mins(2));
        firm.engine.drain(firm.now()).await.unwrap();
    }
    assert!(!firm.memory("alarm").await.gone);
    firm.world()
        .with(|state| state.boards.get_mut(&board).unwrap().people = people);
    firm.wait(6).await;
    assert_eq!(firm.stands("alarm"), "connect");
}

#[tokio::test]
async fn what_many_people_did_during_an_outage_waits_for_the_owners_word_too() {
    let firm = Firm::open().await;
    let cards = ["kefir", "boot", "alarm", "airfield", "whale", "tram"];
    let lost = |firm: &Firm| cards.iter().all(|card| firm.stands(card) == "left");
    firm.guest_takes(&cards).await;
    firm.look_round().await;
    assert!(lost(&firm), "nothing moves yet");
    assert_eq!(firm.news().len(), 1, "asked once: {:?}", firm.news());
    says(&firm.news()[0], &["@denis_demo", "6", "/да"]);
    firm.write("olga_demo", "kefir", "/почему").await;
    assert!(lost(&firm), "asking moves nothing");
    says(&firm.last("kefir"), &["«Договор»"]);
    firm.drag("gleb_demo", "boot", "active").await;
    assert_eq!(
        firm.stands("boot"),
        "invoice",
        "a new move is judged at once"
    );
    firm.push("gleb_demo", "boot", "left");
    firm.settle().await;
    assert_eq!(firm.stands("boot"), "invoice");
    let cards = ["kefir", "alarm", "airfield", "whale", "tram"];
    let lost = |firm: &Firm| cards.iter().all(|card| firm.stands(card) == "left");
    let id = firm.news_card();
    firm.write("denis_demo", &id, "/нет").await;
    firm.wait(1).await;
    firm.look_round().await;
    assert!(lost(&firm), "they stay by the owner's word");
    assert_eq!(firm.standing("kefir").await, "left");
    assert_eq!(firm.stands("boot"), "invoice", "it waited no more");
    assert_eq!(firm.news().len(), 2, "heard, and nobody is asked again");
}

#[tokio::test]
async fn cards_that_waited_go_back_by_the_owners_word_with_a_comment_to_whoever_moved_them() {
    let firm = Firm::open().await;
    let cards = ["kefir", "boot", "alarm", "airfield", "whale", "tram"];
    firm.guest_takes(&cards).await;
    let id = firm.news_card();
    firm.write("denis_demo", &id, "/yes").await;
    firm.wait(1).await;
    for (card, stage) in [
        ("kefir", "contract"),
        ("boot", "invoice"),
        ("whale", "register"),
    ] {
        assert_eq!(firm.stands(card), stage);
        says(&firm.last(card), &["@gleb_demo"]);
    }
}
