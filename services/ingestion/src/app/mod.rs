//! What ingestion does, one file a use case.

pub mod commit;
pub mod dead_letters;
pub mod directory;
pub mod entries;
pub mod intake;
pub mod pulse;
pub mod receipts;
pub mod submissions;
pub mod trace;
pub mod verify;

use std::sync::Arc;

use tracemesh_chassis::Clock;
use tracemesh_journal::Journal;
use tracemesh_peers::Peers;
use tracemesh_store::Database;

use self::directory::Directory;
use self::intake::Intake;
use self::pulse::Pulse;
use self::trace::PublicAnswers;

/// Ingestion of one node: what its doors share.
#[derive(Clone)]
pub struct Ingestion {
    pub node: String,
    pub db: Database,
    pub journal: Journal,
    pub clock: Clock,
    pub directory: Directory,
    pub intake: Intake,
    pub pulse: Arc<Pulse>,
    pub peers: Peers,
    pub public_answers: Arc<PublicAnswers>,
}
