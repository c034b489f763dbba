//! Records from Kafka: every provider's topic, read by exactly one process at a time, each message taken once whatever dies.
//!
//! ```text
//! directory ─▶ leasing ─which partitions are ours─▶ reader ─batch─▶ prepare ─▶ commit {rows, entries, offset} ─▶ Kafka's own offset, for lag tools
//! ```
//!
//! 1. **Lease.** [`leasing`] makes the topics that a provider lacks, finds their partitions, and leases this process's share of them in the
//!    database. There is no consumer group: after a `kill -9` a dead member would block its group until its session ran out.
//! 2. **Begin.** [`reader`] assigns each leased partition by hand at the offset that the database holds. A partition that was never read begins
//!    where its log does. An offset outside of the log stops that partition, visibly ([`lost`]): what lay there is gone, and to go on
//!    elsewhere would say that nothing was.
//! 3. **Take.** Messages of all partitions are gathered for 50 ms or up to 10,000 and prepared as those of every door are. While a batch is
//!    on its way nothing is taken from the queues, and librdkafka pauses a partition whose queue is full: a slow database costs bounded
//!    memory and loses nothing.
//! 4. **Commit.** Rows, entries and offsets are one transaction, and the offset moves only from where we began to read. Where another process
//!    has moved it, nothing of that partition is written; it is read again from the database's offset, and the others' messages are committed
//!    without it. This is a commit of its own, not one that the doors share, so that a partition that moved takes nobody's submission along.
//!
//! Receipts are a follower's affair: they come from the journal, not from here.

mod batch;
mod leasing;
mod lost;
mod message;
mod partition;
mod place;
mod reader;
mod share;

use std::sync::Arc;

use tokio::sync::watch;
use tracemesh_chassis::{OnFailure, Runtime, TaskError};

use self::leasing::{Leasing, owner};
use self::reader::Reader;
use crate::app::Ingestion;
use crate::app::commit::Commit;
use crate::config::KafkaSettings;
use crate::kafka::client::Broker;
use crate::kafka::topics::Topics;
use crate::kafka::troubles::Troubles;

pub use self::leasing::Held;

/// What both directions share.
#[derive(Clone)]
pub struct Border {
    pub broker: Broker,
    pub topics: Topics,
    pub troubles: Troubles,
    pub settings: KafkaSettings,
}

/// Starts reading. What this process holds is told to whoever else does something that one process alone should do.
pub fn start(runtime: &Runtime, ingestion: &Ingestion, commit: &Commit, border: &Border) -> Result<watch::Receiver<Held>, TaskError> {
    let held = Arc::new(watch::Sender::new(Held::default()));
    let holdings = held.subscribe();
    // Made here once to tell a setting that librdkafka does not take before the node serves.
    let admin = Arc::new(border.broker.admin()?);
    let owner = owner(&runtime.config().data_dir)?;

    let leasing = Leasing::new(ingestion, border, admin, owner, held.clone());
    runtime.tasks().spawn("ingestion.kafka.leasing", OnFailure::Restart(Default::default()), move |shutdown| leasing.clone().run(shutdown));

    let (ingestion, commit, border) = (ingestion.clone(), commit.clone(), border.clone());
    runtime.tasks().spawn("ingestion.kafka.reader", OnFailure::Restart(Default::default()), move |shutdown| {
        let reader = Reader::new(&ingestion, &commit, &border, held.subscribe());
        async move { reader?.run(shutdown).await }
    });
    Ok(holdings)
}
