//! Who holds a role, and what the file says of single persons.

use super::*;
use crate::process::file::ways_out;

impl Resolver<'_> {
    pub(super) fn role(&mut self, role: &RawRole, nth: usize) -> Role {
        let names = |names: &[String]| {
            let bare = names.iter().map(|name| name.trim_start_matches('@'));
            bare.map(str::to_owned).collect()
        };
        let place = Place::item("role", nth);
        Role {
            key: role.key.as_str().into(),
            name: role.name.clone(),
            people: names(&role.people),
            deputies: names(&role.deputies),
            turn: role.turn.unwrap_or_default(),
            stays: role.stays,
            hours: self.own_hours(&role.hours, &place.key("hours")),
            lead: role
                .lead
                .as_ref()
                .map(|lead| self.name(Kin::Role, lead, &place.key("lead"))),
        }
    }

    pub(super) fn people(&mut self) -> Vec<Person> {
        let raw = self.raw;
        let people = raw.person.iter().enumerate().map(|(nth, person)| {
            let place = Place::item("person", nth);
            let username = person.login.trim_start_matches('@').to_owned();
            let same = |one: &RawPerson| {
                let one = one.login.trim_start_matches('@');
                one.eq_ignore_ascii_case(&username)
            };
            if person.login != LOST && raw.person[..nth].iter().any(same) {
                let what = format!("`{username}` stands there twice");
                let mend = "put all that is said of one person into one `[[person]]`";
                self.error(&place.key("login"), what, mend);
            }
            Person {
                notify: ways_out::reaches(self, &person.notify, person.digest, &place),
                digest: person.digest,
                hours: self.own_hours(&person.hours, &place.key("hours")),
                username,
            }
        });
        people.collect()
    }
}
