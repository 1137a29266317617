//! The file as a form shows it: the same parts and keys as in the file, without the comments. What a
//! form sends back are changes (`Change`), never the whole of it, so that nothing it does not show
//! can be lost.

use crate::process::rules::{Check, KeepFields, Language, Mode, Phase, Production, TurnOrder};
use serde::{Deserialize, Serialize};

macro_rules! shown {
    ($($(#[$doc:meta])* $name:ident { $($(#[$attr:meta])* $key:ident: $kind:ty),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        #[serde(default)]
        pub struct $name { $($(#[$attr])* pub $key: $kind),+ }
    )+};
}

shown! {
    Form {
        name: String,
        language: Option<Language>,
        time_zone: String,
        mode: Option<Mode>,
        owner: String,
        fields_in: Option<KeepFields>,
        seed_in_watch: bool,
        news_list: Option<String>,
        trusted_apps: Vec<String>,
        guide: Option<Guide>,
        hours: Option<Hours>,
        limits: Limits,
        label: Vec<Label>,
        role: Vec<Role>,
        /// Shown and not changed here.
        person: Vec<Person>,
        /// Likewise.
        way: Vec<NotifyWay>,
        field: Vec<Field>,
        block: Vec<Block>,
        checklist: Vec<Checklist>,
        stage: Vec<Stage>,
        side: Vec<Side>,
        deadline: Vec<Deadline>,
        /// Shown and not changed here.
        ladder: Vec<Rung>,
        figures: Option<Figures>,
        /// Shown and not changed here: they need the operator's keys.
        target: Vec<Target>,
    }
    Figures {
        fee: Option<String>,
        currency: Option<String>,
        paid: Option<Mark>,
        live: Option<Mark>,
        charged: Option<Mark>,
    }
    Mark { item: Option<String>, field: Option<String>, stage: Option<String> }
    Guide { title: String, text: String }
    Hours {
        days: Vec<String>,
        from: String,
        to: String,
        lunch: Option<Vec<String>>,
        calendar: Option<Production>,
        off: Vec<String>,
        on: Vec<String>,
        short: Vec<String>,
    }
    Limits { reversals_per_hour: Option<u32>, grace: Option<String>, bulk: Option<u32> }
    Label { key: String, name: String, color: Option<String> }
    Role {
        key: String,
        name: String,
        people: Vec<String>,
        deputies: Vec<String>,
        turn: Option<TurnOrder>,
        stays: bool,
        hours: Option<Hours>,
        lead: Option<String>,
    }
    /// Without the addresses at which the person is told.
    Person { login: String, hours: Option<Hours> }
    Field {
        key: String,
        name: String,
        kind: String,
        min: Option<f64>,
        max: Option<f64>,
        above: Option<f64>,
        whole: bool,
        choices: Vec<String>,
        schemes: Vec<String>,
        ahead: bool,
        within_days: Option<u32>,
        not_before: Option<String>,
        pattern: Option<String>,
        example: Option<String>,
        check: Option<Check>,
        from: Option<String>,
        when: Option<When>,
        by: Vec<String>,
        asks: Vec<String>,
        waits: bool,
    }
    When {
        field: String,
        is: Option<Vec<String>>,
        is_not: Option<Vec<String>>,
        filled: Option<bool>,
    }
    Block { name: String, at: String, fields: Vec<String> }
    Checklist { key: String, name: String, item: Vec<Item> }
    Item {
        key: Option<String>,
        name: String,
        by: Vec<String>,
        no_deputy: bool,
        when: Option<When>,
        lapses: bool,
        target: Option<String>,
    }
    Stage {
        key: String,
        name: String,
        was: Option<String>,
        purpose: String,
        once: Option<String>,
        work: Option<String>,
        owner: String,
        movers: Option<Vec<String>>,
        next: Option<Vec<String>>,
        skip: Vec<String>,
        start: Vec<String>,
        back: Option<Vec<Back>>,
        hold: bool,
        limit: Option<String>,
        wip: Option<Wip>,
        phase: Option<Phase>,
        archive: Option<Archive>,
        #[serde(rename = "final")]
        is_final: bool,
        seed: Seed,
        need: Vec<Need>,
    }
    Side {
        key: String,
        name: String,
        was: Option<String>,
        purpose: String,
        once: Option<String>,
        work: Option<String>,
        owner: String,
        put: Vec<String>,
        from: Option<Vec<String>>,
        #[serde(rename = "return")]
        returns: Vec<Return>,
        limit: Option<String>,
        archive: Option<Archive>,
        seed: Seed,
        need: Vec<Need>,
        leaves_on: Option<String>,
    }
    Back { to: Vec<String>, by: Vec<String> }
    Return { to: Vec<String>, by: Vec<String>, gate: bool }
    Wip { limit: u32, refuse: bool }
    Archive { anyone: bool, by: Vec<String>, after: Option<String> }
    Seed {
        checklists: Vec<String>,
        checklists_from: Vec<SeedFrom>,
        labels: Vec<String>,
        unlabels: Vec<String>,
        members: bool,
        due: bool,
        letter: Option<String>,
        fill_mover: Vec<String>,
    }
    SeedFrom { checklist: String, from: Vec<String> }
    Need {
        when: Option<When>,
        say: Option<String>,
        by: Vec<String>,
        no_deputy: bool,
        field: Option<String>,
        item: Option<String>,
        checklist: Option<String>,
        label: Option<String>,
        attachment: Option<String>,
        member: Option<String>,
        four_eyes: Option<String>,
        all: Option<Vec<Need>>,
        any: Option<Vec<Need>>,
    }
    Deadline { field: String, until: Option<String>, tell: Vec<Tell> }
    Tell {
        before: Option<String>,
        on_the_day: bool,
        each: Option<String>,
        who: Vec<String>,
    }
    /// What is seen of a way to a person.
    NotifyWay { key: String, kind: String }
    Rung { at: String, tell: Vec<String>, stages: Vec<String>, late: bool }
    /// What is seen of an outside place.
    Target { key: String, kind: String, at: Option<String> }
}
