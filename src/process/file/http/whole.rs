//! Whether the requests of an API, taken together, keep a client in one place.

use super::Reader;
use crate::process::file::letters::instead;
use crate::process::target::http::{Api, Ask, Line, Names, Source};
use std::collections::BTreeSet;

impl Reader<'_, '_> {
    pub(super) fn whole(&mut self, api: &Api) {
        let place = self.place.clone();
        if api.search.is_none() && (api.by_hand.is_empty() || self.target.matching.is_empty()) {
            let what = "by nothing is a client found that stands there already";
            let mend = "write `[target.http.search]`, which looks for `{key}`";
            self.error(&place, what, mend);
        }
        if let Some(search) = &api.search
            && !search.request.names().key
        {
            let what = "the search does not ask for `{key}`, nor does it say where a record has it";
            if api.key.is_none() {
                let mend = "write `{key}` in it, or `key`, where a record has our name for it";
                self.error(&place.key("search"), what, mend);
            }
        }
        let of_more = |link: &Line| link.slots().any(|slot| slot.source != Source::Id);
        if api.link.as_ref().is_some_and(of_more) {
            let mend = "write `{id}` in it and nothing else between braces";
            self.error(
                &place.key("link"),
                "a link is known by the record's id alone",
                mend,
            );
        }
        self.ids(api);
        self.by_hand(api);
        self.put(api);
        let told = |names: Names| names.status;
        let updates = api.updates.iter().any(|one| told(one.request.names()));
        if api.retire.is_none() && !updates {
            let what = "nothing is written there when a client leaves";
            let mend = "write `[target.http.retire]`, or `{status}` in an update";
            self.resolver.warn(&place, what, mend);
        }
    }

    fn ids(&mut self, api: &Api) {
        let place = self.place.clone();
        let thin = |ask: &Ask| ask.ids.is_some();
        if api.read.is_none() && api.search.iter().chain(&api.by_hand).any(thin) {
            let what = "what is found has only its id, and nothing reads the rest";
            self.error(&place, what, "write `[target.http.read]`");
        }
        if api
            .read
            .as_ref()
            .is_some_and(|read| !read.request.names().id)
        {
            let what = "the request does not say which record it reads";
            self.error(&place.key("read").key("send"), what, "write `{id}` in it");
        }
    }

    /// Each that is named in `match` has to be asked for, or compared once something is found.
    fn by_hand(&mut self, api: &Api) {
        let place = self.place.clone();
        let known: BTreeSet<&str> = self.target.matching.iter().map(String::as_str).collect();
        if known.is_empty() {
            return;
        }
        let usable = |ask: &Ask| {
            ask.request
                .names()
                .put
                .iter()
                .all(|one| known.contains(one.as_str()))
        };
        if !api.by_hand.iter().any(usable) {
            let what = "nothing looks for what `match` names";
            let mend = match self.ready {
                Some(preset) => format!("`{}` looks by {}", preset.word(), looks_by(api)),
                None => "write a `[[target.http.match]]` that asks with it".to_owned(),
            };
            self.error(&place, what, mend);
        }
    }

    fn put(&mut self, api: &Api) {
        let writes: Vec<Names> = api.updates.iter().map(|one| one.request.names()).collect();
        let (updates, created) = (writes.as_slice(), api.create.request.names());
        let mut told = Vec::new();
        for (nth, put) in self.target.put.iter().enumerate() {
            let name = put.name.trim();
            if updates.iter().any(|names| api.writes(names, name)) {
                continue;
            }
            told.push((nth, name.to_owned(), api.writes(&created, name)));
        }
        let place = super::Place::item("target", self.nth());
        for (nth, name, created) in told {
            let place = place.key("put").nth(nth).key("name");
            match (self.ready, created) {
                (Some(preset), _) => {
                    let what = format!("`{}` has no field `{name}`", preset.word());
                    let known = updates.iter().flat_map(|names| &names.put);
                    let known: BTreeSet<&str> = known.map(String::as_str).collect();
                    self.error(&place, what, instead(&name, known.iter().copied()));
                }
                (None, _) if ["key", "id", "status"].contains(&name.as_str()) => {
                    let what = format!("`{{{name}}}` stands for something else in a request");
                    self.error(&place, what, "put it under another name");
                }
                (None, true) => {
                    let what = format!("a change of `{name}` never arrives there");
                    let mend = format!("write `{{{name}}}` in a `[[target.http.update]]`");
                    self.resolver.warn(&place, what, mend);
                }
                (None, false) => {
                    let what = format!("no request writes `{name}`");
                    let mend = format!("write `{{{name}}}` in `create` and in an update");
                    self.error(&place, what, mend);
                }
            }
        }
    }

    fn nth(&self) -> usize {
        let all = self.resolver.raw.target.iter();
        let mut all = all.enumerate();
        let here = all.find(|(_, one)| std::ptr::eq(*one, self.target));
        here.map_or(0, |(nth, _)| nth)
    }
}

fn looks_by(api: &Api) -> String {
    let names = api.by_hand.iter().map(|ask| ask.request.names());
    let names: BTreeSet<String> = names.flat_map(|names| names.put).collect();
    let names: Vec<_> = names.iter().map(|one| format!("`{one}`")).collect();
    names.join(", ")
}
