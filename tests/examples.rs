//! The examples do what their authors say: each script of `examples/*` has a file in
//! `expected/` with its input, its exit code and the parts of report and log that matter.
//!
//! An expected object is part of the real one: keys that it lacks are not compared, lists
//! are compared element by element.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;
use support::{Guest, Python, check_all, pythons};

/// What must come of an example.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    /// Name of the script, beside the policy.
    script: String,
    /// Its standard input.
    stdin: String,
    /// Exit code of `lictor run`.
    exit_code: i32,
    /// Texts that must be in the guest's output. None: there is no output.
    stdout: Vec<String>,
    /// Texts that must be on stderr.
    #[serde(default)]
    stderr: Vec<String>,
    /// Part of the report.
    report: Value,
    /// For each of these, a record of the audit log has it as a part.
    #[serde(default)]
    log: Vec<Value>,
}

/// One example on one interpreter.
struct Example {
    folder: PathBuf,
    expected: Expected,
    python: &'static Python,
}

#[test]
fn examples_do_what_is_expected_of_them() {
    let mut examples = Vec::new();
    for group in ["grading", "plugin", "audit"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("examples")
            .join(group);
        let mut scripts = 0;
        for entry in std::fs::read_dir(folder.join("expected")).unwrap() {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            scripts += 1;
            for python in pythons() {
                let expected = serde_json::from_str(&text).unwrap();
                examples.push(Example {
                    folder: folder.clone(),
                    expected,
                    python,
                });
            }
        }
        let written = std::fs::read_dir(&folder).unwrap().filter(|entry| {
            entry
                .as_ref()
                .unwrap()
                .path()
                .extension()
                .is_some_and(|extension| extension == "py")
        });
        assert_eq!(
            written.count(),
            scripts,
            "each script of {group} has an expected result"
        );
    }
    check_all(&examples, Example::check);
}

impl Example {
    fn check(&self) -> Result<(), String> {
        let expected = &self.expected;
        let ran = Guest::new(self.folder.join(&expected.script), self.python)
            .policy(self.folder.join("policy.toml"))
            .stdin(expected.stdin.as_str())
            .run();
        let mut wrong = Vec::new();
        if ran.code != expected.exit_code {
            wrong.push(format!(
                "exit code {} instead of {}",
                ran.code, expected.exit_code
            ));
        }
        differences(&expected.report, &ran.report, "", &mut wrong);
        if expected.stdout.is_empty() && !ran.stdout.is_empty() {
            wrong.push(format!("there is output: {}", ran.stdout));
        }
        for (texts, stream) in [
            (&expected.stdout, &ran.stdout),
            (&expected.stderr, &ran.stderr),
        ] {
            wrong.extend(
                texts
                    .iter()
                    .filter(|text| !stream.contains(*text))
                    .map(|t| format!("not printed: {t}")),
            );
        }
        for part in &expected.log {
            let has_it = |record: &Value| {
                let mut found = Vec::new();
                differences(part, record, "", &mut found);
                found.is_empty()
            };
            if !ran.audit.iter().any(has_it) {
                wrong.push(format!("not in the log: {part}"));
            }
        }
        if wrong.is_empty() {
            return Ok(());
        }
        let script = &expected.script;
        Err(format!(
            "{script} on {}: {}\n{}",
            self.python.label(),
            wrong.join("\n  "),
            ran.stderr
        ))
    }
}

/// Where `expected` is no part of `found`.
fn differences(expected: &Value, found: &Value, path: &str, wrong: &mut Vec<String>) {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            for (key, value) in expected {
                let found = found.get(key).unwrap_or(&Value::Null);
                differences(value, found, &format!("{path}/{key}"), wrong);
            }
        }
        (Value::Array(expected), Value::Array(found)) if expected.len() == found.len() => {
            for (at, (expected, found)) in expected.iter().zip(found).enumerate() {
                differences(expected, found, &format!("{path}/{at}"), wrong);
            }
        }
        _ if expected == found => {}
        _ => wrong.push(format!("{path}: expected {expected}, found {found}")),
    }
}
