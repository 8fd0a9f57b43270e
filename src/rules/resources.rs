//! Files and hosts: the `[files]` and `[network]` sections.
//!
//! A section's list closes the rest of its kind. The same lists will bound the jail, so their
//! patterns are told apart once, here, and a path is judged as the kernel resolves it.

use std::net::IpAddr;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::pattern::{FileMatcher, PatternError};
use super::{Action, RuleIndex};

/// A list of `[files]`: what may be read, or written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathList {
    /// `files.read` or `files.write` in the table.
    pub rule: RuleIndex,
    /// Globs on absolute paths; `dir/**` includes `dir` itself.
    pub globs: Vec<String>,
}

/// The `[files]` section. What a list leaves out is denied; without a list, nothing is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRules {
    /// What may be read, besides the interpreter, the libraries and the script.
    pub read: Option<PathList>,
    /// What may be written, made, renamed, removed.
    pub write: Option<PathList>,
    /// `Refuse` or `Deny`, for what the lists leave out.
    pub action: Outside,
}

/// What happens to what a section's lists leave out (`action`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outside {
    /// It is a violation.
    #[default]
    Deny,
    /// The guest gets an exception that it may catch.
    Refuse,
}

impl Outside {
    /// As an action.
    pub fn action(self) -> Action {
        match self {
            Outside::Deny => Action::Deny,
            Outside::Refuse => Action::Refuse,
        }
    }
}

/// A list of `[network]`: where the guest may connect to, or listen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostList {
    /// `network.connect` or `network.bind` in the table.
    pub rule: RuleIndex,
    /// Endpoints.
    pub endpoints: Vec<Endpoint>,
}

/// The `[network]` section. What a list leaves out is denied; without a list, nothing is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkRules {
    /// Where the guest may connect to, and whose names it may look up.
    pub connect: Option<HostList>,
    /// Where it may listen.
    pub bind: Option<HostList>,
    /// `Refuse` or `Deny`, for what the lists leave out.
    pub action: Outside,
}

/// An endpoint that a policy names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Endpoint {
    /// `host:port`.
    Host {
        /// A name, an address, or `*`, `*.example.org`; lower case, no brackets.
        host: String,
        /// `None` is `*`: every port.
        port: Option<u16>,
    },
    /// `unix:PATH`: a glob on the absolute path of a socket; `unix:@NAME` is abstract.
    Unix(String),
}

impl Endpoint {
    /// Does this endpoint cover a host and port? `host` is a name as the guest wrote it, or an
    /// address.
    pub fn covers(&self, name: &str, wanted: Option<u16>) -> bool {
        let Endpoint::Host { host, port } = self else {
            return false;
        };
        (port.is_none() || wanted.is_none() || *port == wanted) && same_host(host, name)
    }
}

/// Names are the same whatever their case and a final dot; addresses whatever their notation.
fn same_host(pattern: &str, name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    if let (Ok(one), Ok(other)) = (pattern.parse::<IpAddr>(), name.parse::<IpAddr>()) {
        return one.to_canonical() == other.to_canonical();
    }
    match pattern.strip_prefix('*') {
        Some("") => true,
        Some(suffix) => name.len() > suffix.len() && name.ends_with(suffix),
        None => pattern == name,
    }
}

/// A host list, ready to be asked.
#[derive(Clone, Debug)]
pub struct HostJudge {
    /// The list's entry in the table.
    pub rule: RuleIndex,
    endpoints: Vec<Endpoint>,
    sockets: FileMatcher,
    abstracts: Vec<regex::Regex>,
}

impl HostJudge {
    /// Compiles a list.
    ///
    /// # Errors
    /// [`PatternError`].
    pub fn new(list: &HostList) -> Result<HostJudge, PatternError> {
        let unix = |endpoint: &'_ Endpoint| match endpoint {
            Endpoint::Unix(text) => Some(text.clone()),
            Endpoint::Host { .. } => None,
        };
        let (abstracts, paths): (Vec<String>, Vec<String>) = list
            .endpoints
            .iter()
            .filter_map(unix)
            .partition(|text| text.starts_with('@'));
        Ok(HostJudge {
            rule: list.rule,
            endpoints: list.endpoints.clone(),
            sockets: FileMatcher::new(with_settled(&paths).iter().map(String::as_str))?,
            abstracts: abstracts
                .iter()
                .map(|name| super::arguments::text_glob(name))
                .collect::<Result<_, _>>()?,
        })
    }

    /// Is the list empty?
    pub fn is_empty(&self) -> bool {
        self.endpoints.is_empty()
    }

    /// Is a host, at a port or at any, in the list?
    pub fn covers_host(&self, name: &str, port: Option<u16>) -> bool {
        self.endpoints
            .iter()
            .any(|endpoint| endpoint.covers(name, port))
    }

    /// Is every host in the list?
    pub fn covers_all(&self) -> bool {
        self.endpoints
            .iter()
            .any(|endpoint| matches!(endpoint, Endpoint::Host { host, port: None } if host == "*"))
    }

    /// Is a socket in the file system, by its resolved path, in the list?
    pub fn covers_socket(&self, path: &Path) -> bool {
        self.sockets.is_match(path)
    }

    /// Is an abstract name, with `@` before it, in the list?
    pub fn covers_abstract(&self, name: &str) -> bool {
        self.abstracts.iter().any(|glob| glob.is_match(name))
    }
}

/// A path list, ready to be asked.
#[derive(Clone, Debug)]
pub struct PathJudge {
    /// The list's entry in the table.
    pub rule: RuleIndex,
    globs: FileMatcher,
}

impl PathJudge {
    /// Compiles a list.
    ///
    /// # Errors
    /// [`PatternError`].
    pub fn new(list: &PathList) -> Result<PathJudge, PatternError> {
        let globs = with_settled(&list.globs);
        let folders = globs.iter().filter_map(|glob| glob.strip_suffix("/**"));
        let all = globs.iter().map(String::as_str).chain(folders);
        Ok(PathJudge {
            rule: list.rule,
            globs: FileMatcher::new(all.filter(|glob| !glob.is_empty()))?,
        })
    }

    /// Is a resolved absolute path in the list?
    pub fn covers(&self, path: &Path) -> bool {
        self.globs.is_match(path)
    }
}

/// Globs, and what they become with the links in their literal beginnings followed: `/run/**`
/// besides `/var/run/**`. Asked before the guest runs, so that it can't change what they mean.
fn with_settled(globs: &[String]) -> Vec<String> {
    let settled = globs.iter().filter_map(|glob| settled(glob));
    globs.iter().cloned().chain(settled).collect()
}

fn settled(glob: &str) -> Option<String> {
    let special = glob.find(['*', '?', '[', '{', '\\']);
    let literal = match special {
        Some(at) => &glob[..glob[..at].rfind('/')?],
        None => glob,
    };
    let (known, resolved) = Path::new(literal)
        .ancestors()
        .find_map(|ancestor| Some((ancestor, ancestor.canonicalize().ok()?)))?;
    let rest = Path::new(literal).strip_prefix(known).ok()?;
    let resolved = match rest.as_os_str().is_empty() {
        true => resolved,
        false => resolved.join(rest),
    };
    let resolved = resolved.to_str()?;
    (resolved != literal).then(|| globset::escape(resolved) + &glob[literal.len()..])
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn globs_are_settled_by_their_literal_beginning() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        std::fs::create_dir(root.join("real")).unwrap();
        std::os::unix::fs::symlink("real", root.join("link")).unwrap();
        let root = root.to_str().unwrap();
        for (glob, expected) in [
            ("link/**", Some("real/**")),
            ("link/a*/b", Some("real/a*/b")),
            ("link", Some("real")),
            ("link/new", Some("real/new")),
            ("l*/x", None),
            ("real/**", None),
        ] {
            let settled = settled(&format!("{root}/{glob}"));
            let expected = expected.map(|glob| format!("{root}/{glob}"));
            assert_eq!(settled, expected, "{glob}");
        }
    }

    fn host(host: &str, port: Option<u16>) -> Endpoint {
        let host = host.to_owned();
        Endpoint::Host { host, port }
    }

    fn judge(endpoints: Vec<Endpoint>) -> HostJudge {
        let rule = RuleIndex(1);
        HostJudge::new(&HostList { rule, endpoints }).unwrap()
    }

    #[test]
    fn hosts_are_covered_by_name_and_port() {
        let list = judge(vec![host("example.org", Some(443)), host("*.test", None)]);
        for (name, port, expected) in [
            ("example.org", Some(443), true),
            ("EXAMPLE.ORG.", Some(443), true),
            ("example.org", Some(80), false),
            ("example.org", None, true),
            ("www.example.org", Some(443), false),
            ("a.test", Some(1), true),
            (".test", Some(1), false),
            ("test", Some(1), false),
        ] {
            assert_eq!(list.covers_host(name, port), expected, "{name}:{port:?}");
        }
        assert!(!list.covers_all());
        assert!(judge(vec![host("*", None)]).covers_all());
    }

    #[test]
    fn addresses_are_the_same_in_every_notation() {
        let list = judge(vec![host("::1", Some(80)), host("127.0.0.1", None)]);
        assert!(list.covers_host("0:0:0:0:0:0:0:1", Some(80)));
        assert!(list.covers_host("::ffff:127.0.0.1", Some(80)));
        assert!(!list.covers_host("127.0.0.2", Some(80)));
    }

    #[test]
    fn unix_sockets_are_paths_or_abstract_names() {
        let list = judge(vec![
            Endpoint::Unix("/run/*.sock".to_owned()),
            Endpoint::Unix("@app-*".to_owned()),
        ]);
        assert!(list.covers_socket(Path::new("/run/x.sock")));
        assert!(!list.covers_socket(Path::new("/run/deep/x.sock")));
        assert!(list.covers_abstract("@app-1"));
        assert!(!list.covers_abstract("@other/@app-1"));
        assert!(!list.covers_socket(Path::new("@app-1")));
    }
}
