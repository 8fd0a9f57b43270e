//! A homework, its policy, and one outcome for each way a run can end.

use lictor::protocol::record::{EventKind, ViolationKind};
use lictor::report::human::{self, Context};
use lictor::rules::{Action, LimitKind, Origin};
use lictor::verdict::{
    Exit, LimitHit, Location, LoggedEvent, Outcome, PolicySummary, PythonSummary, ScriptSummary,
    Usage, Verdict, Violation,
};

pub const SCRIPT: &str = "\
import socket

def solve(numbers):
\twhile True:
\t\tnumbers.append(10 ** 10 ** 8)
    # the sorted list
    return sorted(numbers)

solve([3, 1, 2])
";

pub const POLICY: &str = "\
version = 1
[limits]
steps = 1_000
wall = \"2s\"

[[functions]]
id = \"no-builtin-sort\"
match = [\"builtins.sorted\"]
action = \"deny\"
";

/// The place in [`POLICY`] where `text` stands.
pub fn origin(text: &str) -> Origin {
    let start = POLICY.find(text).expect("the policy says so");
    let line = POLICY[..start].matches('\n').count() as u32 + 1;
    Origin {
        file: "grading.toml".to_owned(),
        line,
        span: start..start + text.len(),
    }
}

pub fn at(line: u32) -> Location {
    Location {
        file: "homework.py".to_owned(),
        line,
        function: "solve".to_owned(),
        inside: None,
    }
}

pub fn outcome(verdict: Verdict) -> Outcome {
    Outcome {
        verdict,
        reason: None,
        violations: Vec::new(),
        limit: None,
        location: None,
        exit: Exit {
            code: Some(0),
            signal: None,
            exception: None,
        },
        usage: Usage {
            steps: Some(120),
            calls: Some(14),
            wall_ms: Some(12.5),
            cpu_ms: Some(9.1),
            memory_peak_bytes: Some(9_000_000),
            output_bytes: Some(12),
        },
        policy: PolicySummary {
            name: "grading".to_owned(),
            sources: vec!["grading.toml".to_owned(), "preset:base".to_owned()],
            sha256: "aa".repeat(32),
        },
        script: ScriptSummary {
            path: "homework.py".to_owned(),
            sha256: "bb".repeat(32),
        },
        python: PythonSummary {
            version: "3.11.7".to_owned(),
            executable: "/usr/bin/python3".to_owned(),
        },
        mechanisms: vec![("rlimit-as".to_owned(), "enforced".to_owned())],
        dropped: 0,
    }
}

pub fn violation(kind: ViolationKind, rule: &str, subject: &str) -> Violation {
    Violation {
        rule: rule.to_owned(),
        kind,
        subject: subject.to_owned(),
        canonical: subject.to_owned(),
        message: None,
        place: at(7),
        written: None,
        columns: None,
        excess: None,
        finding: None,
        policy: None,
    }
}

pub fn sorted() -> Violation {
    Violation {
        message: Some("Write your own sort.".to_owned()),
        policy: Some(origin("match = [\"builtins.sorted\"]")),
        ..violation(ViolationKind::Call, "no-builtin-sort", "builtins.sorted")
    }
}

pub fn violated(violations: Vec<Violation>) -> Outcome {
    let location = violations.first().map(|first| first.place.clone());
    Outcome {
        violations,
        location,
        ..outcome(Verdict::Violation)
    }
}

pub fn limited(kind: LimitKind, ceiling: u64, used: Option<u64>) -> Outcome {
    Outcome {
        limit: Some(LimitHit {
            kind,
            ceiling,
            used,
            policy: None,
        }),
        location: Some(at(4)),
        exit: Exit {
            code: None,
            signal: Some(9),
            exception: None,
        },
        ..outcome(Verdict::Limit)
    }
}

pub fn with_limit_origin(mut outcome: Outcome, text: &str) -> Outcome {
    let hit = outcome.limit.as_mut().expect("a limit was hit");
    hit.policy = Some(origin(text));
    outcome
}

/// The report for people, with the homework's and the policy's text at hand.
pub fn human(outcome: &Outcome, verbose: bool) -> String {
    let context = Context {
        script_path: "homework.py",
        script_text: Some(SCRIPT),
        guest_text: &|_| None,
        policy_text: &|file| (file == "grading.toml").then_some(POLICY),
        verbose,
    };
    human::render(outcome, &context, false)
}

pub fn event(sequence: u64, kind: EventKind, subject: &str, decision: Action) -> LoggedEvent {
    LoggedEvent {
        sequence,
        time_ns: sequence * 1_000,
        kind,
        subject: subject.to_owned(),
        canonical: subject.to_owned(),
        caller: at(9),
        arguments: None,
        decision,
        rule: None,
    }
}
