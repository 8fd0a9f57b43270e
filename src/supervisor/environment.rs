//! The worker's environment, built from nothing.
//!
//! A run must not depend on what happens to be set where Lictor was called: the guest gets
//! a constant `PATH`, what Python needs to behave the same everywhere, and the variables that
//! `[environment] pass` names. What steers the loader or the interpreter never passes.

use std::ffi::{OsStr, OsString};

use globset::{Glob, GlobSet, GlobSetBuilder};

use crate::policy::HashSeed;

/// Variables that would change the loader, libc or the interpreter under the hook.
const NEVER_PASSED: [&str; 4] = ["PYTHON", "LD_", "GLIBC_", "MALLOC_"];

/// The environment of a worker: constants first, then those of the caller's variables that
/// one of the globs names.
///
/// # Errors
///
/// If a glob isn't one.
pub fn build(
    pass: &[String],
    hash_seed: HashSeed,
    caller: impl Iterator<Item = (OsString, OsString)>,
) -> Result<Vec<(OsString, OsString)>, globset::Error> {
    let seed = match hash_seed {
        HashSeed::Fixed(seed) => seed.to_string(),
        HashSeed::Random => "random".to_owned(),
    };
    let globs = globs(pass)?;
    let constants = [
        ("PATH", "/usr/bin:/bin"),
        ("PYTHONHASHSEED", &seed),
        // The same text encoding whatever the locale.
        ("PYTHONUTF8", "1"),
        // A run leaves no `__pycache__` behind.
        ("PYTHONDONTWRITEBYTECODE", "1"),
        // From 3.14 a process that may trace this one could have it run a script.
        ("PYTHON_DISABLE_REMOTE_DEBUG", "1"),
    ];
    let mut built: Vec<(OsString, OsString)> = constants
        .map(|(name, value)| (name.into(), value.into()))
        .into();
    for (name, value) in caller {
        if !passes(&globs, &name) {
            continue;
        }
        built.retain(|(constant, _)| *constant != name);
        built.push((name, value));
    }
    Ok(built)
}

fn globs(pass: &[String]) -> Result<GlobSet, globset::Error> {
    let mut set = GlobSetBuilder::new();
    for glob in pass {
        set.add(Glob::new(glob)?);
    }
    set.build()
}

fn passes(globs: &GlobSet, name: &OsStr) -> bool {
    let never = NEVER_PASSED
        .iter()
        .any(|prefix| name.as_encoded_bytes().starts_with(prefix.as_bytes()));
    !never && globs.is_match(name)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn built(pass: &[&str], caller: &[(&str, &str)]) -> Vec<String> {
        let pass: Vec<String> = pass.iter().map(|glob| (*glob).to_owned()).collect();
        let caller = caller
            .iter()
            .map(|(name, value)| (name.into(), value.into()));
        let built = build(&pass, HashSeed::Fixed(0), caller).unwrap();
        built
            .into_iter()
            .map(|(name, value)| format!("{}={}", name.display(), value.display()))
            .collect()
    }

    const CONSTANT: [&str; 5] = [
        "PATH=/usr/bin:/bin",
        "PYTHONHASHSEED=0",
        "PYTHONUTF8=1",
        "PYTHONDONTWRITEBYTECODE=1",
        "PYTHON_DISABLE_REMOTE_DEBUG=1",
    ];

    #[test]
    fn nothing_passes_unasked() {
        assert_eq!(built(&[], &[("HOME", "/root"), ("SECRET", "x")]), CONSTANT);
    }

    #[test]
    fn globs_pass_what_they_name() {
        let caller = [("LC_ALL", "C"), ("LANG", "de"), ("SLC_ALL", "x")];
        assert_eq!(
            built(&["LC_*"], &caller),
            [&CONSTANT[..], &["LC_ALL=C"]].concat()
        );
    }

    #[test]
    fn the_callers_path_replaces_the_constant_one() {
        assert_eq!(built(&["PATH"], &[("PATH", "/opt")])[4], "PATH=/opt");
    }

    #[test]
    fn loader_and_interpreter_are_never_steered() {
        let caller = [
            ("PYTHONPATH", "/evil"),
            ("LD_PRELOAD", "/evil.so"),
            ("PYTHONHASHSEED", "7"),
        ];
        assert_eq!(built(&["*", "PYTHONPATH"], &caller), CONSTANT);
    }
}
