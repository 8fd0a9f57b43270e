//! Any text as a policy: it is read or refused, what is wrong can be shown, and the patterns
//! of what is right build.

#![no_main]

use std::path::Path;

use lictor::policy::parse_alone;
use lictor::rules::compile::compile;
use lictor::rules::decide::{ImportJudge, LineJudge};
use lictor::rules::pattern::NameMatcher;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let policy = match parse_alone("fuzz.toml", text, Path::new("/nowhere")) {
        Ok(policy) => policy,
        Err(problems) => {
            assert!(problems.has_errors());
            problems.render(true);
            return;
        }
    };
    policy.warnings.render(false);
    let rules = compile(&policy, Some(Path::new("guest.py")));
    assert!(
        rules
            .functions
            .iter()
            .all(|rule| rules.info(rule.rule).is_some())
    );
    let names = rules
        .functions
        .iter()
        .flat_map(|rule| rule.names.iter().chain(&rule.except));
    assert!(NameMatcher::new(names.map(|name| (0, name))).is_ok());
    assert!(ImportJudge::new(&rules.imports).is_ok());
    assert!(LineJudge::new(&rules.lines).is_ok());
});
