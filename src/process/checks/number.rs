//! Numbers that are names and carry their own check digit. A letter among the digits and a wrong
//! length are told apart from a wrong digit, because each is mended in another way.

use crate::process::facts::Problem;
use crate::process::rules::Check;
use crate::process::text::{is_blank, is_dash};

type Digits = Result<String, Problem>;

/// 10 digits for an organisation, 12 for a person.
pub(super) fn inn(typed: &str) -> Digits {
    let digits = digits(typed, &[10, 12])?;
    let right = if digits.len() == 10 {
        weighed(&digits, &[2, 4, 10, 3, 5, 9, 4, 6, 8])
    } else {
        weighed(&digits, &[7, 2, 4, 10, 3, 5, 9, 4, 6, 8])
            && weighed(&digits, &[3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8])
    };
    checked(Check::Inn, digits, right)
}

/// 13 digits, 15 for a sole trader.
pub(super) fn ogrn(typed: &str) -> Digits {
    let digits = digits(typed, &[13, 15])?;
    let (number, last) = digits.split_at(digits.len() - 1);
    let divisor = if digits.len() == 13 { 11 } else { 13 };
    let right = number.parse::<u64>().ok().map(|n| n % divisor % 10) == last.parse().ok();
    checked(Check::Ogrn, digits, right)
}

/// The length each country gives its IBAN; others are judged by their check digits alone.
const LENGTHS: [(&str, usize); 40] = [
    ("AD", 24),
    ("AT", 20),
    ("BE", 16),
    ("BG", 22),
    ("BY", 28),
    ("CH", 21),
    ("CY", 28),
    ("CZ", 24),
    ("DE", 22),
    ("DK", 18),
    ("EE", 20),
    ("ES", 24),
    ("FI", 18),
    ("FR", 27),
    ("GB", 22),
    ("GE", 22),
    ("GR", 27),
    ("HR", 21),
    ("HU", 28),
    ("IE", 22),
    ("IS", 26),
    ("IT", 27),
    ("KZ", 20),
    ("LI", 21),
    ("LT", 20),
    ("LU", 20),
    ("LV", 21),
    ("MC", 27),
    ("MD", 24),
    ("MT", 31),
    ("NL", 18),
    ("NO", 15),
    ("PL", 28),
    ("PT", 25),
    ("RO", 24),
    ("RS", 22),
    ("SE", 24),
    ("SI", 19),
    ("SK", 24),
    ("TR", 26),
];

pub(super) fn iban(typed: &str) -> Digits {
    let account: String = typed
        .chars()
        .filter(|c| !is_blank(*c) && !is_dash(*c))
        .map(|c| c.to_ascii_uppercase())
        .collect();
    for (at, c) in account.chars().enumerate() {
        let right = match at {
            0 | 1 => c.is_ascii_uppercase(),
            2 | 3 => c.is_ascii_digit(),
            _ => c.is_ascii_alphanumeric(),
        };
        if !right {
            return Err(Problem::NotDigits { letter: c });
        }
    }
    let country = account.get(..2).unwrap_or_default();
    let known = LENGTHS.iter().find(|(code, _)| *code == country);
    let have = account.len();
    match known {
        Some((_, length)) if *length != have => {
            let want = vec![*length];
            Err(Problem::WrongLength { want, have })
        }
        None if !(15..=34).contains(&have) => Err(Problem::CheckDigit { check: Check::Iban }),
        _ => {
            let right = mod_97(&account) == 1;
            checked(Check::Iban, account, right)
        }
    }
}

/// The first four characters go last, letters count from 10 on.
fn mod_97(account: &str) -> u32 {
    let (head, tail) = account.split_at(account.len().min(4));
    let digits = tail
        .chars()
        .chain(head.chars())
        .filter_map(|c| c.to_digit(36));
    digits.fold(0, |rest, value| {
        let shift = if value > 9 { 100 } else { 10 };
        (rest * shift + value) % 97
    })
}

fn digits(typed: &str, want: &[usize]) -> Digits {
    let digits: String = typed.chars().filter(|c| !is_blank(*c)).collect();
    if let Some(letter) = digits.chars().find(|c| !c.is_ascii_digit()) {
        return Err(Problem::NotDigits { letter });
    }
    let have = digits.len();
    if want.contains(&have) {
        return Ok(digits);
    }
    let want = want.to_vec();
    Err(Problem::WrongLength { want, have })
}

/// Whether the digit after the weighed ones is their sum's remainder.
fn weighed(digits: &str, weights: &[u32]) -> bool {
    let digits: Vec<u32> = digits.chars().filter_map(|c| c.to_digit(10)).collect();
    let sum: u32 = digits.iter().zip(weights).map(|(a, b)| a * b).sum();
    digits.get(weights.len()) == Some(&(sum % 11 % 10))
}

/// Zeros alone pass every check, and are nobody's number.
fn checked(check: Check, digits: String, right: bool) -> Digits {
    if right && digits.contains(|c| c != '0') {
        Ok(digits)
    } else {
        Err(Problem::CheckDigit { check })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const INNS: [&str; 8] = [
        "9601000001",
        "9602000004",
        "9603000007",
        "9604000000",
        "9605000002",
        "0109000009",
        "960600000037",
        "960700000023",
    ];
    const OGRNS: [&str; 6] = [
        "1269600000010",
        "1269600000020",
        "1269600000031",
        "1269600000042",
        "326960000000010",
        "326960000000021",
    ];

    #[test]
    fn right_numbers() {
        for number in INNS {
            assert_eq!(inn(number), Ok(number.to_owned()));
        }
        for number in OGRNS {
            assert_eq!(ogrn(number), Ok(number.to_owned()));
        }
        assert_eq!(inn("96 01 000001"), Ok("9601000001".to_owned()));
        let account = "DE09000000000000000001";
        assert_eq!(iban("de09 0000 0000 0000 0000 01"), Ok(account.to_owned()));
    }

    #[test]
    fn what_is_wrong_is_told_apart() {
        let check = Check::Inn;
        assert_eq!(inn("9601000002"), Err(Problem::CheckDigit { check }));
        assert_eq!(inn("0000000000"), Err(Problem::CheckDigit { check }));
        let (want, have) = (vec![10, 12], 9);
        assert_eq!(inn("960100000"), Err(Problem::WrongLength { want, have }));
        assert_eq!(inn("96O1000001"), Err(Problem::NotDigits { letter: 'O' }));
        assert_eq!(inn("96О1000001"), Err(Problem::NotDigits { letter: 'О' }));
        let check = Check::Ogrn;
        assert_eq!(ogrn("1269600000011"), Err(Problem::CheckDigit { check }));
        let check = Check::Iban;
        assert_eq!(
            iban("DE10000000000000000001"),
            Err(Problem::CheckDigit { check })
        );
        let (want, have) = (vec![22], 21);
        assert_eq!(
            iban("DE0900000000000000001"),
            Err(Problem::WrongLength { want, have })
        );
        assert_eq!(
            iban("DE0900000000000000000А"),
            Err(Problem::NotDigits { letter: 'А' })
        );
        assert!(iban("1").is_err() && iban("XX").is_err());
    }

    proptest! {
        /// Remainders 10 and 0 share a digit: only a check digit of 0 can miss a slip.
        #[test]
        fn one_wrong_digit_is_seen(
            number in prop::sample::select(vec!["9601000001", "9602000004", "9603000007", "0109000009"]),
            at in 0usize..10,
            by in 1u8..10,
        ) {
            let mut digits = number.as_bytes().to_vec();
            digits[at] = b'0' + (digits[at] - b'0' + by) % 10;
            let wrong = String::from_utf8(digits).unwrap();
            prop_assert_eq!(inn(&wrong), Err(Problem::CheckDigit { check: Check::Inn }));
        }
    }
}
