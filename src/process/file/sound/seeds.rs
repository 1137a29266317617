//! What a gate asks for must have been brought to the card before it.

use super::Sound;
use crate::process::rules::*;

/// A checklist that a gate asks for. `either`: it is one of several things of which one is enough.
struct Asked<'p> {
    list: &'p ChecklistKey,
    need: usize,
    either: bool,
}

impl<'a> Sound<'a> {
    pub(super) fn seeds(&mut self) {
        let process: &'a Process = self.process;
        // Told once for all stages that ask for it.
        let mut nowhere: Vec<&ChecklistKey> = Vec::new();
        for (nth, stage) in process.stages.iter().enumerate() {
            let asked: Vec<Asked<'_>> = stage
                .needs
                .iter()
                .enumerate()
                .flat_map(|(nth, need)| asked(process, need, nth, false))
                .collect();
            let mut told: Vec<&ChecklistKey> = Vec::new();
            for asked in asked {
                if !told.contains(&asked.list) && !nowhere.contains(&asked.list) {
                    told.push(asked.list);
                    let seeded = self.seeded(nth, stage, &asked);
                    nowhere.extend((!seeded).then_some(asked.list));
                }
            }
        }
        self.idle_lists();
    }

    /// Whether some stage before this one seeds the checklist.
    fn seeded(&mut self, nth: usize, stage: &Stage, asked: &Asked<'_>) -> bool {
        let (process, list) = (self.process, asked.list);
        let before = |earlier: usize| match &stage.place {
            Place::Path { .. } => earlier < nth,
            Place::Side { from, .. } => {
                let known = &process.stages[earlier];
                let last = from.iter().filter_map(|key| process.rank(key)).max();
                from.contains(&known.key) || known.is_path() && Some(earlier) <= last
            }
        };
        let mut seeders =
            (0..process.stages.len()).filter(|nth| seeds(&process.stages[*nth], list));
        let at = self.at(nth).key("need").nth(asked.need);
        if seeders.any(before) {
            if !asked.either {
                self.maybe_missing(nth, stage, asked);
            }
            return true;
        }
        let anywhere = process.stages.iter().any(|any| seeds(any, list));
        let why = match (anywhere, stage.is_path()) {
            (false, _) => "which no stage seeds",
            (true, true) => "which only comes with that stage or a later one",
            (true, false) => "which no stage seeds that a card is put there from",
        };
        let earlier = match &stage.place {
            Place::Path { .. } => nth.checked_sub(1).map(|before| &process.stages[before].key),
            Place::Side { from, .. } => from.first(),
        };
        let mend = match earlier {
            Some(earlier) => format!(
                "add `{list}` to the `checklists` that `{earlier}`, or a stage before it, seeds"
            ),
            None => "take the need out: a new card has no checklist yet".into(),
        };
        self.error(
            &at,
            format!("`{}` asks for the checklist `{list}`, {why}", stage.key),
            mend,
        );
        false
    }

    /// A card may come to the gate by a way that leaves out every stage which seeds the checklist.
    fn maybe_missing(&mut self, nth: usize, stage: &Stage, asked: &Asked<'_>) {
        let process = self.process;
        let asks = |gate: &usize| {
            let mut needs = process.stages[*gate].needs.iter();
            needs.any(|need| need.when.is_none() && names(process, need, asked.list))
        };
        let without = self.ways.reach(|way| {
            !seeds(&process.stages[way.to.stage], asked.list) && !way.gates.iter().any(asks)
        });
        let around = self.ways.all.iter().find(|way| {
            way.gates.contains(&nth) && way.from.is_none_or(|from| without.contains(&from))
        });
        let Some(around) = around else { return };
        let who = match around.from {
            Some(from) => format!("a card may come from `{}`", process.stages[from.stage].key),
            None => format!(
                "a card started in `{}` comes",
                process.stages[around.to.stage].key
            ),
        };
        let what = format!(
            "{who} to the gate of `{}` without the checklist `{}` that it asks for: what seeds it was left out",
            stage.key, asked.list
        );
        let mend = "seed it in a stage that no card leaves out";
        let at = self.at(nth).key("need").nth(asked.need);
        self.warn(&at, what, mend);
    }

    /// Checklists that never come on any card.
    fn idle_lists(&mut self) {
        let process = self.process;
        for (nth, list) in process.checklists.iter().enumerate() {
            let at = super::super::place::Place::item("checklist", nth);
            let wanted = |stage: &Stage| {
                let needs = stage.needs.iter();
                let mut asked = needs.flat_map(|need| asked(process, need, 0, false));
                asked.any(|asked| *asked.list == list.key)
            };
            if process
                .stages
                .iter()
                .any(|stage| seeds(stage, &list.key) || wanted(stage))
            {
                continue;
            }
            self.warn(
                &at.key("key"),
                format!(
                    "the checklist `{}` comes on no card: no stage seeds it",
                    list.key
                ),
                format!(
                    "add it to a stage: under `[stage.seed]` write `checklists = [\"{}\"]`",
                    list.key
                ),
            );
        }
    }
}

fn seeds(stage: &Stage, list: &ChecklistKey) -> bool {
    stage.seed.checklists.iter().any(|(seed, _)| seed == list)
}

fn names(process: &Process, need: &Need, list: &ChecklistKey) -> bool {
    let mut asked = asked(process, need, 0, false).into_iter();
    asked.any(|asked| asked.list == list && !asked.either)
}

fn asked<'p>(process: &'p Process, need: &'p Need, nth: usize, either: bool) -> Vec<Asked<'p>> {
    let one = |list: &'p ChecklistKey| {
        vec![Asked {
            list,
            need: nth,
            either,
        }]
    };
    match &need.want {
        Want::Checklist { checklist, .. } => one(checklist),
        Want::Item { item, .. } => {
            let mut lists = process.checklists.iter();
            let list = lists.find(|list| list.items.iter().any(|one| one.key == *item));
            list.map(|list| one(&list.key)).unwrap_or_default()
        }
        Want::All(needs) => needs
            .iter()
            .flat_map(|need| asked(process, need, nth, either))
            .collect(),
        Want::Any(needs) => needs
            .iter()
            .flat_map(|need| asked(process, need, nth, true))
            .collect(),
        _ => Vec::new(),
    }
}
