//! What a bench found: against its goal, with everything that it was made of.

use std::collections::BTreeMap;

use serde::Serialize;

use super::figures::Spread;
use super::machine::{Machine, peak_rss_mb};

/// The raw figures of one round, by name. Units are in the names.
pub type Round = BTreeMap<&'static str, f64>;

#[derive(Clone, Debug, Serialize)]
pub struct Report {
    pub bench: &'static str,
    /// In words, with what it is compared to.
    pub goal: &'static str,
    /// How the real thing compares; more is better.
    pub ratio: Spread,
    /// What the goal is about, where that is no ratio.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<&'static str>,
    pub met: bool,
    pub records: u64,
    pub cpu_us_per_record: f64,
    /// How many cores others kept busy.
    pub foreign_load: f64,
    pub peak_rss_mb: f64,
    pub machine: Machine,
    pub rounds: Vec<Round>,
}

impl Report {
    /// A report by ratio: the goal is met where its median reaches `least`. Rounds have `ratio`, `cpu_us_per_record` and `foreign_load`.
    pub fn by_ratio(bench: &'static str, goal: &'static str, least: f64, records: u64, rounds: Vec<Round>) -> Self {
        let ratio = spread(&rounds, "ratio");
        Self {
            bench,
            goal,
            ratio,
            value: None,
            unit: None,
            met: ratio.median >= least,
            records,
            cpu_us_per_record: spread(&rounds, "cpu_us_per_record").median,
            foreign_load: spread(&rounds, "foreign_load").median,
            peak_rss_mb: peak_rss_mb(),
            machine: Machine::this(),
            rounds,
        }
    }

    /// For people, every figure of the rounds as median and spread.
    pub fn print(&self) {
        let Self { bench, goal, met, records, machine, peak_rss_mb, .. } = self;
        println!("{bench}: {records} records, {} rounds, {} × {}", self.rounds.len(), machine.cores, machine.cpu);
        println!("  goal {goal}: {}", if *met { "met" } else { "NOT MET" });
        for name in self.rounds.first().into_iter().flat_map(BTreeMap::keys) {
            let Spread { median, least, most } = spread(&self.rounds, name);
            println!("  {name:32} {median:>12.3}   ({least:.3} to {most:.3})");
        }
        println!("  {:32} {peak_rss_mb:>12.1}", "peak_rss_mb");
    }
}

/// One figure over all rounds.
pub fn spread(rounds: &[Round], name: &str) -> Spread {
    Spread::of(rounds.iter().map(|round| round[name]))
}
