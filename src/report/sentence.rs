//! The one sentence that says what became of a run.
//!
//! It names the guest's line and the policy's line, in words for whoever wrote the script.
//! Every guest-chosen part of it is escaped and bounded; the rest are the policy's names.

use super::text::escape;
use super::words;
use crate::protocol::record::{Excess, ViolationKind};
use crate::rules::syntax::{Construct, Finding, phrase};
use crate::rules::{LimitKind, Origin};
use crate::verdict::{LimitHit, Location, Outcome, Usage, Verdict, Violation, signal_name};

/// Violations of kind `process` that start none.
const SIGNALS: [&str; 3] = ["os.kill", "os.killpg", "os.pidfd_open"];

/// What became of the run, in one line without a full stop.
///
/// `homework.py:12 called sorted, which rule no-builtin-sort of grading.toml:31 forbids`
pub fn summary_line(outcome: &Outcome) -> String {
    let script = escape(&outcome.script.path);
    match outcome.verdict {
        Verdict::Completed => format!("{script} completed"),
        Verdict::Raised => raised(outcome, &script),
        Verdict::Violation => match outcome.violations.first() {
            Some(violation) => self::violation(violation, &script),
            None => format!("{script} did something that the policy forbids"),
        },
        Verdict::Limit => match &outcome.limit {
            Some(hit) => limit(hit, outcome.location.as_ref(), &script),
            None => format!("{script} exceeded a limit of the policy"),
        },
        Verdict::Crashed => crashed(outcome, &script),
        Verdict::InternalError => match &outcome.reason {
            Some(reason) => format!("Lictor itself failed: {}", escape(reason)),
            None => "Lictor itself failed".to_owned(),
        },
    }
}

/// What one violation was: also for those after the first.
pub(super) fn violation(violation: &Violation, script: &str) -> String {
    let place = place(&violation.place, script);
    let name = shown_name(&violation.subject);
    if let Some(finding) = &violation.finding {
        return syntax(violation, finding, &place);
    }
    if let Some(excess) = violation.excess {
        let (did, allowed) = match excess {
            Excess::Calls(most) => (format!("called {name}"), words::count(most, "call")),
            Excess::Steps(most) => (format!("went on in {name}"), words::count(most, "step")),
            Excess::Recursion(most) => {
                let calls = words::count(most, "nested call");
                (format!("called {name} once more"), calls)
            }
            Excess::Lines(most) => {
                let did = "reached such a line once more".to_owned();
                (did, words::count(most, "time"))
            }
        };
        let rule = rule(violation);
        return format!("{place} {did}, but {rule} allows only {allowed}");
    }
    let did = match violation.kind {
        ViolationKind::Call => match violation.written.as_deref() {
            Some(written) => format!("called {name} as {}", escape(written)),
            None => format!("called {name}"),
        },
        ViolationKind::Line => "reached a line".to_owned(),
        ViolationKind::Import if violation.canonical != violation.subject => format!(
            "called {} of the module {}",
            escape(&violation.canonical),
            escape(&violation.subject)
        ),
        ViolationKind::Import => format!("imported {name}"),
        ViolationKind::Process if SIGNALS.contains(&violation.subject.as_str()) => {
            format!("tried to signal a process that isn't its own with {name}")
        }
        ViolationKind::Process => format!("tried to start a process with {name}"),
        ViolationKind::Thread => format!("tried to start a thread with {name}"),
        ViolationKind::Tamper => format!("tried to get past the hook with {name}"),
        ViolationKind::FileRead => format!("tried to read {name}"),
        ViolationKind::FileWrite => format!("tried to write {name}"),
        ViolationKind::Network => format!("tried to reach {name}"),
        ViolationKind::Attribute => format!("reached for the attribute {name}"),
        ViolationKind::Syntax => format!("uses {name}"),
    };
    // "a line that rule x forbids" says which line; "sorted, which …" adds to a name.
    let which = if violation.kind == ViolationKind::Line {
        " that"
    } else {
        ", which"
    };
    format!("{place} {did}{which} {}", forbidden_by(violation))
}

/// What is wrong with a program's syntax.
fn syntax(violation: &Violation, finding: &Finding, place: &str) -> String {
    let did = found(finding);
    match finding {
        Finding::Word(_) | Finding::Call { .. } | Finding::Recursion { .. } => {
            format!("{place} {did}, which {}", forbidden_by(violation))
        }
        Finding::Missing { construct, defined } => {
            let asked = format!(
                "which {}{} asks for",
                escape(&violation.rule),
                of_policy_line(violation.policy.as_ref())
            );
            match construct {
                Construct::Recursion(name) if *defined => {
                    format!("{} of {place} never calls itself, {asked}", escape(name))
                }
                _ => format!("{place} {did}, {asked}"),
            }
        }
        Finding::Nesting { allowed, .. } | Finding::Length { allowed, .. } => format!(
            "{place} {did}, but {}{} allows only {allowed}",
            escape(&violation.rule),
            of_policy_line(violation.policy.as_ref())
        ),
    }
}

/// What was found, as the rest of a sentence that begins with a place.
pub(super) fn found(finding: &Finding) -> String {
    match finding {
        Finding::Word(word) => format!("uses {}", escape(phrase(word))),
        Finding::Call { name, written } => {
            let name = escape(name);
            let written = escape(written);
            if written == name || written.ends_with(&name) && name.starts_with('.') {
                format!("calls {written}")
            } else {
                format!("calls {name} as {written}")
            }
        }
        Finding::Recursion { function, through } => {
            let function = escape(function);
            match through {
                None => format!("makes {function} call itself"),
                Some(other) => format!("makes {function} call itself through {}", escape(other)),
            }
        }
        Finding::Missing { construct, .. } => match construct {
            Construct::Word(word) => format!("never uses {}", escape(phrase(word))),
            Construct::Calls(name) => format!("never calls {}", escape(name)),
            Construct::Recursion(name) if name == "*" => {
                "has no function that calls itself".to_owned()
            }
            Construct::Recursion(name) => {
                format!("has no function {} that calls itself", escape(name))
            }
        },
        Finding::Nesting { depth, .. } => {
            format!("nests {}", words::count(u64::from(*depth), "block"))
        }
        Finding::Length {
            function, lines, ..
        } => format!(
            "makes {} {} long",
            escape(function),
            words::count(u64::from(*lines), "line")
        ),
    }
}

/// What limit was reached: also when a violation came first.
pub(super) fn limit(hit: &LimitHit, location: Option<&Location>, script: &str) -> String {
    let place = location.map_or_else(
        || script.to_owned(),
        |location| self::place(location, script),
    );
    let ceiling = words::ceiling(hit.kind, hit.ceiling);
    let what = match hit.kind {
        LimitKind::Steps | LimitKind::Calls => format!("{place} reached the limit of {ceiling}"),
        LimitKind::Recursion => {
            format!(
                "{place} reached the limit of {}",
                words::count(hit.ceiling, "nested call")
            )
        }
        LimitKind::Wall => out_of_time(&place, location, hit, "wall time"),
        LimitKind::Cpu => out_of_time(&place, location, hit, "CPU time"),
        LimitKind::Memory => format!("{place} needed more than its {ceiling} of memory"),
        LimitKind::Output => format!("{place} wrote more than its {ceiling} of output"),
        LimitKind::Threads => format!(
            "{place} tried to start a thread beyond the limit of {}",
            hit.ceiling
        ),
        LimitKind::Processes => format!(
            "{place} tried to start a process beyond the limit of {}",
            hit.ceiling
        ),
        LimitKind::Audit => format!("{place} did more than {ceiling} of audit log can hold"),
    };
    let name = hit.kind.as_str();
    match &hit.policy {
        Some(origin) => format!("{what} (limits.{name}, {})", policy_line(origin)),
        None => format!("{what} (limits.{name})"),
    }
}

fn out_of_time(place: &str, location: Option<&Location>, hit: &LimitHit, clock: &str) -> String {
    let inside = match location.and_then(|location| location.inside.as_deref()) {
        Some(inside) => format!("was in {}", escape(inside)),
        None => "was still running".to_owned(),
    };
    let ceiling = words::ceiling(hit.kind, hit.ceiling);
    let were = if ceiling.starts_with("1 ") {
        "was"
    } else {
        "were"
    };
    format!("{place} {inside} when its {ceiling} of {clock} {were} up")
}

fn raised(outcome: &Outcome, script: &str) -> String {
    match (&outcome.exit.exception, outcome.exit.code) {
        (Some(exception), _) => {
            format!("{script} ended with an uncaught {}", shown_name(exception))
        }
        (None, Some(code)) => format!("{script} exited with status {code}"),
        (None, None) => format!("{script} ended with an error"),
    }
}

/// The judge's reason, where it gives one, is a clause of its own: it is put after a colon.
fn crashed(outcome: &Outcome, script: &str) -> String {
    let died = match (outcome.exit.signal, outcome.exit.code) {
        (Some(signal), _) => format!("died by {}", signal_name(signal)),
        (None, Some(code)) => format!("exited with status {code}"),
        // Without a process there is no usage either.
        (None, None) if outcome.usage == Usage::default() => "was not run".to_owned(),
        (None, None) => "died".to_owned(),
    };
    match &outcome.reason {
        Some(reason) => format!("{script} {died}: {}", escape(reason)),
        None => format!("{script} {died} without an end record"),
    }
}

/// `homework.py:12`, or as much of it as is known.
pub(super) fn place(location: &Location, script: &str) -> String {
    match (location.file.as_str(), location.line) {
        ("", _) => script.to_owned(),
        (file, 0) => escape(file),
        (file, line) => format!("{}:{line}", escape(file)),
    }
}

/// A name as people write it in code: `sorted`, not `builtins.sorted`.
pub(super) fn shown_name(name: &str) -> String {
    let bare = ["builtins.", "__main__."]
        .iter()
        .find_map(|module| name.strip_prefix(module));
    match bare.unwrap_or(name) {
        "" => "something".to_owned(),
        bare => escape(bare),
    }
}

/// Ends the clause "which …" or "that …".
fn forbidden_by(violation: &Violation) -> String {
    let id = escape(&violation.rule);
    let of = of_policy_line(violation.policy.as_ref());
    match violation.rule.as_str() {
        "tamper" => match violation.kind {
            ViolationKind::Process | ViolationKind::Thread => "no policy allows".to_owned(),
            _ => "this policy doesn't allow".to_owned(),
        },
        "imports.allow" => format!("{id}{of} does not list"),
        "defaults.functions" => format!("no rule allows ({id}{of})"),
        _ => format!(
            "{}{} forbids",
            if is_section(&id) { "" } else { "rule " },
            id + &of
        ),
    }
}

/// `rule few-guesses of grading.toml:40`.
fn rule(violation: &Violation) -> String {
    format!(
        "rule {}{}",
        escape(&violation.rule),
        of_policy_line(violation.policy.as_ref())
    )
}

/// Is this the name of a section's rule and not an id that the author chose?
fn is_section(id: &str) -> bool {
    ["imports.", "limits.", "defaults.", "syntax."]
        .iter()
        .any(|section| id.starts_with(section))
}

fn of_policy_line(origin: Option<&Origin>) -> String {
    origin.map_or_else(String::new, |origin| format!(" of {}", policy_line(origin)))
}

fn policy_line(origin: &Origin) -> String {
    format!("{}:{}", escape(&origin.file), origin.line)
}
