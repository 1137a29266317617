//! A process being made: proposed for the board, changed by a form, held against the board's cards.
//! Nothing is saved here, and nothing is written on the board.

use super::desk::{Turn, body};
use super::told::{mistakes, not_attached, not_changed};
use super::who::Organizer;
use crate::attach::propose::{self, Proposal};
use crate::attach::{Attach, Foreseen, Options};
use crate::model::{Board, Lane, Member};
use crate::process::edit::{At, Change, Edited, Refused, Told, apply, form, read_back};
use crate::process::panel::{FindingView, Panel, Viewer, lacks};
use crate::process::{Language, Memory, Process, file};
use crate::trello::BoardPart;
use crate::web::Doors;
use crate::web::api::error::{ApiError, Reader};
use axum::Json;
use axum::extract::{Request, State};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

type Answer = Result<Json<Value>, ApiError>;

/// Cards that are shown with what they lack; the others are counted.
const MOST_WANTING: usize = 200;
/// Each change reads the whole file anew.
const MOST_READ_BYTES: usize = 64 << 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Ready {
    Shipped,
    Own,
}

#[derive(Deserialize)]
pub(super) struct Begin {
    ready: Ready,
    /// The reader's, for a file that has none of its own yet.
    #[serde(default)]
    time_zone: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Corrected {
    #[serde(flatten)]
    begin: Begin,
    proposal: Proposal,
}

pub(super) async fn propose(
    State(doors): State<Doors>,
    who: Organizer,
    request: Request,
) -> Answer {
    let begin: Begin = body(&doors, who.reader, request).await?;
    let turn = who.turn().await?;
    let (board, me) = (who.board_read().await?, who.me.clone());
    let proposed = who.at_work(&turn, move || {
        let text = template(&begin, &board, &me);
        let process = file::read(&text).map(|checked| checked.process);
        let process = process.map_err(|mistakes| Refused::Unreadable {
            mistakes: Told::all(&mistakes, &text),
        })?;
        let mut proposal = propose::propose(&process, &board, &me);
        if begin.ready == Ready::Own {
            proposal.held_by(&process);
        }
        let text = drafted(&text, &begin, &proposal, &board).map_or(text, |edited| edited.text);
        Ok(json!({ "proposal": proposal, "text": text }))
    });
    answered(who.reader, proposed.await?)
}

pub(super) async fn draft(State(doors): State<Doors>, who: Organizer, request: Request) -> Answer {
    let corrected: Corrected = body(&doors, who.reader, request).await?;
    let turn = who.turn().await?;
    let (board, me) = (who.board_read().await?, who.me.clone());
    let drafted = who.at_work(&turn, move || {
        let Corrected { begin, proposal } = corrected;
        let text = template(&begin, &board, &me);
        let edited = drafted(&text, &begin, &proposal, &board)?;
        let form = form(&edited.text).map_err(|mistakes| Refused::Unreadable { mistakes })?;
        Ok(json!({ "text": edited.text, "form": form }))
    });
    answered(who.reader, drafted.await?)
}

fn answered(reader: Reader, done: Result<Value, Refused>) -> Answer {
    done.map(Json).map_err(|why| not_changed(reader, &why))
}

/// The file that the proposal is written into.
fn template(begin: &Begin, board: &Board, me: &Member) -> String {
    let language = propose::language_of(board);
    let shipped = propose::shipped(language);
    match begin.ready {
        Ready::Shipped => shipped.to_owned(),
        Ready::Own => {
            let usual = || form(shipped).map(|form| form.time_zone).unwrap_or_default();
            let zone = begin.zone().map_or_else(usual, str::to_owned);
            propose::own(board, me, language, &zone).text
        }
    }
}

impl Begin {
    fn zone(&self) -> Option<&str> {
        let zone = self.time_zone.as_deref()?;
        jiff::tz::TimeZone::get(zone).is_ok().then_some(zone)
    }
}

/// It begins by watching.
fn drafted(
    text: &str,
    begin: &Begin,
    proposal: &Proposal,
    board: &Board,
) -> Result<Edited, Refused> {
    let edited = propose::written(text, proposal, board)?;
    let set = |key: &str, value: &str| Change::Set {
        at: At::File,
        key: key.to_owned(),
        value: Some(json!(value)),
    };
    let zone = begin.zone().map(|zone| set("time_zone", zone));
    let changes: Vec<_> = zone.into_iter().chain([set("mode", "watch")]).collect();
    apply(&edited.text, &changes)
}

#[derive(Deserialize)]
pub(super) struct Changed {
    text: String,
    changes: Vec<Change>,
}

/// A file that would have mistakes is shown with them: somebody in the middle of it sees what is left.
pub(super) async fn change(State(doors): State<Doors>, who: Organizer, request: Request) -> Answer {
    let Changed { text, changes } = body(&doors, who.reader, request).await?;
    if text.len().saturating_mul(changes.len()) > MOST_READ_BYTES {
        return Err(who.reader.error("too_large"));
    }
    let turn = who.turn().await?;
    let changed = who.at_work(&turn, move || {
        let (text, diff, told) = match apply(&text, &changes) {
            Ok(edited) => (edited.text, edited.diff, edited.warnings),
            Err(Refused::Unsound {
                text,
                diff,
                mistakes,
            }) => (text, diff, mistakes),
            Err(why) => return Err(why),
        };
        let form = form(&text).map_err(|mistakes| Refused::Unreadable { mistakes })?;
        Ok(json!({ "text": text, "form": form, "diff": diff, "mistakes": mistakes(&told) }))
    });
    answered(who.reader, changed.await?)
}

#[derive(Deserialize)]
pub(super) struct Text {
    text: String,
}

pub(super) async fn preview(
    State(doors): State<Doors>,
    who: Organizer,
    request: Request,
) -> Answer {
    let Text { text } = body(&doors, who.reader, request).await?;
    let turn = who.turn().await?;
    let edited = who.read_file(&turn, text).await?;
    let Edited {
        version,
        diff,
        warnings,
        process,
        ..
    } = edited;
    let now = who.now;
    let (foreseen, process) = who.foresee(&turn, process).await?;
    let viewer = who.viewer();
    let shown = who.at_work(&turn, move || shown(&process, &foreseen, &viewer, now));
    let mut shown = shown.await?;
    shown["version"] = json!(version.0);
    shown["diff"] = json!(diff);
    shown["mistakes"] = json!(mistakes(&warnings));
    Ok(Json(shown))
}

impl Organizer {
    async fn board_read(&self) -> Result<Board, ApiError> {
        let trello = &self.desk.trello;
        let read = trello.board(&self.board, BoardPart::WithoutCards);
        let board = trello.awaited(read).await;
        board.map_err(|failure| self.reader.not_seen(failure.into()))
    }

    /// The file, held against the one in force.
    pub(super) async fn read_file(&self, turn: &Turn, text: String) -> Result<Edited, ApiError> {
        let record = self.record().await?;
        let before = record.map_or_else(String::new, |record| record.active.text.to_string());
        let read = self.at_work(turn, move || read_back(&before, text));
        read.await?.map_err(|why| not_changed(self.reader, &why))
    }

    /// What it would come to on the board.
    pub(super) async fn foresee(
        &self,
        turn: &Turn,
        process: Process,
    ) -> Result<(Foreseen, Process), ApiError> {
        let trello = &self.desk.trello;
        let attach = Attach {
            trello,
            store: &*self.doors.0.store,
        };
        let looked = trello.awaited(attach.look(&self.board));
        let looked = looked.await;
        let looked = looked.map_err(|error| not_attached(self.reader, error))?;
        let (me, now) = (self.me.clone(), self.now);
        let foreseen = self.at_work(turn, move || {
            let foreseen = looked.foresee(&process, &me, Options::default(), now);
            (foreseen, process)
        });
        foreseen.await
    }
}

#[derive(Serialize)]
struct Wanting {
    id: String,
    name: String,
    url: String,
    stage: String,
    stage_name: String,
    finding: FindingView,
}

fn shown(process: &Process, foreseen: &Foreseen, viewer: &Viewer, now: Timestamp) -> Value {
    let Foreseen {
        board,
        plan,
        preview,
        stand,
        ..
    } = foreseen;
    let panel = Panel {
        process,
        bindings: &plan.bindings,
        viewer,
        paused: false,
        now,
    };
    let nothing = Memory::default();
    let wanting = preview.wanting().take(MOST_WANTING).filter_map(|one| {
        let card = board.cards.iter().find(|card| card.id == one.card)?;
        let memory = stand.get(&Lane::Card(card.id.clone()));
        Some(Wanting {
            id: card.id.to_string(),
            name: one.name.clone(),
            url: one.url.clone(),
            stage: one.stage.to_string(),
            stage_name: process.stage_name(&one.stage),
            finding: lacks(&panel, card, memory.unwrap_or(&nothing), &one.finding),
        })
    });
    let wanting: Vec<_> = wanting.collect();
    let left = foreseen.left_behind().into_iter();
    let orphans: Vec<_> = left
        .map(|(stage, cards)| json!({ "stage": stage, "cards": cards }))
        .collect();
    let language: Language = viewer.language;
    json!({
        "creates": plan.creates(language),
        "troubles": plan.obstacles(process, language),
        "orphans": orphans,
        "cards": {
            "of": preview.cards.len() + preview.outside,
            "outside": preview.outside,
            "count": preview.wanting().count(),
            "wanting": wanting,
        },
    })
}
