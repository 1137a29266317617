//! The engine's pure part, played over the tiny world: judge, react, and the effects done at once or
//! a little later, with memory as a store would keep it.

use super::deeds::Stagehand;
use super::history::{Birth, Deed, History, Line, Post, Then};
use super::ledger::{Ledger, Scene};
use super::rulebook::Book;
use super::world::{Moment, Sheet, Via, person};
use jiff::{SignedDuration, Timestamp};
use signalman::attach::{Taken, baseline};
use signalman::model::{ActionId, Actor, Appeared, Board, Event, EventKind, Left};
use signalman::process::judge::{Case as Sitting, Fresh, NO_STRANGERS, judge};
use signalman::process::{
    Bindings, Deed as Effected, Effect, Loads, Memory, Mode, Process, Ruled, StageKey, Verdict,
    react,
};
use std::collections::BTreeMap;
use std::sync::Arc;

/// So many judgements and deeds for one card after one line, and something goes round in circles.
const MOST_STEPS: usize = 400;

pub struct Mind {
    pub sheet: Sheet,
    pub memory: Memory,
    pub ledger: Ledger,
    timers: BTreeMap<String, Timestamp>,
    inbox: Vec<Event>,
    late: Vec<Event>,
    told: Vec<Event>,
    outbox: Vec<Effect>,
    /// Everything done for this card, in order.
    pub done: Vec<Effect>,
}

/// A process as it is read, on its board.
#[derive(Clone)]
pub struct Rules {
    process: Arc<Process>,
    bindings: Arc<Bindings>,
    radio: bool,
}

impl Rules {
    pub fn of(book: &Book) -> Self {
        let process = book.process();
        let bindings = Arc::new(book.bindings(&process));
        let radio = book.is_radio();
        Self {
            process,
            bindings,
            radio,
        }
    }
}

pub struct House {
    process: Arc<Process>,
    bindings: Arc<Bindings>,
    radio: bool,
    pub cards: Vec<Mind>,
}

/// Plays a history to its end and holds every invariant on the way. `only`: the lines of that card
/// alone, each at its own time.
pub fn play(rules: &Rules, history: &History, only: Option<usize>) -> Result<House, String> {
    let mut house = House::open(rules, history);
    let mut clock = Clock::default();
    for nth in 0..house.cards.len() {
        house.settle(nth, clock.moment, true)?;
    }
    for line in &history.lines {
        clock.pass(line);
        let nth = usize::from(line.card);
        if only.is_none_or(|only| only == nth) {
            house.hear(nth, line, clock.moment)?;
        }
    }
    for hours in [0, 2, 24] {
        clock.tick(SignedDuration::from_hours(hours));
        for nth in 0..house.cards.len() {
            house.cards[nth].catch_up();
            house.settle(nth, clock.moment, true)?;
            if hours != 2 {
                house.replay(nth, clock.moment)?;
            }
        }
        for mind in &house.cards {
            house.idle(mind)?;
        }
    }
    Ok(house)
}

struct Clock {
    moment: Moment,
}

impl Default for Clock {
    fn default() -> Self {
        let at = "2026-11-24T08:00:00Z".parse().expect("a time");
        Self {
            moment: Moment { line: 0, at },
        }
    }
}

impl Clock {
    /// Never a round number of seconds, so that no timer is due at the instant of an action.
    fn tick(&mut self, more: SignedDuration) {
        self.moment.line += 1;
        self.moment.at = self.moment.at + SignedDuration::from_millis(61_700) + more;
    }

    fn pass(&mut self, line: &Line) {
        let more = match line.deed {
            Deed::Wait { minutes } => i64::from(minutes),
            _ => 0,
        };
        self.tick(SignedDuration::from_mins(more));
    }
}

impl Mind {
    fn new(sheet: Sheet) -> Self {
        Self {
            sheet,
            memory: Memory::default(),
            ledger: Ledger::default(),
            timers: BTreeMap::new(),
            inbox: Vec::new(),
            late: Vec::new(),
            told: Vec::new(),
            outbox: Vec::new(),
            done: Vec::new(),
        }
    }

    /// An action comes to us as its post has it; a store takes each but once until it is judged.
    fn post(&mut self, events: Vec<Event>, post: Post) {
        match post {
            Post::Late => self.late.extend(events),
            Post::Prompt | Post::Twice => self.take(events),
        }
    }

    pub fn take(&mut self, events: Vec<Event>) {
        for event in events {
            if !self.inbox.iter().any(|have| have.id == event.id) {
                self.told.push(event.clone());
                self.inbox.push(event);
            }
        }
    }

    fn catch_up(&mut self) {
        let late: Vec<_> = self.late.drain(..).rev().collect();
        self.take(late);
    }

    fn fired(&self, now: Timestamp) -> Vec<Event> {
        let due = self.timers.iter().filter(|(_, at)| **at <= now);
        let event = |(name, at): (&String, &Timestamp)| Event {
            id: ActionId::new(format!("timer {name} {} {at}", self.sheet.id)),
            at: *at,
            actor: Actor::default(),
            kind: EventKind::TimerFired {
                card: self.sheet.id.clone(),
                timer: name.clone(),
            },
        };
        due.map(event).collect()
    }

    fn read(&self) -> Fresh {
        Fresh {
            card: self.sheet.read(),
            actions: self
                .sheet
                .log
                .iter()
                .filter(|event| is_listed(event))
                .cloned()
                .collect(),
        }
    }

    fn vanished(&self, now: Timestamp) -> Event {
        let card = self.sheet.id.clone();
        Event {
            id: ActionId::new(format!("vanished {card} {now}")),
            at: now,
            actor: Actor::default(),
            kind: EventKind::CardLeft {
                card,
                how: Left::Deleted,
            },
        }
    }
}

/// What Trello lists of a card's actions when it is read, as far as this world has it.
fn is_listed(event: &Event) -> bool {
    use EventKind::*;
    !matches!(
        event.kind,
        LabelPut { .. } | ItemAdded { .. } | ItemDeleted { .. } | ItemRenamed { .. }
    )
}

impl House {
    fn open(rules: &Rules, history: &History) -> Self {
        let Rules {
            process,
            bindings,
            radio,
        } = rules.clone();
        let mut house = Self {
            process,
            bindings,
            radio,
            cards: Vec::new(),
        };
        let moment = Clock::default().moment;
        for (nth, birth) in history.births.iter().enumerate() {
            let mind = match birth {
                Birth::Born => {
                    let entry = house.bindings.lists[&house.process.entry().key].clone();
                    let mut mind = Mind::new(Sheet::new(nth, entry));
                    let born =
                        mind.sheet
                            .appear(moment, &person("ann", Via::Hand), Appeared::Created);
                    mind.take(vec![born]);
                    mind
                }
                Birth::Found { stage } => house.found(nth, usize::from(*stage), moment),
            };
            house.cards.push(mind);
        }
        house
    }

    /// A card that stood there on the day the board was taken.
    fn found(&self, nth: usize, stage: usize, moment: Moment) -> Mind {
        let stage = &self.process.stages[stage % self.process.stages.len()].key;
        let mut mind = Mind::new(Sheet::new(nth, self.bindings.lists[stage].clone()));
        let board = Board {
            id: self.bindings.board.clone(),
            name: String::new(),
            url: String::new(),
            organization: None,
            lists: Vec::new(),
            members: Vec::new(),
            labels: Vec::new(),
            custom_fields: Vec::new(),
            cards: vec![mind.sheet.read()],
        };
        let day = Taken {
            board: &board,
            ticks: &[],
            came: &[],
            again: false,
        };
        let known = BTreeMap::new();
        let taken = baseline(&self.process, &self.bindings, &day, &known, moment.at);
        mind.memory = taken
            .into_iter()
            .map(|(_, memory)| memory)
            .next()
            .unwrap_or_default();
        (mind.ledger.stage, mind.ledger.excused) = (Some(stage.clone()), true);
        mind
    }

    fn hear(&mut self, nth: usize, line: &Line, moment: Moment) -> Result<(), String> {
        let hand = Stagehand {
            process: &self.process,
            bindings: &self.bindings,
            moment,
        };
        let mind = &mut self.cards[nth];
        let events = hand.perform(&mut mind.sheet, line);
        mind.post(events.clone(), line.post);
        match line.then {
            Then::Burst => return Ok(()),
            Then::Judge => self.settle(nth, moment, false)?,
            Then::Settle => self.settle(nth, moment, true)?,
            Then::CatchUp => {
                mind.catch_up();
                self.settle(nth, moment, true)?;
                self.replay(nth, moment)?;
            }
        }
        if line.post == Post::Twice {
            self.cards[nth].take(events);
            self.settle(nth, moment, true)?;
        }
        Ok(())
    }

    /// As the store counts them.
    fn counts(&self) -> BTreeMap<StageKey, u32> {
        let mut counts = BTreeMap::new();
        for memory in self.cards.iter().map(|mind| &mind.memory) {
            let counted = !memory.aside && !memory.closed && !memory.gone;
            if let Some(standing) = memory.standing.as_ref().filter(|_| counted) {
                *counts.entry(standing.stage.clone()).or_default() += 1;
            }
        }
        counts
    }

    /// Of this card alone: what others have would matter to it where people take turns.
    fn loads(&self, nth: usize) -> Loads {
        self.cards[nth].memory.loads()
    }

    fn settle(&mut self, nth: usize, moment: Moment, perform: bool) -> Result<(), String> {
        for _ in 0..MOST_STEPS {
            let mind = &mut self.cards[nth];
            let now = mind.sheet.now(moment);
            let fired = mind.fired(now);
            if !mind.inbox.is_empty() || !fired.is_empty() {
                self.sit(nth, fired, now)?;
            } else if perform && !mind.outbox.is_empty() {
                let effect = mind.outbox.remove(0);
                mind.perform(&effect, moment);
                mind.done.push(effect);
            } else {
                return Ok(());
            }
        }
        Err(format!("card{nth} goes round in circles"))
    }

    fn rule(
        &self,
        nth: usize,
        mut events: Vec<Event>,
        now: Timestamp,
    ) -> Result<(Ruled, Option<Fresh>), String> {
        let mind = &self.cards[nth];
        let (counts, loads) = (self.counts(), self.loads(nth));
        let (mut fresh, mut patient) = (None, true);
        for _ in 0..5 {
            let verdict = judge(&Sitting {
                process: &self.process,
                bindings: &self.bindings,
                counts: &counts,
                loads: &loads,
                memory: &mind.memory,
                fresh: fresh.as_ref(),
                events: &events,
                now,
                strangers: &NO_STRANGERS,
                patient,
            });
            match verdict {
                Verdict::ReadFirst if mind.sheet.gone => events = vec![mind.vanished(now)],
                Verdict::ReadFirst => fresh = Some(mind.read()),
                Verdict::ReadAgain => patient = false,
                Verdict::Ruled(ruled) => return Ok((*ruled, fresh)),
            }
        }
        Err(format!("card{nth} is never ruled on"))
    }

    fn sit(&mut self, nth: usize, fired: Vec<Event>, now: Timestamp) -> Result<(), String> {
        let mut events: Vec<_> = self.cards[nth].inbox.drain(..).collect();
        events.extend(fired);
        let (mut ruled, fresh) = self.rule(nth, events, now)?;
        let others = self.standing_but(nth);
        let mind = &mut self.cards[nth];
        let scene = Scene {
            process: &self.process,
            bindings: &self.bindings,
            sheet: &mind.sheet,
            others: &others,
            radio: self.radio,
        };
        for ruling in &ruled.rulings {
            mind.ledger.enter(ruling, &scene)?;
        }
        // What was told of a card that is gone is acknowledged unheard, and a store tells it no more.
        mind.told
            .retain(|event| ruled.memory.judged.contains(&event.id));
        let card = fresh.as_ref().map(|fresh| &fresh.card);
        if let Some(card) = card {
            ruled.memory.desc.clone_from(&card.desc);
        }
        let effects = react::react(&self.process, &self.bindings, &mut ruled, card, None, now);
        if self.process.mode == Mode::Watch && !effects.is_empty() {
            return Err(format!("watch mode writes: {effects:?}"));
        }
        mind.memory = ruled.memory;
        mind.timers.retain(|_, at| *at > now);
        for (name, at) in ruled.timers {
            match at {
                Some(at) => mind.timers.insert(name, at),
                None => mind.timers.remove(&name),
            };
        }
        for effect in effects {
            mind.outbox
                .retain(|row| row.slot.is_none() || row.slot != effect.slot);
            mind.outbox.push(effect);
        }
        Ok(())
    }

    /// Where the other cards stand, by what was ruled of them.
    fn standing_but(&self, nth: usize) -> BTreeMap<StageKey, u32> {
        let mut counts = BTreeMap::new();
        for (_, mind) in self
            .cards
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != nth)
        {
            let memory = &mind.memory;
            let away = memory.aside || memory.closed || memory.gone;
            if let Some(stage) = mind.ledger.stage.clone().filter(|_| !away) {
                *counts.entry(stage).or_default() += 1;
            }
        }
        counts
    }

    /// All that was ever told of a card, told once more: nothing follows from it.
    fn replay(&self, nth: usize, moment: Moment) -> Result<(), String> {
        let mind = &self.cards[nth];
        if mind.sheet.gone || !mind.inbox.is_empty() {
            return Ok(());
        }
        let now = mind.sheet.now(moment);
        let (mut again, fresh) = self.rule(nth, mind.told.clone(), now)?;
        if let Some(ruling) = again.rulings.first() {
            return Err(format!("told once more, card{nth} is ruled on: {ruling:?}"));
        }
        // What is forgotten by the hour is forgotten either way.
        let plain = match again.memory == mind.memory {
            true => None,
            false => Some(self.rule(nth, Vec::new(), now)?.0),
        };
        if let Some(plain) = plain.filter(|plain| plain.memory != again.memory) {
            return Err(format!(
                "told once more, card{nth} is remembered otherwise:\n{:#?}\nand not\n{:#?}",
                again.memory, plain.memory
            ));
        }
        let card = fresh.as_ref().map(|fresh| &fresh.card);
        let effects = react::react(&self.process, &self.bindings, &mut again, card, None, now);
        match effects.first() {
            Some(effect) => Err(format!(
                "told once more, card{nth} has {effect:?} done to it"
            )),
            None => Ok(()),
        }
    }

    /// Nothing is under way: the card stands where it was admitted, or it is named.
    fn idle(&self, mind: &Mind) -> Result<(), String> {
        let (sheet, memory) = (&mind.sheet, &mind.memory);
        super::turns::hold(&self.process, &self.bindings, sheet, memory)?;
        let Some(stage) = self.bindings.stage_of(&sheet.list) else {
            return Ok(());
        };
        let home = mind.ledger.stage.as_ref() == Some(stage);
        if sheet.gone || sheet.closed || home || self.process.mode == Mode::Watch {
            return Ok(());
        }
        let named = mind.ledger.pushed.as_ref() == Some(stage);
        let told = mind.done.iter().any(|effect| {
            matches!(&effect.deed, Effected::Say { thread, .. } if thread.starts_with(&format!("pushed {stage} ")))
        });
        let marked = self.bindings.labels.get(&"not_admitted".into());
        let marked = marked.is_none_or(|label| sheet.labels.contains_key(label));
        if named && told && memory.not_admitted.is_some() && (marked || mind.unmarked()) {
            return Ok(());
        }
        Err(format!(
            "{} rests in {stage}, stands in {:?}, and nobody is told (named {named}, told {told}, marked {marked}):\n{memory:#?}",
            sheet.id, mind.ledger.stage
        ))
    }
}

impl Mind {
    /// Somebody took the mark off the card.
    fn unmarked(&self) -> bool {
        let off = |event: &Event| matches!(&event.kind, EventKind::LabelPut { label, on: false, .. } if label.as_str() == "label not_admitted");
        self.sheet.log.iter().any(off)
    }
}
