//! Telling guest code from library code, by the identity of code objects.
//!
//! Whatever isn't known to be library code is guest code. Library code is: all that exists
//! when the hook is armed; what [`provenance`](super::provenance) finds to be the content of
//! a file in a trusted folder; what such code compiles while it is being imported. A code
//! object is known together with all the code objects nested in it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use super::denied_modules;
use super::engine;
use super::ffi::code::{Attached, Code, CodeInfo, Labels, Origin, Shape, SourceText};
use super::ffi::object::Ref;
use super::stack::{self, Caller, module_name};
use super::state::{Hook, Phase};

/// What a code object is told when it is adopted.
#[derive(Clone, Debug)]
pub struct Adoption {
    /// Who stands behind it.
    pub origin: Origin,
    /// Dotted name of the module that it belongs to, by where it came from.
    pub module: Arc<str>,
    /// The name under which the module is being imported, where that is another one: rules
    /// may know its functions by either.
    pub imported_as: Option<String>,
    /// The text it was compiled from, if known.
    pub source: Option<Rc<SourceText>>,
}

impl Adoption {
    /// For the code of a library's module, which no line rule asks for.
    pub fn of_library(module: impl Into<Arc<str>>) -> Adoption {
        Adoption {
            origin: Origin::Library,
            module: module.into(),
            imported_as: None,
            source: None,
        }
    }

    /// For the guest's code.
    pub fn of_guest(module: impl Into<Arc<str>>, source: Option<Rc<SourceText>>) -> Adoption {
        Adoption {
            origin: Origin::Guest,
            module: module.into(),
            imported_as: None,
            source,
        }
    }
}

/// Makes a code object and those nested in it known; what is known already stays as it is.
pub fn adopt<'a>(hook: &'static Hook, code: Code<'a>, adoption: &Adoption) -> Option<&'a CodeInfo> {
    adopt_within(hook, code, adoption, &[])
}

/// `around` are the rules that count the steps of the code around this one.
fn adopt_within<'a>(
    hook: &'static Hook,
    code: Code<'a>,
    adoption: &Adoption,
    around: &[Attached],
) -> Option<&'a CodeInfo> {
    if let Some(known) = code.info() {
        return Some(known);
    }
    let shape = code.shape();
    let qualified = code.text(c"co_qualname");
    let name_in = |module: &str| match shape {
        Shape::Module => module.to_owned(),
        _ => format!("{module}.{qualified}"),
    };
    let name = name_in(&adoption.module);
    let modules = [Some(&*adoption.module), adoption.imported_as.as_deref()];
    let mut rules: Vec<Attached> = Vec::new();
    for module in modules.into_iter().flatten() {
        // A glob on all of a module is on its own body, too.
        let body = (shape == Shape::Module).then(|| format!("{module}.<module>"));
        for name in [Some(name_in(module)), body].into_iter().flatten() {
            for attached in hook.rulebook.attached(&name) {
                if !rules.iter().any(|known| known.rule == attached.rule) {
                    rules.push(attached);
                }
            }
        }
    }
    if !rules.is_empty() {
        engine::reconsider();
    }
    let info = code.learn(CodeInfo {
        origin: adoption.origin,
        shape,
        module: Arc::clone(&adoption.module),
        is_entrance_of_denied_module: denied_modules::is_entrance(
            hook,
            adoption.origin,
            shape,
            &adoption.module,
            &qualified,
        ),
        step_rules: RefCell::new(with_steps(hook, &rules, around)),
        rules: RefCell::new(rules),
        source: adoption.source.clone(),
        lines: RefCell::default(),
        labels: Cell::new(None),
        watched: Cell::new(false),
        jumps_to_itself: Cell::new(false),
        name,
    })?;
    let is_counted = info.origin == Origin::Guest || !info.step_rules.borrow().is_empty();
    info.jumps_to_itself
        .set(is_counted && engine::jumps_to_itself(code));
    if let Some(constants) = code.constants() {
        for constant in constants.get().items() {
            if let Some(nested) = Code::new(constant) {
                adopt_within(hook, nested, adoption, &info.step_rules.borrow());
            }
        }
    }
    Some(info)
}

/// The rules with `max_steps` among those on a code object, and those around it.
fn with_steps(hook: &Hook, rules: &[Attached], around: &[Attached]) -> Vec<Attached> {
    let mut counting = around.to_vec();
    for attached in rules {
        let rule = hook.rulebook.rules.functions.get(attached.rule);
        if rule.is_some_and(|rule| rule.max_steps.is_some())
            && !counting.iter().any(|known| known.rule == attached.rule)
        {
            counting.push(attached.clone());
        }
    }
    counting
}

/// Puts more rules on code that is known already.
pub fn attach(hook: &'static Hook, code: Code<'_>, rules: Vec<Attached>) {
    let Some(info) = code.info() else {
        return;
    };
    count_steps(code, &with_steps(hook, &rules, &[]));
    let mut known = info.rules.borrow_mut();
    for attached in rules {
        if !known.iter().any(|k| k.rule == attached.rule) {
            known.push(attached);
        }
    }
    drop(known);
    engine::reconsider();
}

/// Has these rules count the steps of code, and of what is nested in it.
fn count_steps(code: Code<'_>, rules: &[Attached]) {
    let Some(info) = code.info().filter(|_| !rules.is_empty()) else {
        return;
    };
    let mut counting = info.step_rules.borrow_mut();
    for attached in rules {
        if !counting.iter().any(|known| known.rule == attached.rule) {
            counting.push(attached.clone());
        }
    }
    drop(counting);
    info.jumps_to_itself.set(engine::jumps_to_itself(code));
    // The engine's events on it are to be set anew.
    info.watched.set(false);
    let constants = code.constants();
    for constant in constants
        .iter()
        .flat_map(|constants| constants.get().items())
    {
        if let Some(nested) = Code::new(constant) {
            count_steps(nested, rules);
        }
    }
}

/// What is known of the code that a frame runs. Code that nobody vouched for is the guest's, or
/// the library's if the guest hasn't begun; it is known from its first frame on, and belongs to
/// whoever runs it.
pub fn of_frame(hook: &'static Hook, caller: Caller) -> Option<&'static CodeInfo> {
    if let Some(info) = caller.code.info() {
        return Some(info);
    }
    let adoption = match hook.phase() {
        Phase::Arming => {
            let module = caller.globals().map_or("?", module_name);
            Adoption::of_library(module.to_owned())
        }
        Phase::Guest | Phase::Latched => {
            Adoption::of_guest(stack::guest_module(caller.frame.previous()), None)
        }
    };
    adopt(hook, caller.code, &adoption)
}

/// Interned names of a code object.
pub fn labels(hook: &Hook, code: Code<'_>) -> Labels {
    if let Some(labels) = code.info().and_then(|info| info.labels.get()) {
        return labels;
    }
    let file = code.text(c"co_filename");
    let function = code.text(c"co_qualname");
    let subject = code
        .info()
        .map_or(function.as_str(), |info| info.name.as_str());
    let labels = Labels {
        file: hook.name(file.as_bytes()),
        function: hook.name(function.as_bytes()),
        subject: hook.name(subject.as_bytes()),
    };
    if let Some(info) = code.info() {
        info.labels.set(Some(labels));
    }
    labels
}

/// Vouches for all Python functions that exist now: the interpreter's own start-up.
///
/// `objects` is what the garbage collector tracks; every function is among it.
pub fn vouch_for_existing<'a>(hook: &'static Hook, objects: impl Iterator<Item = Ref<'a>>) {
    for object in objects.filter(|object| object.is_function()) {
        let Some(code) = object.function_code().and_then(Code::new) else {
            continue;
        };
        let module = object.function_globals().map_or("?", module_name);
        adopt(hook, code, &Adoption::of_library(module));
    }
}
