//! A corpus of escape attempts that lies beside the repository: scripts with a head in words.
//! This turns the words into a policy and into verdicts that are accepted.
//!
//! What is read: `id`, `policy` (clauses parted by `;`), `expect` (verdicts parted by `|`),
//! `python`, `breaks`, `verify`. A clause that says how the script works, or what a jail would
//! do, makes no rule: a policy must forbid what its head forbids and nothing else, or it
//! would prove nothing.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::case::Expected;

/// One script of the corpus.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// The script.
    pub script: PathBuf,
    /// Its name.
    pub id: String,
    /// What it breaks if it succeeds.
    pub breaks: String,
    /// The policy as TOML.
    pub policy: String,
    /// The verdicts it may end with.
    pub expect: Vec<Expected>,
    /// Does its effect come after its end?
    pub late: bool,
    versions: String,
}

impl Attempt {
    /// Reads a script's head.
    pub fn read(script: &Path) -> Result<Attempt, String> {
        let text = std::fs::read(script).map_err(|error| error.to_string())?;
        let text = String::from_utf8_lossy(&text);
        let clause = |key: &str| {
            let head = format!("# {key}:");
            text.lines()
                .map_while(|line| line.starts_with('#').then_some(line))
                .find_map(|line| line.strip_prefix(&head))
                .map(str::trim)
        };
        let id = clause("id").ok_or("it has no id")?.to_owned();
        Ok(Attempt {
            script: script.to_owned(),
            breaks: clause("breaks").unwrap_or_default().to_owned(),
            policy: policy(&id, clause("policy").ok_or("it has no policy")?),
            expect: expected(clause("expect").ok_or("it expects nothing")?),
            late: clause("verify").is_some_and(|how| how.contains("late")),
            versions: clause("python").unwrap_or_default().to_owned(),
            id,
        })
    }

    /// Is it for this version? A version that is newer than the corpus is tried as well.
    pub fn applies_to(&self, version: (u32, u32)) -> bool {
        const NEWEST_KNOWN: (u32, u32) = (3, 13);
        let label = format!("{}.{}", version.0, version.1);
        version > NEWEST_KNOWN || self.versions.split(", ").any(|listed| listed == label)
    }
}

/// What the clauses of a head come to.
#[derive(Default)]
struct Draft {
    limits: String,
    functions: String,
    imports_denied: Vec<String>,
    imports_allowed: Option<Vec<String>>,
    reads: bool,
    writes: bool,
    sockets: bool,
}

fn policy(id: &str, words: &str) -> String {
    let mut draft = Draft::default();
    for clause in words.split(';') {
        draft.clause(without_remark(clause.trim()));
    }
    draft.finish(id)
}

impl Draft {
    fn clause(&mut self, clause: &str) {
        if let Some(amount) = clause.strip_prefix("max_steps=") {
            let count = first_word(amount);
            if count != "unlimited" {
                self.limit("steps", count);
            }
        } else if let Some((kind @ ("wall" | "cpu" | "memory" | "output"), amount)) =
            clause.split_once('=')
        {
            self.limit(kind, &format!("\"{}\"", first_word(amount)));
        } else if let Some(names) = clause.strip_prefix("deny call ") {
            for name in names.split(" and ") {
                let _ = write!(
                    self.functions,
                    "\n[[functions]]\nid = \"no-{}\"\nmatch = \"{name}\"\naction = \"deny\"\n",
                    name.replace('.', "-")
                );
            }
        } else if let Some(names) = clause.strip_prefix("deny import ") {
            self.imports_denied.extend(list(names));
        } else if let Some(names) = clause.strip_prefix("allow import ") {
            self.imports_allowed = Some(list(names));
        } else if clause == "no imports allowed" {
            self.imports_allowed = Some(Vec::new());
        } else if matches!(
            clause,
            "read only stdlib and scratch" | "read stdlib and scratch"
        ) || clause.starts_with("/proc not readable")
        {
            self.reads = true;
        } else if clause == "write only scratch" {
            self.writes = true;
        } else if clause.starts_with("deny all socket") || clause == "network denied" {
            self.sockets = true;
        } else if clause == "threads denied" {
            self.limit("threads", "0");
        } else if clause.starts_with("tasks <= 32") {
            self.limit("threads", "31");
        } else if clause.starts_with("events <= 10000") {
            // Records take some 200 bytes each; the policy bounds the log in bytes.
            self.limit("audit", "\"2MB\"");
        } else if clause.starts_with("processes <= 4") {
            self.limit("processes", "4");
        } else if clause.starts_with("deny process")
            || clause.starts_with("processes denied")
            || matches!(clause, "deny exec" | "exec denied")
        {
            self.limit("processes", "0");
        }
    }

    fn limit(&mut self, kind: &str, amount: &str) {
        let _ = writeln!(self.limits, "{kind} = {amount}");
    }

    fn finish(mut self, id: &str) -> String {
        if !self.limits.contains("wall =") {
            // No rule: what ends a script that hangs.
            self.limit("wall", "\"30s\"");
        }
        let mut text = format!("version = 1\nname = \"{id}\"\n\n[limits]\n{}", self.limits);
        text.push_str("\n[environment]\npass = [\"CANARY_*\", \"PATH\", \"HOME\"]\n");
        if self.imports_allowed.is_some() || !self.imports_denied.is_empty() {
            text.push_str("\n[imports]\n");
            if let Some(names) = &self.imports_allowed {
                let _ = writeln!(text, "allow = {names:?}");
            }
            if !self.imports_denied.is_empty() {
                let _ = writeln!(text, "deny = {:?}", self.imports_denied);
            }
        }
        if self.reads || self.writes {
            text.push_str("\n[files]\n");
            if self.reads {
                text.push_str("read = [\"{cwd}/**\"]\n");
            }
            if self.writes {
                text.push_str("write = [\"{cwd}/**\"]\n");
            }
        }
        if self.sockets {
            text.push_str("\n[network]\nconnect = []\nbind = []\n");
        }
        text.push_str(&self.functions);
        text
    }
}

/// A clause up to the remark in brackets, or the words that explain it.
fn without_remark(clause: &str) -> &str {
    let end = [" (", " by the guest", " by audit events"]
        .iter()
        .filter_map(|remark| clause.find(remark))
        .min();
    end.map_or(clause, |end| &clause[..end])
}

fn first_word(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or_default()
}

fn list(names: &str) -> Vec<String> {
    names
        .split(',')
        .map(|name| name.trim().to_owned())
        .collect()
}

/// Verdicts in the corpus' words.
fn expected(words: &str) -> Vec<Expected> {
    // What follows is an explanation.
    let verdicts = words.split([';', '–']).next().unwrap_or_default();
    let mut accepted = Vec::new();
    for alternative in alternatives(verdicts) {
        let (verdict, inside) = match alternative.split_once('(') {
            Some((verdict, rest)) => (verdict, rest.split(')').next().unwrap_or_default()),
            None => (first_word(alternative), ""),
        };
        let mut accept = |verdict: &str, kind: Option<&str>| {
            accepted.push(Expected {
                verdict: verdict.to_owned(),
                kind: kind.map(str::to_owned),
            });
        };
        match verdict.trim() {
            "violation" => match first_word(inside) {
                "forbidden-call" => accept("violation", Some("call")),
                "hook-tamper" => accept("violation", Some("tamper")),
                "step-limit" => accept("limit", Some("steps")),
                kind => accept("violation", Some(kind)),
            },
            "killed" => match inside {
                "wall-time" => accept("limit", Some("wall")),
                "cpu-time" => accept("limit", Some("cpu")),
                "cpu-time | memory" => {
                    accept("limit", Some("cpu"));
                    accept("limit", Some("memory"));
                }
                "pids" => {
                    accept("limit", Some("threads"));
                    accept("limit", Some("processes"));
                }
                "protocol" => accept("internal-error", None),
                "output" => {
                    accept("limit", Some("output"));
                    accept("limit", Some("audit"));
                }
                "fds" => accept("limit", Some("files")),
                // The jail says what it stopped as a violation; without one none is accepted.
                "seccomp" => {}
                signal if signal.starts_with("SIG") => accept("crashed", signal_number(signal)),
                "" => accept("limit", None),
                kind => accept("limit", Some(kind)),
            },
            // It got an exception: it may have caught it. Without an end record: a crash.
            "error" if inside == "early-exit" => accept("crashed", None),
            "error" => {
                for name in inside.split(" | ") {
                    match name.split_whitespace().last().unwrap_or_default() {
                        "exception" => accept("raised", None),
                        "EMFILE" => accept("raised", Some("OSError")),
                        kind => accept("raised", Some(kind.rsplit('.').next().unwrap_or(kind))),
                    }
                }
                accept("completed", None);
            }
            "crashed" => {
                for signal in inside.split(" | ") {
                    accept("crashed", signal_number(signal));
                }
            }
            "completed" => {
                match inside.strip_prefix("exit=") {
                    Some(status) => accept("raised", Some(status)),
                    None => accept("completed", None),
                }
                if alternative.contains("or killed") {
                    accept("limit", None);
                    accept("internal-error", None);
                }
            }
            // Words of its own: it may end as it likes, without its marker.
            _ => accept("completed", None),
        }
    }
    accepted
}

/// Reports give a signal's number.
fn signal_number(name: &str) -> Option<&'static str> {
    match name.trim() {
        "SIGILL" => Some("4"),
        "SIGABRT" => Some("6"),
        "SIGBUS" => Some("7"),
        "SIGKILL" => Some("9"),
        "SIGSEGV" => Some("11"),
        "SIGXFSZ" => Some("25"),
        name => panic!("a signal that no script of the corpus expects: {name}"),
    }
}

/// Parts a list at each `|` that no brackets enclose.
fn alternatives(text: &str) -> Vec<&str> {
    let mut depth = 0;
    text.split(move |character| {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        depth == 0 && character == '|'
    })
    .map(str::trim)
    .collect()
}
