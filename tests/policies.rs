//! Whole policies: the presets, what children inherit, what comes out compiled.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use lictor::policy::{Code, HashSeed, Policy, load, parse_alone, preset_names};
use lictor::rules::compile::compile;
use lictor::rules::decide::{Candidate, ImportJudge, LineJudge, decide_call};
use lictor::rules::pattern::NameMatcher;
use lictor::rules::syntax::WORDS;
use lictor::rules::{Action, LimitKind, NamePattern, RuleSet, Tampering};
use proptest::prelude::*;

fn strings(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// A folder with these files, and the policy that `references` make in it.
fn policy(files: &[(&str, &str)], references: &[&str], overrides: &[&str]) -> Policy {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, format!("version = 1\n{text}")).unwrap();
    }
    let loaded = load(&strings(references), &strings(overrides), folder.path());
    loaded.unwrap_or_else(|diagnostics| panic!("{diagnostics}"))
}

fn preset(name: &str) -> Policy {
    policy(&[], &[name], &[])
}

fn rules(policy: &Policy) -> RuleSet {
    compile(policy, Some(Path::new("/home/me/homework.py")))
}

/// What a guest's first call of `name` comes to.
fn call(rules: &RuleSet, name: &str) -> Action {
    let covers = |names: &[NamePattern]| {
        NameMatcher::new(names.iter().map(|name| (0, name)))
            .unwrap()
            .is_match(name)
    };
    let candidates: Vec<Candidate<'_>> = rules
        .functions
        .iter()
        .filter(|rule| covers(&rule.names) && !covers(&rule.except))
        .map(|rule| Candidate { rule, calls: 1 })
        .collect();
    decide_call(&candidates, rules.closed).action
}

fn may_import(rules: &RuleSet, module: &str) -> bool {
    ImportJudge::new(&rules.imports)
        .unwrap()
        .refused(module)
        .is_none()
}

#[test]
fn presets_are_valid_and_say_nothing_in_vain() {
    for name in preset_names() {
        let policy = preset(name);
        assert!(policy.warnings.is_empty(), "{}", policy.warnings);
        assert_eq!(policy.name, name);
    }
}

#[test]
fn every_example_of_the_reference_is_in_order() {
    let reference = include_str!("../docs/policy.md");
    let blocks = reference.split("```toml\n").skip(1);
    let blocks: Vec<&str> = blocks
        .filter_map(|rest| rest.split_once("\n```"))
        .map(|(block, _)| block)
        .collect();
    assert!(blocks.len() > 20);
    for block in blocks {
        // `policy` writes the version itself.
        let text = block.replacen("version = 1\n", "", 1);
        let policy = policy(&[("example.toml", &text)], &["example.toml"], &[]);
        assert!(policy.warnings.is_empty(), "{block}\n{}", policy.warnings);
    }
}

#[test]
fn the_reference_lists_every_word() {
    let reference = include_str!("../docs/policy.md");
    let tampering = Tampering::ALL.iter().map(|family| family.as_str());
    let codes = Code::ALL.iter().map(|code| code.as_str());
    for word in WORDS.into_iter().chain(tampering).chain(codes) {
        assert!(reference.contains(&format!("`{word}`")), "{word}");
    }
}

#[test]
fn every_line_of_a_preset_gives_its_reason() {
    for name in preset_names() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("policies/{name}.toml"));
        for (number, line) in (1..).zip(fs::read_to_string(path).unwrap().lines()) {
            let says_something = !line.is_empty() && line != "]" && !line.starts_with('[');
            assert!(
                !says_something || line.contains('#'),
                "{name}:{number}: {line}"
            );
        }
    }
}

#[test]
fn presets_set_every_limit() {
    for name in preset_names() {
        let rules = rules(&preset(name));
        for kind in LimitKind::ALL {
            assert!(
                rules.limit_rule(kind).is_some(),
                "{name} leaves out {}",
                kind.as_str()
            );
        }
    }
}

#[test]
fn base_rules_when_nobody_names_a_policy() {
    let policy = policy(&[], &[], &[]);
    assert_eq!(policy.sources, ["preset:base"]);
    assert_eq!(policy.environment_pass, ["LANG", "LC_*", "TZ"]);
    assert_eq!(policy.hash_seed, HashSeed::Fixed(0));
    let rules = rules(&policy);
    for name in [
        "os.system",
        "os.execl",
        "posix.execve",
        "subprocess.Popen",
        "posix.fork",
    ] {
        assert_eq!(call(&rules, name), Action::Deny, "{name}");
    }
    assert_eq!(call(&rules, "os.path.join"), Action::Allow);
    assert!(may_import(&rules, "subprocess"));
}

#[test]
fn grading_closes_what_a_submission_does_not_need() {
    let rules = rules(&preset("grading"));
    for name in [
        "builtins.eval",
        "builtins.open",
        "builtins.breakpoint",
        "os.system",
    ] {
        assert_eq!(call(&rules, name), Action::Deny, "{name}");
    }
    for module in [
        "os",
        "os.path",
        "subprocess",
        "socket",
        "concurrent.futures",
        "importlib.util",
    ] {
        assert!(!may_import(&rules, module), "{module}");
    }
    for module in [
        "math",
        "collections.abc",
        "random",
        "sys",
        "typing",
        "dataclasses",
        "heapq",
    ] {
        assert!(may_import(&rules, module), "{module}");
    }
    assert_eq!(call(&rules, "builtins.input"), Action::Allow);
}

#[test]
fn plugin_is_a_closed_world() {
    let rules = rules(&preset("plugin"));
    for name in [
        "builtins.len",
        "builtins.list",
        "builtins.list.sort",
        "builtins.str.join",
        "builtins.ValueError",
        "builtins.Exception",
        "builtins.StopIteration",
        "builtins.type",
        "builtins.BaseException.with_traceback",
        "builtins.__build_class__",
        "builtins.print",
        "builtins.generator.send",
        "math.sin",
        "json.dumps",
        "json.decoder.JSONDecoder.decode",
    ] {
        assert_eq!(call(&rules, name), Action::Allow, "{name}");
    }
    for name in [
        "builtins.open",
        "builtins.exec",
        "builtins.eval",
        "builtins.compile",
        "builtins.__import__",
        "builtins.globals",
        "builtins.type.mro",
        "os.system",
        "time.sleep",
    ] {
        assert_eq!(call(&rules, name), Action::Deny, "{name}");
    }
    assert!(!may_import(&rules, "json.decoder"));
    assert!(may_import(&rules, "json"));
    assert!(!may_import(&rules, "os"));
}

#[test]
fn audit_denies_no_more_than_base_and_records() {
    let (audit, base) = (rules(&preset("audit")), rules(&preset("base")));
    assert_eq!(audit.functions, base.functions);
    assert_eq!(audit.imports, base.imports);
    assert!(audit.audit.record.calls && audit.audit.record.imports && audit.audit.record.denied);
}

const FAMILY: [(&str, &str); 4] = [
    (
        "grandparent.toml",
        "[limits]\nsteps = 1\ncalls = 1\nwall = \"1s\"\n[environment]\npass = [\"A\", \"B\"]\n",
    ),
    (
        "left.toml",
        "extends = [\"./grandparent.toml\"]\n[limits]\nsteps = 2\n",
    ),
    (
        "right.toml",
        "extends = [\"./grandparent.toml\"]\n[limits]\ncalls = 3\n[environment]\npass = [\"C\"]\n",
    ),
    (
        "child.toml",
        "extends = [\"./left.toml\", \"./right.toml\"]\n[limits]\nwall = \"none\"\n",
    ),
];

#[test]
fn children_stand_over_parents_and_shared_ancestors_under_all() {
    let policy = policy(&FAMILY, &["child.toml"], &[]);
    // `right` extends `grandparent` too, but must not bring its steps back over `left`.
    assert_eq!(policy.limits.steps, Some(2));
    assert_eq!(policy.limits.calls, Some(3));
    assert_eq!(policy.limits.wall, None);
    assert_eq!(policy.environment_pass, ["C"]);
    assert_eq!(
        policy.sources,
        ["child.toml", "right.toml", "left.toml", "grandparent.toml"]
    );
    assert_eq!(policy.name, "child");
}

#[test]
fn later_references_stand_over_earlier_ones_and_flags_over_all() {
    let order = |references: &[&str]| policy(&FAMILY, references, &[]).environment_pass;
    assert_eq!(order(&["./left.toml", "./right.toml"]), ["C"]);
    let flagged = policy(
        &FAMILY,
        &["child.toml"],
        &[
            "steps=7",
            "wall=2s",
            "steps=9_000",
            "calls=none",
            "memory=1MiB",
        ],
    );
    assert_eq!(flagged.limits.steps, Some(9_000));
    assert_eq!(flagged.limits.wall, Some(Duration::from_secs(2)));
    assert_eq!(flagged.limits.calls, None);
    assert_eq!(flagged.limits.memory, Some(1 << 20));
    let rules = rules(&flagged);
    let steps = rules
        .info(rules.limit_rule(LimitKind::Steps).unwrap())
        .unwrap();
    assert_eq!((steps.id.as_str(), &steps.origin), ("limits.steps", &None));
    assert_eq!(rules.limit_rule(LimitKind::Calls), None);
}

#[test]
fn rules_add_up_and_an_id_replaces_its_namesake() {
    let rule = |id: &str, name: &str, action: &str| {
        format!("[[functions]]\nid = \"{id}\"\nmatch = \"{name}\"\naction = \"{action}\"\n")
    };
    let parent = rule("one", "os.system", "deny") + &rule("two", "os.popen", "deny");
    let child = "extends = [\"./parent.toml\"]\n".to_owned()
        + &rule("two", "os.popen", "audit")
        + &rule("three", "os.fork", "refuse");
    let files = [
        ("parent.toml", parent.as_str()),
        ("child.toml", child.as_str()),
    ];
    let policy = policy(&files, &["child.toml"], &[]);
    let rules = rules(&policy);
    let said: Vec<(&str, Action)> = rules
        .functions
        .iter()
        .map(|rule| (rules.info(rule.rule).unwrap().id.as_str(), rule.action))
        .collect();
    assert_eq!(
        said,
        [
            ("one", Action::Deny),
            ("two", Action::Audit),
            ("three", Action::Refuse)
        ]
    );
}

#[test]
fn a_rule_keeps_its_place_and_its_words() {
    let text = "\n[[functions]]\nid = \"no-sorting\"\nmatch = \"builtins.sorted\"\naction = \"deny\"\nmessage = \"Sort yourself.\"\n";
    let policy = policy(&[("p.toml", text)], &["p.toml"], &[]);
    let rules = rules(&policy);
    assert_eq!(rules.info(rules.tamper).unwrap().id, "tamper");
    assert_eq!(rules.info(rules.tamper).unwrap().origin, None);
    let info = rules.info(rules.functions[0].rule).unwrap();
    assert_eq!(info.message.as_deref(), Some("Sort yourself."));
    let origin = info.origin.as_ref().unwrap();
    assert_eq!((origin.file.as_str(), origin.line), ("p.toml", 4));
    let source = policy.source_text(&origin.file).unwrap();
    assert_eq!(&source[origin.span.clone()], "id = \"no-sorting\"");
    assert_eq!(policy.source_text("other.toml"), None);
}

#[test]
fn max_calls_denies_the_excess_unless_told_otherwise() {
    let text = "[[functions]]\nid = \"a\"\nmatch = \"__main__.guess\"\nmax_calls = 20\n\
                [[functions]]\nid = \"b\"\nmatch = \"__main__.ask\"\nmax_calls = 1_0\naction = \"refuse\"\n";
    let rules = rules(&policy(&[("p.toml", text)], &["p.toml"], &[]));
    assert_eq!(
        (rules.functions[0].action, rules.functions[0].max_calls),
        (Action::Deny, Some(20))
    );
    assert_eq!(
        (rules.functions[1].action, rules.functions[1].max_calls),
        (Action::Refuse, Some(10))
    );
}

#[test]
fn plain_text_of_a_line_rule_is_searched_as_it_stands() {
    let text = "[[lines]]\nid = \"a\"\nmatch = \"f(x) + .*\"\naction = \"deny\"\n\
                [[lines]]\nid = \"b\"\nmatch = 're:^\\s*goto\\b'\naction = \"audit\"\n";
    let rules = rules(&policy(&[("p.toml", text)], &["p.toml"], &[]));
    let judge = LineJudge::new(&rules.lines).unwrap();
    assert_eq!(judge.rules("a.py", "y = f(x) + .*").next(), Some(0));
    assert_eq!(judge.rules("a.py", "y = ff(x) + z").next(), None);
    assert_eq!(judge.rules("a.py", "  goto 10").next(), Some(1));
}

#[test]
fn trusted_paths_begin_where_they_say() {
    let text = "[trust]\npaths = [\"harness\", \"../up\", \"{script}/lib\", \"{cwd}\", \"{policy}/x\", \"/opt/./h\"]\n";
    let folder = tempfile::tempdir().unwrap();
    let policies = folder.path().join("policies");
    fs::create_dir(&policies).unwrap();
    fs::write(policies.join("p.toml"), format!("version = 1\n{text}")).unwrap();
    let policy = load(&strings(&["policies/p.toml"]), &[], folder.path()).unwrap();
    let expected = |script: bool| -> Vec<PathBuf> {
        [
            Some(policies.join("harness")),
            Some(folder.path().join("up")),
            script.then(|| folder.path().join("work/lib")),
            Some(folder.path().to_owned()),
            Some(policies.join("x")),
            Some(PathBuf::from("/opt/h")),
        ]
        .into_iter()
        .flatten()
        .collect()
    };
    assert_eq!(
        compile(&policy, Some(Path::new("work/a.py"))).trust,
        expected(true)
    );
    assert_eq!(compile(&policy, None).trust, expected(false));
}

#[test]
fn the_hash_is_that_of_what_is_said_not_where() {
    let hash = |text: &str| policy(&[("p.toml", text)], &["p.toml"], &[]).sha256;
    let plain = hash("[limits]\nsteps = 1_000\n");
    assert_eq!(plain.len(), 64);
    assert_eq!(
        plain,
        hash("name = \"other\"\n# comment\n[limits]\n  steps = 1000\n")
    );
    assert_ne!(plain, hash("[limits]\nsteps = 1_001\n"));
    assert_ne!(
        plain,
        hash("[limits]\nsteps = 1_000\n[trust]\npaths = [\"x\"]\n")
    );
    let overridden = policy(
        &[("p.toml", "[limits]\nsteps = 5\n")],
        &["p.toml"],
        &["steps=1000"],
    )
    .sha256;
    assert_eq!(plain, overridden);
}

/// Whatever the text: no panic, what is wrong can be shown, and what is right compiles to
/// patterns that build.
fn survives(text: &str) {
    match parse_alone("p.toml", text, Path::new("/nowhere")) {
        Ok(policy) => {
            let _ = policy.warnings.render(true);
            let rules = compile(&policy, Some(Path::new("a.py")));
            let names = rules
                .functions
                .iter()
                .flat_map(|rule| rule.names.iter().chain(&rule.except));
            NameMatcher::new(names.map(|name| (0, name))).unwrap();
            ImportJudge::new(&rules.imports).unwrap();
            LineJudge::new(&rules.lines).unwrap();
        }
        Err(diagnostics) => {
            assert!(diagnostics.has_errors());
            let _ = diagnostics.render(true);
        }
    }
}

const HEADERS: [&str; 9] = [
    "[[functions]]",
    "[[lines]]",
    "[limits]",
    "[imports]",
    "[audit]",
    "[trust]",
    "[python]",
    "[functions]",
    "[[limits]]",
];

const KEYS: [&str; 18] = [
    "version",
    "extends",
    "id",
    "match",
    "action",
    "except",
    "except.match",
    "max_calls",
    "file",
    "steps",
    "wall",
    "memory",
    "allow",
    "deny",
    "record",
    "paths",
    "pass",
    "hash_seed",
];

const VALUES: [&str; 19] = [
    "1",
    "-1",
    "0x10",
    "1.5",
    "true",
    "2026-01-01",
    "\"\"",
    "\"a\"",
    "\"a.**\"",
    "\"re:a[*\"",
    "'re:a|b'",
    "\"deny\"",
    "\"1s\"",
    "[]",
    "[\"a.b\", 1]",
    "{ match = \"é\" }",
    "\"\\u00e9\"",
    "'''",
    "\"{script}/..\"",
];

/// A line that may stand in a policy, if not in this order.
fn line_of_toml() -> impl Strategy<Value = String> {
    let entry = (
        prop::sample::select(&KEYS[..]),
        prop::sample::select(&VALUES[..]),
    )
        .prop_map(|(key, value)| format!("{key} = {value}"));
    prop_oneof![1 => prop::sample::select(&HEADERS[..]).prop_map(str::to_owned), 3 => entry]
}

proptest! {
    // Failures are fixed, not kept in files beside the tests.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_the_parser_panic(text in "\\PC{0,200}") {
        survives(&text);
    }

    #[test]
    fn no_toml_makes_the_parser_panic(lines in prop::collection::vec(line_of_toml(), 0..20)) {
        survives(&lines.join("\n"));
        survives(&lines.join("\r\n"));
    }

    #[test]
    fn no_damage_to_a_preset_makes_the_parser_panic(
        cut in 0_usize..12_000, length in 0_usize..40, insert in "\\PC{0,5}"
    ) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies/grading.toml");
        let text = fs::read_to_string(path).unwrap();
        let start = text.floor_char_boundary(cut);
        let end = text.floor_char_boundary(start + length);
        survives(&format!("{}{insert}{}", &text[..start], &text[end..]));
    }
}

/// Names the type, so that the pattern's constructors stay part of what is tested.
#[test]
fn a_pattern_is_written_back_as_it_was_read() {
    for text in ["os.system", "os.**", "re:os\\..*"] {
        assert_eq!(NamePattern::parse(text).unwrap().to_string(), text);
    }
}
