//! The supervisor as the guest could reach it: a process of the same user.
//!
//! The kernel lets a guest signal it, limit it, and open what it has open through `/proc`: the
//! log, the report, the output that is counted. All of that is refused under every policy,
//! as tampering. What the supervisor has open is looked up once, before the guest runs, and
//! recognised by its identity, whatever path leads to it.

use std::fs;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::sync::OnceLock;

use rustix::process::{Pid, getpgid, getppid};

use super::ffi::buffer;
use super::ffi::method::Call;
use super::ffi::object::Ref;
use super::latch::Flow;
use super::state::Hook;
use super::{stack, tamper};

/// Device and inode.
type Identity = (u64, u64);

/// What only the supervisor has open.
static OPEN: OnceLock<Vec<Identity>> = OnceLock::new();

/// `O_CLOEXEC` in the octal `flags:` of `/proc/*/fdinfo/*`: what the supervisor opened itself
/// rather than inherited.
const CLOSE_ON_EXEC: u32 = 0o2_000_000;

/// Commands of `fcntl` and `ioctl` that choose who gets a descriptor's signals
/// (linux/fcntl.h, asm-generic/sockios.h).
const F_SETOWN: i64 = 8;
const F_SETOWN_EX: i64 = 15;
const FIOSETOWN: i64 = 0x8901;
const SIOCSPGRP: i64 = 0x8902;

/// Looks at what the supervisor has open, before the guest runs.
pub fn look() {
    let own: Vec<Identity> = opened_by("self").map(|(_, identity)| identity).collect();
    let found = supervisor().map(|pid| {
        let pid = pid.as_raw_nonzero().to_string();
        opened_by(&pid)
            .filter(|(descriptor, identity)| {
                !own.contains(identity) && is_its_own(&pid, *descriptor)
            })
            .map(|(_, identity)| identity)
            .collect()
    });
    // It is looked at once.
    let _ = OPEN.set(found.unwrap_or_default());
}

/// The descriptors of a process, and what each is of. Devices and folders are everybody's.
fn opened_by(pid: &str) -> impl Iterator<Item = (u32, Identity)> {
    let descriptors = fs::read_dir(format!("/proc/{pid}/fd"));
    descriptors.into_iter().flatten().filter_map(|entry| {
        let path = entry.ok()?.path();
        let about = fs::metadata(&path).ok()?;
        let kind = about.file_type();
        let descriptor = path.file_name()?.to_str()?.parse().ok()?;
        (!kind.is_dir() && !kind.is_char_device() && !kind.is_block_device())
            .then_some((descriptor, (about.dev(), about.ino())))
    })
}

/// Did the supervisor open it, or is it where the guest's output goes?
fn is_its_own(pid: &str, descriptor: u32) -> bool {
    let about = fs::read_to_string(format!("/proc/{pid}/fdinfo/{descriptor}"));
    let flags = about.ok().and_then(|about| {
        let flags = about.lines().find_map(|line| line.strip_prefix("flags:"))?;
        u32::from_str_radix(flags.trim(), 8).ok()
    });
    [1, 2].contains(&descriptor) || flags.is_some_and(|flags| flags & CLOSE_ON_EXEC != 0)
}

fn supervisor() -> Option<Pid> {
    getppid()
}

/// Has the supervisor this file open?
pub fn has_open(identity: Identity) -> bool {
    OPEN.get().is_some_and(|open| open.contains(&identity))
}

/// Is this file of `/proc`, by its canonical path, the supervisor's environment? It holds what
/// the policy keeps from the guest.
pub fn is_environment(path: &[u8]) -> bool {
    supervisor().is_some_and(|pid| {
        let folder = format!("/proc/{}/", pid.as_raw_nonzero());
        path.starts_with(folder.as_bytes()) && path.ends_with(b"/environ")
    })
}

/// Audit events of functions that reach other processes.
pub fn heard(hook: &'static Hook, event: &[u8], arguments: Ref<'_>) -> Flow {
    let number = |index| arguments.items().nth(index).and_then(Ref::integer);
    let (subject, target) = match event {
        // Signal 0 only asks whether there is such a process.
        b"os.kill" if number(1) != Some(0) => ("os.kill", number(0)),
        b"os.killpg" if number(1) != Some(0) => ("os.killpg", number(0).and_then(i64::checked_neg)),
        b"resource.prlimit" if !arguments.items().nth(2).is_none_or(is_none) => {
            ("resource.prlimit", number(0))
        }
        b"fcntl.fcntl" => match number(1) {
            Some(F_SETOWN) => ("fcntl.fcntl", number(2)),
            Some(F_SETOWN_EX) => ("fcntl.fcntl", packed(arguments, 4)),
            _ => return Flow::Continue,
        },
        b"fcntl.ioctl" if [Some(FIOSETOWN), Some(SIOCSPGRP)].contains(&number(1)) => {
            ("fcntl.ioctl", packed(arguments, 0))
        }
        _ => return Flow::Continue,
    };
    judge(hook, subject, target)
}

/// A target that can't be read without asking its class could be any.
fn judge(hook: &'static Hook, subject: &str, target: Option<i64>) -> Flow {
    if target.is_none_or(reaches_supervisor) {
        return tamper::attempt(hook, subject, stack::innermost());
    }
    Flow::Continue
}

/// `signal.pidfd_send_signal`, of which no event tells.
pub fn signals(hook: &'static Hook, call: &Call) -> Flow {
    let process = call.positional(0).and_then(Ref::integer).map(|descriptor| {
        let about = fs::read_to_string(format!("/proc/self/fdinfo/{descriptor}"));
        let about = about.unwrap_or_default();
        let pid = about.lines().find_map(|line| line.strip_prefix("Pid:"));
        // Without one it is no process, and the call fails.
        pid.and_then(|pid| pid.trim().parse().ok()).unwrap_or(0)
    });
    judge(hook, "signal.pidfd_send_signal", process)
}

fn is_none(object: Ref<'_>) -> bool {
    object.class().class_name() == "NoneType"
}

/// A number that the guest packed into the third argument.
fn packed(arguments: Ref<'_>, offset: usize) -> Option<i64> {
    buffer::with_bytes(arguments.items().nth(2)?, |bytes| {
        let field = bytes.get(offset..offset + 4)?;
        Some(i32::from_ne_bytes(field.try_into().ok()?).into())
    })?
}

/// Does a signal to this process, or to this group if it is negative, reach the supervisor?
fn reaches_supervisor(target: i64) -> bool {
    let Some(supervisor) = supervisor() else {
        return false;
    };
    let group = getpgid(Some(supervisor)).map(|group| i64::from(group.as_raw_nonzero().get()));
    target == -1
        || target == i64::from(supervisor.as_raw_nonzero().get())
        || target.checked_neg().is_some_and(|named| Ok(named) == group)
}

/// Is this a file that only the supervisor may open?
pub fn is_withheld(file: &OwnedFd) -> bool {
    rustix::fs::fstat(file).is_ok_and(|about| has_open((about.st_dev, about.st_ino)))
}
