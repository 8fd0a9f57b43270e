//! Durations and sizes as policies write them.

use std::time::Duration;

/// Reads `10s`, `500ms`, `2m`, `1h`, also with a fraction (`1.5s`).
pub fn duration(text: &str) -> Option<Duration> {
    let (number, unit) = split(text)?;
    let seconds = match unit {
        "ms" => 0.001,
        "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        _ => return None,
    };
    Duration::try_from_secs_f64(number * seconds)
        .ok()
        .filter(|duration| !duration.is_zero())
}

/// Reads `256MiB`, `1MB`, `64KiB`, `100B`.
pub fn size(text: &str) -> Option<u64> {
    let (number, unit) = split(text)?;
    let factor: f64 = match unit {
        "B" => 1.0,
        "KB" | "kB" => 1e3,
        "MB" => 1e6,
        "GB" => 1e9,
        "KiB" => 1024.0,
        "MiB" => 1024.0 * 1024.0,
        "GiB" => 1024.0 * 1024.0 * 1024.0,
        _ => return None,
    };
    let bytes = number * factor;
    // Above 2^53 a float isn't exact, and no machine has as much.
    (bytes >= 1.0 && bytes <= 9e15).then_some(bytes as u64)
}

/// A whole number, with `_` between digits as in TOML.
pub fn count(text: &str) -> Option<u64> {
    text.replace('_', "").parse().ok()
}

fn split(text: &str) -> Option<(f64, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.' && c != '_')?;
    let number = text[..end].replace('_', "").parse().ok()?;
    Some((number, text[end..].trim_start()))
}
