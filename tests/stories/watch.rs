//! Watching, attaching, switching to enforce: a board is taken as it stands.

use crate::firm::{Firm, radio_text};
use serde_json::json;
use signalman::attach::{Attach, Options, plan};
use signalman::engine::Watch;
use signalman::store::{BoardState, Store};
use std::collections::BTreeMap;

fn watching() -> String {
    radio_text().replacen("mode = \"enforce\"", "mode = \"watch\"", 1)
}

#[tokio::test]
async fn watching_writes_nothing_and_records_what_would_have_gone_back() {
    let firm = Firm::with(watching()).await;
    firm.drag("ilya_demo", "kefir", "connect").await;
    assert_eq!(firm.stands("kefir"), "connect");
    assert!(firm.said("kefir").is_empty());
    let writes: Vec<_> = firm
        .requests()
        .into_iter()
        .filter(|one| !one.starts_with("GET"))
        .collect();
    assert!(writes.is_empty(), "{writes:?}");
    assert_eq!(
        firm.standing("kefir").await,
        "connect",
        "it becomes its standing"
    );
    let lane = signalman::model::Lane::Card(firm.id("kefir").as_str().into());
    let history = firm
        .store
        .history(&firm.board(), Some(&lane), 10)
        .await
        .unwrap();
    assert!(
        history.iter().any(|line| line.kind == "would_refuse"),
        "{history:?}"
    );
}

#[tokio::test]
async fn watching_seeds_where_the_file_says_so() {
    let text = watching().replacen("fields_in =", "seed_in_watch = true\nfields_in =", 1);
    let firm = Firm::with(text).await;
    firm.tick("olga_demo", "boot", "paid").await;
    firm.drag("maria_demo", "boot", "connect").await;
    assert!(firm.checklists("boot").contains(&"Подключение".to_owned()));
}

#[tokio::test]
async fn attaching_a_board_of_sixty_cards_standing_anywhere_changes_no_card() {
    let firm = Firm::unattached(radio_text()).await;
    let stages: Vec<String> = firm.demo.lists.keys().cloned().collect();
    for number in 0..60 {
        let wish = json!({ "idList": firm.list(&stages[number % stages.len()]), "name": format!("Станция {number}") });
        let made = firm.hand("gleb_demo").post("cards", wish).unwrap();
        if number % 7 == 0 {
            let path = format!("cards/{}", made["id"].as_str().unwrap());
            firm.hand("gleb_demo")
                .put(&path, json!({ "closed": true }))
                .unwrap();
        }
    }
    let cards = || firm.world().with(|state| format!("{:?}", state.cards));
    let parts = || firm.world().with(|state| format!("{:?}", state.checklists));
    let before = (
        firm.world()
            .with(|state| state.cards.keys().cloned().collect::<Vec<_>>()),
        parts(),
    );
    let shown: BTreeMap<String, String> = firm.world().with(|state| {
        state
            .cards
            .iter()
            .map(|(id, card)| (id.clone(), format!("{card:?}")))
            .collect()
    });
    firm.attach().await;
    firm.settle().await;
    firm.wait(60).await;
    for id in &before.0 {
        let now = firm.world().with(|state| format!("{:?}", state.cards[id]));
        assert_eq!(now, shown[id]);
    }
    assert_eq!(parts(), before.1);
    assert!(
        cards().contains("Как мы работаем"),
        "the guide is a card of its own"
    );
}

#[tokio::test]
async fn setup_lists_what_would_fail() {
    let firm = Firm::open().await;
    let attach = Attach {
        trello: &firm.trello,
        store: &*firm.store,
    };
    let me = firm.trello.me().await.unwrap();
    let foreseen = attach
        .foresee(
            &firm.process,
            &firm.board(),
            &me,
            Options::default(),
            firm.now(),
        )
        .await
        .unwrap();
    let found = foreseen.preview.wanting();
    let names: Vec<_> = found.map(|card| card.name.as_str()).collect();
    assert!(!names.contains(&"Тёплый Подвал"), "{names:?}");
    assert!(!names.contains(&"Бумажный Кит"), "{names:?}");
}

#[tokio::test]
async fn attaching_again_changes_nothing() {
    let firm = Firm::open().await;
    let lists = || {
        firm.world().with(|state| {
            (
                state.lists.len(),
                state.labels.len(),
                state.cards.len(),
                state.webhooks.len(),
            )
        })
    };
    let before = lists();
    firm.attach().await;
    assert_eq!(lists(), before);
}

#[tokio::test]
async fn the_eleventh_collaborator_of_a_free_workspace_stops_setup() {
    let firm = Firm::unattached(radio_text()).await;
    let free = firm.world().add_organization("radio", true);
    for number in 0..3 {
        firm.newcomer(&format!("guest{number}"));
    }
    let board = firm.demo.board.clone();
    firm.world()
        .with(|state| state.boards.get_mut(&board).unwrap().organization = Some(free.clone()));
    let attach = Attach {
        trello: &firm.trello,
        store: &*firm.store,
    };
    let read = attach.read(&firm.board()).await.unwrap();
    let workspace = firm.trello.workspace(&free).await.ok();
    assert_eq!(workspace, Some((11, true)));
    let me = firm.trello.me().await.unwrap();
    let options = Options {
        workspace,
        ..Options::default()
    };
    assert!(
        !plan(&firm.process, &read, &me, None, &options)
            .troubles
            .is_empty()
    );
}

#[tokio::test]
async fn a_paused_board_keeps_its_events_and_judges_them_on_resuming() {
    let firm = Firm::open().await;
    firm.store
        .set_state(&firm.board(), BoardState::Paused, firm.now())
        .await
        .unwrap();
    firm.drag("ilya_demo", "kefir", "connect").await;
    assert_eq!(firm.stands("kefir"), "connect");
    firm.store
        .set_state(&firm.board(), BoardState::Running, firm.now())
        .await
        .unwrap();
    firm.settle().await;
    assert_eq!(firm.stands("kefir"), "contract");
}

#[tokio::test]
async fn a_detached_board_is_left_alone() {
    let firm = Firm::open().await;
    let attach = Attach {
        trello: &firm.trello,
        store: &*firm.store,
    };
    attach.detach(&firm.board(), firm.now()).await.unwrap();
    firm.drag("ilya_demo", "kefir", "connect").await;
    assert_eq!(firm.stands("kefir"), "connect");
    assert!(firm.world().with(|state| state.webhooks.is_empty()));
}

#[tokio::test]
async fn a_board_that_comes_back_is_taken_as_it_stands() {
    let firm = Firm::open().await;
    let attach = Attach {
        trello: &firm.trello,
        store: &*firm.store,
    };
    attach.detach(&firm.board(), firm.now()).await.unwrap();
    for stage in ["quote", "connect", "handover"] {
        firm.drag("gleb_demo", "kefir", stage).await;
    }
    firm.tick("gleb_demo", "whale", "p_crm").await;
    firm.attach().await;
    firm.engine
        .look_round(firm.now(), &mut Watch::default())
        .await
        .unwrap();
    firm.settle().await;
    firm.write("gleb_demo", "kefir", "/почему").await;
    assert_eq!(firm.stands("kefir"), "handover");
    assert_eq!(firm.standing("kefir").await, "handover");
    assert!(
        firm.ticked("whale", "p_crm"),
        "nothing is taken off that day"
    );
    assert_eq!(firm.reversals("kefir"), 0);
    firm.drag("gleb_demo", "kefir", "register").await;
    assert_eq!(firm.stands("kefir"), "handover", "from now on it holds");
}

#[tokio::test]
async fn what_moves_while_the_plan_is_read_is_taken_as_it_stands() {
    let firm = Firm::unattached(radio_text()).await;
    let attach = Attach {
        trello: &firm.trello,
        store: &*firm.store,
    };
    let me = firm.trello.me().await.unwrap();
    let board = attach.read(&firm.board()).await.unwrap();
    let planned = plan(&firm.process, &board, &me, None, &Options::default());
    firm.push("gleb_demo", "kefir", "connect");
    let bindings = attach
        .create(&firm.process, &board, &planned, |_| {})
        .await
        .unwrap();
    attach
        .activate(&firm.process, &firm.text, &board.id, bindings, firm.now())
        .await
        .unwrap();
    firm.engine
        .look_round(firm.now(), &mut Watch::default())
        .await
        .unwrap();
    firm.settle().await;
    assert_eq!(firm.stands("kefir"), "connect");
}

#[tokio::test]
async fn a_new_version_does_not_wake_a_paused_board() {
    let firm = Firm::open().await;
    firm.store
        .set_state(&firm.board(), BoardState::Paused, firm.now())
        .await
        .unwrap();
    firm.attach().await;
    let record = firm.store.board(&firm.board()).await.unwrap().unwrap();
    assert_eq!(record.state, BoardState::Paused);
}

#[tokio::test]
async fn attaching_offers_what_present_stages_declare_and_adds_only_what_is_missing() {
    let firm = Firm::open().await;
    let id = firm.create("maria_demo", "request", "Радио Примус").await;
    firm.world().with(|state| {
        state.checklists.retain(|_, list| list.card != id);
        let card = state.cards.get_mut(&id).unwrap();
        card.desc = "Позвонили сами.".into();
        card.list = firm.list("connect");
    });
    firm.store
        .set_state(&firm.board(), BoardState::Detached, firm.now())
        .await
        .unwrap();
    firm.attach().await;
    let attach = Attach {
        trello: &firm.trello,
        store: &*firm.store,
    };
    let kefir = (firm.checklists("kefir"), firm.card("kefir").desc);
    let seed = async || {
        let board = attach.read(&firm.board()).await.unwrap();
        let record = firm.store.board(&board.id).await.unwrap().unwrap();
        let bindings = record.active.bindings.clone();
        let cards = attach.seed(&firm.process, &board, &bindings, firm.now());
        let cards = cards.await.unwrap();
        firm.settle().await;
        cards
    };
    assert!(seed().await >= 1);
    let lists = firm.checklists(&id);
    for name in ["Подключение", "Договор и оплата"] {
        let there = lists.iter().filter(|list| *list == name).count();
        assert_eq!(there, 1, "{name} in {lists:?}");
    }
    assert!(
        !lists.contains(&"Расчёт".to_owned()),
        "nothing ahead rests on it"
    );
    let desc = firm.card(&id).desc;
    assert!(desc.starts_with("Позвонили сами."), "{desc}");
    assert!(desc.contains("Номер договора:"), "{desc}");
    assert_eq!(seed().await, 0, "everything is there now");
    let now = (firm.checklists("kefir"), firm.card("kefir").desc);
    assert_eq!(now.0, kefir.0);
    assert!(now.1.starts_with(&kefir.1), "what stood there stays");
}
