//! Names, lines and texts that the guest chose to do harm with.

use insta::assert_snapshot;
use lictor::protocol::record::{Excess, ViolationKind};
use lictor::report::human::{self, Context};
use lictor::report::summary::Summary;
use lictor::report::text::is_unsafe;
use lictor::report::{json, summary_line};
use lictor::rules::syntax::{Construct, Finding};
use lictor::rules::{Action, LimitKind, Origin};
use lictor::verdict::{Exit, LimitHit, Location, Outcome, Verdict, Violation};
use proptest::prelude::*;

use crate::fixtures::*;

const HOSTILE: &str = "\x1b]0;pwned\x07\nerror: \u{202e}lla si\u{9b}2J\u{2028}";

/// Is there nothing in it that a terminal would obey? Newlines are the report's own.
fn is_safe(text: &str) -> bool {
    !text.chars().any(|c| c != '\n' && is_unsafe(c))
}

#[test]
fn names_are_escaped_everywhere() {
    let place = Location {
        file: HOSTILE.to_owned(),
        line: 1,
        function: HOSTILE.to_owned(),
        inside: None,
    };
    let mut denied = violation(ViolationKind::Call, "no-shell", HOSTILE);
    denied.canonical = format!("x.{HOSTILE}");
    denied.place = place;
    let mut run = violated(vec![denied]);
    run.script.path = HOSTILE.to_owned();

    assert_eq!(summary_line(&run).lines().count(), 1);
    let shown = human(&run, true);
    assert!(is_safe(&shown), "{shown:?}");
    assert_snapshot!("hostile_names", shown);

    let text = json::to_text(&json::render(&run));
    assert!(is_safe(&text), "{text:?}");
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        report["violations"][0]["subject"], HOSTILE,
        "the value itself is kept"
    );
}

#[test]
fn long_names_are_cut() {
    let long = violation(ViolationKind::Call, "no-shell", &"long".repeat(1000));
    let run = violated(vec![long]);
    assert!(summary_line(&run).chars().count() < 300);
    assert!(summary_line(&run).contains('…'));
}

#[test]
fn hostile_source_is_escaped_where_it_is_quoted() {
    let source = format!(
        "pass\n\tsorted('\x1b[2J\u{202e}')  # {}\n",
        "x".repeat(5_000)
    );
    let run = violated(vec![Violation {
        place: at(2),
        ..sorted()
    }]);
    let context = Context {
        script_path: "homework.py",
        script_text: Some(&source),
        guest_text: &|_| None,
        policy_text: &|_| None,
        verbose: false,
    };
    let shown = human::render(&run, &context, false);
    assert!(is_safe(&shown), "{shown:?}");
    assert_snapshot!("hostile_source", shown);
}

#[test]
fn a_line_beyond_the_end_is_said_to_be_missing() {
    let run = violated(vec![Violation {
        place: at(4_000_000_000),
        ..sorted()
    }]);
    assert_snapshot!("line_beyond_the_end", human(&run, false));
}

#[test]
fn a_file_that_the_supervisor_does_not_supply_is_only_named() {
    let place = Location {
        file: "/etc/passwd".to_owned(),
        ..at(1)
    };
    let run = violated(vec![Violation { place, ..sorted() }]);
    assert_snapshot!("unknown_file", human(&run, false));
}

#[test]
fn another_guest_file_is_quoted_if_supplied() {
    let place = Location {
        file: "helper.py".to_owned(),
        ..at(1)
    };
    let run = violated(vec![Violation {
        place,
        policy: None,
        ..sorted()
    }]);
    let context = Context {
        script_path: "homework.py",
        script_text: None,
        guest_text: &|file| (file == "helper.py").then_some("sorted([])"),
        policy_text: &|_| None,
        verbose: false,
    };
    assert!(human::render(&run, &context, false).contains("1 | sorted([])"));
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,12}",
        proptest::collection::vec(any::<char>(), 0..300).prop_map(String::from_iter),
        Just(HOSTILE.to_owned()),
        Just("homework.py".to_owned()),
    ]
}

fn location() -> impl Strategy<Value = Location> {
    let line = prop_oneof![0_u32..12, any::<u32>()];
    (text(), line, text(), proptest::option::of(text())).prop_map(
        |(file, line, function, inside)| Location {
            file,
            line,
            function,
            inside,
        },
    )
}

fn policy_place() -> impl Strategy<Value = Origin> {
    (text(), 1_u32.., 0_usize..200, 0_usize..200).prop_map(|(file, line, start, end)| Origin {
        file,
        line,
        span: start..end,
    })
}

fn any_violation() -> impl Strategy<Value = Violation> {
    let kind = prop_oneof![
        Just(ViolationKind::Call),
        Just(ViolationKind::Line),
        Just(ViolationKind::Import),
        Just(ViolationKind::Process),
        Just(ViolationKind::Thread),
        Just(ViolationKind::Tamper),
    ];
    let texts = (text(), text(), text(), proptest::option::of(text()));
    let at_call = (
        proptest::option::of(text()),
        proptest::option::of((0..99_u32, 0..99_u32)),
        proptest::option::of(any::<u64>().prop_map(Excess::Steps)),
        proptest::option::of(any_finding()),
    );
    (
        kind,
        texts,
        location(),
        at_call,
        proptest::option::of(policy_place()),
    )
        .prop_map(
            |(kind, (rule, subject, canonical, message), place, at_call, policy)| Violation {
                rule,
                kind,
                subject,
                canonical,
                message,
                place,
                written: at_call.0,
                columns: at_call.1,
                excess: at_call.2,
                finding: at_call.3,
                policy,
            },
        )
}

fn any_finding() -> impl Strategy<Value = Finding> {
    let names = (text(), proptest::option::of(text()));
    let construct = prop_oneof![
        text().prop_map(Construct::Word),
        text().prop_map(Construct::Calls),
        text().prop_map(Construct::Recursion),
    ];
    prop_oneof![
        text().prop_map(Finding::Word),
        (text(), text()).prop_map(|(name, written)| Finding::Call { name, written }),
        names.prop_map(|(function, through)| Finding::Recursion { function, through }),
        (construct, any::<bool>())
            .prop_map(|(construct, defined)| Finding::Missing { construct, defined }),
    ]
}

fn any_limit() -> impl Strategy<Value = LimitHit> {
    let kind = proptest::sample::select(LimitKind::ALL.to_vec());
    (
        kind,
        any::<u64>(),
        proptest::option::of(any::<u64>()),
        proptest::option::of(policy_place()),
    )
        .prop_map(|(kind, ceiling, used, policy)| LimitHit {
            kind,
            ceiling,
            used,
            policy,
        })
}

fn any_outcome() -> impl Strategy<Value = Outcome> {
    let verdict = proptest::sample::select(vec![
        Verdict::Completed,
        Verdict::Raised,
        Verdict::Violation,
        Verdict::Limit,
        Verdict::Crashed,
        Verdict::InternalError,
    ]);
    let option_text = || proptest::option::of(text());
    let exit = (any::<Option<i32>>(), any::<Option<i32>>(), option_text()).prop_map(
        |(code, signal, exception)| Exit {
            code,
            signal,
            exception,
        },
    );
    let violations = proptest::collection::vec(any_violation(), 0..6);
    let rest = (
        proptest::option::of(any_limit()),
        proptest::option::of(location()),
        option_text(),
        exit,
    );
    (
        verdict,
        violations,
        rest,
        text(),
        any::<u64>(),
        proptest::option::of(0.0_f64..1e300),
    )
        .prop_map(
            |(verdict, violations, (limit, location, reason, exit), path, dropped, wall_ms)| {
                let mut run = Outcome {
                    violations,
                    limit,
                    location,
                    reason,
                    exit,
                    dropped,
                    ..outcome(verdict)
                };
                run.script.path = path;
                run.usage.wall_ms = wall_ms;
                run
            },
        )
}

proptest! {
    #[test]
    fn no_outcome_breaks_a_report(
        run in any_outcome(),
        script in text(),
        policy in text(),
        verbose in any::<bool>(),
    ) {
        let context = Context {
            script_path: "homework.py",
            script_text: Some(&script),
            guest_text: &|_| Some(script.as_str()),
            policy_text: &|_| Some(policy.as_str()),
            verbose,
        };
        let shown = human::render(&run, &context, false);
        prop_assert!(is_safe(&shown), "{shown:?}");
        prop_assert_eq!(shown.is_empty(), run.verdict == Verdict::Completed && !verbose);
        human::render(&run, &context, true);

        let sentence = summary_line(&run);
        prop_assert!(is_safe(&sentence) && !sentence.contains('\n'), "{sentence:?}");

        let report = json::to_text(&json::render(&run));
        prop_assert!(is_safe(&report), "{report:?}");
        let report: serde_json::Value = serde_json::from_str(&report).unwrap();
        prop_assert_eq!(crate::schema::problems(&report), Vec::<String>::new());
    }

    #[test]
    fn no_event_breaks_the_summary(subjects in proptest::collection::vec(text(), 0..20), place in location()) {
        let mut summary = Summary::new();
        for (number, subject) in subjects.iter().enumerate() {
            let kind = if number % 2 == 0 { lictor::protocol::record::EventKind::Call } else { lictor::protocol::record::EventKind::Import };
            let mut event = event(number as u64 + 1, kind, subject, Action::Allow);
            event.caller = place.clone();
            summary.add(&event);
        }
        let shown = summary.render();
        prop_assert!(is_safe(&shown), "{shown:?}");
    }
}
