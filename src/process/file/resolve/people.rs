//! What the file says of single persons.

use super::*;

impl Resolver<'_> {
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
                hours: self.own_hours(&person.hours, &place.key("hours")),
                username,
            }
        });
        people.collect()
    }
}
