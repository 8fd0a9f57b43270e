//! `[limits]`: from the policy's text, and from `--limit` flags.

use std::time::Duration;

use toml::Spanned;
use toml::de::DeValue;

use super::clauses::{Amount, Clauses};
use super::diagnostic::{Code, Diagnostic, Diagnostics};
use super::quantity::{QuantityError, parse_count, parse_duration, parse_size};
use super::tree::{Stated, Table, Walk, integer_value, wrong_type};
use super::words::{all_of, did_you_mean, quoted};
use crate::rules::{LimitKind, Limits};

/// The word that lifts a parent's limit.
const NONE: &str = "none";

/// The key beside the limits that says what counts as a step.
const COUNT_LIBRARY: &str = "count_library";

/// What a limit is measured in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    Count,
    Time,
    Size,
}

impl Unit {
    fn of(kind: LimitKind) -> Unit {
        match kind {
            LimitKind::Steps
            | LimitKind::Calls
            | LimitKind::Recursion
            | LimitKind::Threads
            | LimitKind::Processes => Unit::Count,
            LimitKind::Wall | LimitKind::Cpu => Unit::Time,
            LimitKind::Memory | LimitKind::Output | LimitKind::Audit => Unit::Size,
        }
    }

    /// What to write, for a help text.
    fn example(self) -> &'static str {
        match self {
            Unit::Count => "a whole number (`1_000_000`)",
            Unit::Time => "a duration (`\"10s\"`, `\"500ms\"`, `\"2m\"`)",
            Unit::Size => "a size (`\"256MiB\"`, `\"1MB\"`, `\"64KiB\"`) or a number of bytes",
        }
    }

    fn parse(self, text: &str) -> Result<Amount, QuantityError> {
        match self {
            Unit::Count => parse_count(text).map(Amount::Count),
            Unit::Time => parse_duration(text).map(Amount::Time),
            Unit::Size => parse_size(text).map(Amount::Size),
        }
    }
}

/// Can a guest's first line be reached at all under a limit of zero?
fn may_be_zero(kind: LimitKind) -> bool {
    matches!(
        kind,
        LimitKind::Calls | LimitKind::Output | LimitKind::Threads | LimitKind::Processes
    )
}

fn is_zero(amount: Amount) -> bool {
    match amount {
        Amount::Count(value) | Amount::Size(value) => value == 0,
        Amount::Time(value) => value == Duration::ZERO,
        Amount::Unlimited => false,
    }
}

/// All keys of `[limits]`.
fn keys() -> impl Iterator<Item = &'static str> {
    LimitKind::ALL
        .into_iter()
        .map(LimitKind::as_str)
        .chain([COUNT_LIBRARY])
}

/// Reads `[limits]`.
pub fn read(walk: &mut Walk<'_>, table: &Table<'_, '_>, clauses: &mut Clauses) {
    table.only(walk, &keys().collect::<Vec<_>>());
    for kind in LimitKind::ALL {
        let Some(entry) = table.entry(kind.as_str()) else {
            continue;
        };
        if let Some(amount) = amount(walk, kind, &entry.name, entry.value) {
            let stated = walk.stated(amount, entry.span(walk.source));
            clauses.limits.insert(kind, stated);
        }
    }
    clauses.count_library = table.boolean(walk, COUNT_LIBRARY);
}

fn amount(
    walk: &mut Walk<'_>,
    kind: LimitKind,
    name: &str,
    value: &Spanned<DeValue<'_>>,
) -> Option<Amount> {
    let unit = Unit::of(kind);
    let bad = |walk: &mut Walk<'_>, reason: String| {
        let help = format!("`{name}` is {}, or `\"{NONE}\"`", unit.example());
        walk.error(
            Code::BadLimit,
            value.span(),
            format!("`{name}`: {reason}"),
            "",
            Some(help),
        );
        None
    };
    let amount = match (value.get_ref(), unit) {
        (DeValue::String(text), _) if text == NONE => Amount::Unlimited,
        (DeValue::String(text), Unit::Time | Unit::Size) => match unit.parse(text) {
            Ok(amount) => amount,
            Err(error) => return bad(walk, error.to_string()),
        },
        (DeValue::Integer(integer), _) => match (integer_value(integer), unit) {
            (Some(value), Unit::Count) => Amount::Count(value),
            (Some(value), Unit::Size) => Amount::Size(value),
            (Some(value), Unit::Time) => {
                return bad(walk, format!("{value} of what? A duration needs its unit"));
            }
            (None, _) => return bad(walk, format!("{integer} is out of range")),
        },
        _ => {
            let help = Some(format!("or `\"{NONE}\"` for no limit"));
            return wrong_type(walk, name, value, unit.example(), help);
        }
    };
    if is_zero(amount) && !may_be_zero(kind) {
        return bad(walk, "under a limit of zero nothing can run".to_owned());
    }
    Some(amount)
}

/// Puts the `--limit` flags over a policy; later flags win over earlier ones.
pub fn apply_overrides(flags: &[String], clauses: &mut Clauses, diagnostics: &mut Diagnostics) {
    for flag in flags {
        if let Err((reason, help)) = apply_override(flag, clauses) {
            let message = format!("--limit {}: {reason}", quoted(flag).trim_matches('`'));
            diagnostics.push(Diagnostic::error(Code::BadOverride, message).help(help));
        }
    }
}

fn apply_override(flag: &str, clauses: &mut Clauses) -> Result<(), (String, Option<String>)> {
    let Some((key, value)) = flag.split_once('=') else {
        return Err((
            "it must be NAME=VALUE".to_owned(),
            Some("for example --limit steps=1000".to_owned()),
        ));
    };
    if key == COUNT_LIBRARY {
        let value = value
            .parse()
            .map_err(|_| (format!("{} is not `true` or `false`", quoted(value)), None))?;
        clauses.count_library = Some(Stated {
            value,
            origin: None,
        });
        return Ok(());
    }
    let Some(kind) = LimitKind::ALL.into_iter().find(|kind| kind.as_str() == key) else {
        let help = did_you_mean(key, keys())
            .unwrap_or_else(|| format!("the limits are {}", all_of(keys())));
        return Err((format!("there is no limit {}", quoted(key)), Some(help)));
    };
    let unit = Unit::of(kind);
    let help = || {
        Some(format!(
            "{key} is {}, or {NONE}",
            unit.example().replace(['`', '"'], "")
        ))
    };
    let amount = match value {
        NONE => Amount::Unlimited,
        _ => unit
            .parse(value)
            .map_err(|error| (error.to_string(), help()))?,
    };
    if is_zero(amount) && !may_be_zero(kind) {
        return Err(("under a limit of zero nothing can run".to_owned(), help()));
    }
    clauses.limits.insert(
        kind,
        Stated {
            value: amount,
            origin: None,
        },
    );
    Ok(())
}

/// The effective limits.
pub fn effective(clauses: &Clauses) -> Limits {
    let amount = |kind| clauses.limits.get(&kind).map(|stated| stated.value);
    let number = |kind| match amount(kind) {
        Some(Amount::Count(value) | Amount::Size(value)) => Some(value),
        _ => None,
    };
    let time = |kind| match amount(kind) {
        Some(Amount::Time(value)) => Some(value),
        _ => None,
    };
    Limits {
        steps: number(LimitKind::Steps),
        calls: number(LimitKind::Calls),
        recursion: number(LimitKind::Recursion),
        wall: time(LimitKind::Wall),
        cpu: time(LimitKind::Cpu),
        memory: number(LimitKind::Memory),
        output: number(LimitKind::Output),
        threads: number(LimitKind::Threads),
        processes: number(LimitKind::Processes),
        audit: number(LimitKind::Audit),
        count_library: clauses
            .count_library
            .as_ref()
            .is_some_and(|stated| stated.value),
    }
}
