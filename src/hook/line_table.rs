//! Which line each instruction of a code object belongs to.
//!
//! Decodes `co_linetable` as CPython 3.11 and later write it
//! (`Objects/locations.md` and PEP 626): a run of entries, each a byte `1 CCCC LLL` (kind and
//! length in code units, less one) and as many bytes below 128 as the kind needs. Pure, safe
//! and total: the bytes come from guest code objects, which can be made of anything
//! (`code.replace(co_linetable=…)`). What doesn't decode ends the table.

/// A code object's line table, borrowed.
#[derive(Clone, Copy, Debug)]
pub struct LineTable<'a> {
    bytes: &'a [u8],
    first_line: i32,
}

/// A stretch of instructions that belong to one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Byte offset of its first code unit.
    pub start: u32,
    /// Byte offset behind its last code unit.
    pub end: u32,
    /// The line; `None` for instructions that belong to no line of the source.
    pub line: Option<u32>,
}

impl<'a> LineTable<'a> {
    /// The table with these bytes (`co_linetable`) of a code object that begins in
    /// `first_line` (`co_firstlineno`).
    pub fn new(bytes: &'a [u8], first_line: i32) -> LineTable<'a> {
        LineTable { bytes, first_line }
    }

    /// Its entries, in the order of the instructions.
    pub fn stretches(&self) -> Stretches<'a> {
        Stretches {
            bytes: self.bytes,
            line: self.first_line,
            offset: 0,
        }
    }

    /// The line of the instruction at this byte offset (`f_lasti`).
    pub fn line_at(&self, offset: u32) -> Option<u32> {
        self.stretches().find(|stretch| offset < stretch.end)?.line
    }

    /// The line of each of the first `units` code units; 0 where there is none.
    #[cfg(test)]
    pub fn lines(&self, units: usize) -> Vec<u32> {
        let mut lines = Vec::with_capacity(units);
        for stretch in self.stretches() {
            let covered = ((stretch.end - stretch.start) / 2) as usize;
            let left = units - lines.len();
            lines.extend(std::iter::repeat_n(
                stretch.line.unwrap_or(0),
                covered.min(left),
            ));
            if lines.len() == units {
                break;
            }
        }
        lines.resize(units, 0);
        lines
    }
}

/// Iterator over the entries of a [`LineTable`].
#[derive(Clone, Debug)]
pub struct Stretches<'a> {
    bytes: &'a [u8],
    line: i32,
    offset: u32,
}

impl Stretches<'_> {
    /// The next byte of an entry's data; `None` if the entry is cut short.
    fn data(&mut self) -> Option<u8> {
        let (&byte, rest) = self.bytes.split_first()?;
        if byte & 0x80 != 0 {
            return None;
        }
        self.bytes = rest;
        Some(byte)
    }

    /// Six bits a byte, lowest first; bit 6 says that more follow.
    fn unsigned(&mut self) -> Option<u32> {
        let mut value = 0u32;
        for shift in (0..32).step_by(6) {
            let byte = self.data()?;
            value |= u32::from(byte & 0x3f) << shift;
            if byte & 0x40 == 0 {
                return Some(value);
            }
        }
        None
    }

    /// The sign is in the lowest bit.
    fn signed(&mut self) -> Option<i32> {
        let value = self.unsigned()?;
        let magnitude = (value >> 1) as i32;
        Some(if value & 1 != 0 {
            -magnitude
        } else {
            magnitude
        })
    }

    fn decode(&mut self) -> Option<Stretch> {
        let (&head, rest) = self.bytes.split_first()?;
        if head & 0x80 == 0 {
            return None;
        }
        self.bytes = rest;
        let units = u32::from(head & 7) + 1;
        let mut has_line = true;
        let delta = match (head >> 3) & 15 {
            // Columns alone, in one byte.
            0..=9 => {
                self.data()?;
                0
            }
            // This line or one of the next two; columns in two bytes.
            kind @ 10..=12 => {
                self.data()?;
                self.data()?;
                i32::from(kind) - 10
            }
            // No columns.
            13 => self.signed()?,
            // Lines and columns in full.
            14 => {
                let delta = self.signed()?;
                for _ in ["end line", "column", "end column"] {
                    self.unsigned()?;
                }
                delta
            }
            // No location.
            _ => {
                has_line = false;
                0
            }
        };
        self.line = self.line.checked_add(delta)?;
        let start = self.offset;
        self.offset = start.checked_add(units * 2)?;
        let line = if has_line {
            u32::try_from(self.line).ok()
        } else {
            None
        };
        Some(Stretch {
            start,
            end: self.offset,
            line,
        })
    }
}

impl Iterator for Stretches<'_> {
    type Item = Stretch;

    fn next(&mut self) -> Option<Stretch> {
        let stretch = self.decode();
        if stretch.is_none() {
            self.bytes = &[];
        }
        stretch
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(self.bytes.len()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use proptest::prelude::*;

    use super::*;

    /// One entry: kind, units, data.
    fn entry(kind: u8, units: u8, data: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0x80 | (kind << 3) | (units - 1)];
        bytes.extend_from_slice(data);
        bytes
    }

    #[test]
    fn each_kind_moves_the_line_as_documented() {
        let bytes = [
            entry(13, 1, &[0]),                       // line 10
            entry(0, 2, &[0x12]),                     // columns only
            entry(12, 1, &[1, 2]),                    // two lines on
            entry(14, 8, &[0x20 | 0x40, 1, 3, 1, 1]), // 48 lines on, in two bytes
            entry(15, 3, &[]),                        // nowhere
            entry(13, 1, &[5]),                       // two lines back
        ]
        .concat();
        let table = LineTable::new(&bytes, 10);
        let lines: Vec<_> = table
            .stretches()
            .map(|s| (s.start, s.end, s.line))
            .collect();
        assert_eq!(
            lines,
            [
                (0, 2, Some(10)),
                (2, 6, Some(10)),
                (6, 8, Some(12)),
                (8, 24, Some(60)),
                (24, 30, None),
                (30, 32, Some(58)),
            ]
        );
        assert_eq!(table.line_at(7), Some(12));
        assert_eq!(table.line_at(26), None);
        assert_eq!(table.line_at(32), None);
        assert_eq!(table.lines(5), [10, 10, 10, 12, 60]);
        assert_eq!(table.lines(17)[14..], [0, 58, 0]);
    }

    #[test]
    fn a_cut_entry_ends_the_table() {
        let whole = entry(13, 1, &[2]);
        let cut = entry(14, 1, &[0, 0, 0]);
        let bytes = [whole.clone(), cut, whole].concat();
        assert_eq!(LineTable::new(&bytes, 1).stretches().count(), 1);
    }

    #[test]
    fn a_line_that_leaves_the_numbers_is_none_or_the_end() {
        let back = entry(13, 1, &[7]);
        assert_eq!(LineTable::new(&back, 1).line_at(0), None);
        let on = entry(13, 1, &[2]);
        assert_eq!(LineTable::new(&on, i32::MAX).stretches().count(), 0);
    }

    /// The interpreter that this library is built for.
    const PYTHON: &str = match option_env!("PYO3_PYTHON") {
        Some(path) => path,
        None => "python3",
    };

    #[test]
    fn standard_modules_decode_as_cpython_decodes_them() {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/witness/line_tables.py");
        let output = std::process::Command::new(PYTHON)
            .arg(script)
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        let mut count = 0;
        for row in String::from_utf8(output.stdout).unwrap().lines() {
            let [first_line, table, lines] = row.splitn(3, ' ').collect::<Vec<_>>()[..] else {
                panic!("{row}");
            };
            let table: Vec<u8> = (0..table.len())
                .step_by(2)
                .map(|at| u8::from_str_radix(&table[at..at + 2], 16).unwrap())
                .collect();
            let lines: Vec<u32> = lines.split(' ').map(|line| line.parse().unwrap()).collect();
            let decoded = LineTable::new(&table, first_line.parse().unwrap());
            assert_eq!(decoded.lines(lines.len()), lines, "{row}");
            count += 1;
        }
        assert!(count > 3000, "only {count} code objects were compared");
    }

    proptest! {
        #[test]
        fn any_bytes_decode_to_adjoining_stretches(
            bytes in proptest::collection::vec(any::<u8>(), 0..200),
            first_line in any::<i32>(),
            offset in any::<u32>(),
            units in 0usize..300,
        ) {
            let table = LineTable::new(&bytes, first_line);
            let mut end = 0;
            for stretch in table.stretches() {
                prop_assert_eq!(stretch.start, end);
                prop_assert!(stretch.end > stretch.start);
                prop_assert!(stretch.end - stretch.start <= 16);
                end = stretch.end;
            }
            if offset >= end {
                prop_assert_eq!(table.line_at(offset), None);
            }
            let lines = table.lines(units);
            prop_assert_eq!(lines.len(), units);
            for (unit, line) in lines.into_iter().enumerate() {
                prop_assert_eq!(line, table.line_at(2 * unit as u32).unwrap_or(0));
            }
        }
    }
}
