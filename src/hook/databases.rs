//! SQLite: which files a connection opens, and statements that open others.
//!
//! A database's name may be a URI, and SQL names files: `ATTACH`, `VACUUM INTO`. Statements are
//! not parsed, as no second parser finds the same quotes as SQLite's. Every place at which a
//! statement could begin is looked at instead: the text's beginning, and behind each `;`,
//! wherever it stands. So a statement that opens files is always found, and now and then a
//! literal that looks like one.

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use pyo3::ffi::PyObject;

use super::ffi::method::Call;
use super::ffi::object::Ref;
use super::file_calls;
use super::files::{self, How, Named};
use super::grants::Access;
use super::latch::Flow;
use super::state::Hook;

/// `connect(database, timeout, detect_types, isolation_level, check_same_thread, factory,
/// cached_statements, uri)`: only `uri` tells how the name is read, and only the class of
/// SQLite itself is known to read it so.
pub fn open(
    hook: &'static Hook,
    database: Option<Ref<'_>>,
    call: &Call,
    run: impl FnOnce() -> *mut PyObject,
) -> *mut PyObject {
    let given = |index, name| call.argument(index, name).filter(|given| !given.is_none());
    let Some(database) = database.or_else(|| call.keyword("database")) else {
        return run();
    };
    if given(5, "factory").is_some() {
        return run(); // the event judges what comes of it
    }
    let is_uri = given(7, "uri")
        .and_then(Ref::number)
        .is_some_and(|uri| uri != 0);
    match judge(hook, database, is_uri) {
        Flow::Raise => std::ptr::null_mut(),
        Flow::Continue => file_calls::settled(database, run),
    }
}

/// A database is about to be opened by a name that may be a URI, or is one for certain.
pub fn judge(hook: &'static Hook, database: Ref<'_>, is_uri: bool) -> Flow {
    let Named::Path(name) = files::named(Some(database)) else {
        return file_calls::anything(hook, "sqlite3.connect");
    };
    let mut targets = Vec::new();
    let uri = uri(&name);
    if uri.is_none() || !is_uri {
        targets.push((name, true));
    }
    targets.extend(uri);
    for (path, writes) in targets {
        if path.as_os_str().is_empty() || path == Path::new(":memory:") {
            continue;
        }
        let name = Named::Path(path);
        if files::using(hook, How::Read, &name, None) == Flow::Raise
            || (writes && files::using(hook, How::Write, &name, None) == Flow::Raise)
        {
            return Flow::Raise;
        }
    }
    Flow::Continue
}

/// The file that a URI names, and whether it may be written (<https://sqlite.org/uri.html>).
fn uri(name: &Path) -> Option<(PathBuf, bool)> {
    let rest = name.as_os_str().as_bytes().strip_prefix(b"file:")?;
    let rest = match rest.strip_prefix(b"//") {
        Some(authority) => {
            &authority[authority
                .iter()
                .position(|byte| *byte == b'/')
                .unwrap_or(authority.len())..]
        }
        None => rest,
    };
    let end = rest.iter().position(|byte| matches!(byte, b'?' | b'#'));
    let (path, query) = rest.split_at(end.unwrap_or(rest.len()));
    let query = query.strip_prefix(b"?").unwrap_or_default();
    let modes: Vec<&[u8]> = query
        .split(|byte| matches!(byte, b'&' | b'#'))
        .filter_map(|part| part.strip_prefix(b"mode="))
        .collect();
    let is_plain = !query.contains(&b'%');
    if is_plain && modes == [&b"memory"[..]] {
        return Some((PathBuf::new(), false));
    }
    let writes = !(is_plain && modes == [&b"ro"[..]]);
    Some((PathBuf::from(OsString::from_vec(decoded(path))), writes))
}

/// Text with its `%XX` decoded; one that stands for NUL ends it.
fn decoded(text: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((byte, more)) = rest.split_first() {
        let hex = more.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let octet = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match octet.filter(|_| *byte == b'%') {
            Some(0) => break,
            Some(octet) => {
                plain.push(octet);
                rest = &more[2..];
            }
            None => {
                plain.push(*byte);
                rest = more;
            }
        }
    }
    plain
}

/// Statements are about to be run.
pub fn statement(hook: &'static Hook, sql: Option<Ref<'_>>) -> Flow {
    // What is no text SQLite's module refuses by itself.
    let Some(text) = sql.and_then(Ref::path) else {
        return Flow::Continue;
    };
    let close = |access, subject| files::closed(hook, access, Path::new(subject), None);
    match reach(&text.to_string_lossy()) {
        Some(Statement::Attach) => file_calls::anything(hook, "ATTACH"),
        Some(Statement::Vacuum) => close(Access::Write, "VACUUM INTO"),
        Some(Statement::Directory) => close(Access::Write, "PRAGMA temp_store_directory"),
        None => Flow::Continue,
    }
}

/// A statement that names a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Statement {
    Attach,
    Vacuum,
    Directory,
}

fn reach(sql: &str) -> Option<Statement> {
    let sql = sql.to_ascii_lowercase();
    if sql.contains("_store_directory") {
        return Some(Statement::Directory);
    }
    let beginnings = sql.match_indices(';').map(|(at, _)| at + 1);
    std::iter::once(0).chain(beginnings).find_map(|at| {
        let mut rest = Tokens(&sql[at..]);
        let mut word = rest.next()?;
        while matches!(word, "explain" | "query" | "plan") {
            word = rest.next()?;
        }
        match word {
            "attach" => (!is_memory(rest)).then_some(Statement::Attach),
            "vacuum" => rest
                .take_while(|token| *token != ";")
                .any(|token| token == "into")
                .then_some(Statement::Vacuum),
            _ => None,
        }
    })
}

/// `ATTACH [DATABASE] ':memory:' AS …`, which names no file.
fn is_memory(rest: Tokens<'_>) -> bool {
    let mut rest = rest.filter(|token| *token != "database");
    let name: Vec<&str> = rest
        .by_ref()
        .take_while(|token| *token != "as")
        .take(8)
        .collect();
    matches!(
        name.concat().as_str(),
        "':memory:'" | "\":memory:\"" | "''" | "\"\""
    )
}

/// Words and single characters, comments and white space left out. Quotes mean nothing here.
struct Tokens<'a>(&'a str);

impl<'a> Iterator for Tokens<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        loop {
            // What isn't ASCII may be white space for SQLite: a byte order mark is.
            let is_blank =
                |c: char| c.is_ascii_whitespace() || c.is_ascii_control() || !c.is_ascii();
            let text = self.0.trim_start_matches(is_blank);
            let comment = match text.get(..2) {
                Some("--") => Some("\n"),
                Some("/*") => Some("*/"),
                _ => None,
            };
            if let Some(end) = comment {
                let at = text[2..].find(end)?;
                self.0 = &text[2 + at + end.len()..];
                continue;
            }
            let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let length = match text.find(|c| !is_word(c)) {
                Some(0) => text.chars().next()?.len_utf8(),
                Some(length) => length,
                None => text.len(),
            };
            let (token, rest) = text.split_at(length);
            self.0 = rest;
            return (!token.is_empty()).then_some(token);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_that_name_files_are_found() {
        for sql in [
            "attach 'x' as y",
            "ATTACH DATABASE ? AS y",
            " /* ; */ -- x\n Attach 'x' as y",
            "select 1; attach 'x' as y",
            "select $a('); attach 'x' as y; --",
            "\u{feff}attach 'x' as y",
            "explain query plan attach 'x' as y",
            "attach ':memory:' || '/x' as y",
            "attach':memory:x'as y",
        ] {
            assert_eq!(reach(sql), Some(Statement::Attach), "{sql}");
        }
        for sql in [
            "vacuum into 'x'",
            "VACUUM main/**/INTO ?",
            "vacuum /* ; */ into 'x'",
            "select 1;vacuum -- ;\n into 'x'",
        ] {
            assert_eq!(reach(sql), Some(Statement::Vacuum), "{sql}");
        }
        assert_eq!(
            reach("pragma \"temp_store_directory\" = '/x'"),
            Some(Statement::Directory)
        );
    }

    #[test]
    fn others_pass() {
        for sql in [
            "select 'attach x'",
            "insert into vacuum values ('into')",
            "vacuum; insert into t values (1)",
            "VACUUM",
            "attach ':memory:' as other",
            "attach database ':memory:' as other",
            "create table attach_log (x)",
            "",
            "--",
            "/* attach",
        ] {
            assert_eq!(reach(sql), None, "{sql}");
        }
    }

    #[test]
    fn uris_are_read_as_sqlite_does() {
        for (name, expected) in [
            ("x.db", None),
            ("file:x.db", Some(("x.db", true))),
            ("file:///data/x.db?mode=ro", Some(("/data/x.db", false))),
            ("file://localhost/x.db?mode=rw", Some(("/x.db", true))),
            ("file:%2fetc%2Fx?cache=shared", Some(("/etc/x", true))),
            ("file:x?mode=ro&mode=rwc", Some(("x", true))),
            ("file:x?mode=ro&mod%65=rwc", Some(("x", true))),
            ("file:x%00y#z", Some(("x", true))),
            ("file::memory:", Some((":memory:", true))),
            ("file:x?mode=memory", Some(("", false))),
        ] {
            let expected = expected.map(|(path, writes)| (PathBuf::from(path), writes));
            assert_eq!(uri(Path::new(name)), expected, "{name}");
        }
    }
}
