//! Which functions of a program call themselves, directly or through others.

use std::collections::HashMap;

use super::meaning::{Meaning, Meanings};
use super::scopes::{Kind, Scopes};
use super::tree::Tree;

/// How much work an edge is, so that there can't be too many of them.
const WEIGHT: usize = 10;

/// A function calls one of the program's own.
#[derive(Clone, Copy, Debug)]
pub struct Edge {
    /// The caller's place in [`Graph::functions`].
    from: usize,
    /// The called one's.
    to: usize,
    /// The node that names the called one.
    site: usize,
    /// `false`: a method of that name is called, but of an object of which nothing is known.
    certain: bool,
}

/// Who calls whom.
pub struct Graph<'t, 'a> {
    tree: &'t Tree<'a>,
    scopes: &'t Scopes<'a>,
    /// The nodes of functions, and of lambdas that a name is given to.
    functions: Vec<usize>,
    edges: Vec<Edge>,
}

/// A call by which a function comes back to itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recursion {
    /// The node of the function.
    pub function: usize,
    /// The node of the function that it calls to that end.
    pub through: usize,
    /// The node that names the called one.
    pub site: usize,
}

impl<'t, 'a> Graph<'t, 'a> {
    /// The graph of a program.
    pub fn of(
        tree: &'t Tree<'a>,
        scopes: &'t Scopes<'a>,
        meanings: &Meanings<'t, 'a>,
    ) -> Graph<'t, 'a> {
        let mut graph = Graph {
            tree,
            scopes,
            functions: Vec::new(),
            edges: Vec::new(),
        };
        let all = 0..tree.nodes().len();
        graph.functions = all.clone().filter(|node| graph.is_named(*node)).collect();
        let numbers: HashMap<usize, usize> = graph
            .functions
            .iter()
            .enumerate()
            .map(|(number, node)| (*node, number))
            .collect();
        let mut methods: HashMap<&str, Vec<usize>> = HashMap::new();
        for (number, node) in graph.functions.iter().enumerate() {
            if scopes.scope(scopes.around(*node)).kind == Kind::Class {
                methods
                    .entry(graph.bare_name(*node))
                    .or_default()
                    .push(number);
            }
        }
        // The named function that evaluates what stands in a scope.
        let mut callers: Vec<Option<usize>> = Vec::new();
        for id in scopes.ids() {
            let scope = scopes.scope(id);
            let own = numbers.get(&scope.owner).copied();
            let own = own.filter(|_| scope.kind == Kind::Function);
            callers.push(own.or_else(|| callers.get(scope.parent).copied().flatten()));
        }
        for node in all {
            if let Some(Some(from)) = callers.get(scopes.around(node)) {
                graph.add_calls(node, *from, &numbers, &methods, meanings);
            }
        }
        graph
    }

    /// Is there a function that `name` names?
    pub fn defines(&self, name: &str) -> bool {
        self.functions
            .iter()
            .any(|node| self.answers_to(*node, name))
    }

    /// The calls by which functions that `name` names come back to themselves. With `doubtful`,
    /// a call of a method of that name is one of the method, whatever the object.
    pub fn recursions(&self, name: &str, doubtful: bool) -> Vec<Recursion> {
        let edges: Vec<Edge> = self
            .edges
            .iter()
            .copied()
            .filter(|edge| edge.certain || doubtful)
            .collect();
        let groups = groups(self.functions.len(), &edges);
        edges
            .iter()
            .filter(|edge| groups[edge.from] == groups[edge.to])
            .map(|edge| Recursion {
                function: self.functions[edge.from],
                through: self.functions[edge.to],
                site: edge.site,
            })
            .filter(|recursion| self.answers_to(recursion.function, name))
            .collect()
    }

    /// A function's qualified name; that of a lambda is the name that it is given.
    pub fn name(&self, function: usize) -> String {
        match self.scopes.made_by(function) {
            Some(scope) if self.tree.node(function).kind != "Lambda" => {
                self.scopes.qualified_name(scope)
            }
            _ => self.bare_name(function).to_owned(),
        }
    }

    fn bare_name(&self, function: usize) -> &'a str {
        let node = self.tree.node(function);
        if node.kind != "Lambda" {
            return node.get("name").unwrap_or_default();
        }
        let target = self.given_name(function);
        target
            .and_then(|target| self.tree.node(target).get("id"))
            .unwrap_or_default()
    }

    /// The `Name` that a lambda is assigned to.
    fn given_name(&self, lambda: usize) -> Option<usize> {
        let node = self.tree.node(lambda);
        let field = match self.tree.node(node.parent).kind {
            "Assign" => "targets",
            "AnnAssign" | "NamedExpr" => "target",
            _ => return None,
        };
        let mut targets = self.tree.field(node.parent, field);
        targets.find(|target| node.field == "value" && self.tree.node(*target).kind == "Name")
    }

    fn is_named(&self, node: usize) -> bool {
        match self.tree.node(node).kind {
            "FunctionDef" | "AsyncFunctionDef" => true,
            "Lambda" => self.given_name(node).is_some(),
            _ => false,
        }
    }

    /// Does `name` name this function? `solve`, or `Tree.depth` with what is around it.
    fn answers_to(&self, function: usize, name: &str) -> bool {
        let bare = self.bare_name(function);
        name == "*"
            || name == bare
            || name
                .strip_suffix(bare)
                .is_some_and(|rest| rest.ends_with('.') && self.matches_around(function, rest))
    }

    /// Are these the names around a function, the inmost last, each with a dot behind it?
    fn matches_around(&self, function: usize, names: &str) -> bool {
        let mut id = self.scopes.around(function);
        for name in names.trim_end_matches('.').rsplit('.') {
            if id == 0 || self.scopes.scope(id).name != name {
                return false;
            }
            id = self.scopes.scope(id).parent;
        }
        true
    }

    /// Adds what a node calls, or hands to a call.
    fn add_calls(
        &mut self,
        node: usize,
        from: usize,
        numbers: &HashMap<usize, usize>,
        methods: &HashMap<&str, Vec<usize>>,
        meanings: &Meanings<'t, 'a>,
    ) {
        let Some(role) = role(self.tree, node) else {
            return;
        };
        if meanings.is_exhausted() {
            return;
        }
        let mut targets: Vec<usize> = Vec::new();
        for meaning in meanings.of(node).iter() {
            match meaning {
                Meaning::Function(function) => targets.push(*function),
                Meaning::Class(class) if role == Role::Called => {
                    let made = meanings.member(*class, "__init__");
                    targets.extend(made.into_iter().filter_map(|made| match made {
                        Meaning::Function(function) => Some(function),
                        _ => None,
                    }));
                }
                _ => {}
            }
        }
        let known = targets.iter().filter_map(|target| numbers.get(target));
        let edge = |to: usize, certain| Edge {
            from,
            to,
            site: node,
            certain,
        };
        let mut edges: Vec<Edge> = known.map(|to| edge(*to, true)).collect();
        let expression = self.tree.node(node);
        if edges.is_empty()
            && role == Role::Called
            && expression.kind == "Attribute"
            && let Some(same) = expression.get("attr").and_then(|name| methods.get(name))
        {
            edges.extend(same.iter().map(|to| edge(*to, false)));
        }
        meanings.count(WEIGHT * edges.len());
        self.edges.extend(edges);
    }
}

/// What is done with an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It is called.
    Called,
    /// It is handed to a call by its bare name.
    Handed,
}

/// What a call does with an expression; a decorator is called.
pub fn role(tree: &Tree<'_>, expression: usize) -> Option<Role> {
    let node = tree.node(expression);
    let parent = tree.parent(expression);
    let is_name = matches!(node.kind, "Name" | "Attribute");
    match (parent.kind, node.field) {
        ("Call", "func") => Some(Role::Called),
        (_, "decorator_list") if node.kind != "Call" => Some(Role::Called),
        ("Call", "args") if is_name => Some(Role::Handed),
        ("keyword", "value") if is_name => Some(Role::Handed),
        _ => None,
    }
}

/// For each function the number of its group: those that can all come back to one another.
///
/// Kosaraju's algorithm: the order in which a walk along the calls leaves the functions, then
/// walks against the calls in the reverse of that order.
fn groups(functions: usize, edges: &[Edge]) -> Vec<usize> {
    let mut ahead = vec![Vec::new(); functions];
    let mut back = vec![Vec::new(); functions];
    for edge in edges {
        ahead[edge.from].push(edge.to);
        back[edge.to].push(edge.from);
    }
    let mut left = Vec::with_capacity(functions);
    let mut seen = vec![false; functions];
    for start in 0..functions {
        walk(start, &ahead, &mut seen, |function| left.push(function));
    }
    let mut group = vec![0; functions];
    let mut seen = vec![false; functions];
    for start in left.into_iter().rev() {
        walk(start, &back, &mut seen, |function| group[function] = start);
    }
    group
}

/// Walks depth first to what wasn't seen yet, and tells of each function as it is left.
fn walk(start: usize, next: &[Vec<usize>], seen: &mut [bool], mut leave: impl FnMut(usize)) {
    if std::mem::replace(&mut seen[start], true) {
        return;
    }
    let mut path = vec![(start, 0)];
    while let Some((function, taken)) = path.last_mut() {
        match next[*function].get(*taken) {
            Some(&other) => {
                *taken += 1;
                if !std::mem::replace(&mut seen[other], true) {
                    path.push((other, 0));
                }
            }
            None => {
                leave(*function);
                path.pop();
            }
        }
    }
}
