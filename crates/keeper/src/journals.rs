//! The journals of a whole node, asked for at any of its processes: a journal's name says whose it is, and what is kept elsewhere is asked for there,
//! on behalf of whoever asked here. So a parent that holds one tunnel reads all of them, and one `audit verify` reads every service.
//!
//! Another process of this node is answered with what is kept here alone: it knows itself where the rest is. Only such processes halt journals and
//! begin epochs, so that those are asked for where they are kept.

use std::pin::Pin;

use futures::Stream;
use tonic::{Extensions, Request, Response, Status};
use tracemesh_access::Principal;
use tracemesh_chassis::Runtime;
use tracemesh_chassis::auth::PeerNode;
use tracemesh_journal::JournalServer;
use tracemesh_peers::{Caller, Peers};
use tracemesh_proto::journal::v1::journal_service_client::JournalServiceClient;
use tracemesh_proto::journal::v1::journal_service_server::JournalService;
use tracemesh_proto::journal::v1::{
    FollowRequest, FollowResponse, GetCheckpointRequest, GetCheckpointResponse, GetEntryRequest, GetEntryResponse, HaltRequest,
    HaltResponse, ListJournalsRequest, ListJournalsResponse, ProveConsistencyRequest, ProveConsistencyResponse, ProveInclusionRequest,
    ProveInclusionResponse, ReachEpochRequest, ReachEpochResponse, VerifyRequest, VerifyResponse,
};

/// The services that keep journals.
pub const KEEPERS: [&str; 6] = ["registry", "ingestion", "quality", "emergency", "analytics", "federation"];

/// The journals of this process, and the way to the others.
#[derive(Clone)]
pub(crate) struct NodeJournals {
    runtime: Runtime,
    here: JournalServer,
    peers: Peers,
    message_bytes: usize,
}

type Client = JournalServiceClient<Caller>;

impl NodeJournals {
    pub(crate) fn new(runtime: &Runtime, here: &JournalServer, message_bytes: usize) -> Self {
        Self { runtime: runtime.clone(), here: here.clone(), peers: Peers::new(runtime), message_bytes }
    }

    /// The way to the process that keeps a journal, unless that is this one.
    fn keeper<T>(&self, journal: &str, request: &Request<T>) -> Option<Client> {
        let noun = journal.split('.').nth(1).filter(|noun| !noun.is_empty())?;
        self.others(noun, request.extensions()).pop()
    }

    /// The ways to the processes that keep journals of a service, or with an empty noun to all.
    fn others(&self, noun: &str, asked: &Extensions) -> Vec<Client> {
        let is_own = asked.get::<PeerNode>().is_some_and(|peer| peer.id == self.runtime.node().id);
        let Some(caller) = asked.get::<Principal>().filter(|_| !is_own) else { return Vec::new() };
        let clients = self.peers.on_behalf(caller);
        let asked_for = |keeper: &&'static str| (noun.is_empty() || noun == *keeper) && self.runtime.is_elsewhere(keeper);
        let client = |keeper| clients.journal(keeper).max_decoding_message_size(self.message_bytes);
        KEEPERS.into_iter().filter(asked_for).map(client).collect()
    }
}

#[tonic::async_trait]
impl JournalService for NodeJournals {
    type FollowStream = Pin<Box<dyn Stream<Item = Result<FollowResponse, Status>> + Send>>;

    async fn list_journals(&self, request: Request<ListJournalsRequest>) -> Result<Response<ListJournalsResponse>, Status> {
        let (metadata, extensions, message) = request.into_parts();
        let others = self.others(&message.service, &extensions);
        let mut journals = self.here.list_journals(Request::new(message.clone())).await?.into_inner().journals;
        for mut other in others {
            let again = Request::from_parts(metadata.clone(), Extensions::new(), message.clone());
            journals.extend(other.list_journals(again).await?.into_inner().journals);
        }
        Ok(Response::new(ListJournalsResponse { journals }))
    }

    async fn follow(&self, request: Request<FollowRequest>) -> Result<Response<Self::FollowStream>, Status> {
        match self.keeper(&request.get_ref().journal, &request) {
            Some(mut keeper) => Ok(keeper.follow(request).await?.map(|stream| Box::pin(stream) as Self::FollowStream)),
            None => self.here.follow(request).await,
        }
    }

    async fn get_entry(&self, request: Request<GetEntryRequest>) -> Result<Response<GetEntryResponse>, Status> {
        match self.keeper(&request.get_ref().journal, &request) {
            Some(mut keeper) => keeper.get_entry(request).await,
            None => self.here.get_entry(request).await,
        }
    }

    async fn get_checkpoint(&self, request: Request<GetCheckpointRequest>) -> Result<Response<GetCheckpointResponse>, Status> {
        match self.keeper(&request.get_ref().journal, &request) {
            Some(mut keeper) => keeper.get_checkpoint(request).await,
            None => self.here.get_checkpoint(request).await,
        }
    }

    async fn prove_consistency(&self, request: Request<ProveConsistencyRequest>) -> Result<Response<ProveConsistencyResponse>, Status> {
        match self.keeper(&request.get_ref().journal, &request) {
            Some(mut keeper) => keeper.prove_consistency(request).await,
            None => self.here.prove_consistency(request).await,
        }
    }

    async fn prove_inclusion(&self, request: Request<ProveInclusionRequest>) -> Result<Response<ProveInclusionResponse>, Status> {
        match self.keeper(&request.get_ref().journal, &request) {
            Some(mut keeper) => keeper.prove_inclusion(request).await,
            None => self.here.prove_inclusion(request).await,
        }
    }

    async fn halt(&self, request: Request<HaltRequest>) -> Result<Response<HaltResponse>, Status> {
        self.here.halt(request).await
    }

    async fn reach_epoch(&self, request: Request<ReachEpochRequest>) -> Result<Response<ReachEpochResponse>, Status> {
        self.here.reach_epoch(request).await
    }

    async fn verify(&self, request: Request<VerifyRequest>) -> Result<Response<VerifyResponse>, Status> {
        let (metadata, extensions, message) = request.into_parts();
        let others = self.others(&message.service, &extensions);
        let mut verified = self.here.verify(Request::new(message.clone())).await?.into_inner();
        for mut other in others {
            let again = Request::from_parts(metadata.clone(), Extensions::new(), message.clone());
            let VerifyResponse { ok, journals, first_bad } = other.verify(again).await?.into_inner();
            verified.ok &= ok;
            verified.journals.extend(journals);
            verified.first_bad = verified.first_bad.or(first_bad);
        }
        Ok(Response::new(verified))
    }
}
