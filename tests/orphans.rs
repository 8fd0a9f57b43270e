//! No process of a run outlives it. A file of its own: a process supervises one run at a
//! time, and every child that it gets meanwhile counts as the run's.
#![allow(clippy::unwrap_used)]

use std::io::Read;
use std::time::Duration;

use lictor::supervisor::orphans::Orphans;
use lictor::supervisor::spawn::{KernelLimits, Launch, start};

/// Far longer than anything takes that happens at all.
const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn processes_that_fled_into_other_sessions_are_ended() {
    let orphans = Orphans::adopt().unwrap();
    // Two generations below the worker, one in a session of its own, all deaf to SIGTERM.
    let script = "trap '' TERM; setsid sh -c 'sleep 1000 & echo; sleep 1000' & sleep 1000 & wait";
    let launch = Launch {
        program: "/bin/sh".into(),
        arguments: vec!["-c".into(), script.into()],
        environment: vec![("PATH".into(), "/usr/bin:/bin".into())],
        limits: KernelLimits::default(),
    };
    let mut worker = start(&launch, &tempfile::tempfile().unwrap().into()).unwrap();
    let mut stdout = std::fs::File::from(worker.stdout.take().unwrap());
    rustix::io::ioctl_fionbio(&stdout, false).unwrap();
    // The echo: the deepest of them has been started.
    stdout.read_exact(&mut [0]).unwrap();
    worker.kill();
    worker.wait(PATIENCE).unwrap();
    assert!(!orphans.all().is_empty());
    orphans.end(PATIENCE).unwrap();
    assert!(orphans.all().is_empty());
    // They held the pipe: now nobody does.
    assert_eq!(stdout.read(&mut [0]).unwrap(), 0);
}
