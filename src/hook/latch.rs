//! The latch: the first violation or limit ends the run, whatever the guest does about it.
//!
//! It is latched in native memory and reported before anything is raised. The latching
//! thread waits, GIL in hand, until the supervisor has drained the output so far and
//! discards the rest; then the exception goes up, every later event raises again, and a
//! moment later the supervisor kills the worker. Nothing that runs after the latch is seen.

use super::callsite;
use super::engine;
use super::ffi::exceptions::{self, Exception};
use super::stack::{self, Frame};
use super::state::{Hook, Phase};
use crate::protocol::record::{
    Arguments, Cause, Event, EventKind, Excess, Fatal, NameId, Record, ViolationKind,
};
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

/// What else there is to say of a denied call.
#[derive(Clone, Debug, Default)]
pub struct Manner {
    /// The ceiling of the rule that it exceeds.
    pub excess: Option<Excess>,
    /// How the source names what it calls, if not by its name.
    pub written: Option<String>,
    /// What it was given, for the audit log.
    pub arguments: Option<Arguments>,
}

/// Denies: latches the violation and raises it.
pub fn deny(hook: &'static Hook, deed: Deed<'_>) -> Flow {
    deny_call(hook, deed, Manner::default())
}

/// Denies what exceeds a ceiling of its rule.
pub fn deny_excess(hook: &'static Hook, deed: Deed<'_>, excess: Excess) -> Flow {
    let manner = Manner {
        excess: Some(excess),
        ..Manner::default()
    };
    deny_call(hook, deed, manner)
}

/// Denies a call.
pub fn deny_call(hook: &'static Hook, deed: Deed<'_>, manner: Manner) -> Flow {
    // A line is denied as a whole, and so is whatever step comes one too late.
    let is_whole = deed.kind == ViolationKind::Line
        || matches!(manner.excess, Some(Excess::Steps(_) | Excess::Lines(_)));
    let frame = stack::reported_frame(deed.from).filter(|_| !is_whole);
    let written = manner.written.as_deref().unwrap_or("");
    let fatal = Fatal {
        excess: manner.excess,
        written: hook.name(written.as_bytes()),
        columns: frame.and_then(|caller| callsite::columns(caller.frame)),
        cause: Cause::Violation(deed.kind),
        rule: Some(deed.rule),
        time: hook.now(),
        subject: hook.name(deed.subject.as_bytes()),
        canonical: hook.name(deed.canonical.as_bytes()),
        place: stack::reported_place(hook, deed.from),
    };
    record_denial(hook, deed, Action::Deny, manner.arguments);
    close(hook, fatal);
    raise_violation(hook, deed);
    Flow::Raise
}

/// Refuses: the thing doesn't happen, and the guest may live with the exception.
pub fn refuse(hook: &'static Hook, deed: Deed<'_>) -> Flow {
    refuse_call(hook, deed, None)
}

/// Refuses a call; its arguments are for the audit log.
pub fn refuse_call(hook: &'static Hook, deed: Deed<'_>, arguments: Option<Arguments>) -> Flow {
    record_denial(hook, deed, Action::Refuse, arguments);
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

/// There is no such file for who asks: nothing is told of it, and nothing has happened.
pub fn deny_file(path: &std::path::Path) -> Flow {
    exceptions::raise(
        Exception::NoFile,
        &format!("the hook keeps {} from this run", path.display()),
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
        excess: None,
        written: NameId::NONE,
        columns: None,
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

fn record_denial(hook: &Hook, deed: Deed<'_>, decision: Action, arguments: Option<Arguments>) {
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
        ViolationKind::Tamper => EventKind::Tamper,
        ViolationKind::FileRead => EventKind::FileRead,
        ViolationKind::FileWrite => EventKind::FileWrite,
        ViolationKind::Network => EventKind::Network,
        ViolationKind::Attribute => EventKind::Attribute,
        ViolationKind::Syntax => EventKind::Syntax,
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
    hook.report_call(arguments, event);
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
    let text = message(hook, deed.kind, deed.subject, deed.rule);
    exceptions::raise(Exception::Violation, &text);
}

/// What a `PolicyViolation` says.
pub fn message(hook: &Hook, kind: ViolationKind, subject: &str, rule: RuleIndex) -> String {
    let rule = hook.rulebook.rules.info(rule);
    let id = rule.map_or("policy", |rule| rule.id.as_str());
    let mut text = match kind {
        ViolationKind::Import => format!("the policy doesn't allow importing {subject}"),
        ViolationKind::Line => "the policy doesn't allow this line".to_owned(),
        ViolationKind::FileRead => format!("the policy doesn't allow reading {subject}"),
        ViolationKind::FileWrite => format!("the policy doesn't allow writing {subject}"),
        _ => format!("the policy doesn't allow {subject}"),
    };
    text.push_str(&format!(" (rule {id})"));
    if let Some(message) = rule.and_then(|rule| rule.message.as_deref()) {
        text.push_str(": ");
        text.push_str(message);
    }
    text
}
