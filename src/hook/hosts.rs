//! The network: which hosts the guest connects to, listens at and looks up.
//!
//! The functions of `_socket` are guarded, as their events come too late: when one tells of a
//! connection, the name has been looked up already, and a look-up is a message by itself. A host
//! that the policy names may be looked up, and its addresses are remembered natively: clients
//! look up first and connect to an address then.
//!
//! Text for a host reaches the C library as bytes, never through the codec that `_socket` would
//! use: a guest can replace that.

use std::collections::HashMap;
use std::net::IpAddr;
use std::path::PathBuf;
use std::ptr;
use std::sync::{Mutex, MutexGuard};

use pyo3::ffi::PyObject;

use super::endpoints::{self, Host, Target};
use super::ffi::method::{Call, Original};
use super::ffi::object::{self, Owned, Ref};
use super::ffi::{descriptors, process, sockets};
use super::files::{self, How, Named};
use super::latch::{self, Deed, Flow};
use super::state::Hook;
use super::{imports, paths, stack};
use crate::protocol::record::{Event, EventKind, ViolationKind};
use crate::rules::pattern::PatternError;
use crate::rules::resources::{HostJudge, NetworkRules};
use crate::rules::{Action, RuleIndex, Scope};

/// Where the C library sends lines of the system's log.
const SYSTEM_LOG: &str = "/dev/log";

/// `SOCK_PACKET` of linux/net.h: an older way to raw packets.
const SOCK_PACKET: i32 = 10;

/// The `[network]` section, ready to be asked.
#[derive(Debug)]
pub struct Hosts {
    connect: Option<HostJudge>,
    bind: Option<HostJudge>,
    action: Action,
    /// The names that an address was the answer to.
    answers: Mutex<HashMap<IpAddr, Vec<String>>>,
}

/// What a socket is about to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Connect,
    Bind,
}

impl Hosts {
    /// From the policy.
    ///
    /// # Errors
    /// A glob doesn't compile, which the supervisor should have found.
    pub fn new(rules: &NetworkRules) -> Result<Hosts, PatternError> {
        let judge = |list: &Option<_>| list.as_ref().map(HostJudge::new).transpose();
        Ok(Hosts {
            connect: judge(&rules.connect)?,
            bind: judge(&rules.bind)?,
            action: rules.action.action(),
            answers: Mutex::default(),
        })
    }

    /// A list, whichever, that closes what is neither a connection nor a socket that listens.
    fn any_list(&self) -> Option<RuleIndex> {
        self.connect
            .as_ref()
            .or(self.bind.as_ref())
            .map(|list| list.rule)
    }

    fn refusing(&self, way: Way, target: &Target) -> Option<RuleIndex> {
        let list = match way {
            Way::Connect => self.connect.as_ref(),
            Way::Bind => self.bind.as_ref(),
        }?;
        let covered = match target {
            Target::Host(host, port) => {
                let named = host
                    .texts()
                    .iter()
                    .any(|text| list.covers_host(text, *port));
                let looked_up = || match host {
                    Host::Address(address) => self.answers().get(address).is_some_and(|names| {
                        names.iter().any(|name| list.covers_host(name, *port))
                    }),
                    Host::Name(_) => false,
                };
                named || looked_up()
            }
            Target::Socket(_, resolved) => resolved
                .as_deref()
                .is_some_and(|path| list.covers_socket(path)),
            Target::Abstract(name) => list.covers_abstract(name),
            Target::Unreadable => list.covers_all(),
            Target::Other(_) => false,
        };
        (!covered).then_some(list.rule)
    }

    /// May a host be asked about? One that the guest may connect to, or listen as.
    fn refusing_question(&self, host: Option<&Host>) -> Option<RuleIndex> {
        let connect = self.connect.as_ref()?;
        let lists = || self.connect.iter().chain(&self.bind);
        let covered = match host {
            Some(host) => {
                lists().any(|list| host.texts().iter().any(|text| list.covers_host(text, None)))
            }
            None => lists().any(HostJudge::covers_all),
        };
        // A server asks what its own machine is called.
        let is_own = || {
            let listens = self.bind.as_ref().is_some_and(|list| !list.is_empty());
            let own = rustix::system::uname();
            let own = own.nodename().to_string_lossy().to_ascii_lowercase();
            listens && host.is_some_and(|host| *host == Host::Name(own))
        };
        (!covered && !is_own()).then_some(connect.rule)
    }

    fn answers(&self) -> MutexGuard<'_, HashMap<IpAddr, Vec<String>>> {
        self.answers
            .try_lock()
            .unwrap_or_else(|_| process::abandon("the answers were entered twice"))
    }

    fn remember(&self, name: &str, address: &str) {
        let Ok(address) = address.parse::<IpAddr>() else {
            return;
        };
        let mut answers = self.answers();
        let names = answers.entry(address.to_canonical()).or_default();
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
}

/// Is there anything to judge or to record?
pub fn concern(hook: &Hook) -> bool {
    hook.hosts.any_list().is_some() || hook.rulebook.rules.audit.record.network
}

/// What a call of `_socket` does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostCall {
    /// `connect` and `connect_ex`.
    Connect,
    /// `bind`.
    Bind,
    /// `listen`, which binds a socket that isn't.
    Listen,
    /// `sendto`.
    SendTo,
    /// `sendmsg`.
    SendMessage,
    /// `getaddrinfo`: an answer is a list of addresses.
    AddressInfo,
    /// `gethostbyname` and `gethostbyname_ex`.
    ByName,
    /// `gethostbyaddr`: asks for the name of an address, too.
    ByAddress,
    /// `getnameinfo`.
    NameInfo,
}

/// Judges a call, and makes it if nothing stands against it.
pub fn perform(
    kind: HostCall,
    hook: &'static Hook,
    original: &Original,
    call: &Call,
) -> *mut PyObject {
    let socket = |way, address: Option<Ref<'_>>| match (call.this(), address) {
        (Some(socket), Some(address)) => {
            let (_, family) = sockets::descriptor_and_family(socket);
            judge(hook, way, &Target::read(family, address))
        }
        _ => Flow::Continue, // CPython says what is wrong with it
    };
    let flow = match kind {
        HostCall::Connect => socket(Way::Connect, call.single()),
        HostCall::Bind => socket(Way::Bind, call.single()),
        HostCall::Listen => listen(hook, call),
        HostCall::SendTo => {
            let address = call.positional(2).or_else(|| call.positional(1));
            socket(Way::Connect, address)
        }
        HostCall::SendMessage => {
            let address = call.positional(3).filter(|address| !address.is_none());
            socket(Way::Connect, address)
        }
        HostCall::NameInfo => name_info(hook, call),
        HostCall::AddressInfo | HostCall::ByName | HostCall::ByAddress => {
            return look_up(kind, hook, original, call);
        }
    };
    match flow {
        Flow::Raise => ptr::null_mut(),
        Flow::Continue => original.call(call),
    }
}

/// A socket that was never bound is bound by listening: at every address, at any port.
fn listen(hook: &'static Hook, call: &Call) -> Flow {
    let Some((descriptor, family)) = call.this().map(sockets::descriptor_and_family) else {
        return Flow::Continue;
    };
    let any = match family {
        libc::AF_INET => "0.0.0.0",
        libc::AF_INET6 => "::",
        _ => return Flow::Continue,
    };
    let bound = descriptors::with_borrowed(descriptor, |socket| {
        let address = rustix::net::getsockname(socket).ok()?;
        std::net::SocketAddr::try_from(address).ok()
    });
    match bound {
        Some(address) if address.port() == 0 => {
            judge(hook, Way::Bind, &Target::Host(Host::read(any), Some(0)))
        }
        _ => Flow::Continue,
    }
}

fn judge(hook: &'static Hook, way: Way, target: &Target) -> Flow {
    let subject = target.text();
    if let Some(rule) = hook.hosts.refusing(way, target) {
        let resolved = match target {
            Target::Socket(_, Some(path)) => format!("unix:{}", path.display()),
            _ => subject.clone(),
        };
        return refuse(hook, &subject, &resolved, rule);
    }
    record(hook, &subject);
    match target {
        // A socket that listens is a file, too.
        Target::Socket(path, _) if way == Way::Bind && files::concern(hook) => {
            files::using(hook, How::Entry, &Named::Path(path.clone()), None)
        }
        _ => Flow::Continue,
    }
}

fn refuse(hook: &'static Hook, subject: &str, canonical: &str, rule: RuleIndex) -> Flow {
    let deed = Deed {
        kind: ViolationKind::Network,
        subject,
        canonical,
        rule,
        from: stack::innermost(),
    };
    match hook.hosts.action {
        Action::Refuse => latch::refuse(hook, deed),
        _ => latch::deny(hook, deed),
    }
}

fn record(hook: &Hook, subject: &str) {
    let audit = hook.rulebook.rules.audit;
    if !audit.record.network || (audit.scope == Scope::Guest && imports::is_machinery()) {
        return;
    }
    let subject = hook.name(subject.as_bytes());
    hook.report(Event {
        kind: EventKind::Network,
        decision: Action::Allow,
        rule: None,
        time: hook.now(),
        subject,
        canonical: subject,
        place: stack::reported_place(hook, stack::innermost()),
    });
}

/// `getaddrinfo(host, port, …)`, `gethostbyname(host)` and kin.
fn look_up(kind: HostCall, hook: &'static Hook, original: &Original, call: &Call) -> *mut PyObject {
    let Some(given) = call.positional(0) else {
        // By keyword, or not at all; `socket.getaddrinfo` gives it by position.
        let by_keyword = call.keyword("host").filter(|host| !host.is_none());
        if by_keyword.is_some() && question(hook, None, "a host given by keyword") == Flow::Raise {
            return ptr::null_mut();
        }
        return original.call(call);
    };
    if given.is_none() {
        return original.call(call); // this machine itself
    }
    let Some(text) = endpoints::host_text(given) else {
        return match question(hook, None, "a host that can't be read") {
            Flow::Raise => ptr::null_mut(),
            Flow::Continue => original.call(call),
        };
    };
    let host = Host::read(&text);
    // Nobody is asked about a number, unless for its name.
    let asks = matches!(host, Host::Name(_)) || kind == HostCall::ByAddress;
    let is_any = matches!(host, Host::Address(address) if address.is_unspecified());
    if asks && !is_any && question(hook, Some(&host), &host.text()) == Flow::Raise {
        return ptr::null_mut();
    }
    let Some(bytes) = Owned::bytes(text.as_bytes()) else {
        return ptr::null_mut();
    };
    let result = original.call_with_first(call, bytes.get());
    if let Host::Name(name) = &host {
        object::with_result(result, |answer| {
            for address in addresses(answer) {
                hook.hosts.remember(name, address);
            }
        });
    }
    result
}

/// The addresses in an answer: a text, `(name, aliases, addresses)`, or a list of
/// `(family, type, protocol, name, (address, port, …))`.
fn addresses(answer: Ref<'_>) -> Vec<&str> {
    let text = answer.text();
    let by_name = answer.items().nth(2).into_iter().flat_map(Ref::list_items);
    let infos = answer
        .list_items()
        .filter_map(|info| info.items().nth(4)?.items().next());
    text.into_iter()
        .chain(by_name.chain(infos).filter_map(Ref::text))
        .collect()
}

/// `getnameinfo((address, port, …), flags)`.
fn name_info(hook: &'static Hook, call: &Call) -> Flow {
    let flags = call.positional(1).and_then(Ref::number).unwrap_or(0);
    if flags & i64::from(libc::NI_NUMERICHOST) != 0 {
        return Flow::Continue;
    }
    let address = call
        .positional(0)
        .and_then(|address| address.items().next());
    match address.and_then(endpoints::host_text) {
        Some(text) => {
            let host = Host::read(&text);
            question(hook, Some(&host), &host.text())
        }
        None => question(hook, None, "a host that can't be read"),
    }
}

/// Somebody is about to be asked about a host.
fn question(hook: &'static Hook, host: Option<&Host>, subject: &str) -> Flow {
    match hook.hosts.refusing_question(host) {
        Some(rule) => refuse(hook, subject, subject, rule),
        None => {
            record(hook, subject);
            Flow::Continue
        }
    }
}

/// Audit events about the network: what the guards don't see.
pub fn heard(hook: &'static Hook, event: &[u8], arguments: Ref<'_>) -> Flow {
    let Some(rule) = hook.hosts.any_list() else {
        return Flow::Continue;
    };
    let number = |index| arguments.items().nth(index).and_then(Ref::number);
    let close = |subject: &str| refuse(hook, subject, subject, rule);
    match event {
        b"socket.__new__" => match (number(1), number(2)) {
            (Some(family), Some(kind)) => match uncovered(family, kind) {
                Some(subject) => close(&subject),
                None => Flow::Continue,
            },
            _ => Flow::Continue, // not of numbers: CPython refuses it by itself
        },
        b"socket.sethostname" => close("socket.sethostname"),
        b"syslog.openlog" | b"syslog.syslog" => {
            let path = PathBuf::from(SYSTEM_LOG);
            let resolved = paths::resolve(&path);
            judge(hook, Way::Connect, &Target::Socket(path, resolved))
        }
        _ => Flow::Continue,
    }
}

/// A socket that no endpoint of a policy could be about: of another family (-1 stands for that
/// of a descriptor which is open), or one that makes its own packets.
fn uncovered(family: i64, kind: i64) -> Option<String> {
    let family = i32::try_from(family).unwrap_or(0);
    if ![-1, libc::AF_UNIX, libc::AF_INET, libc::AF_INET6].contains(&family) {
        return Some(format!("socket.{}", endpoints::family_name(family)));
    }
    let flags = i64::from(libc::SOCK_NONBLOCK | libc::SOCK_CLOEXEC);
    let kind = kind & !flags;
    let is_raw = [libc::SOCK_RAW, libc::SOCK_RDM, SOCK_PACKET]
        .iter()
        .any(|raw| i64::from(*raw) == kind);
    is_raw.then(|| "socket.SOCK_RAW".to_owned())
}
