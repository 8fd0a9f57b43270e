//! The protocol between supervisor and worker: what goes in comes out, and what an honest
//! hook doesn't send is an error, never a panic and never an end record.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::PathBuf;
use std::time::Duration;

use lictor::protocol::channel::{self, ChannelError, MIN_RING};
use lictor::protocol::consumer::Consumer;
use lictor::protocol::producer::Producer;
use lictor::protocol::record::*;
use lictor::protocol::setup::Setup;
use lictor::protocol::stream::{Checker, StreamError};
use lictor::protocol::wire::{self, WORD, Words};
use lictor::protocol::witness::WitnessAnswer;
use lictor::rules::{Action, LimitKind, Limits, RuleIndex, RuleInfo, RuleSet};
use proptest::prelude::*;

const NONCE: [u8; 16] = *b"sixteen bytes of";

fn setup() -> Setup {
    let tamper = RuleInfo {
        id: "tamper".into(),
        message: None,
        origin: None,
    };
    Setup {
        nonce: NONCE,
        script: PathBuf::from("homework.py"),
        source: vec![b'x', 0, 0xff, b'\n'],
        arguments: vec![b"one".to_vec(), vec![0xfe]],
        script_folder: PathBuf::from("/tmp"),
        site_packages: vec![PathBuf::from("/venv/lib")],
        venv: Some(PathBuf::from("/venv")),
        executable: PathBuf::from("/venv/bin/python"),
        library: Vec::new(),
        rules: RuleSet {
            rules: vec![tamper],
            ..RuleSet::default()
        },
        limits: Limits {
            steps: Some(7),
            wall: Some(Duration::from_millis(10)),
            ..Limits::default()
        },
    }
}

fn pair(ring: usize) -> (Consumer, Producer) {
    let (consumer, fd) = channel::create_with_ring(&setup(), ring).unwrap();
    let (producer, _) = Producer::attach(fd).unwrap();
    (consumer, producer)
}

fn hello() -> Record {
    Record::Hello {
        protocol: lictor::protocol::PROTOCOL_VERSION,
        python: [3, 11, 7],
    }
}

fn name(id: u32, text: &[u8]) -> Record {
    Record::Name {
        id: NameId(id),
        text: text.to_vec(),
    }
}

fn end(nonce: [u8; 16], records: u64) -> Record {
    let end = End {
        nonce,
        code: 0,
        exception: NameId::NONE,
        place: Place::default(),
        out_of_memory: false,
        records,
    };
    Record::End(end)
}

fn encoded(record: &Record) -> Vec<u64> {
    let mut words: Words = [0; MAX_RECORD / WORD];
    let length = wire::encode(record, &mut words);
    words[..length].to_vec()
}

/// Longer than anything takes that comes at all.
const PATIENCE: Duration = Duration::from_secs(60);

const NOW: Option<Duration> = Some(Duration::ZERO);

#[test]
fn the_setup_arrives_whole_whatever_bytes_it_has() {
    let (_consumer, fd) = channel::create(&setup()).unwrap();
    let (_producer, arrived) = Producer::attach(fd).unwrap();
    assert_eq!(arrived, setup());
}

#[test]
fn the_setup_is_wiped_and_the_memory_closed_to_later_writers() {
    let (_consumer, fd) = channel::create(&setup()).unwrap();
    let again = std::fs::File::from(fd.try_clone().unwrap());
    let (_producer, _) = Producer::attach(fd).unwrap();
    let mut memory = vec![0; again.metadata().unwrap().len() as usize];
    std::os::unix::fs::FileExt::read_exact_at(&again, &mut memory, 0).unwrap();
    assert!(!memory.windows(11).any(|window| window == b"homework.py"));
    assert!(std::os::unix::fs::FileExt::write_at(&again, b"x", 0).is_err());
}

#[test]
fn a_file_that_is_not_a_channel_is_refused() {
    let file = tempfile::tempfile().unwrap();
    assert!(matches!(
        Producer::attach(file.into()),
        Err(ChannelError::Memory(_) | ChannelError::Layout)
    ));
}

#[test]
fn records_come_out_in_order_through_a_ring_that_is_smaller_than_they_are() {
    let (mut consumer, mut producer) = pair(MIN_RING);
    let count = 20_000u32;
    let sender = std::thread::spawn(move || {
        producer.push(&hello());
        for id in 1..=count {
            producer.push(&name(id, &vec![b'n'; id as usize % 700]));
        }
        producer.push(&Record::Armed);
        producer.push(&Record::Started);
        let records = producer.records();
        producer.push(&end(NONCE, records));
    });
    assert_eq!(consumer.next(None).unwrap(), Some(hello()));
    for id in 1..=count {
        assert_eq!(
            consumer.next(None).unwrap(),
            Some(name(id, &vec![b'n'; id as usize % 700]))
        );
    }
    assert_eq!(consumer.next(None).unwrap(), Some(Record::Armed));
    assert_eq!(consumer.next(None).unwrap(), Some(Record::Started));
    assert_eq!(
        consumer.next(None).unwrap(),
        Some(end(NONCE, u64::from(count) + 3))
    );
    sender.join().unwrap();
    assert_eq!(consumer.next(NOW).unwrap(), None);
}

#[test]
fn the_largest_record_fits_the_smallest_ring_again_and_again() {
    let (mut consumer, mut producer) = pair(MIN_RING);
    let text = vec![b'n'; MAX_NAME];
    producer.push(&hello());
    for id in 1..=100 {
        producer.push(&name(id, &text));
        if id == 1 {
            assert_eq!(consumer.next(NOW).unwrap(), Some(hello()));
        }
        assert_eq!(consumer.next(NOW).unwrap(), Some(name(id, &text)));
    }
}

#[test]
fn a_closed_channel_is_read_to_its_end_and_then_says_so() {
    let (mut consumer, mut producer) = pair(MIN_RING);
    producer.push(&hello());
    let control = consumer.control();
    let closer = std::thread::spawn(move || control.close());
    assert_eq!(consumer.next(None).unwrap(), Some(hello()));
    assert_eq!(consumer.next(None).unwrap(), None);
    closer.join().unwrap();
}

#[test]
fn the_hook_waits_for_the_acknowledgement() {
    let (consumer, producer) = pair(MIN_RING);
    let waiting = std::thread::spawn(move || producer.await_ack());
    consumer.control().acknowledge();
    waiting.join().unwrap();
}

#[test]
fn counters_are_unknown_until_the_hook_counts() {
    let (consumer, producer) = pair(MIN_RING);
    let control = consumer.control();
    assert_eq!((control.steps(), control.calls()), (None, None));
    producer
        .board()
        .steps()
        .store(12, std::sync::atomic::Ordering::Relaxed);
    assert_eq!((control.steps(), control.calls()), (Some(12), None));
}

#[test]
fn the_witness_answers_each_question_and_silence_is_no_answer() {
    let (consumer, producer) = pair(MIN_RING);
    let control = consumer.control();
    assert_eq!(control.ask_witness(Duration::ZERO), None);
    let answers = [
        WitnessAnswer {
            file: b"a.py".to_vec(),
            line: 3,
            function: b"f".to_vec(),
            inside: Some(b"builtins.pow".to_vec()),
        },
        WitnessAnswer {
            file: vec![0xff; 9],
            line: 0,
            function: Vec::new(),
            inside: None,
        },
    ];
    let mut witness = producer.witness();
    let told = answers.clone();
    let (taken, next) = std::sync::mpsc::channel();
    let thread = std::thread::spawn(move || {
        assert!(witness.wait_request(PATIENCE)); // the one that nobody waited for
        assert!(!witness.wait_request(Duration::ZERO));
        taken.send(()).unwrap();
        for answer in &told {
            assert!(witness.wait_request(PATIENCE));
            witness.answer(answer);
        }
    });
    next.recv().unwrap();
    for answer in answers {
        assert_eq!(control.ask_witness(PATIENCE), Some(answer));
    }
    thread.join().unwrap();
}

/// What a checker for one rule says of a series of records: its last answer.
fn last_word(records: &[Record]) -> Result<(), StreamError> {
    let mut checker = Checker::new(NONCE, 1);
    let (last, before) = records.split_last().unwrap();
    for record in before {
        checker.admit(record).unwrap();
    }
    checker.admit(last)
}

fn event(subject: u32, rule: Option<u16>) -> Record {
    Record::Event(Event {
        kind: EventKind::Call,
        decision: Action::Audit,
        rule: rule.map(RuleIndex),
        time: 1,
        subject: NameId(subject),
        canonical: NameId::NONE,
        place: Place::default(),
    })
}

#[test]
fn records_out_of_place_are_errors() {
    let started = [
        hello(),
        name(1, b"os.system"),
        Record::Armed,
        Record::Started,
    ];
    let after = |last: Record| last_word(&[started.to_vec(), vec![last]].concat());
    assert_eq!(after(event(1, Some(0))), Ok(()));
    assert_eq!(after(end(NONCE, 4)), Ok(()));

    let arguments = || Record::Arguments(Arguments::default());
    let with_arguments = |next| last_word(&[started.to_vec(), vec![arguments(), next]].concat());
    assert_eq!(with_arguments(event(1, None)), Ok(()));
    let lost = Err(StreamError::Order("arguments"));
    assert_eq!(with_arguments(name(2, b"in between")), lost);
    assert_eq!(with_arguments(arguments()), lost);
    assert_eq!(last_word(&[hello(), arguments()]), lost);

    assert_eq!(after(event(2, None)), Err(StreamError::UnknownName(2)));
    assert_eq!(after(event(1, Some(1))), Err(StreamError::UnknownRule(1)));
    assert_eq!(after(name(1, b"again")), Err(StreamError::NameOrder(1)));
    assert_eq!(after(name(3, b"too far")), Err(StreamError::NameOrder(3)));
    assert_eq!(after(hello()), Err(StreamError::Order("hello")));
    assert_eq!(after(Record::Started), Err(StreamError::Order("started")));
    assert_eq!(after(end([0; 16], 4)), Err(StreamError::Nonce));
    assert_eq!(
        after(end(NONCE, 5)),
        Err(StreamError::Count {
            received: 4,
            claimed: 5
        })
    );

    assert_eq!(
        last_word(&[Record::Armed]),
        Err(StreamError::Order("armed"))
    );
    assert_eq!(
        last_word(&[hello(), event(0, None)]),
        Err(StreamError::Order("event"))
    );
    assert_eq!(
        last_word(&[hello(), end(NONCE, 1)]),
        Err(StreamError::Order("end"))
    );
    let over = [started.to_vec(), vec![end(NONCE, 4), event(1, None)]].concat();
    assert_eq!(last_word(&over), Err(StreamError::Order("event")));
}

fn names() -> impl Strategy<Value = NameId> {
    any::<u32>().prop_map(NameId)
}

fn places() -> impl Strategy<Value = Place> {
    (names(), any::<u32>(), names()).prop_map(|(file, line, function)| Place {
        file,
        line,
        function,
    })
}

fn rules() -> impl Strategy<Value = Option<RuleIndex>> {
    any::<Option<u16>>().prop_map(|rule| rule.map(RuleIndex))
}

fn causes() -> impl Strategy<Value = Cause> {
    use ViolationKind::*;
    let violation = prop::sample::select(vec![Call, Line, Import, Process, Thread, Tamper]);
    let limit = prop::sample::select(LimitKind::ALL.to_vec());
    prop_oneof![
        violation.prop_map(Cause::Violation),
        (limit, any::<u64>(), any::<u64>()).prop_map(|(kind, ceiling, used)| Cause::Limit {
            kind,
            ceiling,
            used
        }),
    ]
}

fn events() -> impl Strategy<Value = Event> {
    use EventKind::*;
    let kind = prop::sample::select(vec![
        Call, Return, Exception, Line, Import, Tamper, Process, Thread,
    ]);
    let decision = prop::sample::select(vec![
        Action::Allow,
        Action::Audit,
        Action::Refuse,
        Action::Deny,
    ]);
    (
        kind,
        decision,
        rules(),
        any::<u64>(),
        names(),
        names(),
        places(),
    )
        .prop_map(
            |(kind, decision, rule, time, subject, canonical, place)| Event {
                kind,
                decision,
                rule,
                time,
                subject,
                canonical,
                place,
            },
        )
}

fn excesses() -> impl Strategy<Value = Option<Excess>> {
    let excess = prop_oneof![
        any::<u64>().prop_map(Excess::Calls),
        any::<u64>().prop_map(Excess::Steps),
        any::<u64>().prop_map(Excess::Recursion),
        any::<u64>().prop_map(Excess::Lines),
    ];
    prop::option::of(excess)
}

fn columns() -> impl Strategy<Value = Option<(u32, u32)>> {
    prop::option::of((any::<u32>(), 1..=u32::MAX))
        .prop_map(|columns| columns.filter(|(start, end)| start < end))
}

fn records() -> impl Strategy<Value = Record> {
    let manner = (excesses(), names(), columns());
    let fatal = (
        causes(),
        rules(),
        any::<u64>(),
        names(),
        names(),
        places(),
        manner,
    )
        .prop_map(|(cause, rule, time, subject, canonical, place, manner)| {
            Record::Fatal(Fatal {
                cause,
                rule,
                time,
                subject,
                canonical,
                place,
                excess: manner.0.filter(|_| matches!(cause, Cause::Violation(_))),
                written: manner.1,
                columns: manner.2,
            })
        });
    let end = (
        any::<[u8; 16]>(),
        any::<u8>(),
        names(),
        places(),
        any::<bool>(),
        any::<u64>(),
    )
        .prop_map(|(nonce, code, exception, place, out_of_memory, records)| {
            Record::End(End {
                nonce,
                code,
                exception,
                place,
                out_of_memory,
                records,
            })
        });
    prop_oneof![
        (any::<u32>(), any::<[u8; 3]>())
            .prop_map(|(protocol, python)| Record::Hello { protocol, python }),
        (names(), any::<bool>()).prop_map(|(text, policy)| Record::Unready { text, policy }),
        Just(Record::Armed),
        Just(Record::Started),
        (names(), prop::collection::vec(any::<u8>(), 0..=MAX_NAME))
            .prop_map(|(id, text)| Record::Name { id, text }),
        (
            prop::collection::vec(any::<u8>(), 0..=MAX_ARGUMENTS),
            any::<bool>()
        )
            .prop_map(|(text, truncated)| Record::Arguments(Arguments { text, truncated })),
        events().prop_map(Record::Event),
        fatal,
        end,
    ]
}

proptest! {
    #[test]
    fn what_is_encoded_is_decoded(record in records()) {
        prop_assert_eq!(wire::decode(&encoded(&record)), Ok(record));
    }

    #[test]
    fn any_words_decode_or_err(words in prop::collection::vec(any::<u64>(), 0..20)) {
        let _ = wire::decode(&words);
    }

    /// Changing anything in a record gives another record or an error, and no panic.
    #[test]
    fn damaged_records_decode_or_err(record in records(), place in any::<prop::sample::Index>(), bit in 0..64) {
        let mut words = encoded(&record);
        let place = place.index(words.len());
        words[place] ^= 1u64 << bit;
        let _ = wire::decode(&words);
    }

    /// Whatever is sent, an end record with another nonce doesn't come through.
    #[test]
    fn no_stream_ends_without_the_nonce(sent in prop::collection::vec(records(), 0..20)) {
        let mut checker = Checker::new(NONCE, 4);
        let started = [hello(), Record::Armed, Record::Started];
        for record in started.iter().chain(&sent) {
            if checker.admit(record).is_err() {
                break;
            }
            if let Record::End(end) = record {
                prop_assert_eq!(end.nonce, NONCE);
            }
        }
    }
}
