//! The part inside the guest's CPython: it observes, decides, refuses and reports.
//!
//! CPython loads this crate as an extension module and calls [`run`](session::run), which
//! doesn't return. [`arming`] puts everything in place, in the order written there:
//!
//! - [`guards`] and [`classes`] stand in C functions and classes, [`duties`] hang on some of
//!   them; [`resolve`] finds the objects that the policy's names mean;
//! - the [`engine`] hears of lines, entries and calls and asks [`observe`];
//! - [`audit`] hears of what the runtime is about to do, [`opened`] of files nobody may open;
//! - [`files`], [`hosts`] and [`children`] judge what reaches out of the process, by its events
//!   and by what [`unaudited`] functions are called with;
//! - [`codes`] and [`provenance`] tell guest code from library code, [`stack`] tells to whom
//!   a call belongs;
//! - [`calls`] and [`imports`] ask the [`rulebook`]; [`arguments`] finds what a call was
//!   given, by the names that [`parameters`] reads; [`tamper`] is what a policy must allow by name,
//!   [`sources`] what isn't a call at all; [`latch`] ends the run;
//! - [`callsite`] says what the source of a denied call looks like;
//! - [`frames`] and [`layout`] know CPython's structures, [`line_table`], [`stack_depth`],
//!   [`value_stack`] and [`opcodes`] its bytecode; [`ffi`] is all that touches raw pointers besides;
//! - [`witness`], woken by [`watch`], says where the guest is when its time is up.
//!
//! It trusts the setup, and nothing that a guest can reach: names, file names, attributes,
//! classes, dictionaries. No guest code runs inside the hook. It is the rubric and the
//! reason, not the boundary: native code in this process can do anything to it.

pub mod arguments;
pub mod arming;
pub mod audit;
pub mod calls;
pub mod callsite;
pub mod children;
pub mod classes;
pub mod codes;
pub mod databases;
pub mod denied_modules;
pub mod duties;
pub mod endpoints;
pub mod engine;
pub mod ffi;
pub mod file_calls;
pub mod files;
pub mod frames;
pub mod grants;
pub mod guards;
pub mod hosts;
pub mod imports;
pub mod knock;
pub mod latch;
pub mod layout;
pub mod line_table;
pub mod memory;
pub mod names;
pub mod naming;
pub mod observe;
pub mod opcodes;
pub mod opened;
pub mod overseer;
pub mod parameters;
mod paths;
pub mod provenance;
mod rendering;
pub mod resolve;
pub mod rulebook;
pub mod session;
pub mod sources;
pub mod stack;
pub mod stack_depth;
pub mod state;
pub mod tamper;
pub mod threads;
pub mod unaudited;
mod value_stack;
pub mod watch;
pub mod witness;

/// The extension module; it is never put into `sys.modules`.
#[pyo3::pymodule(name = "lictor")]
mod module {
    use std::os::fd::{FromRawFd, OwnedFd, RawFd};

    use pyo3::prelude::*;

    /// Runs the script that the channel at this descriptor describes. Doesn't return.
    #[pyfunction]
    #[allow(unsafe_code)] // the number is all that can be passed through Python
    fn run(py: Python<'_>, channel: RawFd) {
        // SAFETY: the supervisor started this process with the channel at this descriptor,
        // and nothing else in it knows of it.
        let channel = unsafe { OwnedFd::from_raw_fd(channel) };
        super::session::run(py, channel)
    }
}
