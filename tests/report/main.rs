//! What reports, the audit log and the audit summary look like, and that nothing the guest
//! chooses can break them.
//!
//! Snapshots are under `snapshots/`; `fixtures` makes the runs that they show.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod audit_log;
mod fixtures;
mod hostile;
mod schema;
mod summary;
mod verdicts;
