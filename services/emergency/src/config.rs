//! `[emergency]`

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::domain::rules::Rules;

/// What emergency alone is told.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// TOML file of further dated tables, as `rules/defaults.toml` has them; empty = none.
    pub rules: PathBuf,
    /// How a document number is made: `{year}` and `{number}` are filled in, the number counts from 1 in each year. Empty = `NODE〔{year}〕{number}号`.
    pub number: String,
    /// How long the scope of an order may take to be put together over the mesh: twice what a walk may take.
    pub scope_timeout_s: u64,
    /// Boards watched at once; each costs a few kilobytes and one query a change.
    pub watchers_max: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { rules: PathBuf::new(), number: String::new(), scope_timeout_s: 60, watchers_max: 256 }
    }
}

/// The file of tables cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("emergency.rules: {}: {why}", path.display())]
pub struct RulesFault {
    path: PathBuf,
    why: String,
}

impl Settings {
    pub const fn scope_timeout(&self) -> Duration {
        Duration::from_secs(self.scope_timeout_s)
    }

    /// The tables of the program, and those of the file.
    pub fn rules(&self) -> Result<Rules, RulesFault> {
        let built_in = Rules::built_in();
        if self.rules.as_os_str().is_empty() {
            return Ok(built_in);
        }
        let fault = |why: String| RulesFault { path: self.rules.clone(), why };
        let text = std::fs::read_to_string(&self.rules).map_err(|why| fault(why.to_string()))?;
        Ok(built_in.with(toml::from_str(&text).map_err(|why| fault(why.to_string()))?))
    }

    /// The document number of the `number`th order of a year.
    pub fn document_number(&self, node: &str, year: i16, number: i64) -> String {
        let usual = format!("{node}〔{{year}}〕{{number}}号");
        let form = if self.number.is_empty() { &usual } else { &self.number };
        form.replace("{year}", &year.to_string()).replace("{number}", &number.to_string())
    }
}
