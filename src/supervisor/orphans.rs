//! No process of a run outlives it.
//!
//! The supervisor is a subreaper: whatever a guest's processes leave behind becomes its
//! child, whatever sessions and groups it fled into. Children that were there before the run
//! aren't the run's; so a process supervises one run at a time.

use std::collections::BTreeSet;
use std::io;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, set_child_subreaper};

use super::sys;

/// Pause between two looks at processes that were killed and not yet gone.
const PAUSE: Duration = Duration::from_millis(1);

/// The processes of a run besides the worker itself.
#[derive(Debug)]
pub struct Orphans {
    before: BTreeSet<i32>,
}

impl Orphans {
    /// From now on, orphans come to this process.
    ///
    /// # Errors
    ///
    /// If the kernel refuses.
    pub fn adopt() -> io::Result<Orphans> {
        set_child_subreaper(Some(rustix::process::getpid()))?;
        Ok(Orphans {
            before: children(own_pid()).into_iter().collect(),
        })
    }

    /// Every process of the run, the worker included.
    pub fn all(&self) -> Vec<i32> {
        let mut found: Vec<i32> = children(own_pid())
            .into_iter()
            .filter(|pid| !self.before.contains(pid))
            .collect();
        // What a process starts while this runs is found by the next look.
        let mut next = 0;
        while let Some(&pid) = found.get(next) {
            found.extend(children(pid));
            next += 1;
        }
        found
    }

    /// Kills and reaps every process of the run; the worker was reaped before. Returns the
    /// CPU time of those that this process had to reap.
    ///
    /// # Errors
    ///
    /// The number of processes that are still there after `patience`.
    pub fn end(&self, patience: Duration) -> Result<Duration, usize> {
        let deadline = Instant::now() + patience;
        let mut cpu = Duration::ZERO;
        loop {
            let left = self.all();
            if left.is_empty() {
                return Ok(cpu);
            }
            if Instant::now() >= deadline {
                return Err(left.len());
            }
            for pid in left.iter().copied().filter_map(Pid::from_raw) {
                // It may be gone already.
                let _ = kill_process(pid, Signal::KILL);
            }
            let mut reaped = 0;
            for pid in left {
                // Those that aren't our children yet become so when their parents are gone.
                if let Ok(Some(end)) = sys::reap(pid) {
                    cpu += end.cpu;
                    reaped += 1;
                }
            }
            if reaped == 0 {
                std::thread::sleep(PAUSE);
            }
        }
    }
}

fn own_pid() -> i32 {
    rustix::process::getpid().as_raw_nonzero().get()
}

/// The children of a process, of all its threads; none if it is gone.
fn children(pid: i32) -> Vec<i32> {
    let Ok(threads) = std::fs::read_dir(format!("/proc/{pid}/task")) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for thread in threads.flatten() {
        match std::fs::read_to_string(thread.path().join("children")) {
            Ok(list) => found.extend(
                list.split_ascii_whitespace()
                    .filter_map(|pid| pid.parse::<i32>().ok()),
            ),
            // A kernel without CONFIG_PROC_CHILDREN; a thread that just ended costs a scan too.
            Err(_) => return children_by_parent(pid),
        }
    }
    found
}

/// The children of a process, by asking every process for its parent.
fn children_by_parent(parent: i32) -> Vec<i32> {
    let Ok(processes) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    processes
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok())
        .filter(|pid| parent_of(*pid) == Some(parent))
        .collect()
}

/// The fourth field of `/proc/PID/stat`; the second, the program's name, may hold anything
/// but ends with the last parenthesis (proc_pid_stat(5)).
fn parent_of(pid: i32) -> Option<i32> {
    let stat = std::fs::read(format!("/proc/{pid}/stat")).ok()?;
    let name_end = stat.iter().rposition(|byte| *byte == b')')?;
    let rest = std::str::from_utf8(stat.get(name_end + 1..)?).ok()?;
    rest.split_ascii_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::supervisor::spawn::tests::{shell, start};

    /// Other tests have children, too.
    #[test]
    fn both_ways_find_a_child() {
        let worker = start(&shell("exec sleep 1000"));
        assert!(children(own_pid()).contains(&worker.pid()));
        assert!(children_by_parent(own_pid()).contains(&worker.pid()));
        assert!(!children(worker.pid()).contains(&worker.pid()));
    }
}
