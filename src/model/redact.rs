//! Secrets that people type where they do not belong. Whatever is kept or shown goes through here
//! first: only the secret itself is cut, so that the sentence around it still reads. It must never
//! eat an ordinary sentence about passwords, and never put back what it cut.

use std::borrow::Cow;
use std::ops::Range;

/// What stands where a secret stood.
pub const MASK: &str = "«•••»";

const OPENING: &[char] = &['"', '\'', '`', '«', '“', '*', '_', '('];
const AROUND: &[char] = &[
    '"', '\'', '`', '«', '»', '“', '”', '*', '_', '(', ')', '[', ']', ',', ';', '.',
];
/// «Пароль от админки: …», "password for the source: …": still a label.
const QUALIFIERS: &str =
    "от для к на for of to источника админа ведущего эфира сервера source admin dj";
/// A word after «пароль:» that begins a sentence about the password.
const PROSE: &str = "в во на у см есть нет тот тут здесь там пока уже не in is at on see the a not \
    none no yes same only kept given sent stored vault safe created changed to tbd \
    keepass bitwarden 1password";
const PROSE_STEMS: &str = "сейф перед хран лежи лежа отправ высла созда смен измен только будет будут \
    клиент нужн";
/// Words about access that name no password themselves: behind them only what a generator makes up
/// is cut.
const NEARBY: &str =
    "доступ секрет токен пасс логин access secret token api login pw parol credential";
const LOGINS: &str = "логин login user username имя";
const JOINERS: &[&str] = &["/", "+", "&", "|", "и", "and"];

/// The text with every password and stream key in it replaced by [`MASK`].
pub fn cut_passwords(text: &str) -> Cow<'_, str> {
    // An id names nothing, and most of what Trello tells are ids.
    if text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Cow::Borrowed(text);
    }
    let mut secrets = in_addresses(text);
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        labelled(text, start, line, &mut secrets);
        nearby(text, start, line, &mut secrets);
        start += line.len();
    }
    if secrets.is_empty() {
        return Cow::Borrowed(text);
    }
    secrets.sort_by_key(|secret| (secret.start, secret.end));
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for secret in secrets {
        if secret.start >= done {
            out.push_str(&text[done..secret.start]);
            out.push_str(MASK);
        }
        done = done.max(secret.end);
    }
    out.push_str(&text[done..]);
    Cow::Owned(out)
}

/// [`cut_passwords`] over every string, and over the value of every key that names a password.
pub fn cut_json(value: &mut serde_json::Value) {
    use serde_json::Value;
    match value {
        Value::String(text) => {
            if let Cow::Owned(cut) = cut_passwords(text) {
                *text = cut;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(cut_json),
        Value::Object(fields) => {
            for (name, field) in fields.iter_mut() {
                match field {
                    Value::String(secret)
                        if keyword_at(name, 0).is_some_and(|end| end == name.len())
                            && !is_prose(secret, "") =>
                    {
                        *secret = MASK.to_owned();
                    }
                    _ => cut_json(field),
                }
            }
        }
        _ => {}
    }
}

/// Whether a value that should say where a password is kept may be the password itself.
pub fn looks_like_password(value: &str) -> bool {
    let value = value.trim();
    if value.contains("•••") || matches!(cut_passwords(value), Cow::Owned(_)) {
        return true;
    }
    let mut words = value.split_whitespace();
    match (words.next(), words.next()) {
        (Some(word), None) => is_random(word) || is_word_with_digits(word),
        _ => value.split_whitespace().any(is_random),
    }
}

/// `scheme://user:secret@host`
fn in_addresses(text: &str) -> Vec<Range<usize>> {
    let mut secrets = Vec::new();
    if !text.as_bytes().contains(&b':') {
        return secrets;
    }
    for (at, _) in text.match_indices("://") {
        let start = at + 3;
        let authority = text[start..]
            .split(|c: char| c.is_whitespace() || matches!(c, '/' | '"' | '<' | '>'))
            .next()
            .unwrap_or_default();
        let Some((credentials, _)) = authority.rsplit_once('@') else {
            continue;
        };
        if let Some((user, secret)) = credentials.split_once(':')
            && !is_masked(secret)
        {
            let from = start + user.len() + 1;
            secrets.push(from..from + secret.len());
        }
    }
    secrets
}

/// «Где лежат доступы: …», `token = …`: where a secret is kept may be said, the secret may not.
fn nearby(text: &str, start: usize, line: &str, secrets: &mut Vec<Range<usize>>) {
    let Some((label, said)) = line.split_once([':', '=']) else {
        return;
    };
    let label_end = label.len() + 1;
    let label = label.to_lowercase();
    if !NEARBY.split(' ').any(|word| label.contains(word)) {
        return;
    }
    let words = said.split_whitespace().filter(|word| !word.contains("://"));
    let parts = words.flat_map(|word| word.split(['/', ':', '=']));
    let from = start + label_end;
    for part in parts.map(|part| part.trim_matches(AROUND)) {
        let at = from + (part.as_ptr() as usize - said.as_ptr() as usize);
        let cut = at..at + part.len();
        if is_random(&text[cut.clone()]) {
            secrets.push(cut);
        }
    }
}

/// The secrets of one line that begins at `start` of the text.
fn labelled(text: &str, start: usize, line: &str, secrets: &mut Vec<Range<usize>>) {
    let (mut at, mut looked) = (0, false);
    while let Some(ahead) = line[at..].find(BEGINS) {
        at += ahead;
        let user_of_address = line[..at].ends_with("://");
        let Some(end) = keyword_at(line, at).filter(|_| !user_of_address) else {
            at += line[at..].chars().next().map_or(1, char::len_utf8);
            continue;
        };
        let stop = start + line.len();
        let mut rest = start + end;
        if let Some((separator, from)) = separator(line, end) {
            rest = start + from;
            if line[from..].trim().is_empty() {
                secrets.extend(alone_on_next_line(text, stop));
            } else if let Some(value) = value(text, rest, stop, separator) {
                let second = follows_login(&line[..at])
                    .then(|| second_value(text, value.end, stop))
                    .flatten();
                let secret = second.unwrap_or(value);
                let tail = &text[secret.end..stop];
                rest = secret.end + leading(tail, |c| !c.is_whitespace());
                if !is_masked(&text[secret.clone()]) {
                    secrets.push(secret);
                }
            }
        }
        // Behind the first name every word is looked at; a later one adds only what clings to it.
        let clings = rest + leading(&text[rest..stop], |c| !c.is_whitespace());
        let upto = if looked { clings } else { stop };
        secrets.extend(random_words(text, rest, upto));
        (at, looked) = (end, true);
    }
}

/// What the names of passwords begin with: most of a text is passed over by this alone.
const BEGINS: [char; 8] = ['п', 'П', 'к', 'К', 'p', 'P', 's', 'S'];

/// Where the name of a password that begins at `at` ends.
fn keyword_at(line: &str, at: usize) -> Option<usize> {
    let rest = &line[at..];
    if !rest.starts_with(BEGINS) {
        return None;
    }
    let after_word = || {
        line[..at]
            .chars()
            .next_back()
            .is_some_and(char::is_alphabetic)
    };
    let end = if let Some(end) = skip(rest, "парол") {
        end + letters(&rest[end..], 3)
    } else if let Some(end) = skip(rest, "ключ") {
        let end = end + letters(&rest[end..], 2);
        let gap = end + rest[end..].find(|c: char| c != ' ' && c != '_')?;
        let stem = ["поток", "стрим", "трансляц", "эфир", "вещан"]
            .iter()
            .find_map(|stem| skip(&rest[gap..], stem))?;
        if gap == end {
            return None;
        }
        gap + stem + letters(&rest[gap + stem..], 3)
    } else if let Some(end) = ["password", "passwd", "passphrase", "passcode", "streamkey"]
        .into_iter()
        .chain(["stream key", "stream_key", "stream-key"])
        .find_map(|word| skip(rest, word))
    {
        end + skip(&rest[end..], "s").unwrap_or(0)
    } else {
        let end = ["pass", "pwd"].iter().find_map(|word| skip(rest, word))?;
        if after_word() {
            return None;
        }
        end
    };
    let end = end + rest[end..].bytes().take_while(u8::is_ascii_digit).count();
    let ends = !rest[end..]
        .chars()
        .next()
        .is_some_and(char::is_alphanumeric);
    ends.then_some(at + end)
}

/// The byte length of `word` at the start of the text, whatever its case.
fn skip(text: &str, word: &str) -> Option<usize> {
    if word.is_ascii() {
        let head = text.as_bytes().get(..word.len())?;
        return head
            .eq_ignore_ascii_case(word.as_bytes())
            .then_some(word.len());
    }
    let mut chars = text.chars();
    let mut length = 0;
    for wanted in word.chars() {
        let c = chars.next()?;
        if !c.to_lowercase().eq(std::iter::once(wanted)) {
            return None;
        }
        length += c.len_utf8();
    }
    Some(length)
}

fn letters(text: &str, most: usize) -> usize {
    text.chars()
        .take(most)
        .take_while(|c| c.is_alphabetic())
        .map(char::len_utf8)
        .sum()
}

/// The `:`, `=` or `>` after a name, and where its value may begin.
fn separator(line: &str, end: usize) -> Option<(char, usize)> {
    let mut at = end;
    for turn in 0..4 {
        at += leading(&line[at..], |c| {
            c == ' ' || c == '\t' || AROUND.contains(&c)
        });
        if let Some(separator) = line[at..].chars().next().filter(|c| ":=>".contains(*c)) {
            let at = at + leading(&line[at..], |c| ":=>".contains(c));
            return Some((separator, at));
        }
        let word = leading(&line[at..], char::is_alphanumeric);
        let known = listed(QUALIFIERS, &line[at..at + word].to_lowercase());
        if word == 0 || (turn == 0 && !known) {
            return None;
        }
        at += word;
    }
    None
}

fn listed(words: &str, word: &str) -> bool {
    words.split(' ').any(|known| known == word)
}

fn leading(text: &str, wanted: impl Fn(char) -> bool) -> usize {
    text.find(|c| !wanted(c)).unwrap_or(text.len())
}

/// The secret between `from` and the end of its line, unless a sentence stands there.
fn value(text: &str, from: usize, end: usize, separator: char) -> Option<Range<usize>> {
    // The end of a bold label, «**Пароль:** …», belongs to the label.
    let bold = leading(&text[from..end], |c| c == '*' || c == '_');
    let label_ends = text[from + bold..end].starts_with(' ');
    let from = from + if label_ends { bold } else { 0 };
    let from = from + leading(&text[from..end], char::is_whitespace);
    let marks = leading(&text[from..end], |c| OPENING.contains(&c));
    let inside = from + marks;
    if text[inside..end].starts_with('•') {
        return None;
    }
    let closing = text[from..inside].chars().next_back().map(closing_of);
    let value = match closing.and_then(|close| text[inside..end].find(close)) {
        Some(length) => inside..inside + length,
        None => {
            let length = word_end(&text[from..end], separator);
            from..from + length
        }
    };
    let word = &text[value.clone()];
    let rest = &text[value.end..end];
    (!word.is_empty() && !is_prose(word, rest)).then_some(value)
}

fn closing_of(opening: char) -> char {
    match opening {
        '«' => '»',
        '“' => '”',
        '(' => ')',
        same => same,
    }
}

/// A password may hold any mark, so a mark ends it only where something else clearly begins.
fn word_end(text: &str, separator: char) -> usize {
    for (at, c) in text.char_indices() {
        let rest = &text[at + c.len_utf8()..];
        let ends = match c {
            '<' => separator == '>',
            ',' | ';' | '&' => {
                let name = leading(rest, |c| c.is_alphanumeric() || c == '_' || c == '-');
                rest.chars().next().is_none_or(char::is_whitespace)
                    || (name > 0 && rest[name..].starts_with(['=', ':']))
            }
            _ => c.is_whitespace(),
        };
        if ends {
            return at;
        }
    }
    text.len()
}

/// «логин/пароль: admin qwerty»: the second word is the password.
fn second_value(text: &str, from: usize, end: usize) -> Option<Range<usize>> {
    let gap = |c: char| c.is_whitespace() || matches!(c, '/' | '|' | ',' | ';');
    let from = from + leading(&text[from..end], gap);
    let second = from..from + word_end(&text[from..end], ':');
    let rest = &text[second.end..end];
    let word = &text[second.clone()];
    let secret = word.contains('•') || !is_prose(word, rest);
    (!second.is_empty() && secret).then_some(second)
}

fn follows_login(before: &str) -> bool {
    let before = before.trim_end().to_lowercase();
    JOINERS.iter().any(|joiner| {
        before.strip_suffix(joiner).is_some_and(|login| {
            LOGINS
                .split(' ')
                .any(|name| login.trim_end().ends_with(name))
        })
    })
}

fn alone_on_next_line(text: &str, from: usize) -> Option<Range<usize>> {
    let line = text[from..].lines().next()?;
    let word = line.trim();
    let at = from + (line.len() - line.trim_start().len());
    (!word.contains(char::is_whitespace) && looks_random_alone(word)).then(|| at..at + word.len())
}

fn looks_random_alone(word: &str) -> bool {
    is_random(word) || is_word_with_digits(word)
}

fn random_words(text: &str, from: usize, end: usize) -> impl Iterator<Item = Range<usize>> {
    text[from..end].split_whitespace().filter_map(move |word| {
        let inner = word.trim_matches(AROUND);
        let at = inner.as_ptr() as usize - text.as_ptr() as usize;
        looks_random_alone(inner).then(|| at..at + inner.len())
    })
}

fn is_masked(value: &str) -> bool {
    value.chars().all(|c| !c.is_alphanumeric())
        && (value.chars().all(|c| "•*«»_-—–….".contains(c)) || value.is_empty())
}

/// Whether the word after «пароль:» begins a sentence, or nothing is there.
fn is_prose(word: &str, rest: &str) -> bool {
    let word = word.trim_matches(AROUND);
    if is_masked(word) || word.contains("://") {
        return true;
    }
    if let Some(label) = word.strip_suffix(':') {
        return is_plain(label);
    }
    let lower = word.to_lowercase();
    let stem = |stem| lower.starts_with(stem);
    if listed(PROSE, &lower) || PROSE_STEMS.split(' ').any(stem) {
        return true;
    }
    let follow = rest
        .split_whitespace()
        .map(|next| next.trim_matches(AROUND))
        .take(2)
        .take_while(|next| is_plain(next) && is_cyrillic(next) == is_cyrillic(word))
        .count();
    is_plain(word) && follow >= if is_cyrillic(word) { 1 } else { 2 }
}

fn is_plain(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_alphabetic() || c == '-')
}

fn is_cyrillic(word: &str) -> bool {
    word.chars().any(|c| ('\u{400}'..='\u{4ff}').contains(&c))
}

/// Letters, digits and marks as only a generator mixes them.
fn is_random(word: &str) -> bool {
    let host = |c: char| c.is_ascii_alphanumeric() || ".-_:/@+?=&%#~".contains(c);
    let address = word.contains('.') && word.chars().all(host);
    let inside_text = word.contains(['"', '•']);
    if word.contains("://") || inside_text || address || word.starts_with('@') || is_cyrillic(word)
    {
        return false;
    }
    let lower = word.chars().any(char::is_lowercase);
    let upper = word.chars().any(char::is_uppercase);
    let digit = word.chars().any(|c| c.is_ascii_digit());
    let mark = word.chars().any(|c| "$!@#%^&*+=~?|<>{}".contains(c));
    let length = word.chars().count();
    if mark {
        return (length >= 6 && digit && (lower || upper)) || (length >= 8 && lower && upper);
    }
    let parts: Vec<&str> = word.split('-').collect();
    let key = parts.len() >= 3
        && parts
            .iter()
            .all(|part| part.len() == parts[0].len() && part.len() >= 4);
    (key && digit && (lower || upper))
        || parts
            .iter()
            .any(|part| part.len() >= 8 && changes(part) >= 3)
}

/// How often letters give way to digits or digits to letters.
fn changes(part: &str) -> usize {
    if !part.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return 0;
    }
    part.as_bytes()
        .windows(2)
        .filter(|pair| pair[0].is_ascii_digit() != pair[1].is_ascii_digit())
        .count()
}

/// `Kefir2026`: as people make passwords up.
fn is_word_with_digits(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    word.len() >= 8
        && word.bytes().all(|b| b.is_ascii_alphanumeric())
        && digits >= 2
        && digits < word.len()
}

#[cfg(test)]
#[path = "redact_tests.rs"]
mod tests;
