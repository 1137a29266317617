//! Words that are nearly right: the nearest known one, and letters of another alphabet that look like
//! those of this one.

/// Cyrillic letters and the Latin ones that nobody can tell them from.
const ALIKE: (&[char], &[u8]) = (
    &[
        'а', 'е', 'о', 'р', 'с', 'х', 'у', 'і', 'ѕ', 'ј', 'к', 'А', 'В', 'Е', 'К', 'М', 'Н', 'О',
        'Р', 'С', 'Т', 'У', 'Х',
    ],
    b"aeopcxyisjkABEKMHOPCTYX",
);

/// What lists show of long ones.
const MOST: usize = 12;

fn twin(letter: char) -> Option<char> {
    let (theirs, ours) = ALIKE;
    let at = theirs.iter().position(|one| *one == letter)?;
    ours.get(at).map(|byte| char::from(*byte))
}

/// The word with every letter that looks Latin made Latin.
pub(super) fn latin(word: &str) -> String {
    word.chars()
        .map(|letter| twin(letter).unwrap_or(letter))
        .collect()
}

/// A Cyrillic letter in a word that would be Latin without it.
pub(super) fn foreign(word: &str) -> Option<char> {
    let letter = word.chars().find(|letter| twin(*letter).is_some())?;
    latin(word).is_ascii().then_some(letter)
}

/// The known word nearest to a wrong one, if it is near. Of equally near ones that which begins and
/// ends more alike.
pub(in crate::process) fn nearest<'k>(
    word: &str,
    known: impl IntoIterator<Item = &'k str>,
) -> Option<&'k str> {
    let word = latin(word).to_lowercase();
    let ends = |one: &str| {
        let same = |pair: &(char, char)| pair.0 == pair.1;
        let first = word.chars().zip(one.chars()).take_while(same).count();
        let last = word.chars().rev().zip(one.chars().rev());
        first + last.take_while(same).count()
    };
    let near = known.into_iter().filter_map(|one| {
        let plain = latin(one).to_lowercase();
        let begins = plain.chars().count() > 2 && word.starts_with(&plain);
        let near = match begins {
            true => 0.9,
            false => strsim::normalized_damerau_levenshtein(&word, &plain),
        };
        (near > 0.5).then(|| (near, ends(&plain), one))
    });
    near.max_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))
        .map(|(_, _, one)| one)
}

/// “did you mean …”, the letter that is another, or what there is.
pub(super) fn instead<'k>(word: &str, known: impl IntoIterator<Item = &'k str> + Clone) -> String {
    let Some(near) = nearest(word, known.clone()) else {
        return there_are(known);
    };
    if latin(near) != latin(word) || near == word {
        return format!("did you mean `{near}`?");
    }
    match (foreign(word), foreign(near)) {
        (Some(letter), _) => {
            format!("the `{letter}` in it is a Cyrillic letter: write `{near}` in Latin letters")
        }
        (None, Some(letter)) => format!(
            "did you mean `{near}`? The `{letter}` there is a Cyrillic letter: write both in Latin letters"
        ),
        (None, None) => format!("did you mean `{near}`?"),
    }
}

fn there_are<'k>(known: impl IntoIterator<Item = &'k str>) -> String {
    let mut known: Vec<String> = known.into_iter().map(|one| format!("`{one}`")).collect();
    let more = known.len().saturating_sub(MOST);
    known.truncate(MOST);
    match (known.is_empty(), more) {
        (true, _) => "none is declared".into(),
        (false, 0) => format!("there are {}", known.join(", ")),
        (false, more) => format!("there are {} and {more} more", known.join(", ")),
    }
}
