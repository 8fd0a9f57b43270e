//! What a socket's address means: a host and port, a socket in the file system, or neither.
//!
//! An address is read as `_socket` will read it, from exact builtin objects only. Numbers are
//! recognised in all the notations that the C library takes, so that none of them passes for a
//! name.

use std::ffi::OsStr;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use super::ffi::object::Ref;
use super::paths;

/// Where a socket is to be connected, or bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A host, and the port if one is named.
    Host(Host, Option<u16>),
    /// A socket in the file system: as it is written, and where that leads.
    Socket(PathBuf, Option<PathBuf>),
    /// A name in Linux's own space of names; `@` stands for the NUL before it.
    Abstract(String),
    /// An address that can't be read without asking its class, or a codec: it could be any.
    Unreadable,
    /// What is neither of these, in words.
    Other(String),
}

/// A host as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Host {
    /// A number.
    Address(IpAddr),
    /// A name, in lower case and without a final dot.
    Name(String),
}

impl Host {
    /// Reads a host's text as `_socket` and the C library do.
    pub fn read(text: &str) -> Host {
        match text {
            "" => return Host::Address(Ipv4Addr::UNSPECIFIED.into()),
            "<broadcast>" => return Host::Address(Ipv4Addr::BROADCAST.into()),
            _ => {}
        }
        if let Some(address) = short_ipv4(text) {
            return Host::Address(address.into());
        }
        let without_zone = text.split_once('%').map_or(text, |(address, _)| address);
        match without_zone.parse::<Ipv6Addr>() {
            Ok(address) => Host::Address(IpAddr::V6(address).to_canonical()),
            Err(_) => Host::Name(text.trim_end_matches('.').to_ascii_lowercase()),
        }
    }

    /// The text that policies have for it.
    pub fn text(&self) -> String {
        match self {
            Host::Address(address) => address.to_string(),
            Host::Name(name) => name.clone(),
        }
    }

    /// The texts by which a policy may know it: `localhost` is the machine's own addresses.
    pub fn texts(&self) -> Vec<String> {
        let more = match self {
            Host::Name(name) if name == "localhost" => &["127.0.0.1", "::1"][..],
            Host::Address(IpAddr::V4(Ipv4Addr::LOCALHOST))
            | Host::Address(IpAddr::V6(Ipv6Addr::LOCALHOST)) => &["localhost"],
            _ => &[],
        };
        let more = more.iter().map(|text| (*text).to_owned());
        std::iter::once(self.text()).chain(more).collect()
    }
}

/// `127.1`, `0x7f.1`, `2130706433`: what `inet_aton` takes.
fn short_ipv4(text: &str) -> Option<Ipv4Addr> {
    let number = |part: &str| {
        let (digits, radix) = match part.strip_prefix("0x").or(part.strip_prefix("0X")) {
            Some(digits) => (digits, 16),
            None if part.len() > 1 && part.starts_with('0') => (&part[1..], 8),
            None => (part, 10),
        };
        let is_plain = digits.starts_with(|digit: char| digit.is_ascii_alphanumeric());
        is_plain.then(|| u32::from_str_radix(digits, radix).ok())?
    };
    let parts: Vec<u32> = text.split('.').map(number).collect::<Option<_>>()?;
    let (last, leading) = parts.split_last()?;
    let free = 8 * (4_u32.checked_sub(u32::try_from(leading.len()).ok()?)?);
    if leading.iter().any(|part| *part > 255) || (free < 32 && *last >= 1 << free) || free == 0 {
        return None;
    }
    let high = leading
        .iter()
        .zip([24, 16, 8])
        .fold(0, |high, (part, shift)| high | part << shift);
    Some(Ipv4Addr::from(high | last))
}

impl Target {
    /// Reads an address that a method of a socket of this family was given.
    pub fn read(family: i32, address: Ref<'_>) -> Target {
        match family {
            libc::AF_INET | libc::AF_INET6 => Target::host(family, address),
            libc::AF_UNIX => Target::unix(address),
            _ => Target::Other(format!("a socket of family {}", family_name(family))),
        }
    }

    fn host(family: i32, address: Ref<'_>) -> Target {
        let mut parts = address.items();
        let host = parts.next().and_then(host_text);
        let port = parts.next().and_then(Ref::number);
        match (host, port.and_then(|port| u16::try_from(port).ok())) {
            (Some(host), Some(port)) => {
                let is_any = host.is_empty() && family == libc::AF_INET6;
                let host = if is_any { "::" } else { &host };
                Target::Host(Host::read(host), Some(port))
            }
            _ => Target::Unreadable,
        }
    }

    fn unix(address: Ref<'_>) -> Target {
        let Some(path) = address.path() else {
            return Target::Unreadable;
        };
        match path.as_os_str().as_bytes() {
            // The kernel chooses a name.
            [] => Target::Abstract("@".to_owned()),
            [0, name @ ..] => Target::Abstract(format!("@{}", String::from_utf8_lossy(name))),
            bytes => {
                // What follows a NUL the kernel doesn't see.
                let end = bytes.iter().position(|byte| *byte == 0);
                let path = PathBuf::from(OsStr::from_bytes(&bytes[..end.unwrap_or(bytes.len())]));
                let resolved = paths::resolve(&path);
                Target::Socket(path, resolved)
            }
        }
    }

    /// The text that policies and reports have for it.
    pub fn text(&self) -> String {
        match self {
            Target::Host(host, port) => {
                let port = port.map_or_else(|| "*".to_owned(), |port| port.to_string());
                match host {
                    Host::Address(IpAddr::V6(address)) => format!("[{address}]:{port}"),
                    host => format!("{}:{port}", host.text()),
                }
            }
            Target::Socket(path, _) => format!("unix:{}", path.display()),
            Target::Abstract(name) => format!("unix:{name}"),
            Target::Unreadable => "an address that can't be read".to_owned(),
            Target::Other(words) => words.clone(),
        }
    }
}

/// The text of a host: exact and ASCII, as all else goes through a codec that a guest can
/// replace.
pub fn host_text(host: Ref<'_>) -> Option<String> {
    let text = match host.bytes() {
        Some(bytes) => std::str::from_utf8(bytes).ok()?,
        None => host.text()?,
    };
    (text.is_ascii() && !text.contains('\0')).then(|| text.to_owned())
}

/// What C calls a family of sockets.
pub fn family_name(family: i32) -> String {
    let name = match family {
        libc::AF_NETLINK => "AF_NETLINK",
        libc::AF_PACKET => "AF_PACKET",
        libc::AF_VSOCK => "AF_VSOCK",
        libc::AF_ALG => "AF_ALG",
        libc::AF_CAN => "AF_CAN",
        libc::AF_BLUETOOTH => "AF_BLUETOOTH",
        libc::AF_TIPC => "AF_TIPC",
        _ => return family.to_string(),
    };
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_known_in_every_notation() {
        for (text, expected) in [
            ("127.0.0.1", "127.0.0.1"),
            ("127.1", "127.0.0.1"),
            ("0x7f.1", "127.0.0.1"),
            ("0177.0.0.1", "127.0.0.1"),
            ("2130706433", "127.0.0.1"),
            ("0x7F000001", "127.0.0.1"),
            ("10.258", "10.0.1.2"),
            ("0", "0.0.0.0"),
            ("", "0.0.0.0"),
            ("<broadcast>", "255.255.255.255"),
            ("::1", "::1"),
            ("::ffff:127.0.0.1", "127.0.0.1"),
            ("fe80::1%eth0", "fe80::1"),
        ] {
            let expected = expected.parse::<IpAddr>().ok();
            assert_eq!(
                Some(Host::read(text)),
                expected.map(Host::Address),
                "{text}"
            );
        }
    }

    #[test]
    fn others_are_names() {
        for text in [
            "example.org",
            "EXAMPLE.org.",
            "1.2.3.4.example.org",
            "256.1.1.1",
            "1.2.3.4.5",
            "1..2",
            "+1.2.3.4",
            "0x",
            "08",
        ] {
            let name = text.trim_end_matches('.').to_ascii_lowercase();
            assert_eq!(Host::read(text), Host::Name(name), "{text}");
        }
    }
}
