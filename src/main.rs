//! The program: reads the command line, starts logging, and ends with the right exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    cairn::cli::main(cairn::clock::now)
}
