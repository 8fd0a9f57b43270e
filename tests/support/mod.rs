//! What the tests that run guests share: which interpreters to try, how to start `lictor`
//! on a script, and what came of it as plain data.
//!
//! The tests trust nothing but exit codes, the report, the log and the two output streams:
//! they are users of the command line. A run that doesn't end is killed and fails its test.

#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

pub mod case;
pub mod corpus;

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, mpsc};
use std::time::Duration;

use serde_json::Value;

/// A run that takes longer hangs. Far beyond what any guest of the tests needs.
const PATIENCE: Duration = Duration::from_secs(120);

/// How many guests run at a time.
const WORKERS: usize = 2;

/// A CPython that the tests run guests on.
#[derive(Clone, Debug)]
pub struct Python {
    /// The executable.
    pub path: PathBuf,
    /// Major and minor version.
    pub version: (u32, u32),
}

impl Python {
    /// `3.11`, for the names of tests.
    pub fn label(&self) -> String {
        format!("{}.{}", self.version.0, self.version.1)
    }

    /// The interpreter as the worker starts it (`-s -P -S`, fixed hash seed).
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.path);
        command.args(["-s", "-P", "-S"]).env("PYTHONHASHSEED", "0");
        command
    }
}

/// The interpreters to test with: those of `LICTOR_TEST_PYTHONS` (paths with colons between
/// them), else the `python3` on the path.
pub fn pythons() -> &'static [Python] {
    static FOUND: OnceLock<Vec<Python>> = OnceLock::new();
    FOUND.get_or_init(|| {
        let listed = std::env::var_os("LICTOR_TEST_PYTHONS").unwrap_or_else(|| "python3".into());
        std::env::split_paths(&listed).map(python_at).collect()
    })
}

fn python_at(path: PathBuf) -> Python {
    let question = "import sys; print(sys.executable, *sys.version_info[:2], sep='\\n')";
    let answer = Command::new(&path)
        .args(["-I", "-S", "-c", question])
        .output()
        .unwrap_or_else(|error| panic!("{} does not start: {error}", path.display()));
    let text = String::from_utf8(answer.stdout).expect("a path in UTF-8");
    let mut lines = text.lines();
    let mut next = || {
        lines
            .next()
            .unwrap_or_else(|| panic!("{} is no Python", path.display()))
    };
    let executable = PathBuf::from(next());
    let major = next().parse().expect("a version number");
    let minor = next().parse().expect("a version number");
    Python {
        path: executable,
        version: (major, minor),
    }
}

/// The folder of the tests' files.
pub fn tests_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

/// The program under test.
pub fn lictor() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lictor"));
    command
        .env("NO_COLOR", "1")
        .env_remove("VIRTUAL_ENV")
        .env_remove("LICTOR_LOG");
    command
}

/// One run of `lictor run`, before it is started.
pub struct Guest {
    script: PathBuf,
    python: Python,
    folder: Option<PathBuf>,
    options: Vec<OsString>,
    arguments: Vec<String>,
    stdin: Vec<u8>,
    stdin_stays_open: bool,
    environment: Vec<(String, String)>,
}

/// What came of a run.
#[derive(Debug)]
pub struct Ran {
    /// Exit code of `lictor`.
    pub code: i32,
    /// The guest's output.
    pub stdout: String,
    /// The guest's errors and Lictor's words.
    pub stderr: String,
    /// The report; `Null` when none was written.
    pub report: Value,
    /// The audit log's records, in order.
    pub audit: Vec<Value>,
}

impl Guest {
    /// A run of `script` on `python`, without a policy, in a folder of its own.
    pub fn new(script: impl Into<PathBuf>, python: &Python) -> Guest {
        Guest {
            script: script.into(),
            python: python.clone(),
            folder: None,
            options: Vec::new(),
            arguments: Vec::new(),
            stdin: Vec::new(),
            stdin_stays_open: false,
            environment: Vec::new(),
        }
    }

    /// Adds a policy: a path, or the name of a preset.
    pub fn policy(mut self, policy: impl Into<OsString>) -> Guest {
        self.options.extend(["--policy".into(), policy.into()]);
        self
    }

    /// Sets a limit as the command line writes it (`steps=100`).
    pub fn limit(mut self, limit: impl Into<OsString>) -> Guest {
        self.options.extend(["--limit".into(), limit.into()]);
        self
    }

    /// Arguments for the guest.
    pub fn arguments(mut self, arguments: &[String]) -> Guest {
        self.arguments.extend_from_slice(arguments);
        self
    }

    /// Bytes for the guest's standard input.
    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Guest {
        self.stdin = bytes.into();
        self
    }

    /// Leaves the standard input open until the run is over.
    pub fn stdin_stays_open(mut self) -> Guest {
        self.stdin_stays_open = true;
        self
    }

    /// A variable in the environment of `lictor`.
    pub fn variable(mut self, name: &str, value: &str) -> Guest {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The working directory, instead of an empty one.
    pub fn folder(mut self, folder: impl Into<PathBuf>) -> Guest {
        self.folder = Some(folder.into());
        self
    }

    /// Runs it.
    pub fn run(self) -> Ran {
        let papers = tempfile::tempdir().expect("a folder for the report");
        let empty = tempfile::tempdir().expect("a folder to run in");
        let report = papers.path().join("report.json");
        let audit = papers.path().join("audit.jsonl");

        let mut command = lictor();
        command
            .arg("run")
            .args(&self.options)
            .arg("--python")
            .arg(&self.python.path)
            .arg("--report")
            .arg(&report)
            .arg("--audit")
            .arg(&audit)
            .arg("--")
            .arg(&self.script)
            .args(&self.arguments)
            .envs(self.environment)
            .current_dir(self.folder.as_deref().unwrap_or(empty.path()));
        let (code, stdout, stderr) = finish_with(command, self.stdin, self.stdin_stays_open);
        Ran {
            code,
            stdout,
            stderr,
            report: read(&report)
                .map(|text| serde_json::from_str(&text).expect("the report is JSON"))
                .unwrap_or(Value::Null),
            audit: read(&audit)
                .map(|text| {
                    text.lines()
                        .map(|line| serde_json::from_str(line).expect("a record is JSON"))
                        .collect()
                })
                .unwrap_or_default(),
        }
    }
}

impl Ran {
    /// The report's value at a JSON pointer (`/limit/kind`); `Null` where there is none.
    pub fn at(&self, pointer: &str) -> &Value {
        self.report.pointer(pointer).unwrap_or(&Value::Null)
    }
}

fn read(path: &Path) -> Option<String> {
    std::fs::read_to_string(path).ok()
}

/// Runs a command to its end; returns its exit code (minus the signal) and what it printed.
pub fn finish(command: Command, stdin: Vec<u8>) -> (i32, String, String) {
    finish_with(command, stdin, false)
}

fn finish_with(mut command: Command, stdin: Vec<u8>, open: bool) -> (i32, String, String) {
    use std::os::unix::process::ExitStatusExt;

    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut input = child.stdin.take().expect("its standard input");
    let process = rustix::process::Pid::from_child(&child);
    // A program that never reads its input makes this fail, or wait until it is gone.
    let (end, ended) = mpsc::channel::<()>();
    std::thread::spawn(move || {
        input.write_all(&stdin).ok();
        if open {
            // Returns when the other end is dropped.
            ended.recv().ok();
        }
    });
    let (done, outcome) = mpsc::channel();
    std::thread::spawn(move || done.send(child.wait_with_output()));
    let output = match outcome.recv_timeout(PATIENCE) {
        Ok(output) => output.expect("its output"),
        Err(_) => {
            rustix::process::kill_process(process, rustix::process::Signal::KILL).ok();
            panic!("{command:?} did not end in {PATIENCE:?}");
        }
    };
    drop(end);
    let code = output
        .status
        .code()
        .or(output.status.signal().map(|signal| -signal));
    (
        code.expect("an exit status"),
        String::from_utf8_lossy(&output.stdout).into_owned(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

/// Checks all items, a few at a time, and panics with the list of those that failed.
pub fn check_all<T: Sync>(items: &[T], check: impl Fn(&T) -> Result<(), String> + Sync) {
    let next = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(failure) = check(item) {
                        failures.lock().unwrap().push(failure);
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().unwrap();
    assert!(!items.is_empty(), "there is nothing to check");
    assert!(
        failures.is_empty(),
        "{} of {} failed:\n{}",
        failures.len(),
        items.len(),
        failures.join("\n")
    );
}
