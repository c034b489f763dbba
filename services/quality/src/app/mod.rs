//! What quality does, one file a use case. What is found changes with the journal that is followed, in the transaction of its cursor; what people
//! do to findings and mismatches is one transaction each: the state, the journal's entry, the commit.

mod chains;
mod dry_run;
mod entries;
mod escalate;
mod findings;
mod follow;
mod judge;
mod mismatches;
mod rebuild;
mod rules;
mod say;
mod scorecard;

pub use dry_run::{Count, Tried};
pub use findings::{Listed, Wanted};
pub use mismatches::Reports;
pub use scorecard::Scorecard;

use tokio::sync::watch;
use tracemesh_chassis::Clock;
use tracemesh_chassis::config::NodeIdentity;
use tracemesh_journal::Journal;
use tracemesh_peers::Peers;
use tracemesh_store::Database;

use crate::config::Settings;

/// Quality of one node.
#[derive(Clone)]
pub struct Quality {
    pub node: NodeIdentity,
    pub db: Database,
    pub journal: Journal,
    /// Ingestion's journal, which is followed.
    pub followed: String,
    pub clock: Clock,
    pub peers: Peers,
    pub settings: Settings,
    pub progress: watch::Sender<Progress>,
}

/// How the following goes.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    /// Everything that there was has been looked at once since the start.
    pub is_caught_up: bool,
    /// Why nothing more is looked at, where ingestion's history forked.
    pub fork: Option<String>,
}
