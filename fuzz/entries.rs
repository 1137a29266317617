//! Where bytes from outside come in, and what must hold whatever they are: no panic, and nothing
//! that grows out of proportion. The fuzz targets call these, and so do the short runs of
//! `tests/fuzz.rs`.

use secrecy::SecretString;
use signalman::model::{Event, redact};
use signalman::process::edit::{Change, apply, form};
use signalman::process::{AddBlock, Process, SetLine, file, lines};
use signalman::trello::{action, hook};
use std::sync::LazyLock;

static RADIO: LazyLock<Process> = LazyLock::new(|| {
    let text = include_str!("../radio.ru.toml");
    file::in_force(text).expect("the shipped process can be in force")
});

/// A webhook's delivery: the signature in the first line, then the body.
pub fn hook(data: &[u8]) {
    let end = data.iter().position(|byte| *byte == b'\n');
    let (header, body) = data.split_at(end.map_or(0, |end| end + 1));
    let secrets = ["s3cr3t", "new"].map(SecretString::from);
    let url = "https://signalman.example/hooks/trello/b1";
    let header = String::from_utf8_lossy(header);
    assert!(
        !hook::verify(&secrets, body, url, &header),
        "signed with a secret that nobody knows"
    );
    match action::delivered(body) {
        Ok(event) => kept(&event, body.len()),
        Err(reason) => assert!(
            reason.len() < 1_000 + 2 * body.len(),
            "{} bytes of reason",
            reason.len()
        ),
    }
}

/// An action as a list of actions tells it.
pub fn action(data: &[u8]) {
    let Ok(value) = serde_json::from_slice(data) else {
        return;
    };
    if let Ok(event) = action::event(value) {
        kept(&event, data.len());
    }
}

/// An event is kept as it is, and holds no more than was told.
fn kept(event: &Event, told: usize) {
    let kept = serde_json::to_string(event).expect("an event can be written");
    let again: Event = serde_json::from_str(&kept).expect("an event can be read");
    assert_eq!(*event, again);
    assert_eq!(event.lane(), again.lane());
    assert!(
        kept.len() <= 10 * told + 4_096,
        "{told} bytes became {}",
        kept.len()
    );
}

/// A process file: every mistake in it can be shown, and one that can be in force can be promised.
pub fn process(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let told = match file::read(&text) {
        Ok(checked) => {
            assert!(!checked.process.stages.is_empty());
            assert!(
                file::in_force(&text).is_some(),
                "what is sound can be in force"
            );
            let promises = file::promises(&checked.process);
            assert!(promises.len() < 10_000, "{} promises", promises.len());
            checked.warnings
        }
        Err(mistakes) => {
            assert!(!mistakes.is_empty(), "refused without a word");
            mistakes
        }
    };
    assert!(
        told.len() <= 64 + text.len(),
        "{} mistakes in {} bytes",
        told.len(),
        text.len()
    );
    // Each is looked for from the beginning of the text: a hundred are enough.
    for mistake in told.iter().take(100) {
        assert!(mistake.span.end <= text.len() && mistake.span.start <= mistake.span.end);
        let shown = file::render(mistake, "process.toml", &text);
        assert!(shown.len() < 4_096 + 8 * text.len());
    }
    edit(&text);
}

/// What a form may ask for in the files that are checked elsewhere, and in what is nearly such a file.
static CHANGES: LazyLock<Vec<Change>> = LazyLock::new(|| {
    let at = r#""at": {"part": "stage", "key": "pay"}"#;
    let other = r#""at": {"part": "item", "checklist": "deal", "key": "signed"}"#;
    let text = format!(
        r#"[
        {{"change": "set", {at}, "key": "name", "value": "Счёт\n\"и\" оплата"}},
        {{"change": "set", {at}, "key": "movers", "value": ["clerk", "boss", "x"]}},
        {{"change": "set", {at}, "key": "need", "value": null}},
        {{"change": "set", {at}, "key": "need", "value": [{{"any": [{{"field": "inn"}}]}}]}},
        {{"change": "set", {at}, "key": "archive", "value": {{"by": ["boss"], "after": "deal"}}}},
        {{"change": "set", "at": {{"part": "seed", "stage": "new"}}, "key": "letter", "value": "{{inn}}\n"}},
        {{"change": "set", "at": {{"part": "limits"}}, "key": "bulk", "value": 7}},
        {{"change": "set", "at": {{"part": "file"}}, "key": "mode", "value": "watch"}},
        {{"change": "set", "at": {{"part": "file"}}, "key": "name", "value": null}},
        {{"change": "rename", {at}, "to": "paid"}},
        {{"change": "rename", {other}, "to": "sealed"}},
        {{"change": "rename", "at": {{"part": "field", "key": "inn"}}, "to": "tax"}},
        {{"change": "rename", "at": {{"part": "role", "key": "boss"}}, "to": "head"}},
        {{"change": "remove", {at}}},
        {{"change": "remove", {other}}},
        {{"change": "remove", "at": {{"part": "need", "stage": "work", "nth": 0}}}},
        {{"change": "move", {at}}},
        {{"change": "move", {at}, "after": "work"}},
        {{"change": "move", {other}, "after": "paid"}},
        {{"change": "add", "to": {{"list": "need", "stage": "work"}}, "what": {{"field": "due"}}}},
        {{"change": "add", "to": {{"list": "stage"}}, "what": {{"key": "x", "seed": {{"due": true}}}}, "after": "new"}},
        {{"change": "add", "to": {{"list": "label"}}, "what": {{"key": "late", "name": "Поздно"}}}}
        ]"#
    );
    serde_json::from_str(&text).expect("changes that can be read")
});

/// A file under a form: nothing is changed unasked, and whatever is asked is made or refused.
fn edit(text: &str) {
    // Each is a file read several times.
    const LARGEST: usize = 16_384;
    if let Ok(same) = apply(text, &[]) {
        assert_eq!(same.text, text);
    }
    if let Err(told) = form(text) {
        assert!(!told.is_empty(), "not shown, without a word");
    }
    for change in CHANGES.iter().filter(|_| text.len() < LARGEST) {
        if let Ok(edited) = apply(text, std::slice::from_ref(change)) {
            assert_eq!(edited.diff.is_empty(), edited.text == text);
        }
    }
}

/// A description, and a line of it that is to be changed: the label's number, the value, the rest.
pub fn description(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (value, desc) = text.split_once('\n').unwrap_or(("", &text));
    let nth = usize::from(data.first().copied().unwrap_or(0)) % RADIO.fields.len();
    let field = &RADIO.fields[nth];
    let norms: Vec<&str> = RADIO
        .fields
        .iter()
        .map(|field| field.label_norm.as_str())
        .collect();
    let before = lines::parse(desc, &norms);
    assert!(before.values.len() == norms.len() && before.doubled.len() <= norms.len());
    if let Ok(after) = lines::set(desc, &field.name, value, false) {
        assert!(after.len() <= desc.len() + 2 * value.len() + field.name.len() + 8);
        let read = lines::parse(&after, &norms);
        for (at, value) in read.values.iter().enumerate().filter(|(at, _)| *at != nth) {
            assert_eq!(*value, before.values[at], "of «{}»", RADIO.fields[at].name);
        }
        let again = lines::set(&after, &field.name, value, false);
        assert_eq!(again.as_deref(), Ok(after.as_str()), "set twice");
    }
    let set = SetLine {
        field: field.key.clone(),
        label: field.name.clone(),
        value: value.to_owned(),
        only_if_empty: true,
        over: None,
    };
    let block = &RADIO.blocks[nth % RADIO.blocks.len()];
    let names = block.fields.iter().filter_map(|key| RADIO.field(key));
    let block = AddBlock {
        name: block.name.clone(),
        labels: names.map(|field| field.name.clone()).collect(),
    };
    let blocks = std::slice::from_ref(&block);
    if let Ok(after) = lines::apply(desc, std::slice::from_ref(&set), blocks) {
        assert!(after.encode_utf16().count() <= lines::LIMIT.max(desc.encode_utf16().count()));
        let again = lines::apply(&after, &[], blocks);
        assert_eq!(again.as_deref(), Ok(after.as_str()), "a block added twice");
    }
    let cut = redact::cut_passwords(&text);
    assert!(cut.len() <= 8 * text.len() + 64);
    assert_eq!(redact::cut_passwords(&cut), cut, "cut twice");
}
