//! Which words of the policy language a node answers to.

use super::scopes::{Kind, Scopes};
use super::tree::Tree;

/// Calls `found` with each of [`WORDS`](crate::rules::syntax::WORDS) that a node answers to.
pub fn of(tree: &Tree<'_>, scopes: &Scopes<'_>, index: usize, mut found: impl FnMut(&'static str)) {
    let node = tree.node(index);
    plain(node.kind).iter().for_each(|word| found(word));
    let has = |field: &str| tree.field(index, field).next().is_some();
    match node.kind {
        "For" | "AsyncFor" | "While" if has("orelse") => found("loop-else"),
        "ExceptHandler" if !has("type") => found("bare-except"),
        "FunctionDef" | "AsyncFunctionDef"
            if scopes.scope(scopes.around(index)).kind == Kind::Function =>
        {
            found("nested-function");
        }
        "arg" if matches!(node.field, "vararg" | "kwarg") => found("star-parameter"),
        "Starred" if node.field == "args" => found("star-argument"),
        "keyword" if node.get("arg").is_none() && tree.parent(index).kind == "Call" => {
            found("star-argument");
        }
        "ListComp" | "SetComp" | "DictComp" | "GeneratorExp" => {
            let mut parts = tree.field(index, "generators");
            if parts.any(|part| tree.node(part).get("is_async") == Some("1")) {
                found("async");
            }
        }
        "alias" if node.get("name") == Some("*") => found("import-star"),
        "AnnAssign" if has("value") => found("assignment"),
        // One within another is part of it.
        "Tuple" | "List" if node.get("ctx") == Some("Store") => {
            let parent = tree.parent(index);
            if !matches!(parent.kind, "Tuple" | "List" | "Starred") {
                found("unpacking");
            }
        }
        // The format behind the colon is a node of the same kind.
        "JoinedStr" if node.field != "format_spec" => found("f-string"),
        _ => {}
    }
    match node.field {
        "decorator_list" => found("decorator"),
        "annotation" | "returns" => found("type-annotation"),
        _ => {}
    }
}

/// The words that all nodes of a kind answer to.
fn plain(kind: &str) -> &'static [&'static str] {
    match kind {
        "If" => &["if"],
        "For" => &["for", "loop"],
        "AsyncFor" => &["for", "loop", "async"],
        "While" => &["while", "loop"],
        "Break" => &["break"],
        "Continue" => &["continue"],
        "Match" => &["match"],
        "Try" => &["try"],
        "TryStar" => &["try", "except-star"],
        "Raise" => &["raise"],
        "Assert" => &["assert"],
        "With" => &["with"],
        "AsyncWith" => &["with", "async"],
        "Pass" => &["pass"],
        "FunctionDef" => &["function"],
        "AsyncFunctionDef" => &["function", "async"],
        "Lambda" => &["lambda"],
        "Return" => &["return"],
        "Yield" | "YieldFrom" => &["yield"],
        "Await" => &["await"],
        "ClassDef" => &["class"],
        "Global" => &["global"],
        "Nonlocal" => &["nonlocal"],
        "Import" => &["import"],
        "ImportFrom" => &["import", "import-from"],
        "Assign" => &["assignment"],
        "AugAssign" => &["augmented-assignment"],
        "NamedExpr" => &["walrus"],
        "Delete" => &["del"],
        "ListComp" => &["comprehension", "list-comprehension"],
        "SetComp" => &["comprehension", "set-comprehension"],
        "DictComp" => &["comprehension", "dict-comprehension"],
        "GeneratorExp" => &["comprehension", "generator-expression"],
        "IfExp" => &["conditional-expression"],
        "Slice" => &["slice"],
        "TypeAlias" => &["type-alias"],
        "TypeVar" | "ParamSpec" | "TypeVarTuple" => &["type-parameter"],
        _ => &[],
    }
}
