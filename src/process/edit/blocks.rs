//! Parts under headers: where such a part begins and ends, with the comments that are its own, and
//! where the next one goes. A comment belongs to the header right below it; one that heads a whole
//! section, or stands between blank lines, belongs to nobody and stays.

use super::draft::Splice;
use super::source::{Form, Node, Source, What};
use std::ops::Range;

/// What a comment begins with that is a heading: `# — Contract —`, `# === Fields`.
const RULES: [char; 8] = ['—', '–', '-', '=', '*', '~', '─', '#'];

pub(super) struct Blocks<'s> {
    pub(super) source: &'s Source<'s>,
}

impl Blocks<'_> {
    /// Where the comment lines right above a header begin.
    fn lead(&self, header: usize) -> usize {
        let source = self.source;
        let mut start = source.line_start(header);
        let least = source.written_before(header);
        while start > least {
            let above = source.line_start(start - 1);
            if above < least || !source.is_comment(above) {
                break;
            }
            start = above;
        }
        start
    }

    /// Of those the part that speaks of this header alone.
    fn own_lead(&self, header: usize) -> usize {
        let source = self.source;
        let path = self.path(header);
        let first = source.headers.iter().find(|(_, one)| *one == path);
        let line = source.line_start(header);
        if path.len() == 1 && first.is_some_and(|(at, _)| *at == header) {
            return line;
        }
        let mut own = self.lead(header);
        let mut at = own;
        while at < line {
            let text = &source.text[at..source.line_end(at)];
            let said = text.trim_start_matches([' ', '\t', '#']).trim_start();
            let ruled = text.trim_start().starts_with("##") || said.starts_with(RULES);
            at = source.line_end(at);
            if ruled {
                own = at;
            }
        }
        own
    }

    fn path(&self, header: usize) -> Vec<String> {
        let mut all = self.source.headers.iter();
        let found = all.find(|(at, _)| *at == header);
        found.map(|(_, path)| path.clone()).unwrap_or_default()
    }

    /// Where the first header behind this one is that does not stand below it.
    fn limit(&self, header: usize) -> usize {
        let path = self.path(header);
        let below = |one: &[String]| one.len() > path.len() && one.starts_with(&path);
        let mut after = self.source.headers.iter().filter(|(at, _)| *at > header);
        let next = after.find(|(_, one)| !below(one));
        next.map_or(self.source.text.len(), |(at, _)| *at)
    }

    /// Behind its last line, and the comments that follow it at once and lead to nothing else.
    pub(super) fn tail(&self, header: usize) -> usize {
        let limit = self.limit(header);
        let mut end = self.source.written_before(limit);
        let lead = match limit == self.source.text.len() {
            true => limit,
            false => self.lead(limit),
        };
        while end < lead && self.source.is_comment(end) {
            end = self.source.line_end(end);
        }
        end
    }

    /// All of a part, with what is its own; none where it is written in several places.
    pub(super) fn range(&self, node: &Node) -> Option<Range<usize>> {
        let (start, end) = (node.span.start, self.limit(node.span.start));
        let inside = |at: usize| (start..end).contains(&at);
        within(self.source, node, &inside).then(|| self.own_lead(start)..self.tail(start))
    }

    pub(super) fn cut(&self, node: &Node) -> Option<Splice> {
        let Range { mut start, mut end } = self.range(node)?;
        let source = self.source;
        let headed = source.line_start(node.span.start);
        let above = start.checked_sub(1).map(|at| source.line_start(at));
        let heading = above.is_some_and(|at| source.is_comment(at)) && start <= headed;
        if above.is_none_or(|at| source.is_blank(at)) || heading {
            while end < source.text.len() && source.is_blank(end) {
                end = source.line_end(end);
            }
        }
        if end == source.text.len() {
            while start > 0 && source.is_blank(source.line_start(start - 1)) {
                start = source.line_start(start - 1);
            }
        }
        Some(Splice::cut(start..end))
    }

    /// A part so that it becomes the one of that number in a list under headers.
    pub(super) fn insert(&self, list: &[Node], nth: usize, block: &str) -> Splice {
        let source = self.source;
        let before = nth
            .checked_sub(1)
            .and_then(|nth| list.get(nth.min(list.len().saturating_sub(1))));
        let apart = list.iter().skip(1).any(|one| {
            let above = self.lead(one.span.start).checked_sub(1);
            above.is_some_and(|at| source.is_blank(source.line_start(at)))
        });
        let top = list
            .first()
            .is_some_and(|one| self.path(one.span.start).len() == 1);
        let gap = if apart || top && list.len() < 2 {
            "\n"
        } else {
            ""
        };
        match (before, list.first()) {
            (Some(before), _) => self.behind(self.tail(before.span.start), gap, block),
            (None, Some(first)) => {
                let at = self.own_lead(first.span.start);
                Splice::put(at, format!("{block}{gap}"))
            }
            (None, None) => Splice::put(source.text.len(), format!("{gap}{block}")),
        }
    }

    pub(super) fn behind(&self, at: usize, gap: &str, block: &str) -> Splice {
        let open = at > 0 && !self.source.text[..at].ends_with('\n');
        let end = if open { "\n" } else { "" };
        Splice::put(at, format!("{end}{gap}{block}"))
    }

    /// What tables below another are indented by.
    pub(super) fn step(&self) -> &str {
        let mut headers = self.source.headers.iter();
        let below = headers.find(|(_, path)| path.len() == 2);
        below.map_or("  ", |(at, _)| self.source.indent(*at))
    }
}

/// Whether all of a part is written where it should be.
fn within(source: &Source<'_>, node: &Node, inside: &impl Fn(usize) -> bool) -> bool {
    let here = match (&node.what, source.form(node)) {
        (What::Plain(_), _) | (_, Form::Inline | Form::Header) => inside(node.span.start),
        _ => true,
    };
    let below = match &node.what {
        What::Plain(_) => true,
        What::List(all) => all.iter().all(|one| within(source, one, inside)),
        What::Table(entries) => {
            let mut all = entries.iter();
            all.all(|one| within(source, &one.value, inside))
        }
    };
    here && below
}
