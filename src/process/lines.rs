//! STUB
use super::effect::{AddBlock, SetLine};
pub fn apply(desc: &str, _: &[SetLine], _: &[AddBlock]) -> Result<String, std::fmt::Error> {
    Ok(desc.to_owned())
}
