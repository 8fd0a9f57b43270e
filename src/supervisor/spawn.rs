//! Starting the worker, and ending it.
//!
//! The worker is a child in a session of its own. It inherits stdin, two pipes for its output
//! and the descriptor of the channel; it can't outlive the supervisor.

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, Signal, kill_process_group, pidfd_open};

use super::interpreter::Interpreter;
pub use super::sys::KernelLimits;
use super::sys::{self, Reaped};
use crate::rules::Limits;

/// What the interpreter executes first: it makes the hook's module without registering it
/// anywhere, and calls its `run` with the number of the channel's descriptor.
///
/// No import statement of `importlib` takes part, so that guest code later finds neither the
/// module nor a spec or loader of it.
const BOOT: &str = "import sys,_imp\n\
    import _frozen_importlib as b,_frozen_importlib_external as e\n\
    p=sys.argv[1]\n\
    m=_imp.create_dynamic(b.ModuleSpec('lictor',e.ExtensionFileLoader('lictor',p),origin=p))\n\
    _imp.exec_dynamic(m)\n\
    m.run(int(sys.argv[2]))";

/// The kernel ends a worker that used this much more CPU time than its limit, in case the
/// supervisor didn't.
const CPU_BACKSTOP: Duration = Duration::from_secs(2);

/// A program to be started as a worker.
#[derive(Clone, Debug)]
pub struct Launch {
    /// The program.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<OsString>,
    /// Its whole environment.
    pub environment: Vec<(OsString, OsString)>,
    /// What the kernel limits.
    pub limits: KernelLimits,
}

impl Launch {
    /// The worker of a run: the guest's interpreter, told to load the hook.
    ///
    /// `-s -P -S`: neither user site nor current folder nor `site` on its path. Not `-I`,
    /// which would ignore `PYTHONHASHSEED`.
    pub fn of_guest(
        interpreter: &Interpreter,
        environment: Vec<(OsString, OsString)>,
        limits: &Limits,
        channel: &OwnedFd,
    ) -> Launch {
        let channel = channel.as_raw_fd().to_string();
        let flags = ["-s", "-P", "-S", "-c", BOOT].map(OsString::from);
        let arguments = [interpreter.hook.as_os_str(), OsStr::new(&channel)].map(OsString::from);
        Launch {
            program: interpreter.executable.clone(),
            arguments: flags.into_iter().chain(arguments).collect(),
            environment,
            limits: kernel_limits(limits),
        }
    }
}

/// The part of a policy's limits that the kernel enforces.
fn kernel_limits(limits: &Limits) -> KernelLimits {
    let cpu_seconds = limits.cpu.map(|cpu| {
        let whole = cpu.saturating_add(CPU_BACKSTOP);
        whole.as_secs() + u64::from(whole.subsec_nanos() > 0)
    });
    KernelLimits {
        address_space: limits.memory,
        cpu_seconds,
    }
}

/// Why the worker couldn't be started.
#[derive(Debug, thiserror::Error)]
pub enum SpawnError {
    /// The kernel refuses the process.
    #[error("{program:?} can't be started: {source}")]
    Start {
        /// The program.
        program: PathBuf,
        /// The kernel's answer.
        source: io::Error,
    },
    /// The process can't be watched.
    #[error("the worker can't be watched: {0}")]
    Watch(io::Error),
}

/// A worker that was started; killed and reaped at the latest when this is dropped.
#[derive(Debug)]
pub struct Worker {
    pid: Pid,
    /// Becomes readable when the process ends.
    pidfd: OwnedFd,
    /// The reading end of its stdout, not blocking; taken by whoever pumps it.
    pub stdout: Option<OwnedFd>,
    /// The reading end of its stderr.
    pub stderr: Option<OwnedFd>,
    reaped: Option<Reaped>,
}

/// Starts a worker. It dies with the calling thread.
///
/// # Errors
///
/// If the program can't be executed or the kernel refuses something.
pub fn start(launch: &Launch, channel: &OwnedFd) -> Result<Worker, SpawnError> {
    let mut command = Command::new(&launch.program);
    command
        .args(&launch.arguments)
        .env_clear()
        .envs(launch.environment.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::inherit())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = sys::spawn_confined(command, Some(channel.as_raw_fd()), launch.limits)
        .map_err(|source| SpawnError::Start {
            program: launch.program.clone(),
            source,
        })?;
    let mut worker = Worker::adopt(&child).map_err(|error| {
        // Without a pidfd nobody would notice its end. Errors: it may have ended.
        let _ = child.kill();
        let _ = child.wait();
        SpawnError::Watch(error)
    })?;
    worker.stdout = child.stdout.take().map(OwnedFd::from);
    worker.stderr = child.stderr.take().map(OwnedFd::from);
    for pipe in worker.stdout.iter().chain(&worker.stderr) {
        rustix::io::ioctl_fionbio(pipe, true).map_err(|error| SpawnError::Watch(error.into()))?;
    }
    Ok(worker)
}

impl Worker {
    fn adopt(child: &std::process::Child) -> io::Result<Worker> {
        let pid = Pid::from_child(child);
        let pidfd = pidfd_open(pid, PidfdFlags::empty())?;
        Ok(Worker {
            pid,
            pidfd,
            stdout: None,
            stderr: None,
            reaped: None,
        })
    }

    /// The process number.
    pub fn pid(&self) -> i32 {
        self.pid.as_raw_nonzero().get()
    }

    /// Readable once the process has ended.
    pub fn pidfd(&self) -> &OwnedFd {
        &self.pidfd
    }

    /// Kills the whole process group, of which the worker is the leader.
    pub fn kill(&self) {
        if self.reaped.is_none() {
            // It may have ended by itself: a zombie keeps its number until it is reaped.
            let _ = kill_process_group(self.pid, Signal::KILL);
        }
    }

    /// How it ended, if it has.
    pub fn reap(&mut self) -> Option<Reaped> {
        if self.reaped.is_none() {
            self.reaped = sys::reap(self.pid()).ok().flatten();
        }
        self.reaped
    }

    /// CPU time that its threads used so far.
    pub fn cpu_time(&self) -> Option<Duration> {
        cpu_time(self.pid())
    }

    /// Waits for its end, at most `patience`.
    pub fn wait(&mut self, patience: Duration) -> Option<Reaped> {
        let deadline = Instant::now() + patience;
        while self.reap().is_none() {
            let left = deadline.saturating_duration_since(Instant::now());
            let timeout = Timespec::try_from(left).ok()?;
            let mut readable = [PollFd::new(&self.pidfd, PollFlags::IN)];
            match poll(&mut readable, Some(&timeout)) {
                Ok(0) => return self.reap(),
                Ok(_) | Err(rustix::io::Errno::INTR) => {}
                Err(_) => return None,
            }
        }
        self.reap()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        if self.reaped.is_none() {
            self.kill();
            self.wait(Duration::from_secs(5));
        }
    }
}

/// CPU time of any live process; `None` once it is gone.
pub fn cpu_time(pid: i32) -> Option<Duration> {
    sys::cpu_time(pid)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(super) mod tests {
    use std::io::Read;

    use super::*;
    use crate::supervisor::sys::WaitStatus;

    /// Far longer than anything takes that happens at all.
    const PATIENCE: Duration = Duration::from_secs(60);

    /// A shell script as the worker. Its own input is empty.
    pub fn shell(script: &str) -> Launch {
        Launch {
            program: "/bin/sh".into(),
            arguments: vec!["-c".into(), script.into()],
            environment: vec![("PATH".into(), "/usr/bin:/bin".into())],
            limits: KernelLimits::default(),
        }
    }

    /// Starts a worker with some file as its channel.
    pub fn start(launch: &Launch) -> Worker {
        super::start(launch, &tempfile::tempfile().unwrap().into()).unwrap()
    }

    /// Waits for a byte on a pipe that doesn't block.
    pub fn read_byte(pipe: &OwnedFd) {
        let mut readable = [PollFd::new(pipe, PollFlags::IN)];
        poll(&mut readable, None).unwrap();
        rustix::io::read(pipe, &mut [0u8; 1]).unwrap();
    }

    /// Runs a script to its end and returns what it printed.
    fn printed(launch: &Launch, channel: &OwnedFd) -> (WaitStatus, String) {
        let mut worker = super::start(launch, channel).unwrap();
        let mut stdout = std::fs::File::from(worker.stdout.take().unwrap());
        rustix::io::ioctl_fionbio(&stdout, false).unwrap();
        let mut text = String::new();
        stdout.read_to_string(&mut text).unwrap();
        (worker.wait(PATIENCE).unwrap().status, text)
    }

    #[test]
    fn a_worker_has_the_channel_and_no_other_descriptor() {
        let channel: OwnedFd = tempfile::tempfile().unwrap().into();
        let secret = tempfile::tempfile().unwrap();
        rustix::io::fcntl_setfd(&secret, rustix::io::FdFlags::empty()).unwrap(); // inheritable
        let (ours, other) = (channel.as_raw_fd(), secret.as_raw_fd());
        let script =
            format!("for fd in {ours} {other}; do test -e /proc/$$/fd/$fd && echo $fd; done");
        assert_eq!(printed(&shell(&script), &channel).1, format!("{ours}\n"));
    }

    #[test]
    fn a_worker_has_the_environment_it_was_given_and_a_session_of_its_own() {
        let channel = tempfile::tempfile().unwrap().into();
        let mut launch = shell("env | grep -v -e ^PWD= -e ^_= -e ^SHLVL= -e ^OLDPWD=");
        launch.environment = vec![
            ("ONE".into(), "1".into()),
            ("PATH".into(), "/usr/bin:/bin".into()),
        ];
        let (status, environment) = printed(&launch, &channel);
        assert_eq!(status, WaitStatus::Exited(0));
        let mut lines: Vec<&str> = environment.lines().collect();
        lines.sort_unstable();
        assert_eq!(lines, ["ONE=1", "PATH=/usr/bin:/bin"]);

        let (_, session) = printed(
            &shell("read -r stat </proc/$$/stat; set -- $stat; echo $1 $6"),
            &channel,
        );
        let (pid, session) = session.trim().split_once(' ').unwrap();
        assert_eq!(pid, session);
    }

    #[test]
    fn the_kernel_keeps_the_limits() {
        let channel = tempfile::tempfile().unwrap().into();
        let mut launch = shell("ulimit -v; ulimit -t; ulimit -c");
        let limits = Limits {
            memory: Some(512 << 20),
            cpu: Some(Duration::from_millis(1500)),
            ..Limits::default()
        };
        launch.limits = kernel_limits(&limits);
        let (_, printed) = printed(&launch, &channel);
        assert_eq!(printed.lines().collect::<Vec<_>>(), ["524288", "4", "0"]);
    }

    #[test]
    fn how_a_worker_ends_is_known() {
        let channel = tempfile::tempfile().unwrap().into();
        assert_eq!(printed(&shell("exit 7"), &channel).0, WaitStatus::Exited(7));
        assert_eq!(
            printed(&shell("kill -SEGV $$"), &channel).0,
            WaitStatus::Signaled(libc::SIGSEGV)
        );
    }

    #[test]
    fn signals_that_we_block_reach_the_worker() {
        let _signals = crate::supervisor::sys::Signals::catch().unwrap();
        let channel = tempfile::tempfile().unwrap().into();
        let (status, _) = printed(&shell("kill -TERM $$; echo survived"), &channel);
        assert_eq!(status, WaitStatus::Signaled(libc::SIGTERM));
    }

    #[test]
    fn a_dropped_worker_is_dead() {
        let worker = start(&shell("echo; sleep 1000"));
        read_byte(worker.stdout.as_ref().unwrap());
        let pid = worker.pid();
        drop(worker);
        assert_eq!(cpu_time(pid), None);
    }

    #[test]
    fn a_program_that_is_not_there_is_an_error() {
        let mut launch = shell("");
        launch.program = "/no/such/program".into();
        let result = super::start(&launch, &tempfile::tempfile().unwrap().into());
        assert!(matches!(result, Err(SpawnError::Start { .. })));
    }
}
