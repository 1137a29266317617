//! A process file as it is written. The comments here are what editors show; the shapes are what
//! `signalman schema` prints and what every file is held against.

use crate::process::rules::{Check, KeepFields, Language, Mode, Phase, TurnOrder};
use schemars::JsonSchema;
use serde::Deserialize;

mod figures;
mod hours;
pub(super) mod http;
mod notify;
mod target;

pub(super) use figures::{RawFigures, RawMark};
pub(super) use hours::{RawDeadline, RawHours, RawPerson, RawRung, RawTell};
pub(super) use notify::{RawReach, RawWay};
pub(super) use target::RawTarget;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Signalman process file")]
pub(super) struct RawProcess {
    /// What the process is called.
    pub(super) name: String,
    /// Language of the sentences on cards: ru or en.
    pub(super) language: Language,
    /// Time zone of dates and working hours, such as Europe/Moscow.
    #[schemars(example = "Europe/Moscow")]
    pub(super) time_zone: String,
    /// watch: nothing is moved, what would be is recorded. enforce: moves past a gate go back.
    pub(super) mode: Mode,
    /// The role that may /allow and is called when a card needs a decision.
    pub(super) owner: String,
    /// Where a card's fields are kept: lines of the description, or Trello's Custom Fields.
    #[serde(default = "description")]
    pub(super) fields_in: KeepFields,
    /// In watch mode, seed checklists and lines all the same.
    #[serde(default)]
    pub(super) seed_in_watch: bool,
    /// The free list with Signalman's own card and the guide.
    pub(super) news_list: Option<String>,
    /// Ids of applications whose moves count as the member's own.
    #[serde(default)]
    pub(super) trusted_apps: Vec<String>,
    pub(super) guide: Option<RawGuide>,
    pub(super) hours: Option<RawHours>,
    pub(super) limits: Option<RawLimits>,
    #[serde(default)]
    pub(super) label: Vec<RawLabel>,
    #[schemars(length(min = 1))]
    pub(super) role: Vec<RawRole>,
    #[serde(default)]
    pub(super) person: Vec<RawPerson>,
    /// Ways by which people are told besides the card.
    #[serde(default)]
    pub(super) way: Vec<RawWay>,
    #[serde(default)]
    pub(super) field: Vec<RawField>,
    #[serde(default)]
    pub(super) block: Vec<RawBlock>,
    #[serde(default)]
    pub(super) checklist: Vec<RawChecklist>,
    /// The stages of the path, in order. Cards are born in the first.
    #[schemars(length(min = 1))]
    pub(super) stage: Vec<RawStage>,
    /// Lists beside the path: refused, paused, left.
    #[serde(default)]
    pub(super) side: Vec<RawSide>,
    #[serde(default)]
    pub(super) deadline: Vec<RawDeadline>,
    /// What is told as the limit of a stage runs out.
    #[serde(default)]
    pub(super) ladder: Vec<RawRung>,
    /// Places outside Trello where an active client is to stand.
    #[serde(default)]
    pub(super) target: Vec<RawTarget>,
    pub(super) figures: Option<RawFigures>,
}

fn description() -> KeepFields {
    KeepFields::Description
}

/// The card that says how people work here.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawGuide {
    pub(super) title: String,
    pub(super) text: String,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLimits {
    /// Reversals of one card within an hour; then a person is called. Default 3.
    pub(super) reversals_per_hour: Option<u32>,
    /// How long a step back may be undone before ticks lapse. Default 10m.
    #[schemars(example = "10m", regex(pattern = "^([0-9]+[dhm])+$"))]
    pub(super) grace: Option<String>,
    /// More cards than this are not returned at once without the owner's word. Default 5.
    pub(super) bulk: Option<u32>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLabel {
    /// not_admitted, late and waiting are put and taken off by the service itself.
    pub(super) key: String,
    pub(super) name: String,
    /// A colour name of Trello's, such as black.
    pub(super) color: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRole {
    pub(super) key: String,
    pub(super) name: String,
    /// Trello usernames. `signalman setup --role key=@name` adds to them.
    #[serde(default)]
    pub(super) people: Vec<String>,
    #[serde(default)]
    pub(super) deputies: Vec<String>,
    /// Who is given a card that comes to a stage of theirs. all: everybody. round_robin: whoever was
    /// given one longest ago. fewest_open: whoever has the fewest cards. Default all.
    pub(super) turn: Option<TurnOrder>,
    /// Its people stay members of a card that goes on to a stage of others.
    #[serde(default)]
    pub(super) stays: bool,
    /// Working hours of the role's own, such as an accountant's on two days a week. Of `calendar`, `off`,
    /// `on` and `short` those that are not given are those of `[hours]`.
    pub(super) hours: Option<RawHours>,
    /// The role that a ladder means by "lead" where the stage is this role's.
    pub(super) lead: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawField {
    pub(super) key: String,
    /// How its line or Custom Field is called.
    pub(super) name: String,
    pub(super) kind: Kind,
    /// text: characters. number, money: value.
    pub(super) min: Option<f64>,
    pub(super) max: Option<f64>,
    /// number, money: strictly more than this.
    pub(super) above: Option<f64>,
    /// number: no fractions.
    #[serde(default)]
    pub(super) whole: bool,
    /// choice: what there is to choose from.
    #[serde(default)]
    pub(super) choices: Vec<String>,
    /// url: which addresses are taken. Default http and https.
    #[serde(default)]
    pub(super) schemes: Vec<String>,
    /// date: after today.
    #[serde(default)]
    pub(super) ahead: bool,
    /// date: at most so many days after today.
    pub(super) within_days: Option<u32>,
    /// date: not before the date in this field.
    pub(super) not_before: Option<String>,
    /// A regular expression the value must match.
    pub(super) pattern: Option<String>,
    pub(super) example: Option<String>,
    /// A well-known check.
    pub(super) check: Option<Check>,
    /// Needed to enter this stage and every later one of the path.
    pub(super) from: Option<String>,
    pub(super) when: Option<RawWhen>,
    /// Roles that may change it once it is filled. None: anyone.
    #[serde(default)]
    pub(super) by: Vec<String>,
    /// Whose turn it is while it is missing.
    #[serde(default)]
    pub(super) asks: Vec<String>,
    /// text, date, choice: while it is filled the card waits for somebody outside, and the stage's time
    /// stands still. Whoever holds a role fills and empties it, or those in `by`. One field at most.
    #[serde(default)]
    pub(super) waits: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Text,
    Number,
    Date,
    Choice,
    Email,
    Phone,
    Url,
    Money,
    /// Has been told to be wrong.
    #[serde(rename = "\u{fffe}")]
    #[schemars(skip)]
    Lost,
}

/// A condition on another field: one of `is`, `is_not`, `filled`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("oneOf" = [{"required": ["is"]}, {"required": ["is_not"]}, {"required": ["filled"]}]))]
pub(super) struct RawWhen {
    pub(super) field: String,
    #[schemars(length(min = 1))]
    pub(super) is: Option<Vec<String>>,
    #[schemars(length(min = 1))]
    pub(super) is_not: Option<Vec<String>>,
    pub(super) filled: Option<bool>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawBlock {
    pub(super) name: String,
    /// The stage on whose entry these lines are added to the description.
    pub(super) at: String,
    #[schemars(length(min = 1))]
    pub(super) fields: Vec<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawChecklist {
    pub(super) key: String,
    pub(super) name: String,
    #[schemars(length(min = 1))]
    pub(super) item: Vec<RawItem>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawItem {
    pub(super) key: Option<String>,
    pub(super) name: String,
    /// Roles whose tick counts. None: anyone's.
    #[serde(default)]
    pub(super) by: Vec<String>,
    /// A deputy's tick does not count.
    #[serde(default)]
    pub(super) no_deputy: bool,
    pub(super) when: Option<RawWhen>,
    /// The tick is taken off when the card goes back behind a stage that asked for it.
    #[serde(default)]
    pub(super) lapses: bool,
    /// The target it stands for, once one is configured.
    pub(super) target: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawStage {
    pub(super) key: String,
    /// The list's name until it is bound.
    pub(super) name: String,
    /// Its key in the version before.
    pub(super) was: Option<String>,
    /// One sentence: what the stage is for.
    pub(super) purpose: String,
    /// When a card may come in, as a clause.
    pub(super) once: Option<String>,
    /// What is to be done here.
    pub(super) work: Option<String>,
    /// The role whose turn it is here.
    pub(super) owner: String,
    /// Roles that may move a card in. None: anyone.
    pub(super) movers: Option<Vec<String>>,
    /// Stages a card may go to. Default: the next.
    pub(super) next: Option<Vec<String>>,
    /// Roles that may leave this stage out.
    #[serde(default)]
    pub(super) skip: Vec<String>,
    /// Roles that may start a card here.
    #[serde(default)]
    pub(super) start: Vec<String>,
    /// Who may send a card back from here, and where. Default: the owner, to any earlier stage.
    pub(super) back: Option<Vec<RawBack>>,
    /// A need that is lost later takes the card back.
    #[serde(default)]
    pub(super) hold: bool,
    /// Working time until the stage is late, such as 16h.
    #[schemars(example = "16h", regex(pattern = "^([0-9]+[dhm])+$"))]
    pub(super) limit: Option<String>,
    pub(super) wip: Option<RawWip>,
    pub(super) phase: Option<Phase>,
    pub(super) archive: Option<RawArchive>,
    /// Cards may stay here for good.
    #[serde(default, rename = "final")]
    pub(super) is_final: bool,
    #[serde(default)]
    pub(super) seed: RawSeed,
    /// What must be true to enter.
    #[serde(default)]
    pub(super) need: Vec<RawNeed>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSide {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) was: Option<String>,
    pub(super) purpose: String,
    pub(super) once: Option<String>,
    pub(super) work: Option<String>,
    pub(super) owner: String,
    /// Roles that may put a card here.
    pub(super) put: Vec<String>,
    /// Stages it may be put here from. Default: every stage of the path.
    pub(super) from: Option<Vec<String>>,
    /// Where a card may return to from here.
    #[serde(default, rename = "return")]
    pub(super) returns: Vec<RawReturn>,
    #[schemars(example = "16h", regex(pattern = "^([0-9]+[dhm])+$"))]
    pub(super) limit: Option<String>,
    pub(super) archive: Option<RawArchive>,
    #[serde(default)]
    pub(super) seed: RawSeed,
    #[serde(default)]
    pub(super) need: Vec<RawNeed>,
    /// Whoever is put here leaves: on the date in this field the records in outside places are
    /// marked so.
    pub(super) leaves_on: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawBack {
    /// None: every earlier stage.
    #[serde(default)]
    pub(super) to: Vec<String>,
    #[schemars(length(min = 1))]
    pub(super) by: Vec<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawReturn {
    /// None: where it stood, or any earlier stage.
    #[serde(default)]
    pub(super) to: Vec<String>,
    /// None: whoever may put a card here.
    #[serde(default)]
    pub(super) by: Vec<String>,
    /// The stage's gate must be passed again.
    #[serde(default)]
    pub(super) gate: bool,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawWip {
    pub(super) limit: u32,
    /// Refuse further cards rather than warn.
    #[serde(default)]
    pub(super) refuse: bool,
}

/// Who may archive a card from here. Default: the stage's owner.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawArchive {
    #[serde(default)]
    pub(super) anyone: bool,
    /// An empty list: nobody.
    #[serde(default)]
    pub(super) by: Vec<String>,
    /// Only once this checklist is complete.
    pub(super) after: Option<String>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSeed {
    #[serde(default)]
    pub(super) checklists: Vec<String>,
    #[serde(default)]
    pub(super) checklists_from: Vec<RawSeedFrom>,
    #[serde(default)]
    pub(super) labels: Vec<String>,
    #[serde(default)]
    pub(super) unlabels: Vec<String>,
    /// The owners become members of the card and are told.
    #[serde(default)]
    pub(super) members: bool,
    /// Due at the end of the limit.
    #[serde(default)]
    pub(super) due: bool,
    /// A letter to copy, as a comment. {key} stands for a field's value.
    pub(super) letter: Option<String>,
    /// Fields filled with the mover's @username if they are empty.
    #[serde(default)]
    pub(super) fill_mover: Vec<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RawSeedFrom {
    pub(super) checklist: String,
    #[schemars(length(min = 1))]
    pub(super) from: Vec<String>,
}

/// One thing that must be true: exactly one of field, item, checklist, label, attachment, member,
/// four_eyes, all, any.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("oneOf" = [{"required": ["field"]}, {"required": ["item"]}, {"required": ["checklist"]}, {"required": ["label"]}, {"required": ["attachment"]}, {"required": ["member"]}, {"required": ["four_eyes"]}, {"required": ["all"]}, {"required": ["any"]}]))]
pub(super) struct RawNeed {
    pub(super) when: Option<RawWhen>,
    /// How comments name it.
    pub(super) say: Option<String>,
    /// Roles whose tick, label or attachment counts.
    #[serde(default)]
    pub(super) by: Vec<String>,
    #[serde(default)]
    pub(super) no_deputy: bool,
    pub(super) field: Option<String>,
    pub(super) item: Option<String>,
    pub(super) checklist: Option<String>,
    pub(super) label: Option<String>,
    /// A pattern on the name of a file or link.
    pub(super) attachment: Option<String>,
    /// Somebody of this role is a member of the card.
    pub(super) member: Option<String>,
    /// The mover is not who ticked this item.
    pub(super) four_eyes: Option<String>,
    #[schemars(length(min = 1))]
    pub(super) all: Option<Vec<RawNeed>>,
    #[schemars(length(min = 1))]
    pub(super) any: Option<Vec<RawNeed>>,
}
