//! Guests that hang: a limit of wall time must name the line, the function around it and the C
//! function that each is stuck in. `witness/README.md` says how a case is written.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use support::{Guest, Python, pythons, tests_folder};

/// Enough for a guest's imports on any machine, and what each case takes.
const WALL: &str = "wall=1s";

/// One script and what its head says.
#[derive(Clone, Debug)]
struct Case {
    script: PathBuf,
    inside: String,
    function: String,
    since: (u32, u32),
    line: u64,
}

impl Case {
    fn read(script: &Path) -> Case {
        let text = std::fs::read_to_string(script).unwrap();
        let clause = |key: &str| {
            let head = format!("# {key}: ");
            text.lines().find_map(|line| line.strip_prefix(&head))
        };
        let since = clause("since").map_or((3, 11), |version| {
            let (major, minor) = version.split_once('.').expect("a version");
            (major.parse().unwrap(), minor.parse().unwrap())
        });
        let line = text.lines().position(|line| line.ends_with("# here"));
        Case {
            script: script.to_owned(),
            inside: clause("inside").expect("an `inside`").to_owned(),
            function: clause("function").expect("a `function`").to_owned(),
            since,
            line: line.expect("a line that ends in `# here`") as u64 + 1,
        }
    }

    fn check(&self, python: &Python) -> Result<(), Failed> {
        let ran = Guest::new(&self.script, python).limit(WALL).run();
        let mut wrong = Vec::new();
        let mut compare = |pointer: &str, expected: serde_json::Value| {
            if *ran.at(pointer) != expected {
                wrong.push(format!(
                    "{pointer}: expected {expected}, found {}",
                    ran.at(pointer)
                ));
            }
        };
        compare("/verdict", "limit".into());
        compare("/limit/kind", "wall".into());
        compare("/location/line", self.line.into());
        compare("/location/file", self.script.to_str().into());
        match self.inside.as_str() {
            "*" => {}
            "none" => compare("/location/inside", serde_json::Value::Null),
            name => compare("/location/inside", name.into()),
        }
        if self.function != "*" {
            compare("/location/function", self.function.as_str().into());
        }
        if wrong.is_empty() {
            return Ok(());
        }
        Err(format!("{}\n{}", wrong.join("\n"), ran.stderr).into())
    }
}

fn main() -> ExitCode {
    let mut scripts: Vec<PathBuf> = std::fs::read_dir(tests_folder().join("witness/cases"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    scripts.sort();
    let cases: Vec<Case> = scripts.iter().map(|script| Case::read(script)).collect();
    let trials = cases
        .iter()
        .flat_map(|case| pythons().iter().map(move |python| (case, python)))
        .filter(|(case, python)| python.version >= case.since)
        .map(|(case, python)| {
            let name = format!(
                "{} [{}]",
                case.script.file_stem().unwrap().display(),
                python.label()
            );
            let case = case.clone();
            Trial::test(name, move || case.check(python))
        })
        .collect();
    let mut arguments = Arguments::from_args();
    // Each burns a processor: more at a time would take the other's.
    arguments.test_threads.get_or_insert(2);
    libtest_mimic::run(&arguments, trials).exit_code()
}
