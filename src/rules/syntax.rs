//! The `[syntax]` section: constructs that a program must or must not use, by name.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::RuleIndex;

/// A construct of Python's syntax, as policies name it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Construct {
    /// One that a word names: `while`, `import-star`; one of [`WORDS`].
    Word(String),
    /// `recursion:NAME`: a function of this name that calls itself, directly or through others
    /// of the same file. `*` is any function.
    Recursion(String),
    /// `calls:NAME`: a call that is written with this name (`sorted`, `os.system`, `.sort`).
    Calls(String),
}

/// The words for constructs, in the order of the policy reference.
pub const WORDS: [&str; 41] = [
    "if",
    "for",
    "while",
    "loop",
    "try",
    "with",
    "match",
    "class",
    "function",
    "lambda",
    "comprehension",
    "list-comprehension",
    "set-comprehension",
    "dict-comprehension",
    "generator-expression",
    "yield",
    "async",
    "await",
    "decorator",
    "global",
    "nonlocal",
    "import",
    "import-from",
    "import-star",
    "assert",
    "raise",
    "return",
    "break",
    "continue",
    "pass",
    "del",
    "delete-item",
    "conditional-expression",
    "walrus",
    "f-string",
    "star-args",
    "slice",
    "type-annotation",
    "bare-except",
    "nested-function",
    "string-multiplication",
];

impl fmt::Display for Construct {
    /// As a policy writes it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Construct::Word(word) => formatter.write_str(word),
            Construct::Recursion(name) => write!(formatter, "recursion:{name}"),
            Construct::Calls(name) => write!(formatter, "calls:{name}"),
        }
    }
}

/// Constructs, with the entry of their rule in the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConstructList {
    /// `syntax.forbid` or `syntax.require`.
    pub rule: RuleIndex,
    /// The constructs.
    pub constructs: Vec<Construct>,
}

/// The `[syntax]` section; judged by the supervisor on the parsed source, before anything runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyntaxRules {
    /// What must not occur.
    pub forbid: Option<ConstructList>,
    /// What must occur at least once.
    pub require: Option<ConstructList>,
    /// How deep blocks may be nested within a function or the module (`max_nesting`).
    pub max_nesting: Option<(RuleIndex, u32)>,
    /// How many lines a function may have, from `def` to its last line
    /// (`max_function_lines`).
    pub max_function_lines: Option<(RuleIndex, u32)>,
}

impl SyntaxRules {
    /// Does the section say nothing?
    pub fn is_empty(&self) -> bool {
        *self == SyntaxRules::default()
    }
}
