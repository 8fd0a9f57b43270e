//! One run: from the setup to the end record.
//!
//! The interpreter is made to look as it does when `python script.py` starts: `sys.argv`,
//! `sys.path`, the builtins of `site`, a `__main__` with a file and a loader. The frames of
//! the bootstrap are hidden while the guest runs, so it has no host frame above it. When its
//! last line is done the interpreter is finalised as usual (threads are joined, `atexit` and
//! `__del__` run, all still under the policy), and only then is the end record written.

use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::rc::Rc;

use pyo3::exceptions::{PyMemoryError, PySystemExit};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyModule};

use super::codes::{self, Adoption};
use super::ffi::code::{Code, SourceText};
use super::ffi::object::Ref;
use super::ffi::{process, program, runtime};
use super::grants::Grants;
use super::hosts::Hosts;
use super::rulebook::Rulebook;
use super::sources::Sources;
use super::state::{Hook, Phase};
use super::{arming, frames, stack, watch};
use crate::protocol::PROTOCOL_VERSION;
use crate::protocol::producer::Producer;
use crate::protocol::record::{End, NameId, Place, Record};
use crate::protocol::setup::Setup;

/// Runs the script that the channel's setup describes; the process ends here.
pub fn run(py: Python<'_>, channel: OwnedFd) -> ! {
    let (producer, setup) = match Producer::attach(channel) {
        Ok(attached) => attached,
        Err(error) => process::abandon(&error.to_string()),
    };
    let witness = producer.witness();
    let rulebook = Rulebook::new(setup.rules.clone(), &setup.limits, setup.library.clone());
    let rulebook = match rulebook {
        Ok(rulebook) => rulebook,
        Err(error) => process::abandon(&error.to_string()),
    };
    let sources = Sources::new(&setup.script_folder);
    let resources = Grants::new(&setup.rules, &setup)
        .and_then(|grants| Ok((grants, Hosts::new(&setup.rules.network)?)));
    let (grants, hosts) = match resources {
        Ok(resources) => resources,
        Err(error) => process::abandon(&error.to_string()),
    };
    let limits = setup.limits.clone();
    let Some(hook) = Hook::install(rulebook, limits, sources, grants, hosts, producer) else {
        process::abandon("the hook was loaded twice")
    };
    let version = py.version_info();
    hook.send(&Record::Hello {
        protocol: PROTOCOL_VERSION,
        python: [version.major, version.minor, version.patch],
    });
    let program = match prepare(py, &setup) {
        Ok(program) => program,
        Err(error) => unready(hook, &error.to_string(), false),
    };
    if let Err(error) = arming::arm(hook) {
        unready(hook, &error.to_string(), error.is_policy());
    }
    if let Err(error) = watch::start(witness) {
        unready(
            hook,
            &format!("the witness's thread can't be started: {error}"),
            false,
        );
    }
    hook.send(&Record::Armed);
    let outcome = run_guest(py, hook, &setup, &program);
    drop(program);
    finish(py, hook, &setup, outcome)
}

/// Tells the supervisor that nothing of the guest was run, and why.
fn unready(hook: &'static Hook, text: &str, policy: bool) -> ! {
    let text = hook.name(text.as_bytes());
    hook.send(&Record::Unready { text, policy });
    process::exit(process::ABANDONED)
}

/// What is needed to run the guest.
struct Program {
    namespace: Py<PyDict>,
    compile: Py<PyAny>,
}

/// Makes the interpreter look as at the start of `python script.py`.
fn prepare(py: Python<'_>, setup: &Setup) -> PyResult<Program> {
    let sys = py.import("sys")?;
    let text = |path: &Path| decode(py, path.as_os_str().as_bytes());
    let path = sys.getattr("path")?;
    let path = path.cast::<PyList>()?;
    for folder in &setup.site_packages {
        path.append(text(folder)?)?;
    }
    let script = text(&setup.script)?;
    let arguments = PyList::new(py, [&script])?;
    for argument in &setup.arguments {
        arguments.append(decode(py, argument)?)?;
    }
    let executable = text(&setup.executable)?;
    let original = PyList::new(py, [&executable])?;
    for argument in arguments.iter() {
        original.append(argument)?;
    }
    sys.setattr("argv", arguments)?;
    sys.setattr("orig_argv", original)?;
    sys.setattr("executable", executable)?;
    // What is imported from the script's folder must not leave files there.
    sys.setattr("dont_write_bytecode", true)?;
    if let Some(venv) = &setup.venv {
        for name in ["prefix", "exec_prefix"] {
            sys.setattr(name, text(venv)?)?;
        }
    }
    // `site` without its main(): no .pth file is executed.
    let site = py.import("site")?;
    for function in ["setquit", "setcopyright", "sethelper"] {
        site.call_method0(function)?;
    }
    for stream in ["stdout", "stderr"] {
        let stream = sys.getattr(stream)?;
        if !stream.is_none() {
            let options = PyDict::new(py);
            options.set_item("line_buffering", true)?;
            stream.call_method("reconfigure", (), Some(&options))?;
        }
    }
    // A module of its own: the bootstrap's namespace is held by its hidden frame, and what
    // the guest's holds must die at the end, finalizers and all.
    let main = PyModule::new(py, "__main__")?;
    let namespace = main.dict();
    if program::MAIN_HAS_ANNOTATIONS {
        namespace.set_item("__annotations__", PyDict::new(py))?;
    }
    namespace.set_item("__builtins__", py.import("builtins")?)?;
    sys.getattr("modules")?.set_item("__main__", &main)?;
    let loader = py
        .import("_frozen_importlib_external")?
        .getattr("SourceFileLoader")?
        .call1(("__main__", &script))?;
    namespace.set_item("__loader__", loader)?;
    namespace.set_item("__file__", &script)?;
    if program::MAIN_HAS_CACHED {
        namespace.set_item("__cached__", py.None())?;
    }
    let compile = py.import("builtins")?.getattr("compile")?.unbind();
    Ok(Program {
        namespace: namespace.unbind(),
        compile,
    })
}

/// A path or argument as Python decodes those it gets from the system.
fn decode<'py>(py: Python<'py>, bytes: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    std::ffi::OsStr::from_bytes(bytes)
        .into_pyobject(py)
        .map(Bound::into_any)
        .map_err(Into::into)
}

/// How the guest's program ended.
struct Outcome {
    code: u8,
    exception: NameId,
    place: Place,
    out_of_memory: bool,
}

fn run_guest(py: Python<'_>, hook: &'static Hook, setup: &Setup, program: &Program) -> Outcome {
    let hidden = frames::hide(py);
    let modules = loaded_modules();
    let result = compile(py, setup, program).and_then(|code| {
        // What the compiler has to say (SyntaxWarning) may load modules to say it with. They
        // are library code and found outside the script's folder, which comes into play now.
        if loaded_modules() != modules
            && let Err(error) = arming::catch_up(hook)
        {
            unready(hook, &error.to_string(), error.is_policy());
        }
        search_script_folder(py, setup)?;
        adopt_script(hook, setup, &code);
        hook.begin();
        hook.send(&Record::Started);
        program::evaluate(py, &code, program.namespace.bind(py))
    });
    let outcome = match result {
        Ok(()) => Outcome {
            code: 0,
            exception: NameId::NONE,
            place: Place::default(),
            out_of_memory: false,
        },
        Err(error) => {
            // A script that doesn't compile never started the guest; its error still counts
            // as the guest's own.
            if hook.phase() == Phase::Arming {
                hook.begin();
                hook.send(&Record::Started);
            }
            judge_exception(py, hook, error)
        }
    };
    // The frames come back only on paths that never leave this function: the process ends
    // with the bootstrap's frames hidden.
    std::mem::forget(hidden);
    outcome
}

fn loaded_modules() -> usize {
    runtime::modules().map_or(0, |modules| modules.entries().count())
}

fn search_script_folder(py: Python<'_>, setup: &Setup) -> PyResult<()> {
    let folder = decode(py, setup.script_folder.as_os_str().as_bytes())?;
    let path = py.import("sys")?.getattr("path")?;
    path.cast::<PyList>()?.insert(0, folder)
}

fn compile<'py>(py: Python<'py>, setup: &Setup, program: &Program) -> PyResult<Bound<'py, PyAny>> {
    let options = PyDict::new(py);
    options.set_item("dont_inherit", true)?;
    let name = decode(py, setup.script.as_os_str().as_bytes())?;
    let source = PyBytes::new(py, &setup.source);
    program
        .compile
        .bind(py)
        .call((source, name, "exec"), Some(&options))
}

fn adopt_script(hook: &'static Hook, setup: &Setup, code: &Bound<'_, PyAny>) {
    hook.sources.add(&setup.script);
    let source = Rc::new(SourceText::new(&String::from_utf8_lossy(&setup.source)));
    if let Some(code) = program::borrow(code).and_then(Code::new) {
        codes::adopt(hook, code, &Adoption::of_guest("__main__", Some(source)));
    }
}

/// Does what Python does with an exception that nothing caught.
fn judge_exception(py: Python<'_>, hook: &'static Hook, error: PyErr) -> Outcome {
    if error.is_instance_of::<PySystemExit>(py) {
        let code = program::exit_status(py, error);
        return Outcome {
            code,
            exception: NameId::NONE,
            place: Place::default(),
            out_of_memory: false,
        };
    }
    let class = error.get_type(py).into_any();
    let class = program::borrow(&class).map_or("?", Ref::class_name);
    let exception = hook.name(class.rsplit('.').next().unwrap_or(class).as_bytes());
    let out_of_memory = error.is_instance_of::<PyMemoryError>(py);
    let place = error
        .traceback(py)
        .and_then(|traceback| stack::raised_at(hook, program::borrow(traceback.as_any())?))
        .unwrap_or_default();
    program::print_exception(py, error);
    Outcome {
        code: 1,
        exception,
        place,
        out_of_memory,
    }
}

fn finish(py: Python<'_>, hook: &'static Hook, setup: &Setup, outcome: Outcome) -> ! {
    if hook.phase() == Phase::Latched {
        process::exit(process::ABANDONED);
    }
    let code = match program::finalise(py) {
        true => outcome.code,
        false => 120, // as `python` does when flushing stdout fails
    };
    if hook.phase() == Phase::Latched {
        process::exit(process::ABANDONED);
    }
    let records = hook.producer().records();
    hook.send(&Record::End(End {
        nonce: setup.nonce,
        code,
        exception: outcome.exception,
        place: outcome.place,
        out_of_memory: outcome.out_of_memory,
        records,
    }));
    process::exit(i32::from(code))
}
