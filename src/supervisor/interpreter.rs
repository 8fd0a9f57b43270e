//! Which Python runs the guest: found, asked what it is, and matched with a hook library.
//!
//! The interpreter is the user's choice and trusted; but it may be anything that can be
//! executed, so little is believed before it has answered the [`probe`].

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::hooks::{self, Hook};
use super::probe;

/// Longest answer to the probe, in bytes.
const MAX_ANSWER: u64 = 256 * 1024;

const PROBE: &str = include_str!("probe.py");

/// A Python that can run guests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interpreter {
    /// What is started; a venv's own path where it stands in one.
    pub executable: PathBuf,
    /// Major, minor, micro.
    pub version: [u8; 3],
    /// The venv's folder.
    pub venv: Option<PathBuf>,
    /// Folders (and zip files) of the standard library.
    pub library: Vec<PathBuf>,
    /// Folders of installed packages, those of the venv first.
    pub site_packages: Vec<PathBuf>,
    /// The hook library for it.
    pub hook: PathBuf,
}

impl Interpreter {
    /// `3.11.7`.
    pub fn version_text(&self) -> String {
        dotted(self.version)
    }
}

/// Why there is no interpreter. Nothing was run.
#[derive(Debug, thiserror::Error)]
pub enum InterpreterError {
    /// No program of this name or path.
    #[error("there is no Python {0:?}")]
    Missing(PathBuf),
    /// Nothing was found at all.
    #[error(
        "no Python was found (looked at $VIRTUAL_ENV, .venv, and python3 and python on PATH); \
         name one with --python"
    )]
    NoneFound,
    /// It can't be executed, or doesn't answer as a Python does.
    #[error("{path:?} isn't a usable Python: {reason}")]
    NotPython {
        /// The program.
        path: PathBuf,
        /// What happened instead.
        reason: String,
    },
    /// PyPy and others.
    #[error("{path:?} is {implementation}; Lictor works with CPython only")]
    NotCPython {
        /// The program.
        path: PathBuf,
        /// Its name for itself.
        implementation: String,
    },
    /// A build without the global interpreter lock.
    #[error("{path:?} is a free-threaded build of CPython, which Lictor can't watch yet")]
    FreeThreaded {
        /// The program.
        path: PathBuf,
    },
    /// A version that the hook isn't written for.
    #[error("{path:?} is Python {version}; Lictor works with CPython 3.{} to 3.{}", hooks::SUPPORTED.start(), hooks::SUPPORTED.end())]
    Unsupported {
        /// The program.
        path: PathBuf,
        /// Its version.
        version: String,
    },
    /// A good Python for which no hook library was built.
    #[error(
        "{path:?} is Python 3.{minor}, but {available}; \
         build the one for it with `PYO3_PYTHON={path} cargo build --release`, \
         or choose another interpreter with --python",
        path = path.display(), available = available(hooks)
    )]
    NoHook {
        /// The program.
        path: PathBuf,
        /// Its minor version.
        minor: u8,
        /// The hook libraries that there are.
        hooks: Vec<Hook>,
    },
    /// The program doesn't know its own place.
    #[error("the hook libraries can't be found: {0}")]
    Program(#[from] std::io::Error),
}

fn available(hooks: &[Hook]) -> String {
    let mut minors: Vec<u8> = hooks.iter().map(|hook| hook.minor).collect();
    minors.sort_unstable();
    minors.dedup();
    let versions: Vec<String> = minors.iter().map(|minor| format!("3.{minor}")).collect();
    match versions.as_slice() {
        [] => "there is no hook library beside the program".to_owned(),
        [one] => format!("the only hook library here is for {one}"),
        many => format!("the hook libraries here are for {}", many.join(", ")),
    }
}

/// Finds the interpreter for a run.
///
/// `wanted` is the user's `--python`, a path or a name on `PATH`. Without it the first of
/// `$VIRTUAL_ENV/bin/python`, `.venv/bin/python`, `python3`, `python` is taken that has a hook
/// library.
///
/// # Errors
///
/// If there is none that Lictor can use. Without `wanted` the error is that of the first one
/// found.
pub fn choose(wanted: Option<&OsStr>) -> Result<Interpreter, InterpreterError> {
    let hooks = hooks::beside_program()?;
    let path = std::env::var_os("PATH").unwrap_or_default();
    if let Some(wanted) = wanted {
        let found = if wanted.as_encoded_bytes().contains(&b'/') {
            Some(PathBuf::from(wanted)).filter(|path| path.exists())
        } else {
            on_path(&path, wanted).next()
        };
        let found = found.ok_or_else(|| InterpreterError::Missing(wanted.into()))?;
        return examine(&found, &hooks);
    }
    let mut first_error = None;
    for candidate in candidates(std::env::var_os("VIRTUAL_ENV"), &path) {
        match examine(&candidate, &hooks) {
            Ok(interpreter) => return Ok(interpreter),
            Err(error) => {
                tracing::info!("passing over {}: {error}", candidate.display());
                first_error.get_or_insert(error);
            }
        }
    }
    Err(first_error.unwrap_or(InterpreterError::NoneFound))
}

/// The programs to look at when the user named none, in order of preference.
fn candidates(virtual_env: Option<OsString>, path: &OsStr) -> Vec<PathBuf> {
    let venv = virtual_env
        .filter(|venv| !venv.is_empty())
        .map(|venv| PathBuf::from(venv).join("bin/python"));
    let local = PathBuf::from(".venv/bin/python");
    let mut all: Vec<PathBuf> = venv
        .into_iter()
        .chain([local])
        .filter(|path| is_program(path))
        .collect();
    for name in ["python3", "python"] {
        all.extend(on_path(path, OsStr::new(name)));
    }
    all
}

/// The programs of this name on `PATH`, in order.
fn on_path(path: &OsStr, name: &OsStr) -> impl Iterator<Item = PathBuf> {
    std::env::split_paths(path)
        .map(move |folder| folder.join(name))
        .filter(|path| is_program(path))
}

fn is_program(path: &Path) -> bool {
    path.metadata()
        .is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

/// Asks one program what it is, and finds its hook library.
fn examine(path: &Path, hooks: &[Hook]) -> Result<Interpreter, InterpreterError> {
    let answer = ask(path)?;
    let path = path.to_owned();
    if answer.implementation != "cpython" {
        return Err(InterpreterError::NotCPython {
            path,
            implementation: answer.implementation,
        });
    }
    let [major, minor, _] = answer.version;
    if major != 3 || !hooks::SUPPORTED.contains(&minor) {
        return Err(InterpreterError::Unsupported {
            path,
            version: dotted(answer.version),
        });
    }
    if answer.free_threaded {
        return Err(InterpreterError::FreeThreaded { path });
    }
    let executable = path_from(&answer.executable)
        .filter(|path| path.is_absolute())
        .ok_or_else(|| InterpreterError::NotPython {
            path,
            reason: "it doesn't know its own path".to_owned(),
        })?;
    let Some(hook) = hooks.iter().find(|hook| hook.minor == minor) else {
        return Err(InterpreterError::NoHook {
            path: executable,
            minor,
            hooks: hooks.to_vec(),
        });
    };
    let paths = |texts: &[String]| texts.iter().filter_map(|text| path_from(text)).collect();
    Ok(Interpreter {
        executable,
        version: answer.version,
        venv: answer.venv.as_deref().and_then(path_from),
        library: paths(&answer.library),
        site_packages: paths(&answer.site_packages),
        hook: hook.path.clone(),
    })
}

/// What [`PROBE`] prints.
#[derive(Debug, Deserialize)]
struct Answer {
    implementation: String,
    version: [u8; 3],
    free_threaded: bool,
    executable: String,
    venv: Option<String>,
    library: Vec<String>,
    site_packages: Vec<String>,
}

/// Runs the probe.
fn ask(path: &Path) -> Result<Answer, InterpreterError> {
    let unusable = |reason: String| InterpreterError::NotPython {
        path: path.to_owned(),
        reason,
    };
    let answer = probe::ask(path, PROBE, Vec::new(), MAX_ANSWER).map_err(unusable)?;
    serde_json::from_slice(&answer.text).map_err(|_| unusable(answer.complaint()))
}

/// A path that the probe printed one character per byte.
fn path_from(text: &str) -> Option<PathBuf> {
    let bytes = text
        .chars()
        .map(u8::try_from)
        .collect::<Result<Vec<u8>, _>>()
        .ok()?;
    (!bytes.is_empty()).then(|| PathBuf::from(OsString::from_vec(bytes)))
}

fn dotted([major, minor, micro]: [u8; 3]) -> String {
    format!("{major}.{minor}.{micro}")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::process::Command;

    use super::*;

    /// A shell script as the interpreter. Another process writes it: an executable that is
    /// open for writing in a child of some other test can't be executed.
    fn impostor(folder: &Path, script: &str) -> PathBuf {
        let path = folder.join("python");
        let write = r#"printf '#!/bin/sh\n%s\n' "$1" >"$0" && chmod +x "$0""#;
        let status = Command::new("/bin/sh")
            .arg("-c")
            .arg(write)
            .arg(&path)
            .arg(script)
            .status();
        assert!(status.unwrap().success());
        path
    }

    fn answer(implementation: &str, minor: u8, free_threaded: bool) -> String {
        format!(
            r#"{{"implementation": "{implementation}", "version": [3, {minor}, 1], "free_threaded": {free_threaded},
                "executable": "/opt/py\u00f6", "venv": null, "library": ["/opt/lib"], "site_packages": []}}"#
        )
    }

    /// What becomes of a program that prints `answer`, whatever it is asked.
    fn examined(answer: &str, hooks: &[Hook]) -> Result<Interpreter, InterpreterError> {
        let folder = tempfile::tempdir().unwrap();
        let script = format!("cat <<'END'\n{answer}\nEND");
        examine(&impostor(folder.path(), &script), hooks)
    }

    fn hook(minor: u8) -> Hook {
        Hook {
            minor,
            path: format!("/hooks/{minor}").into(),
        }
    }

    #[test]
    fn a_python_with_a_hook_library_is_taken() {
        let found = examined(&answer("cpython", 12, false), &[hook(11), hook(12)]).unwrap();
        assert_eq!(found.hook, Path::new("/hooks/12"));
        assert_eq!(found.version_text(), "3.12.1");
        // One character per byte: this path isn't UTF-8.
        assert_eq!(
            found.executable.as_os_str().as_encoded_bytes(),
            b"/opt/py\xf6"
        );
    }

    #[test]
    fn what_the_hook_does_not_know_is_refused() {
        let hooks = [hook(11), hook(13)];
        let error = |text: &str| examined(text, &hooks).unwrap_err();
        assert!(matches!(
            error(&answer("pypy", 11, false)),
            InterpreterError::NotCPython { .. }
        ));
        assert!(matches!(
            error(&answer("cpython", 10, false)),
            InterpreterError::Unsupported { .. }
        ));
        assert!(matches!(
            error(&answer("cpython", 16, false)),
            InterpreterError::Unsupported { .. }
        ));
        assert!(matches!(
            error(&answer("cpython", 13, true)),
            InterpreterError::FreeThreaded { .. }
        ));
        assert!(matches!(
            error("Hello!"),
            InterpreterError::NotPython { .. }
        ));
        assert!(matches!(error(""), InterpreterError::NotPython { .. }));
    }

    #[test]
    fn a_missing_hook_library_says_which_there_are_and_what_to_do() {
        let error = examined(&answer("cpython", 12, false), &[hook(13), hook(11)]).unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains("is Python 3.12, but the hook libraries here are for 3.11, 3.13"),
            "{text}"
        );
        assert!(text.contains("cargo build --release"), "{text}");
        assert!(text.contains("--python"), "{text}");
    }

    #[test]
    fn a_program_that_is_no_python_is_quoted_briefly() {
        let folder = tempfile::tempdir().unwrap();
        let path = impostor(folder.path(), &format!("echo '{}' >&2", "x".repeat(500)));
        let error = examine(&path, &[]).unwrap_err().to_string();
        assert!(
            error.ends_with(&format!(" {}…", "x".repeat(100))),
            "{error}"
        );
    }

    #[test]
    fn candidates_come_in_the_order_of_preference() {
        let [one, two] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        std::fs::create_dir(one.path().join("bin")).unwrap();
        let program = |path: PathBuf| {
            std::fs::write(&path, "").unwrap();
            std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
            path
        };
        let venv = program(one.path().join("bin/python"));
        let python = program(two.path().join("python"));
        let python3 = program(two.path().join("python3"));
        std::fs::write(one.path().join("python3"), "not executable").unwrap();
        let path = std::env::join_paths([one.path(), two.path()]).unwrap();
        assert_eq!(
            candidates(Some(one.path().into()), &path),
            [venv, python3, python]
        );
    }
}
