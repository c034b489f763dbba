//! Having it proven by a child that its journal continues what is held of it.
//!
//! The offered checkpoint only says that it is time to ask. What is proven is the journal's newest tree, and it has to continue both what was held
//! and what was offered since, so that nothing that was ever said can be withdrawn.

use ed25519_dalek::VerifyingKey;
use tonic::{Code, Status};
use tracemesh_journal::{Checkpoint, verify_checkpoint, verify_consistency};
use tracemesh_peers::{Caller, Clients};
use tracemesh_proto::federation::v1::ForkFound;
use tracemesh_proto::journal::v1::journal_service_client::JournalServiceClient;
use tracemesh_proto::journal::v1::{GetCheckpointRequest, JournalState, ProveConsistencyRequest};

use crate::domain::link::Tree;
use crate::domain::link::parent::Verdict;
use crate::followers::uplink::tree;
use crate::store::held::Held;

/// What came of a proof.
pub struct Proof {
    pub journal: String,
    /// What was to be proven, as the machine knows it.
    pub asked: Tree,
    pub verdict: Verdict,
    /// The newest checkpoint, where it continues everything.
    pub proven: Option<Checkpoint>,
    /// What was offered when the proof began: answered by it.
    pub offered: Option<Checkpoint>,
    /// Where it does not.
    pub fork: Option<ForkFound>,
}

/// Why there is no proof.
enum Failure {
    Forks { why: &'static str, held: Option<Box<Checkpoint>>, offered: Option<Box<Checkpoint>> },
    Unanswered(Status),
}

impl From<Status> for Failure {
    fn from(status: Status) -> Self {
        Self::Unanswered(status)
    }
}

/// Asks the child for its proof.
pub async fn prove(clients: &Clients, child: &str, held: Held, asked: Tree) -> Proof {
    let Held { journal, public_key, checkpoint, offered } = held;
    let outcome = match public_key.as_slice().try_into().ok().and_then(|key| VerifyingKey::from_bytes(key).ok()) {
        Some(key) => {
            let mut prover = Prover { client: clients.journal("federation"), journal: journal.clone(), key };
            prover.continues(checkpoint.iter().chain(&offered)).await
        }
        None => Err(Failure::Forks { why: "its key is none", held: None, offered: None }),
    };
    let (verdict, proven, fork) = match outcome {
        Ok(newest) => (Verdict::Continues(tree(&newest)), Some(newest), None),
        Err(Failure::Forks { why, held, offered }) => {
            let (child, held, offered) = (child.to_owned(), held.map(|held| *held), offered.map(|offered| *offered));
            let fork = ForkFound { child, journal: journal.clone(), why: why.to_owned(), held, offered };
            (Verdict::Forks(why.to_owned()), None, Some(fork))
        }
        Err(Failure::Unanswered(status)) => {
            tracing::debug!(child, journal, %status, "no proof");
            (Verdict::Unanswered, None, None)
        }
    };
    Proof { journal, asked, verdict, proven, offered, fork }
}

/// The newest checkpoint of one of the child's journals, with its key: nothing of it is checked yet.
pub async fn newest(clients: &Clients, journal: &str) -> Result<JournalState, Status> {
    let request = GetCheckpointRequest { journal: journal.to_owned(), epoch: 0 };
    let answer = clients.journal("federation").get_checkpoint(request).await?.into_inner();
    let epoch = answer.checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.epoch);
    Ok(JournalState { journal: journal.to_owned(), epoch, public_key: answer.public_key, checkpoint: answer.checkpoint })
}

struct Prover {
    client: JournalServiceClient<Caller>,
    journal: String,
    key: VerifyingKey,
}

impl Prover {
    /// The newest checkpoint, once it is shown to continue every one of `known`.
    async fn continues(&mut self, known: impl Iterator<Item = &Checkpoint>) -> Result<Checkpoint, Failure> {
        let newest = self.checkpoint(0).await?;
        for known in known {
            self.continues_one(known, &newest).await?;
        }
        Ok(newest)
    }

    async fn continues_one(&mut self, known: &Checkpoint, newest: &Checkpoint) -> Result<(), Failure> {
        let forks = |why, offered: &Checkpoint| Failure::Forks {
            why,
            held: Some(Box::new(known.clone())),
            offered: Some(Box::new(offered.clone())),
        };
        if !verify_checkpoint(known, &self.key) {
            return Err(forks("a checkpoint is not signed by its key", newest));
        }
        if known.epoch > newest.epoch {
            return Err(forks("it went back to an earlier epoch", newest));
        }
        // An epoch that is over ends with a checkpoint over all of it.
        let end = if known.epoch == newest.epoch { newest.clone() } else { self.checkpoint(known.epoch).await? };
        if known.size > end.size {
            return Err(forks("it is shorter than it was", &end));
        }
        if known.size == 0 {
            return Ok(());
        }
        let request =
            ProveConsistencyRequest { journal: self.journal.clone(), epoch: known.epoch, old_size: known.size, new_size: end.size };
        let proof = self.client.prove_consistency(request).await?.into_inner().proof;
        let proven = verify_consistency(known.size, &known.root, end.size, &end.root, &proof);
        proven.map_err(|_| forks("it has other commits than it had", &end))
    }

    /// Signed by the key that we know, and of this journal.
    async fn checkpoint(&mut self, epoch: u64) -> Result<Checkpoint, Failure> {
        let request = GetCheckpointRequest { journal: self.journal.clone(), epoch };
        let answer = self.client.get_checkpoint(request).await?.into_inner();
        let checkpoint = answer.checkpoint.ok_or_else(|| Status::new(Code::DataLoss, "there is no checkpoint in the answer"))?;
        let forks = |why| Failure::Forks { why, held: None, offered: Some(Box::new(checkpoint.clone())) };
        if answer.public_key[..] != self.key.as_bytes()[..] {
            return Err(forks("its key is not the known one"));
        }
        if checkpoint.journal != self.journal || !verify_checkpoint(&checkpoint, &self.key) {
            return Err(forks("a checkpoint is not signed by its key"));
        }
        Ok(checkpoint)
    }
}
