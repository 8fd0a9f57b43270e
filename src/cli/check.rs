//! `lictor check`: are these policies valid?

use std::io::Write;

use crate::policy;

/// Checks `policies` together, as `lictor run` would use them, and says on stderr what is
/// wrong. Gives the exit code: 0 if they can be used, 2 if not.
///
/// # Errors
/// The current folder isn't there, or stderr can't be written.
pub fn check(policies: &[String]) -> anyhow::Result<u8> {
    let cwd = std::env::current_dir()?;
    let mut stderr = anstream::stderr().lock();
    match policy::load(policies, &[], &cwd) {
        Ok(policy) => {
            // anstream strips the colours where they aren't wanted.
            write!(stderr, "{}", policy::render(&policy.warnings, true))?;
            let warnings = policy.warnings.warnings();
            let plural = if warnings == 1 { "" } else { "s" };
            writeln!(stderr, "{}: valid, {warnings} warning{plural}", policy.name)?;
            Ok(0)
        }
        Err(diagnostics) => {
            write!(stderr, "{}", policy::render(&diagnostics, true))?;
            Ok(2)
        }
    }
}
