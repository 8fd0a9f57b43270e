//! The report as JSON (`--report`).
//!
//! The shape is fixed by `docs/report.schema.json` and numbered by [`SCHEMA`]: a key may be
//! added under the same number, none is removed or changes its meaning. What wasn't measured
//! or isn't known is `null`, never 0. Values are the guest's own text, unshortened; only
//! `summary` is made for reading. `reason` says why a run is `crashed` or `internal-error`,
//! and is `null` otherwise.

use serde_json::{Map, Value, json};

use super::sentence::summary_line;
use super::text::escape_json;
use super::words;
use crate::rules::Origin;
use crate::verdict::{Location, Outcome, Usage, Violation};

/// Version of the report's shape.
pub const SCHEMA: u32 = 1;

/// The report of a run.
pub fn render(outcome: &Outcome) -> Value {
    let mechanisms: Map<String, Value> = outcome
        .mechanisms
        .iter()
        .map(|(mechanism, status)| (mechanism.clone(), json!(status)))
        .collect();
    json!({
        "schema": SCHEMA,
        "verdict": outcome.verdict.as_str(),
        "summary": summary_line(outcome),
        "violations": outcome.violations.iter().map(violation).collect::<Vec<_>>(),
        "limit": outcome.limit.as_ref().map(|hit| json!({
            "kind": hit.kind.as_str(),
            "ceiling": hit.ceiling,
            "used": hit.used,
        })),
        "location": outcome.location.as_ref().map(location),
        "reason": outcome.reason,
        "exit": {
            "code": outcome.exit.code,
            "signal": outcome.exit.signal,
            "exception": outcome.exit.exception,
        },
        "usage": usage(&outcome.usage),
        "policy": {
            "name": outcome.policy.name,
            "sources": outcome.policy.sources,
            "sha256": outcome.policy.sha256,
        },
        "script": { "path": outcome.script.path, "sha256": outcome.script.sha256 },
        "python": { "version": outcome.python.version, "executable": outcome.python.executable },
        "jail": { "required": "none", "mechanisms": mechanisms },
        "lictor": env!("CARGO_PKG_VERSION"),
    })
}

/// The report as text: indented, with a newline at its end, and without a character that
/// could upset the terminal of somebody who prints the file.
pub fn to_text(report: &Value) -> String {
    let pretty = format!("{report:#}\n");
    escape_json(&pretty).into_owned()
}

/// What the run used, as reports and the audit log's last record show it.
pub(super) fn usage(usage: &Usage) -> Value {
    json!({
        "steps": usage.steps,
        "calls": usage.calls,
        "wall_ms": usage.wall_ms,
        "cpu_ms": usage.cpu_ms,
        "memory_peak_bytes": usage.memory_peak_bytes,
        "output_bytes": usage.output_bytes,
    })
}

fn violation(violation: &Violation) -> Value {
    json!({
        "rule": violation.rule,
        "kind": words::violation_kind(violation.kind),
        "subject": violation.subject,
        "canonical": violation.canonical,
        "message": violation.message,
        "file": known_text(&violation.place.file),
        "line": known_line(violation.place.line),
        "function": known_text(&violation.place.function),
        "column": violation.columns.map(|(start, _)| start.saturating_add(1)),
        "end_column": violation.columns.map(|(_, end)| end.saturating_add(1)),
        "written": violation.written,
        "policy": violation.policy.as_ref().map(policy_line),
    })
}

fn location(location: &Location) -> Value {
    json!({
        "file": known_text(&location.file),
        "line": known_line(location.line),
        "function": known_text(&location.function),
        "inside": location.inside,
    })
}

fn policy_line(origin: &Origin) -> Value {
    json!({ "file": origin.file, "line": origin.line })
}

/// An unknown line is 0 inside Lictor and `null` outside.
pub(super) fn known_line(line: u32) -> Option<u32> {
    (line != 0).then_some(line)
}

/// An unknown name is empty inside Lictor and `null` outside.
pub(super) fn known_text(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}
