//! What quality does, one file a use case.

use tracemesh_chassis::Clock;
use tracemesh_chassis::config::NodeIdentity;
use tracemesh_journal::Journal;
use tracemesh_peers::Peers;
use tracemesh_store::Database;

/// Quality of one node.
#[derive(Clone)]
#[expect(dead_code, reason = "the use cases follow")]
pub struct Quality {
    pub node: NodeIdentity,
    pub db: Database,
    pub journal: Journal,
    pub clock: Clock,
    pub peers: Peers,
}
