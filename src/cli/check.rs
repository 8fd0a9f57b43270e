//! `lictor check`: are these policies valid?

use anyhow::Context;

use super::{USAGE, colours, say};
use crate::policy;

/// Checks policies together, as `lictor run` would use them, and says on stderr all that is
/// wrong. Gives the exit code: 0 if they can be used, 2 if not.
///
/// # Errors
///
/// The current folder can't be found.
pub fn check(policies: &[String]) -> anyhow::Result<u8> {
    let cwd = std::env::current_dir().context("the current folder can't be found")?;
    match policy::load(policies, &[], &cwd) {
        Ok(policy) => {
            if !policy.warnings.is_empty() {
                say(&policy.warnings.render(colours()));
            }
            say(&format!("{}: valid", policy.sources.join(", ")));
            Ok(0)
        }
        Err(problems) => {
            say(&problems.render(colours()));
            Ok(USAGE)
        }
    }
}
