//! CPython's parser in a process of its own.
//!
//! It is the guest's interpreter, started for this and then gone. It parses the source and
//! executes nothing of it; but a source can be written to make the parser use up memory, time
//! or the stack. So all of that is bounded, and a parser that didn't come to its end says
//! nothing of the source.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Seek, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};
use std::time::Duration;

use rustix::fs::{MemfdFlags, memfd_create};

use super::tree::MAX_NODES;
use crate::supervisor::interpreter::Interpreter;
use crate::supervisor::probe::{describe, read_aside};
use crate::supervisor::sys::{self, KernelLimits};
use crate::verdict::signal_name;

/// What the parser prints at most, in bytes.
const MAX_TREE: u64 = 160 << 20;

/// What is read of its complaint, should it fail, in bytes.
const MAX_COMPLAINT: u64 = 64 << 10;

/// CPU time of the parser, in seconds.
const CPU_SECONDS: u64 = 30;

/// Time until the parser has answered; longer than its CPU time, for a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(60);

/// Its address space.
const MEMORY: u64 = 2 << 30;

const DUMP: &str = include_str!("dump.py");

/// Why there is no tree.
#[derive(Debug, thiserror::Error)]
pub enum ParserError {
    /// The interpreter can't be started for it.
    #[error("the parser of [syntax] can't be started: {0}")]
    Start(#[from] io::Error),
    /// It died, ran out of time, or printed too much: this source was too much for it.
    #[error("{0}")]
    Overwhelmed(String),
    /// It ended with an error, which no source can cause.
    #[error("the parser of [syntax] failed: {0}")]
    Failed(String),
}

/// Has the interpreter parse a source, and returns what it printed.
///
/// # Errors
///
/// If it didn't come to its end.
pub fn parse(
    interpreter: &Interpreter,
    environment: &[(OsString, OsString)],
    source: &[u8],
) -> Result<Vec<u8>, ParserError> {
    let nodes = MAX_NODES.to_string();
    let mut command = Command::new(&interpreter.executable);
    command
        .args(["-I", "-S", "-W", "ignore", "-c", DUMP].map(OsStr::new))
        .arg(nodes)
        .env_clear()
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::from(in_memory(source)?))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let limits = KernelLimits {
        address_space: Some(MEMORY),
        cpu_seconds: Some(CPU_SECONDS),
    };
    let mut child = sys::spawn_confined(command, None, limits)?;
    let printed = child.stdout.take().map(|it| read_aside(it, MAX_TREE));
    let complaint = child.stderr.take().map(|it| read_aside(it, MAX_COMPLAINT));
    let printed = printed.and_then(|printed| printed.recv_timeout(PATIENCE).ok());
    let is_whole = printed
        .as_ref()
        .is_some_and(|printed| (printed.len() as u64) < MAX_TREE);
    if !is_whole {
        // Errors: it may just have ended.
        let _ = child.kill();
    }
    let status = child.wait()?;
    let overwhelmed = |what: &str| Err(ParserError::Overwhelmed(what.to_owned()));
    match (printed, status.code(), status.signal()) {
        (None, ..) => overwhelmed("Python's parser came to no end with it"),
        (Some(_), ..) if !is_whole => overwhelmed("it is too large"),
        (Some(printed), Some(0), _) => Ok(printed),
        (_, _, Some(libc::SIGXCPU)) => overwhelmed("Python's parser came to no end with it"),
        (_, _, Some(signal)) => overwhelmed(&format!(
            "Python's parser died of it by {}",
            signal_name(signal)
        )),
        _ => {
            // A child that it left behind may hold its stderr open: don't wait for it.
            let complaint =
                complaint.and_then(|complaint| complaint.recv_timeout(Duration::from_secs(1)).ok());
            let complaint = describe(status, &complaint.unwrap_or_default());
            Err(ParserError::Failed(complaint))
        }
    }
}

/// A file that has no name and holds `text`, to be read from its beginning.
fn in_memory(text: &[u8]) -> io::Result<File> {
    let mut file = File::from(memfd_create("source", MemfdFlags::CLOEXEC)?);
    file.write_all(text)?;
    file.rewind()?;
    Ok(file)
}
