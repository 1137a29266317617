//! Histories that the properties found once, each with what was wrong then.

use super::engine::{Rules, play};
use super::history::{Birth, Deed, History, Line, Post, Then};
use super::rulebook::Book;
use super::world::Via;

const HEAD: &str = r#"
name = "Найдено"
language = "ru"
time_zone = "Europe/Moscow"
mode = "enforce"
owner = "boss"
role = [
  { key = "sales", name = "sales" },
  { key = "tech", name = "tech" },
  { key = "money", name = "money" },
  { key = "boss", name = "boss" },
]
label = [{ key = "red", name = "red" }]
field = [{ key = "f0", name = "Поле 0", kind = "text" }]
"#;

const PLAIN: &str = r#"
stage = [
  { key = "s0", name = "S0", purpose = "Дело.", owner = "sales" },
  { key = "s1", name = "S1", purpose = "Дело.", owner = "sales", final = true },
]
"#;

const TICKED: &str = r#"
checklist = [{ key = "c", name = "Список", item = [{ key = "i", name = "Пункт", lapses = true }] }]
stage = [
  { key = "s0", name = "S0", purpose = "Дело.", owner = "sales", seed = { checklists = ["c"] } },
  { key = "s1", name = "S1", purpose = "Дело.", owner = "sales", final = true, need = [{ item = "i", by = ["sales"] }] },
]
"#;

const TICKED_BEFORE_THE_LAST: &str = r#"
checklist = [{ key = "c", name = "Список", item = [{ key = "i", name = "Пункт", lapses = true }] }]
stage = [
  { key = "s0", name = "S0", purpose = "Дело.", owner = "sales", seed = { checklists = ["c"] } },
  { key = "s1", name = "S1", purpose = "Дело.", owner = "sales", need = [{ item = "i", by = ["sales"] }] },
  { key = "s2", name = "S2", purpose = "Дело.", owner = "sales", final = true, back = [{ by = ["sales"] }] },
]
"#;

const SIGNED_FILE: &str = r#"
stage = [
  { key = "s0", name = "S0", purpose = "Дело.", owner = "sales" },
  { key = "s1", name = "S1", purpose = "Дело.", owner = "sales", final = true, need = [{ attachment = "договор", by = ["sales"] }] },
]
"#;

const FOUR_EYES: &str = r#"
checklist = [{ key = "c", name = "Список", item = [{ key = "i", name = "Пункт" }] }]
stage = [
  { key = "s0", name = "S0", purpose = "Дело.", owner = "sales", seed = { checklists = ["c"] } },
  { key = "s1", name = "S1", purpose = "Дело.", owner = "sales", final = true, need = [{ four_eyes = "i" }] },
]
"#;

const BACK_TWICE: &str = r#"
stage = [
  { key = "s0", name = "S0", purpose = "Дело.", owner = "sales" },
  { key = "s1", name = "S1", purpose = "Дело.", owner = "sales", movers = ["money"] },
  { key = "s2", name = "S2", purpose = "Дело.", owner = "sales", final = true, back = [{ by = ["sales"] }] },
]
"#;

const SALES_ONLY: &str = r#"
limits = { reversals_per_hour = 1 }
stage = [
  { key = "s0", name = "S0", purpose = "Дело.", owner = "sales" },
  { key = "s1", name = "S1", purpose = "Дело.", owner = "sales", movers = ["sales"], final = true },
]
"#;

const SIGNED_LABEL: &str = r#"
stage = [
  { key = "s0", name = "S0", purpose = "Дело.", owner = "sales" },
  { key = "s1", name = "S1", purpose = "Дело.", owner = "sales", final = true, need = [{ label = "red", by = ["sales"] }] },
]
"#;

const LEAP: &str = r#"
stage = [
  { key = "s0", name = "S0", purpose = "Дело.", owner = "sales", next = ["s1", "s2"] },
  { key = "s1", name = "S1", purpose = "Дело.", owner = "sales", need = [{ field = "f0" }] },
  { key = "s2", name = "S2", purpose = "Дело.", owner = "sales", final = true },
]
"#;

const NOT_TO_BE_ARCHIVED: &str = r#"
stage = [
  { key = "s0", name = "S0", purpose = "Дело.", owner = "sales", archive = { by = ["tech"] } },
  { key = "s1", name = "S1", purpose = "Дело.", owner = "sales", movers = ["boss"], final = true },
]
"#;

fn line(who: u8, deed: Deed, then: Then) -> Line {
    Line {
        card: 0,
        who,
        via: Via::Hand,
        deed,
        post: Post::Prompt,
        then,
    }
}

#[track_caller]
fn holds(text: &str, lines: Vec<Line>) {
    holds_for(Birth::Born, text, lines);
}

#[track_caller]
fn holds_for(birth: Birth, text: &str, lines: Vec<Line>) {
    let text = format!("{HEAD}{text}");
    let rules = Rules::of(&Book::Text(text.leak()));
    let births = vec![birth];
    if let Err(why) = play(&rules, &History { births, lines }, None) {
        panic!("{why}");
    }
}

const ANN: u8 = 0;
const CAT: u8 = 3;
const NIL: u8 = 5;
const RED: Deed = Deed::Label { label: 0, on: true };

/// After an hour it was weighed again as if its owner had moved the card.
#[test]
fn a_machine_that_was_let_be_is_a_machine_an_hour_later() {
    let push = |then| Line {
        via: Via::Butler,
        ..line(ANN, Deed::Forward, then)
    };
    holds(
        SALES_ONLY,
        vec![push(Then::Settle), push(Then::Settle), push(Then::Settle)],
    );
}

/// In its owner's name it signed for the owner's role.
#[test]
fn a_label_that_a_machine_put_on_is_signed_by_nobody() {
    let put = Line {
        via: Via::Agent,
        ..line(ANN, RED, Then::Settle)
    };
    holds(
        SIGNED_LABEL,
        vec![put, line(NIL, Deed::Forward, Then::Settle)],
    );
}

/// The earlier hand was told last, and taken for the later.
#[test]
fn of_two_hands_that_put_a_label_on_the_later_one_counts() {
    let put = |who, on, post| Line {
        post,
        ..line(who, Deed::Label { label: 0, on }, Then::Burst)
    };
    holds(
        SIGNED_LABEL,
        vec![
            put(ANN, true, Post::Late),
            put(ANN, false, Post::Prompt),
            put(NIL, true, Post::Prompt),
            line(NIL, Deed::Wait { minutes: 1 }, Then::Settle),
            line(NIL, Deed::Wait { minutes: 1 }, Then::CatchUp),
            line(NIL, Deed::Forward, Then::Settle),
        ],
    );
}

/// Where the stage gone to is no gate itself, what lay between was not asked for.
#[test]
fn a_stage_left_out_on_the_way_is_asked_for_all_the_same() {
    holds(LEAP, vec![line(ANN, Deed::Move { to: 2 }, Then::Settle)]);
}

/// Bringing it back out of the archive took the place of moving it back.
#[test]
fn a_card_archived_on_its_way_back_comes_all_the_way() {
    holds(
        NOT_TO_BE_ARCHIVED,
        vec![
            line(ANN, Deed::Forward, Then::Judge),
            line(ANN, Deed::Archive, Then::Settle),
        ],
    );
}

/// It was taken for archived from then on, and nobody looked where it went.
#[test]
fn a_card_whose_archiving_is_told_after_its_return_is_open() {
    let archive = Line {
        post: Post::Late,
        ..line(ANN, Deed::Archive, Then::Burst)
    };
    holds(
        SALES_ONLY,
        vec![
            archive,
            line(ANN, Deed::Restore, Then::Settle),
            line(NIL, Deed::Forward, Then::CatchUp),
        ],
    );
}

/// A move from before it left was taken for one made since it came back.
#[test]
fn a_card_that_came_back_is_where_it_came_to() {
    let forward = Line {
        post: Post::Late,
        ..line(ANN, Deed::Forward, Then::Burst)
    };
    holds(
        PLAIN,
        vec![
            forward,
            line(ANN, Deed::Leave, Then::Burst),
            line(ANN, Deed::Return { to: 0 }, Then::Settle),
        ],
    );
}

/// The earlier tick was told last, and taken for the later.
#[test]
fn of_two_hands_that_ticked_an_item_the_later_one_counts() {
    let tick = |who, on, post| Line {
        post,
        ..line(who, Deed::Tick { item: 0, on }, Then::Burst)
    };
    holds(
        TICKED,
        vec![
            tick(ANN, true, Post::Late),
            tick(ANN, false, Post::Prompt),
            tick(NIL, true, Post::Prompt),
            line(NIL, Deed::Wait { minutes: 1 }, Then::Settle),
            line(NIL, Deed::Forward, Then::CatchUp),
        ],
    );
}

/// Told after the step back that made it stale, it was taken for one given since.
#[test]
fn a_tick_that_is_told_after_it_lapsed_has_lapsed() {
    let tick = Line {
        post: Post::Late,
        ..line(ANN, Deed::Tick { item: 0, on: true }, Then::Burst)
    };
    holds_for(
        Birth::Found { stage: 2 },
        TICKED_BEFORE_THE_LAST,
        vec![
            line(
                ANN,
                Deed::Fake {
                    list: 0,
                    ticked: false,
                },
                Then::Settle,
            ),
            tick,
            line(ANN, Deed::Back { by: 1 }, Then::Settle),
            line(ANN, Deed::Wait { minutes: 1 }, Then::CatchUp),
            line(ANN, Deed::Forward, Then::Settle),
        ],
    );
}

/// Told in one sitting with the move before it, it was signed by the machine's owner.
#[test]
fn a_file_that_a_machine_attached_after_the_move_is_signed_by_nobody() {
    let attach = Line {
        via: Via::Butler,
        ..line(
            ANN,
            Deed::File {
                on: true,
                fits: true,
            },
            Then::Burst,
        )
    };
    let forward = Line {
        post: Post::Late,
        ..line(ANN, Deed::Forward, Then::Burst)
    };
    holds(SIGNED_FILE, vec![forward, attach]);
}

/// An item that cannot be found by its name had been ticked by nobody.
#[test]
fn who_renames_an_item_ticks_and_moves_has_two_eyes() {
    holds_for(
        Birth::Found { stage: 0 },
        FOUR_EYES,
        vec![
            line(
                ANN,
                Deed::Fake {
                    list: 0,
                    ticked: false,
                },
                Then::Burst,
            ),
            line(ANN, Deed::Tick { item: 0, on: true }, Then::Burst),
            line(ANN, Deed::Rename { item: 0 }, Then::Burst),
            line(ANN, Deed::Forward, Then::Burst),
        ],
    );
}

/// The grace of the first was over: what can be undone is the second.
#[test]
fn a_step_back_long_after_another_is_one_of_its_own() {
    holds_for(
        Birth::Found { stage: 2 },
        BACK_TWICE,
        vec![
            line(ANN, Deed::Back { by: 0 }, Then::Burst),
            line(ANN, Deed::Wait { minutes: 8 }, Then::Judge),
            line(ANN, Deed::Back { by: 0 }, Then::Burst),
            line(CAT, Deed::Forward, Then::Burst),
        ],
    );
}

/// Until it was off the card, the card's own actions gave it back.
#[test]
fn a_tick_that_lapsed_is_none_while_it_is_being_taken_off() {
    holds(
        TICKED,
        vec![
            line(ANN, Deed::Tick { item: 0, on: true }, Then::Settle),
            line(ANN, Deed::Forward, Then::Settle),
            line(ANN, Deed::Back { by: 0 }, Then::Settle),
            line(ANN, Deed::Wait { minutes: 60 }, Then::Judge),
            line(ANN, Deed::Forward, Then::Judge),
        ],
    );
}
