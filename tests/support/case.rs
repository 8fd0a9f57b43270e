//! A case: a guest script with the expected verdict in its head.
//!
//! A case is a script `GROUP/NAME.py`. The comments at its head say how to run it and
//! what must come of it, one clause a line:
//!
//! ```text
//! # policy:                  the policy; each of its lines follows as `# | …`
//! # | [limits]
//! # | steps = 100
//! # args: a b                arguments of the guest
//! # stdin: text              its standard input
//! # python: 3.12+            versions it applies to
//! # technique: text          what it tries, for readers
//! # needs: jail, reason      only the kernel can stop it: reported as ignored
//! # expect: limit steps      the verdict, and the kind of violation or limit; for `raised`
//! #                          the exception's type or the exit status, for `crashed` the
//! #                          signal; alternatives are parted by ` | `
//! # expect-rule: limits.steps          the rule that decided
//! # expect-subject: builtins.sorted    what was denied, as the policy names it
//! # expect-written: s        what the source says instead of its name; `-` for nothing
//! # expect-marked: s('ls')   the part of the line that people are shown underlined
//! # expect-logged: f('x', y=1)   a call in the audit log, with its arguments
//! # not-logged: text         must not be among the logged arguments
//! # expect-inside: sleep     part of the name of the C function it was stuck in
//! # stdout: text             must be in the guest's output
//! # not-stdout: text         must not
//! # stderr: text             must be on stderr
//! ```
//!
//! A line of the script that ends in `# here` is the one that the report must name; several
//! are those of all its violations. `LEAKED`
//! must never be in the output, whatever the case: it stands after a violation. In a policy
//! `@CASES@` is the folder of the groups.

use std::path::{Path, PathBuf};

use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use super::{Guest, Python, Ran, pythons};

/// What no guest may print: it stands where only a swallowed violation leads.
const LEAK: &str = "LEAKED";

/// Ends the guests whose policy sets no wall time, should they hang.
const WALL: &str = "wall=60s";

/// One script and what its head says.
#[derive(Clone, Debug, Default)]
pub struct Case {
    script: PathBuf,
    jail: Option<String>,
    policy: String,
    arguments: Vec<String>,
    stdin: String,
    since: (u32, u32),
    until: Option<(u32, u32)>,
    expect: Vec<Expected>,
    rule: Option<String>,
    subject: Option<String>,
    written: Option<String>,
    marked: Option<String>,
    logged: Vec<String>,
    not_logged: Vec<String>,
    inside: Vec<String>,
    /// Those with the marker.
    lines: Vec<u64>,
    stdout: Vec<String>,
    not_stdout: Vec<String>,
    stderr: Vec<String>,
}

/// A verdict that a case accepts.
#[derive(Clone, Debug, PartialEq)]
pub struct Expected {
    /// `violation`, `completed`, …
    pub verdict: String,
    /// Its kind; `None` for any.
    pub kind: Option<String>,
}

/// The tests of a folder of cases: one a script and interpreter. `test` runs a case (it is to
/// call [`Case::test`]), after whatever preparations it needs.
pub fn trials(
    folder: &Path,
    test: impl Fn(&Case, &Python) -> Result<(), String> + Copy + Send + 'static,
) -> Vec<Trial> {
    let mut trials = Vec::new();
    for script in scripts(folder) {
        let case = Case::read(&script).unwrap_or_else(|why| panic!("{}: {why}", script.display()));
        for python in pythons()
            .iter()
            .filter(|python| case.applies_to(python.version))
        {
            let case = case.clone();
            let name = format!("{} [{}]", case.name(), python.label());
            let kind = case.jail.as_ref().map(|why| format!("needs {why}"));
            trials.push(
                Trial::test(name, move || test(&case, python).map_err(Failed::from))
                    .with_ignored_flag(kind.is_some())
                    .with_kind(kind.unwrap_or_default()),
            );
        }
    }
    trials
}

/// All cases: the scripts one folder down. What lies deeper is imported by them.
fn scripts(folder: &Path) -> Vec<PathBuf> {
    let mut scripts = Vec::new();
    for group in std::fs::read_dir(folder).expect("the folder of the cases") {
        let group = group.unwrap().path();
        for entry in std::fs::read_dir(&group).expect("a folder of cases") {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "py") {
                scripts.push(path);
            }
        }
    }
    scripts.sort();
    scripts
}

impl Case {
    /// Reads a script's head.
    pub fn read(script: &Path) -> Result<Case, String> {
        let bytes = std::fs::read(script).map_err(|error| error.to_string())?;
        let text = String::from_utf8_lossy(&bytes);
        let mut case = Case {
            script: script.to_owned(),
            ..Case::default()
        };
        for line in text.lines().map_while(|line| line.strip_prefix("# ")) {
            if let Some(policy) = line.strip_prefix('|') {
                case.policy.push_str(policy);
                case.policy.push('\n');
                continue;
            }
            let (clause, value) = line
                .split_once(':')
                .ok_or(format!("not a clause: {line}"))?;
            let value = value.trim();
            case.clause(clause, value)?;
        }
        case.lines = (1..)
            .zip(text.lines())
            .filter(|(_, line)| line.ends_with("# here"))
            .map(|(number, _)| number)
            .collect();
        if case.expect.is_empty() {
            return Err("it expects nothing".to_owned());
        }
        Ok(case)
    }

    fn clause(&mut self, clause: &str, value: &str) -> Result<(), String> {
        match clause {
            "policy" | "tells" | "technique" => {}
            "needs" => self.jail = Some(value.to_owned()),
            "args" => self.arguments = value.split_whitespace().map(str::to_owned).collect(),
            "stdin" => self.stdin = value.replace("\\n", "\n"),
            "python" => match value.strip_suffix('+') {
                Some(since) => self.since = version(since)?,
                None => (self.since, self.until) = (version(value)?, Some(version(value)?)),
            },
            "expect" => self.expect = value.split(" | ").map(Expected::read).collect(),
            "expect-rule" => self.rule = Some(value.to_owned()),
            "expect-written" => self.written = Some(value.to_owned()),
            "expect-logged" => self.logged.push(value.to_owned()),
            "not-logged" => self.not_logged.push(value.to_owned()),
            "expect-marked" => self.marked = Some(value.to_owned()),
            "expect-subject" => self.subject = Some(value.to_owned()),
            "expect-inside" => self.inside = value.split(" | ").map(str::to_owned).collect(),
            "stdout" => self.stdout.push(value.to_owned()),
            "not-stdout" => self.not_stdout.push(value.to_owned()),
            "stderr" => self.stderr.push(value.to_owned()),
            _ => return Err(format!("no such clause: {clause}")),
        }
        Ok(())
    }

    /// `group/name`.
    pub fn name(&self) -> String {
        let group = self
            .script
            .parent()
            .and_then(Path::file_name)
            .unwrap_or_default();
        let name = self.script.file_stem().unwrap_or_default();
        format!("{}/{}", group.to_string_lossy(), name.to_string_lossy())
    }

    fn applies_to(&self, version: (u32, u32)) -> bool {
        version >= self.since && self.until.is_none_or(|until| version <= until)
    }

    fn run(&self, python: &Python, prepare: impl FnOnce(Guest) -> Guest) -> Ran {
        let folder = tempfile::tempdir().expect("a folder for the policy");
        let policy = folder.path().join("case.toml");
        let groups = self.script.parent().and_then(Path::parent).unwrap();
        let text = self.policy.replace("@CASES@", &groups.to_string_lossy());
        std::fs::write(&policy, format!("version = 1\nname = \"case\"\n{text}")).unwrap();

        let mut guest = Guest::new(&self.script, python)
            .policy(policy)
            .arguments(&self.arguments)
            .stdin(self.stdin.as_str())
            .variable("CASE_SHOWN", "shown")
            .variable("CASE_HIDDEN", "hidden");
        if !self.policy.contains("wall =") {
            guest = guest.limit(WALL);
        }
        prepare(guest).run()
    }

    /// Runs it and checks what came of it.
    pub fn test(
        &self,
        python: &Python,
        prepare: impl FnOnce(Guest) -> Guest,
    ) -> Result<(), String> {
        self.check(&self.run(python, prepare))
    }

    fn check(&self, ran: &Ran) -> Result<(), String> {
        let mut wrong = Vec::new();
        let found = found(ran);
        if !self
            .expect
            .iter()
            .any(|expected| expected.agrees(&found, ran))
        {
            wrong.push(format!("expected {:?}, found {found:?}", self.expect));
        }
        let code = exit_code(found.0.as_str());
        if code != Some(ran.code) {
            wrong.push(format!("exit code {} with verdict {}", ran.code, found.0));
        }
        let named = match self.lines.len() {
            0 => Vec::new(),
            1 => ran.at("/location/line").as_u64().into_iter().collect(),
            _ => violated_lines(ran),
        };
        if self.lines != named {
            wrong.push(format!(
                "expected the lines {:?}, found {named:?}",
                self.lines
            ));
        }
        if self.rule.is_some() && self.rule.as_deref() != rule(ran) {
            wrong.push(format!(
                "expected rule {:?}, found {:?}",
                self.rule,
                rule(ran)
            ));
        }
        let written = ran.at("/violations/0/written").as_str().unwrap_or("-");
        if self.written.as_deref().is_some_and(|text| text != written) {
            wrong.push(format!(
                "expected written {:?}, found {written:?}",
                self.written
            ));
        }
        let logged = logged(ran);
        for call in &self.logged {
            if !logged.contains(call) {
                wrong.push(format!("not logged: {call}, but {logged:#?}"));
            }
        }
        for text in &self.not_logged {
            if logged.iter().any(|call| call.contains(text)) {
                wrong.push(format!("logged: {text}"));
            }
        }
        let marked = marked(&ran.stderr);
        if self.marked.is_some() && self.marked != marked {
            wrong.push(format!(
                "expected marked {:?}, found {marked:?}",
                self.marked
            ));
        }
        let subject = ran.at("/violations/0/subject").as_str();
        if self.subject.is_some() && self.subject.as_deref() != subject {
            wrong.push(format!(
                "expected subject {:?}, found {subject:?}",
                self.subject
            ));
        }
        let inside = ran.at("/location/inside").as_str().unwrap_or_default();
        if !self.inside.is_empty() && !self.inside.iter().any(|part| inside.contains(part)) {
            wrong.push(format!(
                "expected inside {:?}, found {inside:?}",
                self.inside
            ));
        }
        for text in &self.stdout {
            if !ran.stdout.contains(text) {
                wrong.push(format!("not on stdout: {text:?}"));
            }
        }
        for text in self.not_stdout.iter().map(String::as_str).chain([LEAK]) {
            // Lictor's own words quote the guest's line, which may hold the marker.
            let printed = ran.stderr.lines().any(|line| line.starts_with(text));
            if ran.stdout.contains(text) || printed {
                wrong.push(format!("printed: {text:?}"));
            }
        }
        for text in &self.stderr {
            if !ran.stderr.contains(text) {
                wrong.push(format!("not on stderr: {text:?}"));
            }
        }
        wrong.extend(truthful(ran));
        if wrong.is_empty() {
            return Ok(());
        }
        wrong.push(format!(
            "--- stdout\n{}--- stderr\n{}",
            head(&ran.stdout),
            head(&ran.stderr)
        ));
        Err(wrong.join("\n"))
    }
}

impl Expected {
    /// Reads `violation call`.
    pub fn read(text: &str) -> Expected {
        let (verdict, kind) = match text.trim().split_once(' ') {
            Some((verdict, kind)) => (verdict, Some(kind.to_owned())),
            None => (text.trim(), None),
        };
        Expected {
            verdict: verdict.to_owned(),
            kind,
        }
    }

    /// Is it what was found?
    pub fn agrees(&self, found: &(String, String), ran: &Ran) -> bool {
        let status = ran.at("/exit/code").as_i64().map(|code| code.to_string());
        self.verdict == found.0
            && self
                .kind
                .as_ref()
                .is_none_or(|kind| *kind == found.1 || Some(kind) == status.as_ref())
    }
}

/// The calls of the audit log that have arguments.
fn logged(ran: &Ran) -> Vec<String> {
    let call = |record: &Value| {
        let arguments = record.get("arguments")?.as_str()?;
        let is_cut = record.get("arguments_truncated")?.as_bool()?;
        assert!(arguments.len() <= 200 && is_cut == arguments.ends_with('…'));
        Some(format!("{}({arguments})", record.get("subject")?.as_str()?))
    };
    ran.audit.iter().filter_map(call).collect()
}

/// What is underlined first in a report for people.
fn marked(report: &str) -> Option<String> {
    let mut quoted = "";
    for line in report.lines() {
        if let Some(start) = line.find('^') {
            let marks = line[start..].chars().take_while(|c| *c == '^').count();
            return Some(quoted.chars().skip(start).take(marks).collect());
        }
        quoted = line;
    }
    None
}

/// The verdict, and the word for what kind it is.
pub fn found(ran: &Ran) -> (String, String) {
    let verdict = ran
        .at("/verdict")
        .as_str()
        .unwrap_or("no report")
        .to_owned();
    let kind = match verdict.as_str() {
        "violation" => ran.at("/violations/0/kind"),
        "limit" => ran.at("/limit/kind"),
        "raised" => ran.at("/exit/exception"),
        "crashed" => ran.at("/exit/signal"),
        _ => &Value::Null,
    };
    (
        verdict,
        kind.as_str()
            .map_or_else(|| kind.to_string(), str::to_owned),
    )
}

/// Exit code of `lictor run` for a verdict.
pub fn exit_code(verdict: &str) -> Option<i32> {
    Some(match verdict {
        "completed" => 0,
        "raised" => 1,
        "violation" => 3,
        "limit" => 4,
        "crashed" => 5,
        "internal-error" => 70,
        _ => return None,
    })
}

/// The rule that decided.
fn rule(ran: &Ran) -> Option<&str> {
    ran.at("/violations/0/rule").as_str()
}

/// The lines of all violations.
fn violated_lines(ran: &Ran) -> Vec<u64> {
    let violations = ran.at("/violations").as_array();
    let lines = violations.into_iter().flatten();
    lines
        .filter_map(|violation| violation["line"].as_u64())
        .collect()
}

/// What holds for every run: the log is whole and says the same as the report.
pub fn truthful(ran: &Ran) -> Vec<String> {
    let mut wrong = Vec::new();
    let last = ran.audit.last().unwrap_or(&Value::Null);
    if last["verdict"] != *ran.at("/verdict") {
        wrong.push(format!("the log ends with {last}"));
    }
    if last["dropped"] != 0 {
        wrong.push(format!("the log dropped records: {}", last["dropped"]));
    }
    wrong
}

fn version(text: &str) -> Result<(u32, u32), String> {
    let parse = |part: &str| part.parse().map_err(|_| format!("not a version: {text}"));
    let (major, minor) = text
        .split_once('.')
        .ok_or(format!("not a version: {text}"))?;
    Ok((parse(major)?, parse(minor)?))
}

/// The first lines of a text.
pub fn head(text: &str) -> String {
    text.lines()
        .take(30)
        .map(|line| format!("    {line}\n"))
        .collect()
}
