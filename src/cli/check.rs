//! `lictor check`: are these policies valid?

use std::ffi::OsString;

use anyhow::Context;

use super::{USAGE, colours, say};
use crate::policy;
use crate::supervisor::{catalogue, interpreter};

/// Arguments of `lictor check`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The interpreter whose names the policies are compared with
    ///
    /// Without it: the one that `lictor run` would take, if there is one.
    #[arg(long, value_name = "PYTHON")]
    python: Option<OsString>,
    /// Preset, or path (with `/`, or ending in .toml)
    #[arg(required = true, value_name = "POLICY")]
    policies: Vec<String>,
}

/// Checks policies together, as `lictor run` would use them, and says on stderr all that is
/// wrong. Gives the exit code: 0 if they can be used, 2 if not.
///
/// # Errors
///
/// The current folder can't be found, or the interpreter that was named.
pub fn check(arguments: &Arguments) -> anyhow::Result<u8> {
    let cwd = std::env::current_dir().context("the current folder can't be found")?;
    let mut policy = match policy::load(&arguments.policies, &[], &cwd) {
        Ok(policy) => policy,
        Err(problems) => {
            say(&problems.render(colours()));
            return Ok(USAGE);
        }
    };
    match interpreter::choose(arguments.python.as_deref()) {
        Ok(python) => policy
            .warnings
            .extend(catalogue::compare(&policy, &python, &[&cwd])),
        Err(error) if arguments.python.is_some() => return Err(error.into()),
        // A policy can be written where no Python is.
        Err(error) => tracing::info!("names aren't checked: {error}"),
    }
    if !policy.warnings.is_empty() {
        say(&policy.warnings.render(colours()));
    }
    if policy.warnings.has_errors() {
        return Ok(USAGE);
    }
    say(&format!("{}: valid", policy.sources.join(", ")));
    Ok(0)
}
