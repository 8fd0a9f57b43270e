//! The hook's end of the channel.

use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering, fence};

use super::channel::ChannelError;
use super::record::{MAX_RECORD, Record};
use super::setup::Setup;
use super::sys::{self, Mapping};
use super::wire::{self, WORD, Words};
use super::witness::Witness;

/// Writes records. One thread at a time may use it; the hook keeps it behind a lock.
pub struct Producer {
    mapping: Arc<Mapping>,
    /// Bytes written; what the header's `head` says once they are published.
    head: u64,
    /// The supervisor's position when it was looked at last.
    tail: u64,
    records: u64,
    words: Box<Words>,
    identity: (u64, u64),
}

impl Producer {
    /// Maps the channel behind `fd`, takes the setup out of it and closes `fd`.
    ///
    /// The shared copy of the setup is wiped, so that its nonce isn't found there; no later
    /// mapping of the memory can be written to.
    ///
    /// # Errors
    ///
    /// If the memory isn't a channel of this version.
    pub fn attach(fd: OwnedFd) -> Result<(Producer, Setup), ChannelError> {
        let stat = rustix::fs::fstat(&fd).map_err(ChannelError::memory)?;
        let mapping = Mapping::attach(&fd)?;
        let length = mapping.header().setup_length.load(Ordering::Acquire);
        let json = sys::load_bytes(
            mapping.setup(),
            usize::try_from(length).unwrap_or(usize::MAX),
        );
        for word in mapping.setup() {
            word.store(0, Ordering::Relaxed);
        }
        let setup = serde_json::from_slice(&json)?;
        let producer = Producer {
            mapping: Arc::new(mapping),
            head: 0,
            tail: 0,
            records: 0,
            words: Box::new([0; MAX_RECORD / WORD]),
            identity: (stat.st_dev, stat.st_ino),
        };
        Ok((producer, setup))
    }

    /// Device and inode number of the memory, to recognise somebody who opens it again.
    pub fn identity(&self) -> (u64, u64) {
        self.identity
    }

    /// How many records were pushed.
    pub fn records(&self) -> u64 {
        self.records
    }

    /// Sends a record. Blocks while the ring is full: records are never lost.
    pub fn push(&mut self, record: &Record) {
        let length = wire::encode(record, &mut self.words);
        self.wait_for_room((length * WORD) as u64);
        let ring = self.mapping.ring();
        let mask = ring.len() - 1; // a power of two
        let start = self.head as usize / WORD;
        for (offset, word) in self.words[..length].iter().enumerate() {
            ring[(start + offset) & mask].store(*word, Ordering::Relaxed);
        }
        self.head += (length * WORD) as u64;
        self.records += 1;
        let header = self.mapping.header();
        header.head.0.store(self.head, Ordering::Release);
        // Pairs with the fence of the consumer: either it sees the new head before it sleeps,
        // or we see that it sleeps.
        fence(Ordering::SeqCst);
        if header.reader_sleeps.0.load(Ordering::Relaxed) != 0 {
            header.reader_sleeps.0.store(0, Ordering::Relaxed);
            sys::wake(&header.reader_sleeps.0);
        }
    }

    fn wait_for_room(&mut self, bytes: u64) {
        let header = self.mapping.header();
        let size = (self.mapping.ring().len() * WORD) as u64;
        // This ends: any record fits an empty ring (`MIN_RING`).
        while self.head.wrapping_sub(self.tail) + bytes > size {
            self.tail = header.tail.0.load(Ordering::Acquire);
            if self.head.wrapping_sub(self.tail) + bytes <= size {
                return;
            }
            header.writer_sleeps.0.store(1, Ordering::Relaxed);
            fence(Ordering::SeqCst);
            self.tail = header.tail.0.load(Ordering::Acquire);
            if self.head.wrapping_sub(self.tail) + bytes > size {
                sys::sleep_while(&header.writer_sleeps.0, 1, None);
            }
        }
    }

    /// Blocks until the supervisor has drained the output so far and discards what follows.
    ///
    /// There is no timeout: the supervisor kills a worker that waits too long, and a worker
    /// whose supervisor dies is killed by the kernel.
    pub fn await_ack(&self) {
        await_ack(&self.mapping);
    }

    /// What other threads of the hook need, without the producer's lock.
    pub fn board(&self) -> Board {
        Board {
            mapping: Arc::clone(&self.mapping),
        }
    }

    /// The handle for the thread that answers the supervisor's question.
    pub fn witness(&self) -> Witness {
        Witness::new(Arc::clone(&self.mapping))
    }
}

/// The words beside the ring, usable from any thread without a lock.
#[derive(Clone)]
pub struct Board {
    mapping: Arc<Mapping>,
}

impl Board {
    /// The live count of steps. A hook that counts stores 0 first; until then it is
    /// `u64::MAX`, "not counted".
    pub fn steps(&self) -> &AtomicU64 {
        &self.mapping.header().steps.0
    }

    /// The live count of guest calls; as [`steps`](Self::steps).
    pub fn calls(&self) -> &AtomicU64 {
        &self.mapping.header().calls
    }

    /// As [`Producer::await_ack`].
    pub fn await_ack(&self) {
        await_ack(&self.mapping);
    }
}

fn await_ack(mapping: &Mapping) {
    let ack = &mapping.header().ack;
    while ack.load(Ordering::Acquire) == 0 {
        sys::sleep_while(ack, 0, None);
    }
}
