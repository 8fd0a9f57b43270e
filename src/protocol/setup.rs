//! The setup: what the supervisor tells the hook before the guest runs.
//!
//! It is JSON in the shared memory, written before the worker starts. The hook copies it
//! and wipes the shared copy, so that the guest can't read its nonce there.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::rules::{Limits, RuleSet};

/// Everything that the worker needs to arm the hook and run one script.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Setup {
    /// Goes back in the [end record](super::record::End).
    pub nonce: [u8; 16],
    /// The script as the user named it: `sys.argv[0]` and the file name in tracebacks.
    pub script: PathBuf,
    /// The script's text, as it was read (and hashed) by the supervisor; any bytes.
    pub source: Vec<u8>,
    /// The guest's arguments, `sys.argv[1:]`, as bytes.
    pub arguments: Vec<Vec<u8>>,
    /// Goes to `sys.path[0]`: the script's folder, absolute.
    pub script_folder: PathBuf,
    /// Appended to `sys.path`: the site-packages folders of the interpreter or its venv.
    pub site_packages: Vec<PathBuf>,
    /// `sys.prefix` of the venv, if the interpreter stands in one.
    pub venv: Option<PathBuf>,
    /// `sys.executable` that the guest sees.
    pub executable: PathBuf,
    /// Folders whose code is library code: stdlib, site-packages and the policy's `[trust]`.
    pub library: Vec<PathBuf>,
    /// The rules.
    pub rules: RuleSet,
    /// The limits.
    pub limits: Limits,
}
