//! What came instead of a message: an offset outside of the log stops its partition, everything else is said and tried again.

use std::time::Duration;

use rdkafka::consumer::Consumer as _;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use tracemesh_chassis::TaskError;

use super::Reader;
use crate::app::commit::Commit;
use crate::sources::kafka::lost::OffsetLost;
use crate::sources::kafka::partition::Partition;
use crate::sources::kafka::place::Place;

/// How long the broker may take to say where a log begins and ends.
const PATIENCE: Duration = Duration::from_secs(4);

impl Reader {
    pub(super) async fn look_at_faults(&mut self) -> Result<(), TaskError> {
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
