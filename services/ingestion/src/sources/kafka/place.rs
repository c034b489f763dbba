//! A partition while it is read: its own queue, so that an error in it has its name, and where we stand in it.

use std::sync::Arc;
use std::time::Duration;

use rdkafka::TopicPartitionList;
use rdkafka::consumer::Consumer as _;
use rdkafka::error::KafkaError;
use rdkafka::message::Message;
use rdkafka::topic_partition_list::Offset;
use tokio::sync::Notify;

use super::batch::Batch;
use super::message::{Arrival, submission};
use super::partition::Partition;
use crate::domain::submission::Step;
use crate::kafka::client::{Consumer, Queue};

pub struct Place {
    pub partition: Partition,
    pub source: String,
    /// The next offset to read, as the database has it or will have it after the commit of what was taken.
    pub next: i64,
    /// What came instead of a message. Nothing is taken until somebody has looked at it.
    pub fault: Option<KafkaError>,
    /// There was a fault since the last message.
    pub troubled: bool,
    queue: Queue,
}

impl Place {
    /// Begins at `next`, or where the log begins if it was never read. `arrived` is told when there is something to take.
    pub fn begin(consumer: &Arc<Consumer>, partition: Partition, next: Option<i64>, arrived: &Arc<Notify>) -> Result<Self, KafkaError> {
        let Partition { topic, number, .. } = &partition;
        // Before it is assigned, so that no message goes by way of the common queue.
        let queue = consumer.split_partition_queue(topic, *number);
        let mut queue = queue.ok_or_else(|| KafkaError::Subscription(format!("{topic}/{number} has no queue")))?;
        let arrived = arrived.clone();
        queue.set_nonempty_callback(move || arrived.notify_one());
        let mut assignment = TopicPartitionList::new();
        assignment.add_partition_offset(topic, *number, next.map_or(Offset::Beginning, Offset::Offset))?;
        consumer.incremental_assign(&assignment)?;
        Ok(Self { source: partition.source(), partition, next: next.unwrap_or(0), fault: None, troubled: false, queue })
    }

    pub fn end(self, consumer: &Consumer) -> Result<(), KafkaError> {
        let mut assignment = TopicPartitionList::new();
        assignment.add_partition(&self.partition.topic, self.partition.number);
        consumer.incremental_unassign(&assignment)
    }

    /// Takes what has arrived, at most `most` and as much as fits; how many messages that were.
    pub fn take(&mut self, most: usize, batch: &mut Batch, arrival: &Arrival<'_>) -> usize {
        let mut taken = 0;
        while taken < most && !batch.is_full() && self.fault.is_none() {
            match self.queue.poll(Duration::ZERO) {
                None => break,
                Some(Err(fault)) => self.fault = Some(fault),
                // Behind us: it was taken before, and an offset never goes back.
                Some(Ok(message)) if message.offset() < self.next => {}
                Some(Ok(message)) => {
                    // Offsets have gaps where transactions ended and where a log was compacted.
                    let step = Step { from: self.next, to: message.offset() + 1 };
                    batch.push(submission(&message, step, arrival));
                    self.next = step.to;
                    taken += 1;
                }
            }
        }
        taken
    }
}
