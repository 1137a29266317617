//! Random processes, as the text of a process file, so that the reader is in the loop. Not every one
//! of them is sound: a file that the reader finds fault with may be in force all the same, and the
//! judge has to hold it.

use proptest::prelude::*;
use signalman::model::Member;
use signalman::process::{Bindings, Holders, Process, file};
use std::fmt::Write;
use std::sync::{Arc, OnceLock};

pub const ROLES: [&str; 4] = ["sales", "tech", "money", "boss"];
const RADIO_ROLES: [&str; 4] = ["manager", "engineer", "accountant", "director"];
/// Who there is; the last holds no role.
pub const PEOPLE: [&str; 6] = ["ann", "art", "bob", "cat", "don", "nil"];
pub const BOT: &str = "bot";
pub const APP: &str = "our app";
pub const FIELDS: usize = 4;

#[derive(Clone, Debug)]
pub enum Book {
    Radio,
    Made(Spec),
    /// Written out, for a history that was found once.
    Text(&'static str),
}

#[derive(Clone, Debug)]
pub struct Spec {
    watch: bool,
    patience: u8,
    /// The stage that asks for each field; past the last: none.
    asked: [u8; FIELDS],
    stages: Vec<StageSpec>,
    sides: Vec<SideSpec>,
}

#[derive(Clone, Debug)]
struct StageSpec {
    owner: u8,
    /// Roles as bits; 0: anyone, where that may be said.
    movers: u8,
    skip: u8,
    start: u8,
    back: u8,
    /// Whether the stage after the next may be gone to as well.
    leap: bool,
    hold: bool,
    wip: u8,
    archive: u8,
    items: [ItemSpec; 2],
    needs: Vec<NeedSpec>,
}

#[derive(Clone, Debug)]
struct ItemSpec {
    by: u8,
    no_deputy: bool,
    lapses: bool,
    when: bool,
}

#[derive(Clone, Debug)]
struct SideSpec {
    put: u8,
    back_to: u8,
    gate: bool,
    needs: Vec<NeedSpec>,
}

#[derive(Clone, Debug)]
struct NeedSpec {
    when: bool,
    want: WantSpec,
}

#[derive(Clone, Debug)]
enum WantSpec {
    Field(u8),
    Item(u8, bool, u8),
    Checklist(u8),
    Label(bool, u8),
    File(u8),
    Member(u8),
    FourEyes(u8),
    All(Vec<NeedSpec>),
    Any(Vec<NeedSpec>),
}

pub fn book() -> impl Strategy<Value = Book> {
    prop_oneof![1 => Just(Book::Radio), 4 => spec(true).prop_map(Book::Made)]
}

/// Without what makes cards wait for each other.
pub fn book_without_places() -> impl Strategy<Value = Book> {
    prop_oneof![1 => Just(Book::Radio), 4 => spec(false).prop_map(Book::Made)]
}

fn spec(places: bool) -> impl Strategy<Value = Spec> {
    (
        prop::bool::weighted(0.1),
        1..4_u8,
        prop::array::uniform4(0..12_u8),
        prop::collection::vec(stage(places), 2..=8),
        prop::collection::vec(side(), 0..=2),
    )
        .prop_map(|(watch, patience, asked, stages, sides)| Spec {
            watch,
            patience,
            asked,
            stages,
            sides,
        })
}

fn stage(places: bool) -> impl Strategy<Value = StageSpec> {
    let roles = || prop_oneof![1 => Just(0), 2 => 0..16_u8];
    let wip = if places { 0..12_u8 } else { 0..1_u8 };
    (
        (0..4_u8, roles(), roles(), roles(), 0..16_u8),
        (any::<bool>(), prop::bool::weighted(0.2), wip, 0..16_u8),
        prop::array::uniform2(item()),
        prop::collection::vec(need(), 0..=3),
    )
        .prop_map(
            |((owner, movers, skip, start, back), (leap, hold, wip, archive), items, needs)| {
                StageSpec {
                    owner,
                    movers,
                    skip,
                    start,
                    back,
                    leap,
                    hold,
                    wip,
                    archive,
                    items,
                    needs,
                }
            },
        )
}

fn item() -> impl Strategy<Value = ItemSpec> {
    (
        0..16_u8,
        any::<bool>(),
        any::<bool>(),
        prop::bool::weighted(0.2),
    )
        .prop_map(|(by, no_deputy, lapses, when)| ItemSpec {
            by,
            no_deputy,
            lapses,
            when,
        })
}

fn side() -> impl Strategy<Value = SideSpec> {
    (
        1..16_u8,
        0..9_u8,
        any::<bool>(),
        prop::collection::vec(need(), 0..=1),
    )
        .prop_map(|(put, back_to, gate, needs)| SideSpec {
            put,
            back_to,
            gate,
            needs,
        })
}

fn need() -> impl Strategy<Value = NeedSpec> {
    let by = || prop_oneof![1 => Just(0), 2 => 0..16_u8];
    let leaf = prop_oneof![
        2 => (0..FIELDS as u8).prop_map(WantSpec::Field),
        3 => (0..8_u8, any::<bool>(), by()).prop_map(|(at, second, by)| WantSpec::Item(at, second, by)),
        2 => (0..8_u8).prop_map(WantSpec::Checklist),
        1 => (any::<bool>(), by()).prop_map(|(label, by)| WantSpec::Label(label, by)),
        1 => by().prop_map(WantSpec::File),
        1 => (0..4_u8).prop_map(WantSpec::Member),
        1 => (0..8_u8).prop_map(WantSpec::FourEyes),
    ];
    let plain = (prop::bool::weighted(0.15), leaf).prop_map(|(when, want)| NeedSpec { when, want });
    plain.prop_recursive(2, 6, 3, |inner| {
        let some = || prop::collection::vec(inner.clone(), 1..=3);
        let nested = prop_oneof![
            some().prop_map(WantSpec::All),
            some().prop_map(WantSpec::Any)
        ];
        (prop::bool::weighted(0.1), nested).prop_map(|(when, want)| NeedSpec { when, want })
    })
}

impl Book {
    pub fn text(&self) -> String {
        match self {
            Book::Radio => include_str!("../../radio.ru.toml").to_owned(),
            Book::Made(spec) => spec.text(),
            Book::Text(text) => (*text).to_owned(),
        }
    }

    pub fn is_radio(&self) -> bool {
        matches!(self, Book::Radio)
    }

    pub fn process(&self) -> Arc<Process> {
        static RADIO: OnceLock<Arc<Process>> = OnceLock::new();
        let read = || Arc::new(file::in_force(&self.text()).expect("a file that can be in force"));
        match self {
            Book::Radio => Arc::clone(RADIO.get_or_init(read)),
            Book::Made(_) | Book::Text(_) => read(),
        }
    }

    pub fn bindings(&self, process: &Process) -> Bindings {
        let roles = if self.is_radio() { RADIO_ROLES } else { ROLES };
        let holders = |people: &[&str], deputies: &[&str]| Holders {
            people: people.iter().map(|one| (*one).into()).collect(),
            deputies: deputies.iter().map(|one| (*one).into()).collect(),
            ..Holders::default()
        };
        let held = [
            holders(&["ann", "art"], &["don"]),
            holders(&["bob"], &["art"]),
            holders(&["cat"], &[]),
            holders(&["don"], &[]),
        ];
        let person = |name: &&str| {
            let member = Member {
                id: (*name).into(),
                username: (*name).to_owned(),
                full_name: (*name).to_owned(),
            };
            ((*name).into(), member)
        };
        let stages = process.stages.iter().map(|stage| &stage.key);
        let labels = process.labels.iter().map(|label| &label.key);
        Bindings {
            board: "board".into(),
            bot: BOT.into(),
            app: Some(APP.into()),
            shared_account: false,
            lists: stages
                .map(|key| (key.clone(), format!("list {key}").as_str().into()))
                .collect(),
            roles: roles.iter().map(|role| (*role).into()).zip(held).collect(),
            people: PEOPLE.iter().map(person).collect(),
            labels: labels
                .map(|key| (key.clone(), format!("label {key}").as_str().into()))
                .collect(),
            fields: [].into(),
            custom_fields: Vec::new(),
            news_list: None,
            news_card: None,
            guide_card: None,
            away: Vec::new(),
            not_here: std::collections::BTreeSet::new(),
            presence: 0,
        }
    }
}

fn roles(bits: u8) -> String {
    let named = (0..4).filter(|role| bits & (1 << role) != 0);
    let named: Vec<_> = named.map(|role| format!("{:?}", ROLES[role])).collect();
    format!("[{}]", named.join(", "))
}

const WHEN: &str = "when = { field = \"f1\", is = [\"да\"] }";

impl Spec {
    fn text(&self) -> String {
        let mode = if self.watch { "watch" } else { "enforce" };
        let mut text = format!(
            "name = \"Чужой процесс\"\nlanguage = \"ru\"\ntime_zone = \"Europe/Moscow\"\n\
             mode = \"{mode}\"\nowner = \"boss\"\n[limits]\nreversals_per_hour = {}\n",
            self.patience
        );
        for label in ["not_admitted", "red", "blue"] {
            _ = write!(text, "[[label]]\nkey = \"{label}\"\nname = \"{label}\"\n");
        }
        for (role, turn) in ROLES
            .iter()
            .zip(["round_robin", "fewest_open", "all", "all"])
        {
            _ = write!(
                text,
                "[[role]]\nkey = \"{role}\"\nname = \"{role}\"\nturn = \"{turn}\"\n"
            );
        }
        self.fields(&mut text);
        for (nth, stage) in self.stages.iter().enumerate() {
            stage.checklist(&mut text, nth);
        }
        for (nth, stage) in self.stages.iter().enumerate() {
            stage.text(&mut text, nth, self.stages.len());
        }
        for (nth, side) in self.sides.iter().enumerate() {
            side.text(&mut text, nth, self.stages.len());
        }
        text
    }

    fn fields(&self, text: &mut String) {
        let kinds = [
            "kind = \"text\"\nmin = 2\nexample = \"пример\"",
            "kind = \"choice\"\nchoices = [\"да\", \"нет\"]\nby = [\"sales\"]",
            "kind = \"number\"\nmin = 1\nmax = 100\nexample = \"7\"",
            "kind = \"email\"\nexample = \"air@kefir.example\"\nwhen = { field = \"f1\", is_not = [\"нет\"] }",
        ];
        for (nth, kind) in kinds.iter().enumerate() {
            _ = writeln!(
                text,
                "[[field]]\nkey = \"f{nth}\"\nname = \"Поле {nth}\"\n{kind}"
            );
            let asked = usize::from(self.asked[nth]);
            if (1..self.stages.len()).contains(&asked) {
                _ = writeln!(text, "from = \"s{asked}\"");
            }
        }
    }
}

impl StageSpec {
    fn checklist(&self, text: &mut String, nth: usize) {
        _ = writeln!(
            text,
            "[[checklist]]\nkey = \"c{nth}\"\nname = \"Список {nth}\""
        );
        for (at, item) in self.items.iter().enumerate() {
            _ = writeln!(
                text,
                "  [[checklist.item]]\n  key = \"i{nth}{at}\"\n  name = \"Пункт {nth}.{at}\"\n  \
                 by = {}\n  no_deputy = {}\n  lapses = {}",
                roles(item.by),
                item.no_deputy,
                item.lapses
            );
            if item.when {
                _ = writeln!(text, "  {WHEN}");
            }
        }
    }

    fn text(&self, text: &mut String, nth: usize, of: usize) {
        _ = writeln!(
            text,
            "[[stage]]\nkey = \"s{nth}\"\nname = \"S{nth}\"\npurpose = \"Дело.\"\nowner = \"{}\"",
            ROLES[usize::from(self.owner)]
        );
        if nth > 0 {
            if self.movers > 0 {
                _ = writeln!(text, "movers = {}", roles(self.movers));
            }
            _ = writeln!(
                text,
                "skip = {}\nstart = {}",
                roles(self.skip),
                roles(self.start)
            );
            if self.back > 0 {
                _ = writeln!(text, "back = [{{ by = {} }}]", roles(self.back));
            }
            _ = writeln!(text, "hold = {}", self.hold);
        }
        if self.leap && nth + 2 < of {
            _ = writeln!(text, "next = [\"s{}\", \"s{}\"]", nth + 1, nth + 2);
        }
        if (1..=3).contains(&self.wip) {
            _ = writeln!(
                text,
                "wip = {{ limit = {}, refuse = {} }}",
                self.wip,
                self.wip < 3
            );
        }
        if self.archive > 0 {
            _ = writeln!(text, "archive = {{ by = {} }}", roles(self.archive));
        }
        if nth + 1 == of {
            _ = writeln!(text, "final = true");
        }
        _ = writeln!(
            text,
            "  [stage.seed]\n  checklists = [\"c{nth}\"]\n  members = true"
        );
        if nth > 0 {
            needs(text, "stage", &self.needs, nth);
        }
    }
}

impl SideSpec {
    fn text(&self, text: &mut String, nth: usize, of: usize) {
        _ = writeln!(
            text,
            "[[side]]\nkey = \"x{nth}\"\nname = \"X{nth}\"\npurpose = \"Рядом.\"\nowner = \"sales\"\nput = {}\n  [[side.return]]",
            roles(self.put)
        );
        let to = usize::from(self.back_to);
        if to < of {
            _ = writeln!(text, "  to = [\"s{to}\"]\n  gate = {}", self.gate);
        }
        needs(text, "side", &self.needs, of);
    }
}

fn needs(text: &mut String, of: &str, needs: &[NeedSpec], before: usize) {
    for need in needs {
        _ = writeln!(text, "  [[{of}.need]]");
        for line in need.keys(before) {
            _ = writeln!(text, "  {line}");
        }
    }
}

impl NeedSpec {
    fn keys(&self, before: usize) -> Vec<String> {
        let list = |at: u8| usize::from(at) % before;
        let nested = |needs: &[NeedSpec]| {
            let each = needs
                .iter()
                .map(|need| format!("{{ {} }}", need.keys(before).join(", ")));
            each.collect::<Vec<_>>().join(", ")
        };
        let mut keys = match &self.want {
            WantSpec::Field(at) => vec![format!("field = \"f{at}\"")],
            WantSpec::Item(at, second, by) => vec![
                format!("item = \"i{}{}\"", list(*at), u8::from(*second)),
                format!("by = {}", roles(*by)),
            ],
            WantSpec::Checklist(at) => vec![format!("checklist = \"c{}\"", list(*at))],
            WantSpec::Label(red, by) => vec![
                format!("label = \"{}\"", if *red { "red" } else { "blue" }),
                format!("by = {}", roles(*by)),
            ],
            WantSpec::File(by) => vec![
                "attachment = \"договор\"".into(),
                format!("by = {}", roles(*by)),
            ],
            WantSpec::Member(role) => vec![format!("member = \"{}\"", ROLES[usize::from(*role)])],
            WantSpec::FourEyes(at) => vec![format!("four_eyes = \"i{}0\"", list(*at))],
            WantSpec::All(needs) => vec![format!("all = [{}]", nested(needs))],
            WantSpec::Any(needs) => vec![format!("any = [{}]", nested(needs))],
        };
        if self.when {
            keys.push(WHEN.into());
        }
        keys
    }
}
