//! One policy file as its author wrote it: values checked one by one, nothing merged yet.

use std::ops::Range;
use std::time::Duration;

use globset::Glob;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::HashSeed;
use super::diagnostic::{Code, Diagnostics};
use super::reader::{At, Problems, Table, wrong_type};
use super::source::Source;
use super::units;
use crate::rules::{Action, Caller, LimitKind, NamePattern, Scope};

/// Sections and keys that belong to the language, but that nothing acts on in this version.
const LATER: &[&str] = &[
    "files",
    "network",
    "syntax",
    "jail",
    "processes",
    "args",
    "arguments",
];

/// The version of the language.
const VERSION: i64 = 1;

/// A limit's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitValue {
    /// A count or a number of bytes.
    Number(u64),
    /// A time.
    Time(Duration),
}

/// A `[[functions]]` rule.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its id.
    pub id: String,
    /// What it covers.
    pub names: Vec<NamePattern>,
    /// What is carved out.
    pub except: Vec<NamePattern>,
    /// What happens.
    pub action: Action,
    /// Whose calls.
    pub caller: Caller,
    /// How many may pass.
    pub max_calls: Option<u64>,
    /// The author's words.
    pub message: Option<String>,
}

/// A `[[lines]]` rule.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its id.
    pub id: String,
    /// The regex.
    pub pattern: String,
    /// Globs on files.
    pub files: Vec<String>,
    /// What happens.
    pub action: Action,
    /// The author's words.
    pub message: Option<String>,
}

/// One policy file.
#[derive(Clone, Debug, Default)]
pub struct Raw {
    /// `name`.
    pub name: Option<String>,
    /// `extends`.
    pub extends: Vec<At<String>>,
    /// `defaults.functions`: is everything closed that no rule names?
    pub closed: Option<At<bool>>,
    /// `[limits]`.
    pub limits: Vec<(LimitKind, At<LimitValue>)>,
    /// `limits.count_library`.
    pub count_library: Option<bool>,
    /// `imports.allow`.
    pub import_allow: Option<At<Vec<NamePattern>>>,
    /// `imports.deny`.
    pub import_deny: Option<At<Vec<NamePattern>>>,
    /// `[[functions]]`.
    pub functions: Vec<At<Function>>,
    /// `[[lines]]`.
    pub lines: Vec<At<Line>>,
    /// `environment.pass`.
    pub environment: Option<Vec<String>>,
    /// `trust.paths`.
    pub trust: Option<Vec<String>>,
    /// `audit.record`.
    pub record: Option<Vec<String>>,
    /// `audit.scope`.
    pub scope: Option<Scope>,
    /// `python.hash_seed`.
    pub hash_seed: Option<HashSeed>,
}

/// What `[audit] record` may name.
pub const RECORDS: &[&str] = &[
    "calls",
    "returns",
    "exceptions",
    "lines",
    "imports",
    "denied",
];

/// Reads a policy's text. Problems go to `list`; what could be read is returned.
pub fn read(source: &Source, list: &mut Diagnostics) -> Raw {
    let (document, errors) = DeTable::parse_recoverable(&source.text);
    let mut problems = Problems {
        file: &source.name,
        list,
    };
    let broken = !errors.is_empty();
    for error in errors {
        let span = error.span().unwrap_or(0..0);
        problems.add(Code::Syntax, span, error.message().to_owned(), "", None);
    }
    if broken {
        // What follows a syntax error is guesswork: its other problems would be, too.
        return Raw::default();
    }
    let root = Table::new(document.get_ref(), document.span(), "a policy");
    read_root(root, source, &mut problems)
}

fn read_root(mut root: Table<'_, '_>, source: &Source, problems: &mut Problems<'_>) -> Raw {
    read_version(&mut root, source, problems);
    let name = root.string("name", problems).map(|name| name.value);
    let extends = root
        .strings("extends", problems)
        .map(|list| list.value)
        .unwrap_or_default();
    let mut raw = Raw {
        name,
        extends,
        ..Raw::default()
    };
    if let Some(mut defaults) = root.table("defaults", problems) {
        raw.closed = defaults.word("functions", &[("allow", false), ("deny", true)], problems);
        defaults.finish(LATER, problems);
    }
    if let Some(limits) = root.table("limits", problems) {
        read_limits(limits, &mut raw, problems);
    }
    if let Some(mut imports) = root.table("imports", problems) {
        raw.import_allow = names(&mut imports, "allow", problems);
        raw.import_deny = names(&mut imports, "deny", problems);
        imports.finish(LATER, problems);
    }
    for table in root.tables("functions", problems) {
        raw.functions.extend(read_function(table, problems));
    }
    for table in root.tables("lines", problems) {
        raw.lines.extend(read_line(table, problems));
    }
    if let Some(mut environment) = root.table("environment", problems) {
        raw.environment = globs(&mut environment, "pass", problems);
        environment.finish(LATER, problems);
    }
    if let Some(mut trust) = root.table("trust", problems) {
        raw.trust = trust.strings("paths", problems).map(values);
        trust.finish(LATER, problems);
    }
    if let Some(audit) = root.table("audit", problems) {
        read_audit(audit, &mut raw, problems);
    }
    if let Some(mut python) = root.table("python", problems) {
        raw.hash_seed = read_hash_seed(&mut python, problems);
        python.finish(LATER, problems);
    }
    root.finish(LATER, problems);
    refuse_duplicates(&raw, problems);
    raw
}

fn values(list: At<Vec<At<String>>>) -> Vec<String> {
    list.value.into_iter().map(|item| item.value).collect()
}

fn read_version(root: &mut Table<'_, '_>, source: &Source, problems: &mut Problems<'_>) {
    let Some(value) = root.take("version") else {
        let start = 0..source.text.find('\n').unwrap_or(source.text.len());
        problems.add(
            Code::MissingVersion,
            start,
            "the policy doesn't say which version of the language it is written in",
            "",
            Some("begin it with `version = 1`".to_owned()),
        );
        return;
    };
    match whole_number(value.get_ref()) {
        Some(VERSION) => {}
        Some(_) => problems.add(
            Code::UnsupportedVersion,
            value.span(),
            "this version of the policy language isn't known",
            "",
            Some("this Lictor knows version 1".to_owned()),
        ),
        None => {
            wrong_type::<()>(problems, value, "a policy", "version", "the number 1");
        }
    }
}

fn whole_number(value: &DeValue<'_>) -> Option<i64> {
    let integer = value.as_integer()?;
    i64::from_str_radix(&integer.as_str().replace('_', ""), integer.radix()).ok()
}

fn read_limits(mut table: Table<'_, '_>, raw: &mut Raw, problems: &mut Problems<'_>) {
    for kind in LimitKind::ALL {
        let Some(value) = table.take(kind.as_str()) else {
            continue;
        };
        if let Some(limit) = limit_value(kind, value, problems) {
            raw.limits.push((
                kind,
                At {
                    value: limit,
                    span: value.span(),
                },
            ));
        }
    }
    raw.count_library = table
        .boolean("count_library", problems)
        .map(|flag| flag.value);
    table.finish(LATER, problems);
}

fn limit_value(
    kind: LimitKind,
    value: &Spanned<DeValue<'_>>,
    problems: &mut Problems<'_>,
) -> Option<LimitValue> {
    let parsed = match value.get_ref() {
        DeValue::String(text) => parse_limit(kind, text),
        DeValue::Integer(_) => match whole_number(value.get_ref()) {
            Some(number) => parse_limit(kind, &number.to_string()),
            None => Err(expected(kind).to_owned()),
        },
        _ => {
            return wrong_type(problems, value, "[limits]", kind.as_str(), expected(kind));
        }
    };
    match parsed {
        Ok(limit) => Some(limit),
        Err(help) => {
            let message = format!("this is no value of `limits.{}`", kind.as_str());
            problems.add(Code::BadValue, value.span(), message, "", Some(help));
            None
        }
    }
}

fn expected(kind: LimitKind) -> &'static str {
    match kind {
        LimitKind::Wall | LimitKind::Cpu => "a time such as \"10s\" or \"500ms\"",
        LimitKind::Memory | LimitKind::Output | LimitKind::Audit => {
            "a size such as \"256MiB\", or a number of bytes"
        }
        LimitKind::Steps | LimitKind::Calls | LimitKind::Recursion => "a whole number above zero",
        LimitKind::Threads => "a whole number",
    }
}

/// Reads a limit as policies and `--limit` write it.
///
/// # Errors
/// What is expected instead, for a help line.
pub fn parse_limit(kind: LimitKind, text: &str) -> Result<LimitValue, String> {
    let parsed = match kind {
        LimitKind::Wall | LimitKind::Cpu => units::duration(text).map(LimitValue::Time),
        LimitKind::Memory | LimitKind::Output | LimitKind::Audit => units::size(text)
            .or_else(|| units::count(text))
            .map(LimitValue::Number),
        LimitKind::Threads => units::count(text).map(LimitValue::Number),
        LimitKind::Steps | LimitKind::Calls | LimitKind::Recursion => units::count(text)
            .filter(|count| *count > 0)
            .map(LimitValue::Number),
    };
    parsed.ok_or_else(|| format!("it is {}", expected(kind)))
}

/// A list of name patterns.
fn names(
    table: &mut Table<'_, '_>,
    key: &'static str,
    problems: &mut Problems<'_>,
) -> Option<At<Vec<NamePattern>>> {
    let list = table.strings(key, problems)?;
    let mut patterns = Vec::new();
    for item in list.value {
        match NamePattern::parse(&item.value) {
            Ok(pattern) if !item.value.is_empty() => patterns.push(pattern),
            Ok(_) => problems.add(
                Code::BadPattern,
                item.span,
                "an empty name matches nothing",
                "",
                Some("name something, or leave it out".to_owned()),
            ),
            Err(error) => problems.add(
                Code::BadPattern,
                item.span,
                format!("the pattern `{}` doesn't compile", item.value),
                last_line(&error.to_string()),
                Some("globs are `os.*` and `os.**`; a regex begins with `re:`".to_owned()),
            ),
        }
    }
    Some(At {
        value: patterns,
        span: list.span,
    })
}

fn last_line(text: &str) -> String {
    text.lines().last().unwrap_or_default().trim().to_owned()
}

/// A list of globs on names or paths.
fn globs(
    table: &mut Table<'_, '_>,
    key: &'static str,
    problems: &mut Problems<'_>,
) -> Option<Vec<String>> {
    let list = table.strings(key, problems)?;
    let mut globs = Vec::new();
    for item in list.value {
        match Glob::new(&item.value) {
            Ok(_) => globs.push(item.value),
            Err(error) => problems.add(
                Code::BadPattern,
                item.span,
                format!("the glob `{}` doesn't compile", item.value),
                last_line(&error.to_string()),
                None,
            ),
        }
    }
    Some(globs)
}

const ACTIONS: &[(&str, Action)] = &[
    ("allow", Action::Allow),
    ("audit", Action::Audit),
    ("refuse", Action::Refuse),
    ("deny", Action::Deny),
];

fn read_function(mut table: Table<'_, '_>, problems: &mut Problems<'_>) -> Option<At<Function>> {
    let span = table.span.clone();
    let id = required(&mut table, "id", problems);
    let has_match = table.key_span("match").is_some();
    let names = names(&mut table, "match", problems);
    let has_action = table.key_span("action").is_some();
    let action = table.word("action", ACTIONS, problems);
    let callers = [
        ("any", Caller::Any),
        ("guest", Caller::Guest),
        ("library", Caller::Library),
    ];
    let caller = table.word("called_from", &callers, problems);
    let max_calls = read_max_calls(&mut table, problems);
    let message = table
        .string("message", problems)
        .map(|message| message.value);
    let mut except = Vec::new();
    if let Some(mut carved) = table.table("except", problems) {
        except = self::names(&mut carved, "match", problems)
            .map(|list| list.value)
            .unwrap_or_default();
        carved.finish(LATER, problems);
    }
    table.finish(LATER, problems);
    if !has_match {
        missing(
            problems,
            &span,
            "match",
            "say which functions it covers: `match = \"os.system\"`",
        );
    }
    if !has_action && max_calls.is_none() {
        missing(
            problems,
            &span,
            "action",
            "say what happens: `action = \"deny\"`",
        );
    }
    let names = names?;
    if names.value.is_empty() {
        problems.add(
            Code::NeverMatches,
            names.span.clone(),
            "a rule without names never matches",
            "",
            Some("name the functions it covers".to_owned()),
        );
    } else if names.value.iter().all(|name| except.contains(name)) {
        problems.add(
            Code::NeverMatches,
            names.span.clone(),
            "everything that the rule matches is carved out of it by `except`",
            "",
            None,
        );
    }
    if let (Some(action), Some(_)) = (&action, max_calls)
        && matches!(action.value, Action::Allow | Action::Audit)
    {
        problems.add(
            Code::BadValue,
            action.span.clone(),
            "with `max_calls`, the action is what happens to the calls in excess",
            "these would pass, too",
            Some("leave it out, or use `refuse` or `deny`".to_owned()),
        );
    }
    let action = action.map_or(Action::Deny, |action| action.value);
    let caller = caller.map_or(Caller::Any, |caller| caller.value);
    let value = Function {
        id: id?.value,
        names: names.value,
        except,
        action,
        caller,
        max_calls,
        message,
    };
    Some(At { value, span })
}

fn read_max_calls(table: &mut Table<'_, '_>, problems: &mut Problems<'_>) -> Option<u64> {
    let value = table.take("max_calls")?;
    match whole_number(value.get_ref()).map(u64::try_from) {
        Some(Ok(most)) => Some(most),
        _ => wrong_type(
            problems,
            value,
            "[[functions]]",
            "max_calls",
            "a whole number, 0 or more",
        ),
    }
}

fn read_line(mut table: Table<'_, '_>, problems: &mut Problems<'_>) -> Option<At<Line>> {
    let span = table.span.clone();
    let id = required(&mut table, "id", problems);
    let pattern = required(&mut table, "match", problems);
    let files = globs(&mut table, "file", problems).unwrap_or_default();
    let actions = [("audit", Action::Audit), ("deny", Action::Deny)];
    let has_action = table.key_span("action").is_some();
    let action = table.word("action", &actions, problems);
    let message = table
        .string("message", problems)
        .map(|message| message.value);
    table.finish(LATER, problems);
    if !has_action {
        missing(
            problems,
            &span,
            "action",
            "say what happens: `action = \"deny\"`",
        );
    }
    let pattern = pattern?;
    let regex = match pattern.value.strip_prefix("re:") {
        Some(regex) => regex.to_owned(),
        None => regex::escape(&pattern.value),
    };
    if pattern.value.is_empty() {
        problems.add(
            Code::BadPattern,
            pattern.span,
            "an empty text is in every line",
            "",
            Some("write what to look for".to_owned()),
        );
        return None;
    }
    if let Err(error) = regex::Regex::new(&regex) {
        let message = format!("the pattern `{}` doesn't compile", pattern.value);
        problems.add(
            Code::BadPattern,
            pattern.span,
            message,
            last_line(&error.to_string()),
            None,
        );
        return None;
    }
    let action = action.map_or(Action::Deny, |action| action.value);
    Some(At {
        value: Line {
            id: id?.value,
            pattern: regex,
            files,
            action,
            message,
        },
        span,
    })
}

fn required(
    table: &mut Table<'_, '_>,
    key: &'static str,
    problems: &mut Problems<'_>,
) -> Option<At<String>> {
    let present = table.key_span(key).is_some();
    let value = table.string(key, problems);
    if !present {
        missing(problems, &table.span.clone(), key, "every rule has one");
    }
    value
}

fn missing(problems: &mut Problems<'_>, span: &Range<usize>, key: &str, help: &str) {
    let message = format!("the rule has no `{key}`");
    problems.add(
        Code::MissingKey,
        span.clone(),
        message,
        "",
        Some(help.to_owned()),
    );
}

fn read_audit(mut table: Table<'_, '_>, raw: &mut Raw, problems: &mut Problems<'_>) {
    if let Some(record) = table.strings("record", problems) {
        let mut words = Vec::new();
        for item in record.value {
            if RECORDS.contains(&item.value.as_str()) {
                words.push(item.value);
                continue;
            }
            let meant = super::diagnostic::did_you_mean(&item.value, RECORDS.iter().copied());
            let all = RECORDS.join(", ");
            let help = match meant {
                Some(meant) => format!("did you mean `{meant}`? There are {all}"),
                None => format!("there are {all}"),
            };
            let message = format!("`{}` is nothing that can be recorded", item.value);
            problems.add(Code::BadValue, item.span, message, "", Some(help));
        }
        raw.record = Some(words);
    }
    let scopes = [("guest", Scope::Guest), ("all", Scope::All)];
    raw.scope = table
        .word("scope", &scopes, problems)
        .map(|scope| scope.value);
    table.finish(LATER, problems);
}

fn read_hash_seed(table: &mut Table<'_, '_>, problems: &mut Problems<'_>) -> Option<HashSeed> {
    let value = table.take("hash_seed")?;
    if value.get_ref().as_str() == Some("random") {
        return Some(HashSeed::Random);
    }
    match whole_number(value.get_ref()).map(u32::try_from) {
        Some(Ok(seed)) => Some(HashSeed::Fixed(seed)),
        _ => wrong_type(
            problems,
            value,
            "[python]",
            "hash_seed",
            "\"random\" or a number from 0 to 4294967295",
        ),
    }
}

fn refuse_duplicates(raw: &Raw, problems: &mut Problems<'_>) {
    let functions = raw
        .functions
        .iter()
        .map(|rule| (&rule.value.id, &rule.span));
    let lines = raw.lines.iter().map(|rule| (&rule.value.id, &rule.span));
    let mut seen: Vec<(&String, &Range<usize>)> = Vec::new();
    for (id, span) in functions.chain(lines) {
        if seen.iter().any(|(known, _)| *known == id) {
            problems.add(
                Code::DuplicateId,
                span.clone(),
                format!("a second rule has the id `{id}`"),
                "",
                Some("ids are unique within a file".to_owned()),
            );
        }
        seen.push((id, span));
    }
}
