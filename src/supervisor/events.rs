//! The thread that reads the worker's records.
//!
//! It resolves names, gives every event to the [`Recorder`] (the audit log), and tells the
//! supervisor's loop what that must know: a few [`Notice`]s, however much the worker sends.

use std::sync::mpsc::Sender;
use std::thread::JoinHandle;
use std::time::Instant;

use rustix::time::{ClockId, clock_gettime};

use super::judge::{EndEvidence, Latch};
use super::output::Notifier;
use crate::protocol::consumer::Consumer;
use crate::protocol::record::{Arguments, Cause, End, Event, Fatal, NameId, Place, Record};
use crate::rules::{LimitKind, RuleIndex, RuleSet};
use crate::verdict::{LimitHit, Location, LoggedEvent, Violation};

/// Most violations that a report lists.
const MAX_LATCHES: usize = 100;

/// Where events go: the audit log, or whatever counts them.
pub trait Recorder: Send + 'static {
    /// Takes one event.
    ///
    /// # Errors
    ///
    /// If the event isn't in the log; then none that comes later is offered.
    fn record(&mut self, event: &LoggedEvent) -> Result<(), RecordError>;
}

/// Why an event isn't in the log.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// It can't be written; the run isn't `completed`.
    #[error("{0}")]
    Failed(String),
    /// There is no room under `limits.audit`; that limit ends the run.
    #[error("the audit log is full")]
    Full {
        /// Bytes that the log has.
        used: u64,
    },
}

/// What the supervisor's loop must know.
#[derive(Clone, Debug, PartialEq)]
pub enum Notice {
    /// The hook was loaded.
    Hello {
        /// Its version of the protocol.
        protocol: u32,
        /// Its interpreter's version.
        python: [u8; 3],
    },
    /// The hook can't be armed.
    Unready {
        /// Why.
        reason: String,
        /// Is it the policy that asks for too much?
        policy: bool,
    },
    /// The hook is armed.
    Armed,
    /// The guest's first line is next.
    Started {
        /// When this was learnt.
        at: Instant,
    },
    /// A violation or limit.
    Latched(Latch),
    /// The end record came.
    Ended(EndEvidence),
    /// The records make no sense from here on.
    Broken(String),
    /// The audit log can't be written.
    LogFailed(String),
    /// The audit log is longer than its limit.
    LogFull {
        /// Its length in bytes.
        used: u64,
    },
}

/// What is known when all was read.
pub struct Followed<R> {
    /// Records that came before the end record, or in all if none came.
    pub records: u64,
    /// Events that the recorder didn't take.
    pub dropped: u64,
    /// The recorder, to be closed.
    pub recorder: R,
}

/// Starts the thread; it ends when the channel is closed and read.
pub fn follow<R: Recorder>(
    consumer: Consumer,
    rules: RuleSet,
    recorder: R,
    notices: Sender<Notice>,
    notifier: Notifier,
) -> JoinHandle<Followed<R>> {
    let follower = Follower {
        rules,
        recorder,
        log_over: false,
        notices,
        notifier,
        names: Vec::new(),
        arguments: None,
        started_ns: None,
        sequence: 0,
        latches: 0,
        dropped: 0,
    };
    std::thread::spawn(move || follower.follow(consumer))
}

struct Follower<R> {
    rules: RuleSet,
    recorder: R,
    /// No more events are recorded: they are counted as dropped.
    log_over: bool,
    notices: Sender<Notice>,
    notifier: Notifier,
    /// Names by number, from 1.
    names: Vec<String>,
    /// Those of the call that the next record tells of.
    arguments: Option<(String, bool)>,
    /// The first guest line, in nanoseconds on CLOCK_MONOTONIC.
    started_ns: Option<u64>,
    sequence: u64,
    latches: usize,
    dropped: u64,
}

impl<R: Recorder> Follower<R> {
    fn follow(mut self, mut consumer: Consumer) -> Followed<R> {
        let mut records = 0;
        loop {
            match consumer.next(None) {
                Ok(Some(Record::End(end))) => self.end(end),
                Ok(Some(record)) => {
                    records = consumer.records();
                    self.take(record);
                }
                Ok(None) => break,
                Err(error) => {
                    self.tell(Notice::Broken(error.to_string()));
                    break;
                }
            }
        }
        Followed {
            records,
            dropped: self.dropped,
            recorder: self.recorder,
        }
    }

    fn take(&mut self, record: Record) {
        match record {
            Record::Hello { protocol, python } => self.tell(Notice::Hello { protocol, python }),
            Record::Unready { text, policy } => {
                let reason = self.name(text);
                self.tell(Notice::Unready { reason, policy });
            }
            Record::Armed => self.tell(Notice::Armed),
            Record::Started => {
                self.started_ns = Some(monotonic_ns());
                self.tell(Notice::Started { at: Instant::now() });
            }
            Record::Name { text, .. } => {
                self.names.push(String::from_utf8_lossy(&text).into_owned())
            }
            Record::Arguments(Arguments { text, truncated }) => {
                let text = String::from_utf8_lossy(&text).into_owned();
                self.arguments = Some((text, truncated));
            }
            Record::Event(event) => self.event(event),
            Record::Fatal(fatal) => self.fatal(fatal),
            Record::End(end) => self.end(end),
        }
    }

    fn event(&mut self, event: Event) {
        let arguments = self.arguments.take();
        if self.log_over {
            self.dropped += 1;
            return;
        }
        let logged = LoggedEvent {
            sequence: self.next_sequence(),
            time_ns: self.since_start(event.time),
            kind: event.kind,
            subject: self.name(event.subject),
            canonical: self.name(event.canonical),
            caller: self.location(event.place),
            arguments,
            decision: event.decision,
            rule: self.rule_id(event.rule),
        };
        if let Err(error) = self.recorder.record(&logged) {
            self.log_over = true;
            self.dropped += 1;
            self.tell(match error {
                RecordError::Failed(reason) => Notice::LogFailed(reason),
                RecordError::Full { used } => Notice::LogFull { used },
            });
        }
    }

    /// Tells of a violation or limit. The log has it already: the hook sends an event for what
    /// it denies, before the fatal record.
    fn fatal(&mut self, fatal: Fatal) {
        let place = self.location(fatal.place);
        match fatal.cause {
            Cause::Violation(kind) => {
                let info = fatal.rule.and_then(|rule| self.rules.info(rule));
                self.latch(Latch::Violation(Violation {
                    rule: info.map(|info| info.id.clone()).unwrap_or_default(),
                    kind,
                    subject: self.name(fatal.subject),
                    canonical: self.name(fatal.canonical),
                    message: info.and_then(|info| info.message.clone()),
                    place,
                    written: (fatal.written != NameId::NONE).then(|| self.name(fatal.written)),
                    columns: fatal.columns,
                    excess: fatal.excess,
                    finding: None,
                    policy: info.and_then(|info| info.origin.clone()),
                }));
            }
            Cause::Limit {
                kind,
                ceiling,
                used,
            } => {
                let policy = limit_origin(&self.rules, kind);
                let hit = LimitHit {
                    kind,
                    ceiling,
                    used: Some(used),
                    policy,
                };
                self.latch(Latch::Limit {
                    hit,
                    place: Some(place),
                });
            }
        }
    }

    fn latch(&mut self, latch: Latch) {
        self.latches += 1;
        if self.latches <= MAX_LATCHES {
            self.tell(Notice::Latched(latch));
        }
    }

    fn end(&mut self, end: End) {
        let exception = (end.exception != NameId::NONE).then(|| self.name(end.exception));
        self.tell(Notice::Ended(EndEvidence {
            nonce: end.nonce,
            code: end.code,
            exception,
            place: (end.place != Place::default()).then(|| self.location(end.place)),
            out_of_memory: end.out_of_memory,
            records: end.records,
        }));
    }

    fn tell(&self, notice: Notice) {
        // The loop has ended only when the run is over.
        let _ = self.notices.send(notice);
        self.notifier.notify();
    }

    fn next_sequence(&mut self) -> u64 {
        self.sequence += 1;
        self.sequence
    }

    /// Nanoseconds since the first guest line. That moment is when this thread learnt of it,
    /// which may be later than the first event: then the event is the beginning.
    fn since_start(&mut self, time: u64) -> u64 {
        let start = self.started_ns.map_or(time, |start| start.min(time));
        self.started_ns = Some(start);
        time - start
    }

    fn name(&self, id: NameId) -> String {
        let index = id.0.checked_sub(1).map(|index| index as usize);
        index
            .and_then(|index| self.names.get(index))
            .cloned()
            .unwrap_or_default()
    }

    fn location(&self, place: Place) -> Location {
        Location {
            file: self.name(place.file),
            line: place.line,
            function: self.name(place.function),
            inside: None,
        }
    }

    fn rule_id(&self, rule: Option<RuleIndex>) -> Option<String> {
        rule.and_then(|rule| self.rules.info(rule))
            .map(|info| info.id.clone())
    }
}

/// Where the policy states a limit.
pub fn limit_origin(rules: &RuleSet, kind: LimitKind) -> Option<crate::rules::Origin> {
    rules
        .limit_rule(kind)
        .and_then(|rule| rules.info(rule))
        .and_then(|info| info.origin.clone())
}

fn monotonic_ns() -> u64 {
    let now = clock_gettime(ClockId::Monotonic);
    let seconds = u64::try_from(now.tv_sec).unwrap_or(0);
    seconds
        .saturating_mul(1_000_000_000)
        .saturating_add(u64::try_from(now.tv_nsec).unwrap_or(0))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::mpsc::{Receiver, channel};

    use super::*;
    use crate::protocol::channel;
    use crate::protocol::producer::Producer;
    use crate::protocol::record::{EventKind, ViolationKind};
    use crate::protocol::setup::Setup;
    use crate::rules::{Action, Limits, RuleInfo};

    /// Takes so many events, then fails.
    #[derive(Default)]
    struct Log {
        room: usize,
        events: Vec<LoggedEvent>,
    }

    impl Recorder for Log {
        fn record(&mut self, event: &LoggedEvent) -> Result<(), RecordError> {
            if self.events.len() == self.room {
                return Err(RecordError::Full { used: 77 });
            }
            self.events.push(event.clone());
            Ok(())
        }
    }

    fn rules() -> RuleSet {
        let rule = |id: &str| RuleInfo {
            id: id.into(),
            message: Some("why".into()),
            origin: None,
        };
        RuleSet {
            rules: vec![rule("tamper"), rule("no-sort")],
            ..RuleSet::default()
        }
    }

    /// Sends records as a hook would, and returns all that became of them.
    fn followed(room: usize, records: &[Record]) -> (Followed<Log>, Vec<Notice>) {
        let setup = Setup {
            nonce: [7; 16],
            script: "a.py".into(),
            source: Vec::new(),
            arguments: Vec::new(),
            script_folder: "/".into(),
            site_packages: Vec::new(),
            venv: None,
            executable: "/python".into(),
            library: Vec::new(),
            rules: rules(),
            limits: Limits::default(),
        };
        let (consumer, memory) = channel::create(&setup).unwrap();
        let control = consumer.control();
        let (mut producer, _) = Producer::attach(memory).unwrap();
        let (sender, notices): (_, Receiver<Notice>) = channel();
        let log = Log {
            room,
            ..Log::default()
        };
        let thread = follow(consumer, rules(), log, sender, Notifier::new().unwrap());
        for record in records {
            producer.push(record);
        }
        control.close();
        (thread.join().unwrap(), notices.iter().collect())
    }

    fn name(id: u32, text: &str) -> Record {
        Record::Name {
            id: NameId(id),
            text: text.into(),
        }
    }

    /// What every run begins with, and three names.
    fn beginning() -> Vec<Record> {
        vec![
            Record::Hello {
                protocol: 1,
                python: [3, 11, 7],
            },
            name(1, "os.system"),
            name(2, "a.py"),
            name(3, "main"),
            Record::Armed,
            Record::Started,
        ]
    }

    fn place() -> Place {
        Place {
            file: NameId(2),
            line: 9,
            function: NameId(3),
        }
    }

    fn event() -> Record {
        Record::Event(Event {
            kind: EventKind::Call,
            decision: Action::Deny,
            rule: Some(RuleIndex(1)),
            time: 5,
            subject: NameId(1),
            canonical: NameId(1),
            place: place(),
        })
    }

    fn fatal() -> Record {
        Record::Fatal(Fatal {
            cause: Cause::Violation(ViolationKind::Call),
            rule: Some(RuleIndex(1)),
            time: 5,
            subject: NameId(1),
            canonical: NameId(1),
            place: place(),
            excess: None,
            written: NameId(3),
            columns: Some((4, 7)),
        })
    }

    fn location() -> Location {
        Location {
            file: "a.py".into(),
            line: 9,
            function: "main".into(),
            inside: None,
        }
    }

    #[test]
    fn events_are_logged_with_their_names() {
        let (followed, _) = followed(9, &[beginning(), vec![event(), event()]].concat());
        assert_eq!(followed.dropped, 0);
        let logged = &followed.recorder.events[1];
        assert_eq!((logged.sequence, logged.subject.as_str()), (2, "os.system"));
        assert_eq!(logged.caller, location());
        assert_eq!(logged.rule.as_deref(), Some("no-sort"));
        assert_eq!(logged.arguments, None);
    }

    #[test]
    fn arguments_belong_to_the_event_behind_them() {
        let arguments = Record::Arguments(Arguments {
            text: b"'ls\xff".into(),
            truncated: true,
        });
        let records = [beginning(), vec![arguments, event(), event()]].concat();
        let (followed, _) = followed(9, &records);
        let logged: Vec<_> = followed
            .recorder
            .events
            .iter()
            .map(|e| e.arguments.as_ref())
            .collect();
        assert_eq!(logged, [Some(&("'ls\u{fffd}".to_owned(), true)), None]);
    }

    #[test]
    fn a_violation_names_its_rule_and_place() {
        let (_, notices) = followed(9, &[beginning(), vec![fatal()]].concat());
        let Some(Notice::Latched(Latch::Violation(violation))) = notices.last() else {
            unreachable!("{notices:?}");
        };
        assert_eq!(
            (violation.rule.as_str(), violation.message.as_deref()),
            ("no-sort", Some("why"))
        );
        assert_eq!(violation.place, location());
        assert_eq!(violation.written.as_deref(), Some("main"));
        assert_eq!(violation.columns, Some((4, 7)));
    }

    #[test]
    fn a_worker_that_never_stops_violating_is_heard_so_often() {
        let many = vec![fatal(); 5 * MAX_LATCHES];
        let (_, notices) = followed(9, &[beginning(), many].concat());
        let latches = notices
            .iter()
            .filter(|notice| matches!(notice, Notice::Latched(_)));
        assert_eq!(latches.count(), MAX_LATCHES);
    }

    #[test]
    fn what_the_log_does_not_take_is_counted() {
        let (followed, notices) = followed(2, &[beginning(), vec![event(); 5]].concat());
        assert_eq!((followed.recorder.events.len(), followed.dropped), (2, 3));
        let full = notices
            .iter()
            .filter(|notice| **notice == Notice::LogFull { used: 77 });
        assert_eq!(full.count(), 1);
    }

    #[test]
    fn a_forged_end_breaks_the_stream() {
        let end = End {
            nonce: [8; 16],
            code: 0,
            exception: NameId::NONE,
            place: Place::default(),
            out_of_memory: false,
            records: 6,
        };
        let (followed, notices) = followed(9, &[beginning(), vec![Record::End(end)]].concat());
        assert_eq!(followed.records, 6);
        assert!(
            matches!(notices.last(), Some(Notice::Broken(_))),
            "{notices:?}"
        );
    }

    #[test]
    fn an_end_counts_what_came_before_it() {
        let end = End {
            nonce: [7; 16],
            code: 3,
            exception: NameId(1),
            place: place(),
            out_of_memory: false,
            records: 6,
        };
        let (followed, notices) = followed(9, &[beginning(), vec![Record::End(end)]].concat());
        assert_eq!(followed.records, 6);
        let expected = EndEvidence {
            nonce: [7; 16],
            code: 3,
            exception: Some("os.system".into()),
            place: Some(location()),
            out_of_memory: false,
            records: 6,
        };
        assert_eq!(notices.last(), Some(&Notice::Ended(expected)));
    }
}
