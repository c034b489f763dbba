//! Reads the partitions that this process holds. One loop does everything with the consumer, so that between two batches nothing moves.

mod settling;
mod stopping;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use rdkafka::error::KafkaError;
use rdkafka::message::Message;
use tokio::sync::{Notify, watch};
use tokio::time::Instant;
use tracemesh_chassis::{Clock, Shutdown, TaskError};

use super::Border;
use super::batch::Batch;
use super::leasing::Held;
use super::message::Arrival;
use super::partition::Partition;
use super::place::Place;
use crate::app::Ingestion;
use crate::app::commit::Commit;
use crate::app::directory::Directory;
use crate::app::pulse::Pulse;
use crate::config::KafkaSettings;
use crate::domain::submission::Submission;
use crate::kafka::client::Consumer;
use crate::kafka::troubles::Troubles;
use crate::store;

/// How often librdkafka's own affairs are served while nothing arrives.
const IDLE: Duration = Duration::from_secs(1);

pub struct Reader {
    consumer: Arc<Consumer>,
    commit: Commit,
    directory: Directory,
    clock: Clock,
    pulse: Arc<Pulse>,
    settings: KafkaSettings,
    troubles: Troubles,
    held: watch::Receiver<Held>,
    places: Vec<Place>,
    /// Their offset lies outside of the log. They stay so until they are let go of.
    stopped: BTreeSet<Partition>,
    /// Sources that somebody else has moved: they are read again from where the database says.
    moved: BTreeSet<String>,
    arrived: Arc<Notify>,
}

impl Reader {
    pub fn new(ingestion: &Ingestion, commit: &Commit, border: &Border, held: watch::Receiver<Held>) -> Result<Self, KafkaError> {
        Ok(Self {
            consumer: Arc::new(border.broker.consumer()?),
            commit: commit.clone(),
            directory: ingestion.directory.clone(),
            clock: ingestion.clock.clone(),
            pulse: ingestion.pulse.clone(),
            settings: border.settings.clone(),
            troubles: border.troubles.clone(),
            held,
            places: Vec::new(),
            stopped: BTreeSet::new(),
            moved: BTreeSet::new(),
            arrived: Arc::default(),
        })
    }

    pub async fn run(mut self, shutdown: Shutdown) -> Result<(), TaskError> {
        loop {
            self.follow_leases().await?;
            let batch = tokio::select! {
                biased;
                () = shutdown.requested() => return Ok(()),
                batch = self.gather() => batch,
            };
            if !batch.is_empty() {
                self.settle(batch, &shutdown).await?;
            }
            self.look_at_faults().await?;
        }
    }

    /// Lets go of what is no longer held, and takes up what is new from the database's offset.
    async fn follow_leases(&mut self) -> Result<(), TaskError> {
        let held = self.held.borrow_and_update().partitions.clone();
        self.let_go(&held)?;
        let read: BTreeSet<Partition> = self.places.iter().map(|place| place.partition.clone()).collect();
        for partition in held.into_iter().filter(|partition| !read.contains(partition) && !self.stopped.contains(partition)) {
            let source = partition.source();
            let next = store::offsets::next(self.commit.db.read(), &source).await?;
            tracing::debug!(source, next, "partition taken up");
            self.troubles.end(&source);
            self.places.push(Place::begin(&self.consumer, partition, next, &self.arrived)?);
        }
        Ok(())
    }

    fn let_go(&mut self, held: &BTreeSet<Partition>) -> Result<(), KafkaError> {
        let moved = std::mem::take(&mut self.moved);
        let stays = |place: &Place| held.contains(&place.partition) && !moved.contains(&place.source);
        let (stay, go): (Vec<Place>, Vec<Place>) = std::mem::take(&mut self.places).into_iter().partition(stays);
        self.places = stay;
        for place in go {
            self.troubles.end(&place.source);
            place.end(&self.consumer)?;
        }
        let troubles = &self.troubles;
        self.stopped.retain(|partition| {
            let stays = held.contains(partition);
            if !stays {
                troubles.end(&partition.source());
            }
            stays
        });
        Ok(())
    }

    /// Messages of all partitions, as many as are there within a moment of the first. Empty when the leases have changed, or something is
    /// wrong with a partition.
    async fn gather(&mut self) -> Vec<Submission> {
        let mut batch = Batch::new(self.settings.batch_messages);
        let mut until = None;
        // Whoever comes first may fill the batch.
        if !self.places.is_empty() {
            self.places.rotate_left(1);
        }
        loop {
            self.serve();
            self.take(&mut batch);
            let now = Instant::now();
            if !batch.is_empty() {
                until.get_or_insert(now + Duration::from_millis(self.settings.batch_wait_ms));
            }
            let over = batch.is_full() || until.is_some_and(|until| until <= now);
            if over || !self.moved.is_empty() || self.places.iter().any(|place| place.fault.is_some()) {
                return batch.submissions;
            }
            tokio::select! {
                () = self.arrived.notified() => {}
                () = tokio::time::sleep_until(until.unwrap_or(now + IDLE)) => {}
                _ = self.held.changed(), if until.is_none() => return batch.submissions,
            }
        }
    }

    /// In turn, so that a provider with a backlog does not keep the others waiting.
    fn take(&mut self, batch: &mut Batch) {
        let share = (self.settings.batch_messages / self.places.len().max(1)).max(1);
        let received_at = self.clock.now_micros();
        let mut taken = 1;
        while taken > 0 && !batch.is_full() {
            taken = 0;
            for place in &mut self.places {
                // Suspended a moment ago: its messages stay where they are, and its leases go soon.
                let Ok(scope) = self.directory.scope(&place.partition.provider) else { continue };
                let source = place.source.clone();
                let of_place = place.take(share, batch, &Arrival { scope, source: &source, received_at });
                if of_place > 0 && std::mem::take(&mut place.troubled) {
                    self.troubles.end(&place.source);
                }
                taken += of_place;
            }
        }
    }

    /// The common queue holds librdkafka's own affairs. A message there has missed its partition's queue; what came through that may be newer.
    fn serve(&mut self) {
        match self.consumer.poll(Duration::ZERO) {
            None => {}
            Some(Err(error)) => tracing::debug!(%error, "kafka consumer"),
            Some(Ok(stray)) => {
                let strayed = |place: &&Place| place.partition.topic == stray.topic() && place.partition.number == stray.partition();
                self.moved.extend(self.places.iter().find(strayed).map(|place| place.source.clone()));
            }
        }
    }
}
