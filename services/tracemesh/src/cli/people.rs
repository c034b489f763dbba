//! Who may sign in, whom to call, and whose findings count.

use clap::{Args, Subcommand};

#[derive(Subcommand)]
pub enum Account {
    /// Give somebody an account, or other roles and another scope; prints a one-time link. What let him in before ends. Needs the --token of an
    /// administrator of security.
    Appoint {
        name: String,
        /// REGULATOR SYSTEM_ADMINISTRATOR SECURITY_ADMINISTRATOR AUDIT_ADMINISTRATOR DRAFTER REVIEWER SIGNER ACKNOWLEDGER
        #[arg(long = "role", required = true, value_delimiter = ',', value_name = "R")]
        roles: Vec<String>,
        /// Subtrees of areas; * is all.
        #[arg(long = "area", required = true, value_delimiter = ',', value_name = "A")]
        areas: Vec<String>,
        /// * is all.
        #[arg(long = "category", required = true, value_delimiter = ',', value_name = "C")]
        categories: Vec<String>,
        /// The name that people are shown.
        #[arg(long, default_value = "", value_name = "TEXT")]
        display: String,
        /// Kept in the journal.
        #[arg(long, default_value = "", value_name = "TEXT")]
        why: String,
    },
    List,
    /// End whatever lets somebody in.
    Suspend {
        name: String,
        #[arg(long, value_name = "TEXT")]
        why: String,
    },
    /// Take somebody back; a new appointment makes the link to sign in with.
    Resume {
        name: String,
        #[arg(long, value_name = "TEXT")]
        why: String,
    },
}

#[derive(Subcommand)]
pub enum Session {
    /// Use up a one-time link, and print the token that it opens: for --token and TRACEMESH_TOKEN, and as Authorization: Bearer.
    Open {
        /// The link, or its last part.
        link: String,
    },
}

#[derive(Subcommand)]
pub enum Contact {
    /// Say whom to call at a subject, in place of what was there; without options, nobody.
    Set(SetContact),
}

#[derive(Args)]
pub struct SetContact {
    /// The subject's code, or its id.
    pub subject: String,
    #[arg(long, default_value = "", value_name = "NAME")]
    pub person: String,
    #[arg(long, default_value = "", value_name = "NUMBER")]
    pub phone: String,
    #[arg(long, default_value = "", value_name = "TEXT")]
    pub address: String,
    /// Where its machines listen: https, or http on this machine.
    #[arg(long, default_value = "", value_name = "URL")]
    pub webhook: String,
}

#[derive(Subcommand)]
pub enum Laboratory {
    /// Let a laboratory's failed inspections count, for some areas and categories, from one day to another.
    Authorise(Authorise),
    List,
}

#[derive(Args)]
pub struct Authorise {
    /// Unified social credit code.
    pub code: String,
    #[arg(long)]
    pub name: String,
    /// Subtrees of areas; * is all.
    #[arg(long = "area", required = true, value_delimiter = ',', value_name = "A")]
    pub areas: Vec<String>,
    /// * is all.
    #[arg(long = "category", required = true, value_delimiter = ',', value_name = "C")]
    pub categories: Vec<String>,
    /// First day; open without it.
    #[arg(long, default_value = "", value_name = "DAY")]
    pub from: String,
    /// Last day, inclusive; open without it.
    #[arg(long, default_value = "", value_name = "DAY")]
    pub to: String,
    /// Kept in the journal.
    #[arg(long, default_value = "", value_name = "TEXT")]
    pub why: String,
}
