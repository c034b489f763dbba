//! `migrate`: brings the tables of services forward before their processes start, which otherwise do it themselves.

use serde_json::json;

use super::up::configuration;
use crate::cli::{Asking, Migrate, Up};
use crate::node;
use crate::output::{self, DONE};

pub async fn run(asking: &Asking, migrate: Migrate) -> anyhow::Result<u8> {
    let config = configuration(asking, &Up { config: migrate.config, ..Up::default() })?;
    let brought = node::migrate(&config, &migrate.services).await?;
    if asking.json {
        output::json(&json!({"migrated": brought}))?;
    } else {
        println!("{}", brought.join("\n"));
    }
    Ok(DONE)
}
