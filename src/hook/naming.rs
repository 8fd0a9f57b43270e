//! Names of callables, read without running guest code.

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
