//! Renderings of one run: reports of its [`Outcome`](crate::verdict::Outcome) and records of
//! its events.
//!
//! ```text
//! Outcome ──▶ sentence ──▶ human  (stderr, in rustc's manner)
//!                     ╰──▶ json   (--report)
//! LoggedEvent ──▶ audit_log       (--audit, JSONL)
//!            ╰──▶ summary         (--audit-summary, a table)
//! ```
//!
//! Nothing here decides anything, and nothing here trusts a string: whatever the guest chose
//! (names, files, line numbers) goes through [`text`] before it reaches a terminal, and
//! through JSON's own escapes before it reaches a file.

pub mod audit_log;
pub mod human;
pub mod json;
pub mod sentence;
pub mod summary;
pub mod text;
mod utc;
mod words;

pub use sentence::summary_line;
