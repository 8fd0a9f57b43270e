//! What happens when Python code is entered, reaches a line, returns or raises: the part
//! that is the same whichever API of CPython the engine hears it from.

use std::rc::Rc;
use std::sync::atomic::Ordering;

use super::arguments::Given;
use super::calls::{self, Callee};
use super::callsite::Target;
use super::ffi::code::{Code, CodeInfo, Origin, Shape};
use super::ffi::object::Ref;
use super::ffi::process;
use super::latch::{self, Deed, Flow};
use super::stack::{self, Caller};
use super::state::{Hook, Phase};
use super::{callsite, codes, denied_modules, guards, imports, provenance};
use crate::protocol::record::{Event, EventKind, Excess, Place, ViolationKind};
use crate::rules::decide;
use crate::rules::{Action, LimitKind, Scope};

/// Does entering this code have to be seen every time?
pub fn watches_entries(hook: &Hook, info: &CodeInfo) -> bool {
    let policy = &hook.rulebook;
    let own = match info.origin {
        Origin::Guest => policy.needs.guest_entries,
        Origin::Library => {
            policy.needs.library_entries || (policy.rules.closed.is_some() && is_callable(info))
        }
    };
    own || info.is_entrance_of_denied_module
        || !info.rules.borrow().is_empty()
        || (policy.needs.imports && imports::is_funnel(info))
}

fn is_callable(info: &CodeInfo) -> bool {
    matches!(info.shape, Shape::Function)
}

/// A frame is entered for the first time (not resumed).
pub fn entered(hook: &'static Hook, caller: Caller) -> Flow {
    if let flow @ Flow::Raise = admitted(hook) {
        return flow;
    }
    let Some(info) = codes::of_frame(hook, caller) else {
        return Flow::Continue;
    };
    let from = caller.frame.previous();
    if info.origin == Origin::Guest {
        if info.shape == Shape::Function
            && let Some(flow @ Flow::Raise) = count_call(hook, caller)
        {
            return flow;
        }
        if let Some(ceiling) = hook.limits.recursion
            && stack::guest_depth(Some(caller.frame)) > ceiling
        {
            return latch::exceed(hook, LimitKind::Recursion, ceiling, Some(caller.frame));
        }
    }
    if hook.rulebook.needs.imports
        && let flow @ Flow::Raise = imports::entered(hook, caller.code, caller)
    {
        return flow;
    }
    if !is_callable(info) {
        return Flow::Continue;
    }
    if let flow @ Flow::Raise = judge_recursion(hook, caller, info) {
        return flow;
    }
    let rules = info.rules.borrow().clone();
    let closed = hook.rulebook.rules.closed.is_some() && info.origin == Origin::Library;
    // The machinery behind an import statement isn't called by anybody: the import is recorded.
    let machinery =
        provenance::is_importlib(caller, "") && !info.name.starts_with("importlib.import_module");
    let unrecorded = !hook.rulebook.rules.audit.record.calls || machinery;
    if rules.is_empty() && (!closed || machinery) && unrecorded {
        return denied_modules::entered(hook, info, from);
    }
    let judged = calls::judge(
        hook,
        &Callee {
            name: called_name(&info.name),
            canonical: &info.name,
            rules: &rules,
            closed,
            is_incidental: is_support(&info.name),
            target: Target::Frame(caller.frame),
            given: Given::Frame(caller),
            is_repeated: false,
        },
        from,
    );
    match judged {
        Flow::Continue => denied_modules::entered(hook, info, from),
        Flow::Raise => Flow::Raise,
    }
}

/// A generator or coroutine goes on: it is live again.
pub fn resumed(hook: &'static Hook, caller: Caller) -> Flow {
    if let flow @ Flow::Raise = admitted(hook) {
        return flow;
    }
    match caller.code.info() {
        Some(info) => judge_recursion(hook, caller, info),
        None => Flow::Continue,
    }
}

/// Are there more live calls of a function in this thread than a rule allows? Generators that
/// are suspended are on no stack, and so aren't live.
fn judge_recursion(hook: &'static Hook, caller: Caller, info: &CodeInfo) -> Flow {
    if !hook.rulebook.needs.function_recursion {
        return Flow::Continue;
    }
    let rules = info.rules.borrow().clone();
    for attached in &rules {
        let rule = hook.rulebook.rules.functions.get(attached.rule);
        let Some((rule, most)) = rule.and_then(|rule| Some((rule, rule.max_recursion?))) else {
            continue;
        };
        // A function that is made anew each time keeps its name.
        let is_same = |other: &Caller| {
            let other = other.code.info();
            other.is_some_and(|other| std::ptr::eq(other, info) || other.name == info.name)
        };
        let live = stack::callers_from(Some(caller.frame)).filter(is_same);
        if live.count() as u64 > most {
            let deed = Deed {
                kind: ViolationKind::Call,
                subject: &attached.subject,
                canonical: &info.name,
                rule: rule.rule,
                from: caller.frame.previous(),
            };
            return latch::deny_excess(hook, deed, Excess::Recursion(most));
        }
    }
    Flow::Continue
}

/// Counts a step for the rules on the function that takes it. `Raise`: it would exceed the
/// ceiling of one.
fn count_function_step(hook: &'static Hook, info: &CodeInfo) -> Flow {
    let rules = info.step_rules.borrow().clone();
    for attached in &rules {
        if hook.rulebook.count_step(attached.rule) {
            continue;
        }
        let rule = hook.rulebook.rules.functions.get(attached.rule);
        if let Some((rule, most)) = rule.and_then(|rule| Some((rule, rule.max_steps?))) {
            let deed = Deed {
                kind: ViolationKind::Call,
                subject: &attached.subject,
                canonical: &info.name,
                rule: rule.rule,
                from: stack::innermost(),
            };
            return latch::deny_excess(hook, deed, Excess::Steps(most));
        }
    }
    Flow::Continue
}

/// How code that calls a Python function names it: a class by its own name, not by its
/// constructor's.
fn called_name(qualified: &str) -> &str {
    let mut parts = qualified.rsplit('.');
    let name = parts.next().unwrap_or(qualified);
    match parts.next() {
        Some(class) if matches!(name, "__init__" | "__new__") => class,
        _ => name,
    }
}

/// Is this Python function part of what C code leaves to Python: a codec, or a module with a
/// private name?
fn is_support(canonical: &str) -> bool {
    let module = canonical.split('.').next().unwrap_or(canonical);
    module == "codecs" || module == "encodings" || module.starts_with('_')
}

/// Counts an entry of a guest function.
fn count_call(hook: &'static Hook, caller: Caller) -> Option<Flow> {
    if !hook.rulebook.needs.counts {
        return None;
    }
    let counter = hook.counters().calls();
    let calls = counter.load(Ordering::Relaxed);
    if hook.limits.calls.is_some_and(|ceiling| calls >= ceiling) {
        return Some(latch::exceed(
            hook,
            LimitKind::Calls,
            calls,
            Some(caller.frame),
        ));
    }
    counter.store(calls + 1, Ordering::Relaxed);
    None
}

/// Counts a step. `Raise`: this one would exceed the ceiling.
#[inline]
fn step(hook: &'static Hook) -> Flow {
    let counter = hook.counters().steps();
    let steps = counter.load(Ordering::Relaxed);
    if steps >= hook.rulebook.step_ceiling {
        return latch::exceed(hook, LimitKind::Steps, steps, stack::innermost());
    }
    counter.store(steps + 1, Ordering::Relaxed);
    Flow::Continue
}

/// A source line is reached.
#[inline]
pub fn line(hook: &'static Hook, code: Code<'_>, line: u32) -> Flow {
    if let flow @ Flow::Raise = admitted(hook) {
        return flow;
    }
    let needs = hook.rulebook.needs;
    if needs.function_steps || needs.function_recursion {
        return self::named_line(hook, code, line);
    }
    if needs.steps
        && let flow @ Flow::Raise = step(hook)
    {
        return flow;
    }
    if needs.line_text {
        self::judge_line(hook, code, line)
    } else {
        Flow::Continue
    }
}

/// A line under a policy that counts for functions: lines are then heard of in code that
/// nothing else is counted for.
fn named_line(hook: &'static Hook, code: Code<'_>, line: u32) -> Flow {
    let needs = hook.rulebook.needs;
    let Some(info) = code.info() else {
        return Flow::Continue;
    };
    let is_guest = info.origin == Origin::Guest;
    if needs.steps
        && (is_guest || needs.library_steps)
        && let flow @ Flow::Raise = step(hook)
    {
        return flow;
    }
    if let flow @ Flow::Raise = count_function_step(hook, info) {
        return flow;
    }
    // `throw` wakes a generator without another event.
    if needs.function_recursion
        && code.is_generator()
        && let Some(caller) = stack::callers().next()
        && let flow @ Flow::Raise = judge_recursion(hook, caller, info)
    {
        return flow;
    }
    if needs.line_text && (is_guest || needs.library_lines) {
        self::judge_line(hook, code, line)
    } else {
        Flow::Continue
    }
}

/// What do the line rules say of this line?
fn judge_line(hook: &'static Hook, code: Code<'_>, line: u32) -> Flow {
    let Some(info) = code.info() else {
        return Flow::Continue;
    };
    let reached: Vec<_> = match info.origin {
        Origin::Guest => line_rules(hook, code, info, line)
            .iter()
            .filter_map(|rule| hook.rulebook.reach(*rule))
            .collect(),
        Origin::Library => Vec::new(),
    };
    let decision = decide::decide_line(&reached);
    if let Some(rule) = decision.rule {
        let text = info
            .source
            .as_deref()
            .and_then(|source| source.line(line))
            .unwrap_or("")
            .trim();
        if decision.action == Action::Deny {
            let (subject, from) = (text, stack::innermost());
            let deed = Deed {
                kind: ViolationKind::Line,
                subject,
                canonical: subject,
                rule,
                from,
            };
            let counted = reached.iter().find(|(reached, _)| reached.rule == rule);
            return match counted.and_then(|(rule, _)| rule.max_count) {
                Some(most) => latch::deny_excess(hook, deed, Excess::Lines(most)),
                None => latch::deny(hook, deed),
            };
        }
        let subject = hook.name(text.as_bytes());
        report_line(hook, code, line, subject, Action::Audit, Some(rule));
        return Flow::Continue;
    }
    let audit = hook.rulebook.rules.audit;
    if audit.record.lines && (info.origin == Origin::Guest || audit.scope == Scope::All) {
        let subject = codes::labels(hook, code).subject;
        report_line(hook, code, line, subject, Action::Allow, None);
    }
    Flow::Continue
}

fn report_line(
    hook: &Hook,
    code: Code<'_>,
    line: u32,
    subject: crate::protocol::record::NameId,
    decision: Action,
    rule: Option<crate::rules::RuleIndex>,
) {
    let labels = codes::labels(hook, code);
    let place = Place {
        file: labels.file,
        line,
        function: labels.function,
    };
    let time = hook.now();
    hook.report(Event {
        kind: EventKind::Line,
        decision,
        rule,
        time,
        subject,
        canonical: subject,
        place,
    });
}

/// Asks once for each line of a code object which line rules are about it.
fn line_rules(hook: &Hook, code: Code<'_>, info: &CodeInfo, line: u32) -> Rc<[usize]> {
    let known = info
        .lines
        .borrow()
        .iter()
        .find(|(number, _)| *number == line)
        .map(|(_, rules)| Rc::clone(rules));
    if let Some(rules) = known {
        return rules;
    }
    let file = code.text(c"co_filename");
    let text = info.source.as_deref().and_then(|source| source.line(line));
    let rules: Rc<[usize]> = text
        .into_iter()
        .flat_map(|text| hook.rulebook.line_rules(&file, text))
        .collect();
    info.lines.borrow_mut().push((line, Rc::clone(&rules)));
    rules
}

/// A Python function returns (or a generator yields for the last time).
pub fn returned(hook: &'static Hook, caller: Caller) -> Flow {
    report_about(hook, EventKind::Return, caller, None)
}

/// An exception is raised in a frame.
pub fn raised(hook: &'static Hook, caller: Caller, class: Ref<'_>) -> Flow {
    report_about(hook, EventKind::Exception, caller, Some(class))
}

fn report_about(
    hook: &'static Hook,
    kind: EventKind,
    caller: Caller,
    class: Option<Ref<'_>>,
) -> Flow {
    if let flow @ Flow::Raise = admitted(hook) {
        return flow;
    }
    if hook.rulebook.rules.audit.scope == Scope::Guest && !caller.is_guest() {
        return Flow::Continue;
    }
    let subject = match class {
        Some(class) => hook.name(class.class_name().as_bytes()),
        None => codes::labels(hook, caller.code).subject,
    };
    hook.report(Event {
        kind,
        decision: Action::Allow,
        rule: None,
        time: hook.now(),
        subject,
        canonical: subject,
        place: caller.place(hook),
    });
    Flow::Continue
}

/// Something is called that isn't Python code, seen by the runtime at the call site: recorded
/// here unless a guard records it. Denying is the guards' work.
pub fn called(hook: &'static Hook, callable: Ref<'_>) -> Flow {
    if let flow @ Flow::Raise = admitted(hook) {
        return flow;
    }
    if !hook.rulebook.rules.audit.record.calls || callable.function_code().is_some() {
        return Flow::Continue;
    }
    if callable
        .definition()
        .and_then(guards::find)
        .is_some_and(|guard| guard.records_calls())
    {
        return Flow::Continue;
    }
    let Some(name) = super::naming::of_callable(callable) else {
        return Flow::Continue;
    };
    let short = name.rsplit('.').next().unwrap_or(&name);
    let asker = stack::asker(stack::innermost(), short);
    if calls::wants_record(hook, asker.guest) {
        callsite::with_arguments(hook, callable, |given| {
            calls::record(hook, &name, &name, Action::Allow, None, asker, given);
        });
    }
    Flow::Continue
}

/// May anything happen at all?
#[inline]
fn admitted(hook: &'static Hook) -> Flow {
    process::die_if_forked();
    if hook.phase() == Phase::Latched {
        latch::raise_again()
    } else {
        Flow::Continue
    }
}
