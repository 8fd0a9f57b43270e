//! From names to objects: rules say `os.system`, guards stand in function objects.
//!
//! A name that a rule writes out is followed through modules and classes, so an alias
//! (`os.system` for `posix.system`) leads to the object. A wildcard covers what a module
//! defines, not what it re-exports; for those every definition of every module is looked at.
//! Both happen when the hook is armed and again for each module that is loaded later.
//! Python functions need neither for their own names: those are known with their code.

use std::collections::HashSet;
use std::ptr::NonNull;
use std::sync::Arc;

use pyo3::ffi::PyMethodDef;

use super::engine;
use super::ffi::code::{Attached, Code};
use super::ffi::method::Call;
use super::ffi::object::Ref;
use super::ffi::runtime;
use super::guards::{self, GuardError};
use super::latch::Flow;
use super::state::{Hook, hook};
use super::{classes, codes, denied_modules, latch, naming, unaudited};
use crate::protocol::record::ViolationKind;
use crate::rules::{Action, Caller, FunctionRule};

/// How deep classes within classes are searched.
const DEEPEST: usize = 4;

/// Guards everything that the rules cover among the modules loaded so far.
///
/// # Errors
/// A function that must be guarded can't be.
pub fn everything(hook: &'static Hook) -> Result<(), GuardError> {
    follow_literals(hook, None)?;
    for (_, module) in runtime::modules().into_iter().flat_map(Ref::entries) {
        if let Some(namespace) = module.namespace() {
            denied_modules::guard(hook, namespace)?;
        }
    }
    if hook.rulebook.must_search() {
        let modules = runtime::modules().into_iter().flat_map(Ref::entries);
        let named: Vec<(String, Ref<'_>)> = modules
            .filter_map(|(name, module)| Some((name.text()?.to_owned(), module.namespace()?)))
            .collect();
        let mut search = Search::new(hook);
        for (name, namespace) in named {
            search.module(&name, namespace)?;
        }
    }
    Ok(())
}

/// Name of the module whose body `exec(code, namespace)` is about to run: the namespace is
/// that of a module in `sys.modules`. Read before, since the guest's code runs in between.
pub fn executed_module(call: &Call) -> Option<String> {
    let namespace = call.argument(1, "globals")?;
    let name = namespace.entry("__name__").and_then(Ref::text)?;
    let module = runtime::loaded_module(name)?;
    (module.namespace() == Some(namespace)).then(|| name.to_owned())
}

/// A module's body was run.
pub fn module_loaded(hook: &'static Hook, name: &str) -> Flow {
    match runtime::loaded_module(name).and_then(Ref::namespace) {
        Some(namespace) => loaded(hook, name, namespace),
        None => Flow::Continue,
    }
}

/// A C module was filled.
pub fn native_loaded(hook: &'static Hook, module: Ref<'_>) -> Flow {
    if let Err(error) = unaudited::guard(hook, module) {
        return unguardable(hook, module.native_module().unwrap_or("?"), &error);
    }
    let namespace = module.namespace();
    let name = namespace
        .and_then(|n| n.entry("__name__"))
        .and_then(Ref::text);
    match (name, namespace) {
        (Some(name), Some(namespace)) => loaded(hook, name, namespace),
        _ => Flow::Continue,
    }
}

/// A class statement made a class: rules may name it, or its constructor's class.
pub fn class_made(hook: &'static Hook, class: Ref<'_>) -> Flow {
    if hook.rulebook.rules.functions.is_empty() || !class.is_class() {
        return Flow::Continue;
    }
    let canonical = naming::of_class(class);
    let rules = hook.rulebook.attached(&canonical);
    if rules.is_empty() {
        return Flow::Continue;
    }
    match attach(class, rules, false) {
        Ok(()) => Flow::Continue,
        Err(error) => unguardable(hook, &canonical, &error),
    }
}

fn loaded(hook: &'static Hook, name: &str, namespace: Ref<'_>) -> Flow {
    let found = follow_literals(hook, Some(name)).and_then(|()| {
        denied_modules::guard(hook, namespace)?;
        if hook.rulebook.must_search() {
            Search::new(hook).module(name, namespace)
        } else {
            Ok(())
        }
    });
    match found {
        Ok(()) => Flow::Continue,
        Err(error) => unguardable(hook, name, &error),
    }
}

/// A function that the policy covers would run unguarded: what brought it can't be had.
fn unguardable(hook: &'static Hook, name: &str, error: &GuardError) -> Flow {
    let subject = format!("{name} ({error})");
    let deed = latch::Deed {
        kind: ViolationKind::Import,
        subject: &subject,
        canonical: name,
        rule: hook.rulebook.rules.tamper,
        from: super::stack::innermost(),
    };
    latch::deny(hook, deed)
}

/// Follows the names that rules write out; `module` limits them to those of one module.
fn follow_literals(hook: &'static Hook, module: Option<&str>) -> Result<(), GuardError> {
    for (rule, name) in hook.rulebook.literals() {
        if hook.rulebook.is_carved_out(rule, name) {
            continue;
        }
        let concerned = |name: &str| {
            module.is_none_or(|module| {
                name.strip_prefix(module)
                    .is_some_and(|rest| rest.starts_with('.'))
            })
        };
        let targets = naming::inner_names(name)
            .filter(|name| concerned(name))
            .filter_map(|name| follow(&name));
        for target in targets {
            attach(
                target,
                vec![Attached {
                    rule,
                    subject: Arc::from(name),
                }],
                false,
            )?;
        }
    }
    Ok(())
}

/// The object behind a dotted name, through the longest loaded module that begins it.
fn follow(name: &str) -> Option<Ref<'static>> {
    let cuts = name.match_indices('.').map(|(index, _)| index).rev();
    for cut in cuts {
        let (module, rest) = (&name[..cut], &name[cut + 1..]);
        let Some(module) = runtime::loaded_module(module) else {
            continue;
        };
        return rest.split('.').try_fold(module, |object, part| {
            let found = match object.namespace() {
                Some(namespace) => namespace.entry(part),
                None => object
                    .bases()
                    .find_map(|base| base.class_namespace().and_then(|names| names.entry(part))),
            }?;
            Some(found.unwrapped().unwrap_or(found))
        });
    }
    None
}

/// Looks at every definition of some modules.
struct Search {
    hook: &'static Hook,
    seen: HashSet<usize>,
}

impl Search {
    fn new(hook: &'static Hook) -> Search {
        Search {
            hook,
            seen: HashSet::new(),
        }
    }

    fn module(&mut self, name: &str, namespace: Ref<'_>) -> Result<(), GuardError> {
        if !self.seen.insert(namespace.address()) {
            return Ok(());
        }
        for (_, value) in namespace.entries() {
            self.definition(name, value, 0)?;
        }
        Ok(())
    }

    fn definition(&mut self, module: &str, value: Ref<'_>, depth: usize) -> Result<(), GuardError> {
        let value = value.unwrapped().unwrap_or(value);
        if value.is_class() {
            return self.class(module, value, depth);
        }
        if value.definition().is_none() {
            return Ok(());
        }
        let Some(canonical) = naming::of_c_function(value) else {
            return Ok(());
        };
        let rules = self.hook.rulebook.attached(&canonical);
        self.attach(value, &canonical, rules)
    }

    fn class(&mut self, module: &str, class: Ref<'_>, depth: usize) -> Result<(), GuardError> {
        if depth > DEEPEST || !self.seen.insert(class.address()) {
            return Ok(());
        }
        let canonical = naming::of_class(class);
        let rules = self.hook.rulebook.attached(&canonical);
        // A closed policy is about what can do harm: raising a builtin exception can't, and C
        // code makes them all the time.
        // Nor can `super`, which class statements call.
        let harmless = is_exception(class) || canonical == "builtins.super";
        if !harmless || !rules.is_empty() {
            self.attach(class, &canonical, rules)?;
        }
        let methods: Vec<Ref<'_>> = class
            .class_namespace()
            .into_iter()
            .flat_map(Ref::entries)
            .map(|(_, value)| value)
            .collect();
        for method in methods {
            self.definition(module, method, depth + 1)?;
        }
        Ok(())
    }

    fn attach(
        &self,
        target: Ref<'_>,
        canonical: &str,
        rules: Vec<Attached>,
    ) -> Result<(), GuardError> {
        let named = rules.iter().any(|attached| {
            let rules = &self.hook.rulebook.rules.functions;
            rules.get(attached.rule).is_some_and(admits)
        });
        let closed = self.hook.rulebook.rules.closed.is_some() && !named;
        let passes = self.hook.rulebook.all_pass(&rules) && !self.hook.rulebook.needs.native_calls;
        if !closed && (rules.is_empty() || passes) {
            return Ok(());
        }
        // Constructing instances of Python classes is entering their constructors.
        if closed && target.is_class() && target.is_heap_class() && constructor(target).is_some() {
            return Ok(());
        }
        // Methods that Python itself calls for its operators and protocols.
        if closed && canonical.rsplit('.').next().is_some_and(is_dunder) {
            return Ok(());
        }
        attach(target, rules, closed)
    }
}

/// Does a rule open a closed policy for every call that the guest makes of what it names?
/// Where it speaks of some calls only, each has to be judged.
fn admits(rule: &FunctionRule) -> bool {
    let opens = rule.has_budget() || matches!(rule.action, Action::Allow | Action::Audit);
    let speaks_of_all =
        rule.except_arguments.is_empty() && matches!(rule.caller, Caller::Any | Caller::Guest);
    opens && speaks_of_all
}

fn is_dunder(name: &str) -> bool {
    name.starts_with("__") && name.ends_with("__")
}

fn is_exception(class: Ref<'_>) -> bool {
    class
        .bases()
        .any(|base| base.class_name() == "BaseException")
}

/// The Python function that makes instances of a Python class, if the class defines one.
fn constructor(class: Ref<'_>) -> Option<Ref<'_>> {
    let namespace = class.class_namespace()?;
    ["__init__", "__new__"].iter().find_map(|name| {
        let value = namespace.entry(name)?;
        value.unwrapped().unwrap_or(value).function_code()
    })
}

/// Puts rules on an object: into its code, its definition or its class.
fn attach(target: Ref<'_>, rules: Vec<Attached>, closed: bool) -> Result<(), GuardError> {
    use std::sync::atomic::Ordering;
    if let Some(code) = target
        .function_code()
        .or_else(|| constructor(target))
        .and_then(Code::new)
    {
        if let Some(hook) = hook() {
            codes::attach(hook, code, rules);
        }
        return Ok(());
    }
    if target.is_class() {
        let canonical = naming::of_class(target);
        let guard = classes::install(target, &canonical);
        if rules.iter().any(looks_at_arguments) {
            super::ffi::class::patch_initialiser(target.immortalise());
        }
        guard.attach(rules);
        guard.closed.fetch_or(closed, Ordering::Relaxed);
        if ["builtins.type", "builtins.str", "builtins.tuple"].contains(&canonical.as_str()) {
            engine::see_inlined_classes();
        }
        return Ok(());
    }
    if let Some(definition) = target.definition() {
        // All C classes share the definition of their `__new__`, and CPython recognises it by
        // its implementation (Objects/typeobject.c): the class itself is guarded instead.
        if super::ffi::method::definition_name(definition) == "__new__" {
            return match target.bound_to().filter(|class| class.is_class()) {
                Some(class) => attach(class, rules, closed),
                None => Ok(()),
            };
        }
        let guard = guards::install(definition, &canonical_of(target, definition))?;
        guard.attach(rules);
        guard.closed.fetch_or(closed, Ordering::Relaxed);
        guard
            .is_method
            .store(target.descriptor_class().is_some(), Ordering::Relaxed);
    }
    Ok(())
}

fn looks_at_arguments(attached: &Attached) -> bool {
    hook().is_some_and(|hook| hook.rulebook.looks_at_arguments(attached.rule))
}

fn canonical_of(function: Ref<'_>, definition: NonNull<PyMethodDef>) -> String {
    naming::of_c_function(function)
        .unwrap_or_else(|| super::ffi::method::definition_name(definition).to_owned())
}
