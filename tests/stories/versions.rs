//! What putting a file in force would come to, said before it is done; a file changed by the form; the
//! way back to an earlier version.

use crate::firm::{Firm, radio_text};
use serde_json::json;
use signalman::attach::propose::{self, Proposal};
use signalman::attach::{Attach, Create, Foreseen, Options};
use signalman::process::edit::{At, Change, apply, read_back};
use signalman::process::{Process, file};
use signalman::store::Store;

impl Firm {
    fn attaching(&self) -> Attach<'_> {
        Attach {
            trello: &self.trello,
            store: &*self.store,
        }
    }

    async fn foresee(&self, process: &Process) -> Foreseen {
        let me = self.trello.me().await.unwrap();
        let (attach, board) = (self.attaching(), self.board());
        let foreseen = attach.foresee(process, &board, &me, Options::default(), self.now());
        foreseen.await.unwrap()
    }

    /// Puts another file in force, as it is done for a person who agreed.
    pub async fn put_in_force(&self, text: &str) {
        let process = file::read(text).unwrap().process;
        let foreseen = self.foresee(&process).await;
        assert!(foreseen.orphans.is_empty(), "{:?}", foreseen.orphans);
        assert!(
            foreseen.plan.create.is_empty(),
            "{:?}",
            foreseen.plan.create
        );
        let bindings = foreseen.plan.bindings;
        let (attach, board) = (self.attaching(), self.board());
        let done = attach.activate(&process, text, &board, bindings, self.now());
        done.await.unwrap();
        self.settle().await;
    }
}

#[tokio::test]
async fn the_cards_that_stand_where_they_may_not_are_told_with_the_reason() {
    let firm = Firm::unattached(radio_text()).await;
    let beside = json!({ "idList": firm.list("how"), "name": "Обед в пятницу" });
    firm.hand("gleb_demo").post("cards", beside).unwrap();
    let before = firm.foresee(&firm.process).await.preview;
    assert_eq!((before.cards.len() > 5, before.outside), (true, 1));
    let stands = |name: &str, preview: &signalman::attach::Preview| {
        preview
            .cards
            .iter()
            .find(|card| card.name == name)
            .unwrap()
            .legal
    };
    assert!(stands("Кефир FM", &before));
    // Nobody holds the board yet.
    firm.push("ilya_demo", "kefir", "connect");
    firm.world().forget_requests();
    let after = firm.foresee(&firm.process).await.preview;
    let kefir = after
        .wanting()
        .find(|card| card.name == "Кефир FM")
        .unwrap();
    assert_eq!(kefir.stage, "connect".into());
    let missing = format!("{:?}", kefir.finding.missing());
    assert!(
        missing.contains("signed") && missing.contains("invoice_no"),
        "{missing}"
    );
    assert_eq!(after.wanting().count(), before.wanting().count() + 1);
    let asked = firm.requests();
    assert!(asked.iter().all(|one| one.starts_with("GET")), "{asked:?}");
    assert!(firm.store.boards().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_board_with_lists_of_other_names_is_taken_with_them() {
    let firm = Firm::unattached(radio_text()).await;
    let others = [
        ("request", "Входящие"),
        ("invoice", "Счета и оплаты"),
        ("connect", "Запуск"),
        ("register", "Регистрация"),
        ("lost", "Отказы"),
    ];
    for (stage, name) in others {
        let list = firm.list(stage);
        firm.world()
            .with(|state| state.lists.get_mut(&list).unwrap().name = name.to_owned());
    }
    let board = firm.attaching().read(&firm.board()).await.unwrap();
    let me = firm.trello.me().await.unwrap();
    let proposal = propose::propose(&firm.process, &board, &me);
    let proposal: Proposal =
        serde_json::from_value(serde_json::to_value(proposal).unwrap()).unwrap();
    for bound in &proposal.stages {
        let list = bound.list.as_ref().map(|list| list.as_str().to_owned());
        assert_eq!(list, Some(firm.list(bound.stage.as_str())), "{bound:?}");
    }
    let edited = propose::written(&radio_text(), &proposal, &board).unwrap();
    assert_eq!(
        edited
            .diff
            .lines()
            .filter(|line| line.starts_with("+name"))
            .count(),
        others.len()
    );
    let plan = firm.foresee(&edited.process).await.plan;
    let lists = plan
        .create
        .iter()
        .filter(|one| matches!(one, Create::List { .. }));
    assert_eq!(lists.count(), 0, "{:?}", plan.create);
}

#[tokio::test]
async fn a_boards_own_lists_hold_every_card_as_it_stands() {
    let firm = Firm::unattached(radio_text()).await;
    let board = firm.attaching().read(&firm.board()).await.unwrap();
    let me = firm.trello.me().await.unwrap();
    let language = propose::language_of(&board);
    let own = propose::own(&board, &me, language, "Europe/Moscow");
    let process = file::read(&own.text).unwrap().process;
    let foreseen = firm.foresee(&process).await;
    assert!(
        foreseen.plan.create.is_empty(),
        "{:?}",
        foreseen.plan.create
    );
    assert!(
        foreseen.plan.troubles.is_empty(),
        "{:?}",
        foreseen.plan.troubles
    );
    assert_eq!(
        (foreseen.preview.outside, foreseen.preview.wanting().count()),
        (0, 0)
    );
}

#[tokio::test]
async fn going_back_to_an_earlier_version_finds_the_cards_of_renamed_stages() {
    let firm = Firm::open().await;
    firm.ready_to_connect("kefir").await;
    firm.drag("maria_demo", "kefir", "connect").await;
    assert_eq!(firm.standing("kefir").await, "connect");
    let first = radio_text();
    let rename = |text: &str, from: &str, to: &str| {
        let at = At::Stage {
            key: from.to_owned(),
        };
        let change = Change::Rename {
            at,
            to: to.to_owned(),
        };
        apply(text, &[change]).unwrap().text
    };
    let second = rename(&first, "connect", "launch");
    firm.world().advance(jiff::SignedDuration::from_secs(1));
    firm.put_in_force(&second).await;
    assert_eq!(firm.standing("kefir").await, "launch");
    let third = rename(&second, "launch", "start");
    firm.world().advance(jiff::SignedDuration::from_secs(1));
    firm.put_in_force(&third).await;
    assert_eq!(firm.standing("kefir").await, "start");
    let kept = firm.store.versions(&firm.board()).await.unwrap();
    assert_eq!(kept.len(), 3);
    let oldest = firm
        .store
        .process_text(&firm.board(), &kept[2].version)
        .await
        .unwrap();
    let back = read_back(&third, oldest.unwrap()).unwrap();
    assert_eq!((&back.text, &back.version), (&first, &kept[2].version));
    assert!(back.diff.contains("-was = \"launch\""), "{}", back.diff);
    firm.world().advance(jiff::SignedDuration::from_secs(1));
    firm.put_in_force(&back.text).await;
    assert_eq!(firm.standing("kefir").await, "connect");
    assert_eq!(firm.stands("kefir"), "connect", "no card was moved");
    let kept = firm.store.versions(&firm.board()).await.unwrap();
    assert_eq!((kept.len(), &kept[0].version), (3, &back.version));
    // The process holds as before.
    firm.drag("gleb_demo", "kefir", "handover").await;
    assert_eq!(firm.stands("kefir"), "connect");
}
