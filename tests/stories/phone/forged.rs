//! What opens nothing: a session of nobody's, a request of another page's, a sign-in that was begun
//! elsewhere.

use super::*;

#[tokio::test]
async fn a_cookie_that_is_not_ours_for_a_session_opens_nothing() {
    let firm = Firm::open().await;
    let mut maria = Browser::of(&firm);
    let state = maria.open(&page(&firm, "kefir")).await.told("state");
    maria.sign_in("maria_demo").await;
    let good = maria.cookies["signalman"].clone();
    let denis = Panel::of(&firm, "denis_demo").id().to_owned();
    let (member, rest) = good.split_once('.').unwrap();
    let (times, signature) = rest.rsplit_once('.').unwrap();
    let (begun, end) = times.split_once('.').unwrap();
    let foreign = {
        let mut other = Browser::of(&firm);
        other.service = serve(&firm, &["another firm's"], None).await;
        other.sign_in("olga_demo").await;
        other.cookies["signalman"].clone()
    };
    let far: i64 = end.parse::<i64>().unwrap() + 1;
    for forged in [
        format!("{denis}.{rest}"),
        format!("{member}.{begun}.{far}.{signature}"),
        format!("{member}.{times}"),
        format!("{member}.{times}."),
        state,
        foreign,
        "x".repeat(10_000),
    ] {
        maria.cookies.insert("signalman".into(), forged.clone());
        for (method, path) in routes(&firm) {
            let request = maria.script(method, &path).json(&json!({"act": "move"}));
            let answer = maria.send(request).await;
            let code = answer.code();
            assert_eq!(
                (answer.status, code.as_str()),
                (401, "no_session"),
                "{path} {forged}"
            );
            says(&answer.text, &["Войдите"]);
        }
        let shown = maria.open(&page(&firm, "kefir")).await;
        assert!(!shown.told("state").is_empty(), "it is asked to sign in");
    }
}

#[tokio::test]
async fn each_proof_opens_its_own_routes_alone() {
    let firm = Firm::open().await;
    let mut maria = Browser::of(&firm);
    maria.sign_in("maria_demo").await;
    for (method, path) in routes(&firm) {
        let embedded = path.replace("/c/api", "/api");
        let request = maria.script(method.clone(), &embedded);
        assert_eq!(maria.send(request).await.code(), "no_token", "{embedded}");
        let member = Panel::of(&firm, "maria_demo").id().to_owned();
        let token = firm
            .world()
            .powerup_token(&member, firm.board().as_str(), None);
        let mut stranger = Browser::of(&firm);
        let request = stranger.script(method, &path).bearer_auth(token.unwrap());
        assert_eq!(stranger.send(request).await.code(), "no_session", "{path}");
    }
}

#[tokio::test]
async fn a_request_that_no_page_of_ours_made_is_refused() {
    let firm = Firm::open().await;
    let mut maria = Browser::of(&firm);
    maria.sign_in("maria_demo").await;
    for (method, path) in routes(&firm) {
        let plain = || maria.request(method.clone(), &path);
        let marked = || plain().header("x-signalman", "1");
        let requests = [
            plain(),
            plain().header("sec-fetch-site", "same-origin"),
            plain().header("x-signalman", "0"),
            marked().header("sec-fetch-site", "cross-site"),
            marked().header("sec-fetch-site", "same-site"),
            marked().header("sec-fetch-site", "none"),
        ];
        for request in requests {
            let answer = maria.http.execute(request.build().unwrap()).await.unwrap();
            assert_eq!(answer.status(), 403, "{path}");
            says(&answer.text().await.unwrap(), &["not_ours"]);
        }
        let old = marked().send().await.unwrap();
        assert_ne!(old.status(), 403, "an older browser does not tell: {path}");
    }
    assert_eq!(firm.stands("kefir"), "contract");
}

#[tokio::test]
async fn a_sign_in_ends_where_it_was_begun_and_leads_back_to_a_card() {
    let firm = Firm::open().await;
    let (mut maria, mut mallory) = (Browser::of(&firm), Browser::of(&firm));
    let own = maria.open(&page(&firm, "kefir")).await.told("state");
    let others = mallory.open(&page(&firm, "kefir")).await.told("state");
    let token = firm.token("gleb_demo", SERVICE_APP);
    let elsewhere = own.replacen("/c/", "//elsewhere.example/c/", 1);
    let nowhere = own.replacen(firm.board().as_str(), "6b0811e05b00000000000999", 1);
    firm.world().forget_requests();
    for state in [others.as_str(), &elsewhere, &nowhere, "", "a.b.c"] {
        let refused = maria.bring(&token, state).await;
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (403, "bad_state"),
            "{state}"
        );
    }
    maria.cookies.clear();
    assert_eq!(
        maria.bring(&token, &own).await.code(),
        "bad_state",
        "no cookie"
    );
    for path in [
        "/c//elsewhere.example/",
        "/c/https:%2F%2Felsewhere.example/x",
        "/c/..%2F..%2F/x",
    ] {
        let shown = maria.open(path).await;
        assert_eq!(shown.status, 404, "{path}");
        assert!(!shown.headers.contains_key(SET_COOKIE), "{path}");
    }
    let late = maria.open(&page(&firm, "kefir")).await.told("state");
    firm.world().advance(SignedDuration::from_mins(15));
    assert_eq!(
        maria.bring(&token, &late).await.code(),
        "bad_state",
        "too late"
    );
    assert!(
        firm.world().requests().is_empty(),
        "Trello is not asked at all"
    );
    assert!(firm.knows(&token));
}

#[tokio::test]
async fn windows_that_sign_in_side_by_side_do_not_disturb_each_other() {
    let firm = Firm::open().await;
    let mut maria = Browser::of(&firm);
    let first = maria.open(&page(&firm, "kefir")).await.told("state");
    let second = maria.open(&page(&firm, "boot")).await.told("state");
    let token = firm.token("maria_demo", SERVICE_APP);
    let signed = maria.bring(&token, &first).await;
    assert_eq!(signed.body()["go"], page(&firm, "kefir"));
    let again = maria.bring(&token, &second).await;
    assert_eq!(again.code(), "bad_state", "the first to end it ended it");
    assert_eq!(
        maria.open(&page(&firm, "boot")).await.told("card"),
        firm.id("boot")
    );
}

#[tokio::test]
async fn a_token_of_nobody_or_of_another_app_signs_nobody_in() {
    let firm = Firm::open().await;
    firm.world().add_app("Somebody else's", false);
    let stranger = firm.world().add_member("late_demo", "Late");
    let foreign = firm.world().token(&stranger, "Somebody else's").unwrap();
    let mut browser = Browser::of(&firm);
    let state = browser.open(&page(&firm, "kefir")).await.told("state");
    for token in [
        foreign.as_str(),
        "0123456789abcdef",
        "\"\r\nx: y",
        "../members/me",
        "",
        &"a".repeat(300),
    ] {
        let refused = browser.bring(token, &state).await;
        assert_eq!(
            (refused.status, refused.code().as_str()),
            (401, "bad_sign_in"),
            "{token}"
        );
        assert!(!refused.headers.contains_key(SET_COOKIE));
    }
    assert!(firm.knows(&foreign), "it is not ours to take away");
    let long = browser.bring(&"a".repeat(5_000), &state).await;
    assert_eq!((long.status, long.code().as_str()), (413, "too_large"));
    let request = browser
        .script(Method::POST, "/c/session")
        .json(&json!({"token": "a"}));
    assert_eq!(browser.send(request).await.code(), "bad_request");
    firm.world()
        .fault(Fault::next(FaultKind::Broken, 1).on("GET", "/members"));
    let own = firm.token("gleb_demo", SERVICE_APP);
    let later = browser.bring(&own, &state).await;
    assert_eq!((later.status, later.code().as_str()), (503, "busy"));
    assert!(!firm.knows(&own), "the token goes in any case");
}

#[tokio::test]
async fn whoever_is_not_on_the_board_sees_nothing_of_it_signed_in_or_not() {
    let firm = Firm::open().await;
    let mut gleb = Browser::of(&firm);
    gleb.sign_in("gleb_demo").await;
    assert_eq!(gleb.ask(&api(&firm, "kefir")).await.status, 200);
    firm.remove("gleb_demo");
    firm.world().advance(SignedDuration::from_secs(31));
    for (method, path) in routes(&firm) {
        let request = gleb.script(method, &path).json(&json!({"act": "move"}));
        let answer = gleb.send(request).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (403, "not_a_member"),
            "{path}"
        );
    }
    let other = "6b0811e05b00000000000999";
    let answer = gleb.ask(&format!("/c/api/boards/{other}")).await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (404, "not_attached")
    );
}

#[tokio::test]
async fn sign_ins_without_end_wait_a_minute() {
    let firm = Firm::open().await;
    let mut browser = Browser::of(&firm);
    let state = browser.open(&page(&firm, "kefir")).await.told("state");
    for _ in 0..20 {
        assert_eq!(browser.bring("!", &state).await.code(), "bad_sign_in");
    }
    let waits = browser.bring("!", &state).await;
    assert_eq!((waits.status, waits.code().as_str()), (429, "too_many"));
    assert!(!waits.header("retry-after").is_empty());
    firm.world().advance(SignedDuration::from_mins(1));
    assert_eq!(browser.bring("!", &state).await.code(), "bad_sign_in");
}

#[tokio::test]
async fn every_answer_is_kept_by_nobody_and_shown_in_no_frame() {
    let firm = Firm::open().await;
    let mut maria = Browser::of(&firm);
    let signing_in = maria.open(&page(&firm, "kefir")).await;
    maria.sign_in("maria_demo").await;
    let mut answers = vec![("signing in".to_owned(), signing_in)];
    let card = page(&firm, "kefir");
    let gets = [
        card.as_str(),
        "/c/signed-in",
        "/c/session",
        "/c/session/end",
        "/c",
        "/c/",
        "/c/x",
        "/c/x/y",
        "/c/x/y/z",
        "/c/api",
        "/c/api/",
        "/c/api/nothing",
    ];
    let api = routes(&firm);
    let all = gets.iter().map(|path| (Method::GET, (*path).to_owned()));
    let all = all.chain([
        (Method::POST, card.clone()),
        (Method::DELETE, "/c/session".into()),
    ]);
    for (method, path) in all.chain(api) {
        for request in [
            maria.request(method.clone(), &path),
            maria.script(method.clone(), &path),
        ] {
            // A stream ends with its session; its head is enough.
            let answer = request.send().await.unwrap();
            let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
            let shown = Shown {
                status,
                headers,
                text: String::new(),
            };
            answers.push((format!("{method} {path}"), shown));
        }
    }
    for (path, answer) in answers {
        for (name, value) in [
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("vary", "Cookie, Accept-Language"),
        ] {
            assert_eq!(
                answer.header(name),
                value,
                "{name} of {path} ({})",
                answer.status
            );
        }
        let policy = answer.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none';"),
            "{path}: {policy}"
        );
        assert!(
            policy.ends_with("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
        assert!(
            !policy.contains("unsafe") && !policy.contains("http:"),
            "{path}: {policy}"
        );
    }
}

#[tokio::test]
async fn the_pages_to_sign_in_with_are_not_the_power_ups() {
    let firm = Firm::open().await;
    let mut browser = Browser::of(&firm);
    for name in ["sign-in.html", "signed-in.html"] {
        assert_eq!(browser.open(&format!("/powerup/{name}")).await.status, 404);
    }
    assert_eq!(browser.open("/powerup/card.html").await.status, 200);
}
