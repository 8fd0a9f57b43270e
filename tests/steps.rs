//! Steps are exact: the count equals, program by program, what an independent oracle gives.
//!
//! `steps/oracle.py` runs each program alone, under a plain `sys.settrace`, and says how many
//! steps it takes and on which line each falls. Lictor must let a program of N steps end under
//! a ceiling of N, and under a lower ceiling stop it at the line of the next step. Programs
//! are those of `steps/programs`, endless ones, and what `steps/generate.py` writes.
//!
//! `LICTOR_STEPS_GENERATED` sets how many generated programs are tried (500 for a full run).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::path::{Path, PathBuf};

use serde::Deserialize;
use support::{Guest, Python, Ran, check_all, finish, pythons, tests_folder};

/// How many generated programs are tried unless the environment says otherwise.
const GENERATED: usize = 60;

/// Steps after which the oracle stops an endless program.
const ENDLESS: usize = 2_000;

/// What the oracle knows of one program.
#[derive(Deserialize)]
struct Counted {
    /// The program.
    script: PathBuf,
    /// How many steps it takes.
    steps: usize,
    /// The line of each.
    lines: Vec<u64>,
    /// Was it stopped by the oracle?
    capped: bool,
    /// Did the oracle lose its trace function?
    lost: bool,
    /// Its exit status.
    status: i32,
}

/// A program on an interpreter.
struct Subject<'a> {
    python: &'a Python,
    counted: Counted,
}

/// Asks the oracle, which runs the programs one after another, on every interpreter.
fn ask_the_oracle(programs: &[PathBuf], cap: usize) -> Vec<Subject<'static>> {
    let mut subjects = Vec::new();
    for python in pythons() {
        let mut command = python.command();
        command
            .arg(steps_folder().join("oracle.py"))
            .arg("--cap")
            .arg(cap.to_string());
        command.args(programs);
        let (code, answers, complaints) = finish(command, Vec::new());
        assert_eq!(code, 0, "the oracle failed: {complaints}");
        let before = subjects.len();
        for answer in answers.lines() {
            let counted: Counted = serde_json::from_str(answer).expect("an answer of the oracle");
            assert!(
                !counted.lost,
                "the oracle lost count of {}",
                counted.script.display()
            );
            assert_eq!(counted.steps, counted.lines.len());
            subjects.push(Subject { python, counted });
        }
        assert_eq!(
            subjects.len() - before,
            programs.len(),
            "an answer for each program"
        );
    }
    subjects
}

impl Subject<'_> {
    fn run(&self, ceiling: usize) -> Ran {
        Guest::new(&self.counted.script, self.python)
            .policy(steps_folder().join("policy.toml"))
            .limit(format!("steps={ceiling}"))
            .run()
    }

    /// What goes before the words of a failure.
    fn name(&self, ceiling: usize) -> String {
        let script = self
            .counted
            .script
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy();
        format!("{script} on {} with {ceiling} steps", self.python.label())
    }

    /// The program ends under a ceiling of what it needs, and the report has the number.
    fn ends(&self) -> Result<(), String> {
        let steps = self.counted.steps;
        let ran = self.run(steps);
        let expected = if self.counted.status == 0 {
            "completed"
        } else {
            "raised"
        };
        let found = (ran.at("/verdict").as_str(), ran.at("/usage/steps").as_u64());
        if found == (Some(expected), Some(steps as u64)) {
            return Ok(());
        }
        Err(format!(
            "{}: expected {expected} after {steps}, found {found:?}\n{}",
            self.name(steps),
            tail(&ran.stderr)
        ))
    }

    /// The program is stopped at its step `ceiling + 1`.
    fn stops_after(&self, ceiling: usize) -> Result<(), String> {
        let ran = self.run(ceiling);
        let line = self.counted.lines[ceiling];
        let expected = (
            4,
            Some("limit"),
            Some("steps"),
            Some(ceiling as u64),
            Some(line),
        );
        let found = (
            ran.code,
            ran.at("/verdict").as_str(),
            ran.at("/limit/kind").as_str(),
            ran.at("/limit/used").as_u64(),
            ran.at("/location/line").as_u64(),
        );
        if found == expected {
            return Ok(());
        }
        Err(format!(
            "{}: expected {expected:?}, found {found:?}\n{}",
            self.name(ceiling),
            tail(&ran.stderr)
        ))
    }
}

#[test]
fn written_programs_count_like_the_oracle() {
    let programs = scripts_in(&steps_folder().join("programs"));
    check_all(&ask_the_oracle(&programs, 100_000), |subject| {
        let steps = subject.counted.steps;
        assert!(
            !subject.counted.capped,
            "{} is endless",
            subject.counted.script.display()
        );
        subject.ends()?;
        for ceiling in [steps - 1, steps / 2, steps / 3] {
            subject.stops_after(ceiling)?;
        }
        Ok(())
    });
}

#[test]
fn endless_programs_stop_at_the_ceiling() {
    let programs = scripts_in(&steps_folder().join("infinite"));
    check_all(&ask_the_oracle(&programs, ENDLESS), |subject| {
        assert!(
            subject.counted.capped,
            "{} ends",
            subject.counted.script.display()
        );
        for ceiling in [10, 100, 101, ENDLESS - 1] {
            subject.stops_after(ceiling)?;
        }
        Ok(())
    });
}

#[test]
fn generated_programs_count_like_the_oracle() {
    let count = std::env::var("LICTOR_STEPS_GENERATED")
        .map(|number| number.parse().expect("LICTOR_STEPS_GENERATED is a number"))
        .unwrap_or(GENERATED);
    let folder = tempfile::tempdir().unwrap();
    let mut command = pythons()[0].command();
    command
        .arg(steps_folder().join("generate.py"))
        .arg(folder.path())
        .arg(count.to_string());
    let (code, _, complaints) = finish(command, Vec::new());
    assert_eq!(code, 0, "the generator failed: {complaints}");

    let programs = scripts_in(folder.path());
    assert_eq!(programs.len(), count);
    check_all(&ask_the_oracle(&programs, 100_000), |subject| {
        assert!(
            !subject.counted.capped,
            "{} is endless",
            subject.counted.script.display()
        );
        subject.ends()?;
        subject.stops_after(subject.counted.steps - 1)
    });
}

fn steps_folder() -> PathBuf {
    tests_folder().join("steps")
}

fn scripts_in(folder: &Path) -> Vec<PathBuf> {
    let mut scripts: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "py"))
        .collect();
    scripts.sort();
    scripts
}

/// The end of a text: enough to see what went wrong.
fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(6)..]
        .iter()
        .map(|line| format!("    {line}\n"))
        .collect()
}
