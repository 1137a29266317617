//! The walks as an event log for process mining: XES, IEEE 1849. A trace for each card; a stay begins
//! with a `start`, is suspended while it waits for somebody outside, and ends with a `complete`. Whoever did it is not told, only whose stage it is: a log
//! of this kind is for looking at the process.

use super::{Now, Record, Stay, Walk};
use jiff::Timestamp;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, Event};
use std::io;

const EXTENSIONS: [(&str, &str, &str); 4] = [
    (
        "Concept",
        "concept",
        "http://www.xes-standard.org/concept.xesext",
    ),
    (
        "Lifecycle",
        "lifecycle",
        "http://www.xes-standard.org/lifecycle.xesext",
    ),
    (
        "Organizational",
        "org",
        "http://www.xes-standard.org/org.xesext",
    ),
    ("Time", "time", "http://www.xes-standard.org/time.xesext"),
];

/// The cards with anything since the time asked for, each with its whole walk.
pub fn log(record: &Record<'_>) -> String {
    let mut log = Log(Writer::new_with_indent(Vec::new(), b' ', 1));
    // Into memory: it cannot fail.
    let _ = log.write(record);
    String::from_utf8(log.0.into_inner()).unwrap_or_default()
}

struct Log(Writer<Vec<u8>>);

impl Log {
    fn write(&mut self, record: &Record<'_>) -> io::Result<()> {
        self.0
            .write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        let log = [
            ("xes.version", "1849.2016"),
            ("xes.features", ""),
            ("xmlns", "http://www.xes-standard.org/"),
        ];
        self.open("log", &log)?;
        for (name, prefix, uri) in EXTENSIONS {
            self.empty(
                "extension",
                &[("name", name), ("prefix", prefix), ("uri", uri)],
            )?;
        }
        self.open("global", &[("scope", "trace")])?;
        self.put("string", "concept:name", "")?;
        self.close("global")?;
        self.open("global", &[("scope", "event")])?;
        self.event_of("", "", "start", Timestamp::UNIX_EPOCH)?;
        self.close("global")?;
        self.empty("classifier", &[("name", "Stage"), ("keys", "concept:name")])?;
        self.put("string", "concept:name", &record.process.name)?;
        self.put("string", "lifecycle:model", "standard")?;
        let recent = |stay: &Stay| stay.left().is_none_or(|left| left >= record.since);
        let told = |stay: &Stay| stay.entered().or(stay.left()).is_some();
        for walk in record.walks {
            if walk.stays.iter().any(recent) && walk.stays.iter().any(told) {
                self.trace(record, walk)?;
            }
        }
        self.close("log")
    }

    fn trace(&mut self, record: &Record<'_>, walk: &Walk) -> io::Result<()> {
        self.open("trace", &[])?;
        self.put("string", "concept:name", walk.card.as_str())?;
        self.put("string", "card", &walk.name)?;
        self.put(
            "boolean",
            "found",
            if walk.is_found() { "true" } else { "false" },
        )?;
        let last = walk.stays.len().saturating_sub(1);
        for (nth, stay) in walk.stays.iter().enumerate() {
            let gone = nth == last && matches!(walk.now, Now::Gone(_));
            self.stay(record, stay, if gone { "ate_abort" } else { "complete" })?;
        }
        self.close("trace")
    }

    fn stay(&mut self, record: &Record<'_>, stay: &Stay, end: &str) -> io::Result<()> {
        let name = record.process.stage_name(&stay.stage);
        let owner = record
            .process
            .stage(&stay.stage)
            .map(|stage| stage.owner.as_str());
        let owner = owner.unwrap_or_default();
        let waits = stay
            .pauses(record.now)
            .into_iter()
            .flat_map(|(from, until)| {
                let goes_on = Some(until).filter(|until| *until < record.now);
                [("suspend", Some(from)), ("resume", goes_on)]
            });
        let begins = std::iter::once(("start", stay.entered()));
        let ends = std::iter::once((end, stay.left()));
        for (transition, at) in begins.chain(waits).chain(ends) {
            let Some(at) = at else { continue };
            self.open("event", &[])?;
            self.event_of(&name, owner, transition, at)?;
            self.close("event")?;
        }
        Ok(())
    }

    fn event_of(
        &mut self,
        name: &str,
        role: &str,
        transition: &str,
        at: Timestamp,
    ) -> io::Result<()> {
        self.put("string", "concept:name", name)?;
        self.put("string", "org:role", role)?;
        self.put("string", "lifecycle:transition", transition)?;
        self.put("date", "time:timestamp", &format!("{at:.3}"))
    }

    fn put(&mut self, kind: &str, key: &str, value: &str) -> io::Result<()> {
        self.empty(kind, &[("key", key), ("value", value)])
    }

    fn open(&mut self, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
        let start = element(name, attributes);
        self.0.write_event(Event::Start(start))
    }

    fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
        let empty = element(name, attributes);
        self.0.write_event(Event::Empty(empty))
    }

    fn close(&mut self, name: &str) -> io::Result<()> {
        self.0.write_event(Event::End(BytesEnd::new(name)))
    }
}

fn element<'n>(name: &'n str, attributes: &[(&str, &str)]) -> BytesStart<'n> {
    let mut element = BytesStart::new(name);
    for (key, value) in attributes {
        element.push_attribute((*key, held(value).as_str()));
    }
    element
}

/// Without the signs that XML cannot hold: people paste anything into a card's name.
fn held(value: &str) -> String {
    let holds = |sign: &char| matches!(sign, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    value.chars().filter(holds).collect()
}
