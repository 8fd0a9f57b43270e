//! Typed access to the tree of a parsed TOML text.
//!
//! Each getter takes one key out of a [`Table`] and either gives its value with its place,
//! or leaves a diagnostic and gives nothing. None of them stops the walk, so all mistakes of
//! a file are found in one go. A key that nobody knows is found by [`Table::only`].

use std::collections::HashMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::diagnostic::{Code, Diagnostic, Diagnostics, Label};
use super::source::Source;
use super::words::{all_of, did_you_mean, one_of, quoted};
use crate::rules::Origin;

/// Keys that later versions of the language will have, by section. Until they are enforced
/// they are refused like any unknown key, but with the reason.
const LATER: [(&str, &str); 10] = [
    ("", "jail"),
    ("", "attributes"),
    ("limits", "files"),
    ("functions", "args"),
    ("audit", "file"),
    ("imports", "except"),
    ("lines", "except"),
    ("environment", "set"),
    ("python", "executable"),
    ("python", "version"),
];

/// Longest list of strings: what is checked pair by pair must stay quick.
const MAX_LIST: usize = 2048;

/// Where keys belong that stand in the wrong place: a key after a `[section]` header is part
/// of that section, which is easily forgotten.
const HOMES: [(&str, &[&str]); 12] = [
    ("the top of the file", &["version", "name", "extends"]),
    (
        "`[limits]`",
        &[
            "steps",
            "calls",
            "recursion",
            "wall",
            "cpu",
            "memory",
            "output",
            "threads",
            "processes",
            "count_library",
        ],
    ),
    ("`[imports]`", &["allow", "deny"]),
    (
        "a `[[functions]]` rule",
        &[
            "called_from",
            "max_calls",
            "max_steps",
            "max_recursion",
            "except",
            "action",
            "match",
            "id",
        ],
    ),
    ("`[environment]`", &["pass"]),
    ("`[trust]`", &["paths"]),
    ("`[audit]`", &["record", "scope", "arguments"]),
    ("`[python]`", &["hash_seed"]),
    ("`[files]`", &["read", "write"]),
    ("`[network]`", &["connect", "bind"]),
    (
        "`[syntax]`",
        &["forbid", "require", "max_nesting", "max_function_lines"],
    ),
    ("`[[lines]]`", &["files", "max_count"]),
];

/// The reason why a key or word of a later version is refused.
const NOT_YET: &str = "this version of Lictor doesn't know it yet, so nothing would enforce it";

/// A value and the place that states it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stated<T> {
    /// The value.
    pub value: T,
    /// The place; `None` for what the command line says.
    pub origin: Option<Origin>,
}

impl<T: serde::Serialize> serde::Serialize for Stated<T> {
    /// The value alone: the same policy in another file is the same policy.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}

/// One file while it is walked: its text, and what was found.
pub struct Walk<'a> {
    /// The text.
    pub source: &'a Source,
    /// What was found so far.
    pub diagnostics: Diagnostics,
    /// Spans of syntax errors. The parser mends the text as it can; what is said about the
    /// lines where it did would be about the mending.
    mended: Vec<Range<usize>>,
}

impl<'a> Walk<'a> {
    /// A walk over `source`.
    pub fn new(source: &'a Source) -> Walk<'a> {
        Walk {
            source,
            diagnostics: Diagnostics::default(),
            mended: Vec::new(),
        }
    }

    /// Notes a syntax error.
    pub fn syntax_error(&mut self, error: &toml::de::Error) {
        let span = self.clamp(error.span().unwrap_or(0..0));
        self.mended.push(self.source.lines_around(&span));
        let message = format!("this is not TOML: {}", error.message());
        self.diagnostics
            .push(Diagnostic::error(Code::Syntax, message).at(self.source, span, ""));
    }

    /// Was the text not TOML?
    pub fn is_mended(&self) -> bool {
        !self.mended.is_empty()
    }

    /// Adds a diagnostic, unless it is about a line that the parser mended.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let on_mended_line = diagnostic.primary.as_ref().is_some_and(|label| {
            self.mended
                .iter()
                .any(|lines| label.span.start <= lines.end && lines.start <= label.span.end)
        });
        if !on_mended_line {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Adds an error at a place.
    pub fn error(
        &mut self,
        code: Code,
        span: Range<usize>,
        message: String,
        label: &str,
        help: Option<String>,
    ) {
        self.push(
            Diagnostic::error(code, message)
                .at(self.source, span, label)
                .help(help),
        );
    }

    /// The place of a span, as rules keep it.
    pub fn origin(&self, span: Range<usize>) -> Origin {
        let span = self.clamp(span);
        let line = u32::try_from(self.source.line_of(span.start)).unwrap_or(u32::MAX);
        Origin {
            file: self.source.name.to_string(),
            line,
            span,
        }
    }

    /// A value with its place.
    pub fn stated<T>(&self, value: T, span: Range<usize>) -> Stated<T> {
        Stated {
            value,
            origin: Some(self.origin(span)),
        }
    }

    /// The span cut to the text and to whole characters.
    fn clamp(&self, span: Range<usize>) -> Range<usize> {
        let text = &self.source.text;
        let start = text.floor_char_boundary(span.start);
        start..text.ceil_char_boundary(span.end).max(start)
    }
}

/// A table of the tree, and how messages call it.
pub struct Table<'t, 'i> {
    /// The dotted name of the section, empty at the top: `limits`, `functions.except`.
    pub section: &'static str,
    /// What to underline when something is missing from it.
    pub span: Range<usize>,
    entries: &'t DeTable<'i>,
}

/// A key of a table with its value.
pub struct Entry<'t, 'i> {
    /// The full name for messages: `limits.steps`.
    pub name: String,
    /// The key's span.
    pub key: Range<usize>,
    /// The value.
    pub value: &'t Spanned<DeValue<'i>>,
}

impl Entry<'_, '_> {
    /// What a report underlines: key and value if they stand on one line, else the key.
    pub fn span(&self, source: &Source) -> Range<usize> {
        let whole = self.key.start..self.value.span().end.max(self.key.end);
        if source.line_of(whole.start) == source.line_of(whole.end.saturating_sub(1)) {
            whole
        } else {
            self.key.clone()
        }
    }
}

impl<'t, 'i> Table<'t, 'i> {
    /// The top table of a file.
    pub fn top(tree: &'t Spanned<DeTable<'i>>) -> Table<'t, 'i> {
        Table {
            section: "",
            span: 0..0,
            entries: tree.get_ref(),
        }
    }

    /// Diagnoses every key that isn't in `known`.
    pub fn only(&self, walk: &mut Walk<'_>, known: &[&str]) {
        for (key, _) in self.entries.iter() {
            let word: &str = key.get_ref();
            if known.contains(&word) {
                continue;
            }
            let place = match self.section {
                "" => "a policy".to_owned(),
                section => format!("`[{section}]`"),
            };
            let later = LATER.contains(&(self.section, word));
            let label = if later {
                "not part of the language yet"
            } else {
                "unknown"
            };
            let help = if later {
                Some(NOT_YET.to_owned())
            } else {
                Some(
                    belongs(word)
                        .or_else(|| did_you_mean(word, known.iter().copied()))
                        .unwrap_or_else(|| {
                            format!("{place} may have {}", all_of(known.iter().copied()))
                        }),
                )
            };
            let message = format!("{place} has no key {}", quoted(word));
            walk.error(Code::UnknownKey, key.span(), message, label, help);
        }
    }

    /// All entries: key, its place, value.
    pub fn items(&self) -> impl Iterator<Item = (&'t str, Range<usize>, &'t Spanned<DeValue<'i>>)> {
        self.entries
            .iter()
            .map(|(key, value)| (&**key.get_ref(), key.span(), value))
    }

    /// The entry of `key`, whatever its type.
    pub fn entry(&self, key: &str) -> Option<Entry<'t, 'i>> {
        let (found, value) = self.entries.get_key_value(key)?;
        let name = match self.section {
            "" => key.to_owned(),
            section => format!("{section}.{key}"),
        };
        Some(Entry {
            name,
            key: found.span(),
            value,
        })
    }

    /// A string.
    pub fn string(&self, walk: &mut Walk<'_>, key: &str) -> Option<Stated<String>> {
        let entry = self.entry(key)?;
        match entry.value.get_ref() {
            DeValue::String(text) => Some(walk.stated(text.to_string(), entry.span(walk.source))),
            _ => wrong_type(walk, &entry.name, entry.value, "a string", None),
        }
    }

    /// A boolean.
    pub fn boolean(&self, walk: &mut Walk<'_>, key: &str) -> Option<Stated<bool>> {
        let entry = self.entry(key)?;
        match entry.value.get_ref() {
            DeValue::Boolean(value) => Some(walk.stated(*value, entry.span(walk.source))),
            _ => wrong_type(walk, &entry.name, entry.value, "`true` or `false`", None),
        }
    }

    /// A whole number from 0 to `i64::MAX`.
    pub fn count(&self, walk: &mut Walk<'_>, key: &str) -> Option<Stated<u64>> {
        let entry = self.entry(key)?;
        let DeValue::Integer(integer) = entry.value.get_ref() else {
            return wrong_type(walk, &entry.name, entry.value, "a whole number", None);
        };
        let Some(value) = integer_value(integer) else {
            let message = format!("`{}` is out of range", entry.name);
            let help = Some(format!("a whole number from 0 to {}", i64::MAX));
            walk.error(Code::BadValue, entry.value.span(), message, "", help);
            return None;
        };
        Some(walk.stated(value, entry.span(walk.source)))
    }

    /// One of the words of `known`.
    pub fn word<T: Clone>(
        &self,
        walk: &mut Walk<'_>,
        key: &str,
        known: &[(&str, T)],
    ) -> Option<Stated<T>> {
        let entry = self.entry(key)?;
        let DeValue::String(text) = entry.value.get_ref() else {
            let kind = format!(
                "one of the words {}",
                one_of(known.iter().map(|(word, _)| *word))
            );
            return wrong_type(walk, &entry.name, entry.value, &kind, None);
        };
        let value = known_word(walk, &entry.name, text, entry.value.span(), known)?;
        Some(walk.stated(value, entry.span(walk.source)))
    }

    /// A list of strings, each with its own place; with `single`, one string will do.
    pub fn strings(
        &self,
        walk: &mut Walk<'_>,
        key: &str,
        single: bool,
    ) -> Option<Stated<Vec<Stated<String>>>> {
        let entry = self.entry(key)?;
        let texts = match entry.value.get_ref() {
            DeValue::String(text) if single => {
                vec![walk.stated(text.to_string(), entry.value.span())]
            }
            DeValue::Array(items) => items
                .iter()
                .filter_map(|item| match item.get_ref() {
                    DeValue::String(text) => Some(walk.stated(text.to_string(), item.span())),
                    _ => wrong_type(
                        walk,
                        &format!("each item of {}", entry.name),
                        item,
                        "a string",
                        None,
                    ),
                })
                .collect(),
            _ => {
                let (kind, help) = match (single, entry.value.get_ref()) {
                    (true, _) => ("a string or a list of strings", None),
                    (false, DeValue::String(_)) => (
                        "a list of strings",
                        Some("put it in brackets: `[\"…\"]`".to_owned()),
                    ),
                    (false, _) => ("a list of strings", None),
                };
                return wrong_type(walk, &entry.name, entry.value, kind, help);
            }
        };
        if texts.len() > MAX_LIST {
            let message = format!(
                "`{}` has {} items; no list may have more than {MAX_LIST}",
                entry.name,
                texts.len()
            );
            walk.error(Code::BadValue, entry.key, message, "", None);
            return None;
        }
        repetitions(walk, &texts);
        Some(walk.stated(texts, entry.span(walk.source)))
    }

    /// A table: `[section]` or `{ … }`.
    pub fn table(
        &self,
        walk: &mut Walk<'_>,
        key: &str,
        section: &'static str,
    ) -> Option<Table<'t, 'i>> {
        let entry = self.entry(key)?;
        match entry.value.get_ref() {
            DeValue::Table(entries) => Some(Table {
                section,
                span: entry.key,
                entries,
            }),
            _ => wrong_type(
                walk,
                &entry.name,
                entry.value,
                &format!("a table, `[{section}]`"),
                None,
            ),
        }
    }

    /// A list of tables: `[[section]]`.
    pub fn tables(
        &self,
        walk: &mut Walk<'_>,
        key: &str,
        section: &'static str,
    ) -> Vec<Table<'t, 'i>> {
        let Some(entry) = self.entry(key) else {
            return Vec::new();
        };
        let help = Some(format!("write `[[{section}]]`, once for each rule"));
        let DeValue::Array(items) = entry.value.get_ref() else {
            wrong_type::<()>(walk, &entry.name, entry.value, "a list of tables", help);
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in items.iter() {
            match item.get_ref() {
                DeValue::Table(entries) => {
                    tables.push(Table {
                        section,
                        span: header(walk.source, item.span()),
                        entries,
                    });
                }
                _ => {
                    wrong_type::<()>(
                        walk,
                        &format!("each item of {}", entry.name),
                        item,
                        "a table",
                        help.clone(),
                    );
                }
            }
        }
        tables
    }
}

/// What a list says twice: one of the two was probably meant to be something else.
fn repetitions(walk: &mut Walk<'_>, texts: &[Stated<String>]) {
    let mut seen = HashMap::new();
    for text in texts {
        let Some(origin) = &text.origin else { continue };
        let Some(first) = seen.insert(&text.value, origin) else {
            continue;
        };
        let message = format!("{} is listed twice", quoted(&text.value));
        let diagnostic = Diagnostic::warning(Code::IdleRule, message)
            .at(walk.source, origin.span.clone(), "again here")
            .label(Label::new(walk.source, first.span.clone(), "first here"));
        walk.push(diagnostic);
    }
}

/// Where a key belongs that stands in the wrong place.
fn belongs(key: &str) -> Option<String> {
    let (home, _) = HOMES.iter().find(|(_, keys)| keys.contains(&key))?;
    Some(format!("`{key}` belongs in {home}"))
}

/// The value of a TOML integer, if it is from 0 to `i64::MAX`.
pub fn integer_value(integer: &toml::de::DeInteger<'_>) -> Option<u64> {
    let value = i64::from_str_radix(integer.as_str(), integer.radix()).ok()?;
    u64::try_from(value).ok()
}

/// What `text` means among `known`, or a diagnostic.
pub fn known_word<T: Clone>(
    walk: &mut Walk<'_>,
    name: &str,
    text: &str,
    span: Range<usize>,
    known: &[(&str, T)],
) -> Option<T> {
    if let Some((_, value)) = known.iter().find(|(word, _)| *word == text) {
        return Some(value.clone());
    }
    let words = || known.iter().map(|(word, _)| *word);
    let message = format!("{} is not a word that `{name}` knows", quoted(text));
    let help = did_you_mean(text, words()).unwrap_or_else(|| format!("it is {}", one_of(words())));
    walk.error(Code::UnknownWord, span, message, "", Some(help));
    None
}

/// Says that a value has the wrong type.
pub fn wrong_type<T>(
    walk: &mut Walk<'_>,
    name: &str,
    value: &Spanned<DeValue<'_>>,
    wanted: &str,
    help: Option<String>,
) -> Option<T> {
    let found = match value.get_ref() {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "an integer",
        DeValue::Float(_) => "a float",
        DeValue::Boolean(_) => "a boolean",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    };
    let name = if name.contains(' ') {
        name.to_owned()
    } else {
        format!("`{name}`")
    };
    let span = header(walk.source, value.span());
    walk.error(
        Code::WrongType,
        span,
        format!("{name} must be {wanted}"),
        &format!("this is {found}"),
        help,
    );
    None
}

/// The first line of a span: enough to show which table or list is meant.
fn header(source: &Source, span: Range<usize>) -> Range<usize> {
    let first_line = source.lines_around(&(span.start..span.start));
    span.start..span.end.min(first_line.end).max(span.start)
}
