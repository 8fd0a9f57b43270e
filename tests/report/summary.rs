//! The audit summary.

use insta::assert_snapshot;
use lictor::protocol::record::EventKind;
use lictor::report::summary::{MAX_NAMES, Summary};
use lictor::rules::Action;

use crate::fixtures::*;

fn summarise(events: &[(EventKind, &str, Action)]) -> String {
    let mut summary = Summary::new();
    for (number, (kind, subject, decision)) in events.iter().enumerate() {
        let mut event = event(number as u64 + 1, *kind, subject, *decision);
        event.caller.line = number as u32 + 1;
        summary.add(&event);
    }
    summary.render()
}

#[test]
fn functions_by_count_and_then_by_name() {
    use EventKind::{Call, Import, Return};
    assert_snapshot!(
        "audit_summary",
        summarise(&[
            (Import, "json", Action::Allow),
            (Call, "json.dumps", Action::Allow),
            (Call, "builtins.print", Action::Allow),
            (Return, "json.dumps", Action::Allow),
            (Call, "builtins.len", Action::Audit),
            (Call, "builtins.print", Action::Allow),
            (Import, "collections.abc", Action::Allow),
            (Call, "\x1b[31mevil\n", Action::Allow),
        ])
    );
}

#[test]
fn what_was_refused_is_not_counted_as_called() {
    use EventKind::{Call, Import, Process};
    assert_snapshot!(
        "audit_summary_refused",
        summarise(&[
            (Call, "os.system", Action::Deny),
            (Call, "builtins.open", Action::Allow),
            (Call, "builtins.open", Action::Refuse),
            (Import, "socket", Action::Refuse),
            (Process, "os.fork", Action::Deny),
        ])
    );
}

#[test]
fn nothing_happened() {
    assert_eq!(
        summarise(&[]),
        "0 calls of 0 functions, 0 imports of 0 modules\n"
    );
}

#[test]
fn the_number_of_names_is_bounded_and_the_excess_is_counted() {
    let mut summary = Summary::new();
    for number in 0..MAX_NAMES + 10 {
        summary.add(&event(
            1,
            EventKind::Call,
            &format!("f{number}"),
            Action::Allow,
        ));
    }
    summary.add(&event(1, EventKind::Call, "f0", Action::Allow));
    let shown = summary.render();
    assert!(shown.starts_with(&format!(
        "{} calls of more than {MAX_NAMES} functions",
        MAX_NAMES + 11
    )));
    assert!(shown.ends_with(&format!(
        "and 10 calls of functions beyond the first {MAX_NAMES}, which aren't listed\n"
    )));
    assert!(!shown.contains(&format!("f{MAX_NAMES}")));
}
