//! Calls of functions and classes: what the rules say of one, and its record.

use super::arguments::Given;
use super::callsite::{self, Known, Target};
use super::ffi::code::{Attached, Shape};
use super::latch::{self, Deed, Flow, Manner};
use super::rendering;
use super::stack::{self, Asker, Frame};
use super::state::Hook;
use crate::protocol::record::{Event, EventKind, Excess, ViolationKind};
use crate::rules::decide::{self, Candidate};
use crate::rules::{Action, Caller, RecordedArguments, RuleIndex, Scope};

/// A function or class that is being called.
#[derive(Clone, Copy, Debug)]
pub struct Callee<'a> {
    /// Last part of its name: what a caller's code would have to mention.
    pub name: &'a str,
    /// Its own dotted name.
    pub canonical: &'a str,
    /// Rules on it.
    pub rules: &'a [Attached],
    /// Is it closed to the guest by `defaults.functions = "deny"`?
    pub closed: bool,
    /// Does C code call it on its own account, as part of something else? It is then the
    /// guest's call only if the guest's code names it.
    pub is_incidental: bool,
    /// What tells it from other functions.
    pub target: Target,
    /// Its arguments.
    pub given: Given<'a>,
    /// Is it the second half of a call that was judged already, and neither counted nor
    /// recorded again?
    pub is_repeated: bool,
}

/// What do the rules say of this call, made from `from`? What they let pass is recorded if
/// the policy wants that.
pub fn judge(hook: &'static Hook, callee: &Callee<'_>, from: Option<Frame>) -> Flow {
    let rulebook = &hook.rulebook;
    let asker = stack::asker(from, callee.name);
    let candidates: Vec<Candidate<'_>> = callee
        .rules
        .iter()
        .filter_map(|attached| {
            let rule = rulebook.rules.functions.get(attached.rule)?;
            let concerned = match &rule.caller {
                Caller::Any => true,
                Caller::Guest => asker.guest,
                Caller::Library => !asker.guest,
                Caller::Modules(_) => rulebook.is_called_from(attached.rule, &asker.module(hook)),
            };
            let concerned = concerned && !rulebook.is_excepted(attached.rule, &callee.given);
            concerned.then(|| Candidate {
                rule,
                calls: match callee.is_repeated {
                    true => rulebook.calls(attached.rule),
                    false => rulebook.count_call(attached.rule),
                },
            })
        })
        .collect();
    // The closed default is about what guest code itself calls: a library that it was allowed
    // to call does its work with whatever it needs.
    let closed = callee.closed && called_by_guest(from, asker, callee);
    let decision = decide::decide_call(&candidates, rulebook.rules.closed.filter(|_| closed));
    let subject = decision
        .rule
        .and_then(|rule| {
            let attached = callee.rules.iter().find(|attached| {
                rulebook
                    .rules
                    .functions
                    .get(attached.rule)
                    .is_some_and(|r| r.rule == rule)
            })?;
            Some(&*attached.subject)
        })
        .unwrap_or(callee.canonical);
    // A rule on a Python class is kept by its constructor: told as the class.
    let canonical = [".__init__", ".__new__"]
        .iter()
        .filter(|suffix| !subject.ends_with(*suffix))
        .find_map(|suffix| callee.canonical.strip_suffix(suffix))
        .unwrap_or(callee.canonical);
    let rule = decision.rule.unwrap_or_default();
    let deed = Deed {
        kind: ViolationKind::Call,
        subject,
        canonical,
        rule,
        from,
    };
    match decision.action {
        Action::Deny => {
            let excess = candidates
                .iter()
                .find(|candidate| Some(candidate.rule.rule) == decision.rule)
                .and_then(|candidate| candidate.rule.max_calls)
                .map(Excess::Calls);
            let known = Known {
                subject,
                canonical,
                is_method: callee.is_incidental || callsite::is_method(callee.canonical),
            };
            let written = callsite::written(from, callee.target, known);
            let manner = Manner {
                excess,
                written,
                arguments: rendering::render(&callee.given, wanted(hook)),
            };
            latch::deny_call(hook, deed, manner)
        }
        Action::Refuse => match rendering::render(&callee.given, wanted(hook)) {
            None => latch::refuse(hook, deed),
            arguments => latch::refuse_call(hook, deed, arguments),
        },
        Action::Audit | Action::Allow if callee.is_repeated => Flow::Continue,
        Action::Audit => {
            record(
                hook,
                subject,
                canonical,
                Action::Audit,
                decision.rule,
                asker,
                &callee.given,
            );
            Flow::Continue
        }
        Action::Allow => {
            if wants_record(hook, asker.guest) {
                record(
                    hook,
                    subject,
                    canonical,
                    Action::Allow,
                    decision.rule,
                    asker,
                    &callee.given,
                );
            }
            Flow::Continue
        }
    }
}

/// Is it guest code that calls this? A runtime that calls without any frame (it flushes the
/// standard streams at the end) isn't. Nor is C code that the guest called for something else:
/// `print` calls methods of the stream it was given, `input` a codec, `strptime` a private
/// module. Those are the guest's calls if its code names them, or calls them itself.
///
/// A library calls what the guest handed to it (a thread's target, a callback), and calls
/// functions of its own by way of variables. What [`HANDS_ON`] call is never their own. Of
/// other libraries, Python functions, methods and classes are taken for their own; a C function
/// is, if the code has another name for it, or while the library is being imported.
fn called_by_guest(from: Option<Frame>, asker: Asker, callee: &Callee<'_>) -> bool {
    let mut callers = stack::callers_from(from);
    let Some(nearest) = callers.next().filter(|_| asker.guest) else {
        return false;
    };
    if nearest.is_guest() {
        return !callee.is_incidental
            || nearest.code.mentions(callee.name)
            || callsite::calls(nearest, callee.target);
    }
    let info = nearest.code.info();
    if info.is_some_and(|info| HANDS_ON.contains(&info.name.as_str())) {
        return !callee.is_incidental || callsite::calls(nearest, callee.target);
    }
    let is_importing = std::iter::once(nearest)
        .chain(callers)
        .take_while(|caller| !caller.is_guest())
        .filter_map(|caller| caller.code.info())
        .any(|info| info.shape == Shape::Module);
    // Codecs keep the functions they are made of in attributes.
    matches!(callee.target, Target::Definition(_))
        && !callee.is_incidental
        && !callee.canonical.starts_with("_codecs.")
        && !is_importing
        && !callsite::has_alias(nearest, callee.target)
}

/// Functions of the library that do nothing but call what they are handed.
const HANDS_ON: [&str; 5] = [
    "threading.Thread.run",
    "threading.Timer.run",
    "concurrent.futures.thread._WorkItem.run",
    "functools.singledispatch.<locals>.wrapper",
    "asyncio.events.Handle._run",
];

/// Does the audit log want calls of this caller?
#[inline]
pub fn wants_record(hook: &Hook, guest: bool) -> bool {
    let audit = hook.rulebook.rules.audit;
    audit.record.calls && (guest || audit.scope == Scope::All)
}

/// Records a call that passes.
pub fn record(
    hook: &Hook,
    subject: &str,
    canonical: &str,
    decision: Action,
    rule: Option<RuleIndex>,
    asker: Asker,
    given: &Given<'_>,
) {
    let event = Event {
        kind: EventKind::Call,
        decision,
        rule,
        time: hook.now(),
        subject: hook.name(subject.as_bytes()),
        canonical: hook.name(canonical.as_bytes()),
        place: asker
            .caller
            .map(|caller| caller.place(hook))
            .unwrap_or_default(),
    };
    hook.report_call(rendering::render(given, wanted(hook)), event);
}

/// What the audit log wants to know of arguments.
fn wanted(hook: &Hook) -> RecordedArguments {
    hook.rulebook.rules.audit.arguments
}
