//! One run of every kind: its sentence, its JSON, its report for people.

use insta::{assert_json_snapshot, assert_snapshot};
use lictor::protocol::record::{Excess, ViolationKind};
use lictor::report::{json, summary_line};
use lictor::rules::LimitKind;
use lictor::verdict::{Exit, Location, Outcome, Verdict, Violation};

use crate::fixtures::*;

/// The report without Lictor's own version, which changes with every release.
fn report(outcome: &Outcome) -> serde_json::Value {
    let mut report = json::render(outcome);
    assert_eq!(report["lictor"], env!("CARGO_PKG_VERSION"));
    report["lictor"] = "[version]".into();
    report
}

#[test]
fn completed() {
    let run = outcome(Verdict::Completed);
    assert_json_snapshot!("completed", report(&run));
    assert_snapshot!("completed_verbose", human(&run, true));
    assert_eq!(human(&run, false), "");
}

#[test]
fn raised() {
    let exit = Exit {
        code: Some(1),
        signal: None,
        exception: Some("ValueError".to_owned()),
    };
    let run = Outcome {
        exit,
        ..outcome(Verdict::Raised)
    };
    assert_json_snapshot!("raised", report(&run));
    assert_eq!(
        human(&run, false),
        "raised: homework.py ended with an uncaught ValueError\n"
    );
}

#[test]
fn exited() {
    let exit = Exit {
        code: Some(3),
        signal: None,
        exception: None,
    };
    let run = Outcome {
        exit,
        ..outcome(Verdict::Raised)
    };
    assert_eq!(
        human(&run, false),
        "raised: homework.py exited with status 3\n"
    );
}

#[test]
fn violation_of_a_call() {
    let run = violated(vec![sorted()]);
    assert_json_snapshot!("violation", report(&run));
    assert_snapshot!("violation_human", human(&run, false));
}

#[test]
fn violations_after_the_first_and_a_limit_are_listed() {
    let first = Violation {
        canonical: "posix.system".to_owned(),
        ..violation(ViolationKind::Call, "no-shell", "os.system")
    };
    let mut run = violated(vec![first; 6]);
    run.limit = limited(LimitKind::Steps, 1000, Some(1000)).limit;
    run.dropped = 1;
    assert_snapshot!("violations_human", human(&run, false));
}

#[test]
fn limit_of_steps() {
    let run = with_limit_origin(limited(LimitKind::Steps, 1000, Some(1000)), "steps = 1_000");
    assert_json_snapshot!("limit_steps", report(&run));
    assert_snapshot!("limit_steps_human", human(&run, false));
}

#[test]
fn limit_of_wall_time_stuck_in_c() {
    let mut run = with_limit_origin(limited(LimitKind::Wall, 2000, None), "wall = \"2s\"");
    run.location = Some(Location {
        inside: Some("int.__pow__".to_owned()),
        ..at(5)
    });
    assert_json_snapshot!("limit_wall", report(&run));
    assert_snapshot!("limit_wall_human", human(&run, false));
}

#[test]
fn crashed() {
    let run = Outcome {
        exit: Exit {
            code: None,
            signal: Some(9),
            exception: None,
        },
        location: Some(at(7)),
        ..outcome(Verdict::Crashed)
    };
    assert_json_snapshot!("crashed", report(&run));
    assert_snapshot!("crashed_human", human(&run, false));
}

#[test]
fn internal_error() {
    let reason = Some("the audit log can't be written: No space left on device".to_owned());
    let run = Outcome {
        reason,
        ..outcome(Verdict::InternalError)
    };
    assert_json_snapshot!("internal_error", report(&run));
    assert_snapshot!("internal_error_human", human(&run, false));
}

#[test]
fn a_rule_of_several_lines_is_underlined_whole() {
    let rule = POLICY[POLICY.find("[[functions]]").unwrap()..].to_owned();
    let run = violated(vec![Violation {
        policy: Some(origin(&rule)),
        ..sorted()
    }]);
    assert_snapshot!("rule_of_several_lines", human(&run, false));
}

#[test]
fn sentences_of_violations() {
    let sentence = |violation: Violation| summary_line(&violated(vec![violation]));
    let sentences = [
        sentence(sorted()),
        sentence(Violation {
            excess: Some(Excess::Calls(20)),
            ..violation(ViolationKind::Call, "few-guesses", "__main__.guess")
        }),
        sentence(Violation {
            excess: Some(Excess::Steps(1000)),
            ..violation(ViolationKind::Call, "short-solve", "__main__.solve")
        }),
        sentence(Violation {
            excess: Some(Excess::Recursion(50)),
            ..violation(ViolationKind::Call, "flat-solve", "__main__.solve")
        }),
        sentence(Violation {
            excess: Some(Excess::Lines(1)),
            ..violation(ViolationKind::Line, "few-prints", "print(x)")
        }),
        sentence(Violation {
            written: Some("s\n".to_owned()),
            ..violation(ViolationKind::Call, "no-shell", "os.system")
        }),
        sentence(violation(
            ViolationKind::Call,
            "defaults.functions",
            "os.getcwd",
        )),
        sentence(violation(ViolationKind::Import, "imports.allow", "socket")),
        sentence(violation(ViolationKind::Import, "imports.deny", "socket")),
        sentence(violation(ViolationKind::Line, "no-print-debugging", "")),
        sentence(violation(ViolationKind::Process, "no-shell", "os.fork")),
        sentence(violation(
            ViolationKind::Thread,
            "limits.threads",
            "_thread.start_new_thread",
        )),
        sentence(violation(ViolationKind::Tamper, "tamper", "sys.settrace")),
        sentence(Violation {
            place: Location::default(),
            ..sorted()
        }),
        sentence(Violation {
            place: at(0),
            ..sorted()
        }),
    ];
    assert_snapshot!("sentences_of_violations", sentences.join("\n"));
}

#[test]
fn sentences_of_limits() {
    let mut sentences: Vec<String> = LimitKind::ALL
        .into_iter()
        .map(|kind| summary_line(&limited(kind, 1000, None)))
        .collect();
    let nowhere = Outcome {
        location: None,
        ..limited(LimitKind::Wall, 2000, None)
    };
    sentences.push(summary_line(&nowhere));
    assert_snapshot!("sentences_of_limits", sentences.join("\n"));
}

#[test]
fn sentences_of_crashes() {
    let crashed = |exit, reason: Option<&str>| {
        let reason = reason.map(str::to_owned);
        summary_line(&Outcome {
            exit,
            reason,
            ..outcome(Verdict::Crashed)
        })
    };
    let exited = Exit {
        code: Some(0),
        ..Exit::default()
    };
    let killed = Exit {
        signal: Some(11),
        ..Exit::default()
    };
    assert_eq!(
        crashed(exited, None),
        "homework.py exited with status 0 without an end record"
    );
    assert_eq!(
        crashed(killed, Some("its records are broken")),
        "homework.py died by SIGSEGV: its records are broken"
    );
}

#[test]
fn colour_is_only_there_on_request() {
    let run = violated(vec![sorted()]);
    let context = lictor::report::human::Context {
        script_path: "homework.py",
        script_text: Some(SCRIPT),
        guest_text: &|_| None,
        policy_text: &|_| None,
        verbose: false,
    };
    assert!(lictor::report::human::render(&run, &context, true).contains('\x1b'));
    assert!(!lictor::report::human::render(&run, &context, false).contains('\x1b'));
}
