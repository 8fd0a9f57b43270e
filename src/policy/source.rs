//! Where a policy's text comes from: a file of the user's, or a preset inside the program.
//!
//! A policy is written by whoever runs Lictor, but the file may be anything: what is read is
//! bounded, and what can't be a policy is refused before it is parsed.

use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;

/// Largest policy file, in bytes.
pub const MAX_SIZE: u64 = 1 << 20;

/// The presets: name and text.
const PRESETS: [(&str, &str); 4] = [
    ("audit", include_str!("../../policies/audit.toml")),
    ("base", include_str!("../../policies/base.toml")),
    ("grading", include_str!("../../policies/grading.toml")),
    ("plugin", include_str!("../../policies/plugin.toml")),
];

/// The names of all presets, sorted.
pub fn preset_names() -> impl Iterator<Item = &'static str> {
    PRESETS.iter().map(|(name, _)| *name)
}

/// Is the reference a path, rather than a preset's name?
pub fn is_path(reference: &str) -> bool {
    reference.contains('/') || reference.ends_with(".toml")
}

/// A policy's text and where it came from; cheap to clone.
#[derive(Clone, Debug)]
pub struct Source {
    /// The file as the user named it, or `preset:NAME`.
    pub name: Arc<str>,
    /// What the policy is called when it doesn't say: the preset's name or the file's stem.
    pub stem: String,
    /// The whole text.
    pub text: Arc<str>,
    /// The folder that relative paths in it refer to; `None` for a preset.
    pub folder: Option<PathBuf>,
    /// Byte offset of each line's first byte.
    line_starts: Arc<[usize]>,
}

impl Source {
    /// A source with this text, known by `name`.
    pub fn new(name: &str, stem: &str, text: &str, folder: Option<PathBuf>) -> Source {
        let line_starts = std::iter::once(0)
            .chain(
                text.bytes()
                    .enumerate()
                    .filter(|(_, byte)| *byte == b'\n')
                    .map(|(at, _)| at + 1),
            )
            .collect();
        Source {
            name: name.into(),
            stem: stem.to_owned(),
            text: text.into(),
            folder,
            line_starts,
        }
    }

    /// The preset of this name, if there is one.
    pub fn preset(name: &str) -> Option<Source> {
        let (name, text) = PRESETS.iter().find(|(known, _)| *known == name)?;
        Some(Source::new(&format!("preset:{name}"), name, text, None))
    }

    /// Reads the policy file at `path`, which the user knows as `name`.
    ///
    /// # Errors
    /// One variant of `ReadError` for each reason that a file isn't a policy.
    pub fn read(name: &str, path: &Path) -> Result<Source, ReadError> {
        // What isn't a regular file is never opened: a FIFO would block.
        let metadata = std::fs::metadata(path).map_err(ReadError::from_io)?;
        if metadata.is_dir() {
            return Err(ReadError::Directory);
        }
        if !metadata.is_file() {
            return Err(ReadError::Special);
        }
        if metadata.len() > MAX_SIZE {
            return Err(ReadError::TooLarge);
        }
        let mut bytes = Vec::new();
        let file = File::open(path).map_err(ReadError::from_io)?;
        // The file may have grown since, so the length is bounded here too.
        file.take(MAX_SIZE + 1)
            .read_to_end(&mut bytes)
            .map_err(ReadError::from_io)?;
        if bytes.len() as u64 > MAX_SIZE {
            return Err(ReadError::TooLarge);
        }
        if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
            return Err(ReadError::NotText { at });
        }
        let text = String::from_utf8(bytes).map_err(|error| ReadError::NotText {
            at: error.utf8_error().valid_up_to(),
        })?;
        // As the user named it: what a symbolic link's name stands beside is what is meant.
        let folder = std::path::absolute(path)
            .map_err(ReadError::from_io)?
            .parent()
            .map(Path::to_owned);
        let stem = path
            .file_stem()
            .map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
        Ok(Source::new(name, &stem, &text, folder))
    }

    /// The line, from 1, that holds the byte at `offset`.
    pub fn line_of(&self, offset: usize) -> usize {
        self.line_starts
            .partition_point(|start| *start <= offset)
            .max(1)
    }

    /// The bytes of the lines that `span` touches, without the last line's end.
    pub fn lines_around(&self, span: &Range<usize>) -> Range<usize> {
        let start = self.line_starts[self.line_of(span.start) - 1];
        let last = self.line_of(span.end.saturating_sub(1).max(span.start));
        let end = self
            .line_starts
            .get(last)
            .map_or(self.text.len(), |next| next - 1);
        start..end.max(start)
    }
}

/// Why a file can't be read as a policy.
#[derive(Debug, Error)]
pub enum ReadError {
    /// There is no such file.
    #[error("there is no such file")]
    Missing,
    /// It is a directory.
    #[error("it is a directory")]
    Directory,
    /// It is a device, a pipe or a socket.
    #[error("it is not a regular file")]
    Special,
    /// More than [`MAX_SIZE`] bytes.
    #[error("it is larger than {} MiB, which no policy is", MAX_SIZE >> 20)]
    TooLarge,
    /// It isn't UTF-8, or holds a NUL.
    #[error("it is not UTF-8 text (byte {at})")]
    NotText {
        /// Offset of the first byte that isn't.
        at: usize,
    },
    /// The system's own reason.
    #[error("{0}")]
    Io(io::Error),
}

impl ReadError {
    fn from_io(error: io::Error) -> ReadError {
        match error.kind() {
            io::ErrorKind::NotFound => ReadError::Missing,
            _ => ReadError::Io(error),
        }
    }
}
