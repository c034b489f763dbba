//! What records are held against.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Subcommand)]
pub enum Rule {
    /// The rules in force, after those that are still to come. With --json, a file that can be edited and published.
    List,
    /// Publish the node's own rules, all of them, from a JSON file. Needs the --token of a regulator.
    Publish(PublishRules),
    /// What a file of rules would have found in past days; nothing is kept.
    DryRun(DryRun),
}

#[derive(Args)]
pub struct PublishRules {
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// RFC 3339; what is received from then on is held against them. Without it as soon as the node's services know.
    #[arg(long, value_name = "T")]
    pub valid_from: Option<jiff::Timestamp>,
    /// Kept in the journal.
    #[arg(long, default_value = "", value_name = "TEXT")]
    pub why: String,
}

#[derive(Args)]
pub struct DryRun {
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// First day of receipt, YYYY-MM-DD.
    #[arg(long, value_name = "D")]
    pub from: String,
    /// Last day of receipt; at most 31 days.
    #[arg(long, value_name = "D")]
    pub to: String,
}
