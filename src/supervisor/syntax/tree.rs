//! The syntax tree as the parser printed it (see `dump.py`), decoded.
//!
//! The parser is CPython's own and runs nothing of the guest's, but it has read what the guest
//! wrote: its answer is taken like any other input. Nothing here recurses, and a node borrows
//! from the text.

/// Most nodes that a source may have to be judged.
pub const MAX_NODES: usize = 1_000_000;

/// What the parser made of a source.
#[derive(Debug, PartialEq)]
pub enum Answer<'a> {
    /// A tree.
    Tree(Tree<'a>),
    /// The source has a syntax error.
    Unparsed,
    /// The tree has more than [`MAX_NODES`] nodes.
    TooLarge,
    /// The parser can't take the source, though it might be well-formed.
    GaveUp(&'a str),
}

/// Why an answer is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TreeError {
    /// It isn't text.
    #[error("it isn't UTF-8")]
    NotText,
    /// Its end is missing.
    #[error("it has no end")]
    NoEnd,
    /// A line isn't a node.
    #[error("line {0} makes no sense")]
    Line(usize),
    /// The nodes aren't as many as it says.
    #[error("its nodes aren't as many as it says")]
    Count,
}

/// Where a node stands: lines from 1, columns from 0 in bytes of UTF-8, the end exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Its first line.
    pub line: u32,
    /// The column of its first character.
    pub column: u32,
    /// Its last line.
    pub end_line: u32,
    /// The column behind its last character.
    pub end_column: u32,
}

/// A node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node<'a> {
    /// Its class in CPython's `ast`.
    pub kind: &'a str,
    /// The field of its parent that it stands in.
    pub field: &'a str,
    /// Its parent; the root is its own.
    pub parent: usize,
    /// Where it stands.
    pub span: Option<Span>,
    /// The first node behind it that isn't within it.
    end: usize,
    /// `KEY=VALUE` with spaces between.
    values: &'a str,
}

impl<'a> Node<'a> {
    /// How long the text of all that is that it holds.
    pub fn weight(&self) -> usize {
        self.values.len()
    }

    /// What it holds besides other nodes; parts of a list have commas between them.
    pub fn get(&self, key: &str) -> Option<&'a str> {
        self.values.split(' ').find_map(|pair| {
            let (name, value) = pair.split_once('=')?;
            (name == key).then_some(value)
        })
    }
}

/// Nodes in the order of a walk that visits parents first.
#[derive(Debug, PartialEq)]
pub struct Tree<'a> {
    nodes: Vec<Node<'a>>,
}

impl<'a> Tree<'a> {
    /// The nodes; the root is the first.
    pub fn nodes(&self) -> &[Node<'a>] {
        &self.nodes
    }

    /// A node.
    pub fn node(&self, index: usize) -> &Node<'a> {
        &self.nodes[index]
    }

    /// A node's parent.
    pub fn parent(&self, index: usize) -> &Node<'a> {
        &self.nodes[self.nodes[index].parent]
    }

    /// A node's children, in order.
    pub fn children(&self, index: usize) -> impl Iterator<Item = usize> {
        let end = self.nodes[index].end;
        let mut next = index + 1;
        std::iter::from_fn(move || {
            let child = next;
            (child < end).then(|| {
                next = self.nodes[child].end;
                child
            })
        })
    }

    /// The children that stand in a field.
    pub fn field(&self, index: usize, field: &str) -> impl Iterator<Item = usize> {
        self.children(index)
            .filter(move |child| self.nodes[*child].field == field)
    }
}

/// Decodes the parser's answer.
///
/// # Errors
///
/// If it is none: what was cut off or garbled is never taken for a smaller tree.
pub fn decode(answer: &[u8]) -> Result<Answer<'_>, TreeError> {
    let text = std::str::from_utf8(answer).map_err(|_| TreeError::NotText)?;
    let text = text.strip_suffix('\n').ok_or(TreeError::NoEnd)?;
    let (body, end) = text.rsplit_once('\n').unwrap_or(("", text));
    match end.split_once(' ') {
        None if end == "unparsed" => return Ok(Answer::Unparsed),
        None if end == "too-large" => return Ok(Answer::TooLarge),
        Some(("gave-up", why)) => return Ok(Answer::GaveUp(why)),
        Some(("tree", count)) => {
            let tree = tree(body)?;
            if count.parse() == Ok(tree.nodes.len()) {
                return Ok(Answer::Tree(tree));
            }
            return Err(TreeError::Count);
        }
        _ => {}
    }
    Err(TreeError::NoEnd)
}

fn tree(body: &str) -> Result<Tree<'_>, TreeError> {
    let mut nodes: Vec<Node<'_>> = Vec::new();
    // The way from the root to the last node.
    let mut path: Vec<usize> = Vec::new();
    for (at, line) in body.split('\n').enumerate() {
        let (depth, mut node) = node(line).ok_or(TreeError::Line(at + 1))?;
        // One root, a module, and a child right behind its parent.
        let fits = match depth {
            0 => nodes.is_empty() && node.kind == "Module",
            _ => depth <= path.len(),
        };
        if at == MAX_NODES || !fits {
            return Err(TreeError::Line(at + 1));
        }
        for done in path.drain(depth..) {
            nodes[done].end = at;
        }
        node.parent = path.last().copied().unwrap_or(0);
        path.push(at);
        nodes.push(node);
    }
    let length = nodes.len();
    for open in path {
        nodes[open].end = length;
    }
    Ok(Tree { nodes })
}

/// A line's depth and node, its place in the tree still open.
fn node(line: &str) -> Option<(usize, Node<'_>)> {
    let mut parts = line.splitn(8, ' ');
    let depth = parts.next()?.parse().ok()?;
    let field = parts.next()?;
    let kind = parts.next().filter(|kind| !kind.is_empty())?;
    let mut number = || parts.next()?.parse::<u32>().ok();
    let (line, column, end_line, end_column) = (number()?, number()?, number()?, number()?);
    let span = Span {
        line,
        column,
        end_line,
        end_column,
    };
    let ordered = (line, column) <= (end_line, end_column);
    let node = Node {
        kind,
        field,
        parent: 0,
        span: (line > 0).then_some(span),
        end: 0,
        values: parts.next().unwrap_or_default(),
    };
    ordered.then_some((depth, node))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const GOOD: &str = "0 - Module 0 0 0 0\n1 body Expr 1 0 1 5\n2 value Call 1 0 1 5\n\
        3 func Name 1 0 1 3 id=run ctx=Load\n1 body Global 2 0 2 9 names=a,b\ntree 5\n";

    #[test]
    fn a_tree_knows_its_order() {
        let Answer::Tree(tree) = decode(GOOD.as_bytes()).unwrap() else {
            panic!("no tree")
        };
        assert_eq!(tree.children(0).collect::<Vec<_>>(), [1, 4]);
        assert_eq!(tree.field(2, "func").collect::<Vec<_>>(), [3]);
        assert_eq!(tree.field(2, "args").count(), 0);
        assert_eq!(tree.parent(3).kind, "Call");
        assert_eq!(tree.node(3).get("id"), Some("run"));
        assert_eq!(tree.node(3).get("i"), None);
        assert_eq!(tree.node(4).get("names"), Some("a,b"));
        assert_eq!(tree.node(0).span, None);
    }

    #[test]
    fn other_answers() {
        assert_eq!(decode(b"unparsed\n"), Ok(Answer::Unparsed));
        assert_eq!(
            decode(b"0 - Module 0 0 0 0\ntoo-large\n"),
            Ok(Answer::TooLarge)
        );
        assert_eq!(decode(b"gave-up A: b\n"), Ok(Answer::GaveUp("A: b")));
    }

    #[test]
    fn what_is_cut_off_is_no_smaller_tree() {
        for length in 0..GOOD.len() {
            assert!(decode(&GOOD.as_bytes()[..length]).is_err(), "{length}");
        }
    }

    #[test]
    fn what_is_no_tree_is_refused() {
        let line = |text: &str| decode(format!("{text}\ntree 2\n").as_bytes()).unwrap_err();
        assert_eq!(line("0 - Module 0 0 0 0"), TreeError::Count);
        assert_eq!(line("1 - Module 0 0 0 0"), TreeError::Line(1));
        assert_eq!(
            line("0 - Module 0 0 0 0\n0 - Module 0 0 0 0"),
            TreeError::Line(2)
        );
        assert_eq!(
            line("0 - Module 0 0 0 0\n2 - M 0 0 0 0"),
            TreeError::Line(2)
        );
        assert_eq!(
            line("0 - Module 0 0 0 0\n1 - M 2 0 1 0"),
            TreeError::Line(2)
        );
        assert_eq!(line("0 - Module 0 0 0\n1 - M 1 0 1 0"), TreeError::Line(1));
        assert_eq!(
            line("0 - Module 0 0 0 -1\n1 - M 1 0 1 0"),
            TreeError::Line(1)
        );
        assert_eq!(line("0 - If 0 0 0 0\n1 - M 1 0 1 0"), TreeError::Line(1));
        assert_eq!(decode(b"tree 0\n"), Err(TreeError::Line(1)));
        assert_eq!(decode(b"\xff\n"), Err(TreeError::NotText));
        assert_eq!(decode(b"tree\n"), Err(TreeError::NoEnd));
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_tree_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode(&bytes);
        }

        #[test]
        fn any_lines_make_a_sound_tree_or_an_error(
            lines in proptest::collection::vec((0_usize..4, 0_u32..3, 0_u32..3), 0..20)
        ) {
            let nodes: String = lines
                .iter()
                .map(|(depth, line, end)| format!("{depth} body If {line} 0 {end} 0\n"))
                .collect();
            let text = format!("0 - Module 0 0 0 0\n{nodes}tree {}\n", lines.len() + 1);
            if let Ok(Answer::Tree(tree)) = decode(text.as_bytes()) {
                let mut seen = 1;
                for index in 0..tree.nodes().len() {
                    for child in tree.children(index) {
                        prop_assert_eq!(tree.node(child).parent, index);
                        seen += 1;
                    }
                }
                prop_assert_eq!(seen, tree.nodes().len());
            }
        }
    }
}
