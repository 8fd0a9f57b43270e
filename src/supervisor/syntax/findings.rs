//! Tree and rules → what is wrong with a program. Pure.

use std::cell::OnceCell;

use super::meaning::{Meaning, Meanings, written};
use super::recursion::{self, Graph, Role};
use super::scopes::{ScopeId, Scopes};
use super::spot::{self, Lines, Spot};
use super::tree::Tree;
use super::words;
use crate::rules::RuleIndex;
use crate::rules::syntax::{Construct, Finding, SyntaxRules};

/// Most findings that are told of.
pub const MAX_FINDINGS: usize = 100;

/// Something that is wrong, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The rule that it breaks.
    pub rule: RuleIndex,
    /// What the rule is about, as the policy writes it (`while`, `calls:sorted`, `5`).
    pub subject: String,
    /// What is wrong.
    pub finding: Finding,
    /// Where; `None` for what is missing.
    pub spot: Option<Spot>,
    /// The function around it as CPython names it; empty for what is missing.
    pub function: String,
}

/// A program is too intricate to be judged: following its names takes too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooIntricate;

/// Judges a program: what it has that it must not have, in the order of its text, then what it
/// lacks; at most [`MAX_FINDINGS`].
///
/// # Errors
///
/// [`TooIntricate`].
pub fn of(tree: &Tree<'_>, source: &[u8], rules: &SyntaxRules) -> Result<Vec<Found>, TooIntricate> {
    let scopes = Scopes::of(tree);
    let meanings = Meanings::new(tree, &scopes);
    let lines = Lines::of(source);
    let program = Program {
        tree,
        scopes: &scopes,
        graph: OnceCell::new(),
        meanings: &meanings,
        lines: &lines,
    };
    let mut marks = Vec::new();
    if let Some(list) = &rules.forbid {
        for construct in &list.constructs {
            program.find(construct, false, |index, detail| {
                marks.push(program.mark(list.rule, construct.to_string(), index, detail));
            });
        }
    }
    program.nesting(rules, &mut marks);
    program.lengths(rules, &mut marks);
    marks.sort_by_key(|mark| mark.spot);
    marks.truncate(MAX_FINDINGS);
    let mut found: Vec<Found> = marks.into_iter().map(|mark| program.told(mark)).collect();
    if let Some(list) = &rules.require {
        let missing = list.constructs.iter().filter(|construct| {
            let mut is_there = false;
            program.find(construct, true, |_, _| is_there = true);
            !is_there
        });
        found.extend(missing.map(|construct| program.missing(list.rule, construct)));
    }
    found.truncate(MAX_FINDINGS);
    if meanings.is_exhausted() {
        return Err(TooIntricate);
    }
    Ok(found)
}

/// What is known of a program.
struct Program<'t, 'a> {
    tree: &'t Tree<'a>,
    scopes: &'t Scopes<'a>,
    /// Made when a rule asks for it.
    graph: OnceCell<Graph<'t, 'a>>,
    meanings: &'t Meanings<'t, 'a>,
    lines: &'t Lines<'t>,
}

/// A finding whose names aren't put together yet.
struct Mark {
    rule: RuleIndex,
    subject: String,
    spot: Option<Spot>,
    /// The scope of the function around it.
    around: ScopeId,
    detail: Detail,
}

#[derive(Clone, Copy)]
enum Detail {
    Word(&'static str),
    Call(usize),
    Recursion(recursion::Recursion),
    Nesting {
        depth: u32,
        allowed: u32,
    },
    Length {
        function: usize,
        lines: u32,
        allowed: u32,
    },
}

impl<'t, 'a> Program<'t, 'a> {
    fn graph(&self) -> &Graph<'t, 'a> {
        self.graph
            .get_or_init(|| Graph::of(self.tree, self.scopes, self.meanings))
    }

    /// Finds a construct wherever it is. With `doubtful`, also where it may be one: for what a
    /// policy requires the program has the benefit of the doubt, as for what it forbids.
    fn find(&self, construct: &Construct, doubtful: bool, mut found: impl FnMut(usize, Detail)) {
        match construct {
            Construct::Word(wanted) => {
                for index in 0..self.tree.nodes().len() {
                    words::of(self.tree, self.scopes, index, |word| {
                        if word == wanted {
                            found(index, Detail::Word(word));
                        }
                    });
                }
            }
            Construct::Calls(name) => {
                for index in 0..self.tree.nodes().len() {
                    let is_called = recursion::role(self.tree, index) == Some(Role::Called);
                    if is_called && self.goes_by(index, name) {
                        found(index, Detail::Call(index));
                    }
                }
            }
            Construct::Recursion(name) => {
                for recursion in self.graph().recursions(name, doubtful) {
                    found(recursion.site, Detail::Recursion(recursion));
                }
            }
        }
    }

    /// Is what is called written with this name, or imported or assigned from it?
    fn goes_by(&self, called: usize, name: &str) -> bool {
        let bare = |name: &str| name.strip_prefix("builtins.").unwrap_or(name).to_owned();
        if let Some(method) = name.strip_prefix('.') {
            return self.tree.node(called).get("attr") == Some(method);
        }
        let wanted = bare(name);
        let is_written = written(self.tree, called).is_some_and(|written| bare(&written) == wanted);
        is_written
            || self
                .meanings
                .of(called)
                .iter()
                .any(|meaning| matches!(meaning, Meaning::Named(full) if bare(full) == wanted))
    }

    /// Blocks that are the first ones too deep.
    fn nesting(&self, rules: &SyntaxRules, marks: &mut Vec<Mark>) {
        let Some((rule, allowed)) = rules.max_nesting else {
            return;
        };
        let mut depths: Vec<u32> = Vec::with_capacity(self.tree.nodes().len());
        for (index, node) in self.tree.nodes().iter().enumerate() {
            let around = match depths.get(node.parent) {
                Some(depth) if node.parent != index => *depth,
                _ => 0,
            };
            let depth = match node.kind {
                "FunctionDef" | "AsyncFunctionDef" | "Lambda" | "ClassDef" => 0,
                "If" if self.is_elif(index) => around,
                "If" | "For" | "AsyncFor" | "While" | "Try" | "TryStar" | "With" | "AsyncWith"
                | "Match" => around + 1,
                _ => around,
            };
            depths.push(depth);
            if depth > around && depth == allowed.saturating_add(1) {
                let detail = Detail::Nesting { depth, allowed };
                marks.push(self.mark(rule, depth.to_string(), index, detail));
            }
        }
    }

    /// `elif` is an `if` within an `else` to CPython.
    fn is_elif(&self, index: usize) -> bool {
        let (node, parent) = (self.tree.node(index), self.tree.parent(index));
        let text = node
            .span
            .map(|span| self.lines.from(span.line, span.column));
        parent.kind == "If"
            && node.field == "orelse"
            && text.is_some_and(|text| text.starts_with(b"elif"))
    }

    fn lengths(&self, rules: &SyntaxRules, marks: &mut Vec<Mark>) {
        let Some((rule, allowed)) = rules.max_function_lines else {
            return;
        };
        for (index, node) in self.tree.nodes().iter().enumerate() {
            let is_function = matches!(node.kind, "FunctionDef" | "AsyncFunctionDef");
            let Some(span) = node.span.filter(|_| is_function) else {
                continue;
            };
            let lines = span.end_line - span.line + 1;
            if lines > allowed {
                let detail = Detail::Length {
                    function: index,
                    lines,
                    allowed,
                };
                marks.push(self.mark(rule, lines.to_string(), index, detail));
            }
        }
    }

    fn mark(&self, rule: RuleIndex, subject: String, index: usize, detail: Detail) -> Mark {
        Mark {
            rule,
            subject,
            spot: spot::of(self.tree, self.lines, index),
            around: self.scopes.body_around(index),
            detail,
        }
    }

    fn told(&self, mark: Mark) -> Found {
        let finding = match mark.detail {
            Detail::Word(word) => Finding::Word(word.to_owned()),
            Detail::Call(called) => Finding::Call {
                name: mark.subject.trim_start_matches("calls:").to_owned(),
                written: written(self.tree, called).unwrap_or_default(),
            },
            Detail::Recursion(recursion) => Finding::Recursion {
                function: self.graph().name(recursion.function),
                through: (recursion.through != recursion.function)
                    .then(|| self.graph().name(recursion.through)),
            },
            Detail::Nesting { depth, allowed } => Finding::Nesting { depth, allowed },
            Detail::Length {
                function,
                lines,
                allowed,
            } => Finding::Length {
                function: self
                    .scopes
                    .made_by(function)
                    .map(|scope| self.scopes.qualified_name(scope))
                    .unwrap_or_default(),
                lines,
                allowed,
            },
        };
        Found {
            rule: mark.rule,
            subject: mark.subject,
            finding,
            spot: mark.spot,
            function: self.scopes.qualified_name(mark.around),
        }
    }

    fn missing(&self, rule: RuleIndex, construct: &Construct) -> Found {
        let defined = match construct {
            Construct::Recursion(name) => name != "*" && self.graph().defines(name),
            Construct::Word(_) | Construct::Calls(_) => false,
        };
        Found {
            rule,
            subject: construct.to_string(),
            finding: Finding::Missing {
                construct: construct.clone(),
                defined,
            },
            spot: None,
            function: String::new(),
        }
    }
}
