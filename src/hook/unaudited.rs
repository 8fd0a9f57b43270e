//! Functions that reach files, hosts and processes, and of which no audit event tells enough.
//!
//! They are guarded when their module comes into being, found by what C calls the module and
//! the function, and only if the policy speaks of what they reach.

use super::children::{self, ProcessCall};
use super::duties::Duty;
use super::ffi::object::Ref;
use super::file_calls::FileCall;
use super::files;
use super::guards::{self, GuardError};
use super::hosts::{self, HostCall};
use super::state::Hook;

/// What such a function does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// It opens a file in a folder that its event doesn't tell. Guarded under every policy:
    /// there are files that nobody may open.
    OpenAt,
    /// It reaches a file.
    File(FileCall),
    /// It reaches a host.
    Host(HostCall),
    /// It starts a process, or gets hold of one.
    Process(ProcessCall),
}

/// A function: C's name of its module, and its own behind that of its class.
struct Entry(&'static str, &'static str, Reach);

const fn file(module: &'static str, function: &'static str, call: FileCall) -> Entry {
    Entry(module, function, Reach::File(call))
}

const fn host(function: &'static str, call: HostCall) -> Entry {
    Entry("_socket", function, Reach::Host(call))
}

static FUNCTIONS: &[Entry] = &[
    Entry("posix", "open", Reach::OpenAt),
    file("posix", "mkfifo", FileCall::MakesAt),
    file("posix", "mknod", FileCall::MakesAt),
    file("posix", "chroot", FileCall::Anything("os.chroot")),
    file("posix", "getgrouplist", FileCall::Reads("/etc/group")),
    file("pwd", "getpwall", FileCall::Reads("/etc/passwd")),
    file("pwd", "getpwnam", FileCall::Reads("/etc/passwd")),
    file("pwd", "getpwuid", FileCall::ReadsUnlessOwn("/etc/passwd")),
    file("grp", "getgrall", FileCall::Reads("/etc/group")),
    file("grp", "getgrnam", FileCall::Reads("/etc/group")),
    file("grp", "getgrgid", FileCall::ReadsUnlessOwn("/etc/group")),
    file("spwd", "getspall", FileCall::Reads("/etc/shadow")),
    file("spwd", "getspnam", FileCall::Reads("/etc/shadow")),
    file("readline", "read_history_file", FileCall::ReadsFile(0)),
    file("readline", "write_history_file", FileCall::WritesFile(0)),
    file("readline", "append_history_file", FileCall::WritesFile(1)),
    // Both know `$include`, which names another file.
    file(
        "readline",
        "read_init_file",
        FileCall::Anything("readline.read_init_file"),
    ),
    file("readline", "parse_and_bind", FileCall::Binding),
    file("_sqlite3", "connect", FileCall::Database),
    file("_sqlite3", "Connection.execute", FileCall::Statement),
    file("_sqlite3", "Connection.executemany", FileCall::Statement),
    file("_sqlite3", "Connection.executescript", FileCall::Statement),
    file("_sqlite3", "Cursor.execute", FileCall::Statement),
    file("_sqlite3", "Cursor.executemany", FileCall::Statement),
    file("_sqlite3", "Cursor.executescript", FileCall::Statement),
    file(
        "_ssl",
        "_SSLContext.load_cert_chain",
        FileCall::Certificates(["certfile", "keyfile"]),
    ),
    file(
        "_ssl",
        "_SSLContext.load_verify_locations",
        FileCall::Certificates(["cafile", "capath"]),
    ),
    file("_ssl", "_SSLContext.load_dh_params", FileCall::ReadsFile(0)),
    file("_ssl", "_test_decode_cert", FileCall::ReadsFile(0)),
    file("_posixshmem", "shm_open", FileCall::SharedMemory),
    file("_posixshmem", "shm_unlink", FileCall::SharedMemory),
    file("_gdbm", "open", FileCall::KeyValue),
    file("_dbm", "open", FileCall::KeyValue),
    host("socket.connect", HostCall::Connect),
    host("socket.connect_ex", HostCall::Connect),
    host("socket.bind", HostCall::Bind),
    host("socket.listen", HostCall::Listen),
    host("socket.sendto", HostCall::SendTo),
    host("socket.sendmsg", HostCall::SendMessage),
    host("getaddrinfo", HostCall::AddressInfo),
    host("gethostbyname", HostCall::ByName),
    host("gethostbyname_ex", HostCall::ByName),
    host("gethostbyaddr", HostCall::ByAddress),
    host("getnameinfo", HostCall::NameInfo),
    Entry(
        "_posixsubprocess",
        "fork_exec",
        Reach::Process(ProcessCall::Start),
    ),
    Entry("posix", "pidfd_open", Reach::Process(ProcessCall::Handle)),
    // Tcl opens files, runs programs and reaches hosts by itself.
    file("_tkinter", "create", FileCall::Anything("_tkinter.create")),
];

impl Reach {
    /// Does the policy speak of it?
    fn concerns(self, hook: &Hook) -> bool {
        match self {
            Reach::OpenAt => true,
            Reach::File(_) => files::concern(hook),
            Reach::Host(HostCall::Bind) => hosts::concern(hook) || files::concern(hook),
            Reach::Host(_) => hosts::concern(hook),
            Reach::Process(_) => children::concern(hook),
        }
    }
}

/// Guards what a C module has of these.
///
/// # Errors
/// [`GuardError`].
pub fn guard(hook: &'static Hook, module: Ref<'_>) -> Result<(), GuardError> {
    let (Some(name), Some(namespace)) = (module.native_module(), module.namespace()) else {
        return Ok(());
    };
    for Entry(_, function, reach) in FUNCTIONS.iter().filter(|entry| entry.0 == name) {
        let found = match function.split_once('.') {
            None => namespace.entry(function),
            Some((class, method)) => namespace
                .entry(class)
                .and_then(Ref::class_namespace)
                .and_then(|methods| methods.entry(method)),
        };
        let definition = found.and_then(Ref::definition);
        if let Some(definition) = definition.filter(|_| reach.concerns(hook)) {
            let canonical = format!("{name}.{function}");
            let duty = Duty::Reach(*reach);
            guards::install_with(definition, &canonical, |guard| guard.duty = Some(duty))?;
        }
    }
    Ok(())
}
