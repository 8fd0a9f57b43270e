//! Lictor runs untrusted Python under a declarative policy.
//!
//! Data flows one way, and so do the imports between these modules:
//!
//! ```text
//! policy text → policy → rules → supervisor ⇄ protocol ⇄ hook
//!                                    ↓
//!                                 verdict → report
//! ```
//!
//! - [`policy`] turns TOML into a valid [`policy::Policy`], or into diagnostics;
//! - [`rules`] compiles it into the plain data that the hook and the supervisor act on;
//! - [`protocol`] is all that supervisor and worker share: the setup, the ring of records;
//! - `hook` is the part inside the guest's CPython: it observes, decides, refuses;
//! - [`supervisor`] starts the worker, times it, reads its records, kills it and judges;
//! - [`verdict`] is the outcome of one run as plain data;
//! - [`report`] renders it;
//! - [`cli`] is the command line.
//!
//! This crate is compiled twice: into the `lictor` program, which refers to nothing in
//! `hook` and so needs no Python, and into the shared library that the guest's
//! interpreter loads.

pub mod cli;
mod hook;
pub mod policy;
pub mod protocol;
pub mod report;
pub mod rules;
pub mod supervisor;
pub mod verdict;
