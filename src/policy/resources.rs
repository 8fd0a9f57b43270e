//! `[files]` and `[network]`: what a guest may read, write and reach.

use std::path::Path;

use super::clauses::{AnchoredPath, Clauses, EndpointClause};
use super::diagnostic::Code;
use super::places::{self, Home};
use super::tree::{Stated, Table, Walk};
use super::words::quoted;
use crate::rules::pattern::{FileMatcher, PatternError};
use crate::rules::resources::Outside;

const OUTSIDE: [(&str, Outside); 2] = [("deny", Outside::Deny), ("refuse", Outside::Refuse)];

/// Reads `[files]`.
pub fn files(walk: &mut Walk<'_>, table: &Table<'_, '_>, cwd: &Path, clauses: &mut Clauses) {
    table.only(walk, &["read", "write", "action"]);
    clauses.files_read = paths(walk, table, "read", cwd, false);
    clauses.files_write = paths(walk, table, "write", cwd, true);
    clauses.files_action = table.word(walk, "action", &OUTSIDE);
}

/// Reads `[network]`.
pub fn network(walk: &mut Walk<'_>, table: &Table<'_, '_>, cwd: &Path, clauses: &mut Clauses) {
    table.only(walk, &["connect", "bind", "action"]);
    clauses.network_connect = endpoints(walk, table, "connect", cwd);
    clauses.network_bind = endpoints(walk, table, "bind", cwd);
    clauses.network_action = table.word(walk, "action", &OUTSIDE);
}

fn paths(
    walk: &mut Walk<'_>,
    table: &Table<'_, '_>,
    key: &str,
    cwd: &Path,
    literal: bool,
) -> Option<Stated<Vec<AnchoredPath>>> {
    let list = table.strings(walk, key, false)?;
    let mut value = Vec::new();
    for text in list.value {
        let Some(span) = text.origin.as_ref().map(|origin| origin.span.clone()) else {
            continue;
        };
        let written = text.value.clone();
        let Some(path) = places::anchored(walk, text, cwd, Home::Cwd) else {
            continue;
        };
        if let Err(error) = check_glob(&path) {
            let message = format!("{} is not a glob: {error}", quoted(&written));
            walk.error(Code::BadGlob, span, message, "", None);
        } else if literal && !is_grantable(&path) {
            let message = format!(
                "{} can't be granted for writing: it is neither a path nor `FOLDER/**`",
                quoted(&written)
            );
            let help = "what doesn't exist yet is granted by its folder: `{cwd}/out/**`";
            walk.error(Code::BadGlob, span, message, "", Some(help.to_owned()));
        } else {
            value.push(path);
        }
    }
    Some(Stated {
        value,
        origin: list.origin,
    })
}

/// The anchors' folders are put before it later and are taken literally.
fn check_glob(path: &AnchoredPath) -> Result<(), PatternError> {
    let rest = path.rest.to_string_lossy();
    match rest.is_empty() {
        true => Ok(()),
        false => FileMatcher::new([&*rest]).map(drop),
    }
}

fn is_grantable(path: &AnchoredPath) -> bool {
    let rest = path.rest.to_string_lossy();
    let folder = rest
        .strip_suffix("/**")
        .unwrap_or(if rest == "**" { "" } else { &rest });
    !folder.contains(['*', '?', '[', ']', '{', '}'])
}

fn endpoints(
    walk: &mut Walk<'_>,
    table: &Table<'_, '_>,
    key: &str,
    cwd: &Path,
) -> Option<Stated<Vec<EndpointClause>>> {
    let list = table.strings(walk, key, false)?;
    let value = list
        .value
        .into_iter()
        .filter_map(|text| endpoint(walk, text, cwd))
        .collect();
    Some(Stated {
        value,
        origin: list.origin,
    })
}

fn endpoint(walk: &mut Walk<'_>, text: Stated<String>, cwd: &Path) -> Option<EndpointClause> {
    if let Some(path) = text.value.strip_prefix("unix:") {
        if let Some(name) = path.strip_prefix('@').filter(|name| !name.is_empty()) {
            return Some(EndpointClause::Abstract(name.to_owned()));
        }
        let path = Stated {
            value: path.to_owned(),
            origin: text.origin,
        };
        return places::anchored(walk, path, cwd, Home::Cwd).map(EndpointClause::Unix);
    }
    match host(&text.value) {
        Ok(endpoint) => Some(endpoint),
        Err(reason) => {
            let message = format!("{} is not an endpoint: {reason}", quoted(&text.value));
            let help = "`example.org:443`, `*.example.org:*`, `127.0.0.1:8000`, `[::1]:80` or `unix:/run/x.sock`";
            if let Some(origin) = text.origin {
                let help = Some(format!("an endpoint is {help}"));
                walk.error(Code::BadEndpoint, origin.span, message, "", help);
            }
            None
        }
    }
}

/// Reads `host:port`.
fn host(text: &str) -> Result<EndpointClause, &'static str> {
    if text.contains("://") {
        return Err("it is a URL; rules are about hosts and ports");
    }
    let (host, port) = text.rsplit_once(':').ok_or("its port is missing")?;
    let port = match port {
        "*" => None,
        _ => match port.parse::<u16>() {
            Ok(0) | Err(_) => return Err("its port isn't a number from 1 to 65535, or `*`"),
            Ok(port) => Some(port),
        },
    };
    let bracketed = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    let host = match bracketed {
        Some(address) => match address.parse::<std::net::Ipv6Addr>() {
            Ok(_) => address,
            Err(_) => return Err("what stands in brackets isn't an IPv6 address"),
        },
        None if host.contains(':') => return Err("an IPv6 address needs brackets"),
        None => host,
    };
    let stars = host.matches('*').count();
    if stars > 1 || (stars == 1 && host != "*" && !host.starts_with("*.")) {
        return Err("`*` may only be the whole host, or its first part");
    }
    let valid = |character: char| {
        character.is_alphanumeric() || matches!(character, '.' | '-' | '_' | ':' | '*')
    };
    if host.is_empty() || !host.chars().all(valid) {
        return Err("its host isn't a name or an address");
    }
    Ok(EndpointClause::Host {
        host: host.trim_end_matches('.').to_lowercase(),
        port,
    })
}
