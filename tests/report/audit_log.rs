//! The audit log: its records, its limit, and a disk that is full.

use std::io::{self, Write};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use insta::assert_snapshot;
use lictor::protocol::record::EventKind;
use lictor::report::audit_log::{AuditLog, AuditLogError, RunHeader};
use lictor::rules::{Action, Recorded, Scope};
use lictor::verdict::{Outcome, Verdict};
use proptest::prelude::*;
use serde_json::Value;

use crate::fixtures::*;

/// A file in memory, with room for so many bytes.
#[derive(Clone)]
struct Disk {
    written: Arc<Mutex<Vec<u8>>>,
    room: Arc<AtomicUsize>,
}

impl Disk {
    fn new(room: usize) -> Disk {
        Disk {
            written: Arc::default(),
            room: Arc::new(AtomicUsize::new(room)),
        }
    }

    fn text(&self) -> String {
        String::from_utf8(self.written.lock().unwrap().clone()).expect("the log is UTF-8")
    }

    fn records(&self) -> Vec<Value> {
        self.text()
            .lines()
            .map(|line| serde_json::from_str(line).expect("each line is JSON"))
            .collect()
    }
}

impl Write for Disk {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut written = self.written.lock().unwrap();
        let room = self.room.load(Relaxed) - written.len();
        if room == 0 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let taken = bytes.len().min(room);
        written.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn create(disk: &Disk, limit: Option<u64>) -> Result<AuditLog, AuditLogError> {
    let Outcome {
        policy,
        script,
        python,
        ..
    } = outcome(Verdict::Completed);
    let header = RunHeader {
        policy: &policy,
        script: &script,
        python: &python,
        start: SystemTime::UNIX_EPOCH + Duration::from_millis(1_772_323_199_042),
        record: Recorded {
            calls: true,
            imports: true,
            denied: true,
            ..Recorded::default()
        },
        scope: Scope::Guest,
    };
    AuditLog::create(Box::new(disk.clone()), &header, limit)
}

fn call(sequence: u64) -> lictor::verdict::LoggedEvent {
    event(sequence, EventKind::Call, "os.path.join", Action::Allow)
}

#[test]
fn a_whole_log() {
    let disk = Disk::new(1 << 20);
    let mut log = create(&disk, None).unwrap();
    log.event(&event(1, EventKind::Import, "socket", Action::Audit))
        .unwrap();
    let mut denied = event(2, EventKind::Call, "os.system", Action::Deny);
    denied.canonical = "posix.system".to_owned();
    denied.rule = Some("no-shell".to_owned());
    log.event(&denied).unwrap();
    log.event(&lictor::verdict::LoggedEvent {
        caller: Default::default(),
        ..call(3)
    })
    .unwrap();
    log.finish(&violated(vec![sorted()])).unwrap();
    let version = format!("\"lictor\":\"{}\"", env!("CARGO_PKG_VERSION"));
    assert_snapshot!(
        "audit_log",
        disk.text().replace(&version, "\"lictor\":\"[version]\"")
    );
}

#[test]
fn the_first_record_is_there_before_the_guest_runs() {
    let disk = Disk::new(1 << 20);
    let log = create(&disk, None).unwrap();
    assert_eq!(disk.records()[0]["type"], "run");
    assert_eq!(log.bytes(), disk.text().len() as u64);
}

#[test]
fn the_limit_ends_the_events_but_not_the_log() {
    let disk = Disk::new(1 << 20);
    let limit = 1500;
    let mut log = create(&disk, Some(limit)).unwrap();
    let results: Vec<_> = (1..=20)
        .map(|sequence| log.event(&call(sequence)))
        .collect();
    let written = results.iter().filter(|result| result.is_ok()).count();
    assert!((1..20).contains(&written), "{written} events fit");
    for result in &results[written..] {
        assert!(
            matches!(result, Err(AuditLogError::LimitReached { limit: 1500, used }) if *used <= limit)
        );
    }
    // The supervisor counts what the log didn't take.
    let mut told = outcome(Verdict::Limit);
    told.dropped = 20 - written as u64;
    log.finish(&told).unwrap();

    let records = disk.records();
    assert_eq!(records.len(), 1 + written + 1);
    let end = records.last().unwrap();
    assert_eq!(end["type"], "end");
    assert_eq!(end["seq"], written as u64 + 1);
    assert_eq!(end["events"], written as u64);
    assert_eq!(end["dropped"], 20 - written as u64);
    let all_but_last: usize = disk
        .text()
        .lines()
        .take(1 + written)
        .map(|line| line.len() + 1)
        .sum();
    assert!(all_but_last as u64 <= limit);
}

#[test]
fn a_full_disk_is_told_at_once() {
    let error = create(&Disk::new(10), None)
        .err()
        .expect("there is no room for the first record");
    assert!(
        matches!(&error, AuditLogError::Io { source } if source.kind() == io::ErrorKind::StorageFull)
    );
    assert!(
        error
            .to_string()
            .starts_with("the audit log can't be written: "),
        "{error}"
    );
}

#[test]
fn a_disk_that_fills_up_stays_full() {
    let disk = Disk::new(1000);
    let mut log = create(&disk, None).unwrap();
    for sequence in 1..=20 {
        log.event(&call(sequence)).unwrap();
    }
    assert!(matches!(log.flush(), Err(AuditLogError::Io { .. })));
    let before = disk.text();
    disk.room.store(1 << 20, Relaxed);
    assert!(matches!(
        log.event(&call(21)),
        Err(AuditLogError::Io { .. })
    ));
    assert!(matches!(
        log.finish(&outcome(Verdict::Completed)),
        Err(AuditLogError::Io { .. })
    ));
    assert_eq!(disk.text(), before, "nothing is written after a hole");
}

#[test]
fn a_log_that_is_dropped_keeps_its_events() {
    let disk = Disk::new(1 << 20);
    let mut log = create(&disk, None).unwrap();
    log.event(&call(1)).unwrap();
    drop(log);
    let records = disk.records();
    assert_eq!(records.len(), 2);
    assert_eq!(records[1]["type"], "event");
}

proptest! {
    #[test]
    fn every_line_is_one_record_whatever_the_guest_chose(
        subject in proptest::collection::vec(any::<char>(), 0..100).prop_map(String::from_iter),
        line in any::<u32>(),
    ) {
        let disk = Disk::new(1 << 20);
        let mut log = create(&disk, None).unwrap();
        let mut hostile = call(1);
        hostile.subject = subject.clone();
        hostile.caller.file = subject.clone();
        hostile.caller.line = line;
        log.event(&hostile).unwrap();
        log.finish(&outcome(Verdict::Completed)).unwrap();
        let text = disk.text();
        prop_assert!(!text.chars().any(|c| c != '\n' && lictor::report::text::is_unsafe(c)));
        let records = disk.records();
        prop_assert_eq!(records.len(), 3);
        prop_assert_eq!(records[1]["subject"].as_str(), Some(subject.as_str()));
        prop_assert_eq!(records[1]["caller"]["line"].as_u64().unwrap_or(0), u64::from(line));
    }
}
