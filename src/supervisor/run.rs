//! One run, from the setup to the verdict.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use rustix::rand::{GetRandomFlags, getrandom};

use super::events::{self, Recorder};
use super::interpreter::Interpreter;
use super::judge::{self, Ceiling, Evidence, Judgement};
use super::orphans::Orphans;
use super::output::{Allowance, Notifier, Outlet, Stream};
use super::spawn::{self, KernelLimits, Launch, SpawnError};
use super::syntax;
use super::sys::{Reaped, Signals};
use super::watch::{Output, Watch};
use super::watchdog::Watchdog;
use crate::protocol::channel::{self, ChannelError};
use crate::protocol::setup::Setup;
use crate::rules::{LimitKind, Limits, RuleSet};
use crate::verdict::{Outcome, PolicySummary, PythonSummary, ScriptSummary, Usage};

/// How long the processes that a guest left behind may take to die.
const ORPHANS: Duration = Duration::from_secs(10);

/// A script that was read.
#[derive(Clone, Debug)]
pub struct Script {
    /// As the user named it.
    pub path: PathBuf,
    /// Its folder, absolute.
    pub folder: PathBuf,
    /// Its text, any bytes.
    pub source: Vec<u8>,
    /// SHA-256 of the text, in hex.
    pub sha256: String,
}

/// All that a run needs.
pub struct Run<R> {
    /// What is run.
    pub script: Script,
    /// Its arguments.
    pub arguments: Vec<OsString>,
    /// What runs it.
    pub interpreter: Interpreter,
    /// The guest's whole environment.
    pub environment: Vec<(OsString, OsString)>,
    /// The policy's rules.
    pub rules: RuleSet,
    /// The policy's limits.
    pub limits: Limits,
    /// The policy, for the report.
    pub policy: PolicySummary,
    /// Where events go.
    pub recorder: R,
    /// Our stdout is somebody else's: the guest's goes to stderr.
    pub stdout_to_stderr: bool,
}

/// A run that came to its end.
pub struct Finished<R> {
    /// What became of it.
    pub outcome: Outcome,
    /// The signal that interrupted it.
    pub interrupted: Option<i32>,
    /// The recorder, to be closed; `None` if its thread failed.
    pub recorder: Option<R>,
}

/// Why nothing was run.
#[derive(Debug, thiserror::Error)]
pub enum SuperviseError {
    /// The shared memory can't be made.
    #[error(transparent)]
    Channel(#[from] ChannelError),
    /// The worker can't be started.
    #[error(transparent)]
    Spawn(#[from] SpawnError),
    /// The policy asks for what the hook can't do.
    #[error("{0}")]
    Impossible(String),
    /// The kernel refuses something that every run needs.
    #[error("the run can't be supervised: {0}")]
    Kernel(#[from] io::Error),
}

/// Runs a script and judges it.
///
/// One run at a time in a process: it waits for every child that comes into being meanwhile.
///
/// # Errors
///
/// If nothing was run. Whatever happens once the worker lives is in the outcome.
pub fn run<R: Recorder>(run: Run<R>) -> Result<Finished<R>, SuperviseError> {
    let Run {
        script,
        arguments,
        interpreter,
        environment,
        rules,
        limits,
        policy,
        mut recorder,
        stdout_to_stderr,
    } = run;
    let about = About::of(policy, &script, &interpreter);
    let evidence = syntax::evidence(&script, &interpreter, &environment, &rules, &mut recorder);
    if evidence.decides() {
        return Ok(Finished {
            outcome: about.outcome(&evidence, Usage::default(), Vec::new()),
            interrupted: None,
            recorder: Some(recorder),
        });
    }

    let nonce = nonce()?;
    let setup = setup(nonce, script, arguments, &interpreter, &rules, &limits);
    let (consumer, memory) = channel::create(&setup)?;
    drop(setup);

    let signals = Signals::catch()?;
    let orphans = Orphans::adopt()?;
    let notifier = Notifier::new()?;
    let [stdout, stderr] = outlets(stdout_to_stderr, &notifier)?;
    let launch = Launch::of_guest(&interpreter, environment, &limits, &memory);
    let mut worker = spawn::start(&launch, &memory)?;
    drop(memory); // the worker's hook has it now, and nobody else can open it

    let (sender, notices) = channel();
    let control = consumer.control();
    let follower = events::follow(consumer, rules.clone(), recorder, sender, notifier.clone());
    let mut watch = Watch {
        output: Output {
            stdout: Stream::new(worker.stdout.take(), stdout),
            stderr: Stream::new(worker.stderr.take(), stderr),
            allowance: Allowance::new(limits.output),
        },
        worker: &mut worker,
        orphans: &orphans,
        control: control.clone(),
        notices,
        notifier,
        signals: &signals,
        watchdog: Watchdog::new(limits.wall, limits.cpu, processors(), Instant::now()),
        limits: &limits,
        rules: &rules,
        python: interpreter.version,
        evidence: Evidence { nonce, ..evidence },
        impossible: None,
        killed: None,
    };
    if let Err(error) = watch.until_dead() {
        watch
            .evidence
            .failures
            .push(format!("the worker can't be watched: {error}"));
        watch.worker.kill();
    }

    // The worker is dead or as good as dead; now everything that it may have left behind.
    let reaped = watch.worker.wait(ORPHANS);
    let orphans_cpu = orphans.end(ORPHANS).unwrap_or_else(|left| {
        watch
            .evidence
            .failures
            .push(format!("{left} processes of the run can't be ended"));
        Duration::ZERO
    });
    let wall = watch.watchdog.started().map(|started| started.elapsed());
    control.close();
    let followed = follower.join().ok();
    watch.take_notices();
    let wall = wall.or_else(|| watch.watchdog.started().map(|started| started.elapsed()));
    watch.drain();
    if let Some(reason) = watch.impossible.take() {
        return Err(SuperviseError::Impossible(reason));
    }

    let usage = usage(
        &control,
        wall,
        reaped,
        orphans_cpu,
        watch.output.allowance.written(),
    );
    let mut evidence = watch.flush();
    evidence.status = reaped.map(|reaped| reaped.status);
    evidence.cpu = reaped.map(|reaped| reaped.cpu + orphans_cpu);
    evidence.cpu_ceiling = ceiling(limits.cpu, &rules, LimitKind::Cpu);
    evidence.memory_ceiling = ceiling(limits.memory, &rules, LimitKind::Memory);
    let recorder = match followed {
        Some(followed) => {
            evidence.records = followed.records;
            evidence.dropped = followed.dropped;
            Some(followed.recorder)
        }
        None => {
            evidence
                .failures
                .push("the events thread failed".to_owned());
            None
        }
    };
    let interrupted = evidence.interrupted;
    Ok(Finished {
        outcome: about.outcome(&evidence, usage, mechanisms(launch.limits)),
        interrupted,
        recorder,
    })
}

/// What an outcome says of a run that was settled before it began.
struct About {
    policy: PolicySummary,
    script: ScriptSummary,
    python: PythonSummary,
}

impl About {
    fn of(policy: PolicySummary, script: &Script, interpreter: &Interpreter) -> About {
        About {
            policy,
            script: ScriptSummary {
                path: script.path.display().to_string(),
                sha256: script.sha256.clone(),
            },
            python: PythonSummary {
                version: interpreter.version_text(),
                executable: interpreter.executable.display().to_string(),
            },
        }
    }

    /// Judges the evidence and puts the outcome together.
    fn outcome(
        self,
        evidence: &Evidence,
        usage: Usage,
        mechanisms: Vec<(String, String)>,
    ) -> Outcome {
        let Judgement {
            verdict,
            reason,
            violations,
            limit,
            location,
            exit,
        } = judge::judge(evidence);
        Outcome {
            verdict,
            reason,
            violations,
            limit,
            location,
            exit,
            usage,
            policy: self.policy,
            script: self.script,
            python: self.python,
            mechanisms,
            dropped: evidence.dropped,
        }
    }
}

/// A number that nobody guesses.
fn nonce() -> io::Result<[u8; 16]> {
    let mut nonce = [0; 16];
    let filled = getrandom(&mut nonce, GetRandomFlags::empty())?;
    if filled == nonce.len() {
        Ok(nonce)
    } else {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}

fn setup(
    nonce: [u8; 16],
    script: Script,
    arguments: Vec<OsString>,
    interpreter: &Interpreter,
    rules: &RuleSet,
    limits: &Limits,
) -> Setup {
    let library = [
        &interpreter.library,
        &interpreter.site_packages,
        &rules.trust,
    ];
    Setup {
        nonce,
        script: script.path,
        source: script.source,
        arguments: arguments.into_iter().map(OsStringExt::into_vec).collect(),
        script_folder: script.folder,
        site_packages: interpreter.site_packages.clone(),
        venv: interpreter.venv.clone(),
        executable: interpreter.executable.clone(),
        library: library.into_iter().flatten().cloned().collect(),
        rules: rules.clone(),
        limits: limits.clone(),
    }
}

/// Where the guest's stdout and stderr go: straight to our own, past any buffer.
fn outlets(stdout_to_stderr: bool, notifier: &Notifier) -> io::Result<[Outlet; 2]> {
    let stdout = io::stdout();
    let stderr = io::stderr();
    let first = if stdout_to_stderr {
        stderr.as_fd()
    } else {
        stdout.as_fd()
    };
    let first = File::from(first.try_clone_to_owned()?);
    let second = File::from(stderr.as_fd().try_clone_to_owned()?);
    Ok([
        Outlet::new(first, notifier.clone()),
        Outlet::new(second, notifier.clone()),
    ])
}

fn processors() -> u32 {
    std::thread::available_parallelism()
        .map_or(1, |number| u32::try_from(number.get()).unwrap_or(u32::MAX))
}

fn usage(
    control: &crate::protocol::consumer::Control,
    wall: Option<Duration>,
    reaped: Option<Reaped>,
    orphans_cpu: Duration,
    output: u64,
) -> Usage {
    let milliseconds = |time: Duration| time.as_secs_f64() * 1000.0;
    Usage {
        steps: control.steps(),
        calls: control.calls(),
        wall_ms: wall.map(milliseconds),
        cpu_ms: reaped.map(|reaped| milliseconds(reaped.cpu + orphans_cpu)),
        memory_peak_bytes: reaped.map(|reaped| reaped.memory_peak),
        output_bytes: wall.map(|_| output),
    }
}

fn ceiling<T>(value: Option<T>, rules: &RuleSet, kind: LimitKind) -> Option<Ceiling<T>> {
    value.map(|value| Ceiling {
        value,
        policy: events::limit_origin(rules, kind),
    })
}

/// The kernel's mechanisms of this run. Starting the worker fails if one can't be had.
fn mechanisms(limits: KernelLimits) -> Vec<(String, String)> {
    let state = |on: bool| if on { "enforced" } else { "off" }.to_owned();
    vec![
        ("rlimit-core".to_owned(), state(true)),
        (
            "rlimit-as".to_owned(),
            state(limits.address_space.is_some()),
        ),
        ("rlimit-cpu".to_owned(), state(limits.cpu_seconds.is_some())),
    ]
}
