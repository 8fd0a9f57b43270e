//! What the hook itself does around some C functions: the places where a thread starts,
//! where code comes into being, where a module is complete, where the guest asks for an
//! import.

use super::ffi::method::{Call, Original};
use super::ffi::object::Ref;
use super::latch::Flow;
use super::state::Hook;
use super::unaudited::Reach;
use super::{
    children, classes, file_calls, hosts, imports, overseer, provenance, resolve, sources, stack,
    threads,
};

/// One duty; each belongs to one function of CPython.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duty {
    /// `_thread.start_new_thread` and `start_joinable_thread`: the hook covers the thread.
    StartThread,
    /// `builtins.__import__`: judged for guest callers.
    Import,
    /// `builtins.__lazy_import__` (3.15): judged where the import is declared, since what comes
    /// of it may be had through a library.
    LazyImport,
    /// `marshal.loads`: is it a library's bytecode?
    Unmarshal,
    /// `builtins.compile`: is it a library's source?
    Compile,
    /// `builtins.exec`: is a module complete afterwards?
    Execute,
    /// `_imp.get_frozen_object`: code that came with the interpreter.
    Frozen,
    /// `_imp.exec_builtin` and `_imp.exec_dynamic`: a C module is complete afterwards.
    ExecuteNative,
    /// `signal.pidfd_send_signal`: does it go to the supervisor?
    Signal,
    /// `builtins.sorted`: the `list.sort` within it isn't a second call.
    Sort,
    /// `io.open`: the classes of `io` that it makes its result of aren't called by its caller.
    Open,
    /// `_imp.create_builtin` and `_imp.create_dynamic`: the functions of a C module are there,
    /// before its body has run.
    CreateNative,
    /// It reaches files, hosts or processes, and no audit event tells enough of it.
    Reach(Reach),
    /// `builtins.__build_class__`: the metaclass is called on behalf of a class statement.
    ClassStatement,
}

impl Duty {
    /// Calls the original with what the duty asks for around it.
    pub fn perform(
        self,
        hook: &'static Hook,
        original: &Original,
        call: &Call,
    ) -> *mut pyo3::ffi::PyObject {
        match self {
            Duty::StartThread => threads::start(hook, original, call),
            Duty::ClassStatement => {
                let class = classes::class_statement(|| original.call(call));
                after(class, |class| resolve::class_made(hook, class))
            }
            Duty::Open => sources::opening(call, || classes::opening(|| original.call(call))),
            Duty::Reach(Reach::OpenAt) => file_calls::open_at(hook, original, call),
            Duty::Reach(Reach::File(kind)) => file_calls::perform(kind, hook, original, call),
            Duty::Reach(Reach::Host(kind)) => hosts::perform(kind, hook, original, call),
            Duty::Reach(Reach::Process(kind)) => match children::judge(kind, hook, call) {
                Flow::Raise => std::ptr::null_mut(),
                Flow::Continue => original.call(call),
            },
            Duty::CreateNative => after(original.call(call), |module| {
                resolve::native_loaded(hook, module)
            }),
            Duty::Signal => match overseer::signals(hook, call) {
                Flow::Raise => std::ptr::null_mut(),
                Flow::Continue => original.call(call),
            },
            Duty::Sort => classes::sorting(|| original.call(call)),
            Duty::Import => {
                let request = imports::Request::of_call(call);
                let from = stack::innermost();
                if imports::judge(hook, request.as_ref(), from) == Flow::Raise {
                    return std::ptr::null_mut();
                }
                let result = original.call(call);
                if result.is_null()
                    || imports::judge_members(hook, request.as_ref(), from) == Flow::Continue
                {
                    return result;
                }
                super::ffi::object::discard(result);
                std::ptr::null_mut()
            }
            Duty::LazyImport => {
                let request = imports::Request::of_call(call);
                match imports::judge(hook, request.as_ref(), stack::innermost()) {
                    Flow::Raise => std::ptr::null_mut(),
                    Flow::Continue => original.call(call),
                }
            }
            Duty::Unmarshal => after(original.call(call), |code| {
                provenance::unmarshalled(hook, call, code)
            }),
            Duty::Compile => {
                if provenance::judge_source(hook, call) == Flow::Raise {
                    return std::ptr::null_mut();
                }
                after(original.call(call), |code| {
                    provenance::compiled(hook, call, code)
                })
            }
            Duty::Frozen => after(original.call(call), |code| {
                provenance::frozen(hook, call, code)
            }),
            Duty::Execute => {
                let module = resolve::executed_module(call);
                after(original.call(call), |_| match module {
                    Some(name) => resolve::module_loaded(hook, &name),
                    None => Flow::Continue,
                })
            }
            Duty::ExecuteNative => after(original.call(call), |_| match call.single() {
                Some(module) => resolve::native_loaded(hook, module),
                None => Flow::Continue,
            }),
        }
    }
}

/// Looks at a result, which is withheld if that raises; null (an exception) passes unseen.
fn after(
    result: *mut pyo3::ffi::PyObject,
    look: impl FnOnce(Ref<'_>) -> Flow,
) -> *mut pyo3::ffi::PyObject {
    match super::ffi::object::with_result(result, look) {
        Some(Flow::Raise) => {
            super::ffi::object::discard(result);
            std::ptr::null_mut()
        }
        Some(Flow::Continue) | None => result,
    }
}
