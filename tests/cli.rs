//! Transcripts of the command line: each `cli/*.md` shows commands, their exit codes and what
//! they print, and is run as it stands, in the folder `cli/*.in` of the same name.
//!
//! `[..]` stands for the rest of a line, `...` for lines that don't matter.

#[test]
fn transcripts_are_true() {
    trycmd::TestCases::new()
        .env("NO_COLOR", "1")
        .default_bin_path(env!("CARGO_BIN_EXE_lictor"))
        .case("tests/cli/*.md");
}
