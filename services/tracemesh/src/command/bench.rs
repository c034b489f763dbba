//! `bench`: one measurement of this machine and this build, for people or as one JSON document.

use crate::bench::{self, Plan};
use crate::cli::{Asking, Bench};
use crate::output::{self, DONE, NO};

pub async fn run(asking: &Asking, asked: Bench) -> anyhow::Result<u8> {
    let records = asked.records.unwrap_or_else(|| asked.name.usual_records());
    let report = bench::run(asked.name, Plan { records, rounds: asked.rounds as usize }).await?;
    if asking.json {
        output::json(&report)?;
    } else {
        report.print();
    }
    Ok(if report.met { DONE } else { NO })
}
