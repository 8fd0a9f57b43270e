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

/// The words for constructs and what a sentence says for each, in the order of the policy
/// reference.
const TABLE: [(&str, &str); 47] = [
    ("if", "an if statement"),
    ("for", "a for loop"),
    ("while", "a while loop"),
    ("loop", "a loop"),
    ("loop-else", "a loop with an else part"),
    ("break", "a break statement"),
    ("continue", "a continue statement"),
    ("match", "a match statement"),
    ("try", "a try statement"),
    ("bare-except", "an except clause that names no exception"),
    ("except-star", "an except* clause"),
    ("raise", "a raise statement"),
    ("assert", "an assert statement"),
    ("with", "a with statement"),
    ("pass", "a pass statement"),
    ("function", "a function definition"),
    ("nested-function", "a function within a function"),
    ("lambda", "a lambda"),
    ("decorator", "a decorator"),
    ("star-parameter", "a parameter with a star"),
    ("star-argument", "an argument with a star"),
    ("return", "a return statement"),
    ("yield", "a yield"),
    ("async", "an async construct"),
    ("await", "an await"),
    ("class", "a class"),
    ("global", "a global statement"),
    ("nonlocal", "a nonlocal statement"),
    ("import", "an import"),
    ("import-from", "an import with from"),
    ("import-star", "an import with *"),
    ("assignment", "an assignment"),
    ("augmented-assignment", "an augmented assignment"),
    ("walrus", "an assignment expression"),
    ("unpacking", "an unpacking assignment"),
    ("del", "a del statement"),
    ("comprehension", "a comprehension"),
    ("list-comprehension", "a list comprehension"),
    ("set-comprehension", "a set comprehension"),
    ("dict-comprehension", "a dict comprehension"),
    ("generator-expression", "a generator expression"),
    ("conditional-expression", "a conditional expression"),
    ("f-string", "an f-string"),
    ("slice", "a slice"),
    ("type-annotation", "a type annotation"),
    ("type-alias", "a type statement"),
    ("type-parameter", "a type parameter"),
];

/// The words for constructs, in the order of the policy reference.
pub const WORDS: [&str; TABLE.len()] = {
    let mut words = [""; TABLE.len()];
    let mut at = 0;
    while at < words.len() {
        words[at] = TABLE[at].0;
        at += 1;
    }
    words
};

/// What a sentence says for a word: `a while loop`.
pub fn phrase(word: &str) -> &str {
    TABLE
        .iter()
        .find(|(known, _)| *known == word)
        .map_or(word, |(_, phrase)| phrase)
}

impl Construct {
    /// Reads a construct as a policy writes it; `None` if that names none.
    ///
    /// The name after `recursion:` is that of a function, with its class or not (`solve`,
    /// `Tree.depth`), or `*`; the one after `calls:` is a name with dots (`os.system`), or a
    /// dot and the name of a method.
    pub fn read(text: &str) -> Option<Construct> {
        if let Some(name) = text.strip_prefix("recursion:") {
            return (name == "*" || is_dotted(name)).then(|| Construct::Recursion(name.to_owned()));
        }
        if let Some(name) = text.strip_prefix("calls:") {
            let plain = name.strip_prefix('.');
            let valid = plain.map_or_else(|| is_dotted(name), is_identifier);
            return valid.then(|| Construct::Calls(name.to_owned()));
        }
        WORDS
            .contains(&text)
            .then(|| Construct::Word(text.to_owned()))
    }
}

fn is_dotted(name: &str) -> bool {
    name.split('.').all(is_identifier)
}

/// Could this be one of Python's identifiers? The exact characters are Python's business.
fn is_identifier(name: &str) -> bool {
    let mut characters = name.chars();
    characters
        .next()
        .is_some_and(|first| first == '_' || first.is_alphabetic())
        && characters.all(|other| other == '_' || other.is_alphanumeric())
}

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

/// What is wrong with a program by the `[syntax]` section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// It has a forbidden construct, by its word.
    Word(String),
    /// A forbidden call.
    Call {
        /// The name that the policy forbids.
        name: String,
        /// The name as the program writes it.
        written: String,
    },
    /// A function that must not calls itself.
    Recursion {
        /// The function's qualified name.
        function: String,
        /// The function that it calls to that end, if that isn't itself.
        through: Option<String>,
    },
    /// What must be there isn't there.
    Missing {
        /// What.
        construct: Construct,
        /// For recursion: is there a function of the name, at least?
        defined: bool,
    },
    /// Blocks are nested too deeply.
    Nesting {
        /// How deeply they are.
        depth: u32,
        /// How deeply they may be.
        allowed: u32,
    },
    /// A function is too long.
    Length {
        /// The function's qualified name.
        function: String,
        /// Its lines.
        lines: u32,
        /// The lines that it may have.
        allowed: u32,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constructs_are_read_as_they_are_shown() {
        let good = [
            "while",
            "recursion:*",
            "recursion:Tree.depth",
            "calls:sorted",
            "calls:os.system",
            "calls:.sort",
            "calls:größe",
        ];
        for text in good {
            let construct = Construct::read(text);
            assert_eq!(construct.map(|it| it.to_string()).as_deref(), Some(text));
        }
        let bad = [
            "",
            "whiles",
            "recursion:",
            "recursion:.f",
            "recursion:f()",
            "calls:*",
            "calls:",
            "calls:.",
            "calls:.a.b",
            "calls:a..b",
            "calls:1",
            "calls:a b",
        ];
        for text in bad {
            assert_eq!(Construct::read(text), None, "{text}");
        }
    }

    #[test]
    fn every_word_has_a_phrase() {
        for word in WORDS {
            assert_ne!(phrase(word), word);
        }
        assert_eq!(phrase("while"), "a while loop");
    }
}
