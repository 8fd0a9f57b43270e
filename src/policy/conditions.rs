//! `except = { args = … }`: the arguments that carve a call out of a rule.

use std::path::Path;

use toml::Spanned;
use toml::de::DeValue;

use super::clauses::{ConditionClause, ValueClause};
use super::diagnostic::Code;
use super::places::{self, Home};
use super::tree::{Stated, Table, Walk, wrong_type};
use super::words::quoted;
use crate::rules::pattern::{MAX_PATTERN, search_regex};

/// Reads the table; what is wrong leaves a diagnostic.
pub fn read(walk: &mut Walk<'_>, table: &Table<'_, '_>, cwd: &Path) -> Vec<ConditionClause> {
    let mut conditions = Vec::new();
    for (name, span, value) in table.items() {
        let is_name = !name.is_empty()
            && !name.starts_with(|c: char| c.is_ascii_digit())
            && name.chars().all(|c| c.is_alphanumeric() || c == '_');
        if !is_name {
            let message = format!("{} is not the name of a parameter", quoted(name));
            walk.error(Code::BadValue, span, message, "", None);
            continue;
        }
        let items = match value.get_ref() {
            DeValue::Array(items) => items.iter().collect(),
            _ => vec![value],
        };
        if items.is_empty() {
            let message = format!("no argument `{name}` is covered by an empty list");
            walk.error(Code::NeverMatches, value.span(), message, "", None);
        }
        let values = items
            .into_iter()
            .filter_map(|item| argument(walk, name, item, cwd))
            .collect();
        conditions.push(ConditionClause {
            parameter: walk.stated(name.to_owned(), span),
            values,
        });
    }
    conditions
}

fn argument(
    walk: &mut Walk<'_>,
    name: &str,
    item: &Spanned<DeValue<'_>>,
    cwd: &Path,
) -> Option<ValueClause> {
    match item.get_ref() {
        DeValue::String(text) => string(walk, text, item, cwd),
        DeValue::Boolean(truth) => Some(ValueClause::Boolean(*truth)),
        DeValue::Integer(integer) => match i64::from_str_radix(integer.as_str(), integer.radix()) {
            Ok(number) => Some(ValueClause::Integer(number)),
            Err(_) => {
                let message = format!("{integer} is out of range");
                walk.error(Code::BadValue, item.span(), message, "", None);
                None
            }
        },
        _ => wrong_type(
            walk,
            &format!("the argument {}", quoted(name)),
            item,
            "a string, an integer or a boolean, or a list of those",
            None,
        ),
    }
}

fn string(
    walk: &mut Walk<'_>,
    text: &str,
    item: &Spanned<DeValue<'_>>,
    cwd: &Path,
) -> Option<ValueClause> {
    if text.len() > MAX_PATTERN {
        let message = format!("the pattern is longer than {MAX_PATTERN} bytes");
        walk.error(Code::BadPattern, item.span(), message, "", None);
        return None;
    }
    if let Some(expression) = text.strip_prefix("re:") {
        if let Err(error) = search_regex(expression) {
            let message = format!("{} is not a pattern: {error}", quoted(text));
            walk.error(Code::BadRegex, item.span(), message, "", None);
            return None;
        }
        return Some(ValueClause::Regex(expression.to_owned()));
    }
    if places::looks_like_path(text) {
        let text: Stated<String> = walk.stated(text.to_owned(), item.span());
        return places::anchored(walk, text, cwd, Home::Cwd).map(ValueClause::Path);
    }
    Some(ValueClause::Text(text.to_owned()))
}
