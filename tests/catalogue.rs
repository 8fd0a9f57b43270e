//! Names of a policy that the chosen interpreter doesn't have, on every CPython.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::path::Path;
use std::process::{Command, Output};

use support::{Python, pythons};

fn lictor(python: &Python, folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_lictor"))
        .args([arguments[0], "--python"])
        .arg(&python.path)
        .args(&arguments[1..])
        .env("NO_COLOR", "1")
        .current_dir(folder)
        .output()
        .unwrap()
}

fn said(output: &Output, python: &Python) -> String {
    let text = String::from_utf8(output.stderr.clone()).unwrap();
    text.replace(&format!("Python {}", python.label()), "Python 3.x")
}

#[test]
fn names_are_compared_with_what_there_is() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/catalogue");
    for python in pythons() {
        let output = lictor(python, &folder, &["check", "misspelt.toml"]);
        assert_eq!(output.status.code(), Some(2), "{}", python.label());
        insta::assert_snapshot!("misspelt", said(&output, python));
    }
}

#[test]
fn what_there_is_passes_without_a_word() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/catalogue");
    for python in pythons() {
        let output = lictor(python, &folder, &["check", "right.toml"]);
        assert_eq!(said(&output, python), "right.toml, preset:base: valid\n");
        assert_eq!(output.status.code(), Some(0));
    }
}

#[test]
fn a_misspelt_name_keeps_a_script_from_running() {
    let folder = tempfile::tempdir().unwrap();
    let policy =
        "version = 1\n[[functions]]\nid = \"no-shell\"\nmatch = \"os.sytem\"\naction = \"deny\"\n";
    std::fs::write(folder.path().join("policy.toml"), policy).unwrap();
    std::fs::write(folder.path().join("script.py"), "print('ran')\n").unwrap();
    let python = &pythons()[0];
    let output = lictor(
        python,
        folder.path(),
        &["run", "-p", "policy.toml", "script.py"],
    );
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    let text = said(&output, python);
    assert!(text.contains("did you mean `os.system`?"), "{text}");
}
