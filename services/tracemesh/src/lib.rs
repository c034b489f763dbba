#![doc = include_str!("../README.md")]

mod bench;
mod cli;
mod command;
pub mod country;
mod generate;
pub mod node;
mod output;

use std::process::ExitCode;

use clap::Parser;

/// What the process does: reads the command line, runs the command, says by its exit code how it ended.
pub fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("tracemesh: no threads to run on: {error}");
            return ExitCode::from(output::UNREACHABLE);
        }
    };
    match runtime.block_on(command::run(cli)) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            eprintln!("tracemesh: {}", output::told(&failure));
            ExitCode::from(output::code_of(&failure))
        }
    }
}
