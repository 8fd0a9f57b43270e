//! Every diagnostic as a user sees it: one policy for each code under `tests/policies`, and
//! the text that it provokes under `tests/snapshots`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use lictor::policy::{Code, Diagnostics, Policy, load};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/policies")
}

fn strings(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn load_in(folder: &Path, references: &[&str], overrides: &[&str]) -> Result<Policy, Diagnostics> {
    load(&strings(references), &strings(overrides), folder)
}

/// What is wrong with the policies, errors or warnings.
fn problems(folder: &Path, references: &[&str], overrides: &[&str]) -> Diagnostics {
    match load_in(folder, references, overrides) {
        Ok(policy) => policy.warnings,
        Err(diagnostics) => diagnostics,
    }
}

fn codes(diagnostics: &Diagnostics) -> BTreeSet<&'static str> {
    diagnostics
        .iter()
        .map(|diagnostic| diagnostic.code.as_str())
        .collect()
}

#[test]
fn every_fixture_provokes_its_code() {
    let mut seen = BTreeSet::new();
    let mut names: Vec<String> = fs::read_dir(fixtures())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".toml"))
        .collect();
    names.sort();
    for name in names {
        let diagnostics = problems(&fixtures(), &[&name], &[]);
        let stem = name.trim_end_matches(".toml");
        let found = codes(&diagnostics);
        assert!(
            ["five-mistakes", "shadowed"].contains(&stem) || found.contains(stem),
            "{name} provokes {found:?}"
        );
        seen.extend(found);
        insta::assert_snapshot!(stem, diagnostics.render(false));
    }
    // These need more than one small file, or a Python; they have tests of their own.
    seen.extend([
        "bad-override",
        "extends-too-deep",
        "too-many-rules",
        "unknown-name",
        "unknown-parameter",
        "unreadable",
    ]);
    let all: BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(seen, all);
}

#[test]
fn five_mistakes_are_five_diagnostics() {
    let diagnostics = problems(&fixtures(), &["five-mistakes.toml"], &[]);
    assert_eq!(diagnostics.errors(), 5);
    assert!(
        diagnostics
            .iter()
            .all(|diagnostic| diagnostic.primary.is_some())
    );
}

#[test]
fn a_bad_override_names_the_flag() {
    let flags = [
        "steps=abc",
        "wall=10",
        "stepz=1",
        "steps",
        "memory=0",
        "count_library=maybe",
    ];
    let diagnostics = problems(&fixtures(), &[], &flags);
    assert_eq!(codes(&diagnostics), BTreeSet::from(["bad-override"]));
    assert_eq!(diagnostics.errors(), flags.len());
    insta::assert_snapshot!("bad-override", diagnostics.render(false));
}

#[test]
fn what_is_no_policy_file_is_refused_with_one_message_each() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("folder.toml")).unwrap();
    fs::write(folder.path().join("binary.toml"), b"version = 1\n\xff\xfe").unwrap();
    fs::write(folder.path().join("nul.toml"), b"version = 1\n\0").unwrap();
    // Sparse: as large as it says, and nothing to read.
    fs::File::create(folder.path().join("large.toml"))
        .unwrap()
        .set_len(50 << 20)
        .unwrap();
    let bad = [
        "missing.toml",
        "folder.toml",
        "binary.toml",
        "nul.toml",
        "large.toml",
        "/dev/null",
    ];
    let diagnostics = problems(folder.path(), &bad, &[]);
    assert_eq!(codes(&diagnostics), BTreeSet::from(["unreadable"]));
    assert_eq!(diagnostics.errors(), bad.len());
    insta::assert_snapshot!("unreadable", diagnostics.render(false));
}

#[test]
fn a_misspelt_preset_is_told_the_right_one() {
    insta::assert_snapshot!("misspelt-preset", problems(&fixtures(), &["gradng"], &[]));
}

#[test]
fn a_chain_of_too_many_parents_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for link in 0..40 {
        let text = format!("version = 1\nextends = [\"./{}.toml\"]\n", link + 1);
        fs::write(folder.path().join(format!("{link}.toml")), text).unwrap();
    }
    let diagnostics = problems(folder.path(), &["0.toml"], &[]);
    assert_eq!(codes(&diagnostics), BTreeSet::from(["extends-too-deep"]));
    assert_eq!(diagnostics.errors(), 1);
    insta::assert_snapshot!("extends-too-deep", diagnostics);
}

#[test]
fn too_many_rules_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = "version = 1\n".to_owned();
    for rule in 0..10_001 {
        text += &format!("[[lines]]\nid = \"r{rule}\"\nmatch = \"x\"\naction = \"deny\"\n");
    }
    fs::write(folder.path().join("many.toml"), text).unwrap();
    insta::assert_snapshot!(
        "too-many-rules",
        problems(folder.path(), &["many.toml"], &[])
    );
}

#[test]
fn a_megabyte_of_mistakes_is_cut_short() {
    let folder = tempfile::tempdir().unwrap();
    let text: String = (0..60_000).map(|key| format!("k{key} = 1\n")).collect();
    fs::write(folder.path().join("noise.toml"), text).unwrap();
    let diagnostics = problems(folder.path(), &["noise.toml"], &[]);
    assert_eq!(diagnostics.errors(), 60_001);
    let text = diagnostics.render(false);
    assert!(
        text.ends_with("… and 59901 more\n"),
        "{}",
        &text[text.len() - 200..]
    );
}

#[test]
fn colours_come_only_when_asked_for() {
    let diagnostics = problems(&fixtures(), &["unknown-preset.toml"], &[]);
    assert!(!diagnostics.render(false).contains('\u{1b}'));
    assert!(diagnostics.render(true).contains('\u{1b}'));
}

#[test]
fn control_characters_of_a_policy_do_not_reach_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let text = "version = 1\nextends = [\"\\u001b[31mred\"]\n# \u{7f}\u{85}\n\"k\\u001b\" = 1\n";
    fs::write(folder.path().join("odd.toml"), text).unwrap();
    let bad = problems(folder.path(), &["odd.toml", "\u{1b}[31m"], &[]);
    let text = bad.render(false);
    let control = |c: char| c.is_control() && c != '\n';
    assert!(!text.contains(control), "{text:?}");
}
