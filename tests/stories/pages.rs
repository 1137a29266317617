//! The Power-Up's pages as they leave the service, and the news that open ones are told.

use crate::firm::Firm;
use crate::panel::Panel;
use serde_json::json;
use std::time::Duration;

const PAGES: [&str; 6] = ["card", "board", "connector", "move", "settings", "stage"];

#[tokio::test]
async fn every_page_is_kept_to_itself() {
    let firm = Firm::open().await;
    let (host, http) = (firm.sandbox.url(), reqwest::Client::new());
    for page in PAGES {
        let url = firm.url.join(&format!("powerup/{page}.html")).unwrap();
        let answer = http.get(url).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{page}");
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        let policy = header("content-security-policy");
        assert!(
            !policy.contains("unsafe") && !policy.contains('*'),
            "{policy}"
        );
        assert!(policy.contains("default-src 'none'"), "{policy}");
        assert!(
            policy.contains(&format!("frame-ancestors {host}")),
            "{policy}"
        );
        assert_eq!(header("referrer-policy"), "no-referrer");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert!(answer.headers().get("set-cookie").is_none());
        let text = answer.text().await.unwrap();
        assert!(
            !text.contains('%'),
            "nothing is left to be filled in: {text}"
        );
        assert!(text.contains(&format!("data-host=\"{host}\"")), "{text}");
        assert!(
            text.contains(&format!("{host}/powerup-client.js")),
            "{text}"
        );
        // No script and no style of its own: the policy would stop them.
        assert!(
            !text.contains("<style") && !text.contains(" style="),
            "{text}"
        );
        assert!(!text.contains("<script>"), "{text}");
    }
    for path in [
        "powerup/nothing.html",
        "powerup/..%2FCargo.toml",
        "powerup/",
    ] {
        let answer = http.get(firm.url.join(path).unwrap()).send().await.unwrap();
        assert_eq!(answer.status(), 404, "{path}");
    }
}

#[tokio::test]
async fn what_changes_is_told_to_who_has_a_page_open() {
    let firm = Firm::open().await;
    let maria = Panel::of(&firm, "maria_demo");
    let mut news = maria.live().await;
    let heard = async {
        let mut told = String::new();
        while let Some(part) = news.chunk().await.unwrap() {
            told += &String::from_utf8_lossy(&part);
            if told.contains(&firm.id("kefir")) {
                return told;
            }
        }
        told
    };
    let deed = async {
        let ask = json!({"act": "set", "fields": {"contract_no": "2026-042"}});
        maria.done("kefir", ask).await;
        firm.settle().await;
    };
    let both = async { tokio::join!(heard, deed).0 };
    let told = tokio::time::timeout(Duration::from_secs(20), both).await;
    let told = told.expect("it is told within seconds");
    assert!(told.contains("event: card"), "{told}");
    assert!(
        !told.contains("2026-042"),
        "what changed is not said: {told}"
    );
}
