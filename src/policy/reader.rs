//! Walks a TOML document and takes values out of it, each with its place.
//!
//! Serde stops at the first problem; a policy's author wants all of them. So tables are
//! walked by hand: a value is taken by its key, a wrong one is a diagnostic and counts as
//! absent, and what nobody took is unknown.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::diagnostic::{Code, Diagnostic, Diagnostics, did_you_mean};

/// A value with its place in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At<T> {
    /// The value.
    pub value: T,
    /// Byte offsets of the value.
    pub span: Range<usize>,
}

/// One table of a policy's text.
pub struct Table<'a, 'd> {
    entries: Vec<(String, Range<usize>, &'a Spanned<DeValue<'d>>)>,
    /// How messages call it: `[limits]`.
    title: String,
    /// Its place.
    pub span: Range<usize>,
    known: Vec<&'static str>,
}

/// Names the file and gathers problems.
pub struct Problems<'p> {
    /// The file that is read.
    pub file: &'p str,
    /// Where problems go.
    pub list: &'p mut Diagnostics,
}

impl Problems<'_> {
    /// Adds a problem at a place.
    pub fn add(
        &mut self,
        code: Code,
        span: Range<usize>,
        message: impl Into<String>,
        label: impl Into<String>,
        help: Option<String>,
    ) {
        let mut diagnostic = Diagnostic::error(code, message).at(self.file, span, label);
        diagnostic.help = help;
        self.list.push(diagnostic);
    }
}

impl<'a, 'd> Table<'a, 'd> {
    /// Begins with a table. `title` is how messages call it.
    pub fn new(table: &'a DeTable<'d>, span: Range<usize>, title: &str) -> Table<'a, 'd> {
        let entries = table
            .iter()
            .map(|(key, value)| (key.get_ref().to_string(), key.span(), value))
            .collect();
        Table {
            entries,
            title: title.to_owned(),
            span,
            known: Vec::new(),
        }
    }

    /// Takes a value of any type.
    pub fn take(&mut self, key: &'static str) -> Option<&'a Spanned<DeValue<'d>>> {
        self.known.push(key);
        let index = self.entries.iter().position(|(name, ..)| name == key)?;
        Some(self.entries.swap_remove(index).2)
    }

    /// Place of a key that is still there.
    pub fn key_span(&self, key: &str) -> Option<Range<usize>> {
        self.entries
            .iter()
            .find(|(name, ..)| name == key)
            .map(|(_, span, _)| span.clone())
    }

    /// Takes a string.
    pub fn string(&mut self, key: &'static str, problems: &mut Problems<'_>) -> Option<At<String>> {
        let value = self.take(key)?;
        match value.get_ref().as_str() {
            Some(text) => Some(At {
                value: text.to_owned(),
                span: value.span(),
            }),
            None => wrong_type(problems, value, &self.title, key, "a string"),
        }
    }

    /// Takes a boolean.
    pub fn boolean(&mut self, key: &'static str, problems: &mut Problems<'_>) -> Option<At<bool>> {
        let value = self.take(key)?;
        match value.get_ref().as_bool() {
            Some(flag) => Some(At {
                value: flag,
                span: value.span(),
            }),
            None => wrong_type(problems, value, &self.title, key, "true or false"),
        }
    }

    /// Takes a string or a list of strings.
    pub fn strings(
        &mut self,
        key: &'static str,
        problems: &mut Problems<'_>,
    ) -> Option<At<Vec<At<String>>>> {
        let value = self.take(key)?;
        if let Some(text) = value.get_ref().as_str() {
            let item = At {
                value: text.to_owned(),
                span: value.span(),
            };
            return Some(At {
                value: vec![item],
                span: value.span(),
            });
        }
        let Some(array) = value.get_ref().as_array() else {
            return wrong_type(
                problems,
                value,
                &self.title,
                key,
                "a string or a list of strings",
            );
        };
        let mut items = Vec::new();
        for item in array.iter() {
            match item.get_ref().as_str() {
                Some(text) => items.push(At {
                    value: text.to_owned(),
                    span: item.span(),
                }),
                None => {
                    wrong_type::<()>(problems, item, &self.title, key, "a string");
                }
            }
        }
        Some(At {
            value: items,
            span: value.span(),
        })
    }

    /// Takes a word out of a fixed set.
    pub fn word<T: Copy>(
        &mut self,
        key: &'static str,
        words: &[(&'static str, T)],
        problems: &mut Problems<'_>,
    ) -> Option<At<T>> {
        let text = self.string(key, problems)?;
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == text.value) {
            return Some(At {
                value: *value,
                span: text.span,
            });
        }
        let all = words
            .iter()
            .map(|(word, _)| format!("`{word}`"))
            .collect::<Vec<_>>()
            .join(", ");
        let help = match did_you_mean(&text.value, words.iter().map(|(word, _)| *word)) {
            Some(meant) => format!("did you mean `{meant}`? It is one of {all}"),
            None => format!("it is one of {all}"),
        };
        let message = format!("`{}` is no value of `{key}`", text.value);
        problems.add(Code::BadValue, text.span, message, "", Some(help));
        None
    }

    /// Takes a table within this one.
    pub fn table(
        &mut self,
        key: &'static str,
        problems: &mut Problems<'_>,
    ) -> Option<Table<'a, 'd>> {
        let value = self.take(key)?;
        match value.get_ref().as_table() {
            Some(table) => Some(Table::new(table, value.span(), &format!("[{key}]"))),
            None => wrong_type(problems, value, &self.title, key, "a table"),
        }
    }

    /// Takes a list of tables (`[[key]]`).
    pub fn tables(&mut self, key: &'static str, problems: &mut Problems<'_>) -> Vec<Table<'a, 'd>> {
        let Some(value) = self.take(key) else {
            return Vec::new();
        };
        let Some(array) = value.get_ref().as_array() else {
            let _: Option<()> = wrong_type(
                problems,
                value,
                &self.title,
                key,
                "a list of rules (`[[…]]`)",
            );
            return Vec::new();
        };
        let title = format!("[[{key}]]");
        array
            .iter()
            .filter_map(|item| match item.get_ref().as_table() {
                Some(table) => Some(Table::new(table, item.span(), &title)),
                None => wrong_type(problems, item, &self.title, key, "a table"),
            })
            .collect()
    }

    /// Whatever nobody took is unknown. `later` are keys that the language has in other
    /// versions: the message says that nothing would enforce them.
    pub fn finish(self, later: &[&str], problems: &mut Problems<'_>) {
        for (key, span, _) in self.entries {
            let help = if later.contains(&key.as_str()) {
                Some(
                    "this version of Lictor doesn't know it, so nothing would enforce it"
                        .to_owned(),
                )
            } else {
                did_you_mean(&key, self.known.iter().copied())
                    .map(|meant| format!("did you mean `{meant}`?"))
                    .or_else(|| Some(format!("known here: {}", self.known.join(", "))))
            };
            let message = format!("unknown key `{key}` in {}", self.title);
            problems.add(Code::UnknownKey, span, message, "", help);
        }
    }
}

/// Adds the problem that a value has the wrong type.
pub fn wrong_type<T>(
    problems: &mut Problems<'_>,
    value: &Spanned<DeValue<'_>>,
    title: &str,
    key: &str,
    expected: &str,
) -> Option<T> {
    let message = format!("`{key}` in {title} must be {expected}");
    let found = format!("this is {}", article(value.get_ref().type_str()));
    problems.add(Code::WrongType, value.span(), message, found, None);
    None
}

fn article(noun: &str) -> String {
    let vowel = noun.starts_with(['a', 'e', 'i', 'o', 'u']);
    format!("{} {noun}", if vowel { "an" } else { "a" })
}
