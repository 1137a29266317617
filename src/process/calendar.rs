//! Working hours.
pub fn due(
    _: &super::rules::Hours,
    _: &jiff::tz::TimeZone,
    from: jiff::Timestamp,
    limit: jiff::SignedDuration,
) -> jiff::Timestamp {
    from.saturating_add(limit).unwrap_or(from)
}
