//! Everything of the hook that CPython's types can't vouch for: the only files of
//! [`hook`](super), besides [`frames`](super::frames), [`layout`](super::layout) and the
//! [`witness`](super::witness), in which `unsafe` stands.

pub mod attached;
pub mod audit_events;
pub mod buffer;
pub mod callable;
pub mod class;
pub mod code;
pub mod descriptors;
pub mod exceptions;
pub mod interpreter;
pub mod invoke;
pub mod method;
#[cfg(Py_3_12)]
pub mod monitoring;
pub mod object;
pub mod process;
pub mod program;
pub mod runtime;
pub mod sockets;
#[cfg(not(Py_3_12))]
pub mod trace;
pub mod traceback;
pub mod trampolines;
