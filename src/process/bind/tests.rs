use super::*;
use jiff::civil::date;

fn bindings(away: &[(&str, i8, i8, Option<&str>)]) -> Bindings {
    let ids = |all: &[&str]| all.iter().map(|one| MemberId::from(*one)).collect();
    let holders = Holders {
        people: ids(&["anna", "boris"]),
        deputies: ids(&["vera"]),
        ..Holders::default()
    };
    let away = away.iter().map(|(member, from, to, deputy)| Away {
        member: (*member).into(),
        from: date(2026, 12, *from),
        to: date(2026, 12, *to),
        deputy: deputy.map(MemberId::from),
    });
    Bindings {
        board: "board".into(),
        bot: "bot".into(),
        app: None,
        shared_account: false,
        lists: BTreeMap::new(),
        roles: [("accountant".into(), holders)].into(),
        people: BTreeMap::new(),
        labels: BTreeMap::new(),
        fields: BTreeMap::new(),
        custom_fields: Vec::new(),
        news_list: None,
        news_card: None,
        guide_card: None,
        away: away.collect(),
        not_here: BTreeSet::new(),
        presence: 0,
    }
}

fn called(bindings: &Bindings, day: i8) -> Vec<String> {
    let day = bindings.on(date(2026, 12, day));
    let called = day.called(&"accountant".into());
    called.iter().map(ToString::to_string).collect()
}

fn holds(bindings: &Bindings, who: &str, deputies: bool) -> bool {
    let day = bindings.on(date(2026, 12, 3));
    day.holds(&who.into(), &"accountant".into(), deputies)
}

#[test]
fn a_deputy_named_for_the_days_stands_in_the_others_place() {
    let bindings = bindings(&[("anna", 1, 5, Some("zoya"))]);
    assert_eq!(called(&bindings, 3), ["zoya", "boris"]);
    assert_eq!(called(&bindings, 6), ["anna", "boris"]);
    assert!(
        holds(&bindings, "zoya", false),
        "also where no deputy counts"
    );
    assert!(holds(&bindings, "anna", false), "her own acts count");
    assert!(!holds(&bindings, "vera", false));
}

#[test]
fn without_one_the_others_are_called_and_in_the_end_the_standing_deputies() {
    let one = bindings(&[("anna", 1, 5, None)]);
    assert_eq!(called(&one, 3), ["boris"]);
    let both = bindings(&[("anna", 1, 5, None), ("boris", 3, 3, None)]);
    assert_eq!(called(&both, 3), ["vera"]);
    assert!(!holds(&both, "vera", false), "she is no more than a deputy");
    let all = bindings(&[
        ("anna", 1, 5, None),
        ("boris", 3, 3, None),
        ("vera", 2, 4, None),
    ]);
    assert!(called(&all, 3).is_empty());
}

#[test]
fn a_deputy_who_is_away_hands_on_and_nobody_hands_on_in_a_circle() {
    let chain = bindings(&[("anna", 1, 5, Some("zoya")), ("zoya", 3, 3, Some("ivan"))]);
    assert_eq!(called(&chain, 3), ["ivan", "boris"]);
    let circle = bindings(&[("anna", 1, 5, Some("boris")), ("boris", 1, 5, Some("anna"))]);
    assert_eq!(called(&circle, 3), ["vera"]);
}

#[test]
fn whoever_left_the_board_is_not_called_and_what_they_did_counts() {
    let mut bindings = bindings(&[]);
    let gone = Presence::NotHere(["anna".into()].into());
    assert!(bindings.change(&gone) && !bindings.change(&gone));
    assert_eq!(called(&bindings, 3), ["boris"]);
    assert!(holds(&bindings, "anna", false));
    assert_eq!(bindings.presence, 1);
}
