//! A batch is committed before the next is taken: whatever stands in the way of the commit is waited out here, and pauses all partitions.

use std::time::Duration;

use rdkafka::TopicPartitionList;
use rdkafka::consumer::{CommitMode, Consumer as _};
use rdkafka::topic_partition_list::Offset;
use tracemesh_chassis::Shutdown;

use super::Reader;
use crate::app::intake::prepare_all;
use crate::domain::submission::Submission;
use crate::error::IngestionError;
use crate::sources::kafka::partition::Partition;
use crate::store::intake::Tally;

/// The pause before a commit that failed is tried again, doubled up to the second.
const PAUSES: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));

impl Reader {
    /// Commits all of it, however often that must be tried; nothing else is taken meanwhile. What is left at a stop was not taken.
    pub(super) async fn settle(&mut self, batch: Vec<Submission>, shutdown: &Shutdown) -> Result<(), IngestionError> {
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
}
