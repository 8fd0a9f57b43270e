//! Where a node is shown: a line, and what of it is underlined.

use super::tree::{Span, Tree};

/// A line and the columns of it that matter, from 0 in bytes of UTF-8, the end exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// The line, from 1.
    pub line: u32,
    /// The columns.
    pub columns: (u32, u32),
}

/// The lines of a source, as Python counts them.
pub struct Lines<'s>(Vec<&'s [u8]>);

impl<'s> Lines<'s> {
    /// Of a source as it was read. What is asked of them needs no more than that ASCII stands
    /// for itself; in an encoding where it doesn't, what is underlined may be wrong.
    pub fn of(source: &'s [u8]) -> Lines<'s> {
        let mut rest = source.strip_prefix(b"\xef\xbb\xbf").unwrap_or(source);
        let mut lines = Vec::new();
        while let Some(end) = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')) {
            lines.push(&rest[..end]);
            let newline = if rest[end..].starts_with(b"\r\n") {
                2
            } else {
                1
            };
            rest = &rest[end + newline..];
        }
        lines.push(rest);
        Lines(lines)
    }

    /// What is on a line from a column on.
    pub fn from(&self, line: u32, column: u32) -> &'s [u8] {
        let index = (line as usize).checked_sub(1);
        let text = index.and_then(|index| self.0.get(index));
        text.and_then(|text| text.get(column as usize..))
            .unwrap_or_default()
    }
}

/// Where a node is shown; `None` if neither it nor anything within it has a place.
///
/// Of a statement with blocks that is its head (`while x < 3`), of what goes over several lines
/// the first, and of a name with dots that does its last part.
pub fn of(tree: &Tree<'_>, lines: &Lines<'_>, index: usize) -> Option<Spot> {
    let span = span(tree, index)?;
    let node = tree.node(index);
    if node.kind == "Attribute" && span.line != span.end_line {
        let name = node.get("attr").unwrap_or_default().len() as u32;
        return Some(Spot {
            line: span.end_line,
            columns: (span.end_column.saturating_sub(name), span.end_column),
        });
    }
    let end = match head_end(tree, index, span) {
        Some(end) => end,
        None if span.end_line == span.line => span.end_column,
        None => {
            let text = lines.from(span.line, span.column);
            span.column
                .saturating_add(text.trim_ascii_end().len() as u32)
        }
    };
    Some(Spot {
        line: span.line,
        columns: (span.column, end.max(span.column.saturating_add(1))),
    })
}

/// A node's span, or the first that is within it.
fn span(tree: &Tree<'_>, index: usize) -> Option<Span> {
    let mut at = index;
    loop {
        match tree.node(at).span {
            Some(span) => return Some(span),
            None => at = tree.children(at).next()?,
        }
    }
}

/// Where the head of a statement with blocks ends, on its first line.
fn head_end(tree: &Tree<'_>, index: usize, span: Span) -> Option<u32> {
    let node = tree.node(index);
    let least = match node.kind {
        "If" | "For" | "While" | "With" | "Match" => 0,
        "AsyncFor" | "AsyncWith" => 0,
        "Try" | "TryStar" => "try".len(),
        "ExceptHandler" => "except".len(),
        "FunctionDef" => "def ".len() + name_length(tree, index),
        "AsyncFunctionDef" => "async def ".len() + name_length(tree, index),
        "ClassDef" => "class ".len() + name_length(tree, index),
        _ => return None,
    };
    let heads = [
        "test", "target", "iter", "items", "subject", "type", "args", "returns", "bases",
        "keywords",
    ];
    let mut todo: Vec<usize> = tree
        .children(index)
        .filter(|child| heads.contains(&tree.node(*child).field))
        .collect();
    let mut end = span.column.saturating_add(least as u32);
    while let Some(part) = todo.pop() {
        match tree.node(part).span {
            Some(part) if part.end_line == span.line => end = end.max(part.end_column),
            Some(_) => {}
            None => todo.extend(tree.children(part)),
        }
    }
    Some(end)
}

fn name_length(tree: &Tree<'_>, index: usize) -> usize {
    tree.node(index).get("name").unwrap_or_default().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_as_python_counts_them() {
        let lines = Lines::of(b"\xef\xbb\xbfa\nbb\r\nc\rd");
        assert_eq!(lines.from(1, 0), b"a");
        assert_eq!(lines.from(2, 1), b"b");
        assert_eq!(lines.from(3, 0), b"c");
        assert_eq!(lines.from(4, 0), b"d");
        assert_eq!(lines.from(4, 9), b"");
        assert_eq!(lines.from(5, 0), b"");
        assert_eq!(lines.from(0, 0), b"");
    }
}
