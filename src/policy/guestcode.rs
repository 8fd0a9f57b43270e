//! `[syntax]` and `[tamper]`: what guest code may look like, and what it may undo.

use super::clauses::{Clauses, SyntaxClause};
use super::diagnostic::Code;
use super::tree::{Stated, Table, Walk};
use super::words::{did_you_mean, quoted};
use crate::rules::Tampering;
use crate::rules::syntax::{Construct, WORDS};

/// Reads `[syntax]`.
pub fn syntax(walk: &mut Walk<'_>, table: &Table<'_, '_>, clauses: &mut Clauses) {
    let keys = [
        "forbid",
        "require",
        "max_nesting",
        "max_function_lines",
        "message",
    ];
    table.only(walk, &keys);
    clauses.syntax = SyntaxClause {
        forbid: constructs(walk, table, "forbid"),
        require: constructs(walk, table, "require"),
        max_nesting: table.count(walk, "max_nesting"),
        max_function_lines: table.count(walk, "max_function_lines"),
        message: table.string(walk, "message"),
    };
}

fn constructs(
    walk: &mut Walk<'_>,
    table: &Table<'_, '_>,
    key: &str,
) -> Option<Stated<Vec<Stated<Construct>>>> {
    let list = table.strings(walk, key, false)?;
    let mut value = Vec::new();
    for text in list.value {
        if let Some(construct) = Construct::read(&text.value) {
            value.push(Stated {
                value: construct,
                origin: text.origin,
            });
        } else if let Some(origin) = text.origin {
            let message = format!(
                "{} is not a construct of Python's syntax",
                quoted(&text.value)
            );
            let help = match text.value.split_once(':') {
                Some(("recursion", _)) => "`recursion:NAME` names a function, or `*`".to_owned(),
                Some(("calls", _)) => {
                    "`calls:NAME` names a call as it is written: `calls:sorted`, `calls:os.system`, `calls:.sort`".to_owned()
                }
                _ => did_you_mean(&text.value, WORDS).unwrap_or_else(|| {
                    "constructs are words such as `while`, `recursion:NAME` and `calls:NAME`; the policy reference lists them".to_owned()
                }),
            };
            walk.error(Code::UnknownWord, origin.span, message, "", Some(help));
        }
    }
    Some(Stated {
        value,
        origin: list.origin,
    })
}

/// Reads `[tamper]`.
pub fn tamper(walk: &mut Walk<'_>, table: &Table<'_, '_>, clauses: &mut Clauses) {
    table.only(walk, &["allow"]);
    let Some(list) = table.strings(walk, "allow", false) else {
        return;
    };
    let known: Vec<(&str, Vec<Tampering>)> = Tampering::ALL
        .iter()
        .map(|family| (family.as_str(), vec![*family]))
        .chain([("*", Tampering::ALL.to_vec())])
        .collect();
    let mut value = Vec::new();
    for word in list.value {
        let Some(origin) = word.origin else { continue };
        let families =
            super::tree::known_word(walk, "tamper.allow", &word.value, origin.span, &known);
        value.extend(families.unwrap_or_default());
    }
    value.sort_unstable();
    value.dedup();
    clauses.tamper_allow = Some(Stated {
        value,
        origin: list.origin,
    });
}
