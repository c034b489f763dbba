//! What analytics does, one file a use case.

pub mod aggregates;
pub mod announce;
pub mod below;
pub mod count;
pub mod rebuild;
pub mod recount;
pub mod sheets;
pub mod store_sheet;

use prost::Message;
use tokio::sync::watch;
use tracemesh_access::Principal;
use tracemesh_chassis::Clock;
use tracemesh_chassis::config::NodeIdentity;
use tracemesh_chassis::telemetry::context;
use tracemesh_journal::{Entry, Envelope, Journal};
use tracemesh_peers::Peers;
use tracemesh_proto::analytics::v1::MonthVersion;
use tracemesh_proto::journal::v1::Labels;
use tracemesh_proto::time::timestamp;
use tracemesh_store::{Database, DatabaseTransaction};

use self::announce::Causes;
use crate::config::Settings;
use crate::error::AnalyticsError;

/// What is said of a month whose figures have changed, ours or another node's.
const FIGURES_CHANGED: &str = "figures.changed";

/// Analytics of one node.
#[derive(Clone)]
pub struct Analytics {
    pub node: NodeIdentity,
    pub db: Database,
    pub journal: Journal,
    /// Ingestion's journal, which is counted.
    pub counted: String,
    pub clock: Clock,
    pub peers: Peers,
    pub settings: Settings,
    pub progress: watch::Sender<Progress>,
    pub causes: Causes,
}

/// How the counting goes.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    /// Batches counted since the start.
    pub batches: u64,
    /// Everything that there was has been counted once since the start: from then on figures are worth announcing.
    pub is_caught_up: bool,
    /// Figures that were put aside answer, until those that are being counted again are whole.
    pub is_rebuild: bool,
    /// Why nothing more is counted, where ingestion's history forked.
    pub fork: Option<String>,
}

impl Analytics {
    /// Ends a change: its entries go into the journal and everything is committed, or nothing is.
    async fn commit(&self, tx: DatabaseTransaction, entries: &[Entry]) -> Result<(), AnalyticsError> {
        if !entries.is_empty() {
            self.journal.append(&tx, entries).await?;
        }
        tx.commit().await?;
        self.journal.committed();
        Ok(())
    }

    fn figures_changed(&self, version: &MonthVersion) -> Entry {
        self.entry(FIGURES_CHANGED, "", version.encode_to_vec())
    }

    fn entry(&self, kind: &str, why: &str, body: Vec<u8>) -> Entry {
        let envelope = Envelope {
            kind: kind.into(),
            actor: Principal::service("analytics").to_string(),
            why: why.into(),
            source: format!("follower:{}", self.counted),
            received_at: Some(timestamp(self.clock.now_micros())),
            labels: Some(Labels { area: self.node.area.clone(), category: String::new(), sensitivity: 1 }),
            content_type: "application/x-protobuf".into(),
            traceparent: context::traceparent().unwrap_or_default(),
            ..Envelope::default()
        };
        Entry::new(&envelope, body)
    }
}
