//! How text that people type is compared and trimmed. Pure; it never changes what is stored, only
//! how two spellings are told to be the same.

/// One spelling for text that people write in many ways: case, ё/е, spaces, the dash and the
/// quotes used make no difference.
pub fn normal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    out.extend(folded(text));
    out
}

/// `normal(a) == normal(b)`, without making either.
pub fn same(a: &str, b: &str) -> bool {
    a == b || folded(a).eq(folded(b))
}

pub(super) fn folded(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter_map(fold)
}

/// What a character counts as; none for what is not seen.
pub(super) fn fold(c: char) -> Option<char> {
    match c {
        'a'..='z' | '0'..='9' | 'а'..='я' => Some(c),
        'A'..='Z' => Some(c.to_ascii_lowercase()),
        // The general way is ten times slower, and most labels are Russian.
        'А'..='Я' => char::from_u32(c as u32 + 32),
        'ё' | 'Ё' => Some('е'),
        // The two dots of a decomposed ё, as macOS writes it.
        '\u{308}' => None,
        _ if is_blank(c) => None,
        _ if is_dash(c) => Some('-'),
        _ if is_apostrophe(c) => Some('\''),
        _ if is_quote(c) => Some('"'),
        _ => c.to_lowercase().next(),
    }
}

/// White space, and what cannot be seen: Trello's editor leaves zero-width characters.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(
            c,
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'
        )
}

pub(super) fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

pub(super) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '‘' | '’' | 'ʼ' | '`')
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '«' | '»' | '“' | '”' | '„' | '‟')
}

/// A value without what people put around it: spaces, dashes, a pair of quotes. A dash, dots or a
/// row of underscores alone mean "nothing here". Borrowed from `text`, nothing inside is touched.
pub fn clean(text: &str) -> &str {
    let mut text = text;
    loop {
        let shorter = unquote(undash(text.trim_matches(is_blank)));
        if shorter.len() == text.len() {
            break;
        }
        text = shorter;
    }
    if text
        .chars()
        .all(|c| is_dash(c) || matches!(c, '_' | '.' | '…'))
    {
        return "";
    }
    text
}

/// A dash before a digit is a sign, and one that ends a word may be part of it: both stay.
fn undash(text: &str) -> &str {
    let mut text = text;
    if text.starts_with(is_dash) {
        let rest = text.trim_start_matches(is_dash);
        if !rest.starts_with(|c: char| c.is_ascii_digit()) {
            text = rest;
        }
    }
    let rest = text.trim_end_matches(is_dash);
    if text.ends_with(['–', '—']) || rest.ends_with(is_blank) {
        text = rest;
    }
    text
}

/// Takes off one pair of quotes that spans the whole text: «ООО «Кефир»» but not ООО «Кефир», and
/// not «Кефир» и «Омлет».
fn unquote(text: &str) -> &str {
    let mut chars = text.chars();
    let (Some(open), Some(close)) = (chars.next(), chars.next_back()) else {
        return text;
    };
    let inner = chars.as_str();
    let spans = match (open, close) {
        ('"', '"') | ('\'', '\'') => !inner.contains(open),
        ('«', '»') | ('“', '”') | ('„', '“') | ('„', '”') | ('‘', '’') => {
            balanced(inner, open, close)
        }
        _ => false,
    };
    if spans { inner } else { text }
}

fn balanced(inner: &str, open: char, close: char) -> bool {
    let mut depth = 0i32;
    for c in inner.chars() {
        if c == open {
            depth += 1;
        } else if c == close {
            depth -= 1;
        }
        if depth < 0 {
            return false;
        }
    }
    depth == 0
}

/// The month that a word in small letters begins as, in either language, in short or whole.
pub(super) fn named_month(word: &str) -> Option<i8> {
    const RU: [&str; 12] = [
        "янв", "фев", "мар", "апр", "ма", "июн", "июл", "авг", "сен", "окт", "ноя", "дек",
    ];
    const EN: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let found = |names: &[&str; 12]| names.iter().position(|name| word.starts_with(name));
    let nth = found(&RU).or_else(|| found(&EN))?;
    i8::try_from(nth + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spellings_that_are_the_same() {
        for (a, b) in [
            ("ООО / АО", "ооо/ао"),
            ("Учёт", "УЧЕТ"),
            ("Учёт", "Уче\u{308}т"),
            ("МСК−1", "мск - 1"),
            ("Contact's phone", "contact’s  Phone"),
            ("тариф «Сеть»", "Тариф \"Сеть\""),
            ("HE-AAC\u{a0}v1", "he‑aac v1"),
        ] {
            assert!(same(a, b), "{a} = {b}");
            assert_eq!(normal(a), normal(b));
        }
        assert!(!same("МСК−1", "МСК+1"));
        assert!(!same("мой", "мои"));
    }

    #[test]
    fn what_is_around_a_value_goes() {
        for (typed, value) in [
            ("\u{a0} — MP3 — ", "MP3"),
            ("«MP3»", "MP3"),
            ("\"2026-041\"", "2026-041"),
            ("ООО «Кефир»", "ООО «Кефир»"),
            ("«ООО «Кефир»»", "ООО «Кефир»"),
            ("«Кефир» и «Омлет»", "«Кефир» и «Омлет»"),
            ("-5", "-5"),
            ("−5", "−5"),
            ("- MP3", "MP3"),
            ("—", ""),
            ("____", ""),
            ("…", ""),
            ("https://x.example/a-", "https://x.example/a-"),
            ("\u{feff}\u{200b}", ""),
            ("«»", ""),
        ] {
            assert_eq!(clean(typed), value, "{typed}");
        }
    }

    proptest! {
        #[test]
        fn cleaning_is_done_once(text in "[ \u{a0}«»\"'—–a-zа-я0-9-]{0,20}") {
            prop_assert_eq!(clean(clean(&text)), clean(&text));
        }
        #[test]
        fn same_says_what_normal_says(a in "[АаЁёЕе «\"-]{0,4}", b in "[АаЁёЕе «\"-]{0,4}") {
            prop_assert_eq!(same(&a, &b), normal(&a) == normal(&b));
        }
    }
}
