//! Whose turn it is, held against the tiny world once nothing is under way.

use super::world::Sheet;
use signalman::model::MemberId;
use signalman::process::{Bindings, EchoKind, Memory, Process};

/// Whom we had put on the card is on it, and only somebody of a role has what is that role's.
pub fn hold(
    process: &Process,
    bindings: &Bindings,
    sheet: &Sheet,
    memory: &Memory,
) -> Result<(), String> {
    if memory.gone {
        return Ok(()); // what was under way there is never done
    }
    let turns = &memory.turns;
    let under_way = |one: &MemberId| {
        let value = format!("{one} true");
        let mut sent = memory.sent.iter();
        sent.any(|echo| echo.kind == EchoKind::Member && echo.value == value)
    };
    // What is to be done on a card that is gone meanwhile is never done.
    let lost = |one: &&MemberId| !sheet.members.contains(one) && !under_way(one);
    let lost = turns.joined.iter().find(lost);
    if let Some(lost) = lost {
        return Err(format!(
            "{lost} was put on {} and is not there:\n{memory:#?}",
            sheet.id
        ));
    }
    let stage = turns.stage.as_ref().and_then(|key| process.stage(key));
    let Some(stage) = stage else { return Ok(()) };
    let holds = |one| bindings.holds(one, &stage.owner, false);
    match memory.holders.iter().find(|one| !holds(one)) {
        Some(one) => Err(format!("{one} has {} and is no {}", sheet.id, stage.owner)),
        None => Ok(()),
    }
}
