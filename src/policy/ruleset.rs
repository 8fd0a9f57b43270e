//! `[[functions]]` and `[[lines]]`: one rule each.
//!
//! Besides being well formed, a rule must be able to match something: one that can't is
//! a mistake of its author's, who believes to be protected by it.

use std::path::Path;

use toml::de::DeValue;

use super::clauses::{FunctionClause, LineClause};
use super::conditions;
use super::diagnostic::{Code, Diagnostic, Label};
use super::document::name_pattern;
use super::tree::{Stated, Table, Walk, known_word};
use super::words::quoted;
use crate::rules::pattern::{FileMatcher, MAX_PATTERN, NameMatcher, PatternError, search_regex};
use crate::rules::{Action, Caller, NamePattern};

const ACTIONS: [(&str, Action); 4] = [
    ("allow", Action::Allow),
    ("audit", Action::Audit),
    ("refuse", Action::Refuse),
    ("deny", Action::Deny),
];

const CALLERS: [(&str, Caller); 3] = [
    ("any", Caller::Any),
    ("guest", Caller::Guest),
    ("library", Caller::Library),
];

/// Builtin types whose methods people name without their module.
const BUILTIN_TYPES: [&str; 14] = [
    "bool",
    "bytearray",
    "bytes",
    "complex",
    "dict",
    "float",
    "frozenset",
    "int",
    "list",
    "object",
    "set",
    "str",
    "tuple",
    "type",
];

/// One `[[functions]]` rule, or diagnostics.
pub fn function(walk: &mut Walk<'_>, table: &Table<'_, '_>, cwd: &Path) -> Option<FunctionClause> {
    table.only(
        walk,
        &[
            "id",
            "match",
            "action",
            "called_from",
            "max_calls",
            "max_steps",
            "max_recursion",
            "message",
            "except",
        ],
    );
    let id = id(walk, table);
    let names = match table.strings(walk, "match", true) {
        Some(list) => function_names(walk, list),
        None => {
            if table.entry("match").is_none() {
                missing(
                    walk,
                    table,
                    "match",
                    "what the rule is about: `match = \"os.system\"`",
                );
            }
            None
        }
    };
    let mut except = Vec::new();
    let mut except_arguments = Vec::new();
    if let Some(table) = table.table(walk, "except", "functions.except") {
        table.only(walk, &["match", "args"]);
        if let Some(list) = table.strings(walk, "match", true) {
            except = patterns(walk, list);
        }
        if let Some(table) = table.table(walk, "args", "functions.except.args") {
            except_arguments = conditions::read(walk, &table, cwd);
        }
    }
    let action = table.word(walk, "action", &ACTIONS);
    let max_calls = table.count(walk, "max_calls");
    let max_steps = table.count(walk, "max_steps");
    let max_recursion = table.count(walk, "max_recursion");
    let caller = caller(walk, table);
    let message = table.string(walk, "message").map(|text| text.value);
    let action = counted_action(walk, table, action);
    counted_code(walk, table);
    if let Some(names) = &names {
        carved_out(walk, names, &except);
    }
    Some(FunctionClause {
        id: id?,
        names: names?,
        except,
        except_arguments,
        action: action?,
        caller: caller?,
        max_calls: max_calls.map(|count| count.value),
        max_steps: max_steps.map(|count| count.value),
        max_recursion: max_recursion.map(|count| count.value),
        message,
    })
}

/// `called_from`: a word, or the modules whose code calls.
fn caller(walk: &mut Walk<'_>, table: &Table<'_, '_>) -> Option<Caller> {
    if table.entry("called_from").is_none() {
        return Some(Caller::Any);
    }
    let list = table.strings(walk, "called_from", true)?;
    if let [word] = list.value.as_slice()
        && let Some(origin) = &word.origin
    {
        if let Some((_, caller)) = CALLERS.iter().find(|(known, _)| *known == word.value) {
            return Some(caller.clone());
        }
        // One plain word that isn't in brackets is more likely misspelt than a module.
        let bare = table
            .entry("called_from")
            .is_some_and(|entry| matches!(entry.value.get_ref(), DeValue::String(_)));
        if bare && word.value.bytes().all(|byte| byte.is_ascii_lowercase()) {
            let span = origin.span.clone();
            return known_word(walk, "functions.called_from", &word.value, span, &CALLERS);
        }
    }
    let wanted = list.value.len();
    let names = patterns(walk, list);
    if wanted == 0 || names.len() != wanted {
        if wanted == 0 {
            missing(
                walk,
                table,
                "called_from",
                "name the modules, or leave `called_from` out",
            );
        }
        return None;
    }
    Some(Caller::Modules(
        names.into_iter().map(|name| name.value).collect(),
    ))
}

/// The keys that give a function a budget.
const BUDGETS: [&str; 3] = ["max_calls", "max_steps", "max_recursion"];

/// The action of a rule; a budget alone means that the excess is denied.
fn counted_action(
    walk: &mut Walk<'_>,
    table: &Table<'_, '_>,
    action: Option<Stated<Action>>,
) -> Option<Action> {
    let budget = BUDGETS.iter().find(|key| table.entry(key).is_some());
    let Some(action) = action else {
        return match (table.entry("action"), budget) {
            (None, Some(_)) => Some(Action::Deny),
            (None, None) => {
                missing(
                    walk,
                    table,
                    "action",
                    "`action` is what happens to a call: `\"allow\"`, `\"audit\"`, `\"refuse\"` or `\"deny\"`",
                );
                None
            }
            // What stands there was diagnosed already.
            (Some(_), _) => None,
        };
    };
    let only_denied = ["max_steps", "max_recursion"]
        .iter()
        .any(|key| table.entry(key).is_some());
    let wrong = match action.value {
        Action::Allow | Action::Audit => true,
        Action::Refuse => only_denied,
        Action::Deny => false,
    };
    let Some(key) = budget.filter(|_| wrong) else {
        return Some(action.value);
    };
    let message = format!(
        "a rule with `{key}` can't have the action `{}`",
        action.value.as_str()
    );
    let help = match only_denied {
        true => "what is in excess is denied: leave `action` out",
        false => {
            "`action` is what happens to the calls in excess: `\"deny\"` (which it is when left out) or `\"refuse\"`"
        }
    };
    let mut diagnostic = Diagnostic::error(Code::ConflictingKeys, message).help(help.to_owned());
    if let Some(origin) = action.origin {
        diagnostic = diagnostic.at(walk.source, origin.span, "");
    }
    if let Some(entry) = table.entry(key) {
        let span = entry.span(walk.source);
        diagnostic = diagnostic.label(Label::new(walk.source, span, "the limit"));
    }
    walk.push(diagnostic);
    None
}

/// Steps and live calls are counted by code: who called, and with what, isn't known there.
fn counted_code(walk: &mut Walk<'_>, table: &Table<'_, '_>) {
    let budget = ["max_steps", "max_recursion"]
        .iter()
        .find_map(|key| table.entry(key));
    let Some(budget) = budget else { return };
    let mut conflicts = Vec::new();
    if let Some(entry) = table.entry("called_from") {
        conflicts.push(("`called_from`", entry.span(walk.source)));
    }
    if let Some(entry) = table.entry("except")
        && let DeValue::Table(except) = entry.value.get_ref()
        && let Some((key, _)) = except.get_key_value("args")
    {
        conflicts.push(("`except.args`", key.span()));
    }
    for (name, span) in conflicts {
        let message = format!("a rule with `{}` can't have {name}", budget.name);
        let message = message.replace("functions.", "");
        let diagnostic = Diagnostic::error(Code::ConflictingKeys, message)
            .at(walk.source, span, "")
            .label(Label::new(
                walk.source,
                budget.span(walk.source),
                "the limit",
            ))
            .help(
                "it is about the functions' own code, whoever called them with whatever".to_owned(),
            );
        walk.push(diagnostic);
    }
}

/// One `[[lines]]` rule, or diagnostics.
pub fn line(walk: &mut Walk<'_>, table: &Table<'_, '_>) -> Option<LineClause> {
    table.only(
        walk,
        &["id", "match", "file", "action", "max_count", "message"],
    );
    let id = id(walk, table);
    if table.entry("match").is_none() {
        missing(
            walk,
            table,
            "match",
            "what the rule looks for: text, or `re:…` for a regex",
        );
    }
    let pattern = table
        .string(walk, "match")
        .and_then(|text| line_pattern(walk, text));
    let files = table.strings(walk, "file", true);
    let empty = files
        .as_ref()
        .filter(|list| list.value.is_empty())
        .and_then(|list| list.origin.clone());
    if let Some(origin) = empty {
        let help = Some("leave `file` out to look at every file of the guest".to_owned());
        walk.error(
            Code::NeverMatches,
            origin.span,
            "a rule about no file can't match".to_owned(),
            "",
            help,
        );
    }
    let files = files
        .map(|list| globs(walk, list.value))
        .unwrap_or_default();
    if table.entry("action").is_none() {
        missing(
            walk,
            table,
            "action",
            "`action` is what happens at such a line: `\"audit\"` or `\"deny\"`",
        );
    }
    let action = table.word(
        walk,
        "action",
        &[("audit", Action::Audit), ("deny", Action::Deny)],
    );
    let max_count = table.count(walk, "max_count");
    let message = table.string(walk, "message").map(|text| text.value);
    Some(LineClause {
        id: id?,
        pattern: pattern?,
        files,
        action: action?.value,
        max_count: max_count.map(|count| count.value),
        message,
    })
}

/// Plain text becomes a regex that finds it.
fn line_pattern(walk: &mut Walk<'_>, text: Stated<String>) -> Option<String> {
    let origin = text.origin?;
    if text.value.len() > MAX_PATTERN {
        let message = format!("the pattern is longer than {MAX_PATTERN} bytes");
        walk.error(Code::BadPattern, origin.span, message, "", None);
        return None;
    }
    let Some(expression) = text.value.strip_prefix("re:") else {
        if text.value.is_empty() {
            let help = Some("`re:` alone is the regex that every line matches".to_owned());
            walk.error(
                Code::BadPattern,
                origin.span,
                "the pattern is empty".to_owned(),
                "",
                help,
            );
            return None;
        }
        return Some(regex::escape(&text.value));
    };
    match search_regex(expression) {
        Ok(_) => Some(expression.to_owned()),
        Err(error) => {
            let message = format!("{} is not a pattern: {error}", quoted(&text.value));
            walk.error(Code::BadRegex, origin.span, message, "", None);
            None
        }
    }
}

fn globs(walk: &mut Walk<'_>, list: Vec<Stated<String>>) -> Vec<String> {
    let mut globs = Vec::new();
    for Stated { value, origin } in list {
        match (FileMatcher::new([value.as_str()]), origin) {
            (Err(error), Some(origin)) => {
                let message = format!("{} is not a glob: {error}", quoted(&value));
                walk.error(Code::BadGlob, origin.span, message, "", None);
            }
            _ => globs.push(value),
        }
    }
    globs
}

/// A rule's id: one word, so that reports and `extends` can name it.
fn id(walk: &mut Walk<'_>, table: &Table<'_, '_>) -> Option<Stated<String>> {
    if table.entry("id").is_none() {
        missing(
            walk,
            table,
            "id",
            "reports name the rule by its id: `id = \"no-shell\"`",
        );
    }
    let id = table.string(walk, "id")?;
    let is_word = !id.value.is_empty()
        && id.value.len() <= 64
        && id
            .value
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    let reason = if !is_word {
        "an id is one word of at most 64 letters, digits, `-` and `_`"
    } else if id.value == "tamper" {
        "`tamper` is the rule that holds under every policy"
    } else {
        return Some(id);
    };
    if let Some(origin) = id.origin {
        let message = format!("{} can't be a rule's id", quoted(&id.value));
        walk.error(
            Code::BadId,
            origin.span,
            message,
            "",
            Some(reason.to_owned()),
        );
    }
    None
}

fn patterns(walk: &mut Walk<'_>, list: Stated<Vec<Stated<String>>>) -> Vec<Stated<NamePattern>> {
    list.value
        .into_iter()
        .filter_map(|text| name_pattern(walk, text))
        .collect()
}

/// The names of a function rule; none of it if one was wrong, so that no later check builds
/// on half of it.
fn function_names(
    walk: &mut Walk<'_>,
    list: Stated<Vec<Stated<String>>>,
) -> Option<Vec<Stated<NamePattern>>> {
    let wanted = list.value.len();
    let origin = list.origin.clone()?;
    if wanted == 0 {
        let help = Some("name what the rule is about, or remove the rule".to_owned());
        walk.error(
            Code::NeverMatches,
            origin.span,
            "a rule with an empty `match` can't match".to_owned(),
            "",
            help,
        );
        return None;
    }
    let names = patterns(walk, list);
    for name in &names {
        qualified(walk, name);
    }
    (names.len() == wanted).then_some(names)
}

/// A function's name begins with its module: `sorted` alone names nothing.
fn qualified(walk: &mut Walk<'_>, name: &Stated<NamePattern>) {
    let (NamePattern::Literal(text) | NamePattern::Glob(text), Some(origin)) =
        (&name.value, &name.origin)
    else {
        return;
    };
    let first = text.split('.').next().unwrap_or(text);
    if first == text && text != "**" {
        let message = format!(
            "{} can't match a function: its module is missing",
            quoted(text)
        );
        let help = if text == "*" {
            "`**` matches every name".to_owned()
        } else {
            format!("a builtin is `builtins.{text}`, a function of the script `__main__.{text}`")
        };
        walk.error(
            Code::UnqualifiedName,
            origin.span.clone(),
            message,
            "",
            Some(help),
        );
    } else if BUILTIN_TYPES.contains(&first) {
        let message = format!(
            "{} is taken for a function of a module `{first}`",
            quoted(text)
        );
        let diagnostic = Diagnostic::warning(Code::UnqualifiedName, message)
            .at(walk.source, origin.span.clone(), "")
            .help(format!(
                "the method of the builtin type is `builtins.{text}`"
            ));
        walk.push(diagnostic);
    }
}

/// What `except` does to `match`: everything is a mistake, nothing is probably one.
fn carved_out(walk: &mut Walk<'_>, names: &[Stated<NamePattern>], except: &[Stated<NamePattern>]) {
    let (Ok(matched), Ok(holes)) = (matcher(names), matcher(except)) else {
        return;
    };
    let covered = |name: &Stated<NamePattern>| match &name.value {
        NamePattern::Literal(text) => holes.is_match(text),
        _ => except.iter().any(|hole| hole.value.covers(&name.value)),
    };
    if names.iter().all(covered) {
        let Some(origin) = except.first().and_then(|hole| hole.origin.clone()) else {
            return;
        };
        let message =
            "`except` carves out all that `match` names, so the rule can't match".to_owned();
        walk.error(Code::NeverMatches, origin.span, message, "", None);
        return;
    }
    for hole in except {
        if let (NamePattern::Literal(text), Some(origin)) = (&hole.value, &hole.origin)
            && !matched.is_match(text)
        {
            let message = format!("{} isn't matched anyway", quoted(text));
            let diagnostic = Diagnostic::warning(Code::IdleRule, message)
                .at(walk.source, origin.span.clone(), "nothing to carve out")
                .help("`except` takes away from `match` of the same rule".to_owned());
            walk.push(diagnostic);
        }
    }
}

fn matcher(patterns: &[Stated<NamePattern>]) -> Result<NameMatcher, PatternError> {
    NameMatcher::new(patterns.iter().map(|pattern| (0, &pattern.value)))
}

fn missing(walk: &mut Walk<'_>, table: &Table<'_, '_>, key: &str, help: &str) {
    // What the parser lost of a broken text isn't missing.
    if walk.is_mended() {
        return;
    }
    let message = format!("a rule of `[[{}]]` needs `{key}`", table.section);
    walk.error(
        Code::MissingKey,
        table.span.clone(),
        message,
        "",
        Some(help.to_owned()),
    );
}
