//! The run's deadlines, by the kernel's clocks: when to look again, and what has run out.

use std::time::{Duration, Instant};

/// An interpreter that takes longer than this to start the guest is broken.
const STARTUP: Duration = Duration::from_secs(60);

/// How long a worker lives that was told to end: after a latched violation or limit whose
/// output was drained, and after a hook that couldn't be armed.
pub const GRACE: Duration = Duration::from_millis(200);

/// How long an interpreter may take to exit after its end record.
const EXIT: Duration = Duration::from_secs(10);

/// Shortest pause between two looks at the CPU clock.
const SHORTEST_LOOK: Duration = Duration::from_millis(5);

/// What has run out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expired {
    /// The guest wasn't started in time.
    Startup,
    /// The wall-clock limit, after so much time.
    Wall(Duration),
    /// The CPU limit, after so much time.
    Cpu(Duration),
    /// The time that a worker has to end when it must.
    Grace,
}

/// The deadlines of one run.
#[derive(Clone, Debug)]
pub struct Watchdog {
    wall: Option<Duration>,
    cpu: Option<Duration>,
    /// How many CPU seconds a wall second can have.
    processors: u32,
    spawned: Instant,
    started: Option<Instant>,
    next_cpu_look: Instant,
    last_moment: Option<Instant>,
}

impl Watchdog {
    /// The watchdog of a worker that was spawned at `now`.
    pub fn new(
        wall: Option<Duration>,
        cpu: Option<Duration>,
        processors: u32,
        now: Instant,
    ) -> Watchdog {
        Watchdog {
            wall,
            cpu,
            processors: processors.max(1),
            spawned: now,
            started: None,
            next_cpu_look: now + SHORTEST_LOOK,
            last_moment: None,
        }
    }

    /// The guest's first line ran at `at`: wall time counts from there.
    pub fn guest_started(&mut self, at: Instant) {
        self.started = Some(at);
    }

    /// When the guest's first line ran.
    pub fn started(&self) -> Option<Instant> {
        self.started
    }

    /// The worker is told to end.
    pub fn grace(&mut self, now: Instant) {
        self.end_before(now + GRACE);
    }

    /// The worker says that it is about to exit.
    pub fn exiting(&mut self, now: Instant) {
        self.end_before(now + EXIT);
    }

    fn end_before(&mut self, moment: Instant) {
        self.last_moment = Some(
            self.last_moment
                .map_or(moment, |earlier| earlier.min(moment)),
        );
    }

    /// How long the loop may sleep. `None` is as long as it likes.
    pub fn sleep(&self, now: Instant) -> Option<Duration> {
        let startup = self.started.is_none().then(|| self.spawned + STARTUP);
        let cpu = self.cpu.map(|_| self.next_cpu_look);
        let next = [startup, self.wall_deadline(), cpu, self.last_moment]
            .into_iter()
            .flatten()
            .min()?;
        Some(next.saturating_duration_since(now))
    }

    /// What has run out by `now`. The CPU clock is read only when it can have reached its
    /// limit since it was read last.
    pub fn expired(
        &mut self,
        now: Instant,
        cpu_clock: impl FnOnce() -> Duration,
    ) -> Option<Expired> {
        if self.last_moment.is_some_and(|moment| now >= moment) {
            return Some(Expired::Grace);
        }
        if self.started.is_none() && now >= self.spawned + STARTUP {
            return Some(Expired::Startup);
        }
        if let (Some(started), Some(deadline)) = (self.started, self.wall_deadline())
            && now >= deadline
        {
            return Some(Expired::Wall(now - started));
        }
        let ceiling = self.cpu.filter(|_| now >= self.next_cpu_look)?;
        let used = cpu_clock();
        if used > ceiling {
            return Some(Expired::Cpu(used));
        }
        self.next_cpu_look = now + ((ceiling - used) / self.processors).max(SHORTEST_LOOK);
        None
    }

    fn wall_deadline(&self) -> Option<Instant> {
        self.started?.checked_add(self.wall?)
    }
}

#[cfg(test)]
#[allow(clippy::panic)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn watchdog(wall: Option<u64>, cpu: Option<u64>) -> (Watchdog, Instant) {
        let now = Instant::now();
        (
            Watchdog::new(
                wall.map(Duration::from_secs),
                cpu.map(Duration::from_secs),
                2,
                now,
            ),
            now,
        )
    }

    fn no_clock() -> Duration {
        panic!("nobody needs the CPU clock")
    }

    #[test]
    fn wall_counts_from_the_first_guest_line() {
        let (mut dog, now) = watchdog(Some(1), None);
        assert_eq!(dog.expired(now + 5 * SECOND, no_clock), None);
        dog.guest_started(now + 5 * SECOND);
        assert_eq!(dog.sleep(now + 5 * SECOND), Some(SECOND));
        assert_eq!(
            dog.expired(now + 6 * SECOND, no_clock),
            Some(Expired::Wall(SECOND))
        );
    }

    #[test]
    fn a_guest_that_never_starts_is_our_fault() {
        let (mut dog, now) = watchdog(Some(1), None);
        assert_eq!(dog.expired(now + STARTUP, no_clock), Some(Expired::Startup));
    }

    #[test]
    fn the_cpu_clock_is_read_when_all_processors_together_can_have_reached_the_limit() {
        let (mut dog, now) = watchdog(None, Some(10));
        dog.guest_started(now);
        assert_eq!(dog.expired(now, no_clock), None);
        assert_eq!(dog.expired(now + SECOND, || 4 * SECOND), None);
        assert_eq!(dog.sleep(now + SECOND), Some(3 * SECOND));
        assert_eq!(dog.expired(now + 2 * SECOND, no_clock), None);
        assert_eq!(dog.expired(now + 4 * SECOND, || 10 * SECOND), None);
        assert_eq!(dog.sleep(now + 4 * SECOND), Some(SHORTEST_LOOK));
        assert_eq!(
            dog.expired(now + 5 * SECOND, || 11 * SECOND),
            Some(Expired::Cpu(11 * SECOND))
        );
    }

    #[test]
    fn the_earlier_of_two_last_moments_counts() {
        let (mut dog, now) = watchdog(None, None);
        dog.guest_started(now);
        assert_eq!(dog.sleep(now), None);
        dog.exiting(now);
        dog.grace(now);
        dog.exiting(now + SECOND);
        assert_eq!(dog.expired(now + GRACE, no_clock), Some(Expired::Grace));
    }
}
