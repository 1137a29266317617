//! What is written and does nothing, or waits for somebody: warnings, for the file works without.

use super::super::place::Place as At;
use super::Sound;

impl Sound<'_> {
    pub(super) fn idle(&mut self) {
        self.empty_roles();
    }

    fn empty_roles(&mut self) {
        for (nth, role) in self.process.roles.iter().enumerate() {
            if !role.people.is_empty() {
                continue;
            }
            let mend = format!(
                "fill in `people`, or bind it with `signalman setup BOARD --role {}=@username`",
                role.key
            );
            let what = format!("nobody holds the role `{}` yet", role.key);
            self.warn(&At::item("role", nth).key("key"), what, mend);
        }
    }
}
