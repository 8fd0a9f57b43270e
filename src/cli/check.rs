//! `lictor check`: are these policies valid?

use super::{USAGE, colours, say};
use crate::policy;

/// Checks policies together, as `run` would use them, and says all that is wrong with them.
/// Gives the exit code: 0 if they can be used, 2 if not.
///
/// # Errors
/// The current folder can't be found.
pub fn check(policies: &[String]) -> anyhow::Result<u8> {
    let cwd = std::env::current_dir()?;
    match policy::load(policies, &[], &cwd) {
        Ok(policy) => {
            if !policy.warnings.is_empty() {
                say(&policy::render(&policy.warnings, colours()));
            }
            let verdict = match policy.warnings.warnings() {
                0 => "valid".to_owned(),
                1 => "valid, 1 warning".to_owned(),
                warnings => format!("valid, {warnings} warnings"),
            };
            say(&format!("{}: {verdict}", policy.sources.join(", ")));
            Ok(0)
        }
        Err(problems) => {
            say(&policy::render(&problems, colours()));
            Ok(USAGE)
        }
    }
}
