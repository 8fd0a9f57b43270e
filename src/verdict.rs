//! The outcome of one run, as plain data.
//!
//! Only [`supervisor::judge`](crate::supervisor::judge) makes these values; reports render
//! them. Text that the guest chose stands here as it came: rendering escapes it.

use crate::protocol::record::{EventKind, Excess, ViolationKind};
use crate::rules::syntax::Finding;
use crate::rules::{Action, LimitKind, Origin};

/// What became of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The guest ended normally with exit status 0.
    Completed,
    /// An exception that nothing caught, or `sys.exit` with another status.
    Raised,
    /// The policy denied something the guest did.
    Violation,
    /// A limit was exceeded.
    Limit,
    /// The worker died without an end record and no limit explains it.
    Crashed,
    /// Lictor's own fault.
    InternalError,
}

impl Verdict {
    /// The word that reports use.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Completed => "completed",
            Verdict::Raised => "raised",
            Verdict::Violation => "violation",
            Verdict::Limit => "limit",
            Verdict::Crashed => "crashed",
            Verdict::InternalError => "internal-error",
        }
    }

    /// Exit code of `lictor run`.
    pub fn exit_code(self) -> u8 {
        match self {
            Verdict::Completed => 0,
            Verdict::Raised => 1,
            Verdict::Violation => 3,
            Verdict::Limit => 4,
            Verdict::Crashed => 5,
            Verdict::InternalError => 70,
        }
    }
}

/// A place in the guest's source, as reported by the worker's memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Location {
    /// File name of the code object.
    pub file: String,
    /// Line, from 1; 0 is unknown.
    pub line: u32,
    /// Qualified name of the function (`<module>` at top level).
    pub function: String,
    /// The C function or operator in which the guest was stuck when it was killed
    /// (`builtins.pow`, `int.__pow__`).
    pub inside: Option<String>,
}

/// One thing that the policy denied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Id of the rule.
    pub rule: String,
    /// What kind of thing.
    pub kind: ViolationKind,
    /// Its name as the policy writes it.
    pub subject: String,
    /// The object's own name.
    pub canonical: String,
    /// The policy author's words.
    pub message: Option<String>,
    /// Where the guest did it.
    pub place: Location,
    /// What the source at the place says instead of the name (`s` for `os.system`), if it says
    /// something else.
    pub written: Option<String>,
    /// From where to where in the place's line it was done, in bytes; the end is behind it.
    pub columns: Option<(u32, u32)>,
    /// The rule's ceiling that was exceeded; `None` if the rule doesn't allow it at all.
    pub excess: Option<Excess>,
    /// For `syntax`: what was found. Otherwise `None`.
    pub finding: Option<Finding>,
    /// Where the policy states the rule.
    pub policy: Option<Origin>,
}

/// The limit that ended the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitHit {
    /// Which limit.
    pub kind: LimitKind,
    /// The ceiling; steps, calls, frames, threads as counts, time in milliseconds, the rest in bytes.
    pub ceiling: u64,
    /// What was used, in the same unit; `None` when it wasn't measured.
    pub used: Option<u64>,
    /// Where the policy states the limit.
    pub policy: Option<Origin>,
}

/// How the guest's process ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exit {
    /// Its exit status.
    pub code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// Type of the exception that nothing caught.
    pub exception: Option<String>,
}

/// What the run used; `None` is "not measured", never zero.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Usage {
    /// Steps.
    pub steps: Option<u64>,
    /// Entries of guest functions.
    pub calls: Option<u64>,
    /// Milliseconds from the first guest line until no process was left.
    pub wall_ms: Option<f64>,
    /// Milliseconds of CPU time of all processes.
    pub cpu_ms: Option<f64>,
    /// Peak resident memory of the worker, in bytes.
    pub memory_peak_bytes: Option<u64>,
    /// Bytes that the guest wrote to stdout and stderr.
    pub output_bytes: Option<u64>,
}

/// Everything there is to say of one run.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The verdict.
    pub verdict: Verdict,
    /// For `crashed` and `internal-error`: why, in words. Otherwise `None`.
    pub reason: Option<String>,
    /// What was denied; the first one decided.
    pub violations: Vec<Violation>,
    /// The limit that was exceeded, also when a violation came first.
    pub limit: Option<LimitHit>,
    /// Where the guest was when the run was decided; `None` after a normal end.
    pub location: Option<Location>,
    /// How the process ended.
    pub exit: Exit,
    /// What was used.
    pub usage: Usage,
    /// The policy.
    pub policy: PolicySummary,
    /// The script.
    pub script: ScriptSummary,
    /// The interpreter.
    pub python: PythonSummary,
    /// Kernel mechanisms and what became of each: `("rlimit-as", "enforced")`.
    pub mechanisms: Vec<(String, String)>,
    /// Records that the audit log lacks.
    pub dropped: u64,
}

/// The policy of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicySummary {
    /// Its name.
    pub name: String,
    /// Its files and presets, child first (`grading.toml`, `preset:base`).
    pub sources: Vec<String>,
    /// SHA-256 of the effective policy, in hex.
    pub sha256: String,
}

/// The script of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptSummary {
    /// As the user named it.
    pub path: String,
    /// SHA-256 of its text, in hex.
    pub sha256: String,
}

/// The interpreter of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PythonSummary {
    /// `3.11.7`.
    pub version: String,
    /// Its path.
    pub executable: String,
}

/// An event with its names resolved: one line of the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedEvent {
    /// Position in the log, from 1.
    pub sequence: u64,
    /// Nanoseconds since the first guest line.
    pub time_ns: u64,
    /// What kind of fact.
    pub kind: EventKind,
    /// Name of the thing.
    pub subject: String,
    /// The object's own name.
    pub canonical: String,
    /// The caller.
    pub caller: Location,
    /// What a call was given, as text, and whether that was cut; `None` unless the policy asks
    /// for it.
    pub arguments: Option<(String, bool)>,
    /// What the rules said.
    pub decision: Action,
    /// Id of the rule that said so.
    pub rule: Option<String>,
}

/// The name of a signal (`SIGKILL`), or `signal 34` for one without a portable name.
pub fn signal_name(number: i32) -> String {
    let name = match number {
        libc::SIGHUP => "SIGHUP",
        libc::SIGINT => "SIGINT",
        libc::SIGQUIT => "SIGQUIT",
        libc::SIGILL => "SIGILL",
        libc::SIGTRAP => "SIGTRAP",
        libc::SIGABRT => "SIGABRT",
        libc::SIGBUS => "SIGBUS",
        libc::SIGFPE => "SIGFPE",
        libc::SIGKILL => "SIGKILL",
        libc::SIGUSR1 => "SIGUSR1",
        libc::SIGUSR2 => "SIGUSR2",
        libc::SIGSEGV => "SIGSEGV",
        libc::SIGPIPE => "SIGPIPE",
        libc::SIGALRM => "SIGALRM",
        libc::SIGTERM => "SIGTERM",
        libc::SIGXCPU => "SIGXCPU",
        libc::SIGXFSZ => "SIGXFSZ",
        libc::SIGSYS => "SIGSYS",
        other => return format!("signal {other}"),
    };
    name.to_owned()
}
