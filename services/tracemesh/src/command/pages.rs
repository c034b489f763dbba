//! `completion` and `man`: what shells and readers of manuals want to know of the command line, made of the command line itself.

use std::io::{Write, stdout};
use std::path::Path;

use anyhow::Context;
use clap::CommandFactory;
use clap_complete::{Shell, generate};
use clap_mangen::{Man, generate_to};

use crate::cli::Cli;
use crate::output::DONE;

pub fn completion(shell: Shell) -> anyhow::Result<u8> {
    let mut script = Vec::new();
    generate(shell, &mut Cli::command(), "tracemesh", &mut script);
    stdout().write_all(&script)?;
    Ok(DONE)
}

pub fn manual(folder: Option<&Path>) -> anyhow::Result<u8> {
    let command = Cli::command();
    match folder {
        None => Man::new(command).render(&mut stdout())?,
        Some(folder) => {
            let written = std::fs::create_dir_all(folder).and_then(|()| generate_to(command, folder));
            written.with_context(|| format!("the pages cannot be written into {}", folder.display()))?;
        }
    }
    Ok(DONE)
}
