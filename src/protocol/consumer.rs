//! The supervisor's end of the channel.
//!
//! Nothing here believes the shared memory: positions are compared with what was read so far
//! and with the ring's size (kept outside the memory), a record is copied once and then
//! decoded and [checked](super::stream), and text is bounded.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering, fence};
use std::time::{Duration, Instant};

use super::record::{MAX_RECORD, Record};
use super::setup::Setup;
use super::stream::{Checker, StreamError};
use super::sys::{self, Mapping};
use super::wire::{self, WORD, Words};
use super::witness::{self, WitnessAnswer};

/// Reads records.
pub struct Consumer {
    mapping: Arc<Mapping>,
    closed: Arc<AtomicBool>,
    /// Bytes read.
    tail: u64,
    /// Bytes read that the hook was told of.
    published: u64,
    /// Bytes written, when it was looked at last.
    head: u64,
    checker: Checker,
    words: Box<Words>,
}

impl Consumer {
    pub(super) fn new(mapping: Arc<Mapping>, setup: &Setup) -> Consumer {
        Consumer {
            mapping,
            closed: Arc::new(AtomicBool::new(false)),
            tail: 0,
            published: 0,
            head: 0,
            checker: Checker::new(setup.nonce, setup.rules.rules.len()),
            words: Box::new([0; MAX_RECORD / WORD]),
        }
    }

    /// The handle for everything that isn't a record.
    pub fn control(&self) -> Control {
        Control {
            mapping: Arc::clone(&self.mapping),
            closed: Arc::clone(&self.closed),
        }
    }

    /// How many records were read.
    pub fn records(&self) -> u64 {
        self.checker.records()
    }

    /// The next record. `None` when none came within `timeout` (`None`: however long it
    /// takes), or when the channel was [closed](Control::close) and all of it is read.
    ///
    /// # Errors
    ///
    /// A [`StreamError`] once the worker wrote something that an honest hook doesn't write;
    /// what comes after it can't be read.
    pub fn next(&mut self, timeout: Option<Duration>) -> Result<Option<Record>, StreamError> {
        if !self.wait_for_data(timeout)? {
            return Ok(None);
        }
        let length = self.copy_record()?;
        let record = wire::decode(&self.words[..length])?;
        self.checker.admit(&record)?;
        self.tail += (length * WORD) as u64;
        // Telling the hook costs a fence: do it when the ring was emptied or a good part of
        // it is free again.
        if self.tail == self.head || self.tail - self.published >= self.ring_size() / 4 {
            self.publish();
        }
        Ok(Some(record))
    }

    /// Copies the record at the tail into `words`, once, and returns its length in words.
    fn copy_record(&mut self) -> Result<usize, StreamError> {
        let ring = self.mapping.ring();
        let mask = ring.len() - 1; // a power of two
        let start = self.tail as usize / WORD;
        let first = ring[start & mask].load(Ordering::Relaxed);
        let length = wire::length_of(first)?;
        if (length * WORD) as u64 > self.head - self.tail {
            return Err(StreamError::Length(length * WORD));
        }
        self.words[0] = first;
        for (offset, word) in self.words[..length].iter_mut().enumerate().skip(1) {
            *word = ring[(start + offset) & mask].load(Ordering::Relaxed);
        }
        Ok(length)
    }

    /// Waits until there is something to read.
    fn wait_for_data(&mut self, timeout: Option<Duration>) -> Result<bool, StreamError> {
        if self.tail != self.head || self.look()? {
            return Ok(true);
        }
        let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        loop {
            let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
            let mapping = Arc::clone(&self.mapping);
            let sleeps = &mapping.header().reader_sleeps.0;
            sleeps.store(1, Ordering::Relaxed);
            // Pairs with the fences of `Producer::push` and `Control::close`.
            fence(Ordering::SeqCst);
            let closed = self.closed.load(Ordering::Acquire);
            if self.look()? {
                sleeps.store(0, Ordering::Relaxed);
                return Ok(true);
            }
            if closed || left == Some(Duration::ZERO) {
                sleeps.store(0, Ordering::Relaxed);
                return Ok(false);
            }
            sys::sleep_while(sleeps, 1, left);
        }
    }

    /// Looks how far the hook has come; `true` if there is something to read.
    fn look(&mut self) -> Result<bool, StreamError> {
        let written = self.mapping.header().head.0.load(Ordering::Acquire);
        let possible = written >= self.head
            && written - self.tail <= self.ring_size()
            && written.is_multiple_of(WORD as u64);
        if !possible {
            return Err(StreamError::Positions {
                read: self.tail,
                written,
            });
        }
        self.head = written;
        Ok(self.tail != self.head)
    }

    fn publish(&mut self) {
        let header = self.mapping.header();
        header.tail.0.store(self.tail, Ordering::Release);
        self.published = self.tail;
        // Pairs with the fence of `Producer::wait_for_room`.
        fence(Ordering::SeqCst);
        if header.writer_sleeps.0.load(Ordering::Relaxed) != 0 {
            header.writer_sleeps.0.store(0, Ordering::Relaxed);
            sys::wake(&header.writer_sleeps.0);
        }
    }

    fn ring_size(&self) -> u64 {
        (self.mapping.ring().len() * WORD) as u64
    }
}

/// What the supervisor's other threads need of the channel.
#[derive(Clone)]
pub struct Control {
    mapping: Arc<Mapping>,
    closed: Arc<AtomicBool>,
}

impl Control {
    /// Tells the consumer that nobody writes any more: it reads what is there and then
    /// returns `None` at once.
    pub fn close(&self) {
        self.closed.store(true, Ordering::Release);
        fence(Ordering::SeqCst);
        let sleeps = &self.mapping.header().reader_sleeps.0;
        sleeps.store(0, Ordering::Relaxed);
        sys::wake(sleeps);
    }

    /// Tells the hook that the output so far was drained and what follows is discarded.
    pub fn acknowledge(&self) {
        let ack = &self.mapping.header().ack;
        ack.store(1, Ordering::Release);
        sys::wake(ack);
    }

    /// Steps so far by the hook's count; `None` if it doesn't count them.
    pub fn steps(&self) -> Option<u64> {
        counted(self.mapping.header().steps.0.load(Ordering::Relaxed))
    }

    /// Guest calls so far by the hook's count; `None` if it doesn't count them.
    pub fn calls(&self) -> Option<u64> {
        counted(self.mapping.header().calls.load(Ordering::Relaxed))
    }

    /// Asks the worker's witness where the guest is, and waits for the answer at most
    /// `patience`. `None` if there is none, or none that makes sense.
    pub fn ask_witness(&self, patience: Duration) -> Option<WitnessAnswer> {
        let header = self.mapping.header();
        let before = header.witness_answer.load(Ordering::Acquire);
        let number = header
            .witness_request
            .fetch_add(1, Ordering::AcqRel)
            .wrapping_add(1);
        sys::wake(&header.witness_request);
        let deadline = Instant::now() + patience;
        let mut answered = before;
        while answered != number {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return None;
            }
            sys::sleep_while(&header.witness_answer, answered, Some(left));
            answered = header.witness_answer.load(Ordering::Acquire);
        }
        witness::read(&header.witness.0)
    }
}

fn counted(count: u64) -> Option<u64> {
    (count != u64::MAX).then_some(count)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    //! What a worker can do that writes to the memory without the hook.

    use std::sync::atomic::AtomicU64;

    use proptest::prelude::*;

    use super::*;
    use crate::protocol::channel::MIN_RING;
    use crate::protocol::record::NameId;
    use crate::rules::{Limits, RuleSet};

    const NOW: Option<Duration> = Some(Duration::ZERO);

    fn consumer() -> Consumer {
        let setup = Setup {
            nonce: [7; 16],
            script: "x.py".into(),
            source: Vec::new(),
            arguments: Vec::new(),
            script_folder: "/".into(),
            site_packages: Vec::new(),
            venv: None,
            executable: "/python".into(),
            library: Vec::new(),
            rules: RuleSet::default(),
            limits: Limits::default(),
        };
        crate::protocol::channel::create_with_ring(&setup, MIN_RING)
            .unwrap()
            .0
    }

    fn head(consumer: &Consumer) -> &AtomicU64 {
        &consumer.mapping.header().head.0
    }

    /// Writes words as a worker would, and says so.
    fn write(consumer: &Consumer, words: &[u64]) {
        for (place, word) in consumer.mapping.ring().iter().zip(words) {
            place.store(*word, Ordering::Relaxed);
        }
        head(consumer).store((words.len() * WORD) as u64, Ordering::Release);
    }

    fn encoded(record: &Record) -> Vec<u64> {
        let mut words = [0; MAX_RECORD / WORD];
        let length = wire::encode(record, &mut words);
        words[..length].to_vec()
    }

    #[test]
    fn impossible_positions_are_errors() {
        for written in [1, MIN_RING as u64 + 8, u64::MAX, u64::MAX - 7] {
            let mut consumer = consumer();
            head(&consumer).store(written, Ordering::Release);
            assert_eq!(
                consumer.next(NOW),
                Err(StreamError::Positions { read: 0, written })
            );
        }
    }

    #[test]
    fn a_position_that_goes_back_is_an_error() {
        let mut consumer = consumer();
        let hello = Record::Hello {
            protocol: 1,
            python: [3, 11, 0],
        };
        write(&consumer, &encoded(&hello));
        assert_eq!(consumer.next(NOW), Ok(Some(hello)));
        head(&consumer).store(0, Ordering::Release);
        assert_eq!(
            consumer.next(NOW),
            Err(StreamError::Positions {
                read: 16,
                written: 0
            })
        );
    }

    #[test]
    fn a_record_that_is_longer_than_what_was_written_is_an_error() {
        let mut consumer = consumer();
        let name = Record::Name {
            id: NameId(1),
            text: vec![b'x'; 100],
        };
        write(&consumer, &encoded(&name)[..3]);
        assert_eq!(consumer.next(NOW), Err(StreamError::Length(120)));
    }

    proptest! {
        #[test]
        fn any_words_in_the_ring_are_records_or_errors(words in prop::collection::vec(any::<u64>(), 0..200)) {
            let mut consumer = consumer();
            write(&consumer, &words);
            while let Ok(Some(record)) = consumer.next(NOW) {
                prop_assert!(!matches!(record, Record::End(_)));
            }
        }

        #[test]
        fn any_answer_of_the_witness_is_read_or_ignored(words in prop::collection::vec(any::<u64>(), 0..1024)) {
            let consumer = consumer();
            let area = &consumer.mapping.header().witness.0;
            for (place, word) in area.iter().zip(words) {
                place.store(word, Ordering::Relaxed);
            }
            let _ = witness::read(area);
        }
    }
}
