//! The audit log (`--audit`): one JSON object a line.
//!
//! The first record is of type `run`, then come those of type `event` as they happened, and
//! the last one is of type `end`: a log without it isn't whole. All records but the first are
//! numbered by `seq`, without gaps. The supervisor writes the log; the guest chooses at most
//! the strings in it, and JSON escapes those.
//!
//! Under `[audit] arguments` a call's event says what it was given: `arguments`, written as in
//! Python code, and `arguments_truncated`. Nothing there was made by the guest's `__repr__`.
//!
//! A failed write stays failed: after one, nothing more is written and every later call
//! returns the same error, so that a full disk can't leave a hole in the middle.

use std::borrow::Cow;
use std::io::{self, Write};
use std::sync::Arc;
use std::time::SystemTime;

use serde::Serialize;
use serde_json::{Value, json};
use thiserror::Error;

use super::sentence::summary_line;
use super::text::escape_json;
use super::{json as report, utc, words};
use crate::rules::{Recorded, Scope};
use crate::verdict::{LoggedEvent, Outcome, PolicySummary, PythonSummary, ScriptSummary};

/// Version of the log's records: a key may be added under the same number, none is removed
/// or changes its meaning.
pub const SCHEMA: u32 = 1;

/// Why a record wasn't written.
#[derive(Clone, Debug, Error)]
pub enum AuditLogError {
    /// Writing failed (a full disk, a closed pipe); it stays so.
    #[error("the audit log can't be written: {source}")]
    Io {
        /// What the kernel said.
        #[source]
        source: Arc<io::Error>,
    },
    /// The next record would make the log longer than its limit (`limits.audit`); it stays so,
    /// but [`AuditLog::finish`] still writes the last record.
    #[error("the audit log has reached its limit of {limit} bytes")]
    LimitReached {
        /// The limit, in bytes.
        limit: u64,
        /// Bytes written so far.
        used: u64,
    },
}

/// What is known of a run before it starts: the log's first record.
#[derive(Clone, Copy, Debug)]
pub struct RunHeader<'a> {
    /// The policy.
    pub policy: &'a PolicySummary,
    /// The script.
    pub script: &'a ScriptSummary,
    /// The interpreter.
    pub python: &'a PythonSummary,
    /// When the run started.
    pub start: SystemTime,
    /// Which events the policy wants recorded.
    pub record: Recorded,
    /// Whose.
    pub scope: Scope,
}

/// Bytes of records that are gathered before they are handed to the kernel.
const BUFFER: usize = 64 * 1024;

/// An open audit log. Dropped without [`finish`](AuditLog::finish), it hands over what it has
/// gathered, but no last record.
pub struct AuditLog {
    out: Box<dyn Write + Send>,
    /// Whole records that the kernel doesn't have yet. A `BufWriter` would try to write them
    /// again after a failure.
    buffer: Vec<u8>,
    limit: Option<u64>,
    /// Bytes of all records so far.
    written: u64,
    events: u64,
    last_sequence: u64,
    failure: Option<AuditLogError>,
}

#[derive(Serialize)]
struct EventRecord<'a> {
    r#type: &'static str,
    seq: u64,
    time_ns: u64,
    kind: &'static str,
    subject: &'a str,
    canonical: &'a str,
    caller: CallerRecord<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    arguments: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    arguments_truncated: Option<bool>,
    decision: &'static str,
    rule: Option<&'a str>,
}

#[derive(Serialize)]
struct CallerRecord<'a> {
    file: Option<&'a str>,
    line: Option<u32>,
    function: Option<&'a str>,
}

impl AuditLog {
    /// Writes the first record, at once, so that an unwritable log is known before the guest
    /// runs.
    ///
    /// `limit` is the most bytes that all records but the last may take; the first is written
    /// even where it is longer.
    ///
    /// # Errors
    /// [`AuditLogError::Io`].
    pub fn create(
        out: Box<dyn Write + Send>,
        header: &RunHeader<'_>,
        limit: Option<u64>,
    ) -> Result<AuditLog, AuditLogError> {
        let mut log = AuditLog {
            out,
            buffer: Vec::with_capacity(BUFFER + 1024),
            limit,
            written: 0,
            events: 0,
            last_sequence: 0,
            failure: None,
        };
        log.append(&run_record(header), None)?;
        log.flush()?;
        Ok(log)
    }

    /// Appends an event.
    ///
    /// # Errors
    /// [`AuditLogError::LimitReached`] if the limit leaves no room for it;
    /// [`AuditLogError::Io`], which may also stem from an earlier, buffered event.
    pub fn event(&mut self, event: &LoggedEvent) -> Result<(), AuditLogError> {
        let record = EventRecord {
            r#type: "event",
            seq: event.sequence,
            time_ns: event.time_ns,
            kind: words::event_kind(event.kind),
            subject: &event.subject,
            canonical: &event.canonical,
            caller: CallerRecord {
                file: report::known_text(&event.caller.file),
                line: report::known_line(event.caller.line),
                function: report::known_text(&event.caller.function),
            },
            arguments: event.arguments.as_ref().map(|(text, _)| text.as_str()),
            arguments_truncated: event.arguments.as_ref().map(|(_, truncated)| *truncated),
            decision: event.decision.as_str(),
            rule: event.rule.as_deref(),
        };
        self.append(&record, self.limit)?;
        self.events += 1;
        self.last_sequence = event.sequence;
        Ok(())
    }

    /// Hands everything written so far to the kernel.
    ///
    /// # Errors
    /// [`AuditLogError::Io`].
    pub fn flush(&mut self) -> Result<(), AuditLogError> {
        if let Some(failure @ AuditLogError::Io { .. }) = &self.failure {
            return Err(failure.clone());
        }
        let result = self
            .out
            .write_all(&self.buffer)
            .and_then(|()| self.out.flush());
        self.buffer.clear();
        result.map_err(|error| self.fail(io_error(error)))
    }

    /// Bytes written so far, those in the buffer included.
    pub fn bytes(&self) -> u64 {
        self.written
    }

    /// Writes the last record and flushes.
    ///
    /// Its `dropped` is that of the outcome: the supervisor counts what isn't taken here.
    ///
    /// # Errors
    /// [`AuditLogError::Io`], also the one that an earlier call returned: then there is no
    /// last record.
    pub fn finish(mut self, outcome: &Outcome) -> Result<(), AuditLogError> {
        if let Some(AuditLogError::LimitReached { .. }) = self.failure {
            self.failure = None;
        }
        let record = json!({
            "type": "end",
            "seq": self.last_sequence.saturating_add(1),
            "verdict": outcome.verdict.as_str(),
            "summary": summary_line(outcome),
            "dropped": outcome.dropped,
            "events": self.events,
            "usage": report::usage(&outcome.usage),
        });
        self.append(&record, None)?;
        self.flush()
    }

    /// Puts a record into the buffer, unless the log would become longer than `limit`.
    fn append(&mut self, record: &impl Serialize, limit: Option<u64>) -> Result<(), AuditLogError> {
        if let Some(failure) = &self.failure {
            return Err(failure.clone());
        }
        let start = self.buffer.len();
        if let Err(error) = serde_json::to_writer(&mut self.buffer, record) {
            self.buffer.truncate(start);
            return Err(self.fail(io_error(error.into())));
        }
        if let Cow::Owned(safe) = escape_json(&String::from_utf8_lossy(&self.buffer[start..])) {
            self.buffer.truncate(start);
            self.buffer.extend_from_slice(safe.as_bytes());
        }
        self.buffer.push(b'\n');
        let written = self.written + (self.buffer.len() - start) as u64;
        if let Some(limit) = limit.filter(|limit| written > *limit) {
            self.buffer.truncate(start);
            return Err(self.fail(AuditLogError::LimitReached {
                limit,
                used: self.written,
            }));
        }
        self.written = written;
        if self.buffer.len() >= BUFFER {
            self.flush()
        } else {
            Ok(())
        }
    }

    /// Latches a failure.
    fn fail(&mut self, failure: AuditLogError) -> AuditLogError {
        self.failure = Some(failure.clone());
        failure
    }
}

impl Drop for AuditLog {
    fn drop(&mut self) {
        // Nobody is left to tell; a log without its last record says itself that it isn't whole.
        let _ = self.flush();
    }
}

fn io_error(error: io::Error) -> AuditLogError {
    AuditLogError::Io {
        source: Arc::new(error),
    }
}

fn run_record(header: &RunHeader<'_>) -> Value {
    let Recorded {
        calls,
        returns,
        exceptions,
        lines,
        imports,
        files,
        network,
        processes,
        denied,
    } = header.record;
    let record: Vec<&str> = [
        (calls, "calls"),
        (returns, "returns"),
        (exceptions, "exceptions"),
        (lines, "lines"),
        (imports, "imports"),
        (files, "files"),
        (network, "network"),
        (processes, "processes"),
        (denied, "denied"),
    ]
    .into_iter()
    .filter_map(|(wanted, word)| wanted.then_some(word))
    .collect();
    json!({
        "type": "run",
        "schema": SCHEMA,
        "lictor": env!("CARGO_PKG_VERSION"),
        "policy": {
            "name": header.policy.name,
            "sources": header.policy.sources,
            "sha256": header.policy.sha256,
        },
        "script": { "path": header.script.path, "sha256": header.script.sha256 },
        "python": { "version": header.python.version, "executable": header.python.executable },
        "start": utc::rfc3339(header.start),
        "record": record,
        "scope": match header.scope { Scope::Guest => "guest", Scope::All => "all" },
    })
}
