//! The loop that watches a worker until it is dead.
//!
//! It waits for five things at once: notices of the [events thread](super::events), output,
//! the worker's end, signals to ourselves, and deadlines. Nothing it does can block on the
//! worker or on whoever reads our output.

use std::io;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use super::events::{self, Notice};
use super::judge::{Evidence, Latch, Progress, milliseconds};
use super::orphans::Orphans;
use super::output::{Allowance, Notifier, Outlet, Stream};
use super::spawn::{self, Worker};
use super::sys::Signals;
use super::watchdog::{Expired, Watchdog};
use crate::protocol::PROTOCOL_VERSION;
use crate::protocol::consumer::Control;
use crate::protocol::witness::WitnessAnswer;
use crate::rules::{LimitKind, Limits, RuleSet};
use crate::verdict::{LimitHit, Location};

/// How long the worker's witness may take to say where the guest is.
const WITNESS: Duration = Duration::from_millis(50);

/// How long the kernel may take to end a killed process.
const DEATH: Duration = Duration::from_secs(10);

/// How much is kept of what an interpreter says that doesn't start.
const STARTUP_STDERR: usize = 4 * 1024;

/// The guest's two streams and what it may write to them.
pub struct Output {
    /// Its stdout.
    pub stdout: Stream,
    /// Its stderr.
    pub stderr: Stream,
    /// The bytes it may write to both.
    pub allowance: Allowance,
}

/// All that the loop works with.
pub struct Watch<'a> {
    /// The worker.
    pub worker: &'a mut Worker,
    /// Processes it may start.
    pub orphans: &'a Orphans,
    /// The channel, apart from its records.
    pub control: Control,
    /// What the events thread tells.
    pub notices: Receiver<Notice>,
    /// Rings when there is something new from another thread.
    pub notifier: Notifier,
    /// Signals to ourselves.
    pub signals: &'a Signals,
    /// The guest's output.
    pub output: Output,
    /// The deadlines.
    pub watchdog: Watchdog,
    /// The policy's limits, for the report.
    pub limits: &'a Limits,
    /// The policy's rules, for the report.
    pub rules: &'a RuleSet,
    /// The interpreter's version, which the hook must confirm.
    pub python: [u8; 3],
    /// What is known of the run.
    pub evidence: Evidence,
    /// The policy asks for what the hook can't do; nothing was run.
    pub impossible: Option<String>,
    /// When the worker was killed.
    pub killed: Option<Instant>,
}

impl Watch<'_> {
    /// Watches until the worker has ended by itself or was killed.
    ///
    /// # Errors
    ///
    /// If the kernel can't wait for it any more.
    pub fn until_dead(&mut self) -> io::Result<()> {
        loop {
            let ended = self.wait()?;
            self.take_notices();
            self.take_signals();
            if self.started() {
                self.pump();
            }
            if ended {
                return Ok(());
            }
            self.keep_deadlines();
            if self.killed.is_some_and(|killed| killed.elapsed() >= DEATH) {
                self.evidence
                    .failures
                    .push("the killed worker doesn't end".to_owned());
                return Ok(());
            }
        }
    }

    /// Sleeps until something happens; `true` if the worker has ended.
    fn wait(&self) -> io::Result<bool> {
        let sleep = match self.killed {
            Some(killed) => Some(DEATH.saturating_sub(killed.elapsed())),
            None => self.watchdog.sleep(Instant::now()),
        };
        let timeout = sleep.and_then(|sleep| Timespec::try_from(sleep).ok());
        let mut interests = vec![
            PollFd::new(self.worker.pidfd(), PollFlags::IN),
            PollFd::new(self.notifier.descriptor(), PollFlags::IN),
            PollFd::new(self.signals.descriptor(), PollFlags::IN),
        ];
        // What an interpreter writes before the guest is started waits in the pipe.
        if self.started() {
            let streams = [&self.output.stdout, &self.output.stderr];
            let pipes = streams.into_iter().filter_map(Stream::interesting);
            interests.extend(pipes.map(|pipe| PollFd::new(pipe, PollFlags::IN)));
        }
        match poll(&mut interests, timeout.as_ref()) {
            Ok(_) => {}
            Err(Errno::INTR) => return Ok(false),
            Err(error) => return Err(error.into()),
        }
        let ended = !interests[0].revents().is_empty();
        if !interests[1].revents().is_empty() {
            self.notifier.clear();
        }
        Ok(ended)
    }

    fn started(&self) -> bool {
        self.evidence.progress == Progress::Started
    }

    /// Takes every notice there is.
    pub fn take_notices(&mut self) {
        while let Ok(notice) = self.notices.try_recv() {
            self.take_notice(notice);
        }
    }

    fn take_notice(&mut self, notice: Notice) {
        match notice {
            Notice::Hello { protocol, python } => {
                self.evidence.progress = Progress::Loaded;
                if protocol != PROTOCOL_VERSION {
                    self.fail(format!(
                        "the hook speaks version {protocol} of the protocol, this program {PROTOCOL_VERSION}; \
                         build both from the same source"
                    ));
                } else if python[..2] != self.python[..2] {
                    self.fail("the interpreter is of another version than it said".to_owned());
                }
            }
            Notice::Unready { reason, policy } => {
                if policy {
                    self.impossible = Some(reason.clone());
                }
                self.evidence.unready = Some(reason);
                self.watchdog.grace(Instant::now());
            }
            Notice::Armed => self.evidence.progress = Progress::Armed,
            Notice::Started { at } => {
                self.evidence.progress = Progress::Started;
                self.watchdog.guest_started(at);
            }
            Notice::Latched(latch) => self.latched_inside(latch),
            Notice::Ended(end) => {
                self.evidence.end = Some(end);
                self.watchdog.exiting(Instant::now());
            }
            Notice::Broken(error) => {
                self.evidence.broken_stream = Some(error);
                self.kill();
            }
            Notice::LogFailed(error) => {
                self.fail(format!("the audit log can't be written: {error}"))
            }
            Notice::LogFull { used } => {
                let ceiling = self.limits.audit.unwrap_or(0);
                self.latch_limit(LimitKind::Audit, ceiling, used);
            }
        }
    }

    /// The hook latched something and waits: what was printed until now is kept, nothing
    /// that comes after it.
    fn latched_inside(&mut self, latch: Latch) {
        self.evidence.latches.push(latch);
        if self.evidence.latches.len() > 1 {
            return;
        }
        if self.killed.is_none() {
            let Output {
                stdout,
                stderr,
                allowance,
            } = &mut self.output;
            stdout.drain_present(allowance);
            stderr.drain_present(allowance);
        }
        self.check_output();
        self.discard_output();
        self.control.acknowledge();
        self.watchdog.grace(Instant::now());
    }

    fn take_signals(&mut self) {
        while let Some(signal) = self.signals.take() {
            self.evidence.interrupted.get_or_insert(signal);
            self.kill();
        }
    }

    fn pump(&mut self) {
        let Output {
            stdout,
            stderr,
            allowance,
        } = &mut self.output;
        stdout.pump(allowance);
        stderr.pump(allowance);
        self.check_output();
    }

    /// Ends the run if the guest wrote too much. What is within the limit is forwarded.
    fn check_output(&mut self) {
        let known = self.evidence.latches.iter().any(
            |latch| matches!(latch, Latch::Limit { hit, .. } if hit.kind == LimitKind::Output),
        );
        if let Some(ceiling) = self.limits.output
            && self.output.allowance.exceeded()
            && !known
        {
            self.discard_output();
            self.latch_limit(LimitKind::Output, ceiling, self.output.allowance.written());
        }
    }

    fn discard_output(&mut self) {
        self.output.stdout.discard();
        self.output.stderr.discard();
    }

    fn keep_deadlines(&mut self) {
        if self.killed.is_some() {
            return;
        }
        let (worker, orphans) = (&*self.worker, self.orphans);
        let clock = || cpu_of_all(worker, orphans);
        match self.watchdog.expired(Instant::now(), clock) {
            None => {}
            Some(Expired::Startup) => {
                self.fail("the interpreter didn't start the guest in time".to_owned())
            }
            Some(Expired::Grace) => self.kill(),
            Some(Expired::Wall(used)) => {
                let ceiling = self.limits.wall.unwrap_or_default();
                self.latch_limit(LimitKind::Wall, milliseconds(ceiling), milliseconds(used));
            }
            Some(Expired::Cpu(used)) => {
                let ceiling = self.limits.cpu.unwrap_or_default();
                self.latch_limit(LimitKind::Cpu, milliseconds(ceiling), milliseconds(used));
            }
        }
    }

    /// A limit that is kept out here: the reason first, then a last question, then the end.
    fn latch_limit(&mut self, kind: LimitKind, ceiling: u64, used: u64) {
        let policy = events::limit_origin(self.rules, kind);
        let hit = LimitHit {
            kind,
            ceiling,
            used: Some(used),
            policy,
        };
        let alive = self.killed.is_none() && self.worker.reap().is_none();
        let place = if alive {
            self.control.ask_witness(WITNESS).map(location)
        } else {
            None
        };
        self.evidence.latches.push(Latch::Limit { hit, place });
        self.kill();
    }

    /// Lictor itself can't go on.
    fn fail(&mut self, reason: String) {
        self.evidence.failures.push(reason);
        self.kill();
    }

    fn kill(&mut self) {
        self.worker.kill();
        self.killed.get_or_insert_with(Instant::now);
    }

    /// Takes what the dead worker left in its pipes, and what it says of its own failure to
    /// start.
    pub fn drain(&mut self) {
        let Output {
            stdout,
            stderr,
            allowance,
        } = &mut self.output;
        if self.evidence.progress == Progress::Started {
            stdout.drain_rest(allowance);
            stderr.drain_rest(allowance);
            self.check_output();
        } else {
            let tail = stderr.swallow_tail(STARTUP_STDERR);
            self.evidence.startup_stderr = String::from_utf8_lossy(&tail).into_owned();
        }
    }

    /// Waits until our own readers have taken everything; a signal ends the wait.
    pub fn flush(self) -> Evidence {
        let Watch {
            output,
            mut evidence,
            notifier,
            signals,
            ..
        } = self;
        let Output {
            mut stdout,
            mut stderr,
            ..
        } = output;
        while evidence.interrupted.is_none() && !(stdout.handed_on() & stderr.handed_on()) {
            pause(&notifier, signals, &mut evidence);
        }
        let mut outlets = [stdout.into_outlet(), stderr.into_outlet()];
        outlets.iter_mut().for_each(Outlet::close);
        while evidence.interrupted.is_none() && !outlets.iter().all(Outlet::done) {
            pause(&notifier, signals, &mut evidence);
        }
        for error in outlets.iter().filter_map(Outlet::error) {
            evidence
                .failures
                .push(format!("the guest's output can't be written: {error}"));
        }
        evidence
    }
}

/// Sleeps until an outlet or a signal has news.
fn pause(notifier: &Notifier, signals: &Signals, evidence: &mut Evidence) {
    let mut interests = [
        PollFd::new(notifier.descriptor(), PollFlags::IN),
        PollFd::new(signals.descriptor(), PollFlags::IN),
    ];
    match poll(&mut interests, None) {
        Ok(_) | Err(Errno::INTR) => {}
        Err(error) => evidence
            .failures
            .push(format!("the output can't be awaited: {error}")),
    }
    notifier.clear();
    if let Some(signal) = signals.take() {
        evidence.interrupted.get_or_insert(signal);
    }
}

/// CPU time of all living processes of the run.
fn cpu_of_all(worker: &Worker, orphans: &Orphans) -> Duration {
    let others = orphans.all().into_iter().filter(|pid| *pid != worker.pid());
    others
        .filter_map(spawn::cpu_time)
        .chain(worker.cpu_time())
        .sum()
}

/// The witness's answer, as a report has it.
fn location(answer: WitnessAnswer) -> Location {
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Location {
        file: text(answer.file),
        line: answer.line,
        function: text(answer.function),
        inside: answer.inside.map(text),
    }
}
