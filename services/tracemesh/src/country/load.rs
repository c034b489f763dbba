//! The load: each city's providers stream their submissions over gRPC, as fast as the beat says, and every receipt is counted against what the
//! generator says that the node owes.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use futures::StreamExt;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio_stream::wrappers::ReceiverStream;
use tracemesh_peers::local::Target;
use tracemesh_proto::ingestion::v1::receipt::Verdict;
use tracemesh_proto::ingestion::v1::{Receipt, SubmitRequest};

use super::nodes::{Country, Member};
use crate::generate::{Counts, Expected, World};

/// One beat of every city's providers, and how many submissions it brings: some 250 a second and city, five times the nation's average.
const BEAT: Duration = Duration::from_millis(100);
const PER_BEAT: usize = 25;
/// Submissions of one provider on their way; a node that is slower slows its providers down.
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
        let providers = connect_all(country, world, member).await?;
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

/// A provider's open stream: where its submissions go in, and its counted receipts come out.
struct Open {
    queue: mpsc::Sender<SubmitRequest>,
    receipts: JoinHandle<anyhow::Result<Counts>>,
}

async fn connect_all(country: &Country, world: &World, member: &Member) -> anyhow::Result<BTreeMap<String, Open>> {
    let mut open = BTreeMap::new();
    for provider in world.providers().iter().filter(|provider| provider.node == member.id) {
        let token = country.tokens().get(provider.id.as_ref() as &str).cloned();
        let target = Target { token, ..Target::local(&member.data) };
        let mut ingestion = target.connect().await?.ingestion();
        let (queue, waiting) = mpsc::channel(ON_THE_WAY);
        let receipts = spawn(async move {
            let mut answers = ingestion.submit(ReceiverStream::new(waiting)).await?.into_inner();
            let mut counts = Counts::default();
            while let Some(answer) = answers.next().await {
                counts.add(verdict(&answer?.receipt.unwrap_or_default()));
            }
            Ok(counts)
        });
        open.insert(provider.id.to_string(), Open { queue, receipts });
    }
    Ok(open)
}

async fn drive(world: Arc<World>, node: String, providers: BTreeMap<String, Open>, stopped: watch::Receiver<bool>) -> anyhow::Result<City> {
    let mut city = City { node: node.clone(), ..City::default() };
    let mut stream = world.stream_for(&node).context("only cities have a load")?;
    let mut beat = tokio::time::interval(BEAT);
    while !*stopped.borrow() {
        beat.tick().await;
        for submission in stream.by_ref().take(PER_BEAT) {
            let provider = providers.get(submission.provider.as_ref()).context("a submission of an unknown provider")?;
            let request =
                SubmitRequest { content_type: "application/json".into(), body: submission.body.into(), ..SubmitRequest::default() };
            provider.queue.send(request).await.context("the node ended the stream")?;
            city.expected.add(submission.expected);
        }
    }
    for (_, Open { queue, receipts }) in providers {
        drop(queue);
        let counts = receipts.await??;
        city.answered.submissions += counts.submissions;
        city.answered.accepted += counts.accepted;
        city.answered.duplicate += counts.duplicate;
        city.answered.rejected += counts.rejected;
    }
    Ok(city)
}

fn verdict(receipt: &Receipt) -> Expected {
    match receipt.verdict() {
        Verdict::Accepted => Expected::Accepted,
        Verdict::Duplicate => Expected::Duplicate,
        Verdict::Rejected | Verdict::Unspecified => Expected::Rejected,
    }
}
