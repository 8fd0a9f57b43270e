//! What the guest prints: counted, limited, and passed through as it comes.
//!
//! Each stream is a pipe that is read without blocking and an [`Outlet`], a thread that writes
//! to our own stdout or stderr. A reader that is slow stops the pipe, never the supervisor:
//! no more is read than the outlet takes.

use std::collections::VecDeque;
use std::io::{self, ErrorKind, Write};
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustix::event::{EventfdFlags, eventfd};
use rustix::io::Errno;

/// Most bytes of one read.
const CHUNK: usize = 16 * 1024;

/// Chunks that wait for a slow reader.
const QUEUE: usize = 4;

/// Wakes the supervisor's loop from other threads.
#[derive(Clone, Debug)]
pub struct Notifier(Arc<OwnedFd>);

impl Notifier {
    /// A notifier that nobody rang yet.
    ///
    /// # Errors
    ///
    /// If the kernel has no descriptor left.
    pub fn new() -> io::Result<Notifier> {
        Ok(Notifier(Arc::new(eventfd(
            0,
            EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK,
        )?)))
    }

    /// Makes the descriptor readable.
    pub fn notify(&self) {
        // It fails only when the counter is full, and then it is readable.
        let _ = rustix::io::write(&*self.0, &1u64.to_ne_bytes());
    }

    /// Makes the descriptor unreadable again.
    pub fn clear(&self) {
        let _ = rustix::io::read(&*self.0, &mut [0u8; 8]);
    }

    /// For `poll`.
    pub fn descriptor(&self) -> &OwnedFd {
        &self.0
    }
}

/// Bytes that the guest may write, to both streams together.
#[derive(Debug, Default)]
pub struct Allowance {
    ceiling: Option<u64>,
    written: u64,
}

impl Allowance {
    /// An allowance of so many bytes; `None` is no limit.
    pub fn new(ceiling: Option<u64>) -> Allowance {
        Allowance {
            ceiling,
            written: 0,
        }
    }

    /// Bytes that the guest wrote.
    pub fn written(&self) -> u64 {
        self.written
    }

    /// Did it write too much?
    pub fn exceeded(&self) -> bool {
        self.ceiling.is_some_and(|ceiling| self.written > ceiling)
    }

    /// Counts `length` more bytes and says how many of them are within the limit.
    fn take(&mut self, length: usize) -> usize {
        let left = self
            .ceiling
            .map_or(u64::MAX, |ceiling| ceiling.saturating_sub(self.written));
        self.written = self.written.saturating_add(length as u64);
        usize::try_from(left).unwrap_or(usize::MAX).min(length)
    }
}

/// One of the guest's streams.
pub struct Stream {
    pipe: Option<OwnedFd>,
    outlet: Outlet,
    /// Read and not yet taken by the outlet.
    waiting: VecDeque<Vec<u8>>,
    discarding: bool,
}

impl Stream {
    /// A stream from a pipe that doesn't block to an outlet.
    pub fn new(pipe: Option<OwnedFd>, outlet: Outlet) -> Stream {
        Stream {
            pipe,
            outlet,
            waiting: VecDeque::new(),
            discarding: false,
        }
    }

    /// The pipe, if it is worth waiting for data on it now.
    pub fn interesting(&self) -> Option<&OwnedFd> {
        self.pipe
            .as_ref()
            .filter(|_| self.discarding || self.waiting.is_empty())
    }

    /// From now on what comes is thrown away, uncounted.
    pub fn discard(&mut self) {
        self.discarding = true;
    }

    /// Reads once, if there is something, and hands on what the outlet takes.
    pub fn pump(&mut self, allowance: &mut Allowance) {
        self.hand_on();
        if self.interesting().is_some() {
            self.read(CHUNK, allowance);
        }
        self.hand_on();
    }

    /// Reads what is in the pipe at this moment, however slow the reader is. The kernel
    /// bounds it by the pipe's size.
    pub fn drain_present(&mut self, allowance: &mut Allowance) {
        let present = self
            .pipe
            .as_ref()
            .and_then(|pipe| rustix::io::ioctl_fionread(pipe).ok());
        let mut left = usize::try_from(present.unwrap_or(0)).unwrap_or(usize::MAX);
        while left > 0 {
            match self.read(left.min(CHUNK), allowance) {
                0 => break,
                read => left -= read,
            }
        }
        self.hand_on();
    }

    /// Reads all that is left when nobody writes any more.
    pub fn drain_rest(&mut self, allowance: &mut Allowance) {
        while self.read(CHUNK, allowance) > 0 {}
        self.hand_on();
    }

    /// The last `length` bytes of what is in the pipe, which isn't forwarded.
    pub fn swallow_tail(&mut self, length: usize) -> Vec<u8> {
        let mut tail = Vec::new();
        let mut chunk = [0; CHUNK];
        while let Some(read) = self.read_raw(&mut chunk).filter(|read| *read > 0) {
            tail.extend_from_slice(&chunk[..read]);
            tail.drain(..tail.len().saturating_sub(length));
        }
        tail
    }

    /// Is everything handed to the outlet?
    pub fn handed_on(&mut self) -> bool {
        self.hand_on();
        self.waiting.is_empty()
    }

    /// The outlet, once the stream is over.
    pub fn into_outlet(self) -> Outlet {
        self.outlet
    }

    /// Reads at most `limit` bytes and returns how many it read; 0 if there are none now.
    fn read(&mut self, limit: usize, allowance: &mut Allowance) -> usize {
        let mut chunk = [0; CHUNK];
        let Some(read) = self.read_raw(&mut chunk[..limit]) else {
            return 0;
        };
        if !self.discarding {
            let within = allowance.take(read);
            if within > 0 {
                self.waiting.push_back(chunk[..within].to_vec());
            }
        }
        read
    }

    fn read_raw(&mut self, buffer: &mut [u8]) -> Option<usize> {
        let pipe = self.pipe.as_ref()?;
        loop {
            match rustix::io::read(pipe, &mut *buffer) {
                Ok(0) => break,
                Ok(read) => return Some(read),
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => return None,
                Err(_) => break,
            }
        }
        self.pipe = None; // every writer has closed it
        None
    }

    fn hand_on(&mut self) {
        while let Some(chunk) = self.waiting.pop_front() {
            if let Err(chunk) = self.outlet.offer(chunk) {
                self.waiting.push_front(chunk);
                return;
            }
        }
    }
}

/// A thread that writes chunks to one of our own streams.
pub struct Outlet {
    queue: Option<SyncSender<Vec<u8>>>,
    state: Arc<OutletState>,
}

#[derive(Default)]
struct OutletState {
    done: AtomicBool,
    error: Mutex<Option<io::Error>>,
}

impl Outlet {
    /// Starts the thread. It rings the notifier whenever it has room again, and when it ends.
    pub fn new(target: impl Write + Send + 'static, notifier: Notifier) -> Outlet {
        let (sender, receiver) = sync_channel(QUEUE);
        let state = Arc::new(OutletState::default());
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            let result = write_chunks(&receiver, target, &notifier);
            *shared.error.lock().unwrap_or_else(PoisonError::into_inner) = result.err();
            shared.done.store(true, Ordering::Release);
            notifier.notify();
        });
        Outlet {
            queue: Some(sender),
            state,
        }
    }

    /// Queues a chunk, or gives it back when the queue is full.
    fn offer(&self, chunk: Vec<u8>) -> Result<(), Vec<u8>> {
        let Some(queue) = &self.queue else {
            return Ok(());
        };
        match queue.try_send(chunk) {
            // Nobody reads any more: the run goes on without it.
            Ok(()) | Err(TrySendError::Disconnected(_)) => Ok(()),
            Err(TrySendError::Full(chunk)) => Err(chunk),
        }
    }

    /// Nothing more will come: the thread ends when the queue is written.
    pub fn close(&mut self) {
        self.queue = None;
    }

    /// Has the thread ended?
    pub fn done(&self) -> bool {
        self.state.done.load(Ordering::Acquire)
    }

    /// Why not everything could be written. A reader that went away is no error.
    pub fn error(&self) -> Option<io::Error> {
        self.state
            .error
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }
}

fn write_chunks(
    queue: &Receiver<Vec<u8>>,
    mut target: impl Write,
    notifier: &Notifier,
) -> io::Result<()> {
    for chunk in queue {
        notifier.notify();
        match write_all(&mut target, &chunk) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(()),
            Err(error) => return Err(error),
        }
    }
    target.flush()
}

/// As [`Write::write_all`], for a terminal too that somebody made non-blocking.
fn write_all(target: &mut impl Write, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match target.write(bytes) {
            Ok(0) => return Err(ErrorKind::WriteZero.into()),
            Ok(written) => bytes = &bytes[written..],
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                std::thread::sleep(Duration::from_millis(1))
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::mpsc::{Sender, channel};

    use rustix::pipe::{PipeFlags, pipe_with};

    use super::*;

    /// Hands each chunk to the test, and fails when the test has gone.
    struct Reader(Sender<Vec<u8>>);

    impl Write for Reader {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0
                .send(bytes.to_vec())
                .map_err(|_| ErrorKind::BrokenPipe)?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// A stream, the guest's end of it, and what comes out.
    fn stream() -> (Stream, OwnedFd, std::sync::mpsc::Receiver<Vec<u8>>) {
        let (ours, guests) = pipe_with(PipeFlags::NONBLOCK | PipeFlags::CLOEXEC).unwrap();
        let (sender, receiver) = channel();
        let outlet = Outlet::new(Reader(sender), Notifier::new().unwrap());
        (Stream::new(Some(ours), outlet), guests, receiver)
    }

    fn print(guest: &OwnedFd, text: &[u8]) {
        assert_eq!(rustix::io::write(guest, text).unwrap(), text.len());
    }

    /// Ends the stream and returns all that came out.
    fn rest(mut stream: Stream, received: &std::sync::mpsc::Receiver<Vec<u8>>) -> Vec<u8> {
        let mut all = Vec::new();
        while !stream.handed_on() {
            all.extend(received.recv().unwrap());
        }
        stream.into_outlet().close();
        all.extend(received.iter().flatten());
        all
    }

    #[test]
    fn exactly_the_head_up_to_the_limit_comes_out() {
        let (mut stream, guest, received) = stream();
        let mut allowance = Allowance::new(Some(10));
        print(&guest, b"12345");
        stream.pump(&mut allowance);
        assert!(!allowance.exceeded());
        print(&guest, b"67890");
        stream.pump(&mut allowance);
        assert!(!allowance.exceeded());
        print(&guest, b"x");
        stream.pump(&mut allowance);
        assert!(allowance.exceeded());
        assert_eq!(allowance.written(), 11);
        assert_eq!(rest(stream, &received), b"1234567890");
    }

    #[test]
    fn what_is_discarded_is_neither_counted_nor_seen() {
        let (mut stream, guest, received) = stream();
        let mut allowance = Allowance::new(Some(10));
        print(&guest, b"seen");
        stream.drain_present(&mut allowance);
        stream.discard();
        print(&guest, b"and not seen any more");
        stream.drain_rest(&mut allowance);
        assert_eq!(allowance.written(), 4);
        assert_eq!(rest(stream, &received), b"seen");
    }

    #[test]
    fn all_that_a_dead_guest_left_comes_out() {
        let (mut stream, guest, received) = stream();
        let text = vec![b'x'; 60_000];
        print(&guest, &text);
        drop(guest);
        stream.drain_rest(&mut Allowance::new(None));
        assert_eq!(rest(stream, &received), text);
    }

    /// Blocks in every write until the test lets it go.
    struct Stalled(std::sync::mpsc::Receiver<()>);

    impl Write for Stalled {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _ = self.0.recv();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_stalls_stops_the_pipe_and_bounds_what_is_kept() {
        let (ours, guest) = pipe_with(PipeFlags::NONBLOCK | PipeFlags::CLOEXEC).unwrap();
        let (_hold, held) = channel();
        let outlet = Outlet::new(Stalled(held), Notifier::new().unwrap());
        let mut stream = Stream::new(Some(ours), outlet);
        let mut allowance = Allowance::new(None);
        // Far more rounds than the queue is long.
        for _ in 0..1000 {
            let _ = rustix::io::write(&guest, &[b'x'; CHUNK]);
            stream.pump(&mut allowance);
        }
        assert!(stream.interesting().is_none());
        // One chunk is being written, some are queued, one waits.
        assert!(allowance.written() <= ((QUEUE + 2) * CHUNK) as u64);
    }

    #[test]
    fn a_reader_that_goes_away_is_no_error() {
        let (mut stream, guest, received) = stream();
        drop(received);
        print(&guest, b"nobody hears this");
        stream.pump(&mut Allowance::new(None));
        let mut outlet = stream.into_outlet();
        outlet.close();
        while !outlet.done() {
            std::thread::yield_now();
        }
        assert!(outlet.error().is_none());
    }
}
