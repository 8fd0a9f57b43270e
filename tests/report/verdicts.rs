//! One run of every kind: its sentence, its JSON, its report for people.

use insta::{assert_json_snapshot, assert_snapshot};
use lictor::protocol::record::{Excess, ViolationKind};
use lictor::report::{json, summary_line};
use lictor::rules::LimitKind;
use lictor::rules::syntax::{Construct, Finding};
use lictor::verdict::{Exit, Location, Outcome, Usage, Verdict, Violation};

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

/// A violation of `[syntax]` at columns of a line; line 0 is none.
fn syntax(rule: &str, finding: Finding, line: u32, columns: (u32, u32)) -> Violation {
    let mut place = at(line);
    if line == 0 {
        place.function.clear();
    }
    Violation {
        place,
        columns: (line > 0).then_some(columns),
        finding: Some(finding),
        policy: Some(origin("steps = 1_000")),
        ..violation(ViolationKind::Syntax, rule, "while")
    }
}

fn missing(construct: &str, defined: bool) -> Violation {
    let construct = Construct::read(construct).expect("a construct");
    let finding = Finding::Missing { construct, defined };
    syntax("syntax.require", finding, 0, (0, 0))
}

fn findings() -> Vec<Violation> {
    let call = |written: &str| Finding::Call {
        name: "sorted".to_owned(),
        written: written.to_owned(),
    };
    let recursion = |through: Option<&str>| Finding::Recursion {
        function: "solve".to_owned(),
        through: through.map(str::to_owned),
    };
    let nesting = Finding::Nesting {
        depth: 5,
        allowed: 4,
    };
    let length = Finding::Length {
        function: "solve".to_owned(),
        lines: 41,
        allowed: 30,
    };
    let forbidden = |finding, line, columns| syntax("syntax.forbid", finding, line, columns);
    vec![
        forbidden(Finding::Word("while".to_owned()), 4, (1, 11)),
        forbidden(call("sorted"), 7, (11, 17)),
        forbidden(call("order"), 7, (11, 17)),
        forbidden(recursion(None), 5, (2, 99)),
        forbidden(recursion(Some("step")), 5, (2, 9)),
        syntax("syntax.max_nesting", nesting, 5, (2, 9)),
        syntax("syntax.max_function_lines", length, 3, (0, 9)),
        missing("recursion:solve", true),
        missing("recursion:solve", false),
        missing("recursion:*", false),
        missing("comprehension", false),
        missing("calls:.append", false),
    ]
}

#[test]
fn sentences_of_syntax() {
    let sentences: Vec<String> = findings()
        .into_iter()
        .map(|finding| summary_line(&violated(vec![finding])))
        .collect();
    assert_snapshot!("sentences_of_syntax", sentences.join("\n"));
}

#[test]
fn each_violation_of_syntax_is_shown() {
    let mut all = findings();
    all[0].message = Some("Only what we had.".to_owned());
    all[1].message = Some("Only what we had.".to_owned());
    all[7].policy = Some(origin("wall = \"2s\""));
    let run = Outcome {
        usage: Usage::default(),
        exit: Exit::default(),
        ..violated(all)
    };
    assert_snapshot!("syntax_human", human(&run, false));
    let first = &report(&run)["violations"][0];
    assert_eq!(
        (&first["column"], &first["end_column"]),
        (&2.into(), &12.into())
    );
}

#[test]
fn a_program_that_lacks_something_is_told_so() {
    let run = violated(vec![missing("comprehension", false)]);
    assert_snapshot!("syntax_missing_human", human(&run, false));
}

#[test]
fn what_could_not_be_judged_was_not_run() {
    let run = Outcome {
        usage: Usage::default(),
        exit: Exit::default(),
        reason: Some("the rules of [syntax] can't be applied: it is too large".to_owned()),
        ..outcome(Verdict::Crashed)
    };
    assert_eq!(
        summary_line(&run),
        "homework.py was not run: the rules of [syntax] can't be applied: it is too large"
    );
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
