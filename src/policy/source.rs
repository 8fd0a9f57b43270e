//! Where a policy's text comes from: a file, or a preset.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::diagnostic::{Code, Diagnostic, did_you_mean};
use super::presets;

/// Largest policy that is read, in bytes.
const LARGEST: u64 = 1 << 20;

/// One policy's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// As users see it: the path as given, or `preset:NAME`.
    pub name: String,
    /// Tells the same file under two names.
    pub identity: PathBuf,
    /// The folder that relative paths start from; `None` for presets.
    pub folder: Option<PathBuf>,
    /// The text.
    pub text: Arc<str>,
}

/// Is a reference a path? A name with `/` or ending in `.toml` is, any other is a preset.
fn is_path(reference: &str) -> bool {
    reference.contains('/') || reference.ends_with(".toml")
}

/// Finds what a reference (of `--policy` or `extends`) names.
///
/// # Errors
/// One diagnostic, without a place.
pub fn open(reference: &str, folder: &Path) -> Result<Source, Diagnostic> {
    if !is_path(reference) {
        return preset(reference);
    }
    let path = folder.join(reference);
    let name = reference.to_owned();
    let text = read(&path, &name)?;
    let identity = path.canonicalize().unwrap_or_else(|_| path.clone());
    let folder = identity.parent().map(Path::to_path_buf);
    Ok(Source {
        name,
        identity,
        folder,
        text: text.into(),
    })
}

fn preset(name: &str) -> Result<Source, Diagnostic> {
    match presets::find(name) {
        Some(text) => Ok(Source {
            name: format!("preset:{name}"),
            identity: PathBuf::from(format!("preset:{name}")),
            folder: None,
            text: text.into(),
        }),
        None => {
            let all = presets::names().collect::<Vec<_>>().join(", ");
            let help = match did_you_mean(name, presets::names()) {
                Some(meant) => format!("did you mean `{meant}`? The presets are {all}"),
                None => format!(
                    "the presets are {all}; a path has a `/` in it or ends in `.toml` (`./{name}`)"
                ),
            };
            Err(
                Diagnostic::error(Code::UnknownPreset, format!("there is no preset `{name}`"))
                    .help(help),
            )
        }
    }
}

fn read(path: &Path, name: &str) -> Result<String, Diagnostic> {
    let unreadable = |error: std::io::Error| {
        Diagnostic::error(
            Code::UnreadableFile,
            format!("can't read the policy `{name}`: {error}"),
        )
        .help("check the path; a preset is named without a path or ending")
    };
    let file = File::open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    if metadata.is_dir() {
        return Err(Diagnostic::error(
            Code::UnreadableFile,
            format!("the policy `{name}` is a folder"),
        )
        .help("name the policy file in it"));
    }
    let mut bytes = Vec::new();
    file.take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST {
        return Err(Diagnostic::error(
            Code::TooLarge,
            format!("the policy `{name}` is larger than 1 MiB"),
        )
        .help("is this the right file? A policy is a few kilobytes of TOML"));
    }
    String::from_utf8(bytes).map_err(|_| {
        Diagnostic::error(
            Code::NotText,
            format!("the policy `{name}` isn't UTF-8 text"),
        )
        .help("is this the right file? A policy is TOML")
    })
}
