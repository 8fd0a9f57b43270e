//! Parameters of C functions and classes, by name and position.
//!
//! CPython keeps a signature as text at the head of a C function's documentation,
//! `name($self, a, /, b=1)\n--\n\n`, which `__text_signature__` shows and no guest can change.
//! Some functions that policies speak of have none; [`KNOWN`] says it for them. Of a function
//! that takes different parameters by how many there are (`range`, `max`) nothing is said: its
//! arguments can't be told apart, and so no condition on one is ever met.

/// How an argument may be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// By position.
    Positional,
    /// Either way.
    Either,
    /// By keyword.
    Keyword,
    /// `*args`: what is left of the positional ones.
    Rest,
    /// `**kwargs`: what is left of the keywords.
    Keywords,
}

/// A default that the signature states as a literal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal {
    /// `None`.
    None,
    /// A text without escapes.
    Text(String),
    /// A number that fits.
    Integer(i64),
    /// `True` or `False`.
    Boolean(bool),
}

/// One parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// How its argument may be given.
    pub kind: Kind,
    /// What it is when it isn't given, as far as that is known.
    pub default: Option<Literal>,
}

/// The parameters of one function, without its `self`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parameters(Vec<Parameter>);

/// Signatures of functions and classes whose documentation has none on some version, as
/// their parsing has it (Python/bltinmodule.c, Modules/socketmodule.c and so on). `=?` is a
/// default that no literal tells.
const KNOWN: &[(&str, &str)] = &[
    ("builtins.bool", "object=False, /"),
    ("builtins.bytearray", "source=?, encoding=?, errors=?"),
    ("builtins.bytes", "source=?, encoding=?, errors=?"),
    ("builtins.dir", "object=?, /"),
    ("builtins.filter", "function, iterable, /"),
    ("builtins.getattr", "object, name, default=?, /"),
    ("builtins.int", "x=0, /, base=10"),
    ("builtins.iter", "object, sentinel=?, /"),
    ("builtins.next", "iterator, default=?, /"),
    (
        "builtins.str",
        "object='', encoding='utf-8', errors='strict'",
    ),
    ("builtins.vars", "object=?, /"),
    ("_ctypes.dlopen", "name, flag=?, /"),
    ("_ctypes.dlsym", "handle, name, /"),
    (
        "_socket.getaddrinfo",
        "host, port, family=0, type=0, proto=0, flags=0",
    ),
    ("_socket.gethostbyaddr", "host, /"),
    ("_socket.gethostbyname", "host, /"),
    ("_socket.gethostbyname_ex", "host, /"),
    ("_socket.getnameinfo", "sockaddr, flags, /"),
    ("_socket.getservbyname", "servicename, protocolname=?, /"),
    ("_socket.getservbyport", "port, protocolname=?, /"),
    ("_socket.sethostname", "name, /"),
    (
        "_socket.socket",
        "family=-1, type=-1, proto=-1, fileno=None",
    ),
    ("_socket.socket.listen", "backlog=?, /"),
    ("_socket.socket.setblocking", "flag, /"),
    ("_socket.socket.settimeout", "timeout, /"),
    ("_thread.start_new_thread", "function, args, kwargs=?, /"),
    (
        "mmap.mmap",
        "fileno, length, flags=1, prot=3, access=0, offset=0, *, trackfd=True",
    ),
];

impl Parameters {
    /// Those of a C function or class by its dotted name and its documentation.
    pub fn of(canonical: &str, documentation: &str) -> Option<Parameters> {
        let name = canonical.rsplit('.').next().unwrap_or(canonical);
        let documented = documentation
            .strip_prefix(name)
            .and_then(|rest| rest.strip_prefix('('))
            .and_then(|rest| rest.split_once(")\n--\n\n"));
        let signature = match documented {
            Some((signature, _)) => signature,
            None => KNOWN.iter().find(|(known, _)| *known == canonical)?.1,
        };
        Parameters::parse(signature)
    }

    /// Reads what stands between the parentheses; `None` for what isn't understood.
    fn parse(signature: &str) -> Option<Parameters> {
        let mut parameters: Vec<Parameter> = Vec::new();
        let mut kind = Kind::Either;
        for part in parts(signature)? {
            match part {
                "/" => {
                    for parameter in &mut parameters {
                        parameter.kind = Kind::Positional;
                    }
                    continue;
                }
                "*" => {
                    kind = Kind::Keyword;
                    continue;
                }
                _ => {}
            }
            let (name, default) = match part.split_once('=') {
                Some((name, default)) => (name.trim(), literal(default.trim())),
                None => (part, None),
            };
            let own = if let Some(name) = name.strip_prefix("**") {
                (name, Kind::Keywords)
            } else if let Some(name) = name.strip_prefix('*') {
                kind = Kind::Keyword;
                (name, Kind::Rest)
            } else if name.starts_with('$') {
                continue; // `$self`, `$module`, `$type`: passed apart from the others
            } else {
                (name, kind)
            };
            let is_name = |name: &str| {
                !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_')
            };
            if !is_name(own.0) {
                return None;
            }
            parameters.push(Parameter {
                name: own.0.to_owned(),
                kind: own.1,
                default,
            });
        }
        Some(Parameters(parameters))
    }

    /// A parameter and its position among the positional ones.
    pub fn find(&self, name: &str) -> Option<(usize, &Parameter)> {
        self.0
            .iter()
            .enumerate()
            .find(|(_, parameter)| parameter.name == name)
            .filter(|(_, parameter)| !matches!(parameter.kind, Kind::Rest | Kind::Keywords))
    }

    /// Does it take keywords that it doesn't name?
    pub fn takes_any_keyword(&self) -> bool {
        self.0
            .iter()
            .any(|parameter| parameter.kind == Kind::Keywords)
    }
}

/// The parts between commas, those within quotes and brackets aside. `None` for optional
/// groups (`[, x]`), in which a position means different things.
fn parts(signature: &str) -> Option<Vec<&str>> {
    let mut parts = Vec::new();
    let (mut start, mut depth, mut quote) = (0, 0_usize, None);
    let mut previous = ' ';
    for (at, c) in signature.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open && previous != '\\' => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '[') if previous != '=' => return None,
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth = depth.checked_sub(1)?,
            (None, ',') if depth == 0 => {
                parts.push(signature[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
        previous = c;
    }
    if quote.is_some() || depth != 0 {
        return None;
    }
    let last = signature[start..].trim();
    if !last.is_empty() {
        parts.push(last);
    }
    Some(parts)
}

fn literal(text: &str) -> Option<Literal> {
    match text {
        "None" => return Some(Literal::None),
        "True" => return Some(Literal::Boolean(true)),
        "False" => return Some(Literal::Boolean(false)),
        _ => {}
    }
    if let Ok(number) = text.parse() {
        return Some(Literal::Integer(number));
    }
    ['\'', '"'].iter().find_map(|quote| {
        let inner = text.strip_prefix(*quote)?.strip_suffix(*quote)?;
        (!inner.contains(['\\', *quote])).then(|| Literal::Text(inner.to_owned()))
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parameter(signature: &str, name: &str) -> Option<(usize, Kind, Option<Literal>)> {
        let parameters = Parameters::parse(signature)?;
        let (position, parameter) = parameters.find(name)?;
        Some((position, parameter.kind, parameter.default.clone()))
    }

    #[test]
    fn signatures_are_read_as_cpython_writes_them() {
        let open = "$module, /, file, mode='r', buffering=-1, *, closefd=True, opener=None";
        for (name, expected) in [
            ("file", Some((0, Kind::Either, None))),
            (
                "mode",
                Some((1, Kind::Either, Some(Literal::Text("r".into())))),
            ),
            (
                "buffering",
                Some((2, Kind::Either, Some(Literal::Integer(-1)))),
            ),
            (
                "closefd",
                Some((3, Kind::Keyword, Some(Literal::Boolean(true)))),
            ),
            ("opener", Some((4, Kind::Keyword, Some(Literal::None)))),
            ("module", None),
            ("encoding", None),
        ] {
            assert_eq!(parameter(open, name), expected, "{name}");
        }
        let print = "*args, sep=' ', end='\\n', file=None, flush=False";
        assert_eq!(parameter(print, "args"), None);
        let sep = Some(Literal::Text(" ".into()));
        assert_eq!(parameter(print, "sep"), Some((1, Kind::Keyword, sep)));
        assert_eq!(parameter(print, "end"), Some((2, Kind::Keyword, None)));
        assert_eq!(
            parameter("$self, a, b=<unrepresentable>, /", "b"),
            Some((1, Kind::Positional, None))
        );
        assert_eq!(parameter("x, y=(1, 2), z=3", "z").unwrap().0, 2);
        assert_eq!(parameter("x[, y]", "x"), None);
    }

    #[test]
    fn documentation_without_a_signature_has_none() {
        for documentation in ["", "open(file)", "opened(file)\n--\n\n", "other(x)\n--\n\n"] {
            assert_eq!(Parameters::of("io.open", documentation), None);
        }
        let documented = Parameters::of("io.open", "open($module, /, file)\n--\n\nOpens.");
        assert!(documented.unwrap().find("file").is_some());
        for (canonical, signature) in KNOWN {
            assert!(Parameters::parse(signature).is_some(), "{canonical}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,80}") {
            let _ = Parameters::of("f", &format!("f({text})\n--\n\n"));
        }
    }
}
