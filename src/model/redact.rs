pub const CUT: &str = "•••";
