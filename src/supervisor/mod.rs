//! The trusted side: starts the worker, times it, reads its records, kills it and judges.
//!
//! No Python runs in this process and nothing of `hook` is used. [`run()`] reads
//! as the story of one run; the parts it is made of:
//!
//! - [`interpreter`] finds the guest's Python, [`probe`] asks it, [`hooks`] has the library for
//!   it, and [`catalogue`] compares a policy with what it has;
//! - [`syntax`] judges the source before anything runs;
//! - [`environment`] and [`spawn`] start the worker with what it needs and nothing else;
//! - [`watch`] is the loop that forwards [`output`], keeps the [`watchdog`]'s deadlines, takes
//!   notices from the [`events`] thread and kills;
//! - [`orphans`] sees to it that no process of the run is left;
//! - [`judge`](mod@judge) makes the verdict from the evidence, and is the only one who does.
//!
//! All that comes from the worker is input from a hostile process: bounded and checked.

pub mod catalogue;
pub mod environment;
pub mod events;
pub mod hooks;
pub mod interpreter;
pub mod judge;
pub mod orphans;
pub mod output;
pub mod probe;
pub mod run;
pub mod spawn;
pub mod syntax;
mod sys;
pub mod watch;
pub mod watchdog;

pub use run::{Finished, Run, Script, SuperviseError, run};
pub use sys::survive_file_size_limit;
