//! Which names a program binds where, by Python's rules of scopes.
//!
//! Nothing is said of order: a name that is bound twice in a scope may mean either.

use std::collections::{HashMap, HashSet};

use super::tree::Tree;

/// Longest name with dots that is followed, in bytes: a program may have long ones to make
/// following them expensive.
pub const MAX_NAME: usize = 300;

/// Number of a scope; 0 is the module.
pub type ScopeId = usize;

/// What kind of code a scope belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Module,
    Function,
    Class,
    Comprehension,
}

/// What a name is bound to.
#[derive(Clone, Debug, PartialEq)]
pub enum Binding {
    /// The function defined by this node.
    Function(usize),
    /// The class defined by this node.
    Class(usize),
    /// What an import brings, of which this node says the name.
    Import(usize),
    /// The value of this expression.
    Value(usize),
    /// The first parameter of a method of the class defined by this node.
    Receiver(usize),
    /// Anything else.
    Other,
}

/// Code with names of its own.
#[derive(Debug)]
pub struct Scope<'a> {
    /// What kind of code.
    pub kind: Kind,
    /// The node that makes it.
    pub owner: usize,
    /// The scope around it; the module is its own.
    pub parent: ScopeId,
    /// Its name, without those of the scopes around it (`depth`, `<module>`).
    pub name: &'a str,
    names: HashMap<&'a str, Vec<Binding>>,
    /// Names of `global` statements.
    global: HashSet<&'a str>,
    /// Names of `nonlocal` statements.
    nonlocal: HashSet<&'a str>,
    /// The first `for` of a comprehension, whose values come from outside.
    first_for: Option<usize>,
}

/// All scopes of a program.
#[derive(Debug)]
pub struct Scopes<'a> {
    scopes: Vec<Scope<'a>>,
    /// The scope in which a node is evaluated.
    around: Vec<ScopeId>,
    /// The scope that a node makes.
    made: HashMap<usize, ScopeId>,
    /// The values of assignments.
    values: HashMap<usize, usize>,
    /// Nodes that say `*` in `from … import *`.
    pub star_imports: Vec<usize>,
}

impl<'a> Scopes<'a> {
    /// The scopes of a program.
    pub fn of(tree: &Tree<'a>) -> Scopes<'a> {
        let mut scopes = Scopes {
            scopes: Vec::new(),
            around: Vec::with_capacity(tree.nodes().len()),
            made: HashMap::new(),
            values: HashMap::new(),
            star_imports: Vec::new(),
        };
        for index in 0..tree.nodes().len() {
            scopes.place(tree, index);
        }
        for index in 0..tree.nodes().len() {
            scopes.bind(tree, index);
        }
        scopes
    }

    /// The scope in which a node is evaluated.
    pub fn around(&self, node: usize) -> ScopeId {
        self.around[node]
    }

    /// The scopes' numbers; a scope comes after the one around it.
    pub fn ids(&self) -> std::ops::Range<ScopeId> {
        0..self.scopes.len()
    }

    /// A scope.
    pub fn scope(&self, id: ScopeId) -> &Scope<'a> {
        &self.scopes[id]
    }

    /// The scope that a function, class or comprehension makes.
    pub fn made_by(&self, node: usize) -> Option<ScopeId> {
        self.made.get(&node).copied()
    }

    /// The scope around a node that isn't a comprehension's.
    pub fn body_around(&self, node: usize) -> ScopeId {
        self.outside_comprehensions(self.around(node))
    }

    /// A scope's name as CPython gives it (`Tree.depth`, `solve.<locals>.step`, `<module>`).
    ///
    /// It is made when it is asked for: a program can make the names of all its functions long
    /// together by one long name.
    pub fn qualified_name(&self, id: ScopeId) -> String {
        let mut names = vec![self.scopes[id].name];
        let mut inner = id;
        while self.scopes[inner].parent != 0 {
            inner = self.scopes[inner].parent;
            if self.scopes[inner].kind != Kind::Class {
                names.push("<locals>");
            }
            names.push(self.scopes[inner].name);
        }
        names.reverse();
        names.join(".")
    }

    /// What a name may be where `scope` uses it, and the scope that binds it; `None` for a name
    /// that nothing binds, such as a builtin.
    pub fn look_up(&self, scope: ScopeId, name: &str) -> Option<(ScopeId, &[Binding])> {
        let mut id = scope;
        loop {
            let here = &self.scopes[id];
            let is_visible = here.kind != Kind::Class || id == scope;
            if id != 0 && is_visible && here.global.contains(name) {
                id = 0;
                continue;
            }
            if is_visible
                && !here.nonlocal.contains(name)
                && let Some(bindings) = here.names.get(name)
            {
                return Some((id, bindings));
            }
            if id == 0 {
                return None;
            }
            id = here.parent;
        }
    }

    /// What a name is bound to in this very scope.
    pub fn bound_in(&self, scope: ScopeId, name: &str) -> &[Binding] {
        self.scopes[scope]
            .names
            .get(name)
            .map_or(&[], Vec::as_slice)
    }

    /// Finds the scope around a node, whose parent has its own, and makes the one that the
    /// node makes.
    fn place(&mut self, tree: &Tree<'a>, index: usize) {
        let node = tree.node(index);
        let around = self.scope_of_child(tree, index);
        self.around.push(around);
        let statement = tree.parent(index).kind;
        if node.field == "value" && matches!(statement, "Assign" | "AnnAssign" | "NamedExpr") {
            self.values.insert(node.parent, index);
        }
        let name = node.get("name").unwrap_or_default();
        let (kind, name) = match node.kind {
            "Module" => (Kind::Module, "<module>"),
            "FunctionDef" | "AsyncFunctionDef" => (Kind::Function, name),
            "Lambda" => (Kind::Function, "<lambda>"),
            "ClassDef" => (Kind::Class, name),
            "ListComp" => (Kind::Comprehension, "<listcomp>"),
            "SetComp" => (Kind::Comprehension, "<setcomp>"),
            "DictComp" => (Kind::Comprehension, "<dictcomp>"),
            "GeneratorExp" => (Kind::Comprehension, "<genexpr>"),
            "Global" | "Nonlocal" => {
                let names = node.get("names").unwrap_or_default().split(',');
                if let Some(scope) = self.scopes.get_mut(around) {
                    let declared = if node.kind == "Global" {
                        &mut scope.global
                    } else {
                        &mut scope.nonlocal
                    };
                    declared.extend(names);
                }
                return;
            }
            _ => return,
        };
        self.made.insert(index, self.scopes.len());
        self.scopes.push(Scope {
            kind,
            owner: index,
            parent: around,
            name,
            names: HashMap::new(),
            global: HashSet::new(),
            nonlocal: HashSet::new(),
            first_for: None,
        });
    }

    fn scope_of_child(&mut self, tree: &Tree<'a>, index: usize) -> ScopeId {
        let node = tree.node(index);
        let parent = node.parent;
        if parent == index {
            return 0;
        }
        let outside = self.around[parent];
        let Some(&inside) = self.made.get(&parent) else {
            // The first `for` of a comprehension takes its values from outside.
            let comprehension = &self.scopes[outside];
            let is_first = node.field == "iter" && comprehension.first_for == Some(parent);
            return if is_first {
                comprehension.parent
            } else {
                outside
            };
        };
        match self.scopes[inside].kind {
            Kind::Module => inside,
            Kind::Function | Kind::Class if node.field == "body" => inside,
            Kind::Function | Kind::Class => outside,
            Kind::Comprehension => {
                if node.field == "generators" {
                    self.scopes[inside].first_for.get_or_insert(index);
                }
                inside
            }
        }
    }

    /// Binds the names that a node binds.
    fn bind(&mut self, tree: &Tree<'a>, index: usize) {
        let node = tree.node(index);
        let around = self.around(index);
        let mut bind = |key: &str, binding: Binding| {
            if let Some(name) = node.get(key) {
                self.add(around, name, binding);
            }
        };
        match node.kind {
            "FunctionDef" | "AsyncFunctionDef" => bind("name", Binding::Function(index)),
            "ClassDef" => bind("name", Binding::Class(index)),
            "Name" if node.get("ctx") != Some("Load") => {
                let binding = self
                    .value_of(tree, index)
                    .map_or(Binding::Other, Binding::Value);
                let scope = match tree.parent(index).kind {
                    "NamedExpr" => self.outside_comprehensions(around),
                    _ => around,
                };
                self.add(scope, node.get("id").unwrap_or_default(), binding);
            }
            "ExceptHandler" | "MatchAs" | "MatchStar" => bind("name", Binding::Other),
            "MatchMapping" => bind("rest", Binding::Other),
            "arg" => self.bind_parameter(tree, index),
            "alias" => self.bind_import(tree, index),
            _ => {}
        }
    }

    fn bind_parameter(&mut self, tree: &Tree<'a>, index: usize) {
        let function = tree.parent(index).parent;
        let Some(scope) = self.made_by(function) else {
            return;
        };
        let around = &self.scopes[self.scopes[scope].parent];
        let is_positional =
            |child: &usize| matches!(tree.node(*child).field, "posonlyargs" | "args");
        let first = tree.children(tree.node(index).parent).find(is_positional);
        let is_receiver = first == Some(index)
            && around.kind == Kind::Class
            && tree.node(function).kind != "Lambda"
            && !tree
                .field(function, "decorator_list")
                .any(|decorator| tree.node(decorator).get("id") == Some("staticmethod"));
        let binding = if is_receiver {
            Binding::Receiver(around.owner)
        } else {
            Binding::Other
        };
        let name = tree.node(index).get("arg").unwrap_or_default();
        self.add(scope, name, binding);
    }

    fn bind_import(&mut self, tree: &Tree<'a>, index: usize) {
        let alias = tree.node(index);
        let name = alias.get("name").unwrap_or_default();
        if name == "*" {
            self.star_imports.push(index);
            return;
        }
        let bound = match (alias.get("asname"), tree.parent(index).kind) {
            (Some(other), _) => other,
            // `import os.path` binds `os`.
            (None, "Import") => name.split('.').next().unwrap_or(name),
            (None, _) => name,
        };
        self.add(self.around(index), bound, Binding::Import(index));
    }

    /// The expression whose value a name that is stored gets, if it gets it as a whole and
    /// could be something to call.
    fn value_of(&self, tree: &Tree<'_>, name: usize) -> Option<usize> {
        let value = *self.values.get(&tree.node(name).parent)?;
        let callable = ["Name", "Attribute", "Call", "Lambda"];
        callable.contains(&tree.node(value).kind).then_some(value)
    }

    fn outside_comprehensions(&self, mut scope: ScopeId) -> ScopeId {
        while self.scopes[scope].kind == Kind::Comprehension {
            scope = self.scopes[scope].parent;
        }
        scope
    }

    fn add(&mut self, scope: ScopeId, name: &'a str, binding: Binding) {
        let mut target = scope;
        if self.scopes[scope].global.contains(name) {
            target = 0;
        } else if self.scopes[scope].nonlocal.contains(name) {
            target = self.look_up(scope, name).map_or(0, |(found, _)| found);
        }
        let bindings = self.scopes[target].names.entry(name).or_default();
        if bindings.last() != Some(&binding) {
            bindings.push(binding);
        }
    }
}

/// The full name of what an import's `alias` node brings: that of the module for `import`.
/// None for one that is too long to be any module's.
pub fn imported(tree: &Tree<'_>, alias: usize) -> Option<String> {
    let (node, statement) = (tree.node(alias), tree.parent(alias));
    if node.weight() + statement.weight() > 2 * MAX_NAME {
        return None;
    }
    let name = node.get("name").unwrap_or_default();
    let full = if statement.kind == "Import" {
        match node.get("asname") {
            Some(_) => name,
            None => name.split('.').next().unwrap_or(name),
        }
        .to_owned()
    } else {
        let module = statement.get("module").unwrap_or_default();
        let level = statement.get("level").and_then(|level| level.parse().ok());
        let dots = ".".repeat(level.unwrap_or(0).min(MAX_NAME));
        format!("{dots}{module}.{name}")
    };
    (full.len() <= MAX_NAME).then_some(full)
}
