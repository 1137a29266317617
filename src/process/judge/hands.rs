//! Whose hand it was: a person's own, a machine's in somebody's name, or ours.

use super::{BUTLER, Court};
use crate::model::{Actor, Event, EventKind};
use crate::process::memory::{Echo, EchoKind, Put};
use crate::process::verdict::Hand;

impl Court<'_> {
    /// Whether a member's roles count for what was done in the member's name.
    pub(super) fn hand(&self, actor: &Actor) -> Hand {
        let (process, bindings) = (self.case.process, self.case.bindings);
        let listed = |app: &str| process.trusted_apps.iter().any(|trusted| trusted == app);
        let bot = actor.member.as_ref() == Some(&bindings.bot);
        let own_hands = bindings.shared_account && actor.app.is_none() && !actor.agent;
        let machine = actor.agent || actor.app.as_ref().is_some_and(|app| app.as_str() == BUTLER);
        let trusted = actor.app.as_ref().is_some_and(|app| listed(app.as_str()));
        let roleless = bot && !own_hands || machine && !trusted;
        Hand {
            member: actor.member.clone(),
            roleless,
            app: actor.app.clone(),
        }
    }

    /// An action of our own application and member that matches an effect we sent. Each effect
    /// explains one action.
    pub(super) fn echo(&mut self, actor: &Actor, kind: EchoKind, value: &str) -> bool {
        let ours = self.is_ours(actor);
        let same = |echo: &Echo| echo.kind == kind && echo.value == value;
        let Some(at) = self.memory.sent.iter().position(same).filter(|_| ours) else {
            return false;
        };
        self.memory.sent.remove(at);
        true
    }

    /// Our own application and member.
    pub(super) fn is_ours(&self, actor: &Actor) -> bool {
        let bindings = self.case.bindings;
        actor.member.as_ref() == Some(&bindings.bot)
            && (bindings.app.is_none() || actor.app == bindings.app)
    }

    /// Whose hand put a label or an attachment on the card, or took it off.
    pub(super) fn signed(&mut self, event: &Event) {
        let (id, on) = match &event.kind {
            EventKind::LabelPut { label, on, .. } => (label.as_str(), *on),
            EventKind::Attached { attachment, on, .. } => (attachment.as_str(), *on),
            _ => return,
        };
        let (at, hand) = (event.at, self.hand(&event.actor));
        let known = self.memory.put_by.get(id);
        if known.is_none_or(|known| known.at <= at) {
            let by = hand.member.filter(|_| on && !hand.roleless);
            self.memory.put_by.insert(id.to_owned(), Put { by, at });
        }
    }

    pub(super) fn put(&mut self, event: &Event, hand: Hand, on: bool) {
        self.signed(event);
        if on && hand.member.as_ref() != Some(&self.case.bindings.bot) {
            self.progress = Some((event.at, hand));
        }
    }
}
