//! Reading the script: once, by us, so that what is hashed is what is run.

use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use sha2::{Digest, Sha256};

use crate::supervisor::Script;

/// Largest script, in bytes.
const MAX_SCRIPT: u64 = 16 << 20;

/// How alike two names must be (Jaro-Winkler, 0 to 1) for one to be meant by the other.
const ALIKE: f64 = 0.85;

/// Reads a script.
pub fn read(path: &Path) -> anyhow::Result<Script> {
    let shown = path.display();
    let Ok(data) = path.metadata() else {
        match similar(path) {
            Some(other) => bail!(
                "there is no script {shown}; did you mean {}?",
                other.display()
            ),
            None => bail!("there is no script {shown}"),
        }
    };
    if data.is_dir() {
        bail!("{shown} is a directory, not a script");
    }
    let file = std::fs::File::open(path).with_context(|| format!("{shown} can't be read"))?;
    let mut source = Vec::new();
    file.take(MAX_SCRIPT + 1)
        .read_to_end(&mut source)
        .with_context(|| format!("{shown} can't be read"))?;
    if source.len() as u64 > MAX_SCRIPT {
        bail!(
            "{shown} is larger than {} MiB, too large for a script",
            MAX_SCRIPT >> 20
        );
    }
    let real = path
        .canonicalize()
        .with_context(|| format!("{shown} can't be found again"))?;
    let folder = real
        .parent()
        .map_or_else(|| PathBuf::from("/"), Path::to_owned);
    let sha256 = Sha256::digest(&source)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Ok(Script {
        path: path.to_owned(),
        folder,
        source,
        sha256,
    })
}

/// A file of the same folder whose name is much like the one that was asked for.
fn similar(path: &Path) -> Option<PathBuf> {
    let wanted = path.file_name()?.to_str()?;
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let names = std::fs::read_dir(folder.unwrap_or(Path::new("."))).ok()?;
    let scored = names.flatten().filter_map(|entry| {
        let name = entry.file_name().to_str()?.to_owned();
        let score = strsim::jaro_winkler(wanted, &name);
        (score >= ALIKE && entry.path().is_file()).then_some((score, name))
    });
    let (_, best) = scored.max_by(|(a, _), (b, _)| a.total_cmp(b))?;
    Some(folder.map_or_else(|| PathBuf::from(&best), |folder| folder.join(&best)))
}
