//! One stage's lines of a process file, as they were written: what a decision rested on.

/// The section of this stage with all that belongs to it, none where the file has no such stage.
pub fn excerpt(text: &str, stage: &str) -> Option<String> {
    let header = |line: &str| line.trim_start().starts_with('[');
    let begins = |line: &str| line.trim_start().starts_with("[[stage]]");
    let within = |line: &str| {
        line.trim_start().starts_with("[[stage.") || line.trim_start().starts_with("[stage.")
    };
    let lines: Vec<&str> = text.lines().collect();
    let starts = (0..lines.len()).filter(|at| begins(lines[*at]));
    for start in starts {
        let ends = |at: &usize| header(lines[*at]) && !within(lines[*at]);
        let end = (start + 1..lines.len()).find(ends).unwrap_or(lines.len());
        let own = lines[start + 1..end]
            .iter()
            .take_while(|line| !header(line));
        let mut keys = own.filter_map(|line| line.split_once('='));
        let named = keys.any(|(key, value)| key.trim() == "key" && unquoted(value) == stage);
        if named {
            let section = lines[start..end].join("\n");
            return Some(section.trim_end().to_owned());
        }
    }
    None
}

fn unquoted(value: &str) -> &str {
    let value = value.split('#').next().unwrap_or(value);
    value.trim().trim_matches(['"', '\''])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_is_found_with_its_needs_and_comments() {
        let text = "name = \"x\"\n[[stage]]\nkey = \"a\" # first\n  [[stage.need]]\n  item = \"b\"\n\n# about b\n[[stage]]\nkey = 'b'\n[hours]\nfrom = \"9\"\n";
        let found = excerpt(text, "a").unwrap();
        assert_eq!(
            found,
            "[[stage]]\nkey = \"a\" # first\n  [[stage.need]]\n  item = \"b\"\n\n# about b"
        );
        assert_eq!(excerpt(text, "b").unwrap(), "[[stage]]\nkey = 'b'");
        assert_eq!(excerpt(text, "c"), None);
    }
}
