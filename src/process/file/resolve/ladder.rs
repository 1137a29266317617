//! The ladder: what is told as a stage's limit runs out.

use super::*;

/// Whoever's turn it is, and the lead of the stage's owner.
const WORDS: [&str; 2] = ["owner", "lead"];
/// More than ten times the limit is a slip of the pen.
const MOST: u16 = 1000;

impl Resolver<'_> {
    pub(super) fn ladder(&mut self) -> Vec<Rung> {
        let rungs = self.raw.ladder.iter().enumerate();
        rungs.map(|(nth, rung)| self.rung(rung, nth)).collect()
    }

    fn rung(&mut self, rung: &RawRung, nth: usize) -> Rung {
        let place = Place::item("ladder", nth);
        let tell = rung.tell.iter().enumerate();
        let tell = tell.map(|(nth, who)| self.told(rung, who, &place.key("tell").nth(nth)));
        let tell = tell.collect();
        for (nth, key) in rung.stages.iter().enumerate() {
            self.limited(key, &place.key("stages").nth(nth));
        }
        let label = |key: &str| self.raw.label.iter().any(|label| label.key == key);
        if rung.late && !label(labels::LATE) {
            let what = "there is no label `late` to put on a card that is";
            let mend = "add a `[[label]]` with `key = \"late\"`, or take the line out";
            self.warn(&place.key("late"), what, mend);
        }
        Rung {
            at: self.part(&rung.at, &place.key("at")),
            tell,
            stages: self.names(Kin::Stage, &rung.stages, &place.key("stages")),
            late: rung.late,
        }
    }

    fn part(&mut self, text: &str, place: &Place) -> u16 {
        let part = text.trim().strip_suffix('%');
        let part = part.and_then(|part| part.trim().parse().ok());
        let part = part.filter(|part| (1..=MOST).contains(part));
        if part.is_none() && text != LOST {
            let number: String = text.chars().filter(char::is_ascii_digit).collect();
            let mend = match number.parse::<u16>() {
                Ok(number) if (1..=MOST).contains(&number) => format!("write `\"{number}%\"`"),
                _ => "write it as \"80%\" or \"150%\"".to_owned(),
            };
            self.error(place, format!("`{text}` is no part of a limit"), mend);
        }
        part.unwrap_or(100)
    }

    fn told(&mut self, rung: &RawRung, who: &str, place: &Place) -> Who {
        match who {
            "owner" => Who::Turn,
            "lead" => {
                self.leads(rung, place);
                Who::Lead
            }
            key => {
                let known = self.raw.role.iter().any(|role| role.key == key);
                let near = nearest(key, WORDS).filter(|_| !known && key != LOST);
                let role = self.raw.role.iter().map(|role| role.key.as_str());
                if let (Some(word), None) = (near, nearest(key, role)) {
                    let what = format!("`{key}` is no role");
                    self.error(place, what, format!("did you mean `{word}`?"));
                    return Who::Turn;
                }
                Who::Role(self.name(Kin::Role, key, place))
            }
        }
    }

    /// Every owner whose stages it is for has a lead.
    fn leads(&mut self, rung: &RawRung, place: &Place) {
        let of = |key: &str| rung.stages.is_empty() || rung.stages.iter().any(|one| one == key);
        let stages = self.raw.stage.iter();
        let owners = stages.filter(|stage| stage.limit.is_some() && of(&stage.key));
        let lacks = |owner: &str| {
            let mut roles = self.raw.role.iter();
            roles.any(|role| role.key == owner && role.lead.is_none())
        };
        let lacking = owners
            .map(|stage| &stage.owner)
            .find(|owner| lacks(owner.as_str()));
        if let Some(owner) = lacking {
            let what = format!("the role `{owner}` has no lead");
            let mend = format!("add `lead = \"…\"` to the role `{owner}`, or name a role here");
            self.error(place, what, mend);
        }
    }

    /// Nothing runs out where there is no limit.
    fn limited(&mut self, key: &str, place: &Place) {
        let path = self.raw.stage.iter().map(|one| (&one.key, &one.limit));
        let side = self.raw.side.iter().map(|one| (&one.key, &one.limit));
        let endless = path
            .chain(side)
            .any(|(one, limit)| one == key && limit.is_none());
        if endless {
            let what = format!("the stage `{key}` has no limit");
            self.error(
                place,
                what,
                "give it `limit = \"16h\"`, or take it out here",
            );
        }
    }
}
