//! The setup: what the supervisor tells the hook before the guest runs.
//!
//! It is JSON in the shared memory, written before the worker starts. The hook copies it
//! and wipes the shared copy, so that the guest can't read its nonce there. Bytes that needn't
//! be UTF-8 (the script, arguments, paths) travel as text with one character per byte.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::rules::{Limits, RuleSet};

/// Everything that the worker needs to arm the hook and run one script.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Setup {
    /// Goes back in the [end record](super::record::End).
    pub nonce: [u8; 16],
    /// The script as the user named it: `sys.argv[0]` and the file name in tracebacks.
    #[serde(with = "bytes")]
    pub script: PathBuf,
    /// The script's text, as it was read (and hashed) by the supervisor; any bytes.
    #[serde(with = "bytes")]
    pub source: Vec<u8>,
    /// The guest's arguments, `sys.argv[1:]`, as bytes.
    #[serde(with = "byte_lists")]
    pub arguments: Vec<Vec<u8>>,
    /// Goes to `sys.path[0]`: the script's folder, absolute.
    #[serde(with = "bytes")]
    pub script_folder: PathBuf,
    /// Appended to `sys.path`: the site-packages folders of the interpreter or its venv.
    #[serde(with = "byte_lists")]
    pub site_packages: Vec<PathBuf>,
    /// `sys.prefix` of the venv, if the interpreter stands in one.
    #[serde(with = "optional_bytes")]
    pub venv: Option<PathBuf>,
    /// `sys.executable` that the guest sees.
    #[serde(with = "bytes")]
    pub executable: PathBuf,
    /// Folders whose code is library code: stdlib, site-packages and the policy's `[trust]`.
    #[serde(with = "byte_lists")]
    pub library: Vec<PathBuf>,
    /// The rules.
    pub rules: RuleSet,
    /// The limits.
    pub limits: Limits,
}

/// Things that are bytes underneath.
trait Bytes: Sized {
    fn as_bytes(&self) -> &[u8];
    fn from_bytes(bytes: Vec<u8>) -> Self;

    /// One character, U+0000 to U+00FF, per byte.
    fn to_text(&self) -> String {
        self.as_bytes().iter().copied().map(char::from).collect()
    }

    fn from_text(text: &str) -> Result<Self, std::char::TryFromCharError> {
        text.chars()
            .map(u8::try_from)
            .collect::<Result<_, _>>()
            .map(Self::from_bytes)
    }
}

impl Bytes for Vec<u8> {
    fn as_bytes(&self) -> &[u8] {
        self
    }

    fn from_bytes(bytes: Vec<u8>) -> Self {
        bytes
    }
}

impl Bytes for PathBuf {
    fn as_bytes(&self) -> &[u8] {
        std::os::unix::ffi::OsStrExt::as_bytes(self.as_os_str())
    }

    fn from_bytes(bytes: Vec<u8>) -> Self {
        PathBuf::from(<std::ffi::OsString as std::os::unix::ffi::OsStringExt>::from_vec(bytes))
    }
}

/// A field that is bytes.
mod bytes {
    use super::Bytes;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<T: Bytes, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&value.to_text())
    }

    pub fn deserialize<'de, T: Bytes, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
        T::from_text(&String::deserialize(from)?).map_err(D::Error::custom)
    }
}

/// A field that is such a thing, or isn't there.
mod optional_bytes {
    use super::Bytes;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<T: Bytes, S: Serializer>(value: &Option<T>, to: S) -> Result<S::Ok, S::Error> {
        value.as_ref().map(Bytes::to_text).serialize(to)
    }

    pub fn deserialize<'de, T: Bytes, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<T>, D::Error> {
        Option::<String>::deserialize(from)?
            .map(|text| T::from_text(&text).map_err(D::Error::custom))
            .transpose()
    }
}

/// A field that is a list of such things.
mod byte_lists {
    use super::Bytes;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<T: Bytes, S: Serializer>(values: &[T], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(values.iter().map(Bytes::to_text))
    }

    pub fn deserialize<'de, T: Bytes, D: Deserializer<'de>>(from: D) -> Result<Vec<T>, D::Error> {
        Vec::<String>::deserialize(from)?
            .iter()
            .map(|text| T::from_text(text).map_err(D::Error::custom))
            .collect()
    }
}
