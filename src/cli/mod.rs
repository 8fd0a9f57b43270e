//! The command line: arguments in, exit code out.
//!
//! One file per subcommand. What a command has to say goes to stderr, data to stdout. A
//! mistake of the user's is one message and exit code 2, and nothing is run.

pub mod check;
mod outputs;
mod records;
mod run;
mod script;

use std::io::{self, Write};

use clap::{CommandFactory, Parser, Subcommand};
use tracing_subscriber::EnvFilter;

/// Exit code for mistakes of the user's.
pub const USAGE: u8 = 2;

/// Exit code for faults of our own.
pub const INTERNAL: u8 = 70;

const EXAMPLES: &str = "\
Examples:
  lictor run homework.py                        run under the preset `base`
  lictor run -p grading homework.py             under another preset
  lictor run -p my.toml --limit steps=10000 --report out.json homework.py arg1
  lictor run -p audit --audit log.jsonl --audit-summary script.py
  lictor check my.toml                          is this policy valid?";

/// Runs untrusted Python under a declarative policy and says in one sentence what happened.
#[derive(Debug, Parser)]
#[command(name = "lictor", version, after_help = EXAMPLES, max_term_width = 100)]
struct Arguments {
    /// Say more; twice: much more (or set LICTOR_LOG)
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run a script under a policy
    Run(run::Arguments),
    /// Check policies, and say everything that is wrong with them
    Check(check::Arguments),
    /// Print a completion script
    Completions {
        /// For which shell
        shell: clap_complete::Shell,
    },
}

/// Does what the arguments of this process ask, and returns its exit code.
pub fn main() -> u8 {
    let arguments = Arguments::parse();
    start_logging(arguments.verbose);
    let result = match arguments.command {
        Command::Run(run) => run::run(&run, arguments.verbose > 0),
        Command::Check(arguments) => check::check(&arguments),
        Command::Completions { shell } => print_completions(shell),
    };
    result.unwrap_or_else(|error| {
        say(&format!("error: {error:#}"));
        USAGE
    })
}

fn print_completions(shell: clap_complete::Shell) -> anyhow::Result<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "lictor", &mut script);
    io::stdout().write_all(&script)?;
    Ok(0)
}

/// Lictor's own log: `LICTOR_LOG` (a filter such as `debug` or `lictor::supervisor=trace`)
/// stands over `-v`.
fn start_logging(verbose: u8) {
    let level = ["warn", "info", "debug", "trace"][usize::from(verbose.min(3))];
    let filter = EnvFilter::try_from_env("LICTOR_LOG").unwrap_or_else(|_| EnvFilter::new(level));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(colours())
        .without_time()
        .init();
}

/// May stderr have colours? (A terminal, and no NO_COLOR.)
fn colours() -> bool {
    anstream::AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never
}

/// Says something to the user.
fn say(text: &str) {
    // If nobody listens on stderr there is nobody to tell.
    let _ = writeln!(io::stderr(), "{}", text.trim_end());
}
