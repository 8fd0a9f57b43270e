//! The latch: the first violation or limit ends the run, whatever the guest does about it.
//!
//! It is latched in native memory and reported before anything is raised. The latching
//! thread waits, GIL in hand, until the supervisor has drained the output so far and
//! discards the rest; then the exception goes up, every later event raises again, and a
//! moment later the supervisor kills the worker. Nothing that runs after the latch is seen.

use super::engine;
use super::ffi::exceptions::{self, Exception};
use super::stack::{self, Frame};
use super::state::{Hook, Phase};
use crate::protocol::record::{Cause, Event, EventKind, Fatal, NameId, Record, ViolationKind};
use crate::rules::{Action, LimitKind, RuleIndex};

/// What an observer tells the engine: go on, or return to CPython with the exception that
/// is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Flow {
    /// Nothing stands against it.
    Continue,
    /// An exception is set.
    Raise,
}

/// What was done, for records and messages.
#[derive(Clone, Copy, Debug)]
pub struct Deed<'a> {
    /// What kind of thing.
    pub kind: ViolationKind,
    /// Its name as the policy writes it.
    pub subject: &'a str,
    /// The object's own name.
    pub canonical: &'a str,
    /// The rule that speaks against it.
    pub rule: RuleIndex,
    /// The frame from which it was done.
    pub from: Option<Frame>,
}

/// Denies: latches the violation and raises it.
pub fn deny(hook: &'static Hook, deed: Deed<'_>) -> Flow {
    let fatal = Fatal {
        cause: Cause::Violation(deed.kind),
        rule: Some(deed.rule),
        time: hook.now(),
        subject: hook.name(deed.subject.as_bytes()),
        canonical: hook.name(deed.canonical.as_bytes()),
        place: stack::reported_place(hook, deed.from),
    };
    record_denial(hook, deed, Action::Deny);
    close(hook, fatal);
    raise_violation(hook, deed);
    Flow::Raise
}

/// Refuses: the thing doesn't happen, and the guest may live with the exception.
pub fn refuse(hook: &'static Hook, deed: Deed<'_>) -> Flow {
    record_denial(hook, deed, Action::Refuse);
    raise_violation(hook, deed);
    Flow::Raise
}

/// There is no such module for who asks: nothing is told of it, and nothing has happened.
pub fn deny_existence(module: &str) -> Flow {
    exceptions::raise(
        Exception::NoModule,
        &format!("the hook keeps {module} from this run"),
    );
    Flow::Raise
}

/// A limit that the hook counts is reached.
pub fn exceed(hook: &'static Hook, kind: LimitKind, ceiling: u64, from: Option<Frame>) -> Flow {
    let fatal = Fatal {
        cause: Cause::Limit {
            kind,
            ceiling,
            used: ceiling,
        },
        rule: hook.rulebook.rules.limit_rule(kind),
        time: hook.now(),
        subject: NameId::NONE,
        canonical: NameId::NONE,
        place: stack::reported_place(hook, from),
    };
    close(hook, fatal);
    exceptions::raise(
        Exception::Limit,
        &format!(
            "the policy's limit of {ceiling} {} is reached",
            kind.as_str()
        ),
    );
    Flow::Raise
}

/// After the latch every event ends here.
#[cold]
pub fn raise_again() -> Flow {
    exceptions::raise(Exception::Violation, "the policy has ended this run");
    Flow::Raise
}

/// Stops an event that comes after the latch.
#[inline]
pub fn check(hook: &Hook) -> Flow {
    if hook.phase() == Phase::Latched {
        raise_again()
    } else {
        Flow::Continue
    }
}

fn close(hook: &'static Hook, fatal: Fatal) {
    let first = hook.latch();
    hook.send(&Record::Fatal(fatal));
    if first {
        hook.counters().await_ack();
        engine::escalate();
    }
}

fn record_denial(hook: &Hook, deed: Deed<'_>, decision: Action) {
    let record = hook.rulebook.rules.audit.record;
    if decision != Action::Deny && !record.denied && !recorded_anyway(hook, deed.kind) {
        return;
    }
    let kind = match deed.kind {
        ViolationKind::Call => EventKind::Call,
        ViolationKind::Line => EventKind::Line,
        ViolationKind::Import => EventKind::Import,
        ViolationKind::Process => EventKind::Process,
        ViolationKind::Thread => EventKind::Thread,
        ViolationKind::Tamper | ViolationKind::Syntax => EventKind::Tamper,
        ViolationKind::FileRead => EventKind::FileRead,
        ViolationKind::FileWrite => EventKind::FileWrite,
        ViolationKind::Network => EventKind::Network,
        ViolationKind::Attribute => EventKind::Attribute,
    };
    let event = Event {
        kind,
        decision,
        rule: Some(deed.rule),
        time: hook.now(),
        subject: hook.name(deed.subject.as_bytes()),
        canonical: hook.name(deed.canonical.as_bytes()),
        place: stack::reported_place(hook, deed.from),
    };
    hook.report(event);
}

/// Is this kind of event recorded whatever its decision?
fn recorded_anyway(hook: &Hook, kind: ViolationKind) -> bool {
    let record = hook.rulebook.rules.audit.record;
    match kind {
        ViolationKind::Call => record.calls,
        ViolationKind::Line => record.lines,
        ViolationKind::Import => record.imports,
        ViolationKind::FileRead | ViolationKind::FileWrite => record.files,
        ViolationKind::Network => record.network,
        ViolationKind::Process => record.processes,
        ViolationKind::Thread
        | ViolationKind::Tamper
        | ViolationKind::Attribute
        | ViolationKind::Syntax => false,
    }
}

fn raise_violation(hook: &Hook, deed: Deed<'_>) {
    let rule = hook.rulebook.rules.info(deed.rule);
    let id = rule.map_or("policy", |rule| rule.id.as_str());
    let mut text = match deed.kind {
        ViolationKind::Import => format!("the policy doesn't allow importing {}", deed.subject),
        ViolationKind::Line => "the policy doesn't allow this line".to_owned(),
        ViolationKind::FileRead => format!("the policy doesn't allow reading {}", deed.subject),
        ViolationKind::FileWrite => format!("the policy doesn't allow writing {}", deed.subject),
        _ => format!("the policy doesn't allow {}", deed.subject),
    };
    text.push_str(&format!(" (rule {id})"));
    if let Some(message) = rule.and_then(|rule| rule.message.as_deref()) {
        text.push_str(": ");
        text.push_str(message);
    }
    exceptions::raise(Exception::Violation, &text);
}
