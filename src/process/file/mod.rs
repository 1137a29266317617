//! STUB
pub struct Checked {
    pub process: super::Process,
    pub warnings: Vec<Mistake>,
}
pub struct Mistake;
pub fn read(_: &str) -> Result<Checked, Vec<Mistake>> {
    Err(Vec::new())
}
