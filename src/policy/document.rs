//! One policy file: from its text to valid [`Clauses`], or to diagnostics.

use std::collections::HashMap;
use std::path::Path;

use toml::de::{DeTable, DeValue};

use super::clauses::{AnchoredPath, Clauses, FunctionsDefault, HashSeed, Names};
use super::diagnostic::{Code, Diagnostic, Diagnostics, Label};
use super::places::{self, Home};
use super::source::Source;
use super::tree::{Stated, Table, Walk, integer_value, known_word, wrong_type};
use super::words::quoted;
use super::{guestcode, limits, resources, ruleset};
use crate::rules::pattern::{FileMatcher, NamePattern, PatternError};
use crate::rules::{Recorded, RecordedArguments, Scope};

/// The version of the language that this program knows.
const VERSION: u64 = 1;

/// The keys and sections of a policy.
const TOP: [&str; 16] = [
    "version",
    "name",
    "extends",
    "defaults",
    "limits",
    "imports",
    "functions",
    "lines",
    "files",
    "network",
    "syntax",
    "tamper",
    "environment",
    "trust",
    "audit",
    "python",
];

/// Switches one kind of record on.
type Switch = fn(&mut Recorded);

/// The words of `audit.record`.
const RECORDS: [(&str, Switch); 9] = [
    ("calls", |record| record.calls = true),
    ("returns", |record| record.returns = true),
    ("exceptions", |record| record.exceptions = true),
    ("lines", |record| record.lines = true),
    ("imports", |record| record.imports = true),
    ("files", |record| record.files = true),
    ("network", |record| record.network = true),
    ("processes", |record| record.processes = true),
    ("denied", |record| record.denied = true),
];

/// The words of `audit.arguments`.
const ARGUMENTS: [(&str, RecordedArguments); 3] = [
    ("off", RecordedArguments::Off),
    ("types", RecordedArguments::Types),
    ("values", RecordedArguments::Values),
];

/// What one file says.
#[derive(Debug, Default)]
pub struct Document {
    /// `name`.
    pub name: Option<String>,
    /// `extends`.
    pub extends: Vec<Stated<String>>,
    /// The rest.
    pub clauses: Clauses,
}

/// Reads the text of one policy. What was wrong is left out of the document, so that the
/// caller can go on looking for mistakes in the files that it extends.
pub fn read(source: &Source, cwd: &Path) -> (Document, Diagnostics) {
    let (tree, errors) = DeTable::parse_recoverable(&source.text);
    let mut walk = Walk::new(source);
    for error in &errors {
        walk.syntax_error(error);
    }
    let top = Table::top(&tree);
    let document = walk_document(&mut walk, &top, cwd);
    walk.diagnostics.sort_by_place();
    (document, walk.diagnostics)
}

fn walk_document(walk: &mut Walk<'_>, top: &Table<'_, '_>, cwd: &Path) -> Document {
    top.only(walk, &TOP);
    version(walk, top);
    let mut document = Document {
        name: top.string(walk, "name").map(|name| name.value),
        extends: top
            .strings(walk, "extends", false)
            .map(|list| list.value)
            .unwrap_or_default(),
        clauses: Clauses::default(),
    };
    let clauses = &mut document.clauses;
    if let Some(table) = top.table(walk, "defaults", "defaults") {
        table.only(walk, &["functions"]);
        let words = [
            ("allow", FunctionsDefault::Allow),
            ("deny", FunctionsDefault::Deny),
        ];
        clauses.functions_default = table.word(walk, "functions", &words);
    }
    if let Some(table) = top.table(walk, "limits", "limits") {
        limits::read(walk, &table, clauses);
    }
    if let Some(table) = top.table(walk, "imports", "imports") {
        table.only(walk, &["allow", "deny"]);
        clauses.imports_allow = names(walk, &table, "allow");
        clauses.imports_deny = names(walk, &table, "deny");
    }
    let rules = top.tables(walk, "functions", "functions");
    clauses.functions = rules
        .iter()
        .filter_map(|table| ruleset::function(walk, table, cwd))
        .collect();
    let rules = top.tables(walk, "lines", "lines");
    clauses.lines = rules
        .iter()
        .filter_map(|table| ruleset::line(walk, table))
        .collect();
    duplicates(walk, clauses);
    if let Some(table) = top.table(walk, "files", "files") {
        resources::files(walk, &table, cwd, clauses);
    }
    if let Some(table) = top.table(walk, "network", "network") {
        resources::network(walk, &table, cwd, clauses);
    }
    if let Some(table) = top.table(walk, "syntax", "syntax") {
        guestcode::syntax(walk, &table, clauses);
    }
    if let Some(table) = top.table(walk, "tamper", "tamper") {
        guestcode::tamper(walk, &table, clauses);
    }
    if let Some(table) = top.table(walk, "environment", "environment") {
        table.only(walk, &["pass"]);
        clauses.environment_pass = environment(walk, &table);
    }
    if let Some(table) = top.table(walk, "trust", "trust") {
        table.only(walk, &["paths"]);
        clauses.trust_paths = trust(walk, &table, cwd);
    }
    if let Some(table) = top.table(walk, "audit", "audit") {
        table.only(walk, &["record", "scope", "arguments"]);
        clauses.audit_record = records(walk, &table);
        clauses.audit_scope = table.word(
            walk,
            "scope",
            &[("guest", Scope::Guest), ("all", Scope::All)],
        );
        clauses.audit_arguments = table.word(walk, "arguments", &ARGUMENTS);
    }
    if let Some(table) = top.table(walk, "python", "python") {
        table.only(walk, &["hash_seed"]);
        clauses.hash_seed = hash_seed(walk, &table);
    }
    document
}

fn version(walk: &mut Walk<'_>, top: &Table<'_, '_>) {
    if top.entry("version").is_none() {
        // Where the text isn't TOML, the version may be among what the parser lost.
        if !walk.is_mended() {
            let message = "the policy doesn't say which version of the language it is written in";
            let help = Some(format!("begin it with `version = {VERSION}`"));
            walk.error(Code::MissingVersion, 0..0, message.to_owned(), "", help);
        }
        return;
    }
    if let Some(version) = top.count(walk, "version")
        && version.value != VERSION
        && let Some(origin) = version.origin
    {
        let message = format!(
            "there is no version {} of the policy language",
            version.value
        );
        let help = Some(format!("this version of Lictor knows version {VERSION}"));
        walk.error(Code::UnsupportedVersion, origin.span, message, "", help);
    }
}

/// A list of `[imports]`.
fn names(walk: &mut Walk<'_>, table: &Table<'_, '_>, key: &str) -> Option<Names> {
    let list = table.strings(walk, key, false)?;
    let value = list
        .value
        .into_iter()
        .filter_map(|text| name_pattern(walk, text))
        .collect();
    Some(Stated {
        value,
        origin: list.origin,
    })
}

/// A pattern on dotted names, or a diagnostic.
pub fn name_pattern(walk: &mut Walk<'_>, text: Stated<String>) -> Option<Stated<NamePattern>> {
    let error = match NamePattern::parse(&text.value) {
        Ok(value) => {
            return Some(Stated {
                value,
                origin: text.origin,
            });
        }
        Err(error) => error,
    };
    let (code, help) = match &error {
        PatternError::Syntax(_) => (Code::BadRegex, None),
        PatternError::Character('?' | '[' | ']' | '{' | '}') => (
            Code::BadPattern,
            Some("the wildcards are `*` and `**`; `re:…` is a regex".to_owned()),
        ),
        PatternError::Character('(' | ')') => (
            Code::BadPattern,
            Some("write the name alone, as in `builtins.open`".to_owned()),
        ),
        PatternError::DoubleStar => (
            Code::BadPattern,
            Some("`x.**` is `x` and all below it; `x*` stays within one part".to_owned()),
        ),
        _ => (Code::BadPattern, None),
    };
    let message = format!("{} is not a pattern: {error}", quoted(&text.value));
    if let Some(origin) = text.origin {
        walk.error(code, origin.span, message, "", help);
    }
    None
}

/// Two rules of one file with the same id.
fn duplicates(walk: &mut Walk<'_>, clauses: &Clauses) {
    let mut seen: HashMap<&str, &Stated<String>> = HashMap::new();
    let mut ids: Vec<&Stated<String>> = clauses
        .functions
        .iter()
        .map(|rule| &rule.id)
        .chain(clauses.lines.iter().map(|rule| &rule.id))
        .collect();
    ids.sort_by_key(|id| id.origin.as_ref().map(|origin| origin.span.start));
    for id in ids {
        let Some(first) = seen.get(id.value.as_str()) else {
            seen.insert(&id.value, id);
            continue;
        };
        if let (Some(origin), Some(first)) = (&id.origin, &first.origin) {
            let message = format!("two rules have the id {}", quoted(&id.value));
            let diagnostic = Diagnostic::error(Code::DuplicateId, message)
                .at(walk.source, origin.span.clone(), "used again here")
                .label(Label::new(
                    walk.source,
                    first.span.clone(),
                    "first used here",
                ))
                .help("reports name rules by their id; give each its own".to_owned());
            walk.push(diagnostic);
        }
    }
}

fn environment(walk: &mut Walk<'_>, table: &Table<'_, '_>) -> Option<Stated<Vec<String>>> {
    let list = table.strings(walk, "pass", false)?;
    let mut value = Vec::new();
    for Stated {
        value: text,
        origin,
    } in list.value
    {
        let reason = if text.contains('=') {
            Some("a value can't be given, only passed on".to_owned())
        } else {
            FileMatcher::new([text.as_str()])
                .err()
                .map(|error| error.to_string())
        };
        match (reason, origin) {
            (Some(reason), Some(origin)) => {
                let message = format!(
                    "{} is not the name of an environment variable: {reason}",
                    quoted(&text)
                );
                let help = Some("a name, or a glob like `LC_*`".to_owned());
                walk.error(Code::BadGlob, origin.span, message, "", help);
            }
            _ => value.push(text),
        }
    }
    Some(Stated {
        value,
        origin: list.origin,
    })
}

fn trust(
    walk: &mut Walk<'_>,
    table: &Table<'_, '_>,
    cwd: &Path,
) -> Option<Stated<Vec<AnchoredPath>>> {
    let list = table.strings(walk, "paths", false)?;
    let value = list
        .value
        .into_iter()
        .filter_map(|text| places::anchored(walk, text, cwd, Home::Policy))
        .collect();
    Some(Stated {
        value,
        origin: list.origin,
    })
}

fn records(walk: &mut Walk<'_>, table: &Table<'_, '_>) -> Option<Stated<Recorded>> {
    let list = table.strings(walk, "record", false)?;
    let mut value = Recorded::default();
    for word in list.value {
        let Some(origin) = word.origin else {
            continue;
        };
        if let Some(set) = known_word(walk, "audit.record", &word.value, origin.span, &RECORDS) {
            set(&mut value);
        }
    }
    Some(Stated {
        value,
        origin: list.origin,
    })
}

fn hash_seed(walk: &mut Walk<'_>, table: &Table<'_, '_>) -> Option<Stated<HashSeed>> {
    let entry = table.entry("hash_seed")?;
    let help = || {
        Some(format!(
            "a whole number from 0 to {}, or `\"random\"`",
            u32::MAX
        ))
    };
    let seed = match entry.value.get_ref() {
        DeValue::String(word) if word == "random" => HashSeed::Random,
        DeValue::Integer(integer) => match integer_value(integer).map(u32::try_from) {
            Some(Ok(seed)) => HashSeed::Fixed(seed),
            _ => {
                let message = format!("`python.hash_seed`: {integer} is out of range");
                walk.error(Code::BadValue, entry.value.span(), message, "", help());
                return None;
            }
        },
        _ => {
            return wrong_type(
                walk,
                &entry.name,
                entry.value,
                "a whole number or `\"random\"`",
                help(),
            );
        }
    };
    Some(walk.stated(seed, entry.span(walk.source)))
}
