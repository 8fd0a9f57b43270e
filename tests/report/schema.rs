//! The shipped JSON schema fits the reports, and would notice one that it doesn't fit.

use lictor::report::json;
use lictor::verdict::Verdict;
use serde_json::Value;

use crate::fixtures::*;

const SCHEMA: &str = include_str!("../../docs/report.schema.json");

/// Where `report` departs from the schema, and which of its keys the schema doesn't know.
pub fn problems(report: &Value) -> Vec<String> {
    let schema: Value = serde_json::from_str(SCHEMA).expect("the schema is JSON");
    let mut problems = Vec::new();
    check(&schema, report, "report", &mut problems);
    problems
}

/// The part of draft-07 that the schema uses; an unknown keyword is a problem, too.
fn check(schema: &Value, value: &Value, path: &str, problems: &mut Vec<String>) {
    for (keyword, expected) in schema.as_object().expect("a schema is an object") {
        let fits = match keyword.as_str() {
            "$schema"
            | "title"
            | "description"
            | "properties"
            | "items"
            | "additionalProperties" => true,
            "type" => types(expected).iter().any(|name| is_of_type(value, name)),
            "const" => value == expected,
            "enum" => expected
                .as_array()
                .is_some_and(|words| words.contains(value)),
            "minimum" => value
                .as_f64()
                .is_none_or(|number| number >= expected.as_f64().expect("a number")),
            "required" => value
                .as_object()
                .is_none_or(|object| types(expected).iter().all(|key| object.contains_key(*key))),
            other => panic!("the schema uses {other}, which this test doesn't know"),
        };
        if !fits {
            problems.push(format!(
                "{path}: {keyword} is {expected}, but it is {value}"
            ));
        }
    }
    if let Some(object) = value.as_object() {
        for (key, member) in object {
            let known = schema
                .get("properties")
                .and_then(|properties| properties.get(key));
            match known.or_else(|| schema.get("additionalProperties")) {
                Some(schema) => check(schema, member, &format!("{path}.{key}"), problems),
                None => problems.push(format!("{path}: the schema doesn't know {key}")),
            }
        }
    }
    for (number, item) in value.as_array().into_iter().flatten().enumerate() {
        check(
            &schema["items"],
            item,
            &format!("{path}[{number}]"),
            problems,
        );
    }
}

fn types(names: &Value) -> Vec<&str> {
    match names {
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        name => name.as_str().into_iter().collect(),
    }
}

fn is_of_type(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}

#[test]
fn a_report_fits() {
    assert_eq!(
        problems(&json::render(&violated(vec![sorted()]))),
        Vec::<String>::new()
    );
}

#[test]
fn departures_are_noticed() {
    let good = json::render(&outcome(Verdict::Completed));
    let mut wrong_word = good.clone();
    wrong_word["verdict"] = "fine".into();
    let mut wrong_type = good.clone();
    wrong_type["usage"]["steps"] = "120".into();
    let mut unknown_key = good.clone();
    unknown_key["exit"]["mood"] = "good".into();
    let mut missing_key = good.clone();
    missing_key.as_object_mut().unwrap().remove("limit");
    for report in [wrong_word, wrong_type, unknown_key, missing_key] {
        assert_eq!(problems(&report).len(), 1, "{report}");
    }
}
