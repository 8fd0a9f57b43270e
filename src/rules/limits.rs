//! The `[limits]` section as values.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What a limit is about. The names are those of policies and reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[repr(u8)]
pub enum LimitKind {
    /// Arrivals at a source line by guest code.
    Steps = 1,
    /// Entries of guest functions.
    Calls = 2,
    /// Live guest frames in one thread.
    Recursion = 3,
    /// Wall-clock time, from the first guest line until no process of the run is left.
    Wall = 4,
    /// CPU time of all processes of the run.
    Cpu = 5,
    /// Address space, in bytes.
    Memory = 6,
    /// Bytes written to stdout and stderr together.
    Output = 7,
    /// Threads alive besides the main one.
    Threads = 8,
    /// Bytes of the audit log.
    Audit = 9,
    /// Processes alive besides the guest's own.
    Processes = 10,
}

impl LimitKind {
    /// Every kind, in the order of the policy reference.
    pub const ALL: [LimitKind; 10] = [
        LimitKind::Steps,
        LimitKind::Calls,
        LimitKind::Recursion,
        LimitKind::Wall,
        LimitKind::Cpu,
        LimitKind::Memory,
        LimitKind::Output,
        LimitKind::Threads,
        LimitKind::Processes,
        LimitKind::Audit,
    ];

    /// The word that policies and reports use.
    pub fn as_str(self) -> &'static str {
        match self {
            LimitKind::Steps => "steps",
            LimitKind::Calls => "calls",
            LimitKind::Recursion => "recursion",
            LimitKind::Wall => "wall",
            LimitKind::Cpu => "cpu",
            LimitKind::Memory => "memory",
            LimitKind::Output => "output",
            LimitKind::Threads => "threads",
            LimitKind::Audit => "audit",
            LimitKind::Processes => "processes",
        }
    }

    /// The kind with this number, as it crosses the protocol.
    pub fn from_number(number: u8) -> Option<LimitKind> {
        LimitKind::ALL
            .into_iter()
            .find(|kind| *kind as u8 == number)
    }
}

/// Configured ceilings; `None` is no limit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Steps (source lines reached by guest code).
    pub steps: Option<u64>,
    /// Entries of guest functions.
    pub calls: Option<u64>,
    /// Live guest frames per thread.
    pub recursion: Option<u64>,
    /// Wall-clock time.
    pub wall: Option<Duration>,
    /// CPU time.
    pub cpu: Option<Duration>,
    /// Address space in bytes.
    pub memory: Option<u64>,
    /// Output in bytes.
    pub output: Option<u64>,
    /// Threads alive besides the main one.
    pub threads: Option<u64>,
    /// Processes alive besides the guest's own.
    pub processes: Option<u64>,
    /// Bytes of the audit log.
    pub audit: Option<u64>,
    /// Do library lines count as steps, too?
    pub count_library: bool,
}
