//! Small values that the file writes as text.

use jiff::SignedDuration;

/// Stands for a value whose mistake has been told: nothing more is said of it. No author writes it.
pub(super) const LOST: &str = "\u{fffe}";

/// "16h", "10m", "1h30m", "2d" (days of 24 hours are not meant: a day is 8 working hours).
pub(super) fn duration(text: &str) -> Option<SignedDuration> {
    let mut minutes: i64 = 0;
    let mut number = String::new();
    for sign in text.trim().chars() {
        if sign.is_ascii_digit() {
            number.push(sign);
            continue;
        }
        let count: i64 = std::mem::take(&mut number).parse().ok()?;
        minutes = minutes.checked_add(match sign {
            'd' => count.checked_mul(8 * 60)?,
            'h' => count.checked_mul(60)?,
            'm' => count,
            _ => return None,
        })?;
    }
    let whole = number.is_empty() && minutes > 0 && minutes < 1_000_000;
    whole.then(|| SignedDuration::from_mins(minutes))
}

/// "3d".
pub(super) fn days(text: &str) -> Option<u32> {
    text.trim()
        .strip_suffix('d')?
        .parse()
        .ok()
        .filter(|days| *days <= 366)
}

/// "10:00", in minutes from midnight.
pub(super) fn time(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let digits = |text: &str| text.bytes().all(|sign| sign.is_ascii_digit());
    if !digits(hour) || minute.len() != 2 {
        return None;
    }
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    (hour <= 24 && minute < 60 && hour * 60 + minute <= 24 * 60).then_some(hour * 60 + minute)
}
