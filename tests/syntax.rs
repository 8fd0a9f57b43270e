//! `[syntax]` on every interpreter: sources through CPython's parser, and what is found in them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use lictor::rules::RuleIndex;
use lictor::rules::syntax::{Construct, ConstructList, Finding, SyntaxRules, WORDS};
use lictor::supervisor::interpreter::Interpreter;
use lictor::supervisor::syntax::{Examined, Found, ParserError, examine, parse};
use proptest::prelude::*;
use proptest::sample;
use support::{Python, pythons};

fn printed(python: &Python, source: &[u8]) -> Result<Vec<u8>, ParserError> {
    let interpreter = Interpreter {
        executable: python.path.clone(),
        version: [3, python.version.1 as u8, 0],
        venv: None,
        library: Vec::new(),
        site_packages: Vec::new(),
        hook: "/nowhere".into(),
    };
    parse(&interpreter, &[], source)
}

fn examined(python: &Python, source: &[u8], rules: &SyntaxRules) -> Examined {
    let printed = printed(python, source).unwrap();
    examine(&printed, source, rules).unwrap()
}

/// What is found in a source, by one set of rules after another.
fn found_by(python: &Python, source: &str, all: &[SyntaxRules]) -> Vec<Vec<Found>> {
    let printed = printed(python, source.as_bytes()).unwrap();
    let examined = all
        .iter()
        .map(|rules| examine(&printed, source.as_bytes(), rules));
    examined
        .map(|examined| match examined.unwrap() {
            Examined::Judged(found) => found,
            other => panic!("{}: {other:?}: {source}", python.label()),
        })
        .collect()
}

fn found(python: &Python, source: &str, rules: &SyntaxRules) -> Vec<Found> {
    found_by(python, source, std::slice::from_ref(rules)).remove(0)
}

fn list(construct: &str) -> Option<ConstructList> {
    Some(ConstructList {
        rule: RuleIndex(1),
        constructs: vec![Construct::read(construct).expect(construct)],
    })
}

fn forbid(construct: &str) -> SyntaxRules {
    SyntaxRules {
        forbid: list(construct),
        ..SyntaxRules::default()
    }
}

fn require(construct: &str) -> SyntaxRules {
    SyntaxRules {
        require: list(construct),
        ..SyntaxRules::default()
    }
}

/// The parts of the text that are marked, each with its line.
fn marked<'s>(source: &'s str, found: &[Found]) -> Vec<(u32, &'s str)> {
    let lines: Vec<&str> = source.split('\n').collect();
    found
        .iter()
        .map(|found| {
            let spot = found.spot.expect("a place");
            let (start, end) = spot.columns;
            let line = lines[spot.line as usize - 1];
            (spot.line, &line[start as usize..end as usize])
        })
        .collect()
}

/// A construct, a source with it and what of that is underlined, and one without it.
type Sample = (
    &'static str,
    &'static str,
    &'static [&'static str],
    &'static str,
);

const SAMPLES: &[Sample] = &[
    (
        "if",
        "if a: b\nelif c: d\nelse: e",
        &["if a", "elif c"],
        "a if b else c\n[a for a in b if a]",
    ),
    (
        "for",
        "for a, b in c:\n  pass",
        &["for a, b in c"],
        "[a for a in b]\nwhile a: b",
    ),
    (
        "for",
        "async def f():\n  async for a in b: pass",
        &["async for a in b"],
        "pass",
    ),
    (
        "while",
        "while a < 3:\n  a += 1",
        &["while a < 3"],
        "for a in b: c",
    ),
    (
        "loop",
        "while a: b\nfor c in d: e",
        &["while a", "for c in d"],
        "[a for a in b]",
    ),
    (
        "loop-else",
        "for a in b: c\nelse: d",
        &["for a in b"],
        "for a in b: c\nif a: b\nelse: c\ntry: a\nexcept: b\nelse: c",
    ),
    ("break", "while a: break", &["break"], "while a: continue"),
    (
        "continue",
        "while a: continue",
        &["continue"],
        "while a: break",
    ),
    (
        "match",
        "match a:\n  case 1: b",
        &["match a"],
        "match = case = 1\nmatch(a)",
    ),
    ("try", "try: a\nexcept b: c", &["try"], "with a: b"),
    ("try", "try: a\nfinally: c", &["try"], "raise a"),
    (
        "bare-except",
        "try: a\nexcept b: c\nexcept: d",
        &["except"],
        "try: a\nexcept Exception: b",
    ),
    (
        "except-star",
        "try: a\nexcept* b as c: d",
        &["try"],
        "try: a\nexcept b: c",
    ),
    ("raise", "raise a from b", &["raise a from b"], "raised(a)"),
    ("assert", "assert a, b", &["assert a, b"], "asserted(a)"),
    (
        "with",
        "with a as b, c: d",
        &["with a as b, c"],
        "try: a\nfinally: b",
    ),
    (
        "with",
        "async def f():\n  async with a: b",
        &["async with a"],
        "pass",
    ),
    ("pass", "if a: pass", &["pass"], "if a: ..."),
    (
        "function",
        "def f(a, b=1): c",
        &["def f(a, b=1"],
        "f = lambda: 1",
    ),
    (
        "function",
        "async def f(): c",
        &["async def f"],
        "class A: b = c",
    ),
    (
        "nested-function",
        "def f():\n  def g(): a",
        &["def g"],
        "def f(): a\nclass A:\n  def f(self):\n    return lambda: 1",
    ),
    (
        "lambda",
        "f = lambda a: b",
        &["lambda a: b"],
        "def f(a): return b",
    ),
    (
        "decorator",
        "@a.b\n@c(1)\ndef f(): d\n@e\nclass G: h",
        &["a.b", "c(1)", "e"],
        "f = a(f)\nb @ c",
    ),
    (
        "star-parameter",
        "def f(*a, **b): c\nlambda *d: e",
        &["a", "b", "d"],
        "def f(a, *, b): f(*a, **b)",
    ),
    (
        "star-argument",
        "f(*a, **b)",
        &["*a", "**b"],
        "def f(*a, **b): [*a, {**b}]\nc, *d = e\nclass A(metaclass=b): c",
    ),
    (
        "return",
        "def f(): return a",
        &["return a"],
        "def f(): yield a",
    ),
    (
        "yield",
        "def f():\n  yield\n  yield from a",
        &["yield", "yield from a"],
        "def f(): return a",
    ),
    (
        "async",
        "async def f():\n  await a",
        &["async def f"],
        "def f(): g()",
    ),
    (
        "async",
        "async def f():\n  return [a async for a in b]",
        &["async def f", "[a async for a in b]"],
        "[a for a in b]",
    ),
    (
        "await",
        "async def f():\n  await a",
        &["await a"],
        "async def f(): a()",
    ),
    (
        "class",
        "class A(b, c=d):\n  e = 1",
        &["class A(b, c=d"],
        "A = type('A', (), {})",
    ),
    (
        "global",
        "def f():\n  global a, b",
        &["global a, b"],
        "def f():\n  a = 1\n  def g():\n    nonlocal a",
    ),
    (
        "nonlocal",
        "def f():\n  a = 1\n  def g():\n    nonlocal a",
        &["nonlocal a"],
        "def f():\n  global a",
    ),
    (
        "import",
        "import a.b, c\nfrom d import e",
        &["import a.b, c", "from d import e"],
        "__import__('a')",
    ),
    (
        "import-from",
        "from a import b\nfrom . import c",
        &["from a import b", "from . import c"],
        "import a",
    ),
    (
        "import-star",
        "from a import *",
        &["*"],
        "from a import b\nimport c\nd * e",
    ),
    (
        "assignment",
        "a = b = 1\nc: int = 2",
        &["a = b = 1", "c: int = 2"],
        "a: int\na += 1\n(b := 1)\nf(c=1)",
    ),
    ("augmented-assignment", "a += 1", &["a += 1"], "a = a + 1"),
    ("walrus", "if (a := b): c", &["a := b"], "a = b\nf(a=b)"),
    (
        "unpacking",
        "a, (b, *c) = d\nfor e, f in g: h\n[i, j] = k",
        &["a, (b, *c)", "[i, j]", "e, f"],
        "a = b, c\nf(*d)\n(e, f)",
    ),
    ("del", "del a[0], b", &["del a[0], b"], "a.pop()"),
    (
        "comprehension",
        "[a for a in b]\n{a for a in b}\n{a: a for a in b}\nf(a for a in b)",
        &[
            "[a for a in b]",
            "{a for a in b}",
            "{a: a for a in b}",
            "(a for a in b)",
        ],
        "for a in b: c",
    ),
    (
        "list-comprehension",
        "[a for a in b]",
        &["[a for a in b]"],
        "{a for a in b}, [a]",
    ),
    (
        "set-comprehension",
        "{a for a in b}",
        &["{a for a in b}"],
        "{a: b for a in c}, {a}",
    ),
    (
        "dict-comprehension",
        "{a: b for a in c}",
        &["{a: b for a in c}"],
        "{a for a in b}, {a: b}",
    ),
    (
        "generator-expression",
        "sum(a for a in b)",
        &["(a for a in b)"],
        "[a for a in b]",
    ),
    (
        "conditional-expression",
        "a if b else c",
        &["a if b else c"],
        "if a: b\nelse: c",
    ),
    (
        "f-string",
        "f'{a:>{b}}' f'c'",
        &["f'{a:>{b}}' f'c'"],
        "'{a}'.format(a=b)\n'%s' % a",
    ),
    (
        "slice",
        "a[1:2, ::3]",
        &["1:2", "::3"],
        "a[1], a[b, c]\nslice(1)",
    ),
    (
        "type-annotation",
        "def f(a: int, *b: str) -> c: d\ne: bool\ndef g(): h",
        &["c", "int", "str", "bool"],
        "a = int\nlambda b: c\n{a: b}",
    ),
    (
        "type-alias",
        "type A = int",
        &["type A = int"],
        "type = 1\nA = int",
    ),
    (
        "type-parameter",
        "def f[T: int, *U, **V](a): b",
        &["T: int", "*U", "**V"],
        "a[T]\ndef f(a): b",
    ),
];

/// Does this Python know what the sample is about?
fn knows(python: &Python, word: &str) -> bool {
    !word.starts_with("type-a") && !word.starts_with("type-p")
        || word == "type-annotation"
        || python.version >= (3, 12)
}

#[test]
fn every_word_has_its_construct_and_no_other() {
    for word in WORDS {
        assert!(SAMPLES.iter().any(|sample| sample.0 == word), "{word}");
    }
    let mut wrong = Vec::new();
    for python in pythons() {
        for (word, with, expected, without) in SAMPLES {
            if !knows(python, word) {
                continue;
            }
            let rules = [forbid(word), require(word)];
            let label = python.label();
            let there = found_by(python, with, &rules);
            let mut texts: Vec<&str> = marked(with, &there[0]).iter().map(|it| it.1).collect();
            let mut wanted = expected.to_vec();
            texts.sort_unstable();
            wanted.sort_unstable();
            if texts != wanted {
                wrong.push(format!("{label} {word}: {texts:?} in {with:?}"));
            }
            if !there[1].is_empty() {
                wrong.push(format!("{label} {word}: missing in {with:?}"));
            }
            let elsewhere = found_by(python, without, &rules);
            if !elsewhere[0].is_empty() {
                let texts = marked(without, &elsewhere[0]);
                wrong.push(format!("{label} {word}: {texts:?} in {without:?}"));
            }
            if elsewhere[1].len() != 1 {
                wrong.push(format!("{label} {word}: not missing in {without:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The lines at which a construct is found, if it is forbidden.
fn lines(python: &Python, construct: &str, source: &str) -> Vec<u32> {
    let found = found(python, source, &forbid(construct));
    found.iter().map(|found| found.spot.unwrap().line).collect()
}

fn is_there(python: &Python, construct: &str, source: &str) -> bool {
    found(python, source, &require(construct)).is_empty()
}

/// Checks, on every Python, at which lines constructs are found in a source.
fn check(source: &str, expected: &[(&str, &[u32])]) {
    let rules: Vec<SyntaxRules> = expected
        .iter()
        .flat_map(|(construct, _)| [forbid(construct), require(construct)])
        .collect();
    for python in pythons() {
        let found = found_by(python, source, &rules);
        for ((construct, at), found) in expected.iter().zip(found.chunks(2)) {
            let label = python.label();
            let lines: Vec<u32> = found[0]
                .iter()
                .map(|found| found.spot.unwrap().line)
                .collect();
            assert_eq!(lines, *at, "{construct} on {label} in:\n{source}");
            let is_missing = !found[1].is_empty();
            assert_eq!(
                is_missing,
                at.is_empty(),
                "{construct} on {label} in:\n{source}"
            );
        }
    }
}

#[test]
fn calls_go_by_the_name_that_is_written() {
    let source = "\
sorted(a)
a.sort()
a.b.sort(key=c)
f().sort
(a
 .sort())
list.sort(a)
sorted
def sorted(x): ...
@sorted
def f(): ...
f'{sorted(a)}'
𝘀𝗼𝗿𝘁𝗲𝗱(a)
x = 'sorted(a)'
def g(a: 'sorted(a)'): ...
";
    check(
        source,
        &[
            ("calls:sorted", &[1, 10, 12, 13]),
            ("calls:builtins.sorted", &[1, 10, 12, 13]),
            ("calls:.sort", &[2, 3, 6, 7]),
            ("calls:list.sort", &[7]),
            ("calls:a.sort", &[2, 6]),
            ("calls:sort", &[]),
        ],
    );
}

#[test]
fn imports_and_assignments_are_followed() {
    let source = "\
import os as o, os.path as p
o.system(a)
from os import system as s
s(a)
def f():
    import os
    run = os.system
    return lambda: run(a)
def g(s, o):
    s(a)
    o.system(a)
if (again := o.system)(a): ...
try:
    from os import system as t
except ImportError:
    t = None
t(a)
p.join(a)
[s(a) for s in s(a)]
class A:
    def s(self): s(a)
def h():
    global late
    late = o
late.system(a)
import builtins as b
b.sorted(a)
(print if a else s)(a)
";
    check(
        source,
        &[
            ("calls:os.system", &[2, 4, 8, 12, 17, 19, 21, 25, 28]),
            ("calls:os.path.join", &[18]),
            ("calls:sorted", &[27]),
            ("calls:posix.system", &[]),
        ],
    );
    check(
        "from os import *\nfrom os.path import *\nsystem(a)\ndef f(system): system(a)\njoin(a)",
        &[("calls:os.system", &[3]), ("calls:os.path.join", &[5])],
    );
}

#[test]
fn recursion_of_functions() {
    let source = "\
def direct(n):
    return n and direct(n - 1)

def even(n):
    return n == 0 or odd(n - 1)

def odd(n):
    return n != 0 and even(n - 1)

def plain(n):
    return direct(n) + odd(n)

fact = lambda n: 1 if n < 2 else n * fact(n - 1)

def outer(n):
    def inner(n):
        return outer(n)
    return inner(n)

def mapped(tree):
    return sum(map(mapped, tree))

def generated(tree):
    return sum(generated(part) for part in tree)

def inside(tree):
    return (lambda: inside(tree))()

def other():
    def same(n): return same(n)
    def again(n): return same(n)

def counted():
    counted.calls += 1
    print(counted.__name__, 'counted()')

def alias(n):
    return again(n)
again = alias

def shadowed(shadowed):
    return shadowed(1)

async def waits(n):
    await waits(n - 1)

@cache
def decorated(n): return decorated(n - 1)

def same(n): return 1
";
    check(
        source,
        &[
            ("recursion:direct", &[2]),
            ("recursion:even", &[5]),
            ("recursion:odd", &[8]),
            ("recursion:plain", &[]),
            ("recursion:fact", &[13]),
            ("recursion:outer", &[18]),
            ("recursion:inner", &[17]),
            ("recursion:outer.inner", &[17]),
            ("recursion:other.inner", &[]),
            ("recursion:mapped", &[21]),
            ("recursion:generated", &[24]),
            ("recursion:inside", &[27]),
            ("recursion:same", &[30]),
            ("recursion:counted", &[]),
            ("recursion:alias", &[38]),
            ("recursion:again", &[]),
            ("recursion:shadowed", &[]),
            ("recursion:waits", &[45]),
            ("recursion:decorated", &[48]),
            ("recursion:nobody", &[]),
            (
                "recursion:*",
                &[2, 5, 8, 13, 17, 18, 21, 24, 27, 30, 38, 45, 48],
            ),
        ],
    );
}

#[test]
fn recursion_of_methods() {
    let source = "\
class Base:
    def up(self): return self.up()
    def __init__(self): self.setup()
    def setup(self): ...

class Tree(Base):
    def __init__(self):
        super().__init__()
        self.parts = []
    def depth(me):
        return 1 + max(me.depth_of(part) for part in me.parts)
    def depth_of(self, part):
        return Tree.depth(part)
    @classmethod
    def make(cls, n): return cls.make(n - 1)
    @staticmethod
    def still(self): return self.still()
    def kind(self): return type(self).kind(self)
    def own(self): return self.__class__.own(self)
    def down(self): return super().up()
    def fresh(self): return Tree().fresh()
    def setup(self): Tree()
";
    check(
        source,
        &[
            ("recursion:up", &[2]),
            ("recursion:Base.up", &[2]),
            ("recursion:Tree.up", &[]),
            ("recursion:depth", &[11]),
            ("recursion:Tree.depth_of", &[13]),
            ("recursion:make", &[15]),
            ("recursion:kind", &[18]),
            ("recursion:own", &[19]),
            ("recursion:down", &[]),
            ("recursion:fresh", &[21]),
            ("recursion:__init__", &[]),
        ],
    );
    // Of an object of which nothing is known, a call may be one of the method.
    for python in pythons() {
        let source = "class Tree:\n  def depth(self): return self.left.depth()\n";
        assert_eq!(lines(python, "recursion:depth", source), [0_u32; 0]);
        assert!(is_there(python, "recursion:depth", source));
    }
}

#[test]
fn what_is_found_says_what_it_is() {
    let source = "\
import os as o
class Tree:
    def walk(self):
        def step(n): return self.walk()
        o.system(step(1))
";
    for python in pythons() {
        let hit = &found(python, source, &forbid("recursion:walk"))[0];
        assert_eq!(hit.function, "Tree.walk");
        assert_eq!(
            hit.finding,
            Finding::Recursion {
                function: "Tree.walk".to_owned(),
                through: Some("Tree.walk.<locals>.step".to_owned()),
            }
        );
        let hit = &found(python, source, &forbid("calls:os.system"))[0];
        assert_eq!(
            hit.finding,
            Finding::Call {
                name: "os.system".to_owned(),
                written: "o.system".to_owned(),
            }
        );
        assert_eq!(hit.subject, "calls:os.system");
        let missing = &found(python, "def f(): 1", &require("recursion:f"))[0];
        let construct = Construct::read("recursion:f").unwrap();
        let finding = Finding::Missing {
            construct,
            defined: true,
        };
        assert_eq!((&missing.finding, missing.spot), (&finding, None));
    }
}

#[test]
fn nesting_begins_anew_in_a_function() {
    let source = "\
if a:
    for b in c:
        d
    else:
        try: e
        except f:
            g
elif h:
    match i:
        case j:
            with k: l
elif m:
    if n: o
else:
    if p: q
    def r():
        while s:
            if t: u
class V:
    def w(self):
        for x in [y for y in z if y]: lambda: 1
";
    for python in pythons() {
        let deep = |source, most| {
            let rules = SyntaxRules {
                max_nesting: Some((RuleIndex(1), most)),
                ..SyntaxRules::default()
            };
            let found = found(python, source, &rules);
            let lines = found.iter().map(|found| found.spot.unwrap().line);
            lines.collect::<Vec<_>>()
        };
        assert_eq!(deep(source, 0), [1, 17, 21]);
        assert_eq!(deep(source, 1), [2, 9, 13, 15, 18]);
        assert_eq!(deep(source, 2), [5, 11]);
        assert_eq!(deep(source, 3), [0; 0]);
        // To the column, a form feed is a character; to the indentation it isn't.
        let source = "    \x0cif a: b\n    \x0celse:\n     if c: d\n";
        assert_eq!(deep(source, 1), [3]);
    }
}

#[test]
fn a_function_has_the_lines_from_def_to_its_end() {
    let source = "\
@decorator
def f(a,
      b):
    '''A text
    of lines.'''

    # a remark
    return a
def g(): pass
class H:
    async def i(self):
        return 1
";
    for python in pythons() {
        let long = |most| {
            let rules = SyntaxRules {
                max_function_lines: Some((RuleIndex(1), most)),
                ..SyntaxRules::default()
            };
            let found = found(python, source, &rules);
            let texts = found.iter().map(|found| match &found.finding {
                Finding::Length {
                    function, lines, ..
                } => format!("{function} {lines}"),
                other => panic!("{other:?}"),
            });
            texts.collect::<Vec<_>>()
        };
        assert_eq!(long(1), ["f 7", "H.i 2"]);
        assert_eq!(long(6), ["f 7"]);
        assert_eq!(long(7), [""; 0]);
    }
}

#[test]
fn what_python_cannot_parse_is_left_to_python() {
    let rules = forbid("while");
    let sources: &[&[u8]] = &[
        b"while 0: pass\nif",
        b"while 0: pass\n\0",
        b"while 0: pass\n\xff",
        b"# coding: hex\nwhile 0: pass",
        b"# coding: no-such-coding\nwhile 0: pass",
        b"\xef\xbb\xbf# coding: latin-1\nwhile 0: pass",
        b"  while 0: pass",
        &[b"while 0: pass\n".as_slice(), &b"(".repeat(100_000)].concat(),
        &[b"while 0: x = 1".as_slice(), &b"1".repeat(5_000)].concat(),
    ];
    for python in pythons() {
        for source in sources {
            let text = String::from_utf8_lossy(&source[..source.len().min(60)]).into_owned();
            assert_eq!(
                examined(python, source, &rules),
                Examined::Unparsed,
                "{text}"
            );
        }
    }
}

#[test]
fn what_hides_from_the_eye_does_not_hide_from_the_parser() {
    let sources: &[(&[u8], u32)] = &[
        (b"\xef\xbb\xbfx = 1\nwhile x: pass", 2),
        (b"x = 1\rwhile x: pass\r", 2),
        (b"x = 1\r\n\x0cwhile x: pass\r\n", 2),
        (b"if 1:\n\twhile 0: pass", 2),
        (b"x = 1; \\\nwhile 0: pass\n".as_slice(), 0),
        (b"# coding: latin-1\n\xe9 = 1\nwhile \xe9: pass", 3),
        (b"# coding: utf-7\n+AHcAaABpAGwAZQ- 0: pass", 2),
        (b"# coding: unicode_escape\n\\x77hile 0: pass", 2),
        (
            b"#!/usr/bin/python\n# vim: set fileencoding=utf-7 :\n#+AAo-while 0: pass",
            4,
        ),
    ];
    for python in pythons() {
        for (source, line) in sources {
            let text = String::from_utf8_lossy(source);
            let label = python.label();
            match examined(python, source, &forbid("while")) {
                Examined::Judged(found) => {
                    assert_eq!(found[0].spot.unwrap().line, *line, "{label} {text:?}");
                }
                other => assert_eq!(
                    (&other, *line),
                    (&Examined::Unparsed, 0),
                    "{label} {text:?}"
                ),
            }
        }
    }
}

#[test]
fn what_cannot_be_judged_is_never_judged_good() {
    let deep = |start: &str, more: &str| [start, &more.repeat(20_000)].concat();
    let sources = [
        deep("while 0: pass\na", ".b"),
        deep("while 0: pass\na", "()"),
        deep("while 0: pass\na", "+a"),
        deep("while 0: pass\n", "-") + "1",
        deep("while 0: pass\n", "not ") + "1",
        deep("while 0: pass\n", "lambda: ") + "1",
        deep("while 0: pass\nif a: b\n", "elif c: d\n"),
        "while 0: pass\nx = [".to_owned() + &"1,".repeat(1_000_000) + "]",
    ];
    for python in pythons() {
        for source in &sources {
            let start = &source[..40];
            let judged = match printed(python, source.as_bytes()) {
                Ok(printed) => examine(&printed, source.as_bytes(), &forbid("while")),
                Err(ParserError::Overwhelmed(why)) => Ok(Examined::Unjudged(why)),
                Err(other) => panic!("{}: {other}: {start}", python.label()),
            };
            match judged.unwrap() {
                Examined::Judged(found) => assert_eq!(found.len(), 1, "{start}"),
                Examined::Unparsed => panic!("{}: {start}", python.label()),
                Examined::Unjudged(why) => assert!(!why.is_empty()),
            }
        }
    }
}

#[test]
fn a_large_source_is_judged() {
    let source = "print(1, 2)\n".repeat(90_000) + &"# a remark\n".repeat(900_000) + "while 0: pass";
    assert!(source.len() > 10_000_000);
    for python in pythons() {
        assert_eq!(lines(python, "while", &source), [990_001]);
    }
}

#[test]
fn names_that_are_made_to_be_followed_for_ever_come_to_an_end() {
    let classes: String = (0..400)
        .map(|n| format!("class A{n}(A{}): f = A{n}.f\n", (n + 1) % 400))
        .collect();
    let sources = [
        "a = b\nb = a\na()\n".repeat(1000),
        (0..5000)
            .map(|n| format!("a{n} = a{}\n", n + 1))
            .collect::<String>()
            + "a0()\n",
        classes + &"A0().f()\n".repeat(5000),
        "from a import b as c\n".repeat(5000) + &"c.d()\n".repeat(5000),
        "def f(): f()\n".repeat(5000) + &"f()\n".repeat(5000),
        "x = y\n".repeat(50_000),
        "class A:\n".to_owned() + &" def f(self): self.g.f()\n".repeat(5000),
        format!("import {}", ["os as s"; 50_000].join(",")),
        "x = ".repeat(50_000) + "lambda: x()",
    ];
    for python in pythons() {
        for source in &sources {
            let rules = SyntaxRules {
                require: list("recursion:*"),
                ..forbid("calls:os.system")
            };
            let start = &source[..40];
            match examined(python, source.as_bytes(), &rules) {
                Examined::Judged(found) => assert!(found.len() <= 1, "{start}"),
                Examined::Unjudged(_) => {}
                Examined::Unparsed => panic!("{start}"),
            }
        }
    }
}

#[test]
fn so_many_findings_are_told() {
    for python in pythons() {
        let found = found(python, &"while 0: pass\n".repeat(1000), &forbid("loop"));
        assert_eq!(found.len(), 100);
        assert_eq!(found[99].spot.unwrap().line, 100);
    }
}

/// Lines as `dump.py` prints them, of nodes that need not fit together.
fn any_tree() -> impl Strategy<Value = String> {
    let kinds = sample::select(vec![
        "FunctionDef",
        "Lambda",
        "ClassDef",
        "If",
        "For",
        "With",
        "Try",
        "ExceptHandler",
        "Name",
        "Attribute",
        "Call",
        "keyword",
        "arg",
        "arguments",
        "alias",
        "Import",
        "ImportFrom",
        "ListComp",
        "comprehension",
        "Assign",
        "NamedExpr",
        "IfExp",
        "Global",
        "Nonlocal",
        "Module",
        "Tuple",
    ]);
    let fields = sample::select(vec![
        "body",
        "orelse",
        "func",
        "args",
        "value",
        "targets",
        "target",
        "bases",
        "generators",
        "iter",
        "names",
        "decorator_list",
        "test",
    ]);
    let values = sample::select(vec![
        "",
        "name=f",
        "name=*",
        "id=f ctx=Load",
        "id=f ctx=Store",
        "attr=f",
        "names=f,g",
        "arg=f",
        "name=f asname=g",
        "level=999 module=a.b",
        "id=super",
        "id=type",
    ]);
    let places = sample::select(vec![
        "0 0 0 0",
        "1 0 1 9",
        "2 4294967295 2 4294967295",
        "1 5 4294967295 0",
        "4294967295 0 4294967295 0",
    ]);
    let node = (1_usize..5, fields, kinds, places, values);
    proptest::collection::vec(node, 0..40).prop_map(|nodes| {
        let mut text = "0 - Module 0 0 0 0\n".to_owned();
        let mut depth = 0;
        for (wanted, field, kind, place, values) in &nodes {
            depth = (*wanted).min(depth + 1);
            text.push_str(&format!("{depth} {field} {kind} {place} {values}\n"));
        }
        text + &format!("tree {}\n", nodes.len() + 1)
    })
}

proptest! {
    #[test]
    fn any_tree_is_judged(printed in any_tree()) {
        let constructs: Vec<Construct> = WORDS
            .iter()
            .chain(&["recursion:*", "recursion:f.g", "calls:f", "calls:a.b.f", "calls:.f"])
            .filter_map(|text| Construct::read(text))
            .collect();
        let list = ConstructList { rule: RuleIndex(1), constructs };
        let rules = SyntaxRules {
            forbid: Some(list.clone()),
            require: Some(list),
            max_nesting: Some((RuleIndex(1), 0)),
            max_function_lines: Some((RuleIndex(1), 0)),
        };
        let judged = examine(printed.as_bytes(), b"elif a\n\nelif", &rules);
        prop_assert!(matches!(judged, Ok(Examined::Judged(_))), "{judged:?}");
    }
}
