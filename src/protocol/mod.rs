//! All that supervisor and worker share: the [setup] that goes in, the [records](record)
//! that come out, and the shared memory ([channel]) that carries both.
//!
//! ```text
//! hook: Record → wire::encode → ring ─── shared memory ─── ring → wire::decode → stream::Checker → supervisor
//! ```
//!
//! The worker is hostile. Whatever is read from the shared memory was written by a process
//! in which the guest runs: lengths are bounded, numbers are checked, text is bytes, and a
//! stream that doesn't decode is an error that keeps the run from being `completed`.
//! Guest Python has no descriptor for the memory: the worker closes it once it is mapped.

pub mod channel;
pub mod consumer;
pub mod producer;
pub mod record;
pub mod setup;
pub mod stream;
mod sys;
pub mod wire;
pub mod witness;

/// Version of everything in this module; supervisor and hook must agree on it exactly.
pub const PROTOCOL_VERSION: u32 = 1;
