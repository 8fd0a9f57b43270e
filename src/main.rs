//! The `lictor` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(lictor::cli::main())
}
