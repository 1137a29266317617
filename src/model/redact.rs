pub const MASK: &str = "«•••»";
pub fn cut_passwords(text: &str) -> std::borrow::Cow<'_, str> {
    text.into()
}
pub fn cut_json(_: &mut serde_json::Value) {}
