//! A small country on one machine: a nation, two provinces and three cities as six processes, linked by certificates, with providers that
//! stream a realistic load into the cities, over gRPC or through the topics of a Kafka broker. It ends with a recall through every tier. At the end it is
//! checked what came of it, by asking the nodes as anybody could.
//!
//! [`run`] is what `tracemesh demo` does. Whoever tests the checks themselves does harm through [`Options::before_checks`] and sees them fail.

mod checks;
mod founding;
mod load;
mod nodes;
mod people;
mod planted;
mod recall;
mod summary;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;

use crate::generate::{Shape, World};

pub use nodes::Member;
pub use summary::{Check, NodeSummary, Summary};

use nodes::Country;

/// The node that is away for a while in the middle: a province, so that its city must wait and the nation must notice.
const ABSENT: &str = "jiangsu";
/// How long the figures may take to settle after the last submission.
const SETTLE: Duration = Duration::from_secs(30);

/// Harm that is done to the country after the load, with all nodes stopped for the time.
pub type Harm = Box<dyn FnOnce(&[Member]) -> anyhow::Result<()> + Send>;

pub struct Options {
    /// The binary that runs a node.
    pub program: PathBuf,
    /// How long the load runs.
    pub seconds: u64,
    /// The nation's HTTP port; 0 picks a free one.
    pub port: u16,
    pub seed: u64,
    /// Where the nodes keep their files.
    pub data: PathBuf,
    /// `host:port` of the brokers that providers write to; none: they stream over gRPC.
    pub kafka: Vec<String>,
    pub before_checks: Option<Harm>,
}

/// Runs the country for a while, and says what was checked.
pub async fn run(options: Options) -> anyhow::Result<Summary> {
    let began = Instant::now();
    let tell = |what: &str| eprintln!("{:5.1} s  {what}", began.elapsed().as_secs_f64());
    let world = Arc::new(World::new(options.seed, Shape::Country, now_micros()));
    let mut country = Country::start(&options, &world).await.context("the country does not start")?;
    tell(&format!("the country stands; its console is {}", country.sign_in()));
    let mut sent = drive(&mut country, &world, options.seconds, &tell).await?;
    planted::plant(&country, &mut sent).await.context("nothing can be planted")?;
    let recalled = recall::run(&mut country, &world, &mut sent, &tell).await;
    country.settle(&sent.expected(), SETTLE).await?;
    tell("the nation has counted what the cities hold");
    if let Some(harm) = options.before_checks {
        country.stop_all().await?;
        harm(country.members())?;
        country.start_all().await?;
    }
    let mut checks = checks::all(&country, &world, &sent).await;
    checks.extend([recalled, planted::found(&country).await?]);
    tell("everything is checked");
    let nodes = country.summaries().await?;
    country.stop_all().await?;
    Ok(Summary { ok: checks.iter().all(|check| check.ok), seconds: began.elapsed().as_secs_f64(), nodes, checks })
}

/// The country with its load until somebody presses Ctrl-C.
pub async fn keep_running(options: Options) -> anyhow::Result<()> {
    let world = Arc::new(World::new(options.seed, Shape::Country, now_micros()));
    let mut country = Country::start(&options, &world).await.context("the country does not start")?;
    println!("console  {}", country.sign_in());
    for member in country.members() {
        println!("{:10}  {}", member.id, member.endpoints.http);
    }
    let load = load::start(&country, &world).await?;
    tokio::signal::ctrl_c().await?;
    load.stop().await?;
    country.stop_all().await
}

/// The load, with one province away in the middle of it.
async fn drive(country: &mut Country, world: &Arc<World>, seconds: u64, tell: &impl Fn(&str)) -> anyhow::Result<load::Sent> {
    let third = Duration::from_secs(seconds.max(3)) / 3;
    let load = load::start(country, world).await?;
    let began = tokio::time::Instant::now();
    tokio::time::sleep(third).await;
    country.stop(ABSENT).await?;
    tell(&format!("{ABSENT} is away"));
    let missed = country.misses("nation", ABSENT, third).await?;
    tokio::time::sleep_until(began + 2 * third).await;
    country.start_again(ABSENT).await?;
    tell(&format!("{ABSENT} is back"));
    tokio::time::sleep_until(began + 3 * third).await;
    let mut sent = load.stop().await?;
    tell("every submission has its receipt");
    sent.absence_was_noticed = missed;
    Ok(sent)
}

#[expect(clippy::disallowed_methods, reason = "the world's records end at the present, before any node with a clock runs")]
fn now_micros() -> i64 {
    jiff::Timestamp::now().as_microsecond()
}
