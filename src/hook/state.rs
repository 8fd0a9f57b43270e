//! The hook of this process: one policy, one channel to the supervisor.
//!
//! It is made once, before the guest, and never goes away: callbacks reach it through
//! [`hook`]. Everything that changes is under a lock that only the holder of the GIL takes,
//! so a lock is never contended; if it is taken twice, something ran inside the hook that
//! must not, and the process ends.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock};
use std::time::Duration;

use super::children::Children;
use super::ffi::process;
use super::grants::Grants;
use super::hosts::Hosts;
use super::rulebook::Rulebook;
use super::sources::Sources;
use crate::protocol::producer::{Board, Producer};
use crate::protocol::record::{Arguments, Event, MAX_NAME, NameId, Record};
use crate::rules::Limits;

static HOOK: OnceLock<Hook> = OnceLock::new();

/// How far the session has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Phase {
    /// The hook is being armed: what runs is Lictor's own.
    Arming = 0,
    /// Guest code may run: the rules hold.
    Guest = 1,
    /// A violation or limit is latched: nothing may run any more.
    Latched = 2,
}

/// The hook of this process.
pub struct Hook {
    /// The rules, ready to be asked.
    pub rulebook: Rulebook,
    /// The ceilings.
    pub limits: Limits,
    /// What may be read and written.
    pub grants: Grants,
    /// Which hosts may be reached.
    pub hosts: Hosts,
    /// The processes of the run.
    pub children: Children,
    /// Device and inode of the shared memory: whoever opens it is tampering.
    pub channel_identity: (u64, u64),
    /// The files that guest code comes from.
    pub sources: Sources,
    counters: Board,
    producer: Mutex<Producer>,
    names: Mutex<HashMap<Box<[u8]>, NameId>>,
    phase: AtomicU8,
}

/// The hook, once it was made.
#[inline]
pub fn hook() -> Option<&'static Hook> {
    HOOK.get()
}

impl Hook {
    /// Makes the hook of this process; `None` if there is one already.
    pub fn install(
        rulebook: Rulebook,
        limits: Limits,
        sources: Sources,
        grants: Grants,
        hosts: Hosts,
        producer: Producer,
    ) -> Option<&'static Hook> {
        let hook = Hook {
            rulebook,
            limits,
            grants,
            hosts,
            children: Children::look(),
            channel_identity: producer.identity(),
            sources,
            counters: producer.board(),
            producer: Mutex::new(producer),
            names: Mutex::default(),
            phase: AtomicU8::new(Phase::Arming as u8),
        };
        HOOK.set(hook).ok()?;
        HOOK.get()
    }

    /// How far the session has come.
    #[inline]
    pub fn phase(&self) -> Phase {
        match self.phase.load(Ordering::Relaxed) {
            0 => Phase::Arming,
            1 => Phase::Guest,
            _ => Phase::Latched,
        }
    }

    /// From here on the rules hold.
    pub fn begin(&self) {
        if self.rulebook.needs.counts {
            self.counters.steps().store(0, Ordering::Relaxed);
            self.counters.calls().store(0, Ordering::Relaxed);
        }
        self.phase.store(Phase::Guest as u8, Ordering::Relaxed);
    }

    /// Latches; `true` for the one who did it first.
    pub fn latch(&self) -> bool {
        self.phase.swap(Phase::Latched as u8, Ordering::Relaxed) != Phase::Latched as u8
    }

    /// The counters that the supervisor sees.
    #[inline]
    pub fn counters(&self) -> &Board {
        &self.counters
    }

    /// The channel, for as long as the guard lives.
    pub fn producer(&self) -> MutexGuard<'_, Producer> {
        self.producer
            .try_lock()
            .unwrap_or_else(|_| process::abandon("the channel was entered twice"))
    }

    /// Sends a record.
    pub fn send(&self, record: &Record) {
        self.producer().push(record);
    }

    /// Sends an event.
    pub fn report(&self, event: Event) {
        self.send(&Record::Event(event));
    }

    /// Sends the event of a call, with its arguments before it.
    pub fn report_call(&self, arguments: Option<Arguments>, event: Event) {
        if let Some(arguments) = arguments {
            self.send(&Record::Arguments(arguments));
        }
        self.report(event);
    }

    /// The number of a text, which is sent along the first time.
    pub fn name(&self, text: &[u8]) -> NameId {
        if text.is_empty() {
            return NameId::NONE;
        }
        let text = &text[..text.len().min(MAX_NAME)];
        let mut names = self
            .names
            .try_lock()
            .unwrap_or_else(|_| process::abandon("the names were entered twice"));
        if let Some(id) = names.get(text) {
            return *id;
        }
        let id = NameId(u32::try_from(names.len() + 1).unwrap_or(0));
        names.insert(text.into(), id);
        self.send(&Record::Name {
            id,
            text: text.to_vec(),
        });
        id
    }

    /// Nanoseconds on CLOCK_MONOTONIC.
    pub fn now(&self) -> u64 {
        let now = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
        Duration::try_from(now).map_or(0, |time| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX))
    }
}
