//! Guests with the expected verdict in their head, each on every interpreter: `cases/GROUP/*.py`.
//! How a head is written stands in `support/case.rs`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::process::ExitCode;

use libtest_mimic::Arguments;
use support::{case, tests_folder};

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads.get_or_insert(2);
    let trials = case::trials(&tests_folder().join("cases"), |case, python| {
        case.test(python, |guest| guest)
    });
    libtest_mimic::run(&arguments, trials).exit_code()
}
