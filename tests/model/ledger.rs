//! What was ruled of one card, kept apart from the judge's own memory, and each ruling held against
//! the oracle at the moment it is made.

use super::oracle::{Look, holds};
use super::world::{Sheet, own_hand};
use jiff::Timestamp;
use signalman::model::{Ask, Event, EventKind, MemberId};
use signalman::process::{
    Admitted, Bindings, How, ItemKey, Mode, Place, Process, Ruling, Stage, StageKey, What,
};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// How often the gates were really passed: a property that nothing reaches proves nothing.
pub static FORWARD: AtomicUsize = AtomicUsize::new(0);
pub static REFUSED: AtomicUsize = AtomicUsize::new(0);
pub static ACTIVE: AtomicUsize = AtomicUsize::new(0);

#[derive(Clone, Debug, Default)]
pub struct Ledger {
    pub stage: Option<StageKey>,
    /// In a side stage: where on the path it stood.
    stood: Option<StageKey>,
    /// The stage it was left in, not admitted.
    pub pushed: Option<StageKey>,
    retreat: Option<Retreat>,
    void: BTreeMap<ItemKey, Timestamp>,
    passes: Vec<StageKey>,
    owed: Vec<(StageKey, usize)>,
    /// It came into the final stage by the owner's word once, or was found on the way there.
    pub excused: bool,
}

#[derive(Clone, Debug)]
struct Retreat {
    from: StageKey,
    by: Option<MemberId>,
    until: Timestamp,
}

/// The world at the moment of a ruling.
pub struct Scene<'a> {
    pub process: &'a Process,
    pub bindings: &'a Bindings,
    pub sheet: &'a Sheet,
    pub others: &'a BTreeMap<StageKey, u32>,
    pub radio: bool,
}

/// Who truly moved the card, and whether it came otherwise than by being moved.
struct Mover<'a> {
    hand: Option<&'a MemberId>,
    came: bool,
}

impl Scene<'_> {
    fn mover(&self, ruling: &Ruling) -> Mover<'_> {
        let at = ruling.at;
        use EventKind::{Asked, CardAppeared, CardMoved, Commented};
        let moves = |event: &&Event| matches!(event.kind, CardMoved { .. } | CardAppeared { .. });
        let told =
            |event: &&Event| moves(event) || matches!(event.kind, Commented { .. } | Asked { .. });
        let log = &self.sheet.log;
        let exact = log.iter().filter(told).find(|event| event.at == at);
        let before = || {
            let mut log = log.iter().rev().filter(moves);
            log.find(|event| event.at <= at && own_hand_or_machine(event))
        };
        // What we move otherwise than back is the wish of somebody who asked for that very stage
        // while the card stood where it was.
        let asked = || {
            let exact = exact.filter(|event| !own_hand_or_machine(event))?;
            let CardMoved { to, .. } = &exact.kind else {
                return None;
            };
            let stage = self.bindings.stage_of(to)?;
            let name = &self.process.stage(stage)?.name;
            let wish = |event: &&Event| match &event.kind {
                Commented { text, .. } => {
                    let named = text.strip_prefix("/move ") == Some(name) || text == "/next";
                    named && own_hand(&event.actor) == ruling.hand.member.as_ref()
                }
                Asked {
                    ask: Ask::Move { stage: key },
                    ..
                } => {
                    let named = key == stage.as_str();
                    named && own_hand(&event.actor) == ruling.hand.member.as_ref()
                }
                _ => false,
            };
            let stood = log.iter().rev().skip_while(|event| event.at >= exact.at);
            let moved = |event: &&Event| moves(event) && own_hand_or_machine(event);
            stood.take_while(|event| !moved(event)).find(wish)
        };
        let event = asked().or(exact).or_else(before);
        Mover {
            hand: event.and_then(|event| own_hand(&event.actor)),
            came: exact.is_some_and(|event| matches!(event.kind, CardAppeared { .. })),
        }
    }
}

/// Not one of our own deeds.
fn own_hand_or_machine(event: &Event) -> bool {
    event.actor.member != Some(super::rulebook::BOT.into())
}

impl Ledger {
    pub fn enter(&mut self, ruling: &Ruling, scene: &Scene<'_>) -> Result<(), String> {
        match &ruling.what {
            What::Admitted(admitted) => self.admitted(ruling, admitted, scene),
            What::Refused(_) => {
                REFUSED.fetch_add(1, Relaxed);
                self.pushed = None;
                Ok(())
            }
            What::LeftAsPushed { target, .. } => {
                self.pushed = Some(target.clone());
                Ok(())
            }
            What::Allowed { pass, .. } => {
                let owner = std::slice::from_ref(&scene.process.owner);
                let own = scene.mover(ruling).hand;
                if !own.is_some_and(|hand| holds(scene.bindings, hand, owner, true)) {
                    return Err(format!("{own:?} is not the owner: {ruling:?}"));
                }
                self.passes.push(pass.stage.clone());
                Ok(())
            }
            What::Lost {
                stage, held: true, ..
            } => {
                let rank = scene
                    .process
                    .rank(stage)
                    .and_then(|rank| rank.checked_sub(1));
                let before = rank.and_then(|rank| scene.process.path().nth(rank));
                self.stage = before.map(|stage| stage.key.clone()).or(self.stage.take());
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn admitted(
        &mut self,
        ruling: &Ruling,
        admitted: &Admitted,
        scene: &Scene<'_>,
    ) -> Result<(), String> {
        if admitted.from != self.stage {
            return Err(format!("it stood in {:?}: {ruling:?}", self.stage));
        }
        let to = scene
            .process
            .stage(&admitted.stage)
            .ok_or("no such stage")?;
        let mover = scene.mover(ruling);
        let look = Look {
            process: scene.process,
            bindings: scene.bindings,
            sheet: scene.sheet,
            hand: mover.hand,
            void: &self.void,
            others: scene.others,
            owed: &self.owed,
        };
        let said = self.weigh(ruling, admitted, to, &mover, &look);
        said.map_err(|why| {
            format!(
                "admitted to {} from {:?} as {:?}, though {why}",
                to.key, self.stage, admitted.how
            )
        })?;
        let owes = matches!(admitted.how, How::Pass { .. }).then(|| self.owes(to, &look));
        if scene.radio && to.key.as_str() == "active" {
            self.active(&admitted.how, scene)?;
        }
        self.owed.extend(owes.into_iter().flatten());
        self.step(ruling.at, admitted, to, mover.hand.cloned(), scene.process);
        Ok(())
    }

    /// The path to «Активный клиент» goes through the accountant.
    fn active(&mut self, how: &How, scene: &Scene<'_>) -> Result<(), String> {
        ACTIVE.fetch_add(1, Relaxed);
        self.excused |= matches!(how, How::Pass { .. });
        let items = [
            "p_billing",
            "p_accounting",
            "p_royalty",
            "p_crm",
            "p_list",
            "all_checked",
        ];
        for key in items {
            let item = scene.process.item(&key.into()).ok_or("no such item")?;
            let log = &scene.sheet.log;
            let made: Vec<_> = log
                .iter()
                .filter_map(|event| match &event.kind {
                    EventKind::ItemAdded { item: id, name, .. } if *name == item.name => Some(id),
                    _ => None,
                })
                .collect();
            let ticked = log.iter().any(|event| match &event.kind {
                EventKind::ItemTicked {
                    item: id,
                    complete: true,
                    ..
                } => made.contains(&id) && own_hand(&event.actor) == Some(&"cat".into()),
                EventKind::Asked {
                    ask: Ask::Tick { item },
                    ..
                } => item == key && own_hand(&event.actor) == Some(&"cat".into()),
                _ => false,
            });
            if !ticked && !self.excused {
                return Err(format!("«Активный клиент» without the accountant's {key}"));
            }
        }
        Ok(())
    }

    fn weigh(
        &self,
        ruling: &Ruling,
        admitted: &Admitted,
        to: &Stage,
        mover: &Mover<'_>,
        look: &Look<'_>,
    ) -> Result<(), String> {
        let process = look.process;
        let from = self.stage.as_ref().and_then(|key| process.stage(key));
        let (start, end) = (
            from.and_then(|from| process.rank(&from.key)),
            process.rank(&to.key),
        );
        match &admitted.how {
            How::Watched if process.mode == Mode::Watch => Ok(()),
            How::Watched => Err("it is not watch mode".into()),
            How::Start if to.key == process.entry().key => Ok(()),
            How::Start if from.is_none() && mover.came && look.by(&to.start) => look.gate(None, to),
            How::Start => Err(format!("{:?} may not start cards there", mover.hand)),
            How::Forward => {
                FORWARD.fetch_add(1, Relaxed);
                let (start, end) = start.zip(end).ok_or("it is not on the path")?;
                let next = match from.map(|from| &from.place) {
                    Some(Place::Path { next, .. }) => next.contains(&to.key),
                    _ => false,
                };
                let mut skipped = process.path().take(end).skip(start + 1);
                if !next && (end <= start + 1 || !skipped.all(|stage| look.by(&stage.skip))) {
                    return Err("no rule leads there".into());
                }
                look.movers(to)?;
                look.gate(Some(start), to)
            }
            How::Back => {
                let Some(Place::Path { back, .. }) = from.map(|from| &from.place) else {
                    return Err("it is not on the path".into());
                };
                let rule = back
                    .iter()
                    .find(|rule| rule.to.is_empty() || rule.to.contains(&to.key));
                let may = end < start && rule.is_some_and(|rule| look.by(&rule.by));
                if may {
                    Ok(())
                } else {
                    Err(format!("{:?} may not send it back", mover.hand))
                }
            }
            How::Undone => {
                let retreat = self.retreat.as_ref().ok_or("nothing was taken back")?;
                let movers = to.movers.as_deref().unwrap_or_default();
                let theirs =
                    mover.hand.is_some() && mover.hand == retreat.by.as_ref() || look.by(movers);
                let may = retreat.from == to.key && ruling.at < retreat.until && theirs;
                if may {
                    Ok(())
                } else {
                    Err(format!("it is not {:?}'s to undo", mover.hand))
                }
            }
            How::Side => {
                let Place::Side {
                    put, from: whence, ..
                } = &to.place
                else {
                    return Err("it is on the path".into());
                };
                let may = from.is_some_and(|from| whence.contains(&from.key)) && look.by(put);
                if may {
                    look.aside(to)
                } else {
                    Err("nobody may put it there".into())
                }
            }
            How::Return => self.weigh_return(from, to, look),
            How::Pass { .. } if self.passes.contains(&to.key) => Ok(()),
            How::Pass { .. } => Err("the owner said no word".into()),
        }
    }

    fn weigh_return(
        &self,
        from: Option<&Stage>,
        to: &Stage,
        look: &Look<'_>,
    ) -> Result<(), String> {
        let Some(Place::Side { put, returns, .. }) = from.map(|from| &from.place) else {
            return Err("it is not in a side stage".into());
        };
        let rank = look.process.rank(&to.key).ok_or("it is not on the path")?;
        let stood = self
            .stood
            .as_ref()
            .and_then(|stood| look.process.rank(stood))
            .unwrap_or(0);
        let covers = |to_: &[StageKey]| to_.contains(&to.key) || to_.is_empty() && rank <= stood;
        let rule = returns
            .iter()
            .find(|rule| covers(&rule.to))
            .ok_or("no rule leads back")?;
        if rule.gate {
            look.movers(to)?;
            return look.gate(rank.checked_sub(1), to);
        }
        let by = if rule.by.is_empty() { put } else { &rule.by };
        if look.by(by) {
            Ok(())
        } else {
            Err(format!("{:?} may not bring it back", look.hand))
        }
    }

    /// What the owner's word lets pass is asked for once more at the end.
    fn owes(&self, to: &Stage, look: &Look<'_>) -> Vec<(StageKey, usize)> {
        let process = look.process;
        let start = self.stage.as_ref().and_then(|from| process.rank(from));
        let Some(end) = process.rank(&to.key) else {
            return Vec::new();
        };
        let entered = process
            .path()
            .take(end + 1)
            .skip(start.map_or(0, |rank| rank + 1));
        let needs = entered.flat_map(|stage| {
            stage
                .needs
                .iter()
                .enumerate()
                .map(move |need| (stage, need))
        });
        let open = needs.filter(|(_, (_, need))| look.need(need).is_err());
        open.map(|(stage, (nth, _))| (stage.key.clone(), nth))
            .collect()
    }

    fn step(
        &mut self,
        at: Timestamp,
        admitted: &Admitted,
        to: &Stage,
        hand: Option<MemberId>,
        process: &Process,
    ) {
        let from = self.stage.replace(to.key.clone());
        self.pushed = None;
        self.stood = match to.is_path() {
            true => None,
            false => self.stood.take().or_else(|| from.clone()),
        };
        if matches!(admitted.how, How::Pass { .. }) {
            self.passes.retain(|stage| *stage != to.key);
        }
        let rank = process.rank(&to.key);
        if matches!(admitted.how, How::Back) {
            // One whose grace is over has lapsed, and this step back is another.
            let pending = self.retreat.take().filter(|retreat| at < retreat.until);
            let origin = pending.map(|retreat| retreat.from).or(from);
            let until = at + process.limits.grace;
            self.retreat = origin.map(|from| Retreat {
                from,
                by: hand,
                until,
            });
            let later = process
                .path()
                .filter(|stage| process.rank(&stage.key) > rank);
            let later: Vec<_> = later.collect();
            for item in process.checklists.iter().flat_map(|list| &list.items) {
                if item.lapses
                    && later
                        .iter()
                        .any(|stage| process.wants_item(stage, &item.key))
                {
                    self.void.insert(item.key.clone(), at);
                }
            }
        } else if self
            .retreat
            .as_ref()
            .is_some_and(|retreat| rank >= process.rank(&retreat.from))
        {
            let pending = self
                .retreat
                .take()
                .is_some_and(|retreat| at < retreat.until);
            if pending {
                self.void.clear();
            }
        }
    }
}
