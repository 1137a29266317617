//! Whether a comment that stands on a card is the one that we may have written: Trello gives no key to
//! know a write by, so a comment is known by the decision's id that it bears, or else by its text.

pub(super) fn same_comment(there: &str, text: &str, decision: &str) -> bool {
    there == text || names(there, decision) && names(text, decision)
}

/// As a word of its own: an id of digits alone may stand within an address.
fn names(text: &str, decision: &str) -> bool {
    let mut words = text.split(|sign: char| !sign.is_alphanumeric());
    words.any(|word| word == decision)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_is_known_by_its_decision_and_not_by_digits_in_an_address() {
        let page = "https://signalman.example/c/5f0012345600000000000001/5f0000000000000000000002";
        let refused = format!("Рано. Подробнее: /почему · 7K3FQ2 · 123456\nПодробно: {page}");
        let edited = format!("✓ Было: рано (7K3FQ2, 123456). {page}");
        assert!(same_comment(&refused, &edited, "123456"));
        assert!(same_comment(&refused, &edited, "7K3FQ2"));
        let arrived = format!("Ваш ход.\nПодробно: {page}");
        assert!(!same_comment(&arrived, &refused, "123456"));
        assert!(same_comment(&arrived, &arrived.clone(), "8M1TC4"));
    }
}
