//! Telling guest code from library code, by the identity of code objects.
//!
//! Whatever isn't known to be library code is guest code. Library code is: all that exists
//! when the hook is armed; what [`provenance`](super::provenance) finds to be the content of
//! a file in a trusted folder; what such code compiles while it is being imported. A code
//! object is known together with all the code objects nested in it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::engine;
use super::ffi::code::{Code, CodeInfo, Labels, Origin, Shape, SourceText};
use super::ffi::object::Ref;
use super::stack::{Caller, module_name};
use super::state::{Hook, Phase};

/// What a code object is told when it is adopted.
#[derive(Clone, Debug)]
pub struct Adoption {
    /// Who stands behind it.
    pub origin: Origin,
    /// Dotted name of its module.
    pub module: String,
    /// The text it was compiled from, if known.
    pub source: Option<Rc<SourceText>>,
}

impl Adoption {
    /// For the code of a library's module, which no line rule asks for.
    pub fn of_library(module: String) -> Adoption {
        Adoption {
            origin: Origin::Library,
            module,
            source: None,
        }
    }
}

/// Makes a code object and those nested in it known; what is known already stays as it is.
pub fn adopt<'a>(hook: &'static Hook, code: Code<'a>, adoption: &Adoption) -> Option<&'a CodeInfo> {
    if let Some(known) = code.info() {
        return Some(known);
    }
    let shape = code.shape();
    let qualified = code.text(c"co_qualname");
    let name = match shape {
        Shape::Module => adoption.module.clone(),
        _ => format!("{}.{qualified}", adoption.module),
    };
    let rules = hook.rulebook.attached(&name);
    if !rules.is_empty() {
        engine::reconsider();
    }
    let info = code.learn(CodeInfo {
        origin: adoption.origin,
        shape,
        rules: RefCell::new(rules),
        source: adoption.source.clone(),
        lines: RefCell::default(),
        labels: Cell::new(None),
        watched: Cell::new(false),
        jumps_to_itself: adoption.origin == Origin::Guest && engine::jumps_to_itself(code),
        name,
    })?;
    if let Some(constants) = code.constants() {
        for constant in constants.get().items() {
            if let Some(nested) = Code::new(constant) {
                adopt(hook, nested, adoption);
            }
        }
    }
    Some(info)
}

/// What is known of the code that a frame runs. Code that nobody vouched for is the guest's, or
/// the library's if the guest hasn't begun; it is known from its first frame on.
pub fn of_frame(hook: &'static Hook, caller: Caller) -> Option<&'static CodeInfo> {
    if let Some(info) = caller.code.info() {
        return Some(info);
    }
    let module = caller.module_name().to_owned();
    adopt(
        hook,
        caller.code,
        &Adoption {
            origin: match hook.phase() {
                Phase::Arming => Origin::Library,
                Phase::Guest | Phase::Latched => Origin::Guest,
            },
            module,
            source: None,
        },
    )
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
        let module = object
            .function_globals()
            .map_or("?", module_name)
            .to_owned();
        adopt(hook, code, &Adoption::of_library(module));
    }
}
