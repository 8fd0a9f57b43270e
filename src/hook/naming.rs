//! Names of callables, read without running guest code.

use std::borrow::Cow;

use super::ffi::object::Ref;

/// Dotted name of a C function, a method of a C class, or a class; `None` for anything else
/// (an instance with `__call__`: its method is a Python function and seen as such).
pub fn of_callable(callable: Ref<'_>) -> Option<String> {
    if callable.is_class() {
        return Some(of_class(callable));
    }
    of_c_function(callable)
}

/// Dotted name of a C function: `posix.system`, `builtins.list.sort`.
pub fn of_c_function(function: Ref<'_>) -> Option<String> {
    let definition = function.definition()?;
    let name = super::ffi::method::definition_name(definition);
    if let Some(class) = function.descriptor_class() {
        return Some(format!("{}.{name}", of_class(class)));
    }
    if let Some(module) = function.c_module() {
        return Some(format!("{module}.{name}"));
    }
    let owner = function.bound_to()?;
    // A bound method of an instance, or a class method, whose receiver is the class.
    let class = if owner.is_class() {
        owner
    } else {
        owner.class()
    };
    let defining = class
        .bases()
        .find(|base| {
            base.class_namespace()
                .and_then(|namespace| namespace.entry(name))
                .and_then(Ref::definition)
                .is_some_and(|found| found == definition)
        })
        .unwrap_or(class);
    Some(format!("{}.{name}", of_class(defining)))
}

/// Dotted name of a class. `tp_name` of a static class has its module in it, that of
/// `builtins` classes has none; a class made at run time keeps it in its namespace.
pub fn of_class(class: Ref<'_>) -> String {
    let name = class.class_name();
    if !class.is_heap_class() {
        return match name.contains('.') {
            true => name.to_owned(),
            false => format!("builtins.{name}"),
        };
    }
    let short = name.rsplit('.').next().unwrap_or(name);
    let module = class
        .class_namespace()
        .and_then(|namespace| namespace.entry("__module__"))
        .and_then(Ref::text);
    match module {
        Some(module) => format!("{module}.{short}"),
        None => name.to_owned(),
    }
}

/// Modules that are the inner half of another one, which is what programs import: Python's
/// own documentation sends their users there.
/// From 3.15 `math` takes its functions of integers from `math.integer`.
const HALVES: &[(&str, &str)] = &[
    ("posix", "os"),
    ("posixpath", "os.path"),
    ("math.integer", "math"),
];

/// The names by which rules may know a function: its own, and that in the module which its
/// own is the inner half of (`posix.system` is `os.system`, `_socket.socket` is
/// `socket.socket`).
pub fn public_names(canonical: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let outer = HALVES
        .iter()
        .find_map(|(inner, outer)| {
            let rest = canonical.strip_prefix(inner)?;
            rest.starts_with('.').then(|| format!("{outer}{rest}"))
        })
        .or_else(|| {
            let accelerated = canonical.strip_prefix('_')?;
            (!accelerated.starts_with('_')).then(|| accelerated.to_owned())
        });
    std::iter::once(Cow::Borrowed(canonical)).chain(outer.map(Cow::Owned))
}

/// The names by which what a rule names may be found: its own, and those in modules that may be
/// the inner half of its own. The other way round as [`public_names`]: the inner half is often
/// loaded when the module that programs import isn't.
pub fn inner_names(public: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let halves = HALVES.iter().filter_map(move |(inner, outer)| {
        let rest = public.strip_prefix(outer)?;
        rest.starts_with('.')
            .then(|| Cow::Owned(format!("{inner}{rest}")))
    });
    let accelerated = (!public.starts_with('_')).then(|| Cow::Owned(format!("_{public}")));
    std::iter::once(Cow::Borrowed(public))
        .chain(halves)
        .chain(accelerated)
}
