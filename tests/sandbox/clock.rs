//! Time of the practice world goes on when it is told to.

use jiff::civil::Weekday;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use signalman::sandbox::{Options, Sandbox};

async fn pass(sandbox: &Sandbox, wish: Value) -> Timestamp {
    let url = format!("{}/sandbox/clock", sandbox.url());
    let answer = reqwest::Client::new().put(url).json(&wish).send().await;
    let told: Value = answer.unwrap().json().await.unwrap();
    told["now"].as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn an_hour_a_day_or_the_night_goes_by_at_once() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let begin = sandbox.world().now();
    let later = pass(&sandbox, json!({ "minutes": 60 })).await;
    let passed = later.duration_since(begin);
    assert!((3_600..3_660).contains(&passed.as_secs()), "{passed:?}");
    for _ in 0..9 {
        let before = sandbox.world().now();
        let morning = pass(&sandbox, json!({ "until": "morning" })).await;
        let wall = morning.in_tz("Europe/Moscow").unwrap();
        assert_eq!((wall.hour(), wall.minute()), (10, 1));
        assert!(!matches!(
            wall.weekday(),
            Weekday::Saturday | Weekday::Sunday
        ));
        let night = morning.duration_since(before);
        assert!(
            night > SignedDuration::ZERO && night.as_hours() <= 72,
            "{night:?}"
        );
    }
}
