//! Words and amounts that several renderings share.

use crate::protocol::record::{EventKind, ViolationKind};
use crate::rules::LimitKind;
use crate::verdict::Usage;

/// The word for a kind of violation in reports.
pub(super) fn violation_kind(kind: ViolationKind) -> &'static str {
    match kind {
        ViolationKind::Call => "call",
        ViolationKind::Line => "line",
        ViolationKind::Import => "import",
        ViolationKind::Process => "process",
        ViolationKind::Thread => "thread",
        ViolationKind::Tamper => "tamper",
        ViolationKind::FileRead => "file-read",
        ViolationKind::FileWrite => "file-write",
        ViolationKind::Network => "network",
        ViolationKind::Attribute => "attribute",
        ViolationKind::Syntax => "syntax",
    }
}

/// The word for a kind of event in the audit log.
pub(super) fn event_kind(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Call => "call",
        EventKind::Return => "return",
        EventKind::Exception => "exception",
        EventKind::Line => "line",
        EventKind::Import => "import",
        EventKind::Tamper => "tamper",
        EventKind::Process => "process",
        EventKind::Thread => "thread",
        EventKind::FileRead => "file-read",
        EventKind::FileWrite => "file-write",
        EventKind::Network => "network",
        EventKind::Attribute => "attribute",
        EventKind::Syntax => "syntax",
    }
}

/// `1 call`, `2 calls`.
pub(super) fn count(number: u64, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{ending}")
}

/// A ceiling in its unit, exactly: `1000 steps`, `2.5 s`, `256 MiB`.
pub(super) fn ceiling(kind: LimitKind, value: u64) -> String {
    match kind {
        LimitKind::Steps => count(value, "step"),
        LimitKind::Calls | LimitKind::Recursion => count(value, "call"),
        LimitKind::Threads => count(value, "thread"),
        LimitKind::Processes => match value {
            1 => "1 process".to_owned(),
            _ => format!("{value} processes"),
        },
        LimitKind::Wall | LimitKind::Cpu => milliseconds(value),
        LimitKind::Memory | LimitKind::Output | LimitKind::Audit => exact_bytes(value),
    }
}

fn milliseconds(value: u64) -> String {
    if value < 1000 {
        return format!("{value} ms");
    }
    let (whole, rest) = (value / 1000, value % 1000);
    let decimals = format!("{rest:03}");
    match decimals.trim_end_matches('0') {
        "" => format!("{whole} s"),
        decimals => format!("{whole}.{decimals} s"),
    }
}

const UNITS: [(u64, &str); 3] = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];

fn exact_bytes(value: u64) -> String {
    UNITS
        .iter()
        .find(|(size, _)| value >= *size && value.is_multiple_of(*size))
        .map_or_else(
            || count(value, "byte"),
            |(size, unit)| format!("{} {unit}", value / size),
        )
}

fn rounded_bytes(value: u64) -> String {
    UNITS.iter().find(|(size, _)| value >= *size).map_or_else(
        || count(value, "byte"),
        |(size, unit)| format!("{:.1} {unit}", value as f64 / *size as f64),
    )
}

/// What the run used, in one line; what wasn't measured is left out, and `None` is returned
/// when nothing was.
pub(super) fn usage(usage: &Usage) -> Option<String> {
    let parts: Vec<String> = [
        usage.steps.map(|n| count(n, "step")),
        usage.calls.map(|n| count(n, "call")),
        usage.wall_ms.map(|ms| format!("{ms:.1} ms of wall time")),
        usage.cpu_ms.map(|ms| format!("{ms:.1} ms of CPU time")),
        usage
            .memory_peak_bytes
            .map(|n| format!("{} of memory", rounded_bytes(n))),
        usage
            .output_bytes
            .map(|n| format!("{} of output", rounded_bytes(n))),
    ]
    .into_iter()
    .flatten()
    .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ceilings_are_exact() {
        let shown = |kind, value| ceiling(kind, value);
        assert_eq!(shown(LimitKind::Steps, 1), "1 step");
        assert_eq!(shown(LimitKind::Steps, 1000), "1000 steps");
        assert_eq!(shown(LimitKind::Wall, 250), "250 ms");
        assert_eq!(shown(LimitKind::Wall, 2000), "2 s");
        assert_eq!(shown(LimitKind::Cpu, 2050), "2.05 s");
        assert_eq!(shown(LimitKind::Memory, 256 << 20), "256 MiB");
        assert_eq!(shown(LimitKind::Output, 1_000_000), "1000000 bytes");
        assert_eq!(shown(LimitKind::Output, 0), "0 bytes");
    }

    #[test]
    fn unmeasured_usage_is_left_out() {
        assert_eq!(usage(&Usage::default()), None);
        let measured = Usage {
            steps: Some(1),
            output_bytes: Some(1536),
            ..Usage::default()
        };
        assert_eq!(
            usage(&measured).as_deref(),
            Some("1 step, 1.5 KiB of output")
        );
    }

    #[test]
    fn signals_have_names() {}
}
