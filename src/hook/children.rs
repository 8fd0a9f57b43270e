//! Processes: which the guest starts, how many there are, and which it may signal.
//!
//! Without any (`limits.processes = 0`) starting one is a violation. Up to a number, those alive
//! are counted when another is to start: the processes below this one, and those that were
//! orphaned and went to the supervisor. What a child starts by itself is counted with the next.
//!
//! A forked child would run the guest's code without a channel of its own, and `exec` would put
//! another program in the guest's place: neither is ever allowed.

use std::collections::BTreeSet;
use std::fs;

use super::ffi::method::Call;
use super::ffi::object::Ref;
use super::latch::{self, Deed, Flow};
use super::stack;
use super::state::Hook;
use crate::protocol::record::{Event, EventKind, ViolationKind};
use crate::rules::{Action, LimitKind};

/// The processes around this one.
#[derive(Debug)]
pub struct Children {
    /// Children of the supervisor that were there before the guest, this process included.
    before: BTreeSet<i32>,
}

impl Children {
    /// Looks around, before the guest runs.
    pub fn look() -> Children {
        Children {
            before: children_of(parent()).into_iter().collect(),
        }
    }

    /// The processes of the run besides this one, those that have ended left out.
    fn alive(&self) -> BTreeSet<i32> {
        let orphans = children_of(parent());
        let mut next: Vec<i32> = orphans
            .into_iter()
            .filter(|pid| !self.before.contains(pid))
            .chain(children_of(own()))
            .collect();
        let mut found = BTreeSet::new();
        while let Some(pid) = next.pop() {
            if found.insert(pid) {
                next.extend(children_of(pid));
            }
        }
        found.retain(|pid| !has_ended(*pid));
        found
    }
}

fn own() -> i32 {
    rustix::process::getpid().as_raw_nonzero().get()
}

/// 0, the process that nobody has, if there is none in sight.
fn parent() -> i32 {
    rustix::process::getppid().map_or(0, |pid| pid.as_raw_nonzero().get())
}

/// The children of a process: of each of its threads.
fn children_of(pid: i32) -> Vec<i32> {
    let tasks = fs::read_dir(format!("/proc/{pid}/task"));
    tasks
        .into_iter()
        .flatten()
        .filter_map(|task| fs::read_to_string(task.ok()?.path().join("children")).ok())
        .flat_map(|list| {
            let pids: Vec<i32> = list
                .split_whitespace()
                .filter_map(|pid| pid.parse().ok())
                .collect();
            pids
        })
        .collect()
}

/// A process that has ended and waits to be reaped. Its state follows its name, which may hold
/// anything but is the last thing in parentheses.
fn has_ended(pid: i32) -> bool {
    let about = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let state = about
        .rsplit_once(") ")
        .and_then(|(_, rest)| rest.chars().next());
    matches!(state, None | Some('Z' | 'X'))
}

/// What a function does of which no event tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProcessCall {
    /// `_posixsubprocess.fork_exec`.
    Start,
    /// `os.pidfd_open`: what a signal can be sent through.
    Handle,
}

/// Does the policy speak of processes?
pub fn concern(hook: &Hook) -> bool {
    hook.limits.processes.is_some() || hook.rulebook.rules.audit.record.processes
}

/// Judges such a call.
pub fn judge(kind: ProcessCall, hook: &'static Hook, call: &Call) -> Flow {
    match kind {
        ProcessCall::Start => start(hook, "_posixsubprocess.fork_exec", || {
            let arguments = call.positional(0)?;
            let first = arguments.list_items().chain(arguments.items()).next()?;
            Some(first.path()?.to_string_lossy().into_owned())
        }),
        ProcessCall::Handle => match call.argument(0, "pid").and_then(Ref::number) {
            Some(pid) => signal(hook, "os.pidfd_open", pid),
            None => Flow::Continue,
        },
    }
}

/// Audit events about processes.
pub fn heard(hook: &'static Hook, event: &[u8], arguments: Ref<'_>) -> Flow {
    let argument = |index| arguments.items().nth(index);
    let text = |index| move || Some(argument(index)?.path()?.to_string_lossy().into_owned());
    match event {
        b"os.fork" => never(hook, "os.fork"),
        b"os.forkpty" => never(hook, "os.forkpty"),
        b"os.exec" => never(hook, "os.exec"),
        // Those that Python code raises, before what it starts with is reached.
        b"subprocess.Popen" => announced(hook, "subprocess.Popen"),
        b"pty.spawn" => announced(hook, "pty.spawn"),
        b"os.system" => start(hook, "os.system", text(0)),
        b"os.posix_spawn" => start(hook, "os.posix_spawn", text(0)),
        b"os.kill" => signalled(hook, "os.kill", argument(0), false),
        b"os.killpg" => signalled(hook, "os.killpg", argument(0), true),
        _ => Flow::Continue,
    }
}

/// What no policy allows.
fn never(hook: &'static Hook, subject: &str) -> Flow {
    let rules = &hook.rulebook.rules;
    let limit = rules.limit_rule(LimitKind::Processes);
    let closed = limit.filter(|_| hook.limits.processes == Some(0));
    deny(hook, subject, closed.unwrap_or(rules.tamper))
}

fn deny(hook: &'static Hook, subject: &str, rule: crate::rules::RuleIndex) -> Flow {
    let deed = Deed {
        kind: ViolationKind::Process,
        subject,
        canonical: subject,
        rule,
        from: stack::innermost(),
    };
    latch::deny(hook, deed)
}

/// A process is going to be started by what follows.
fn announced(hook: &'static Hook, subject: &str) -> Flow {
    match (
        hook.limits.processes,
        hook.rulebook.rules.limit_rule(LimitKind::Processes),
    ) {
        (Some(0), Some(rule)) => deny(hook, subject, rule),
        _ => Flow::Continue,
    }
}

/// A process is started.
fn start(hook: &'static Hook, subject: &str, program: impl Fn() -> Option<String>) -> Flow {
    if announced(hook, subject) == Flow::Raise {
        return Flow::Raise;
    }
    if let Some(ceiling) = hook.limits.processes
        && hook.children.alive().len() as u64 >= ceiling
    {
        return latch::exceed(hook, LimitKind::Processes, ceiling, stack::innermost());
    }
    if hook.rulebook.rules.audit.record.processes {
        let program = program().unwrap_or_else(|| subject.to_owned());
        hook.report(Event {
            kind: EventKind::Process,
            decision: Action::Allow,
            rule: None,
            time: hook.now(),
            subject: hook.name(program.as_bytes()),
            canonical: hook.name(subject.as_bytes()),
            place: stack::reported_place(hook, stack::innermost()),
        });
    }
    Flow::Continue
}

fn signalled(hook: &'static Hook, subject: &str, to: Option<Ref<'_>>, is_group: bool) -> Flow {
    match to.and_then(Ref::number) {
        Some(group) if is_group => signal(hook, subject, group.saturating_neg()),
        Some(pid) => signal(hook, subject, pid),
        None => Flow::Continue,
    }
}

/// A signal goes to a process; to a group, if it is negative, to its own, if it is 0. Where the
/// policy counts processes, the guest signals none but its own. This one leads its group.
fn signal(hook: &'static Hook, subject: &str, to: i64) -> Flow {
    let rule = hook.rulebook.rules.limit_rule(LimitKind::Processes);
    let Some(rule) = rule.filter(|_| hook.limits.processes.is_some()) else {
        return Flow::Continue;
    };
    let target = i32::try_from(to.unsigned_abs()).unwrap_or(0);
    let everybody = to == -1;
    let is_own =
        to == 0 || (!everybody && (target == own() || hook.children.alive().contains(&target)));
    match is_own {
        true => Flow::Continue,
        false => deny(hook, subject, rule),
    }
}
