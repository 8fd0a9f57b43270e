//! The files that a run writes: the report and the audit log.
//!
//! A report appears whole or not at all: it is written beside its place and renamed. The
//! audit log grows as the run goes on; it is whole when it has its last record.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

/// Where output goes: `-` is our stdout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Our stdout.
    Stdout,
    /// A file.
    File(PathBuf),
}

impl Target {
    /// Reads an argument.
    pub fn parse(argument: &Path) -> Target {
        if argument == Path::new("-") {
            Target::Stdout
        } else {
            Target::File(argument.to_owned())
        }
    }

    /// Opens it for writing from its start. Errors of the writer name the file.
    pub fn open(&self) -> anyhow::Result<Box<dyn Write + Send>> {
        Ok(match self {
            Target::Stdout => Box::new(Named {
                name: self.name(),
                file: io::stdout(),
            }),
            Target::File(path) => {
                let file = File::create(path)
                    .with_context(|| format!("{} can't be written", self.name()))?;
                Box::new(Named {
                    name: self.name(),
                    file,
                })
            }
        })
    }

    fn name(&self) -> String {
        match self {
            Target::Stdout => "stdout".to_owned(),
            Target::File(path) => path.display().to_string(),
        }
    }
}

/// A file whose errors say which one it is.
struct Named<W> {
    name: String,
    file: W,
}

impl<W: Write> Named<W> {
    fn explain<T>(&self, result: io::Result<T>) -> io::Result<T> {
        result.map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", self.name)))
    }
}

impl<W: Write> Write for Named<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes);
        self.explain(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.file.flush();
        self.explain(flushed)
    }
}

/// Refuses to write two things to one place, or over what is read.
pub fn distinct(named: &[(&str, &Path)]) -> anyhow::Result<()> {
    for (index, (what, path)) in named.iter().enumerate() {
        if let Some((other, _)) = named[..index].iter().find(|(_, other)| same(other, path)) {
            bail!("{other} and {what} are the same file, {}", path.display());
        }
    }
    Ok(())
}

fn same(a: &Path, b: &Path) -> bool {
    let identity = |path: &Path| {
        path.metadata()
            .ok()
            .filter(|data| data.is_file())
            .map(|data| (data.dev(), data.ino()))
    };
    match (identity(a), identity(b)) {
        (Some(a), Some(b)) => a == b,
        _ => std::path::absolute(a).ok() == std::path::absolute(b).ok(),
    }
}

/// A report that isn't there yet.
#[derive(Debug)]
pub struct PendingReport {
    target: Target,
    /// Written and not yet renamed. `None` for what can't be replaced: stdout, a device.
    beside: Option<(PathBuf, File)>,
}

impl PendingReport {
    /// Makes sure, before anything is run, that the report can be written.
    pub fn prepare(target: Target) -> anyhow::Result<PendingReport> {
        let Target::File(path) = &target else {
            return Ok(PendingReport {
                target,
                beside: None,
            });
        };
        let problem = || format!("the report {} can't be written", path.display());
        // Through links to the file itself, which is what is replaced.
        let real = path.canonicalize().unwrap_or_else(|_| path.clone());
        if real.metadata().is_ok_and(|data| !data.is_file()) {
            if real.is_dir() {
                bail!("{}: it is a directory", problem());
            }
            return Ok(PendingReport {
                target,
                beside: None,
            });
        }
        let mut name = OsString::from(".");
        name.push(real.file_name().with_context(problem)?);
        name.push(format!(".{}.tmp", std::process::id()));
        let beside = real.with_file_name(name);
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&beside)
            .with_context(problem)?;
        Ok(PendingReport {
            target: Target::File(real),
            beside: Some((beside, file)),
        })
    }

    /// Writes it.
    pub fn write(mut self, text: &str) -> anyhow::Result<()> {
        let written = match (&mut self.beside, &self.target) {
            (Some((beside, file)), Target::File(path)) => file
                .write_all(text.as_bytes())
                .and_then(|()| file.sync_all())
                .and_then(|()| std::fs::rename(beside, path)),
            (_, Target::File(path)) => OpenOptions::new()
                .write(true)
                .open(path)
                .and_then(|mut file| file.write_all(text.as_bytes())),
            (_, Target::Stdout) => io::stdout()
                .write_all(text.as_bytes())
                .and_then(|()| io::stdout().flush()),
        };
        if written.is_ok() {
            self.beside = None;
        }
        written.with_context(|| format!("the report {} can't be written", self.target.name()))
    }
}

impl Drop for PendingReport {
    fn drop(&mut self) {
        if let Some((beside, _)) = &self.beside {
            // It was never finished; nobody may take it for a report.
            let _ = std::fs::remove_file(beside);
        }
    }
}
