//! System calls of the supervisor that no safe crate offers.
#![allow(unsafe_code)] // fork/exec preparation, wait4, signalfd, CPU clocks

use std::io;
use std::mem::MaybeUninit;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command};
use std::time::Duration;

use rustix::process::{
    Pid, Resource, Rlimit, Signal, getpid, getppid, getrlimit, set_parent_process_death_signal,
    setrlimit, setsid,
};

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitStatus {
    /// It exited with this status.
    Exited(i32),
    /// This signal ended it.
    Signaled(i32),
}

/// What the kernel tells of a process that ended.
#[derive(Clone, Copy, Debug)]
pub struct Reaped {
    /// How it ended.
    pub status: WaitStatus,
    /// Its CPU time, that of the children it waited for included.
    pub cpu: Duration,
    /// Its peak resident memory, in bytes.
    pub memory_peak: u64,
}

/// Ceilings that the kernel keeps for the worker.
#[derive(Clone, Copy, Debug, Default)]
pub struct KernelLimits {
    /// RLIMIT_AS in bytes.
    pub address_space: Option<u64>,
    /// RLIMIT_CPU in whole seconds; SIGXCPU then, SIGKILL a second later.
    pub cpu_seconds: Option<u64>,
}

/// Starts a process in a session of its own, that inherits the standard streams and
/// `inherit`, whatever descriptors are open here; that dies with the calling thread; and
/// whose signals are all at their defaults.
///
/// # Errors
///
/// If the kernel refuses any of it, or the program can't be executed.
pub fn spawn_confined(
    mut command: Command,
    inherit: Option<RawFd>,
    limits: KernelLimits,
) -> io::Result<Child> {
    let parent = getpid();
    let prepare = move || confine(parent, inherit, limits);
    // SAFETY: the closure runs in the child between fork and exec, where only
    // async-signal-safe functions may be called: `confine` makes plain system calls and
    // allocates nothing.
    unsafe { command.pre_exec(prepare) };
    command.spawn()
}

/// The child's own preparation; see [`spawn_confined`]. Errors hold numbers, not text.
fn confine(parent: Pid, inherit: Option<RawFd>, limits: KernelLimits) -> io::Result<()> {
    setsid()?;
    set_parent_process_death_signal(Some(Signal::KILL))?;
    // The parent may have died before the line above.
    if getppid() != Some(parent) {
        return Err(io::Error::from_raw_os_error(libc::ESRCH));
    }
    unblock_signals();
    for signal in 1..=libc::SIGRTMAX() {
        // SAFETY: the default disposition runs no code. It fails for the signals that can't be
        // changed and those that libc keeps to itself.
        unsafe { libc::signal(signal, libc::SIG_DFL) };
    }
    lower(Resource::Core, 0, 0)?;
    if let Some(bytes) = limits.address_space {
        lower(Resource::As, bytes, bytes)?;
    }
    if let Some(seconds) = limits.cpu_seconds {
        lower(Resource::Cpu, seconds, seconds.saturating_add(1))?;
    }
    // Not closed but marked: the standard library keeps a pipe among them through which a
    // failing exec is reported.
    let (first, last): (libc::c_uint, libc::c_uint) = (3, libc::c_uint::MAX);
    // SAFETY: numbers only; nothing is closed before the exec.
    check(unsafe {
        libc::syscall(
            libc::SYS_close_range,
            first,
            last,
            libc::CLOSE_RANGE_CLOEXEC,
        )
    })?;
    if let Some(inherit) = inherit {
        // SAFETY: numbers only; `inherit` is open in the parent, so it is here.
        check(unsafe { libc::fcntl(inherit, libc::F_SETFD, 0) }.into())?;
    }
    Ok(())
}

/// Blocks no signal: the mask would survive the exec.
fn unblock_signals() {
    let mut none = MaybeUninit::<libc::sigset_t>::zeroed();
    // SAFETY: pointers to a live local, which `sigemptyset` makes valid before it is read.
    unsafe {
        libc::sigemptyset(none.as_mut_ptr());
        libc::pthread_sigmask(libc::SIG_SETMASK, none.as_ptr(), std::ptr::null_mut());
    }
}

/// Lowers a limit; one that is already lower stays.
fn lower(resource: Resource, soft: u64, hard: u64) -> io::Result<()> {
    let current = getrlimit(resource);
    let least = |wanted: u64| Some(current.maximum.map_or(wanted, |most| most.min(wanted)));
    setrlimit(
        resource,
        Rlimit {
            current: least(soft),
            maximum: least(hard),
        },
    )?;
    Ok(())
}

fn check(result: libc::c_long) -> io::Result<()> {
    if result == -1 {
        Err(io::Error::last_os_error())
    } else {
        Ok(())
    }
}

/// Reaps a child, if it has ended.
///
/// # Errors
///
/// `ECHILD` if there is no such child.
pub fn reap(pid: i32) -> io::Result<Option<Reaped>> {
    let mut status = 0;
    let mut usage = MaybeUninit::<libc::rusage>::zeroed();
    // SAFETY: pointers to live locals; all zero bytes are a valid `rusage`.
    let reaped = unsafe { libc::wait4(pid, &mut status, libc::WNOHANG, usage.as_mut_ptr()) };
    check(reaped.into())?;
    if reaped == 0 {
        return Ok(None);
    }
    // SAFETY: initialised with zeros, which are valid, and then by the kernel.
    let usage = unsafe { usage.assume_init() };
    let status = if libc::WIFSIGNALED(status) {
        WaitStatus::Signaled(libc::WTERMSIG(status))
    } else {
        WaitStatus::Exited(libc::WEXITSTATUS(status))
    };
    Ok(Some(Reaped {
        status,
        cpu: duration(usage.ru_utime) + duration(usage.ru_stime),
        memory_peak: u64::try_from(usage.ru_maxrss)
            .unwrap_or(0)
            .saturating_mul(1024), // in KiB
    }))
}

fn duration(time: libc::timeval) -> Duration {
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    let micros = u64::try_from(time.tv_usec).unwrap_or(0);
    Duration::from_secs(seconds) + Duration::from_micros(micros)
}

/// CPU time of a live process, all its threads included; `None` once it is gone.
pub fn cpu_time(pid: i32) -> Option<Duration> {
    let mut clock = 0;
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: a pointer to a live local.
    if unsafe { libc::clock_getcpuclockid(pid, &mut clock) } != 0 {
        return None;
    }
    // SAFETY: a pointer to a live local; a clock that is gone is an error, not a fault.
    check(unsafe { libc::clock_gettime(clock, &mut time) }.into()).ok()?;
    Some(Duration::new(
        u64::try_from(time.tv_sec).ok()?,
        u32::try_from(time.tv_nsec).ok()?,
    ))
}

/// Makes a write beyond the file size limit (`ulimit -f`) an error like a full disk, which is
/// reported, instead of the end of this process. The worker gets its signals anew.
pub fn survive_file_size_limit() {
    // SAFETY: ignoring a signal installs no handler.
    unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
}

/// The signals that interrupt a run, as a readable descriptor. They are blocked in the
/// calling thread (and those it starts) until this is dropped.
pub struct Signals {
    fd: OwnedFd,
    before: libc::sigset_t,
}

impl Signals {
    /// Catches SIGINT, SIGTERM and SIGHUP.
    ///
    /// # Errors
    ///
    /// If the kernel has no descriptor left.
    pub fn catch() -> io::Result<Signals> {
        let mut set = MaybeUninit::<libc::sigset_t>::zeroed();
        let mut before = MaybeUninit::<libc::sigset_t>::zeroed();
        // SAFETY: pointers to live locals; `sigemptyset` makes `set` valid before it is read,
        // and zero bytes are a valid `sigset_t`.
        unsafe {
            libc::sigemptyset(set.as_mut_ptr());
            for signal in [libc::SIGINT, libc::SIGTERM, libc::SIGHUP] {
                libc::sigaddset(set.as_mut_ptr(), signal);
            }
            let fd = libc::signalfd(-1, set.as_ptr(), libc::SFD_CLOEXEC | libc::SFD_NONBLOCK);
            check(fd.into())?;
            let fd = OwnedFd::from_raw_fd(fd);
            libc::pthread_sigmask(libc::SIG_BLOCK, set.as_ptr(), before.as_mut_ptr());
            Ok(Signals {
                fd,
                before: before.assume_init(),
            })
        }
    }

    /// The number of a signal that came.
    pub fn take(&self) -> Option<i32> {
        let mut info = MaybeUninit::<libc::signalfd_siginfo>::zeroed();
        let size = size_of::<libc::signalfd_siginfo>();
        // SAFETY: the kernel writes at most `size` bytes to the live local.
        let read = unsafe { libc::read(self.fd.as_raw_fd(), info.as_mut_ptr().cast(), size) };
        // SAFETY: plain numbers, for which zeros are valid.
        let info = unsafe { info.assume_init() };
        (read == size as isize).then_some(info.ssi_signo as i32)
    }

    /// For `poll`.
    pub fn descriptor(&self) -> &OwnedFd {
        &self.fd
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        // SAFETY: the mask is the one that was in force before.
        unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &self.before, std::ptr::null_mut()) };
    }
}
