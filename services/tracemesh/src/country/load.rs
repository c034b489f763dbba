//! The load: each city's providers hand in their submissions, as fast as the beat says, and every receipt is counted against what the generator
//! says that the node owes.

mod stream;
mod topic;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tracemesh_peers::local::Target;

use super::nodes::{Country, Member};
use crate::generate::{Counts, Submission, World};

use stream::Stream;
use topic::{Border, Topic};

/// One beat of every city's providers, and how many submissions it brings: some 250 a second and city, five times the nation's average.
const BEAT: Duration = Duration::from_millis(100);
const PER_BEAT: usize = 25;
/// Submissions of one provider on their way; a node or broker that is slower slows its providers down.
const ON_THE_WAY: usize = 256;

/// The load while it runs.
pub struct Load {
    stop: watch::Sender<bool>,
    cities: Vec<JoinHandle<anyhow::Result<City>>>,
}

/// What one city was sent, and what it answered.
#[derive(Default)]
pub struct City {
    pub node: String,
    pub expected: Counts,
    pub answered: Counts,
}

/// What was sent in all.
#[derive(Default)]
pub struct Sent {
    pub cities: Vec<City>,
    /// The nation named the absent province while it was away.
    pub absence_was_noticed: bool,
}

impl Sent {
    /// Submissions by city.
    pub fn expected(&self) -> BTreeMap<String, u64> {
        self.cities.iter().map(|city| (city.node.clone(), city.expected.submissions)).collect()
    }
}

pub async fn start(country: &Country, world: &Arc<World>) -> anyhow::Result<Load> {
    let (stop, stopped) = watch::channel(false);
    let mut cities = Vec::new();
    for member in country.members() {
        if world.stream_for(&member.id).is_none() {
            continue;
        }
        let providers = open_all(country, world, member).await?;
        cities.push(spawn(drive(world.clone(), member.id.clone(), providers, stopped.clone())));
    }
    Ok(Load { stop, cities })
}

impl Load {
    pub async fn stop(self) -> anyhow::Result<Sent> {
        self.stop.send_replace(true);
        let mut sent = Sent::default();
        for city in self.cities {
            sent.cities.push(city.await??);
        }
        Ok(sent)
    }
}

#[expect(clippy::disallowed_methods, reason = "the demonstration is no service: its tasks are awaited by hand")]
fn spawn<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> JoinHandle<T> {
    tokio::spawn(work)
}

/// Where one provider's submissions go in, and its receipts come out.
enum Door {
    Stream(Stream),
    Topic(Topic),
}

impl Door {
    async fn send(&mut self, submission: Submission) -> anyhow::Result<()> {
        match self {
            Self::Stream(stream) => stream.send(submission).await,
            Self::Topic(topic) => topic.send(submission).await,
        }
    }

    /// The verdicts, once there is a receipt for each submission.
    async fn answers(self) -> anyhow::Result<Counts> {
        match self {
            Self::Stream(stream) => stream.answers().await,
            Self::Topic(topic) => topic.answers().await,
        }
    }
}

async fn open_all(country: &Country, world: &World, member: &Member) -> anyhow::Result<BTreeMap<String, Door>> {
    let border = country.kafka(&member.id).map(Border::of).transpose()?;
    let (tokens, mut open) = (country.tokens(&member.id), BTreeMap::new());
    for provider in world.providers().iter().filter(|provider| provider.node == member.id) {
        let door = match &border {
            Some(border) => Door::Topic(border.open(&provider.id)),
            None => {
                let token = tokens.get(provider.id.as_ref() as &str).cloned();
                let target = Target { token, ..Target::local(&member.data) };
                Door::Stream(Stream::open(target.connect().await?.ingestion()))
            }
        };
        open.insert(provider.id.to_string(), door);
    }
    Ok(open)
}

async fn drive(
    world: Arc<World>,
    node: String,
    mut providers: BTreeMap<String, Door>,
    stopped: watch::Receiver<bool>,
) -> anyhow::Result<City> {
    let mut city = City { node: node.clone(), ..City::default() };
    let mut stream = world.stream_for(&node).context("only cities have a load")?;
    let mut beat = tokio::time::interval(BEAT);
    while !*stopped.borrow() {
        beat.tick().await;
        for submission in stream.by_ref().take(PER_BEAT) {
            let door = providers.get_mut(submission.provider.as_ref()).context("a submission of an unknown provider")?;
            city.expected.add(submission.expected);
            door.send(submission).await?;
        }
    }
    for (_, door) in providers {
        city.answered += door.answers().await?;
    }
    Ok(city)
}
