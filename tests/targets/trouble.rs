//! The five places together under trouble: killed in the middle, answering 500 to what they have
//! done, never answering at all, and twelve causes at once. Each time the client stands once in every
//! place, counted in the place itself.

use crate::between::{Between, Deed, Instead, WRITE};
use crate::cut::{Cut, Then};
use crate::desk::Desk;
use crate::firm::Firm;
use crate::places::{CARD, Places, Ways, Who};
use crate::servers::{BottleCrm, Redis, STRIPE_KEY, Server, Tryton};
use crate::service::{Environment, Service, program, waiting};
use serde_json::json;
use signalman::sandbox::faults::{Fault, FaultKind};
use signalman::sandbox::world::SERVICE_APP;
use std::net::SocketAddr;
use std::time::Duration;
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

/// Between the service and each of the places.
struct Roads {
    billing: Between,
    accounting: Between,
    royalty: Between,
    crm: Option<Between>,
    list: Cut,
}

#[derive(Clone, Copy)]
enum Moment {
    /// It was looked, and what is to be written arrives nowhere.
    BeforeTheWrite,
    /// It is written, and nobody is told.
    AfterTheWrite,
}

impl Roads {
    async fn to(places: &Places) -> Self {
        Self {
            billing: Between::before(&places.stripe.url()).await,
            accounting: Between::before(&places.tryton.url()).await,
            royalty: Between::before(&places.tryton.url()).await,
            crm: match &places.crm {
                Some(crm) => Some(Between::before(&crm.url()).await),
                None => None,
            },
            list: Cut::before(places.list.port),
        }
    }

    fn ways(&self) -> Ways {
        Ways {
            billing: self.billing.url(),
            accounting: self.accounting.url(),
            royalty: self.royalty.url(),
            crm: self.crm.as_ref().map(Between::url),
            list: self.list.port(),
        }
    }

    fn over_http(&self) -> impl Iterator<Item = &Between> {
        let those = [&self.billing, &self.accounting, &self.royalty];
        those.into_iter().chain(&self.crm)
    }

    /// All that was to happen on them has happened.
    fn are_done(&self) -> bool {
        self.list.done() && self.over_http().all(Between::is_done)
    }

    /// The next write kills the place.
    fn kill_at(&self, places: &mut Places, moment: Moment, words: &str, all: bool) {
        let instead = |server: &mut Server| match moment {
            Moment::BeforeTheWrite => Instead::Before(Deed::new(server.killer())),
            Moment::AfterTheWrite => Instead::After(Deed::new(server.killer())),
        };
        self.billing.instead(WRITE, instead(places.stripe.server()));
        let tryton = places.tryton.server();
        self.accounting.instead(WRITE, instead(tryton));
        let deed = Deed::new(places.cluster.server().killer());
        let then = match moment {
            Moment::BeforeTheWrite => Then::Before(deed),
            Moment::AfterTheWrite => Then::After(deed),
        };
        self.list.when(words, then);
        if all {
            self.royalty.instead(WRITE, instead(tryton));
            if let Some((road, crm)) = self.crm.as_ref().zip(places.crm.as_mut()) {
                road.instead(WRITE, instead(crm.server()));
            }
        }
    }
}

/// A firm with its own client beside others in the same places.
async fn firm(nth: u32, places: &Places, roads: &Roads) -> (Firm, Who) {
    let (firm, who) = (
        Firm::nth(nth, places.text_by(&roads.ways())).await,
        Who::nth(nth),
    );
    firm.fill("maria_demo", CARD, &who.lines()).await;
    (firm, who)
}

/// Who was killed starts again, until nothing is struck any more and all have confirmed.
async fn recovered(places: &mut Places, roads: &Roads, firm: &Firm) {
    for _ in 0..10 {
        places.revive();
        firm.wait(30).await;
        let all = places.proved().all(|item| firm.ticked(CARD, item));
        if all && roads.are_done() {
            return;
        }
    }
    panic!("{:#?}", firm.said(CARD));
}

async fn activated(places: &Places, firm: &Firm) {
    if places.crm.is_none() {
        firm.tick("olga_demo", CARD, "p_crm").await;
    }
    firm.tick("olga_demo", CARD, "all_checked").await;
    let consent = [("Согласие на рассылку", "да")];
    firm.fill("maria_demo", CARD, &consent).await;
    firm.drag("olga_demo", CARD, "active").await;
    assert_eq!(firm.stands(CARD), "active", "{}", firm.last(CARD));
}

async fn stands_once(places: &Places, firm: &Firm, who: &Who, amounts: &[i64], status: &str) {
    assert_eq!(places.records(who).await, [1; 5]);
    let charged = (amounts.to_vec(), "4900".to_owned());
    assert_eq!(places.charged(who).await, charged);
    assert_eq!(places.row(who, "status"), status);
    places.are_proved(firm);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_place_killed_in_the_middle_and_each_answering_500_has_the_client_once() {
    let mut places = Places::start();
    let roads = Roads::to(&places).await;
    let moments = [Moment::BeforeTheWrite, Moment::AfterTheWrite];
    for (nth, moment, other) in [(1, moments[0], moments[1]), (2, moments[1], moments[0])] {
        let (firm, who) = firm(nth, &places, &roads).await;
        roads.kill_at(&mut places, moment, "INSERT INTO", true);
        firm.to_register(CARD).await;
        assert!(!firm.ticked(CARD, "p_billing"), "{:#?}", firm.said(CARD));
        recovered(&mut places, &roads, &firm).await;
        stands_once(&places, &firm, &who, &[], "pending").await;

        roads.kill_at(&mut places, other, "UPDATE", false);
        activated(&places, &firm).await;
        recovered(&mut places, &roads, &firm).await;
        stands_once(&places, &firm, &who, &[490_000], "active").await;
    }

    let (firm, who) = firm(3, &places, &roads).await;
    for words in ["INSERT INTO", "UPDATE"] {
        roads
            .over_http()
            .for_each(|road| road.each_first(Instead::Error));
        // What it queues in is gone: it does what it is asked, and says 500 by itself.
        if let Some(crm) = &mut places.crm {
            crm.redis().kill();
        }
        roads.list.at(words);
        match words {
            "UPDATE" => activated(&places, &firm).await,
            _ => firm.to_register(CARD).await,
        }
        recovered(&mut places, &roads, &firm).await;
        for road in [&roads.billing, &roads.accounting] {
            assert!(road.calm() > 0);
        }
        let (amounts, status): (&[i64], _) = match words {
            "UPDATE" => (&[490_000], "active"),
            _ => (&[], "pending"),
        };
        stands_once(&places, &firm, &who, amounts, status).await;
    }
}

/// The real program, one or two of it on one store, at the firm's practice Trello.
struct Serving {
    firm: Firm,
    at: Vec<SocketAddr>,
    _services: Vec<Service>,
    _folder: TempDir,
}

const WITHIN: Duration = Duration::from_secs(150);

impl Serving {
    async fn start(firm: Firm, programs: usize, store: Option<String>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("process.toml");
        std::fs::write(&file, &firm.text).unwrap();
        let desk = Desk::open(programs).await;
        let token = firm.world().token(&firm.demo.bot, SERVICE_APP).unwrap();
        let own = folder.path().join("store.db").display().to_string();
        let environment: Environment = vec![
            ("TRELLO_API_URL", format!("{}/1", firm.sandbox.url())),
            ("TRELLO_KEY", firm.sandbox.key()),
            ("TRELLO_TOKEN", token),
            ("TRELLO_SECRET", firm.sandbox.secret()),
            ("PUBLIC_URL", desk.url().to_owned()),
            ("STORE", store.unwrap_or(own)),
            ("BOARD", firm.demo.board.clone()),
            ("PROCESS", file.display().to_string()),
            ("TARGET_BILLING_KEY", STRIPE_KEY.to_owned()),
            ("TARGET_ACCOUNTING_KEY", Tryton::KEY.to_owned()),
            ("TARGET_CRM_KEY", BottleCrm::TOKEN.to_owned()),
            ("TARGET_LIST_PASSWORD", "signalman-test-password".to_owned()),
        ];
        let mut setup = program(&environment);
        setup
            .args(["setup", &firm.demo.board, "--yes", "--process"])
            .arg(&file);
        setup.env_remove("PUBLIC_URL").env_remove("TRELLO_SECRET");
        let done = tokio::task::spawn_blocking(move || setup.output());
        let done = done.await.unwrap().unwrap();
        assert!(done.status.success(), "{done:?}");
        let (mut services, mut at) = (Vec::new(), Vec::new());
        for nth in 0..programs {
            let name = format!("serve-{nth}");
            let mut service = Service::start(folder.path(), &name, &environment);
            at.push(service.listens().await);
            desk.listens(nth, at[nth]);
            services.push(service);
        }
        let serving = Self {
            firm,
            at,
            _services: services,
            _folder: folder,
        };
        let hooked = |serving: &Self| {
            let world = serving.firm.world();
            world.with(|state| state.webhooks.values().any(|hook| hook.active))
        };
        serving.until("a webhook", hooked).await;
        serving.rests().await;
        serving
    }

    async fn until(&self, what: &str, reached: impl Fn(&Self) -> bool) {
        let begun = Instant::now();
        while !reached(self) {
            let said = || self.firm.said(CARD);
            assert!(begun.elapsed() < WITHIN, "{what}: {:#?}", said());
            sleep(Duration::from_millis(100)).await;
        }
    }

    /// Until nothing is on its way and nothing is left to do.
    async fn rests(&self) {
        let (begun, mut quiet) = (Instant::now(), 0);
        while quiet < 3 {
            assert!(begun.elapsed() < WITHIN, "it never comes to rest");
            self.firm.world().delivered().await;
            let mut left = 0;
            for at in &self.at {
                left += waiting(*at)
                    .await
                    .map_or(1, |it| it.events + it.effects + it.behind);
            }
            quiet = if left == 0 { quiet + 1 } else { 0 };
            sleep(Duration::from_millis(200)).await;
        }
    }

    async fn proved(&self, places: &Places) {
        let all = |serving: &Self| places.proved().all(|item| serving.firm.ticked(CARD, item));
        self.until("five ticks", all).await;
        self.rests().await;
    }

    /// The card is moved while eleven people change what its places are to have: at the same moment.
    fn twelve_at_once(&self, who: &str, stage: &str) {
        let (id, desc) = (self.firm.id(CARD), self.firm.card(CARD).desc);
        let path = format!("cards/{id}");
        let change = |desc: &str, nth: usize| {
            let lines = desc.lines().map(|line| match line {
                line if line.starts_with("Полное наименование:") => {
                    format!("Полное наименование: ООО «Тёплый Подвал {stage} {nth}»")
                }
                line if line.starts_with("Телефон контакта:") => {
                    format!("Телефон контакта: +7 495 000-00-{nth:02}")
                }
                line => line.to_owned(),
            });
            json!({ "desc": lines.collect::<Vec<_>>().join("\n") })
        };
        let start = std::sync::Barrier::new(12);
        std::thread::scope(|scope| {
            for nth in 1..12 {
                let wish = change(&desc, nth);
                let (path, start) = (&path, &start);
                scope.spawn(move || {
                    start.wait();
                    self.firm.hand("maria_demo").put(path, wish).unwrap();
                });
            }
            start.wait();
            self.firm.push(who, CARD, stage);
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_place_that_does_the_work_and_never_answers_has_the_client_once() {
    let places = Places::start();
    let roads = Roads::to(&places).await;
    let (text, who) = (places.text_by(&roads.ways()), Who::as_shipped());
    let serving = Serving::start(Firm::unattached_now(text).await, 1, None).await;
    roads
        .over_http()
        .for_each(|road| road.instead(WRITE, Instead::Silence));
    roads.list.when("INSERT INTO", Then::Silence);
    serving.firm.to_register(CARD).await;
    serving.until("five writes", |_| roads.are_done()).await;
    serving.proved(&places).await;
    stands_once(&places, &serving.firm, &who, &[], "pending").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn twelve_causes_at_once_told_twice_to_two_programs_are_one_client() {
    let (places, redis) = (Places::start(), Redis::start());
    let who = Who::as_shipped();
    let firm = Firm::unattached_now(places.text()).await;
    let serving = Serving::start(firm, 2, Some(redis.url())).await;
    let firm = &serving.firm;
    let mut twice = Fault::next(FaultKind::DeliveredTwice, 0);
    twice.times = None;
    firm.world().with(|state| state.faults.push(twice));
    for item in ["client_in", "stable", "heard"] {
        firm.tick("ilya_demo", CARD, item).await;
    }
    firm.tick("maria_demo", CARD, "start_agreed").await;
    firm.fill("maria_demo", CARD, &[("Начислять с", &firm.day(9))])
        .await;
    serving.twelve_at_once("ilya_demo", "register");
    serving.proved(&places).await;
    assert_eq!(firm.stands(CARD), "register", "{:#?}", firm.said(CARD));
    stands_once(&places, firm, &who, &[], "pending").await;

    if places.crm.is_none() {
        firm.tick("olga_demo", CARD, "p_crm").await;
    }
    firm.tick("olga_demo", CARD, "all_checked").await;
    let consent = [("Согласие на рассылку", "да")];
    firm.fill("maria_demo", CARD, &consent).await;
    serving.twelve_at_once("olga_demo", "active");
    serving.rests().await;
    assert_eq!(firm.stands(CARD), "active", "{:#?}", firm.said(CARD));
    stands_once(&places, firm, &who, &[490_000], "active").await;

    // What was written last stands everywhere.
    let desc = firm.card(CARD).desc;
    let line = |label: &str| {
        let line = desc.lines().find_map(|line| line.strip_prefix(label));
        line.unwrap().trim().to_owned()
    };
    let name = line("Полное наименование:");
    assert_eq!(places.stripe("customers").await[0]["name"], name);
    let named = format!("SELECT count(*) FROM party_party WHERE name = '{name}'");
    assert_eq!(places.tryton.database().count(&named), 1);
    if let Some(crm) = &places.crm {
        let named = format!("SELECT count(*) FROM contacts WHERE last_name = '{name}'");
        assert_eq!(crm.database().count(&named), 1);
    }
}
