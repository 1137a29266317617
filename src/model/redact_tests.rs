use super::*;
use proptest::prelude::*;
use serde_json::json;

#[track_caller]
fn cuts(text: &str, secret: &str) {
    let cut = cut_passwords(text);
    assert_eq!(cut, text.replace(secret, MASK), "in {text:?}");
    assert_eq!(cut_passwords(&cut), cut, "cutting twice changed {text:?}");
}

#[test]
fn only_the_secret_goes() {
    for (text, secret) in [
        ("пароль: qwerty", "qwerty"),
        ("Хост есть. Пароль: Xk9$fQ2!mz, порт 8000", "Xk9$fQ2!mz"),
        ("password=hunter2&user=ilya", "hunter2"),
        ("PWD = abc", "abc"),
        ("pass: \"two words\" and more", "two words"),
        ("**Пароль:** s3cret", "s3cret"),
        ("**Пароль**: s3cret", "s3cret"),
        ("ключ потока: abcd-1234-efgh-5678", "abcd-1234-efgh-5678"),
        ("Ключа трансляции = live_42", "live_42"),
        ("stream key: live_99_zz", "live_99_zz"),
        ("<source-password>hackme</source-password>", "hackme"),
        ("icy://source:hackme@radio.example:8000/live", "hackme"),
        ("rtmp://:p@ss@radio.example/app", "p@ss"),
        ("пароль от админки: кефир2026", "кефир2026"),
        ("пароль Xk9$fQ2!mz", "Xk9$fQ2!mz"),
        ("Пароль — a8f3k2q9, не теряйте", "a8f3k2q9"),
        ("логин/пароль: admin qwerty", "qwerty"),
        ("логин и пароль: admin / qwerty", "qwerty"),
        ("Пароль:\nXk9$fQ2!mz\nпорт 8000", "Xk9$fQ2!mz"),
        ("{\"password\":\"a,b;c\",\"port\":1}", "a,b;c"),
        ("пароль: a;b,c&d", "a;b,c&d"),
        ("sourcePassword: zzz", "zzz"),
    ] {
        cuts(text, secret);
    }
}

#[test]
fn sentences_stay() {
    for text in [
        "Пароли — только в сейф",
        "пароль передан клиенту",
        "Пароль: передан клиенту",
        "Логин и пароль созданы",
        "Логин и пароль созданы и лежат в сейфе (не в карточке)",
        "Логин и пароль: переданы клиенту, не через карточку",
        "Пароль: в сейфе",
        "Пароль: https://vault.example/item/a8F3k2Q9",
        "Пароль: см. «Сейф: станции / Кефир FM»",
        "Пароль:\nЛогин: ilya",
        "Пароль: Логин: ilya",
        "Пароль: ___",
        "password: kept in the vault",
        "The password is given to the client, 12.11.2026",
        "compass: north",
        "passport=yes",
        "Точка монтирования, SID или ключ созданы",
        "Ключ: станция",
        "https://studio.kefir.example:8443/live",
        "mail: ilya@kefir.example",
        "",
    ] {
        assert!(
            matches!(cut_passwords(text), Cow::Borrowed(_)),
            "{text:?}: {}",
            cut_passwords(text)
        );
    }
}

#[test]
fn json_is_cut_everywhere() {
    let mut value = json!({"a": ["пароль: qwerty", 5, null], "password": "x y", "b": {"c": "ok"}});
    cut_json(&mut value);
    assert_eq!(
        value,
        json!({"a": [format!("пароль: {MASK}"), 5, null], "password": MASK, "b": {"c": "ok"}})
    );
}

#[test]
fn a_place_is_not_a_password() {
    for place in [
        "Сейф: станции / Кефир FM",
        "a link https://vault.example/items/a8F3k2Q9zz",
        "https://vault.example/items/a8F3k2Q9zz",
        "1Password",
        "Bitwarden",
        "vault/kefir-fm-01",
        "сейф-12",
        "у Егора",
        "ilya@kefir.example",
        "@maria_demo1",
        "",
    ] {
        assert!(!looks_like_password(place), "{place:?}");
    }
    for password in [
        "Xk9$fQ2!mz",
        "Сейф Xk9$fQ2!mz",
        "пароль: qwerty",
        "Kefir2026",
        "a8f3k2q9",
        "abcd-1234-efgh-5678",
        "https://ilya:qwerty@vault.example/",
    ] {
        assert!(looks_like_password(password), "{password:?}");
    }
}

proptest! {
    #[test]
    fn never_panics_and_never_cuts_twice(text in "\\PC{0,80}") {
        let once = cut_passwords(&text).into_owned();
        prop_assert_eq!(cut_passwords(&once), once.as_str());
    }

    #[test]
    fn text_without_a_name_or_an_address_is_left_alone(text in "[а-кА-К0-9 .,:=!$\n]{0,80}") {
        prop_assert!(matches!(cut_passwords(&text), Cow::Borrowed(_)));
    }

    #[test]
    fn a_labelled_secret_never_survives(
        name in prop::sample::select(vec!["пароль", "Password", "pwd", "pass", "ключ потока", "Stream key"]),
        separator in prop::sample::select(vec![": ", "=", " = ", ":"]),
        secret in "[a-zA-Z0-9$!#%^+?-]{4,20}[0-9$!#%^+?]",
        tail in prop::sample::select(vec!["", " и порт", "\nдальше"]),
    ) {
        let cut = cut_passwords(&format!("Вот: {name}{separator}{secret}{tail}")).into_owned();
        prop_assume!(secret.chars().any(char::is_alphanumeric));
        prop_assert_eq!(cut, format!("Вот: {name}{separator}{MASK}{tail}"));
    }

    #[test]
    fn an_address_keeps_all_but_its_secret(user in "[a-z]{0,8}", secret in "[a-zA-Z0-9:$]{1,12}") {
        let cut = cut_passwords(&format!("см. http://{user}:{secret}@radio.example/live")).into_owned();
        prop_assume!(secret.chars().any(char::is_alphanumeric));
        // One that begins like a label has more cut with it.
        prop_assume!(matches!(cut_passwords(&secret), Cow::Borrowed(_)));
        prop_assert_eq!(cut, format!("см. http://{user}:{MASK}@radio.example/live"));
    }
}

#[test]
fn behind_words_about_access_only_what_a_generator_makes_up_is_cut() {
    for text in [
        "Где лежат доступы: Qwerty123!",
        "token: Zk9$fLq2",
        "api_key=9fQ#27xLmA",
        "Доступ: admin:Qwerty123!",
        "login: admin / Qwerty123!",
    ] {
        let cut = cut_passwords(text);
        assert!(
            cut.contains(MASK) && !cut.contains("123!"),
            "{text} → {cut}"
        );
        assert!(
            !cut.contains("fLq2") && !cut.contains("27xL"),
            "{text} → {cut}"
        );
    }
    for text in [
        "Где лежат доступы: Сейф: станции / Кефир FM",
        "Где лежат доступы: https://vault.example/s/aB3xY9kQ2z",
        "Access: the vault, entry kefir-128",
        "Логин: kefir_air",
    ] {
        assert_eq!(cut_passwords(text), text);
    }
}
