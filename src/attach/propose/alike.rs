//! How like two names are, whatever their endings and the order of their words.

use crate::process::normal;
use strsim::{jaro_winkler, normalized_damerau_levenshtein};

/// Letters by which two words are of one root: «счёт» and «счета», “invoice” and “invoicing”.
const ROOT: usize = 4;
/// As like as this, two words are one.
const SAME: f64 = 0.9;

fn words(text: &str) -> Vec<String> {
    let text = text.to_lowercase().replace('ё', "е");
    let words = text.split(|sign: char| !sign.is_alphanumeric());
    // Short words bind the others and say nothing themselves.
    let words = words.filter(|word| word.chars().count() > 2);
    words.map(str::to_owned).collect()
}

/// Letter by letter. Nearly the same is a slip of the pen; half the letters in common are chance:
/// «Подключение» is not «Отключён».
fn typed(a: &str, b: &str) -> f64 {
    const SLIP: f64 = 0.8;
    const CHANCE: f64 = 0.7;
    let like = normalized_damerau_levenshtein(a, b);
    if like >= SLIP { like } else { like * CHANCE }
}

fn word(a: &str, b: &str) -> f64 {
    let (short, long) = match a.chars().count() < b.chars().count() {
        true => (a, b),
        false => (b, a),
    };
    let shared = short
        .chars()
        .zip(long.chars())
        .take_while(|(a, b)| a == b)
        .count();
    let all = short.chars().count();
    match shared >= ROOT && shared + 2 >= all {
        true => SAME.max(jaro_winkler(a, b)),
        false => typed(a, b),
    }
}

/// 1: the same; 0: nothing in common.
pub(super) fn alike(a: &str, b: &str) -> f64 {
    let whole = typed(&normal(a), &normal(b));
    let (a, b) = (words(a), words(b));
    if a.is_empty() || b.is_empty() {
        return whole;
    }
    let best =
        |one: &String, all: &[String]| all.iter().map(|other| word(one, other)).fold(0.0, f64::max);
    let sum: f64 = a
        .iter()
        .map(|one| best(one, &b))
        .chain(b.iter().map(|one| best(one, &a)))
        .sum();
    let both = u32::try_from(a.len() + b.len()).unwrap_or(u32::MAX);
    whole.max(sum / f64::from(both))
}

/// Whether a word stands in a text, perhaps with another ending.
pub(super) fn has_word(text: &str, wanted: &str) -> bool {
    let wanted = words(wanted);
    let text = words(text);
    !wanted.is_empty()
        && wanted
            .iter()
            .all(|wanted| text.iter().any(|one| word(one, wanted) >= SAME))
}
#[cfg(test)]
mod tests {
    use super::super::ALIKE;
    use super::{alike, has_word};

    #[test]
    fn names_are_as_like_as_people_find_them() {
        let like = [
            ("Сбор данных", "Собираем данные"),
            ("Расчёт и предложение", "Предложение и расчёт"),
            ("Счёт и оплата", "Оплата счёта"),
            ("Проверка и передача", "Передача"),
            ("Отказ", "Отказы"),
            ("Invoice and payment", "Paid invoices"),
            ("Contract", "Contarct"),
        ];
        for (a, b) in like {
            assert!(alike(a, b) >= ALIKE, "{a} | {b}: {}", alike(a, b));
        }
        let unlike = [
            ("Подключение", "Отключён"),
            ("Отложено", "Предложение"),
            ("Details", "Deals"),
            ("Handover", "Done"),
            ("Quote", "To do"),
            ("💡", "🔥"),
        ];
        for (a, b) in unlike {
            assert!(alike(a, b) < ALIKE, "{a} | {b}: {}", alike(a, b));
        }
    }

    #[test]
    fn a_role_is_told_by_a_word_of_a_name() {
        assert!(has_word("Ольга (бухгалтерия)", "бухгалтер"));
        assert!(has_word("olga_accountant", "accountant"));
        assert!(!has_word("Инга Инжирова", "инженер"));
        assert!(!has_word("Ольга", ""));
    }
}
