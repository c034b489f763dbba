//! The gRPC service over the journals of one process. Services that share a process share one of these.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, PoisonError, RwLock};

use futures::Stream;
use futures::future::BoxFuture;
use tokio::sync::watch;
use tonic::{Request, Response, Status};
use tracemesh_access::Principal;
use tracemesh_proto::journal::v1::journal_service_server::JournalService;
use tracemesh_proto::journal::v1::{
    FollowRequest, FollowResponse, GetCheckpointRequest, GetCheckpointResponse, GetEntryRequest, GetEntryResponse, HaltRequest,
    HaltResponse, JournalState, ListJournalsRequest, ListJournalsResponse, ProveConsistencyRequest, ProveConsistencyResponse,
    ProveInclusionRequest, ProveInclusionResponse, ReachEpochRequest, ReachEpochResponse, VerifyRequest, VerifyResponse,
};

use self::neighbours::{may_follow, may_hear_of};
use crate::journal::Journal;
use crate::{JournalError, Verification, time};

mod feed;
mod neighbours;
mod verification;

/// Verifies all journals of a service and the tables made from them.
pub type Verifier = Arc<dyn Fn() -> BoxFuture<'static, Result<Vec<Verification>, VerifierError>> + Send + Sync>;
pub type VerifierError = Box<dyn std::error::Error + Send + Sync>;

/// Cheap to clone; journals and verifiers may be added to any clone at any time.
#[derive(Clone)]
pub struct JournalServer {
    kept: Arc<RwLock<Kept>>,
    open: watch::Sender<bool>,
}

#[derive(Default)]
struct Kept {
    journals: BTreeMap<String, Journal>,
    verifiers: BTreeMap<String, Verifier>,
}

impl Default for JournalServer {
    fn default() -> Self {
        Self { kept: Arc::default(), open: watch::Sender::new(true) }
    }
}

impl JournalServer {
    pub fn new() -> Self {
        Self::default()
    }

    /// Offers a journal to followers. A service adds every journal that its tables hold: those that nobody adds are findings.
    pub fn add(&self, journal: &Journal) {
        self.write(|kept| kept.journals.insert(journal.name().to_owned(), journal.clone()));
    }

    /// How `service` is verified. Without one, its journals are verified and nothing that was made from them.
    pub fn add_verifier(&self, service: &str, verifier: Verifier) {
        self.write(|kept| kept.verifiers.insert(service.to_owned(), verifier));
    }

    /// Ends the streams of all followers, now and later: they would hold up a stop. They come back to whoever serves next.
    pub fn stop(&self) {
        self.open.send_replace(false);
    }

    fn journal(&self, name: &str) -> Result<Journal, Status> {
        let found = self.read(|kept| kept.journals.get(name).cloned());
        found.ok_or_else(|| Status::not_found(format!("there is no journal {name:?} here")))
    }

    fn journals_of(&self, service: &str) -> Vec<Journal> {
        let of = |journal: &&Journal| service.is_empty() || journal.service() == service;
        self.read(|kept| kept.journals.values().filter(of).cloned().collect())
    }

    fn read<R>(&self, read: impl FnOnce(&Kept) -> R) -> R {
        read(&self.kept.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn write<R>(&self, write: impl FnOnce(&mut Kept) -> R) -> R {
        write(&mut self.kept.write().unwrap_or_else(PoisonError::into_inner))
    }
}

#[tonic::async_trait]
impl JournalService for JournalServer {
    type FollowStream = Pin<Box<dyn Stream<Item = Result<FollowResponse, Status>> + Send>>;

    async fn list_journals(&self, request: Request<ListJournalsRequest>) -> Result<Response<ListJournalsResponse>, Status> {
        let mut journals = Vec::new();
        let all = self.journals_of(&request.get_ref().service);
        for journal in all.iter().filter(|journal| may_hear_of(request.extensions().get(), journal.name())) {
            journals.push(state(journal).await.map_err(status)?);
        }
        Ok(Response::new(ListJournalsResponse { journals }))
    }

    async fn follow(&self, request: Request<FollowRequest>) -> Result<Response<Self::FollowStream>, Status> {
        neighbours::admit(may_follow, &request, &request.get_ref().journal)?;
        let FollowRequest { journal, epoch, after } = request.into_inner();
        let feed = feed::begin(self.journal(&journal)?, epoch, after, self.open.subscribe()).await.map_err(status)?;
        Ok(Response::new(Box::pin(feed)))
    }

    async fn get_entry(&self, request: Request<GetEntryRequest>) -> Result<Response<GetEntryResponse>, Status> {
        let GetEntryRequest { journal, epoch, seq } = request.into_inner();
        let found = self.journal(&journal)?.entry(seq).await.map_err(status)?;
        let found = found.filter(|stored| epoch == 0 || epoch == stored.epoch);
        let stored = found.ok_or_else(|| Status::not_found(format!("{journal} has no entry {epoch}/{seq}")))?;
        Ok(Response::new(GetEntryResponse {
            envelope: Some(stored.entry.envelope),
            body: stored.entry.body,
            recorded_at: Some(time::to_wire(stored.recorded_at)),
        }))
    }

    async fn get_checkpoint(&self, request: Request<GetCheckpointRequest>) -> Result<Response<GetCheckpointResponse>, Status> {
        neighbours::admit(may_hear_of, &request, &request.get_ref().journal)?;
        let GetCheckpointRequest { journal, epoch } = request.into_inner();
        let journal = self.journal(&journal)?;
        let newest = journal.checkpoint().await.map_err(status)?;
        let checkpoint = match epoch == 0 || epoch == newest.epoch {
            true => newest,
            false => journal.checkpoint_of(epoch).await.map_err(status)?,
        };
        let public_key = journal.public_key().to_bytes().to_vec().into();
        Ok(Response::new(GetCheckpointResponse { checkpoint: Some(checkpoint), public_key }))
    }

    async fn prove_consistency(&self, request: Request<ProveConsistencyRequest>) -> Result<Response<ProveConsistencyResponse>, Status> {
        neighbours::admit(may_hear_of, &request, &request.get_ref().journal)?;
        let ProveConsistencyRequest { journal, epoch, old_size, new_size } = request.into_inner();
        let proof = self.journal(&journal)?.prove_consistency(epoch, old_size, new_size).await.map_err(status)?;
        Ok(Response::new(ProveConsistencyResponse { proof: proof.into() }))
    }

    async fn prove_inclusion(&self, request: Request<ProveInclusionRequest>) -> Result<Response<ProveInclusionResponse>, Status> {
        let ProveInclusionRequest { journal, seq, size } = request.into_inner();
        let proof = self.journal(&journal)?.prove_inclusion(seq, size).await.map_err(status)?;
        proof.map(Response::new).ok_or_else(|| Status::not_found(format!("{journal} has no entry {seq}")))
    }

    async fn halt(&self, request: Request<HaltRequest>) -> Result<Response<HaltResponse>, Status> {
        let HaltRequest { service, why } = request.into_inner();
        for journal in self.journals_of(&service) {
            journal.halt(&why).await.map_err(status)?;
        }
        Ok(Response::new(HaltResponse {}))
    }

    async fn reach_epoch(&self, request: Request<ReachEpochRequest>) -> Result<Response<ReachEpochResponse>, Status> {
        let actor = request.extensions().get().map(Principal::to_string).unwrap_or_default();
        let ReachEpochRequest { service, at_least, why } = request.into_inner();
        for journal in self.journals_of(&service) {
            journal.reach_epoch(at_least, &actor, &why).await.map_err(status)?;
        }
        Ok(Response::new(ReachEpochResponse {}))
    }

    async fn verify(&self, request: Request<VerifyRequest>) -> Result<Response<VerifyResponse>, Status> {
        Ok(Response::new(self.verify_service(&request.into_inner().service).await?))
    }
}

async fn state(journal: &Journal) -> Result<JournalState, JournalError> {
    let checkpoint = journal.checkpoint().await?;
    Ok(JournalState {
        journal: journal.name().to_owned(),
        epoch: checkpoint.epoch,
        public_key: journal.public_key().to_bytes().to_vec().into(),
        checkpoint: Some(checkpoint),
    })
}

/// Where a journal's error becomes an answer, and is logged if it is ours.
fn status(error: JournalError) -> Status {
    let text = error.to_string();
    match error {
        JournalError::BeyondEnd { .. } => Status::out_of_range(text),
        JournalError::OtherEpoch { .. } | JournalError::Halted { .. } => Status::failed_precondition(text),
        JournalError::NoSuchTree { .. } => Status::not_found(text),
        JournalError::Damaged { .. } => {
            tracing::error!(error = text, "a damaged journal was read");
            Status::data_loss(text)
        }
        JournalError::Database(source) => {
            tracing::error!(error = &source as &dyn std::error::Error, "a journal's database failed");
            Status::unavailable(text)
        }
        JournalError::Name { .. } | JournalError::Empty | JournalError::TooLarge { .. } => Status::invalid_argument(text),
    }
}
