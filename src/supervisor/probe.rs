//! Asks an interpreter: runs a small program of Lictor's own in it and takes what it prints.
//!
//! The interpreter is the user's choice and trusted; but it may be anything that can be
//! executed, so both the time and the length of its answer have a limit.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// A program that doesn't answer within this time isn't a Python.
const PATIENCE: Duration = Duration::from_secs(20);

/// How much is repeated of what a program says that isn't a Python, in characters.
const MAX_COMPLAINT: usize = 100;

/// What the program printed.
pub struct Answer {
    /// Its stdout, not longer than asked for.
    pub text: Vec<u8>,
    status: std::process::ExitStatus,
    complaint: Option<mpsc::Receiver<Vec<u8>>>,
}

impl Answer {
    /// What a program did instead of answering properly.
    pub fn complaint(self) -> String {
        // A child that the program left behind may hold its stderr open: don't wait for it.
        let complaint = self
            .complaint
            .and_then(|complaint| complaint.recv_timeout(Duration::from_secs(1)).ok());
        describe(self.status, &complaint.unwrap_or_default())
    }
}

/// Runs `program` in the interpreter at `path`, isolated, with `question` as its stdin, and
/// gives at most `longest` bytes of its answer.
///
/// # Errors
///
/// Why there is no answer, in words.
pub fn ask(path: &Path, program: &str, question: Vec<u8>, longest: u64) -> Result<Answer, String> {
    let mut child = Command::new(path)
        .args(["-I", "-S", "-c", program])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| error.to_string())?;
    if let Some(mut stdin) = child.stdin.take() {
        // Errors: a program that doesn't read has something else to say, or nothing.
        std::thread::spawn(move || stdin.write_all(&question));
    }
    let answer = child
        .stdout
        .take()
        .map(|stdout| read_aside(stdout, longest));
    let complaint = child
        .stderr
        .take()
        .map(|stderr| read_aside(stderr, longest));
    let answer = answer.and_then(|answer| answer.recv_timeout(PATIENCE).ok());
    if answer.is_none() {
        // Errors: it may just have ended.
        let _ = child.kill();
    }
    let status = child.wait().map_err(|error| error.to_string())?;
    let text =
        answer.ok_or_else(|| format!("it gave no answer for {} seconds", PATIENCE.as_secs()))?;
    Ok(Answer {
        text,
        status,
        complaint,
    })
}

/// Reads a stream to its end, or as far as an answer may be long, in a thread.
pub(super) fn read_aside(
    stream: impl Read + Send + 'static,
    longest: u64,
) -> mpsc::Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut text = Vec::new();
        if stream.take(longest).read_to_end(&mut text).is_ok() {
            // Nobody may be waiting any more.
            let _ = sender.send(text);
        }
    });
    receiver
}

/// What a program did instead of answering: the first thing it said, shortened.
pub(super) fn describe(status: std::process::ExitStatus, complaint: &[u8]) -> String {
    let complaint = String::from_utf8_lossy(complaint);
    match complaint
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty())
    {
        Some(line) => {
            let start: String = line.chars().take(MAX_COMPLAINT).collect();
            let more = if start.len() < line.len() { "…" } else { "" };
            format!("it said: {}{more}", crate::report::text::escape(&start))
        }
        None => format!("it doesn't answer as a Python does ({status})"),
    }
}
