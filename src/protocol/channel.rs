//! The shared memory that carries everything between supervisor and worker.
//!
//! The supervisor [`create`]s it, keeps the [`Consumer`] and hands the descriptor to the
//! worker, whose hook makes a [`Producer`](super::producer::Producer) of it. Beside the ring
//! of records it holds a few words that both sides look at: live counters, the
//! acknowledgement of a latched violation, the question for the [witness](super::witness).

use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::consumer::Consumer;
use super::record::MAX_RECORD;
use super::setup::Setup;
use super::sys::{self, Mapping};

/// Size of the ring in bytes.
pub const RING: usize = 1 << 20;

/// Smallest ring in bytes: any record fits.
pub const MIN_RING: usize = 2 * MAX_RECORD;

/// Largest ring in bytes.
pub const MAX_RING: usize = 64 << 20;

/// Largest setup in bytes. The largest script, escaped as badly as can be, fits.
pub const MAX_SETUP: usize = 128 << 20;

/// Why there is no channel.
#[derive(Debug, thiserror::Error)]
pub enum ChannelError {
    /// The kernel refuses the memory.
    #[error("the shared memory can't be set up: {0}")]
    Memory(std::io::Error),
    /// The setup has more bytes than [`MAX_SETUP`].
    #[error("script, arguments and policy are too large together ({0} bytes)")]
    SetupTooLarge(usize),
    /// The setup can't be written or read as JSON.
    #[error("the setup can't be written or read: {0}")]
    Setup(#[from] serde_json::Error),
    /// The memory isn't a channel.
    #[error("the shared memory has a layout that isn't Lictor's")]
    Layout,
    /// The other side is of another version.
    #[error("the other side speaks version {0} of the protocol")]
    Version(u32),
}

impl ChannelError {
    pub(super) fn memory(errno: rustix::io::Errno) -> ChannelError {
        ChannelError::Memory(errno.into())
    }
}

/// Makes the channel of one run: the supervisor's end, and the descriptor that the worker
/// gets.
///
/// # Errors
///
/// If the kernel refuses the memory or the setup is too large.
pub fn create(setup: &Setup) -> Result<(Consumer, OwnedFd), ChannelError> {
    create_with_ring(setup, RING)
}

/// [`create`] with a ring of another size, a power of two from [`MIN_RING`] to [`MAX_RING`].
///
/// # Errors
///
/// As [`create`]; [`ChannelError::Layout`] for a size that can't be.
pub fn create_with_ring(setup: &Setup, ring: usize) -> Result<(Consumer, OwnedFd), ChannelError> {
    let json = serde_json::to_vec(setup)?;
    let (mapping, fd) = Mapping::create(json.len(), ring)?;
    sys::store_bytes(mapping.setup(), &json);
    mapping
        .header()
        .setup_length
        .store(json.len() as u64, Ordering::Release);
    Ok((Consumer::new(Arc::new(mapping), setup), fd))
}
