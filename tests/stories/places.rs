//! Outside places, while the place itself is out of reach: what is said, what waits and what does
//! not, who may vouch. That places are really filled is proved against real ones in `tests/targets`.

use crate::firm::{Firm, radio_text, says};
use signalman::model::Status;
use std::fs;

/// Nobody listens there.
const NOWHERE: &str = "http://127.0.0.1:9/";

pub fn text(at: &str) -> String {
    let target = format!(
        r#"
[[target]]
key = "accounting"
kind = "tryton"
url = "{NOWHERE}"
allow_private = true
keyed = "station"
{at}
  [[target.put]]
  name = "name"
  value = "{{legal_name}}"
  [[target.put]]
  name = "street"
  value = "{{fee}} {{currency}}"
"#
    );
    let text = radio_text();
    format!("{text}\n{target}")
}

/// The accountant has done all five by hand, and the card goes where it goes.
pub async fn to_active(firm: &Firm, card: &str) {
    firm.to_register(card).await;
    firm.wait(5).await;
    firm.write("olga_demo", card, "/byhand p_accounting 204")
        .await;
    for item in ["p_billing", "p_royalty", "p_crm", "p_list", "all_checked"] {
        firm.tick("olga_demo", card, item).await;
    }
    let late = [("Согласие на рассылку", "да")];
    firm.fill("maria_demo", card, &late).await;
    firm.drag("olga_demo", card, "active").await;
    assert_eq!(firm.stands(card), "active", "{}", firm.last(card));
}

#[tokio::test]
async fn a_place_that_is_down_is_told_of_once_and_holds_up_nothing_else() {
    let firm = Firm::with(text("")).await;
    firm.to_register("airfield").await;
    for _ in 0..8 {
        firm.wait(5).await;
    }
    let said = firm.said("airfield").join("\n");
    says(
        &said,
        &["Учётная система", "система не отвечает", "@olga_demo"],
    );
    let told = said.matches("система не отвечает").count();
    firm.wait(60).await;
    let said = firm.said("airfield").join("\n");
    assert_eq!(said.matches("система не отвечает").count(), told);
    // The card's own affairs go on.
    firm.tick("olga_demo", "airfield", "p_billing").await;
    assert!(firm.ticked("airfield", "p_billing"));
    assert_eq!(
        firm.memory("airfield").await.places["accounting"].wanted,
        Status::Pending
    );
}

#[tokio::test]
async fn nobody_ticks_what_a_place_has_to_confirm() {
    let firm = Firm::with(text("")).await;
    firm.to_register("airfield").await;
    firm.tick("olga_demo", "airfield", "p_accounting").await;
    assert!(!firm.ticked("airfield", "p_accounting"));
    says(
        &firm.last("airfield"),
        &["отметка снята", "Signalman", "само место"],
    );
    firm.drag("olga_demo", "airfield", "active").await;
    assert_eq!(firm.stands("airfield"), "register");
    says(
        &firm.last("airfield"),
        &["«Учётная система: контрагент, договор, регулярный счёт»"],
    );
}

#[tokio::test]
async fn the_accountant_vouches_for_a_place_that_is_down() {
    let firm = Firm::with(text("")).await;
    firm.write("olga_demo", "airfield", "/byhand p_accounting 204")
        .await;
    says(&firm.last("airfield"), &["ещё рано"]);
    firm.to_register("airfield").await;
    firm.write("ilya_demo", "airfield", "/byhand p_accounting 204")
        .await;
    says(&firm.last("airfield"), &["отвечают другие"]);
    firm.write("olga_demo", "airfield", "/вручную p_accounting")
        .await;
    says(&firm.last("airfield"), &["нужен номер"]);
    firm.write("olga_demo", "airfield", "/byhand p_account 204")
        .await;
    says(
        &firm.last("airfield"),
        &["такого места нет", "p_accounting"],
    );
    assert!(!firm.ticked("airfield", "p_accounting"));
    let named = "/вручную «Учётная система: контрагент, договор, регулярный счёт» 204";
    firm.write("olga_demo", "airfield", named).await;
    says(&firm.last("airfield"), &["№ 204", "вручную"]);
    assert!(firm.ticked("airfield", "p_accounting"));
    let memory = firm.memory("airfield").await;
    let proof = memory.places["accounting"].proof.clone().unwrap();
    assert_eq!(proof.id, "204");
    assert!(proof.by_hand.is_some());
}

#[tokio::test]
async fn what_is_charged_changes_when_the_accountant_has_confirmed_it() {
    let firm = Firm::with(text("")).await;
    to_active(&firm, "airfield").await;
    let agreed = async || {
        firm.memory("airfield").await.terms[&"fee".into()]
            .agreed
            .clone()
    };
    assert_eq!(agreed().await, "4 900");
    firm.fill("maria_demo", "airfield", &[("Абонплата в месяц", "5 900")])
        .await;
    says(
        &firm.last("airfield"),
        &["Ольга", "4 900", "5 900", "/подтвердить"],
    );
    assert_eq!(agreed().await, "4 900");
    firm.write("maria_demo", "airfield", "/confirm").await;
    says(
        &firm.last("airfield"),
        &["подтверждает тот, кто отвечает за учёт"],
    );
    assert_eq!(agreed().await, "4 900");
    firm.write("olga_demo", "airfield", "/confirm скоро").await;
    says(&firm.last("airfield"), &["не похоже на дату"]);
    firm.write("olga_demo", "airfield", "/подтвердить").await;
    says(&firm.last("airfield"), &["подтверждено", "5 900"]);
    assert_eq!(agreed().await, "5 900");
    firm.write("olga_demo", "airfield", "/confirm").await;
    says(&firm.last("airfield"), &["подтверждать нечего"]);
    // From a day on, and not before it.
    firm.fill("maria_demo", "airfield", &[("Абонплата в месяц", "6 900")])
        .await;
    let in_two_days = format!("/confirm {}", firm.day(2));
    firm.write("olga_demo", "airfield", &in_two_days).await;
    firm.wait(60).await;
    assert_eq!(agreed().await, "5 900");
    firm.wait(2 * 24 * 60).await;
    assert_eq!(agreed().await, "6 900");
}

#[tokio::test]
async fn going_back_stops_no_charge_and_who_leaves_does_so_on_the_day() {
    let firm = Firm::with(text("")).await;
    to_active(&firm, "airfield").await;
    let wanted = async || firm.memory("airfield").await.places["accounting"].wanted;
    assert_eq!(wanted().await, Status::Active);
    firm.drag("maria_demo", "airfield", "register").await;
    assert_eq!(firm.stands("airfield"), "register");
    assert_eq!(wanted().await, Status::Active);
    firm.drag("maria_demo", "airfield", "active").await;
    assert_eq!(firm.stands("airfield"), "active");
    let day = firm.day(3);
    let lines = [("Отключить с", day.as_str()), ("Причина ухода", "дорого")];
    firm.fill("maria_demo", "airfield", &lines).await;
    firm.drag("maria_demo", "airfield", "left").await;
    assert_eq!(firm.stands("airfield"), "left", "{}", firm.last("airfield"));
    firm.wait(60).await;
    assert_eq!(wanted().await, Status::Active);
    // The day may be put off while it has not come.
    let later = firm.day(5);
    firm.fill("maria_demo", "airfield", &[("Отключить с", &later)])
        .await;
    firm.wait(3 * 24 * 60).await;
    assert_eq!(wanted().await, Status::Active);
    firm.wait(2 * 24 * 60).await;
    assert_eq!(wanted().await, Status::Retired);
}

/// A second place, for which the engineer answers.
fn two_places() -> String {
    let mut text = text("");
    let at = text.find("key = \"p_royalty\"").unwrap();
    let by = "by = [\"accountant\"]";
    let at = at + text[at..].find(by).unwrap();
    text.replace_range(at..at + by.len(), "by = [\"engineer\"]");
    format!(
        r#"{text}
[[target]]
key = "royalty"
kind = "tryton"
url = "{NOWHERE}"
allow_private = true
keyed = "station"
  [[target.put]]
  name = "name"
  value = "{{legal_name}}"
  [[target.put]]
  name = "street"
  value = "{{software_fee?}}"
"#
    )
}

#[tokio::test]
async fn each_confirms_what_is_theirs_and_a_confirmed_day_stands() {
    let firm = Firm::with(two_places()).await;
    firm.to_register("airfield").await;
    firm.wait(5).await;
    firm.write("olga_demo", "airfield", "/byhand p_accounting 204")
        .await;
    firm.write("ilya_demo", "airfield", "/byhand p_royalty 205")
        .await;
    for item in ["p_billing", "p_crm", "p_list", "all_checked"] {
        firm.tick("olga_demo", "airfield", item).await;
    }
    let late = [("Согласие на рассылку", "да")];
    firm.fill("maria_demo", "airfield", &late).await;
    firm.drag("olga_demo", "airfield", "active").await;
    assert_eq!(
        firm.stands("airfield"),
        "active",
        "{}",
        firm.last("airfield")
    );
    let agreed = async |field: &str| {
        let memory = firm.memory("airfield").await;
        memory.terms[&field.into()].agreed.clone()
    };
    let fee = [("Абонплата в месяц", "5 900")];
    firm.fill("maria_demo", "airfield", &fee).await;
    let software = [("Отчисления в месяц", "901")];
    firm.fill("olga_demo", "airfield", &software).await;
    firm.write("ilya_demo", "airfield", "/confirm").await;
    assert_eq!(agreed("software_fee").await, "901");
    assert_eq!(agreed("fee").await, "4 900", "that is the accountant's");
    let later = format!("/confirm {}", firm.day(20));
    firm.write("olga_demo", "airfield", &later).await;
    let software = [("Отчисления в месяц", "902")];
    firm.fill("olga_demo", "airfield", &software).await;
    firm.write("ilya_demo", "airfield", "/confirm").await;
    assert_eq!(agreed("software_fee").await, "902");
    assert_eq!(agreed("fee").await, "4 900", "not before its day");
    firm.wait(20 * 24 * 60).await;
    assert_eq!(agreed("fee").await, "5 900");
}

#[tokio::test]
async fn whoever_takes_the_day_out_takes_the_leaving_back() {
    let firm = Firm::with(text("")).await;
    to_active(&firm, "airfield").await;
    let day = firm.day(3);
    let lines = [("Отключить с", day.as_str()), ("Причина ухода", "дорого")];
    firm.fill("maria_demo", "airfield", &lines).await;
    firm.drag("maria_demo", "airfield", "left").await;
    firm.fill("maria_demo", "airfield", &[("Отключить с", "")])
        .await;
    firm.wait(4 * 24 * 60).await;
    let wanted = firm.memory("airfield").await.places["accounting"].wanted;
    assert_eq!(wanted, Status::Active);
}

/// In capitals it is shorter than it was written: a letter was cut in two, and the judge with it.
#[tokio::test]
async fn a_decision_that_is_named_in_odd_letters_is_named() {
    let firm = Firm::open().await;
    let odd = loop {
        firm.write("maria_demo", "airfield", "/help").await;
        let decisions = firm.memory("airfield").await.decisions;
        let id = &decisions.last().unwrap().id.0;
        if id.ends_with('S') {
            break id.replace('S', "ſ");
        }
    };
    firm.write("ilya_demo", "airfield", &format!("/wrong {odd}"))
        .await;
    says(&firm.last("airfield"), &[&odd.replace('ſ', "S")]);
}

#[tokio::test]
async fn the_link_is_the_one_that_the_file_names_unless_the_card_leaves_a_hole_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let section = |key: &str, link: &str| {
        let file = folder.path().join(format!("{key}.csv"));
        std::fs::write(&file, "").unwrap();
        format!(
            "\n[[target]]\nkey = \"{key}\"\nkind = \"table\"\nurl = \"file://{}\"\nlink = \"{link}\"\n\
             put = [{{ name = \"Станция\", value = \"{{card_name}}\" }}]\n",
            file.display()
        )
    };
    let text = radio_text()
        + &section(
            "list",
            "https://crm.example/{id}?inn={inn}&of={card_name}#{kpp?}",
        )
        + &section("royalty", "https://crm.example/licences/{software_no}");
    let firm = Firm::with(text).await;
    firm.to_register("airfield").await;
    let said = firm.said("airfield").join("\n");
    let named = "%D0%97%D0%B0%D0%BF%D0%B0%D1%81%D0%BD%D0%BE%D0%B9%20%D0%90%D1%8D%D1%80%D0%BE%D0%B4%D1%80%D0%BE%D0%BC";
    let id = firm.id("airfield");
    let link = format!("\nhttps://crm.example/{id}?inn=9604000000&of={named}#960401001");
    says(&said, &[&link, "\nfile:///", "/royalty.csv"]);
    assert!(!said.contains("licences"), "{said}");
    assert!(!said.contains("/list.csv"), "{said}");
}

const BACK: &str = "возвращена";

/// A list that people keep in a file, as the one place.
async fn with_list(folder: &tempfile::TempDir) -> (Firm, std::path::PathBuf) {
    let list = folder.path().join("clients.csv");
    fs::write(&list, "").unwrap();
    let section = format!(
        "\n[[target]]\nkey = \"list\"\nkind = \"table\"\nurl = \"file://{}\"\n\
         put = [{{ name = \"Станция\", value = \"{{card_name}}\" }}]\n",
        list.display()
    );
    let firm = Firm::with(radio_text() + &section).await;
    firm.to_register("airfield").await;
    assert!(firm.ticked("airfield", "p_list"));
    (firm, list)
}

fn told_back(firm: &Firm) -> usize {
    let said = firm.said("airfield");
    said.iter().filter(|text| text.contains(BACK)).count()
}

#[tokio::test]
async fn what_a_place_has_confirmed_is_ticked_again_and_only_who_answers_for_it_asks_anew() {
    let folder = tempfile::tempdir().unwrap();
    let (firm, list) = with_list(&folder).await;
    fs::write(&list, "").unwrap();
    firm.untick("denis_demo", "airfield", "p_list").await;
    assert!(firm.ticked("airfield", "p_list"));
    says(
        &firm.last("airfield"),
        &["@denis_demo", BACK, "подтвердило само место", "Ольга"],
    );
    firm.untick("denis_demo", "airfield", "p_list").await;
    firm.wait(60).await;
    firm.untick("denis_demo", "airfield", "p_list").await;
    assert!(firm.ticked("airfield", "p_list"));
    assert_eq!(told_back(&firm), 1);
    firm.untick("ilya_demo", "airfield", "p_list").await;
    assert!(firm.ticked("airfield", "p_list"));
    assert_eq!(told_back(&firm), 2);
    assert_eq!(
        fs::read_to_string(&list).unwrap(),
        "",
        "nobody asked the place"
    );
    firm.untick("olga_demo", "airfield", "p_list").await;
    assert!(firm.ticked("airfield", "p_list"));
    assert!(!fs::read_to_string(&list).unwrap().is_empty());
    assert_eq!(told_back(&firm), 2);
    // Off and on in one go: there is nothing to put right.
    let said = firm.said("airfield").len();
    firm.mark("denis_demo", "airfield", "p_list", false);
    firm.mark("denis_demo", "airfield", "p_list", true);
    firm.settle().await;
    assert!(firm.ticked("airfield", "p_list"));
    assert_eq!(firm.said("airfield").len(), said);
}

#[tokio::test]
async fn what_was_found_to_differ_is_not_ticked_again() {
    let folder = tempfile::tempdir().unwrap();
    let (firm, list) = with_list(&folder).await;
    let others = ["p_billing", "p_accounting", "p_royalty", "p_crm"];
    for item in others.into_iter().chain(["all_checked"]) {
        firm.tick("olga_demo", "airfield", item).await;
    }
    let late = [("Согласие на рассылку", "да")];
    firm.fill("maria_demo", "airfield", &late).await;
    firm.drag("olga_demo", "airfield", "active").await;
    assert_eq!(firm.stands("airfield"), "active");
    fs::write(&list, "").unwrap();
    let board = firm.board();
    let read = firm.engine.reconcile(&board, true, firm.now()).await;
    read.unwrap();
    firm.settle().await;
    let said = firm.said("airfield").join("\n");
    says(&said, &["записи там больше нет"]);
    assert!(firm.ticked("airfield", "p_list"));
    firm.untick("ilya_demo", "airfield", "p_list").await;
    assert!(!firm.ticked("airfield", "p_list"));
    assert_eq!(told_back(&firm), 0);
    assert_eq!(firm.stands("airfield"), "active");
    firm.tick("olga_demo", "airfield", "p_list").await;
    assert!(firm.ticked("airfield", "p_list"));
}

#[tokio::test]
async fn what_the_accountant_vouches_for_is_the_accountants_to_take_back() {
    let firm = Firm::with(text("")).await;
    firm.to_register("airfield").await;
    firm.write("olga_demo", "airfield", "/byhand p_accounting 204")
        .await;
    firm.untick("denis_demo", "airfield", "p_accounting").await;
    assert!(firm.ticked("airfield", "p_accounting"));
    says(
        &firm.last("airfield"),
        &["@denis_demo", BACK, "вручную", "№ 204", "Ольга"],
    );
    firm.untick("denis_demo", "airfield", "p_accounting").await;
    assert!(firm.ticked("airfield", "p_accounting"));
    assert_eq!(told_back(&firm), 1);
    // Not fought without end, and not lost either.
    for _ in 0..60 {
        firm.untick("denis_demo", "airfield", "p_accounting").await;
    }
    assert!(!firm.ticked("airfield", "p_accounting"));
    firm.wait(62).await;
    assert!(firm.ticked("airfield", "p_accounting"));
    assert_eq!(told_back(&firm), 1);
    firm.untick("olga_demo", "airfield", "p_accounting").await;
    firm.wait(62).await;
    assert!(!firm.ticked("airfield", "p_accounting"));
    let memory = firm.memory("airfield").await;
    assert_eq!(memory.places["accounting"].proof, None);
}

#[tokio::test]
async fn while_the_accountant_doubts_a_record_nobody_else_ticks_it() {
    let folder = tempfile::tempdir().unwrap();
    let (firm, list) = with_list(&folder).await;
    // The place is out of reach when it is asked again.
    fs::remove_file(&list).unwrap();
    fs::create_dir(&list).unwrap();
    firm.untick("olga_demo", "airfield", "p_list").await;
    firm.tick("gleb_demo", "airfield", "p_list").await;
    assert!(!firm.ticked("airfield", "p_list"));
}
