//! `[target.http]` and the ready-made descriptions: a JSON API, checked as far as that can be done
//! without it.

mod auth;
mod ready;
mod text;
mod whole;

pub(super) use ready::Preset;

use super::place::Place;
use super::raw::RawTarget;
use super::raw::http::{RawAsk, RawCreate, RawHttp, RawPages, RawPair, RawWrite};
use super::resolve::Resolver;
use super::values::LOST;
use crate::process::target::TargetKind;
use crate::process::target::http::{
    Api, Ask, Below, Body, Create, Exists, Field, Id, Line, Method, Pages, Pointer, Request, State,
    Write,
};
use std::time::Duration;
use text::Scope;

pub(super) struct Reader<'r, 'a> {
    resolver: &'r mut Resolver<'a>,
    target: &'r RawTarget,
    raw: &'r RawHttp,
    /// Whose description it is, where it is a ready-made one.
    ready: Option<Preset>,
    place: Place,
}

/// What the request of a target is about; how it may be written depends on it.
struct Written<'w> {
    send: &'w str,
    query: &'w [RawPair],
    json: Option<&'w str>,
    form: &'w [RawPair],
}

pub(super) fn api(resolver: &mut Resolver<'_>, raw: &RawTarget, place: &Place) -> Option<Box<Api>> {
    if raw.kind != TargetKind::Http {
        for (key, written) in [
            ("http", raw.http.is_some()),
            ("preset", raw.preset.is_some()),
        ] {
            if written {
                let what = format!("`{key}` means nothing to {}", raw.kind.traits().word);
                resolver.error(
                    &place.key(key),
                    what,
                    "take it out, or write `kind = \"http\"`",
                );
            }
        }
        return None;
    }
    let (ready, here) = match (&raw.http, raw.preset) {
        (Some(_), None) => (None, place.key("http")),
        (None, Some(preset)) => (Some(preset), place.key("preset")),
        (Some(_), Some(_)) => {
            let what = "a ready-made description and one of its own";
            let mend = "take one of them out: `preset`, or `[target.http]`";
            resolver.error(&place.key("preset"), what, mend);
            return None;
        }
        (None, None) => {
            let what = "nothing says which requests this place takes";
            let mend = "write `preset`, such as `preset = \"hubspot\"`, or `[target.http]`";
            resolver.error(place, what, mend);
            return None;
        }
    };
    let made;
    let http = match (&raw.http, ready) {
        (Some(http), _) => http,
        (None, preset) => {
            made = preset?.description()?;
            &made
        }
    };
    let mut reader = Reader {
        resolver,
        target: raw,
        raw: http,
        ready,
        place: here,
    };
    let api = reader.api();
    reader.whole(&api);
    Some(Box::new(api))
}

impl Reader<'_, '_> {
    fn error(&mut self, place: &Place, what: impl Into<String>, mend: impl Into<String>) {
        self.resolver.error(place, what, mend);
    }

    fn api(&mut self) -> Api {
        let (raw, place) = (self.raw, self.place.clone());
        let key = raw.key.as_ref();
        let key = key.map(|key| self.pointer(key, &place.key("key")));
        let message = raw.message.iter().enumerate();
        Api {
            auth: self.auth(),
            headers: self.pairs(&raw.headers, Scope::Unknown, &place.key("headers")),
            id: match raw.id.as_deref() {
                Some("#") => Id::Position,
                Some(id) => Id::At(self.pointer(id, &place.key("id"))),
                None => Id::At(Pointer::default().then("id")),
            },
            key,
            below: self.below(),
            fields: self.fields(),
            state: raw.status.as_ref().map(|status| State {
                at: self.pointer(&status.at, &place.key("status").key("at")),
                active: status.active.clone(),
                retired: status.retired.clone(),
                pending: status.pending.clone(),
            }),
            link: raw.link.as_ref().map(|link| {
                let place = place.key("link");
                self.line(link, Scope::Known, &place)
            }),
            message: message
                .map(|(nth, one)| self.pointer(one, &place.key("message").nth(nth)))
                .collect(),
            read: raw
                .read
                .as_ref()
                .map(|read| self.ask(read, Scope::Known, &place.key("read"))),
            search: raw
                .search
                .as_ref()
                .map(|search| self.ask(search, Scope::Unknown, &place.key("search"))),
            by_hand: raw
                .by_hand
                .iter()
                .enumerate()
                .map(|(nth, one)| self.ask(one, Scope::ByHand, &place.key("match").nth(nth)))
                .collect(),
            create: self.create(&raw.create, &place.key("create")),
            updates: raw
                .update
                .iter()
                .enumerate()
                .map(|(nth, one)| self.write(one, &place.key("update").nth(nth)))
                .collect(),
            retire: raw
                .retire
                .as_ref()
                .map(|one| self.write(one, &place.key("retire"))),
            revive: raw
                .revive
                .as_ref()
                .map(|one| self.write(one, &place.key("revive"))),
        }
    }

    fn below(&mut self) -> Below {
        let place = self.place.clone();
        match (&self.raw.fields, self.raw.columns) {
            (None, Some(before)) => Below::Columns(before as usize),
            (fields, columns) => {
                if columns.is_some() {
                    let what = "a record is either a list or has members";
                    let mend = "take out `columns` or `fields`";
                    self.error(&place.key("columns"), what, mend);
                }
                let fields = fields.as_deref().unwrap_or_default();
                Below::Pointer(self.pointer(fields, &place.key("fields")))
            }
        }
    }

    fn fields(&mut self) -> Vec<Field> {
        let place = self.place.key("field");
        let below = self.raw.fields.as_deref().and_then(Pointer::parse);
        let mut fields = Vec::new();
        for (nth, one) in self.raw.field.iter().enumerate() {
            let place = place.nth(nth);
            let put = self.target.put.iter();
            let mut put = put.filter(|put| put.name.trim() == one.name);
            if self.ready.is_none() && put.next().is_none() && one.name != LOST {
                let what = format!("nothing is put under the name `{}`", one.name);
                let put = self.target.put.iter().map(|put| put.name.trim());
                let mend = super::letters::instead(&one.name, put);
                self.error(&place.key("name"), what, mend);
            }
            let at = match &one.at {
                Some(at) => self.pointer(at, &place.key("at")),
                None => below.clone().unwrap_or_default().then(&one.name),
            };
            fields.push(Field {
                name: one.name.clone(),
                at_its_name: one.at.is_none(),
                at,
                like: one.like.unwrap_or_default(),
            });
        }
        fields
    }

    fn request(&mut self, raw: &Written<'_>, scope: Scope, place: &Place) -> Request {
        let send = place.key("send");
        let words = raw.send.trim();
        let (word, path) = words.split_once(char::is_whitespace).unwrap_or((words, ""));
        let (method, path) = (Method::of(word), path.trim());
        if method.is_none() && raw.send != LOST {
            let what = match word {
                "DELETE" => "nothing is ever deleted in a place".to_owned(),
                word => format!("`{word}` is no method"),
            };
            let mend = format!("begin with one of {}", Method::WORDS.join(", "));
            self.error(&send, what, mend);
        } else if path.is_empty() && raw.send != LOST {
            let what = "the request has no path";
            let mend = format!("write it behind the method: `{word} contacts`");
            self.error(&send, what, mend);
        }
        let wrong = ["?", "#", "://"].into_iter().find(|one| path.contains(one));
        if let Some(wrong) = wrong.or_else(|| path.starts_with('/').then_some("/")) {
            let (what, mend) = match wrong {
                "?" | "#" => (
                    format!("a `{wrong}` stands in the path"),
                    "write what follows `?` as `query = [{ name = \"…\", value = \"…\" }]`",
                ),
                _ => (
                    format!("`{path}` leads away from the target's address"),
                    "write the path below `url`, without a slash in front",
                ),
            };
            self.error(&send, what, mend);
        }
        // What is no method is no GET: a body would not be told of as well.
        let method = method.unwrap_or(Method::Post);
        let body = match (raw.json, raw.form) {
            (None, []) => Body::None,
            (Some(json), []) => Body::Json(self.json(json, scope, &place.key("json"))),
            (None, form) => Body::Form(self.pairs(form, scope, &place.key("form"))),
            (Some(_), _) => {
                let what = "the request has two bodies";
                self.error(&place.key("form"), what, "take out `json` or `form`");
                Body::None
            }
        };
        if method == Method::Get && body != Body::None {
            let what = "a GET has no body";
            self.error(place, what, "write `query`, or another method");
        }
        Request {
            method,
            path: self.line(path, scope, &send),
            query: self.pairs(raw.query, scope, &place.key("query")),
            body,
        }
    }

    fn ask(&mut self, raw: &RawAsk, scope: Scope, place: &Place) -> Ask {
        let written = Written {
            send: &raw.send,
            query: &raw.query,
            json: raw.json.as_deref(),
            form: &raw.form,
        };
        let request = self.request(&written, scope, place);
        if matches!(request.method, Method::Put | Method::Patch) {
            let what = "a look writes nothing";
            self.error(
                &place.key("send"),
                what,
                "write `GET`, or `POST` where the place asks for it",
            );
        }
        let at = place.key("records");
        let records = raw.records.iter().enumerate();
        let mut records: Vec<_> = records
            .map(|(nth, one)| self.pointer(one, &at.nth(nth)))
            .collect();
        if records.is_empty() {
            records.push(Pointer::default());
        }
        Ask {
            request,
            records,
            ids: raw
                .ids
                .as_ref()
                .map(|ids| self.pointer(ids, &place.key("ids"))),
            pages: raw
                .pages
                .as_ref()
                .and_then(|pages| self.pages(pages, &place.key("pages"))),
            none: raw.none.clone(),
        }
    }

    fn pages(&mut self, raw: &RawPages, place: &Place) -> Option<Pages> {
        let size = raw.size.filter(|size| *size > 0).map(|size| size as usize);
        let ways = (&raw.offset, &raw.number, &raw.cursor, &raw.next);
        let (what, mend) = match (ways, size, &raw.at) {
            ((Some(query), None, None, None), Some(size), None) => {
                let query = query.clone();
                return Some(Pages::Offset { query, size });
            }
            ((None, Some(query), None, None), Some(size), None) => {
                let query = query.clone();
                return Some(Pages::Number { query, size });
            }
            ((None, None, Some(query), None), None, Some(at)) => {
                let (query, at) = (query.clone(), self.pointer(at, &place.key("at")));
                return Some(Pages::Cursor { query, at });
            }
            ((None, None, None, Some(next)), None, None) => {
                let at = self.pointer(next, &place.key("next"));
                return Some(Pages::Next { at });
            }
            ((Some(_), None, None, None) | (None, Some(_), None, None), None, None) => (
                "it is not clear which page is the last",
                "write `size`, how many records a full page has",
            ),
            ((None, None, Some(_), None), None, None) => (
                "it is not clear what the next page is asked for with",
                "write `at`, where the answer says it",
            ),
            _ => (
                "it is not clear how the pages are turned",
                "write `offset` or `number` with `size`, `cursor` with `at`, or `next`",
            ),
        };
        self.error(place, what, mend);
        None
    }

    fn create(&mut self, raw: &RawCreate, place: &Place) -> Create {
        let written = Written {
            send: &raw.send,
            query: &raw.query,
            json: raw.json.as_deref(),
            form: &raw.form,
        };
        let request = self.request(&written, Scope::Unknown, place);
        self.writes(&request, place);
        let exists = raw.exists.iter().enumerate().map(|(nth, one)| {
            let place = place.key("exists").nth(nth);
            let says = match (&one.at, &one.says) {
                (at, Some(says)) => {
                    let at = at.as_deref().unwrap_or_default();
                    Some((self.pointer(at, &place.key("at")), says.to_lowercase()))
                }
                (Some(_), None) => {
                    let what = "it does not say what has to stand there";
                    self.error(&place, what, "write `says`, a part of it");
                    None
                }
                (None, None) => None,
            };
            Exists {
                status: one.status,
                says,
            }
        });
        let exists = exists.collect();
        Create {
            request,
            exists,
            id: raw.id.as_ref().map(|id| self.pointer(id, &place.key("id"))),
            idempotency: raw.idempotency.clone(),
            settle: raw
                .settle
                .map(|seconds| Duration::from_secs(seconds.into())),
        }
    }

    fn write(&mut self, raw: &RawWrite, place: &Place) -> Write {
        let written = Written {
            send: &raw.send,
            query: &raw.query,
            json: raw.json.as_deref(),
            form: &raw.form,
        };
        let request = self.request(&written, Scope::Known, place);
        self.writes(&request, place);
        let names = request.names();
        if !names.id && !names.key && names.record.is_empty() {
            let what = "the request does not say which record it is about";
            self.error(&place.key("send"), what, "write `{id}` in it");
        }
        Write {
            request,
            unless: raw
                .unless
                .as_ref()
                .map(|unless| self.pointer(unless, &place.key("unless"))),
        }
    }

    fn writes(&mut self, request: &Request, place: &Place) {
        if request.method == Method::Get && request.path != Line::default() {
            let what = "a GET is no request that writes";
            self.error(&place.key("send"), what, "write `POST`, `PUT` or `PATCH`");
        }
    }
}
