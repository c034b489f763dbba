//! Reads the partitions that this process holds. One loop does everything with the consumer, so that between two batches nothing moves.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use rdkafka::TopicPartitionList;
use rdkafka::consumer::{CommitMode, Consumer as _};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::Message;
use rdkafka::topic_partition_list::Offset;
use tokio::sync::{Notify, watch};
use tokio::time::Instant;
use tracemesh_chassis::{Clock, Shutdown, TaskError};

use super::Border;
use super::batch::Batch;
use super::leasing::Held;
use super::lost::OffsetLost;
use super::message::Arrival;
use super::partition::Partition;
use super::place::Place;
use crate::app::Ingestion;
use crate::app::commit::Commit;
use crate::app::directory::Directory;
use crate::app::intake::prepare_all;
use crate::app::pulse::Pulse;
use crate::config::KafkaSettings;
use crate::domain::submission::Submission;
use crate::error::IngestionError;
use crate::kafka::client::Consumer;
use crate::kafka::troubles::Troubles;
use crate::store;
use crate::store::intake::Tally;

/// How often librdkafka's own affairs are served while nothing arrives.
const IDLE: Duration = Duration::from_secs(1);
/// The pause before a commit that failed is tried again, doubled up to the second.
const PAUSES: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));
/// How long the broker may take to say where a log begins and ends.
const PATIENCE: Duration = Duration::from_secs(4);

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
                batch = self.gather() => batch,
                () = shutdown.requested() => return Ok(()),
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
        let moved = std::mem::take(&mut self.moved);
        let stays = |place: &Place| held.contains(&place.partition) && !moved.contains(&place.source);
        let (stay, go): (Vec<Place>, Vec<Place>) = std::mem::take(&mut self.places).into_iter().partition(stays);
        self.places = stay;
        for place in go {
            self.troubles.end(&place.source);
            place.end(&self.consumer)?;
        }
        let (stopped, released): (BTreeSet<Partition>, _) =
            std::mem::take(&mut self.stopped).into_iter().partition(|partition| held.contains(partition));
        self.stopped = stopped;
        released.iter().for_each(|partition| self.troubles.end(&partition.source()));
        let read: BTreeSet<Partition> = self.places.iter().map(|place| place.partition.clone()).collect();
        for partition in held.into_iter().filter(|partition| !read.contains(partition) && !self.stopped.contains(partition)) {
            let next = store::offsets::next(self.commit.db.read(), &partition.source()).await?;
            tracing::debug!(source = partition.source(), next, "partition taken up");
            self.places.push(Place::begin(&self.consumer, partition, next, &self.arrived)?);
        }
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

    /// Commits all of it, however often that must be tried; nothing else is taken meanwhile. What is left at a stop was not taken.
    async fn settle(&mut self, batch: Vec<Submission>, shutdown: &Shutdown) -> Result<(), IngestionError> {
        let mut left = prepare_all(batch).await?;
        let (mut pause, longest) = PAUSES;
        while !left.is_empty() {
            let (receipts, failure) = self.commit.batch(&left).await;
            self.pulse.add(self.clock.now_micros(), Tally::of(&receipts));
            left.drain(..receipts.len());
            match failure {
                None => {}
                Some(IngestionError::SourceMoved { of, expected }) => {
                    tracing::warn!(source = of, expected, "another process has moved the offset: the partition is read again from there");
                    left.retain(|prepared| prepared.submission().source != of);
                    self.moved.insert(of);
                }
                Some(failure) => {
                    self.say_commit_failed(&failure, left.len());
                    tokio::select! {
                        () = tokio::time::sleep(pause) => pause = (pause * 2).min(longest),
                        () = shutdown.requested() => return Ok(()),
                    }
                }
            }
        }
        self.troubles.end("commit");
        self.tell_lag_tools();
        Ok(())
    }

    fn say_commit_failed(&self, failure: &IngestionError, waiting: usize) {
        let error: &dyn std::error::Error = failure;
        if self.troubles.begin("commit", &failure.to_string()) {
            tracing::error!(waiting, error, "kafka: a commit failed, and is tried until it succeeds");
        }
    }

    /// Nothing depends on it, so that nothing waits for it.
    fn tell_lag_tools(&self) {
        let mut offsets = TopicPartitionList::new();
        for place in self.places.iter().filter(|place| !self.moved.contains(&place.source)) {
            let Partition { topic, number, .. } = &place.partition;
            let told = offsets.add_partition_offset(topic, *number, Offset::Offset(place.next));
            debug_assert!(told.is_ok(), "{told:?}");
        }
        if let Err(error) = self.consumer.commit(&offsets, CommitMode::Async) {
            tracing::debug!(%error, "lag tools do not see our offsets");
        }
    }

    async fn look_at_faults(&mut self) -> Result<(), TaskError> {
        let (faulty, well): (Vec<Place>, Vec<Place>) =
            std::mem::take(&mut self.places).into_iter().partition(|place| place.fault.is_some());
        self.places = well;
        for mut place in faulty {
            let moved = self.moved.contains(&place.source);
            match place.fault.take() {
                Some(KafkaError::MessageConsumption(RDKafkaErrorCode::AutoOffsetReset)) if !moved => self.stop(place).await?,
                fault => {
                    fault.inspect(|fault| self.say_unreadable(&place, fault));
                    place.troubled = true;
                    self.places.push(place);
                }
            }
        }
        Ok(())
    }

    fn say_unreadable(&self, place: &Place, fault: &KafkaError) {
        if self.troubles.begin(&place.source, &fault.to_string()) {
            tracing::error!(source = place.source, next = place.next, %fault, "a partition cannot be read; it is tried again");
        }
    }

    /// The alarm is in the journal before the partition counts as stopped.
    async fn stop(&mut self, place: Place) -> Result<(), TaskError> {
        let lost = OffsetLost { source: &place.source, next: place.next, log: self.log_of(&place.partition).await };
        tracing::error!(source = place.source, %lost, "a partition stops: what it held there is gone");
        let entry = lost.entry(&place.partition.provider, self.clock.now_micros());
        let Commit { db, journal, .. } = &self.commit;
        let tx = db.begin().await?;
        journal.append(&tx, &[entry]).await?;
        tx.commit().await?;
        journal.committed();
        self.troubles.begin(&place.source, &lost.to_string());
        self.stopped.insert(place.partition.clone());
        Ok(place.end(&self.consumer)?)
    }

    async fn log_of(&self, partition: &Partition) -> Option<(i64, i64)> {
        let (consumer, partition) = (self.consumer.clone(), partition.clone());
        let asked = tokio::task::spawn_blocking(move || consumer.fetch_watermarks(&partition.topic, partition.number, PATIENCE));
        asked.await.ok()?.ok()
    }
}
