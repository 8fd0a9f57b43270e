//! The audit summary (`--audit-summary`): which functions were invoked, how often, by whom
//! first, and which modules were imported.
//!
//! It counts events as they pass, so it needs no log. The guest chooses how many different
//! names there are; beyond a bound further names are counted together, and the table says so.

use std::collections::HashMap;

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};

use super::sentence;
use super::text::escape;
use super::words;
use crate::protocol::record::EventKind;
use crate::rules::Action;
use crate::verdict::LoggedEvent;

/// Most functions, and most modules, that are told apart.
pub const MAX_NAMES: usize = 4096;

/// Counts of one run's events.
#[derive(Debug, Default)]
pub struct Summary {
    functions: Tally,
    imports: Tally,
    /// Events of other kinds that were refused or denied: threads, processes, tampering, lines.
    other_refusals: u64,
}

/// Counts by name, bounded.
#[derive(Debug, Default)]
struct Tally {
    entries: HashMap<String, Entry>,
    /// Events whose name had no room: those that passed, and those refused.
    overflow: [u64; 2],
}

#[derive(Debug)]
struct Entry {
    passed: u64,
    refused: u64,
    first_caller: String,
    first_place: String,
}

impl Summary {
    /// An empty summary.
    pub fn new() -> Summary {
        Summary::default()
    }

    /// Counts an event.
    pub fn add(&mut self, event: &LoggedEvent) {
        match event.kind {
            EventKind::Call => self.functions.add(event),
            EventKind::Import => self.imports.add(event),
            _ if is_refused(event.decision) => self.other_refusals += 1,
            _ => {}
        }
    }

    /// The summary as text without colour: totals, a table of functions by falling count and
    /// then by name, the imports.
    pub fn render(&self) -> String {
        let mut text = self.totals();
        text.push('\n');
        if !self.functions.entries.is_empty() {
            text.push_str(&self.functions.table().to_string());
            text.push('\n');
        }
        if !self.imports.entries.is_empty() {
            text.push_str(&format!("imports: {}\n", self.imports.names()));
        }
        for (tally, what) in [
            (&self.functions, "calls of functions"),
            (&self.imports, "imports of modules"),
        ] {
            if tally.overflowed() {
                let more: u64 = tally.overflow.iter().sum();
                text.push_str(&format!(
                    "and {more} {what} beyond the first {MAX_NAMES}, which aren't listed\n"
                ));
            }
        }
        text
    }

    fn totals(&self) -> String {
        let refused = self.functions.refused() + self.imports.refused() + self.other_refusals;
        let mut totals = format!(
            "{} of {}, {} of {}",
            words::count(self.functions.passed(), "call"),
            self.functions.distinct("function"),
            words::count(self.imports.passed(), "import"),
            self.imports.distinct("module"),
        );
        if refused > 0 {
            totals.push_str(&format!(", {refused} refused"));
        }
        totals
    }
}

impl Tally {
    fn add(&mut self, event: &LoggedEvent) {
        let name = if event.subject.is_empty() {
            &event.canonical
        } else {
            &event.subject
        };
        let refused = is_refused(event.decision);
        if !self.entries.contains_key(name) {
            if self.entries.len() == MAX_NAMES {
                self.overflow[usize::from(refused)] += 1;
                return;
            }
            let entry = Entry {
                passed: 0,
                refused: 0,
                first_caller: escape(&event.caller.function),
                first_place: sentence::place(&event.caller, "?"),
            };
            self.entries.insert(name.clone(), entry);
        }
        if let Some(entry) = self.entries.get_mut(name) {
            *(if refused {
                &mut entry.refused
            } else {
                &mut entry.passed
            }) += 1;
        }
    }

    fn passed(&self) -> u64 {
        self.entries.values().map(|entry| entry.passed).sum::<u64>() + self.overflow[0]
    }

    fn refused(&self) -> u64 {
        self.entries
            .values()
            .map(|entry| entry.refused)
            .sum::<u64>()
            + self.overflow[1]
    }

    fn overflowed(&self) -> bool {
        self.overflow != [0, 0]
    }

    fn distinct(&self, noun: &str) -> String {
        let more = if self.overflowed() { "more than " } else { "" };
        format!("{more}{}", words::count(self.entries.len() as u64, noun))
    }

    /// By falling count, then by name.
    fn sorted(&self) -> Vec<(&String, &Entry)> {
        let mut entries: Vec<_> = self.entries.iter().collect();
        entries.sort_by_key(|(name, entry)| (std::cmp::Reverse(entry.passed), *name));
        entries
    }

    fn table(&self) -> Table {
        let with_refused = self.refused() > 0;
        let mut table = Table::new();
        table
            .load_style(presets::UTF8_FULL_CONDENSED)
            .set_content_arrangement(ContentArrangement::Disabled);
        table.set_header(columns(
            "function",
            "calls",
            with_refused.then_some("refused"),
            "first called by",
            "at",
        ));
        for (name, entry) in self.sorted() {
            let (passed, refused) = (entry.passed.to_string(), entry.refused.to_string());
            let refused = with_refused.then_some(refused.as_str());
            table.add_row(columns(
                &escape(name),
                &passed,
                refused,
                &entry.first_caller,
                &entry.first_place,
            ));
        }
        for number in 1..=1 + usize::from(with_refused) {
            if let Some(column) = table.column_mut(number) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        table
    }

    fn names(&self) -> String {
        let mut names: Vec<String> = self
            .entries
            .iter()
            .map(|(name, entry)| match (entry.passed, entry.refused) {
                (0, _) => format!("{} (refused)", escape(name)),
                _ => escape(name),
            })
            .collect();
        names.sort();
        names.join(", ")
    }
}

fn columns(
    function: &str,
    calls: &str,
    refused: Option<&str>,
    caller: &str,
    place: &str,
) -> Vec<String> {
    let columns = [
        Some(function),
        Some(calls),
        refused,
        Some(caller),
        Some(place),
    ];
    columns.into_iter().flatten().map(str::to_owned).collect()
}

fn is_refused(decision: Action) -> bool {
    matches!(decision, Action::Refuse | Action::Deny)
}
