//! Any bytes as what the parser prints of a source: decoding ends in a tree or in an error, and
//! whatever tree there is, judging it ends.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use lictor::rules::RuleIndex;
use lictor::rules::syntax::{Construct, ConstructList, SyntaxRules, WORDS};
use lictor::supervisor::syntax::examine;

/// Every rule that there is.
static RULES: LazyLock<SyntaxRules> = LazyLock::new(|| {
    let others = ["recursion:*", "recursion:A.f", "calls:a.b", "calls:.f", "calls:f"];
    let constructs = WORDS.iter().chain(&others).filter_map(|text| Construct::read(text));
    let list = ConstructList {
        rule: RuleIndex(1),
        constructs: constructs.collect(),
    };
    SyntaxRules {
        forbid: Some(list.clone()),
        require: Some(list),
        max_nesting: Some((RuleIndex(1), 1)),
        max_function_lines: Some((RuleIndex(1), 1)),
    }
});

fuzz_target!(|data: &[u8]| {
    // The count at the end is given, so that the fuzzer needn't learn to count.
    let lines = data.iter().filter(|byte| **byte == b'\n').count();
    let whole = [data, format!("tree {lines}\n").as_bytes()].concat();
    for printed in [data, &whole] {
        let _ = examine(printed, b"if a:\n elif b:\n", &RULES);
    }
});
