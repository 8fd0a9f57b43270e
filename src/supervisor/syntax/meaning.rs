//! What an expression may mean, as far as the text of the program tells: a function or class of
//! its own, or something that is named.
//!
//! Imports, plain assignments and the first parameter of methods are followed; what a program
//! computes isn't. A program can be written to make this expensive, so the work is counted.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use super::scopes::{self, Binding, Kind, MAX_NAME, ScopeId, Scopes};
use super::tree::Tree;

/// How many assignments, attributes and calls are followed in a row.
const MAX_DEPTH: u32 = 32;

/// How many base classes are searched for a method.
const MAX_BASES: usize = 64;

/// Steps after which a program is too intricate to be judged.
const MAX_WORK: u64 = 20_000_000;

/// Something that an expression may mean.
#[derive(Clone, Debug, PartialEq)]
pub enum Meaning {
    /// What has this full name: a builtin, or something of an imported module.
    Named(String),
    /// The function or lambda of this node.
    Function(usize),
    /// The class of this node.
    Class(usize),
    /// An object of the class of this node.
    Instance(usize),
    /// What `super()` is in a class.
    Super(usize),
}

/// The meanings of names that were looked up, by the scope that binds them.
type Known<'a> = HashMap<(ScopeId, &'a str), Rc<[Meaning]>>;

/// Finds meanings, and remembers those of names.
pub struct Meanings<'t, 'a> {
    tree: &'t Tree<'a>,
    scopes: &'t Scopes<'a>,
    names: RefCell<Known<'a>>,
    work: Cell<u64>,
}

impl<'t, 'a> Meanings<'t, 'a> {
    /// For a program.
    pub fn new(tree: &'t Tree<'a>, scopes: &'t Scopes<'a>) -> Meanings<'t, 'a> {
        Meanings {
            tree,
            scopes,
            names: RefCell::default(),
            work: Cell::new(0),
        }
    }

    /// Was something left out because it would have taken too long?
    pub fn is_exhausted(&self) -> bool {
        self.work.get() > MAX_WORK
    }

    /// Counts work that is done with meanings elsewhere.
    pub fn count(&self, steps: usize) {
        self.spend(steps);
    }

    /// What an expression may mean.
    pub fn of(&self, expression: usize) -> Rc<[Meaning]> {
        self.expression(expression, 0)
    }

    /// What a class or its bases have under a name.
    pub fn member(&self, class: usize, name: &str) -> Vec<Meaning> {
        self.member_of(class, name, false, 0)
    }

    fn expression(&self, index: usize, depth: u32) -> Rc<[Meaning]> {
        if depth > MAX_DEPTH || !self.spend(1) {
            return Rc::default();
        }
        let node = self.tree.node(index);
        match node.kind {
            "Name" => self.name(
                self.scopes.around(index),
                node.get("id").unwrap_or_default(),
                depth,
            ),
            "Attribute" => {
                let name = node.get("attr").unwrap_or_default();
                let object = self.field(index, "value", depth);
                self.spend(object.len());
                object
                    .iter()
                    .flat_map(|object| self.attribute(object, name, depth))
                    .collect()
            }
            "Call" => self.result(index, depth),
            "NamedExpr" => self.field(index, "value", depth),
            "IfExp" => {
                let either = ["body", "orelse"].map(|field| self.field(index, field, depth));
                either.iter().flat_map(|part| part.to_vec()).collect()
            }
            "Lambda" => [Meaning::Function(index)].into(),
            _ => Rc::default(),
        }
    }

    fn field(&self, index: usize, field: &str, depth: u32) -> Rc<[Meaning]> {
        let child = self.tree.field(index, field).next();
        child.map_or_else(Rc::default, |child| self.expression(child, depth + 1))
    }

    fn name(&self, scope: ScopeId, name: &'a str, depth: u32) -> Rc<[Meaning]> {
        let Some((home, bindings)) = self.scopes.look_up(scope, name) else {
            let stars = self.scopes.star_imports.iter();
            self.spend(self.scopes.star_imports.len());
            let starred = stars.filter_map(|star| {
                let module = scopes::imported(self.tree, *star)?;
                Some(format!("{}{name}", module.strip_suffix('*')?))
            });
            return std::iter::once(name.to_owned())
                .chain(starred)
                .filter_map(named)
                .collect();
        };
        if let Some(known) = self.names.borrow().get(&(home, name)) {
            return known.clone();
        }
        // A name that is assigned from itself adds nothing to its meanings.
        self.names.borrow_mut().insert((home, name), Rc::default());
        let mut meanings: Vec<Meaning> = Vec::new();
        for binding in bindings {
            match binding {
                Binding::Function(node) => meanings.push(Meaning::Function(*node)),
                Binding::Class(node) => meanings.push(Meaning::Class(*node)),
                Binding::Receiver(class) => meanings.push(Meaning::Instance(*class)),
                Binding::Import(alias) => {
                    meanings.extend(scopes::imported(self.tree, *alias).and_then(named));
                }
                Binding::Value(value) => {
                    meanings.extend(self.expression(*value, depth + 1).iter().cloned());
                }
                Binding::Other => {}
            }
            if !self.spend(1) {
                break;
            }
        }
        self.spend(meanings.len());
        let meanings: Rc<[Meaning]> = meanings.into();
        self.names
            .borrow_mut()
            .insert((home, name), meanings.clone());
        meanings
    }

    fn attribute(&self, object: &Meaning, name: &str, depth: u32) -> Vec<Meaning> {
        match object {
            Meaning::Named(full) if full.len() + name.len() <= MAX_NAME => {
                vec![Meaning::Named(format!("{full}.{name}"))]
            }
            Meaning::Instance(class) if name == "__class__" => vec![Meaning::Class(*class)],
            Meaning::Class(class) | Meaning::Instance(class) => {
                self.member_of(*class, name, false, depth)
            }
            Meaning::Super(class) => self.member_of(*class, name, true, depth),
            Meaning::Named(_) | Meaning::Function(_) => Vec::new(),
        }
    }

    /// What a call returns, if that is plain.
    fn result(&self, call: usize, depth: u32) -> Rc<[Meaning]> {
        let called = self.field(call, "func", depth);
        self.spend(called.len());
        let returned = called.iter().flat_map(|called| match called {
            Meaning::Class(class) => vec![Meaning::Instance(*class)],
            Meaning::Named(name) if name == "super" => self
                .class_around(call)
                .map(Meaning::Super)
                .into_iter()
                .collect(),
            Meaning::Named(name) if name == "type" => {
                let objects = self.field(call, "args", depth);
                let classes = objects.iter().filter_map(|object| match object {
                    Meaning::Instance(class) => Some(Meaning::Class(*class)),
                    _ => None,
                });
                classes.collect()
            }
            _ => Vec::new(),
        });
        returned.collect()
    }

    fn class_around(&self, node: usize) -> Option<usize> {
        let mut id = self.scopes.around(node);
        while id != 0 {
            let scope = self.scopes.scope(id);
            if scope.kind == Kind::Class {
                return Some(scope.owner);
            }
            id = scope.parent;
        }
        None
    }

    /// The nearest that a class and its bases have under a name.
    fn member_of(&self, class: usize, name: &str, only_bases: bool, depth: u32) -> Vec<Meaning> {
        let mut searched = vec![class];
        let mut next = 0;
        while let Some(&here) = searched.get(next) {
            next += 1;
            if !self.spend(1) {
                break;
            }
            if let Some(scope) = self.scopes.made_by(here)
                && !(only_bases && here == class)
            {
                let found: Vec<Meaning> = self
                    .scopes
                    .bound_in(scope, name)
                    .iter()
                    .flat_map(|binding| match binding {
                        Binding::Function(node) => vec![Meaning::Function(*node)],
                        Binding::Class(node) => vec![Meaning::Class(*node)],
                        Binding::Value(value) => self.expression(*value, depth + 1).to_vec(),
                        _ => Vec::new(),
                    })
                    .collect();
                if !found.is_empty() {
                    self.spend(found.len());
                    return found;
                }
            }
            // They are the first children of a class.
            let is_base = |child: &usize| self.tree.node(*child).field == "bases";
            for base in self.tree.children(here).take_while(is_base) {
                for meaning in self.expression(base, depth + 1).iter() {
                    if let Meaning::Class(base) = meaning
                        && !searched.contains(base)
                        && searched.len() < MAX_BASES
                    {
                        searched.push(*base);
                    }
                }
            }
        }
        Vec::new()
    }

    /// Counts work; `false` when it is more than enough.
    fn spend(&self, steps: usize) -> bool {
        let work = self.work.get().saturating_add(steps as u64);
        self.work.set(work);
        work <= MAX_WORK
    }
}

/// What has this full name; nothing that a policy names has a longer one than [`MAX_NAME`].
fn named(full: String) -> Option<Meaning> {
    (full.len() <= MAX_NAME).then_some(Meaning::Named(full))
}

/// The text of a name with dots (`os.path.join`), or from the last dot on (`.sort`) if what is
/// before it is no name.
pub fn written(tree: &Tree<'_>, expression: usize) -> Option<String> {
    let mut parts = Vec::new();
    let mut at = expression;
    loop {
        let node = tree.node(at);
        match node.kind {
            "Name" => parts.push(node.get("id")?),
            "Attribute" => {
                parts.push(node.get("attr")?);
                at = tree.field(at, "value").next()?;
                continue;
            }
            _ => {
                // The name of the method alone.
                parts.truncate(1);
                parts.push("");
            }
        }
        parts.reverse();
        return (!parts.is_empty() && parts != [""]).then(|| parts.join("."));
    }
}
