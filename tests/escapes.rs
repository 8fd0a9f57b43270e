//! Attempts to get past a policy, each on every interpreter.
//!
//! `escapes/FAMILY/*.py` are the project's own, with heads as `support/case.rs` describes them.
//! A larger corpus is run as well where there is one: in the folder that `LICTOR_ESCAPES` names,
//! else in `../shared/escapes` (`support/corpus.rs` reads its heads).
//!
//! A guest finds `CANARY_OUT`, a file that mustn't exist afterwards, and `CANARY_SECRET`, one
//! whose content mustn't be in any output, in its environment, if its policy lets them through;
//! and open descriptors of a pipe, a socket, a memory file and a log in whoever started Lictor.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use libtest_mimic::{Arguments, Failed, Trial};
use rustix::io::FdFlags;
use support::corpus::Attempt;
use support::{Guest, Python, Ran, case, pythons, tests_folder};

/// Attempts of the corpus whose marker appears, each with the reason: what only the kernel can
/// stop, and what isn't an escape here. They are reported as ignored; `--ignored` runs them.
const NOT_STOPPED: &[(&str, &str)] = &[
    (
        "log-event-flood",
        "by design: what a guest raises by sys.audit isn't recorded, so nothing overflows",
    ),
    (
        "sw-recursion-edge [3.11]",
        "by design: CPython's own RecursionError comes before the function is called",
    ),
    (
        "mem-memfd",
        "needs jail: memory files count to no limit of a process, only to a control group",
    ),
    (
        "mem-fd-exhaustion",
        "needs jail: the policy has no limit of descriptors; the supervisor's own are not affected",
    ),
    (
        "step-c-iterators",
        "by design: a step is a line of the guest; time limits bound work inside C",
    ),
    (
        "step-huge-expression",
        "by design: a step is a line of the guest; time and memory limits bound one expression",
    ),
    (
        "step-semicolons",
        "by design: a step is a line of the guest, however long; time limits bound it",
    ),
    (
        "vd-monkeypatch-host-helpers",
        "by design: a traceback goes to the sys.stderr that the guest put there, as in CPython",
    ),
];

/// Verdicts that are accepted beyond those a head lists, and why.
const ALSO: &[(&str, &str, &str)] = &[
    (
        "off-proc-self-mem",
        "violation tamper",
        "opening a process's memory is tampering under every policy, before it is reading a file",
    ),
    (
        "fr-readline-history",
        "violation file-read",
        "the function in C is judged before it opens the file, and told with rule and line",
    ),
    (
        "fw-readline-history",
        "violation file-write",
        "the function in C is judged before it makes the file, and told with rule and line",
    ),
    (
        "imp-accelerator-name",
        "violation tamper",
        "it imports _ctypes as well, which is tampering under every policy",
    ),
    (
        "off-f-trace-lines",
        "raised AttributeError",
        "on 3.11 the attribute is taken off the frame type: there is no definition to guard",
    ),
    (
        "step-flat-ast",
        "violation tamper",
        "compiling a tree made by hand is tampering, before a line of it runs",
    ),
    (
        "vd-kill-parent",
        "violation tamper",
        "signalling the supervisor is tampering under every policy",
    ),
];

/// How long after a run its late effects are looked for.
const LATE: Duration = Duration::from_millis(1500);

/// What a run of the corpus outlasts its limit by, in seconds.
const HOLD: &str = "4";

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads.get_or_insert(2);
    let _inherited = inherited();
    let mut trials = case::trials(&tests_folder().join("escapes"), |case, python| {
        let canary = Canary::new(case.name().as_str());
        let mut wrong = Vec::new();
        if let Err(why) = case.test(python, |guest| canary.show(guest)) {
            wrong.push(why);
        }
        wrong.extend(canary.harmed());
        wrong
            .is_empty()
            .then_some(())
            .ok_or_else(|| wrong.join("\n"))
    });
    if let Some(folder) = corpus() {
        trials.extend(shared(&folder));
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// Where the corpus is, if there is one.
fn corpus() -> Option<PathBuf> {
    let named = std::env::var_os("LICTOR_ESCAPES").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/escapes");
    named.or_else(|| beside.is_dir().then_some(beside))
}

fn shared(folder: &Path) -> Vec<Trial> {
    let mut scripts: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "py"))
        .collect();
    scripts.sort();
    let mut trials = Vec::new();
    for script in scripts {
        let mut attempt =
            Attempt::read(&script).unwrap_or_else(|why| panic!("{}: {why}", script.display()));
        let also = ALSO.iter().filter(|(id, ..)| *id == attempt.id);
        attempt
            .expect
            .extend(also.map(|(_, verdict, _)| case::Expected::read(verdict)));
        for python in pythons()
            .iter()
            .filter(|python| attempt.applies_to(python.version))
        {
            let attempt = attempt.clone();
            let labelled = format!("{} [{}]", attempt.id, python.label());
            let known = NOT_STOPPED
                .iter()
                .find(|(id, _)| *id == attempt.id || *id == labelled);
            let name = format!("shared/{labelled}");
            trials.push(
                Trial::test(name, move || run(&attempt, python).map_err(Failed::from))
                    .with_ignored_flag(known.is_some())
                    .with_kind(known.map_or("", |(_, why)| why)),
            );
        }
    }
    trials
}

fn run(attempt: &Attempt, python: &Python) -> Result<(), String> {
    let scratch = tempfile::tempdir().expect("a folder to run in");
    let papers = tempfile::tempdir().expect("a folder for the policy");
    let policy = papers.path().join("policy.toml");
    std::fs::write(&policy, &attempt.policy).unwrap();
    let canary = Canary::new(&attempt.id);
    let mut guest = canary
        .show(Guest::new(&attempt.script, python))
        .policy(policy)
        .variable("CANARY_HOLD", HOLD)
        .folder(scratch.path());
    if attempt.breaks == "timeout" {
        guest = guest.stdin_stays_open();
    }
    let ran = guest.run();
    if attempt.late {
        // There is nothing to wait for: what is looked for is something that doesn't happen.
        std::thread::sleep(LATE);
    }

    let mut wrong = Vec::new();
    let found = case::found(&ran);
    if !attempt
        .expect
        .iter()
        .any(|expected| expected.agrees(&found, &ran))
    {
        wrong.push(format!("expected {:?}, found {found:?}", attempt.expect));
    }
    if case::exit_code(&found.0) != Some(ran.code) {
        wrong.push(format!("exit code {} with {}", ran.code, found.0));
    }
    let markers = [
        format!("ESCAPED {}", attempt.id),
        format!("REACHED {}", attempt.id),
    ];
    for line in ran.stdout.lines().chain(ran.stderr.lines()) {
        if markers.iter().any(|marker| line.starts_with(marker)) {
            wrong.push(format!("printed: {line}"));
        }
    }
    wrong.extend(canary.harmed());
    wrong.extend(canary.told(&ran));
    wrong.extend(case::truthful(&ran));
    if wrong.is_empty() {
        return Ok(());
    }
    wrong.push(format!(
        "--- policy\n{}--- stdout\n{}--- stderr\n{}",
        attempt.policy,
        case::head(&ran.stdout),
        case::head(&ran.stderr)
    ));
    Err(wrong.join("\n"))
}

/// What a guest is to leave alone.
struct Canary {
    folder: tempfile::TempDir,
    secret: String,
}

impl Canary {
    fn new(name: &str) -> Canary {
        let folder = tempfile::tempdir().expect("a folder for the canary");
        let secret = format!("the-secret-of-{}", name.replace('/', "-"));
        std::fs::write(folder.path().join("secret"), format!("{secret}\n")).unwrap();
        Canary { folder, secret }
    }

    fn show(&self, guest: Guest) -> Guest {
        guest
            .variable("CANARY_OUT", &self.path("out"))
            .variable("CANARY_SECRET", &self.path("secret"))
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_string_lossy().into_owned()
    }

    /// Was something written?
    fn harmed(&self) -> Vec<String> {
        let out = Path::new(&self.path("out")).symlink_metadata();
        let moved = !Path::new(&self.path("secret")).exists();
        [
            (out.is_ok(), "the canary file exists"),
            (moved, "the secret's file is gone"),
        ]
        .into_iter()
        .filter(|(harm, _)| *harm)
        .map(|(_, what)| what.to_owned())
        .collect()
    }

    /// Is the secret in anything that came of the run?
    fn told(&self, ran: &Ran) -> Vec<String> {
        let report = ran.report.to_string();
        let log = serde_json::Value::from(ran.audit.clone()).to_string();
        [
            ("stdout", &ran.stdout),
            ("stderr", &ran.stderr),
            ("report", &report),
            ("log", &log),
        ]
        .into_iter()
        .filter(|(_, text)| text.contains(&self.secret))
        .map(|(place, _)| format!("the secret is in the {place}"))
        .collect()
    }
}

/// Descriptors that a child inherits, as a careless program leaves them open.
fn inherited() -> Vec<OwnedFd> {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    let (here, there) = std::os::unix::net::UnixStream::pair().expect("a socket");
    let memory = rustix::fs::memfd_create("log", rustix::fs::MemfdFlags::empty()).expect("a file");
    let log = tempfile::tempfile().expect("a log");
    let open: Vec<OwnedFd> = vec![
        reader.into(),
        writer.into(),
        here.into(),
        there.into(),
        memory,
        log.into(),
    ];
    for descriptor in &open {
        rustix::io::fcntl_setfd(descriptor.as_fd(), FdFlags::empty()).expect("a flag");
    }
    open
}
