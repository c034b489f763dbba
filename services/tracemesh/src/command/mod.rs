//! One file a command. Each connects, asks, prints, and says by its exit code how it ended.

mod account;
mod aggregates;
mod audit;
mod bench;
mod contact;
mod deadletter;
mod demo;
mod finding;
mod incident;
mod laboratory;
mod link;
mod migrate;
mod mismatch;
mod order;
mod outbreak;
mod pages;
mod provider;
mod recall;
mod receipt;
mod rule;
mod scorecard;
mod send;
mod serve;
mod session;
mod sign_in;
mod trace;
mod up;
mod verdict;
mod workbook;

use std::time::Duration;

use tracemesh_peers::Clients;
use tracemesh_peers::local::Target;

use crate::cli::{Asking, Cli, Command};
use crate::output::DONE;

/// For calls that read every journal from its first byte: the longest that a node lets a call take.
const TO_THE_LAST_BYTE: Duration = Duration::from_secs(600);

pub async fn run(cli: Cli) -> anyhow::Result<u8> {
    let asking = &cli.asking;
    match cli.command {
        Command::Up(up) => up::run(asking, up).await,
        Command::Serve(serve) => serve::run(asking, serve).await,
        Command::Migrate(migrate) => migrate::run(asking, migrate).await,
        Command::Demo(demo) => demo::run(asking, demo).await,
        Command::Generate(options) => generate(&options),
        Command::Bench(bench) => bench::run(asking, bench).await,
        Command::Send(send) => send::run(asking, send).await,
        Command::Receipt(receipt) => receipt::by_id(asking, receipt).await,
        Command::Receipts(receipts) => receipt::list(asking, receipts).await,
        Command::Trace(trace) => trace::run(asking, trace).await,
        Command::Recall(recall) => recall::run(asking, recall).await,
        Command::Outbreak(outbreak) => outbreak::run(asking, outbreak).await,
        Command::Aggregates(aggregates) => aggregates::run(asking, aggregates).await,
        Command::Recount(range) => aggregates::recount(asking, range).await,
        Command::Scorecard(asked) => scorecard::run(asking, asked).await,
        Command::Finding(finding) => finding::run(asking, finding).await,
        Command::Mismatch(mismatch) => mismatch::run(asking, mismatch).await,
        Command::Audit(audit) => audit::run(asking, audit).await,
        Command::SignIn { why } => sign_in::run(asking, why).await,
        Command::Incident(incident) => incident::run(asking, incident).await,
        Command::Order(order) => order::run(asking, order).await,
        Command::Link(link) => link::run(asking, link).await,
        Command::Provider(provider) => provider::run(asking, provider).await,
        Command::Account(account) => account::run(asking, account).await,
        Command::Session(session) => session::run(asking, session).await,
        Command::Contact(contact) => contact::run(asking, contact).await,
        Command::Laboratory(laboratory) => laboratory::run(asking, laboratory).await,
        Command::Deadletter(deadletter) => deadletter::run(asking, deadletter).await,
        Command::Rule(rule) => rule::run(asking, rule).await,
        Command::Completion { shell } => pages::completion(shell),
        Command::Man { folder } => pages::manual(folder.as_deref()),
    }
}

/// The node that the command asks.
async fn connect(asking: &Asking) -> anyhow::Result<Clients> {
    Ok(target(asking).connect().await?)
}

fn target(asking: &Asking) -> Target {
    Target { node: asking.node.clone(), token: asking.token.clone(), ca: asking.ca.clone(), data_dir: asking.data.clone() }
}

fn generate(options: &crate::generate::Options) -> anyhow::Result<u8> {
    let mut out = std::io::BufWriter::with_capacity(1 << 20, std::io::stdout().lock());
    crate::generate::run(options, &mut out)?;
    Ok(DONE)
}
