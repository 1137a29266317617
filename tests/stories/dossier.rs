//! The card's file: notes from comments that nothing takes away, and one page with everything about a
//! client, for whoever may see the card.

use crate::firm::{Firm, says};
use crate::panel::Panel;
use jiff::SignedDuration;
use serde_json::{Value, json};
use signalman::model::Lane;
use signalman::process::{Note, What};
use signalman::sandbox::model::Action;
use signalman::store::Store;

impl Firm {
    /// What the history keeps as notes, the oldest first.
    async fn notes(&self, card: &str) -> Vec<(Note, String, String)> {
        let lane = Lane::Card(self.id(card).as_str().into());
        let lines = self.store.history(&self.board(), Some(&lane), 200).await;
        let told = lines.unwrap().into_iter().rev().filter_map(|line| {
            let ruling = line.ruling()?;
            let by = ruling.hand.member?.to_string();
            match ruling.what {
                What::Noted { note, text } => Some((note, text, self.username(&by))),
                _ => None,
            }
        });
        told.collect()
    }

    fn username(&self, id: &str) -> String {
        let known = self.demo.people.iter().find(|(_, known)| *known == id);
        known.unwrap().0.clone()
    }

    /// The last comment of that person.
    fn comment_of(&self, username: &str) -> String {
        let member = self.demo.people[username].clone();
        let own = |action: &&Action| action.kind == "commentCard" && action.member == member;
        let last = |action: &Action| action.id.clone();
        self.world()
            .with(|state| state.actions.iter().rfind(own).map(last).unwrap())
    }
}

/// What a route answers as a page.
struct Page {
    status: u16,
    policy: String,
    text: String,
}

impl Panel<'_> {
    async fn page(&self, path: &str) -> Page {
        let answer = self.request(path).send().await.unwrap();
        let policy = answer.headers().get("content-security-policy");
        Page {
            status: answer.status().as_u16(),
            policy: policy.map_or(String::new(), |value| value.to_str().unwrap().to_owned()),
            text: answer.text().await.unwrap(),
        }
    }

    async fn file(&self, firm: &Firm, card: &str) -> Page {
        firm.world().advance(SignedDuration::from_secs(1));
        let path = format!("{}/cards/{}/dossier", self.board(), firm.id(card));
        self.page(&path).await
    }
}

#[tokio::test]
async fn a_note_is_kept_and_answered_by_nobody() {
    let firm = Firm::open().await;
    let before = firm.said("kefir").len();
    let notes = [
        ("maria_demo", "/note call ждут договор в пятницу"),
        (
            "egor_demo",
            "/Заметка Договорились: 24 000 в месяц,\nстарт 1.12",
        ),
        ("maria_demo", "/note любят джаз"),
        ("maria_demo", "/заметка созвон"),
        ("maria_demo", "/note"),
        ("maria_demo", "заметка звонок без черты"),
    ];
    for (who, text) in notes {
        firm.write(who, "kefir", text).await;
    }
    let maria = || "maria_demo".to_owned();
    assert_eq!(
        firm.notes("kefir").await,
        [
            (Note::Call, "ждут договор в пятницу".to_owned(), maria()),
            (
                Note::Agreed,
                "24 000 в месяц,\nстарт 1.12".to_owned(),
                "egor_demo".to_owned()
            ),
            (Note::Other, "любят джаз".to_owned(), maria()),
            (Note::Call, String::new(), maria()),
        ]
    );
    assert_eq!(
        firm.said("kefir").len(),
        before,
        "the comment is the answer"
    );
    let memory = firm.memory("kefir").await;
    assert!(memory.decisions.iter().all(|one| one.line != "noted"));
}

#[tokio::test]
async fn a_note_outlives_its_comment() {
    let firm = Firm::open().await;
    firm.write("maria_demo", "kefir", "/note agreed старт 1.12")
        .await;
    let comment = firm.comment_of("maria_demo");
    let maria = firm.hand("maria_demo");
    maria
        .put(
            &format!("actions/{comment}"),
            json!({ "text": "/note agreed старт 1.01" }),
        )
        .unwrap();
    firm.settle().await;
    maria.delete(&format!("actions/{comment}")).unwrap();
    firm.settle().await;
    let notes = firm.notes("kefir").await;
    assert_eq!(notes.len(), 1);
    assert_eq!(notes[0].1, "старт 1.12");
}

#[tokio::test]
async fn an_observer_notes_a_machine_does_not_and_a_secret_is_cut() {
    let firm = Firm::open().await;
    // On a board whose observers may comment: here they may not, so she observes once it is written.
    let path = format!("cards/{}/actions/comments", firm.id("kefir"));
    let said = json!({ "text": "/note call доступ: пароль: Kefir2026-qwerty" });
    firm.hand("vera_demo").post(&path, said).unwrap();
    firm.observes("vera_demo");
    firm.settle().await;
    let said = json!({ "text": "/note agreed всё" });
    let robot = firm.hand("maria_demo").through("56ff07afbc287582d36e19ac");
    robot.post(&path, said.clone()).unwrap();
    firm.world().hand(&firm.demo.bot).post(&path, said).unwrap();
    firm.settle().await;
    let notes = firm.notes("kefir").await;
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert_eq!(notes[0].2, "vera_demo");
    assert!(!notes[0].1.contains("qwerty"), "{notes:?}");
    assert!(!firm.everything_stored().await.contains("Kefir2026-qwerty"));
}

#[tokio::test]
async fn one_page_tells_everything_about_a_client() {
    let firm = Firm::open().await;
    firm.write("maria_demo", "kefir", "/note agreed <b>24 000</b> & музыка")
        .await;
    firm.drag("egor_demo", "kefir", "connect").await;
    firm.write(
        "denis_demo",
        "kefir",
        "/allow connect клиент проверен лично",
    )
    .await;
    firm.wait(60).await;
    firm.drag("maria_demo", "kefir", "connect").await;
    assert_eq!(firm.stands("kefir"), "connect", "{}", firm.last("kefir"));
    let maria = Panel::of(&firm, "maria_demo");
    let page = maria.file(&firm, "kefir").await;
    assert_eq!(page.status, 200, "{}", page.text);
    says(
        &page.text,
        &[
            "<html lang=\"ru\">",
            "Кефир FM</a>",
            "Дело клиента",
            // Whose turn, and what is missing.
            "Чей ход",
            "Илья",
            "Чего не хватает для этапа",
            // The notes, as they were typed.
            "Договорились",
            "&lt;b&gt;24 000&lt;/b&gt; &amp; музыка",
            // Fields by block.
            "Абонплата в месяц",
            // The way through the stages.
            "Договор",
            "Подключение",
            "стоит сейчас",
            // Decisions, with what they rest on.
            "возвращена · «Подключение»",
            "разрешение пройти · «Подключение»",
            "пропущена по разрешению · «Подключение»",
            "клиент проверен лично",
            "Мария",
        ],
    );
    assert!(!page.text.contains("<script"), "{}", page.text);
    assert!(
        page.policy.contains("style-src 'sha256-"),
        "{}",
        page.policy
    );
    assert!(
        page.policy.starts_with("default-src 'none'"),
        "{}",
        page.policy
    );
    let english = Panel::of(&firm, "maria_demo").in_english();
    let page = english.file(&firm, "kefir").await;
    says(
        &page.text,
        &["Client's file", "Whose turn", "Agreed", "is here now"],
    );
}

#[tokio::test]
async fn of_a_card_that_was_found_it_says_what_was_seen_alone() {
    let firm = Firm::open().await;
    let maria = Panel::of(&firm, "maria_demo");
    let now = |text: &str| {
        let (_, rest) = text.split_once("Сейчас</h2>").unwrap();
        rest.split("<h2").next().unwrap().to_owned()
    };
    let page = maria.file(&firm, "tram").await.text;
    says(&now(&page), &["Ждём", "клиента"]);
    firm.write("maria_demo", "tram", "/ждём логотип до 30.11.2027")
        .await;
    let page = maria.file(&firm, "tram").await.text;
    says(&now(&page), &["логотип, до 30.11.2027"]);
    assert!(!now(&page).contains("Срок этапа"), "it is put off: {page}");
    let page = maria.file(&firm, "alarm").await.text;
    says(
        &now(&page),
        &["Срок этапа", "прошёл", "Рабочее время здесь"],
    );
    // When it came is not known, and so is the whole of its time.
    assert!(!page.contains("Всего рабочего времени"), "{page}");
    // An engineer ticked something before, and was seen to do nothing.
    let people = async || {
        let page = maria.file(&firm, "kefir").await.text;
        let (_, people) = page.split_once("Кто работал с клиентом").unwrap();
        people.to_owned()
    };
    let told = people().await;
    assert!(told.contains("Мария") && !told.contains("Илья"), "{told}");
    firm.untick("ilya_demo", "kefir", "feasible").await;
    firm.tick("ilya_demo", "kefir", "feasible").await;
    says(&people().await, &["Илья"]);
}

#[tokio::test]
async fn whoever_may_not_see_the_card_is_shown_no_file() {
    let firm = Firm::open().await;
    let gleb = Panel::of(&firm, "gleb_demo");
    assert_eq!(gleb.file(&firm, "kefir").await.status, 200);
    firm.remove("gleb_demo");
    firm.world().advance(SignedDuration::from_secs(31));
    let page = gleb.file(&firm, "kefir").await;
    let body: Value = serde_json::from_str(&page.text).unwrap();
    assert_eq!(
        (page.status, &body["error"]["code"]),
        (403, &json!("not_a_member"))
    );
    let maria = Panel::of(&firm, "maria_demo");
    let nothing = format!("{}/cards/5f00000000000000000000aa/dossier", maria.board());
    assert_eq!(maria.page(&nothing).await.status, 404);
}

#[tokio::test]
async fn the_figures_are_one_page_to_print_each_with_what_it_means() {
    let firm = Firm::open().await;
    firm.drag("egor_demo", "kefir", "connect").await;
    firm.world().advance(SignedDuration::from_hours(24 * 20));
    let maria = Panel::of(&firm, "maria_demo");
    let page = maria.page(&format!("{}/report", maria.board())).await;
    assert_eq!(page.status, 200, "{}", page.text);
    let figures = maria.get(&format!("{}/figures", maria.board())).await.body;
    for figure in ["lead", "refusals", "present", "load", "cost"] {
        for part in ["name", "say"] {
            let said = figures[figure][part].as_str().unwrap();
            let said = said
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('"', "&quot;");
            assert!(page.text.contains(&said), "{figure}: {said}");
        }
    }
    assert!(page.text.matches("<svg").count() > 3, "{}", page.text);
    assert!(page.text.contains('₽'), "the cost is there: {}", page.text);
    let bad = maria
        .page(&format!("{}/report?since=yesterday", maria.board()))
        .await;
    assert_eq!(bad.status, 400);
}
