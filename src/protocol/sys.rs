//! The shared memory itself: one sealed memfd, mapped by both sides.
//!
//! ```text
//! Header (own pages) | setup: JSON bytes | ring: 64-bit words
//! ```
//!
//! This is the only place of the protocol with unsafe code: it maps the memory and hands it
//! out as atomics. Another process may write any of it at any time, so nobody ever gets a
//! plain reference into it, and sizes that bound an access are kept outside it.
#![allow(unsafe_code)] // mmap, and references into what it returned

use std::os::fd::{AsFd, OwnedFd};
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use rustix::fs::{MemfdFlags, SealFlags};
use rustix::io::Errno;
use rustix::mm::{Advice, MapFlags, ProtFlags};
use rustix::thread::futex;

use super::PROTOCOL_VERSION;
use super::channel::{ChannelError, MAX_RING, MAX_SETUP, MIN_RING};
use super::wire::WORD;
use super::witness;

const MAGIC: u64 = u64::from_le_bytes(*b"lictor\r\n");

/// Large enough for the pages of every Linux machine (the mapping's parts needn't be
/// page-aligned; only the header must not share its cache lines).
const PAGE: usize = 4096;

/// A cache line of its own for what one side writes often.
#[repr(C, align(64))]
pub struct Line<T>(pub T);

/// The start of the shared memory. All zero bytes are a valid header.
#[repr(C)]
pub struct Header {
    magic: AtomicU64,
    version: AtomicU32,
    _unused: AtomicU32,
    /// Room for the setup, in bytes, a multiple of [`WORD`].
    setup_room: AtomicU64,
    /// Size of the ring in bytes, a power of two.
    ring_size: AtomicU64,
    /// Length of the setup in bytes.
    pub setup_length: AtomicU64,
    /// Bytes ever written to the ring; the hook's.
    pub head: Line<AtomicU64>,
    /// Bytes ever read from the ring; the supervisor's.
    pub tail: Line<AtomicU64>,
    /// 1 while the supervisor sleeps on it because the ring is empty.
    pub reader_sleeps: Line<AtomicU32>,
    /// 1 while the hook sleeps on it because the ring is full.
    pub writer_sleeps: Line<AtomicU32>,
    /// Becomes 1 when the supervisor has drained the output and discards what follows.
    pub ack: AtomicU32,
    /// Number of the supervisor's latest question for the guest's whereabouts.
    pub witness_request: AtomicU32,
    /// Number of the question that was answered last.
    pub witness_answer: AtomicU32,
    /// Steps so far, `u64::MAX` when they aren't counted; the hook's.
    pub steps: Line<AtomicU64>,
    /// Guest calls so far, `u64::MAX` when they aren't counted; the hook's.
    pub calls: AtomicU64,
    /// The answer of the witness.
    pub witness: Line<[AtomicU64; witness::AREA / WORD]>,
}

/// Room of the header: whole pages.
const HEADER: usize = size_of::<Header>().next_multiple_of(PAGE);

/// The mapped memory; unmapped when dropped.
pub struct Mapping {
    base: NonNull<u8>,
    setup_room: usize,
    ring_size: usize,
}

// SAFETY: a `Mapping` owns its memory as a `Box` would, and hands it out as atomics only.
unsafe impl Send for Mapping {}
// SAFETY: as above; atomics may be used from many threads.
unsafe impl Sync for Mapping {}

impl Mapping {
    /// Makes the memory, sealed against shrinking (which would turn an access into SIGBUS)
    /// and growing, with room for a setup of `setup_length` bytes.
    pub fn create(
        setup_length: usize,
        ring_size: usize,
    ) -> Result<(Mapping, OwnedFd), ChannelError> {
        if setup_length > MAX_SETUP {
            return Err(ChannelError::SetupTooLarge(setup_length));
        }
        if !ring_size.is_power_of_two() || !(MIN_RING..=MAX_RING).contains(&ring_size) {
            return Err(ChannelError::Layout);
        }
        let setup_room = setup_length.next_multiple_of(PAGE);
        let fd =
            rustix::fs::memfd_create("lictor", MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING)
                .map_err(ChannelError::memory)?;
        let length = HEADER + setup_room + ring_size;
        rustix::fs::ftruncate(&fd, length as u64).map_err(ChannelError::memory)?;
        rustix::fs::fcntl_add_seals(&fd, SealFlags::SHRINK | SealFlags::GROW)
            .map_err(ChannelError::memory)?;
        let mapping = Mapping::map(&fd, setup_room, ring_size)?;
        let header = mapping.header();
        header.magic.store(MAGIC, Ordering::Relaxed);
        header.version.store(PROTOCOL_VERSION, Ordering::Relaxed);
        header
            .setup_room
            .store(setup_room as u64, Ordering::Relaxed);
        header.ring_size.store(ring_size as u64, Ordering::Relaxed);
        header.steps.0.store(u64::MAX, Ordering::Relaxed);
        header.calls.store(u64::MAX, Ordering::Relaxed);
        Ok((mapping, fd))
    }

    /// Maps memory that [`create`](Self::create) made, in the worker.
    ///
    /// Children of the worker don't inherit it (a forked guest has no hook to speak for it),
    /// and from now on nobody else can map it for writing.
    pub fn attach(fd: &OwnedFd) -> Result<Mapping, ChannelError> {
        let length = rustix::fs::fstat(fd).map_err(ChannelError::memory)?.st_size as u64;
        let seals = rustix::fs::fcntl_get_seals(fd).map_err(ChannelError::memory)?;
        if length < HEADER as u64 || !seals.contains(SealFlags::SHRINK) {
            return Err(ChannelError::Layout);
        }
        let (setup_room, ring_size) = {
            let start = Mapping::map(fd, 0, 0)?;
            let header = start.header();
            if header.magic.load(Ordering::Relaxed) != MAGIC {
                return Err(ChannelError::Layout);
            }
            let version = header.version.load(Ordering::Relaxed);
            if version != PROTOCOL_VERSION {
                return Err(ChannelError::Version(version));
            }
            (
                header.setup_room.load(Ordering::Relaxed),
                header.ring_size.load(Ordering::Relaxed),
            )
        };
        let fits = setup_room <= MAX_SETUP.next_multiple_of(PAGE) as u64
            && setup_room.is_multiple_of(WORD as u64)
            && (MIN_RING as u64..=MAX_RING as u64).contains(&ring_size)
            && ring_size.is_power_of_two()
            && length == HEADER as u64 + setup_room + ring_size;
        if !fits {
            return Err(ChannelError::Layout);
        }
        let mapping = Mapping::map(fd, setup_room as usize, ring_size as usize)?;
        // SAFETY: the range is the mapping just made; the advice changes what a fork copies,
        // not what this process sees.
        unsafe {
            rustix::mm::madvise(
                mapping.base.as_ptr().cast(),
                mapping.length(),
                Advice::LinuxDontFork,
            )
        }
        .map_err(ChannelError::memory)?;
        rustix::fs::fcntl_add_seals(fd, SealFlags::FUTURE_WRITE | SealFlags::SEAL)
            .map_err(ChannelError::memory)?;
        Ok(mapping)
    }

    fn map(fd: &OwnedFd, setup_room: usize, ring_size: usize) -> Result<Mapping, ChannelError> {
        let length = HEADER + setup_room + ring_size;
        // SAFETY: a new mapping at an address of the kernel's choice overlaps nothing.
        let base = unsafe {
            rustix::mm::mmap(
                std::ptr::null_mut(),
                length,
                ProtFlags::READ | ProtFlags::WRITE,
                MapFlags::SHARED,
                fd.as_fd(),
                0,
            )
        }
        .map_err(ChannelError::memory)?;
        let base = NonNull::new(base.cast::<u8>()).ok_or(ChannelError::Layout)?;
        Ok(Mapping {
            base,
            setup_room,
            ring_size,
        })
    }

    fn length(&self) -> usize {
        HEADER + self.setup_room + self.ring_size
    }

    /// The header.
    pub fn header(&self) -> &Header {
        // SAFETY: the mapping starts page-aligned, is at least `HEADER` long and can't shrink
        // (sealed); `Header` is made of atomics, for which every byte pattern is valid and
        // writes by the other side are no data race.
        unsafe { self.base.cast::<Header>().as_ref() }
    }

    /// The room for the setup.
    pub fn setup(&self) -> &[AtomicU64] {
        self.words(HEADER, self.setup_room)
    }

    /// The ring: a power of two of words.
    pub fn ring(&self) -> &[AtomicU64] {
        self.words(HEADER + self.setup_room, self.ring_size)
    }

    /// `length` bytes at `offset`, which is within the mapping and a multiple of [`WORD`].
    fn words(&self, offset: usize, length: usize) -> &[AtomicU64] {
        debug_assert!(offset + length <= self.length() && offset.is_multiple_of(WORD));
        // SAFETY: both callers stay within the mapping by its definition of `length`; the
        // offsets are multiples of 8 (`HEADER` is whole pages, `setup_room` was checked);
        // atomics as in `header`.
        unsafe { std::slice::from_raw_parts(self.base.add(offset).cast().as_ptr(), length / WORD) }
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: base and length are those of the mapping, and every reference into it
        // borrows `self`. An error would leave the memory mapped, which harms nobody.
        let _ = unsafe { rustix::mm::munmap(self.base.as_ptr().cast(), self.length()) };
    }
}

/// Sleeps while `word` holds `value`; returns on a wake-up, another value, a signal or after
/// `timeout`. The caller looks again in any case.
pub fn sleep_while(word: &AtomicU32, value: u32, timeout: Option<Duration>) {
    let timeout = timeout.map(|timeout| futex::Timespec {
        tv_sec: i64::try_from(timeout.as_secs()).unwrap_or(i64::MAX),
        tv_nsec: i64::from(timeout.subsec_nanos()),
    });
    match futex::wait(word, futex::Flags::empty(), value, timeout.as_ref()) {
        Ok(()) | Err(Errno::AGAIN | Errno::INTR | Errno::TIMEDOUT) => {}
        // The kernel refuses only bad addresses and clocks; yielding keeps a loop fair.
        Err(_) => std::thread::yield_now(),
    }
}

/// Wakes whoever [sleeps](sleep_while) on `word`, in any process.
pub fn wake(word: &AtomicU32) {
    // The only error is a bad address, which a reference isn't.
    let _ = futex::wake(word, futex::Flags::empty(), u32::MAX >> 1);
}

/// Copies bytes into shared words; what doesn't fit is left out.
pub fn store_bytes(words: &[AtomicU64], bytes: &[u8]) {
    for (word, chunk) in words.iter().zip(bytes.chunks(WORD)) {
        let mut value = [0; WORD];
        value[..chunk.len()].copy_from_slice(chunk);
        word.store(u64::from_le_bytes(value), Ordering::Relaxed);
    }
}

/// Copies the first `length` bytes out of shared words, or as many as there are.
pub fn load_bytes(words: &[AtomicU64], length: usize) -> Vec<u8> {
    let mut bytes: Vec<u8> = words
        .iter()
        .take(length.div_ceil(WORD))
        .flat_map(|word| word.load(Ordering::Relaxed).to_le_bytes())
        .collect();
    bytes.truncate(length);
    bytes
}
