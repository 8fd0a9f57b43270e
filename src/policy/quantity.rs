//! Durations and sizes as people write them: `"10s"`, `"256MiB"`.
//!
//! What is printed parses to the same value. A fraction (`"1.5GiB"`) must come out as a
//! whole number of nanoseconds or bytes: nothing is rounded.

use std::time::Duration;

use thiserror::Error;

/// The units of time and how many nanoseconds each has, largest first.
const TIME_UNITS: [(&str, u64); 6] = [
    ("h", 3_600_000_000_000),
    ("m", 60_000_000_000),
    ("s", 1_000_000_000),
    ("ms", 1_000_000),
    ("us", 1_000),
    ("ns", 1),
];

/// The units of size and how many bytes each has; those of two come first, since printing
/// takes the first that fits.
const SIZE_UNITS: [(&str, u64); 7] = [
    ("GiB", 1 << 30),
    ("MiB", 1 << 20),
    ("KiB", 1 << 10),
    ("GB", 1_000_000_000),
    ("MB", 1_000_000),
    ("kB", 1_000),
    ("B", 1),
];

/// Why a text isn't a quantity.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum QuantityError {
    /// It doesn't begin with a number.
    #[error("`{0}` is not a number")]
    Number(String),
    /// The number has no unit where one is needed.
    #[error("`{0}` has no unit")]
    NoUnit(String),
    /// The unit isn't known.
    #[error("`{0}` is not a unit")]
    Unit(String),
    /// The fraction is finer than the smallest unit.
    #[error("`{0}` is not a whole number of {1}")]
    Fraction(String, &'static str),
    /// The value doesn't fit.
    #[error("`{0}` is too large")]
    TooLarge(String),
}

/// A duration: a number and one of `h`, `m`, `s`, `ms`, `us`, `ns`.
///
/// # Errors
/// See [`QuantityError`]. The longest duration is that of `i64::MAX` nanoseconds (292 years).
pub fn parse_duration(text: &str) -> Result<Duration, QuantityError> {
    let (number, unit) = split(text);
    if unit.is_empty() && !number.is_empty() {
        return Err(QuantityError::NoUnit(text.to_owned()));
    }
    let nanoseconds = scale(
        text,
        number,
        factor(&TIME_UNITS, number, unit, text)?,
        "nanoseconds",
    )?;
    Ok(Duration::from_nanos(nanoseconds))
}

/// A size in bytes: a number and one of `B`, `kB`, `MB`, `GB`, `KiB`, `MiB`, `GiB`, or a plain
/// number of bytes.
///
/// # Errors
/// See [`QuantityError`]. The largest size is `i64::MAX`, as for the kernel's own limits.
pub fn parse_size(text: &str) -> Result<u64, QuantityError> {
    let (number, unit) = split(text);
    let unit = if unit.is_empty() { "B" } else { unit };
    scale(
        text,
        number,
        factor(&SIZE_UNITS, number, unit, text)?,
        "bytes",
    )
}

/// A whole number, underscores allowed: `1_000_000`.
///
/// # Errors
/// See [`QuantityError`]. The largest count is `i64::MAX`.
pub fn parse_count(text: &str) -> Result<u64, QuantityError> {
    let (number, unit) = split(text);
    if !unit.is_empty() || number.is_empty() {
        return Err(QuantityError::Number(text.to_owned()));
    }
    scale(text, number, 1, "units")
}

/// The shortest exact way to write a duration.
pub fn format_duration(duration: Duration) -> String {
    let nanoseconds = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
    format_in(&TIME_UNITS, nanoseconds, "s")
}

/// The shortest exact way to write a size.
pub fn format_size(bytes: u64) -> String {
    format_in(&SIZE_UNITS, bytes, "B")
}

fn format_in(units: &[(&str, u64)], value: u64, unit_of_zero: &str) -> String {
    if value == 0 {
        return format!("0{unit_of_zero}");
    }
    units
        .iter()
        .find(|(_, factor)| value.is_multiple_of(*factor))
        .map_or_else(
            || value.to_string(),
            |(unit, factor)| format!("{}{unit}", value / factor),
        )
}

/// The number and what follows it, without the blank between.
fn split(text: &str) -> (&str, &str) {
    let end = text
        .find(|character: char| !(character.is_ascii_digit() || matches!(character, '_' | '.')))
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    (number, unit.strip_prefix(' ').unwrap_or(unit))
}

fn factor(
    units: &[(&str, u64)],
    number: &str,
    unit: &str,
    text: &str,
) -> Result<u64, QuantityError> {
    if number.is_empty() {
        return Err(QuantityError::Number(text.to_owned()));
    }
    units
        .iter()
        .find(|(name, _)| *name == unit)
        .map(|(_, factor)| *factor)
        .ok_or_else(|| QuantityError::Unit(unit.to_owned()))
}

/// `number` (digits, underscores between digits, at most one fraction) times `factor`.
fn scale(
    text: &str,
    number: &str,
    factor: u64,
    smallest: &'static str,
) -> Result<u64, QuantityError> {
    let not_a_number = || QuantityError::Number(text.to_owned());
    let too_large = || QuantityError::TooLarge(text.to_owned());
    let (whole, fraction) = match number.split_once('.') {
        Some((whole, fraction)) => (digits(whole).ok_or_else(not_a_number)?, fraction),
        None => (digits(number).ok_or_else(not_a_number)?, "0"),
    };
    let fraction = digits(fraction).ok_or_else(not_a_number)?;
    let fraction = fraction.trim_end_matches('0');
    // 10^18 is finer than any unit divides, and keeps the product within 128 bits.
    if fraction.len() > 18 {
        return Err(QuantityError::Fraction(text.to_owned(), smallest));
    }
    let whole: u64 = whole.parse().map_err(|_| too_large())?;
    let divisor = 10_u128.pow(u32::try_from(fraction.len()).map_err(|_| too_large())?);
    let parts: u128 = if fraction.is_empty() {
        0
    } else {
        fraction.parse().map_err(|_| too_large())?
    };
    let scaled = parts * u128::from(factor);
    if !scaled.is_multiple_of(divisor) {
        return Err(QuantityError::Fraction(text.to_owned(), smallest));
    }
    let total = u128::from(whole) * u128::from(factor) + scaled / divisor;
    u64::try_from(total)
        .ok()
        .filter(|value| i64::try_from(*value).is_ok())
        .ok_or_else(too_large)
}

/// Digits without their underscores, which may only stand between digits (as in TOML).
fn digits(text: &str) -> Option<String> {
    let well_placed = text
        .split('_')
        .all(|group| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit()));
    well_placed.then(|| text.replace('_', ""))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn durations_are_read_in_every_unit() {
        for (text, nanoseconds) in [
            ("10s", 10_000_000_000),
            ("500ms", 500_000_000),
            ("2m", 120_000_000_000),
            ("1h", 3_600_000_000_000),
            ("1.5s", 1_500_000_000),
            ("0s", 0),
            ("1_000 ms", 1_000_000_000),
        ] {
            assert_eq!(
                parse_duration(text),
                Ok(Duration::from_nanos(nanoseconds)),
                "{text}"
            );
        }
    }

    #[test]
    fn sizes_are_read_in_every_unit() {
        for (text, bytes) in [
            ("256MiB", 268_435_456),
            ("1MB", 1_000_000),
            ("64KiB", 65_536),
            ("1.5KiB", 1_536),
            ("4096", 4_096),
            ("0", 0),
        ] {
            assert_eq!(parse_size(text), Ok(bytes), "{text}");
        }
    }

    #[test]
    fn each_mistake_has_its_own_error() {
        let number = |text: &str| QuantityError::Number(text.to_owned());
        assert_eq!(
            parse_duration("10"),
            Err(QuantityError::NoUnit("10".into()))
        );
        assert_eq!(
            parse_duration("10 parsecs"),
            Err(QuantityError::Unit("parsecs".into()))
        );
        assert_eq!(parse_duration(""), Err(number("")));
        assert_eq!(parse_duration("-1s"), Err(number("-1s")));
        assert_eq!(parse_duration("1..5s"), Err(number("1..5s")));
        assert_eq!(parse_duration("1__0s"), Err(number("1__0s")));
        assert_eq!(
            parse_size("1.5B"),
            Err(QuantityError::Fraction("1.5B".into(), "bytes"))
        );
        assert_eq!(
            parse_size("99999999999GiB"),
            Err(QuantityError::TooLarge("99999999999GiB".into()))
        );
        assert_eq!(parse_count("abc"), Err(number("abc")));
        assert_eq!(parse_count("5s"), Err(number("5s")));
        assert_eq!(
            parse_count("9223372036854775808"),
            Err(QuantityError::TooLarge("9223372036854775808".into()))
        );
    }

    proptest! {
        #[test]
        fn a_printed_duration_reads_back(nanoseconds in 0..=i64::MAX as u64) {
            let duration = Duration::from_nanos(nanoseconds);
            prop_assert_eq!(parse_duration(&format_duration(duration)), Ok(duration));
        }

        #[test]
        fn a_printed_size_reads_back(bytes in 0..=i64::MAX as u64) {
            prop_assert_eq!(parse_size(&format_size(bytes)), Ok(bytes));
        }

        #[test]
        fn no_text_makes_them_panic(text in "\\PC{0,40}|[0-9_.]{0,60}[a-zA-Z]{0,3}") {
            let _ = (parse_duration(&text), parse_size(&text), parse_count(&text));
        }
    }
}
