//! One machine's store.
pub struct Sqlite;
