//! The judge: every way in which evidence can fall short of `completed`.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use lictor::protocol::record::ViolationKind;
use lictor::rules::LimitKind;
use lictor::supervisor::judge::{
    Ceiling, EndEvidence, Evidence, Judgement, Latch, Progress, WaitStatus, judge,
};
use lictor::verdict::{LimitHit, Location, Verdict, Violation, signal_name};
use proptest::prelude::*;

const NONCE: [u8; 16] = *b"sixteen bytes of";

/// An end record as it should be, after 9 records.
fn end() -> EndEvidence {
    EndEvidence {
        nonce: NONCE,
        code: 0,
        exception: None,
        place: None,
        out_of_memory: false,
        records: 9,
    }
}

/// A run against which nothing can be said.
fn flawless() -> Evidence {
    Evidence {
        nonce: NONCE,
        progress: Progress::Started,
        end: Some(end()),
        records: 9,
        status: Some(WaitStatus::Exited(0)),
        cpu: Some(Duration::from_millis(20)),
        ..Evidence::default()
    }
}

fn place(line: u32) -> Location {
    Location {
        file: "a.py".into(),
        line,
        function: "f".into(),
        inside: None,
    }
}

fn violation(line: u32) -> Latch {
    Latch::Violation(Violation {
        rule: "no-sort".into(),
        kind: ViolationKind::Call,
        subject: "builtins.sorted".into(),
        canonical: "builtins.sorted".into(),
        message: None,
        place: place(line),
        written: None,
        columns: None,
        excess: None,
        finding: None,
        policy: None,
    })
}

fn hit(kind: LimitKind) -> LimitHit {
    LimitHit {
        kind,
        ceiling: 10,
        used: Some(11),
        policy: None,
    }
}

fn limit(kind: LimitKind) -> Latch {
    Latch::Limit {
        hit: hit(kind),
        place: Some(place(5)),
    }
}

fn verdict(evidence: &Evidence) -> (Verdict, String) {
    let Judgement {
        verdict, reason, ..
    } = judge(evidence);
    (verdict, reason.unwrap_or_default())
}

#[test]
fn a_flawless_run_is_completed() {
    let judgement = judge(&flawless());
    assert_eq!(judgement.verdict, Verdict::Completed);
    assert_eq!(judgement.reason, None);
    assert_eq!(judgement.exit.code, Some(0));
}

#[test]
fn no_evidence_at_all_is_our_own_fault() {
    assert_eq!(verdict(&Evidence::default()).0, Verdict::InternalError);
}

#[test]
fn one_flaw_is_enough() {
    type Spoil = fn(&mut Evidence);
    let flaws: [(&str, Spoil, Verdict); 22] = [
        (
            "never armed",
            |e| e.progress = Progress::Loaded,
            Verdict::InternalError,
        ),
        (
            "never started",
            |e| e.progress = Progress::Armed,
            Verdict::InternalError,
        ),
        (
            "unready",
            |e| e.unready = Some("why".into()),
            Verdict::InternalError,
        ),
        (
            "syntax not judged",
            |e| e.unjudged = Some("why".into()),
            Verdict::Crashed,
        ),
        (
            "ran though it can't be parsed",
            |e| e.unparsed = true,
            Verdict::InternalError,
        ),
        (
            "our failure",
            |e| e.failures.push("disk full".into()),
            Verdict::InternalError,
        ),
        ("log incomplete", |e| e.dropped = 1, Verdict::InternalError),
        (
            "violation",
            |e| e.latches.push(violation(1)),
            Verdict::Violation,
        ),
        (
            "limit",
            |e| e.latches.push(limit(LimitKind::Steps)),
            Verdict::Limit,
        ),
        (
            "interrupted",
            |e| e.interrupted = Some(libc::SIGINT),
            Verdict::Crashed,
        ),
        ("no end", |e| e.end = None, Verdict::Crashed),
        (
            "forged end",
            |e| e.end.as_mut().unwrap().nonce[0] ^= 1,
            Verdict::Crashed,
        ),
        (
            "record lost",
            |e| e.end.as_mut().unwrap().records = 10,
            Verdict::Crashed,
        ),
        ("record forged", |e| e.records = 10, Verdict::Crashed),
        (
            "stream broken",
            |e| e.broken_stream = Some("nonsense".into()),
            Verdict::Crashed,
        ),
        ("status unknown", |e| e.status = None, Verdict::Crashed),
        (
            "another status",
            |e| e.status = Some(WaitStatus::Exited(3)),
            Verdict::Crashed,
        ),
        (
            "signal",
            |e| e.status = Some(WaitStatus::Signaled(libc::SIGSEGV)),
            Verdict::Crashed,
        ),
        (
            "another code",
            |e| e.end.as_mut().unwrap().code = 3,
            Verdict::Crashed,
        ),
        (
            "exception",
            |e| e.end.as_mut().unwrap().exception = Some("ValueError".into()),
            Verdict::Raised,
        ),
        (
            "exit status",
            |e| {
                e.end.as_mut().unwrap().code = 3;
                e.status = Some(WaitStatus::Exited(3));
            },
            Verdict::Raised,
        ),
        (
            "too much CPU",
            |e| {
                e.cpu_ceiling = Some(Ceiling {
                    value: Duration::from_millis(19),
                    policy: None,
                })
            },
            Verdict::Limit,
        ),
    ];
    for (flaw, spoil, expected) in flaws {
        let mut evidence = flawless();
        spoil(&mut evidence);
        assert_eq!(verdict(&evidence).0, expected, "{flaw}");
    }
}

#[test]
fn the_first_latch_decides_and_the_others_are_listed() {
    let latches = vec![violation(3), limit(LimitKind::Steps), violation(8)];
    let judgement = judge(&Evidence {
        latches,
        ..flawless()
    });
    assert_eq!(judgement.verdict, Verdict::Violation);
    assert_eq!(judgement.location, Some(place(3)));
    assert_eq!(
        judgement
            .violations
            .iter()
            .map(|v| v.place.line)
            .collect::<Vec<_>>(),
        [3, 8]
    );
    assert_eq!(judgement.limit, Some(hit(LimitKind::Steps)));

    let latches = vec![
        limit(LimitKind::Wall),
        violation(3),
        limit(LimitKind::Steps),
    ];
    let judgement = judge(&Evidence {
        latches,
        ..flawless()
    });
    assert_eq!(judgement.verdict, Verdict::Limit);
    assert_eq!(judgement.limit, Some(hit(LimitKind::Wall)));
    assert_eq!(judgement.location, Some(place(5)));
    assert_eq!(judgement.violations.len(), 1);
}

#[test]
fn a_latch_stands_whatever_the_worker_says_later() {
    let mut evidence = Evidence {
        latches: vec![violation(1)],
        ..flawless()
    };
    assert_eq!(verdict(&evidence).0, Verdict::Violation);
    evidence.end = None;
    evidence.status = Some(WaitStatus::Signaled(libc::SIGKILL));
    evidence.broken_stream = Some("nonsense".into());
    evidence.interrupted = Some(libc::SIGINT);
    assert_eq!(verdict(&evidence).0, Verdict::Violation);
}

#[test]
fn output_beyond_its_limit_is_always_limit() {
    let latches = vec![violation(3), limit(LimitKind::Output)];
    let judgement = judge(&Evidence {
        latches,
        ..flawless()
    });
    assert_eq!(judgement.verdict, Verdict::Limit);
    assert_eq!(judgement.limit, Some(hit(LimitKind::Output)));
}

#[test]
fn our_own_failure_stands_over_everything() {
    let failures = vec!["the audit log can't be written".to_owned()];
    let latches = vec![violation(3)];
    let judgement = judge(&Evidence {
        failures: failures.clone(),
        latches,
        ..flawless()
    });
    assert_eq!(judgement.verdict, Verdict::InternalError);
    assert_eq!(judgement.reason.as_ref(), failures.first());
    assert_eq!(judgement.violations.len(), 1);
}

#[test]
fn a_memory_error_is_a_limit_only_under_one() {
    let mut evidence = flawless();
    evidence.status = Some(WaitStatus::Exited(1));
    evidence.end = Some(EndEvidence {
        code: 1,
        exception: Some("MemoryError".into()),
        place: None,
        out_of_memory: true,
        ..end()
    });
    assert_eq!(verdict(&evidence).0, Verdict::Raised);
    evidence.memory_ceiling = Some(Ceiling {
        value: 1 << 20,
        policy: None,
    });
    let judgement = judge(&evidence);
    assert_eq!(judgement.verdict, Verdict::Limit);
    let expected = LimitHit {
        kind: LimitKind::Memory,
        ceiling: 1 << 20,
        used: None,
        policy: None,
    };
    assert_eq!(judgement.limit, Some(expected));
}

#[test]
fn the_kernels_cpu_signal_is_the_cpu_limit() {
    let mut evidence = flawless();
    evidence.end = None;
    evidence.status = Some(WaitStatus::Signaled(libc::SIGXCPU));
    assert_eq!(verdict(&evidence).0, Verdict::Crashed);
    evidence.cpu_ceiling = Some(Ceiling {
        value: Duration::from_secs(60),
        policy: None,
    });
    assert_eq!(verdict(&evidence).0, Verdict::Limit);
}

#[test]
fn reasons_name_what_happened() {
    let mut evidence = flawless();
    evidence.end = None;
    evidence.status = Some(WaitStatus::Signaled(libc::SIGSEGV));
    assert_eq!(verdict(&evidence).1, "the worker was ended by SIGSEGV");

    let startup = Evidence {
        progress: Progress::Loaded,
        status: Some(WaitStatus::Exited(1)),
        startup_stderr: "Fatal Python error: no memory\n".into(),
        memory_ceiling: Some(Ceiling {
            value: 1,
            policy: None,
        }),
        ..Evidence::default()
    };
    assert_eq!(
        verdict(&startup).1,
        "the worker exited with status 1 before the guest was started \
         (limits.memory may be too small for the interpreter itself); \
         it wrote:\nFatal Python error: no memory"
    );
    assert_eq!(signal_name(40), "signal 40");
}

#[test]
fn what_is_known_of_the_syntax_can_decide_before_anything_runs() {
    assert!(!Evidence::default().decides());
    let unparsed = Evidence {
        unparsed: true,
        ..Evidence::default()
    };
    assert!(!unparsed.decides());
    let broken = Evidence {
        latches: vec![violation(3)],
        ..Evidence::default()
    };
    assert!(broken.decides());
    let judgement = judge(&broken);
    assert_eq!(judgement.verdict, Verdict::Violation);
    assert_eq!((judgement.exit.code, judgement.exit.signal), (None, None));
    let unjudged = Evidence {
        unjudged: Some("it is too large".into()),
        ..Evidence::default()
    };
    assert!(unjudged.decides());
    assert_eq!(
        verdict(&unjudged),
        (
            Verdict::Crashed,
            "the rules of [syntax] can't be applied: it is too large".into()
        )
    );
}

fn statuses() -> impl Strategy<Value = Option<WaitStatus>> {
    let status = prop_oneof![
        (0..4).prop_map(WaitStatus::Exited),
        (1..32).prop_map(WaitStatus::Signaled)
    ];
    prop::option::weighted(0.9, status)
}

fn ends() -> impl Strategy<Value = Option<EndEvidence>> {
    let nonce = prop_oneof![9 => Just(NONCE), 1 => any::<[u8; 16]>()];
    let exception = prop::option::weighted(0.2, Just("E".to_owned()));
    let end = (nonce, 0..3u8, exception, any::<bool>(), 8..11u64).prop_map(
        |(nonce, code, exception, out_of_memory, records)| EndEvidence {
            nonce,
            code,
            exception,
            place: None,
            out_of_memory,
            records,
        },
    );
    prop::option::weighted(0.9, end)
}

fn latches() -> impl Strategy<Value = Vec<Latch>> {
    let latch = prop_oneof![
        Just(violation(1)),
        prop::sample::select(LimitKind::ALL.to_vec()).prop_map(limit)
    ];
    prop_oneof![3 => Just(Vec::new()), 1 => prop::collection::vec(latch, 1..4)]
}

prop_compose! {
    /// Evidence of all kinds, much of it close to flawless.
    fn evidences()(
        progress in prop_oneof![
            5 => Just(Progress::Started),
            1 => prop::sample::select(vec![Progress::Silent, Progress::Loaded, Progress::Armed]),
        ],
        unready in prop::option::weighted(0.1, Just("why".to_owned())),
        unjudged in prop::option::weighted(0.1, Just("too deep".to_owned())),
        unparsed in prop::bool::weighted(0.1),
        latches in latches(),
        end in ends(),
        records in 8..11u64,
        broken_stream in prop::option::weighted(0.1, Just("nonsense".to_owned())),
        status in statuses(),
        interrupted in prop::option::weighted(0.1, Just(2)),
        failures in prop_oneof![9 => Just(Vec::new()), 1 => Just(vec!["full".to_owned()])],
        dropped in prop_oneof![9 => Just(0u64), 1 => 1..5u64],
        cpu in prop::option::of((0..100u64).prop_map(Duration::from_millis)),
        cpu_ceiling in prop::option::of((0..100u64).prop_map(Duration::from_millis)),
    ) -> Evidence {
        Evidence {
            nonce: NONCE,
            progress,
            unready,
            unjudged,
            unparsed,
            latches,
            end,
            records,
            broken_stream,
            status,
            interrupted,
            failures,
            dropped,
            cpu,
            cpu_ceiling: cpu_ceiling.map(|value| Ceiling { value, policy: None }),
            memory_ceiling: None,
            startup_stderr: String::new(),
        }
    }
}

/// The conditions of `completed`, written down a second time.
fn nothing_can_be_said_against(evidence: &Evidence) -> bool {
    let cpu_is_within = match (evidence.cpu, &evidence.cpu_ceiling) {
        (Some(cpu), Some(ceiling)) => cpu <= ceiling.value,
        _ => true,
    };
    evidence.progress == Progress::Started
        && evidence.unready.is_none()
        && evidence.unjudged.is_none()
        && !evidence.unparsed
        && evidence.latches.is_empty()
        && evidence.broken_stream.is_none()
        && evidence.interrupted.is_none()
        && evidence.failures.is_empty()
        && evidence.dropped == 0
        && cpu_is_within
        && evidence.status == Some(WaitStatus::Exited(0))
        && evidence.end.as_ref().is_some_and(|end| {
            end.nonce == NONCE
                && end.code == 0
                && end.exception.is_none()
                && end.records == evidence.records
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn completed_is_what_nothing_can_be_said_against(evidence in evidences()) {
        let completed = judge(&evidence).verdict == Verdict::Completed;
        prop_assert_eq!(completed, nothing_can_be_said_against(&evidence));
    }

    #[test]
    fn crashes_and_faults_have_a_reason_and_nothing_else_has(evidence in evidences()) {
        let Judgement { verdict, reason, .. } = judge(&evidence);
        let explained = matches!(verdict, Verdict::Crashed | Verdict::InternalError);
        prop_assert_eq!(reason.is_some(), explained);
    }

    #[test]
    fn what_was_latched_is_listed(evidence in evidences()) {
        let judgement = judge(&evidence);
        let violations = evidence.latches.iter().filter(|latch| matches!(latch, Latch::Violation(_)));
        prop_assert_eq!(judgement.violations.len(), violations.count());
        let limits = evidence.latches.iter().any(|latch| matches!(latch, Latch::Limit { .. }));
        prop_assert!(!limits || judgement.limit.is_some());
    }
}
