//! Evidence → verdict. Pure, and the only maker of verdicts.
//!
//! It starts from "internal error" and comes to `completed` only when everything agrees: the
//! worker was armed and started, its records decode whole, the hook's own end record is the
//! last of them and counts them right, the wait status is the one it announced, nothing was
//! latched, and the audit log has every event.

use std::time::Duration;

pub use super::sys::WaitStatus;
use crate::rules::{LimitKind, Origin};
use crate::verdict::{Exit, LimitHit, Location, Outcome, Verdict, Violation, signal_name};

/// How far the worker came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Progress {
    /// It sent nothing.
    #[default]
    Silent,
    /// The hook was loaded.
    Loaded,
    /// The hook was armed.
    Armed,
    /// The guest's first line was the next thing to run.
    Started,
}

/// Something that ends a run, in the order in which the supervisor learnt of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Latch {
    /// The policy denied something.
    Violation(Violation),
    /// A limit was exceeded.
    Limit {
        /// Which, and by how much.
        hit: LimitHit,
        /// Where the guest was, if that is known.
        place: Option<Location>,
    },
}

/// The end record, its name resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndEvidence {
    /// The nonce it shows.
    pub nonce: [u8; 16],
    /// The exit status it announces.
    pub code: u8,
    /// Type of the exception that nothing caught.
    pub exception: Option<String>,
    /// Where it left guest code.
    pub place: Option<Location>,
    /// Was that a `MemoryError`?
    pub out_of_memory: bool,
    /// Records before it by the hook's count.
    pub records: u64,
}

/// A limit that the judge itself applies to what was measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ceiling<T> {
    /// The ceiling.
    pub value: T,
    /// Where the policy states it.
    pub policy: Option<Origin>,
}

/// All that is known of a run when no process of it is left.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evidence {
    /// The nonce of the setup.
    pub nonce: [u8; 16],
    /// How far the worker came.
    pub progress: Progress,
    /// Why the hook couldn't be armed, by its own account.
    pub unready: Option<String>,
    /// Why the rules of `[syntax]` can't be applied to the source. Nothing was run.
    pub unjudged: Option<String>,
    /// Python's parser refused the source, so that no rule of `[syntax]` was applied to it.
    pub unparsed: bool,
    /// Violations and limits, first come first.
    pub latches: Vec<Latch>,
    /// The end record.
    pub end: Option<EndEvidence>,
    /// Records that were read before the end record.
    pub records: u64,
    /// Why the records can't be read to their end.
    pub broken_stream: Option<String>,
    /// How the worker's process ended.
    pub status: Option<WaitStatus>,
    /// The signal that interrupted Lictor itself.
    pub interrupted: Option<i32>,
    /// What Lictor itself failed to do.
    pub failures: Vec<String>,
    /// Events that the audit log lacks.
    pub dropped: u64,
    /// CPU time of all processes.
    pub cpu: Option<Duration>,
    /// The limit on it.
    pub cpu_ceiling: Option<Ceiling<Duration>>,
    /// The limit on memory, in bytes.
    pub memory_ceiling: Option<Ceiling<u64>>,
    /// The last of what the worker wrote to stderr before the guest was started.
    pub startup_stderr: String,
}

impl Evidence {
    /// Is this enough for a verdict, so that nothing need be run?
    pub fn decides(&self) -> bool {
        !self.latches.is_empty() || !self.failures.is_empty() || self.unjudged.is_some()
    }
}

/// The judge's part of an [`Outcome`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// Why, in words, for `crashed` and `internal-error`.
    pub reason: Option<String>,
    /// What was denied, first come first.
    pub violations: Vec<Violation>,
    /// The limit that was exceeded.
    pub limit: Option<LimitHit>,
    /// Where the guest was when the run was decided.
    pub location: Option<Location>,
    /// How the process ended.
    pub exit: Exit,
}

/// What decides a run.
enum Ground {
    Failure(String),
    Violation(Location),
    Limit(LimitHit, Option<Location>),
    Crash(String),
    Raised(Option<Location>),
    Completed,
}

/// Judges a run.
pub fn judge(evidence: &Evidence) -> Judgement {
    let (verdict, reason, decisive_limit, location) = match ground(evidence) {
        Ground::Failure(reason) => (Verdict::InternalError, Some(reason), None, None),
        Ground::Violation(place) => (Verdict::Violation, None, None, Some(place)),
        Ground::Limit(hit, place) => (Verdict::Limit, None, Some(hit), place),
        Ground::Crash(reason) => (Verdict::Crashed, Some(reason), None, None),
        Ground::Raised(place) => (Verdict::Raised, None, None, place),
        Ground::Completed => (Verdict::Completed, None, None, None),
    };
    let violations = evidence.latches.iter().filter_map(|latch| match latch {
        Latch::Violation(violation) => Some(violation.clone()),
        Latch::Limit { .. } => None,
    });
    let mut other_limits = evidence.latches.iter().filter_map(|latch| match latch {
        Latch::Limit { hit, .. } => Some(hit.clone()),
        Latch::Violation(_) => None,
    });
    Judgement {
        verdict,
        reason,
        violations: violations.collect(),
        limit: decisive_limit.or_else(|| other_limits.next()),
        location,
        exit: exit(evidence),
    }
}

/// The first question that has an answer decides.
fn ground(evidence: &Evidence) -> Ground {
    if let Some(failure) = evidence.failures.first() {
        return Ground::Failure(failure.clone());
    }
    if let Some(ground) = latched(&evidence.latches) {
        return ground;
    }
    if evidence.dropped != 0 {
        return Ground::Failure(format!("the audit log lacks {} events", evidence.dropped));
    }
    if let Some(signal) = evidence.interrupted {
        return Ground::Crash(format!(
            "the run was interrupted by {}",
            signal_name(signal)
        ));
    }
    if let Some(reason) = &evidence.unjudged {
        return Ground::Crash(format!("the rules of [syntax] can't be applied: {reason}"));
    }
    if let Some(reason) = &evidence.unready {
        return Ground::Failure(format!("the hook could not be armed: {reason}"));
    }
    if evidence.progress < Progress::Started {
        return Ground::Failure(never_started(evidence));
    }
    if let Some(ground) = too_much_cpu(evidence) {
        return ground;
    }
    if let Some(error) = &evidence.broken_stream {
        return Ground::Crash(format!("the record stream was broken: {error}"));
    }
    let Some(end) = &evidence.end else {
        return Ground::Crash(died(evidence.status));
    };
    if let Some(doubt) = doubt(evidence, end) {
        return Ground::Crash(doubt);
    }
    if end.out_of_memory
        && let Some(ceiling) = &evidence.memory_ceiling
    {
        let hit = LimitHit {
            kind: LimitKind::Memory,
            ceiling: ceiling.value,
            used: None, // the address space isn't measured
            policy: ceiling.policy.clone(),
        };
        return Ground::Limit(hit, end.place.clone());
    }
    if end.code != 0 || end.exception.is_some() {
        return Ground::Raised(end.place.clone());
    }
    if evidence.unparsed {
        return Ground::Failure("a source that Python's parser refused has run".to_owned());
    }
    Ground::Completed
}

/// The first latch; but output beyond its limit is always `limit`, since it was written
/// before whatever was latched while it lay in the pipe.
fn latched(latches: &[Latch]) -> Option<Ground> {
    let is_output =
        |latch: &&Latch| matches!(latch, Latch::Limit { hit, .. } if hit.kind == LimitKind::Output);
    let decisive = latches.iter().find(is_output).or_else(|| latches.first())?;
    Some(match decisive {
        Latch::Violation(violation) => Ground::Violation(violation.place.clone()),
        Latch::Limit { hit, place } => Ground::Limit(hit.clone(), place.clone()),
    })
}

/// The kernel's own end of a CPU limit (SIGXCPU), and whatever passed between two looks at
/// the clock.
fn too_much_cpu(evidence: &Evidence) -> Option<Ground> {
    let ceiling = evidence.cpu_ceiling.as_ref()?;
    let exceeded = evidence.cpu.is_some_and(|cpu| cpu > ceiling.value)
        || evidence.status == Some(WaitStatus::Signaled(libc::SIGXCPU));
    let hit = LimitHit {
        kind: LimitKind::Cpu,
        ceiling: milliseconds(ceiling.value),
        used: evidence.cpu.map(milliseconds),
        policy: ceiling.policy.clone(),
    };
    exceeded.then_some(Ground::Limit(hit, None))
}

/// Why an end record isn't believed.
fn doubt(evidence: &Evidence, end: &EndEvidence) -> Option<String> {
    if end.nonce != evidence.nonce {
        return Some("the end record isn't the hook's".to_owned());
    }
    if end.records != evidence.records {
        return Some(format!(
            "the end record counts {} records, but {} came",
            end.records, evidence.records
        ));
    }
    match evidence.status {
        Some(WaitStatus::Exited(code)) if code == i32::from(end.code) => None,
        Some(WaitStatus::Exited(code)) => Some(format!(
            "the worker exited with status {code}, but its end record says {}",
            end.code
        )),
        other => Some(died(other)),
    }
}

fn never_started(evidence: &Evidence) -> String {
    let mut reason = match evidence.status {
        Some(WaitStatus::Exited(code)) => {
            format!("the worker exited with status {code} before the guest was started")
        }
        Some(WaitStatus::Signaled(signal)) => {
            format!(
                "the worker was ended by {} before the guest was started",
                signal_name(signal)
            )
        }
        None => "the worker did not start the guest".to_owned(),
    };
    if let Some(error) = &evidence.broken_stream {
        reason.push_str(&format!("; its records can't be read: {error}"));
    }
    if evidence.memory_ceiling.is_some() {
        reason.push_str(" (limits.memory may be too small for the interpreter itself)");
    }
    let stderr = evidence.startup_stderr.trim();
    if !stderr.is_empty() {
        reason.push_str("; it wrote:\n");
        reason.push_str(stderr);
    }
    reason
}

fn died(status: Option<WaitStatus>) -> String {
    match status {
        Some(WaitStatus::Exited(code)) => {
            format!("the worker exited with status {code} behind the hook's back")
        }
        Some(WaitStatus::Signaled(signal)) => {
            format!("the worker was ended by {}", signal_name(signal))
        }
        None => "nobody knows how the worker ended".to_owned(),
    }
}

fn exit(evidence: &Evidence) -> Exit {
    let (code, signal) = match evidence.status {
        Some(WaitStatus::Exited(code)) => (Some(code), None),
        Some(WaitStatus::Signaled(signal)) => (None, Some(signal)),
        None => (None, None),
    };
    let exception = evidence.end.as_ref().and_then(|end| end.exception.clone());
    Exit {
        code,
        signal,
        exception,
    }
}

/// The outcome of a run whose report or log couldn't be written: whatever was judged, nobody
/// may take it for complete.
pub fn spoiled(outcome: Outcome, reason: String) -> Outcome {
    Outcome {
        verdict: Verdict::InternalError,
        reason: Some(reason),
        ..outcome
    }
}

/// Whole milliseconds, the unit of [`LimitHit`].
pub fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
