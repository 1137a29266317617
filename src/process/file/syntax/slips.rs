//! Slips of the pen that have one meaning: the wrong brackets, `:` for `=`, curly quotes, `True`, a
//! Cyrillic letter in a key, a pattern in double quotes.

use super::Slip;
use crate::process::file::letters::{foreign, latin, nearest};
use crate::process::file::shape::Shape;

const CURLY: [char; 7] = ['“', '”', '„', '«', '»', '‟', '″'];

/// A header with other brackets, or another name, than its part has.
pub(super) fn header(line: &str, at: usize, schema: &Shape<'_>) -> Option<Slip> {
    let begins = line.len() - line.trim_start().len();
    let written = line.split('#').next()?.trim();
    let bare = written.trim_matches(['[', ']', ' ']);
    let plain = |sign: char| sign.is_alphanumeric() || "._- ".contains(sign);
    if !written.starts_with('[') || bare.is_empty() || !bare.chars().all(plain) {
        return None;
    }
    let (mut shape, mut meant, mut strange) = (*schema, Vec::new(), None);
    for part in bare.split('.').map(str::trim) {
        let sections = shape.properties().filter(|key| {
            let part = shape.property(key);
            part.is_some_and(|part| part.is_list_of_tables() || part.kind() == "object")
        });
        let near = nearest(part, sections)?;
        if near != part {
            strange = Some(part);
        }
        shape = shape.property(near)?;
        meant.push(near);
        if shape.is_list_of_tables() && meant.len() < bare.split('.').count() {
            shape = shape.items();
        }
    }
    let name = meant.join(".");
    let instead = match shape.is_list_of_tables() {
        true => format!("[[{name}]]"),
        false => format!("[{name}]"),
    };
    if written.replace(' ', "") == instead {
        return None;
    }
    let (what, mend) = match strange {
        Some(strange) => (
            format!("there is no part `{strange}`"),
            match foreign(strange) {
                Some(letter) => {
                    format!("the `{letter}` in it is a Cyrillic letter: write `{instead}`")
                }
                None => format!("did you mean `{instead}`?"),
            },
        ),
        None => (
            format!("`{written}` has the wrong brackets"),
            format!("write `{instead}`"),
        ),
    };
    let span = at + begins..at + begins + written.len();
    Some(Slip {
        span,
        instead,
        what,
        mend,
    })
}

/// A line `key = value` that is nearly one.
pub(super) fn line(line: &str, at: usize) -> Vec<Slip> {
    let key = line.split(['=', ':', '"', '\'']).next().unwrap_or_default();
    let name = key.trim();
    let begins = line.len() - line.trim_start().len();
    let mut slips = Vec::new();
    if name.is_empty() || name.starts_with(['#', '[', '{']) {
        return slips;
    }
    if let Some(letter) = foreign(name) {
        slips.push(Slip {
            span: at + begins..at + begins + name.len(),
            instead: latin(name),
            what: format!("the `{letter}` in `{name}` is a Cyrillic letter"),
            mend: format!("write `{}` in Latin letters", latin(name)),
        });
    }
    let rest = &line[key.len()..];
    let word = |sign: char| sign.is_ascii_alphanumeric() || sign == '_';
    if rest.starts_with(':') && latin(name).chars().all(word) {
        slips.push(Slip {
            span: at + key.len()..at + key.len() + 1,
            instead: "=".into(),
            what: format!("`:` stands after `{name}`"),
            mend: format!("write `{name} = {}`", rest[1..].trim()),
        });
    }
    if rest.starts_with(['=', ':']) {
        let from = at + key.len() + 1;
        slips.extend(value(name, &rest[1..], from));
    }
    slips
}

fn value(key: &str, text: &str, at: usize) -> Option<Slip> {
    let begins = text.len() - text.trim_start().len();
    let written = text.trim();
    let (instead, what) = if let Some(truth) = truth(written) {
        (
            truth.to_owned(),
            format!("`{written}` is not how it is written here"),
        )
    } else if written.contains(CURLY) && !written.contains('"') {
        (
            written.replace(CURLY, "\""),
            "the quotes are not straight ones".to_owned(),
        )
    } else {
        let inner = written.strip_prefix('"')?.strip_suffix('"')?;
        if !inner.contains('\\') || inner.contains(['\'', '"']) {
            return None;
        }
        (
            format!("'{inner}'"),
            "in double quotes a backslash has a meaning of its own".to_owned(),
        )
    };
    (instead != written).then(|| Slip {
        span: at + begins..at + begins + written.len(),
        mend: format!("write `{key} = {instead}`"),
        instead,
        what,
    })
}

fn truth(word: &str) -> Option<&'static str> {
    match word.to_lowercase().as_str() {
        "true" | "yes" | "да" => Some("true"),
        "false" | "no" | "нет" => Some("false"),
        _ => None,
    }
}
