//! `demo`: a whole small country; with `--seconds` it is stopped and checked, and the summary is the last line of stdout.

use crate::cli::{Asking, Demo};
use crate::country::{self, Options};
use crate::output::{self, DONE, NO};

/// The demonstration tells the same story each time.
const SEED: u64 = 38157;

pub async fn run(asking: &Asking, demo: Demo) -> anyhow::Result<u8> {
    let scratch = tempfile::tempdir()?;
    let options = Options {
        program: std::env::current_exe()?,
        seconds: demo.seconds.unwrap_or_default(),
        port: demo.port,
        seed: SEED,
        data: demo.keep.unwrap_or_else(|| scratch.path().to_owned()),
        kafka: demo.kafka,
        before_checks: None,
    };
    if demo.seconds.is_none() {
        country::keep_running(options).await?;
        return Ok(DONE);
    }
    let summary = country::run(options).await?;
    if !asking.json {
        for check in &summary.checks {
            eprintln!("{}  {:28}  {} (expected {})  {}", mark(check.ok), check.name, check.actual, check.expected, check.detail);
        }
    }
    output::json(&summary)?;
    Ok(if summary.ok { DONE } else { NO })
}

const fn mark(ok: bool) -> &'static str {
    if ok { "ok  " } else { "FAIL" }
}
