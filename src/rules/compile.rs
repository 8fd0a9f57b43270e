//! Policy → [`RuleSet`]: the table of rules, and each section pointing into it. Pure.

use super::{
    AuditSpec, FunctionRule, ImportList, ImportRules, LineRule, NamePattern, Origin, RuleIndex,
    RuleInfo, RuleSet,
};
use crate::policy::{Policy, Stated};

/// Compiles a policy's rules.
pub fn compile(policy: &Policy) -> RuleSet {
    let mut table = Table { rules: Vec::new() };
    let tamper = table.add("tamper", None, None);
    let limits = policy
        .limit_origins
        .iter()
        .map(|(kind, origin)| {
            let id = format!("limits.{}", kind.as_str());
            (*kind, table.add(&id, None, origin.clone()))
        })
        .collect();
    let closed = policy
        .closed
        .as_ref()
        .map(|closed| table.add("defaults.functions", None, closed.origin.clone()));
    let mut list = |id: &str, stated: &Option<Stated<Vec<NamePattern>>>| {
        stated.as_ref().map(|stated| ImportList {
            rule: table.add(id, None, stated.origin.clone()),
            names: stated.value.clone(),
        })
    };
    let imports = ImportRules {
        allow: list("imports.allow", &policy.import_allow),
        deny: list("imports.deny", &policy.import_deny),
    };
    let functions = policy
        .functions
        .iter()
        .map(|stated| {
            let rule = &stated.value;
            FunctionRule {
                rule: table.add(&rule.id, rule.message.clone(), stated.origin.clone()),
                names: rule.names.clone(),
                except: rule.except.clone(),
                action: rule.action,
                caller: rule.caller,
                max_calls: rule.max_calls,
            }
        })
        .collect();
    let lines = policy
        .lines
        .iter()
        .map(|stated| {
            let rule = &stated.value;
            LineRule {
                rule: table.add(&rule.id, rule.message.clone(), stated.origin.clone()),
                pattern: rule.pattern.clone(),
                files: rule.files.clone(),
                action: rule.action,
            }
        })
        .collect();
    RuleSet {
        rules: table.rules,
        functions,
        closed,
        imports,
        lines,
        tamper,
        limits,
        trust: policy.trust.clone(),
        audit: AuditSpec {
            record: policy.record,
            scope: policy.scope,
        },
    }
}

struct Table {
    rules: Vec<RuleInfo>,
}

impl Table {
    fn add(&mut self, id: &str, message: Option<String>, origin: Option<Origin>) -> RuleIndex {
        // A policy is at most 1 MiB of text, and a rule takes dozens of bytes.
        let index = u16::try_from(self.rules.len()).unwrap_or(u16::MAX - 1);
        self.rules.push(RuleInfo {
            id: id.to_owned(),
            message,
            origin,
        });
        RuleIndex(index)
    }
}
