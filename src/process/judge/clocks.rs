//! What happens because time has passed: a lapse after its grace, another look at a card that was
//! left where it was pushed.

use super::fields::UNMENDED;
use super::moves::Step;
use super::places::{LEAVE, LEAVING};
use super::terms::TERMS;
use super::turns::TURN;
use super::{Court, Heard};
use crate::model::Event;
use crate::process::rules::{ItemKey, StageKey};
use crate::process::verdict::{Hand, What};

impl Court<'_> {
    pub(super) fn fired(&mut self, event: &Event, timer: &str) -> Heard {
        if self.clock_rings(timer) {
            return Ok(());
        }
        match timer {
            "lapse" => self.lapse(event),
            "admit" => self.look_again(event),
            UNMENDED => self.mend_fields(event),
            LEAVE => {
                self.left_for_good(event);
                Ok(())
            }
            LEAVING => self.still_leaving(event),
            TURN => {
                self.hand_over(event);
                Ok(())
            }
            TERMS => {
                self.terms_come(event);
                Ok(())
            }
            other => match other.strip_prefix("place ") {
                Some(target) => self.place_again(event, target),
                None => Ok(()),
            },
        }
    }

    /// The confirmations that going back to `to` makes stale: those that a later stage asks for.
    pub(super) fn lapsing(&self, to: &StageKey) -> Vec<ItemKey> {
        let process = self.case.process;
        let rank = process.rank(to);
        let asked_later = |key: &ItemKey| {
            process
                .path()
                .any(|stage| process.rank(&stage.key) > rank && process.wants_item(stage, key))
        };
        let items = process.checklists.iter().flat_map(|list| &list.items);
        items
            .filter(|item| item.lapses && asked_later(&item.key))
            .map(|item| item.key.clone())
            .collect()
    }

    fn lapse(&mut self, event: &Event) -> Heard {
        if self
            .memory
            .retreat
            .as_ref()
            .is_none_or(|retreat| retreat.lapse_at > self.case.now)
        {
            return Ok(());
        }
        self.need_card()?;
        let Some(retreat) = self.memory.retreat.take() else {
            return Ok(());
        };
        let mut ticks = Vec::new();
        for key in &retreat.lapses {
            if let Some(tracked) = self.memory.items.get_mut(key)
                && let Some(tick) = tracked.tick.take_if(|tick| retreat.voids(key, tick))
            {
                let (item, list) = (tracked.item.clone(), tracked.checklist.clone());
                ticks.push((key.clone(), item, list, tick));
            }
        }
        if !ticks.is_empty() && self.enforcing() {
            let hand = Hand {
                member: retreat.by,
                ..Hand::default()
            };
            self.rule(
                event.at,
                hand,
                What::Lapsed {
                    stage: retreat.to,
                    ticks,
                },
            );
        }
        Ok(())
    }

    /// The hour is over: the last push is weighed anew, and this time it counts.
    fn look_again(&mut self, event: &Event) -> Heard {
        let Some(pushed) = self
            .memory
            .not_admitted
            .clone()
            .filter(|pushed| pushed.until <= self.case.now)
        else {
            return Ok(());
        };
        let card = self.need_card()?;
        self.memory.not_admitted = None;
        let hand = Hand {
            member: pushed.by,
            roleless: pushed.roleless,
            app: None,
        };
        let list = card.list.clone();
        self.step(
            Step {
                at: event.at,
                hand,
                from: None,
                came: None,
            },
            &list,
        )
    }
}
