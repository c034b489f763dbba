//! Stands in for the services beside emergency: answers what a code reaches, and keeps the journals that emergency follows.

use std::sync::{Arc, Mutex, PoisonError};

use futures::stream::{Iter, iter};
use prost::Message;
use tonic::{Request, Response, Status};
use tracemesh_chassis::Process;
use tracemesh_journal::{Entry, Journal, JournalServer};
use tracemesh_keeper::{self as keeper, Kept};
use tracemesh_proto::federation::v1::{LinkChanged, LinkState, Received};
use tracemesh_proto::ingestion::v1::get_scope_response::Item;
use tracemesh_proto::ingestion::v1::trace_service_server::TraceService;
use tracemesh_proto::ingestion::v1::*;
use tracemesh_proto::journal::v1::{Envelope, Labels};
use tracemesh_proto::registry::v1::{Laboratory, LaboratoryChanged};
use tracemesh_store::{Database, MigrationSet};

#[derive(Clone)]
pub struct Clerk {
    /// What every code reaches; none = no record names it.
    pub scope: Arc<Mutex<Option<Vec<GetScopeResponse>>>>,
    ingestion: Kept,
    registry: Kept,
    federation: Kept,
    inbox: Journal,
}

impl Clerk {
    pub async fn open(process: &Process, journals: &JournalServer) -> Clerk {
        let open = async |noun: &'static str| {
            let tables = MigrationSet { name: noun, steps: &[] };
            keeper::open(&process.runtime(noun), journals, tables).await.unwrap()
        };
        let registry = open("registry").await;
        let (ingestion, federation) = (open("ingestion").await, open("federation").await);
        let runtime = process.runtime("federation");
        let name = format!("{}.inbox", keeper::journal_name(&runtime, "federation"));
        let inbox = keeper::open_journal(&runtime, journals, &federation.db, &name).await.unwrap();
        Clerk { scope: Arc::default(), ingestion, registry, federation, inbox }
    }

    pub fn knows(&self, units: &[u64], holdings: Vec<Holding>) {
        let totals = ScopeTotals { units: units.len() as u32, subjects: holdings.len() as u32, ..ScopeTotals::default() };
        let verdict = Some(Verdict { complete: true, missing: vec![] });
        let head = ScopeHead { totals: Some(totals), verdict, ..ScopeHead::default() };
        let units = units.iter().map(|key| ScopeUnit { key: *key, ..ScopeUnit::default() }).collect();
        let items = [Item::Head(head), Item::Units(ScopeUnits { units }), Item::Holdings(Holdings { holdings })];
        let messages = items.map(|item| GetScopeResponse { item: Some(item) }).to_vec();
        *self.scope.lock().unwrap_or_else(PoisonError::into_inner) = Some(messages);
    }

    /// A node below, as the gateway has enrolled it.
    pub async fn enrol(&self, node: &str) -> (String, u64) {
        let link = LinkState { node: node.into(), ..LinkState::default() };
        let body = LinkChanged { link: Some(link), fingerprint: String::new() };
        let envelope = Envelope { kind: "link.enrolled".into(), ..Envelope::default() };
        let seq = append(&self.federation.db, &self.federation.journal, &envelope, body.encode_to_vec()).await;
        (self.federation.journal.name().into(), seq)
    }

    pub async fn authorise(&self, laboratory: Laboratory) -> (String, u64) {
        let envelope = Envelope { kind: "laboratory.authorised".into(), ..Envelope::default() };
        let body = LaboratoryChanged { laboratory: Some(laboratory) };
        let seq = append(&self.registry.db, &self.registry.journal, &envelope, body.encode_to_vec()).await;
        (self.registry.journal.name().into(), seq)
    }

    /// What came over a link. Answers where it stands.
    pub async fn receive(&self, received: &Received) -> (String, u64) {
        let envelope = Envelope { kind: "link.received".into(), ..Envelope::default() };
        let seq = append(&self.federation.db, &self.inbox, &envelope, received.encode_to_vec()).await;
        (self.inbox.name().into(), seq)
    }

    /// A record that was accepted.
    pub async fn accept(&self, provider: &str, body: &str) -> (String, u64) {
        let envelope = Envelope {
            kind: "record".into(),
            provider: provider.into(),
            verdict: tracemesh_proto::journal::v1::envelope::Verdict::Accepted.into(),
            received_at: Some(tracemesh_proto::time::timestamp(crate::node::NOW)),
            content_type: "application/json".into(),
            labels: Some(Labels { area: "370602".into(), ..Labels::default() }),
            ..Envelope::default()
        };
        let seq = append(&self.ingestion.db, &self.ingestion.journal, &envelope, body.as_bytes().to_vec()).await;
        (self.ingestion.journal.name().into(), seq)
    }
}

async fn append(db: &Database, journal: &Journal, envelope: &Envelope, body: Vec<u8>) -> u64 {
    let tx = db.begin().await.unwrap();
    let appended = journal.append(&tx, &[Entry::new(envelope, body)]).await.unwrap();
    tx.commit().await.unwrap();
    journal.committed();
    appended.last_seq()
}

#[tonic::async_trait]
impl TraceService for Clerk {
    type GetScopeStream = Iter<std::vec::IntoIter<Result<GetScopeResponse, Status>>>;

    async fn outbreak(&self, _: Request<OutbreakRequest>) -> Result<Response<OutbreakResponse>, Status> {
        Err(Status::unimplemented("the clerk ranks nothing"))
    }

    async fn get_scope(&self, _: Request<GetScopeRequest>) -> Result<Response<Self::GetScopeStream>, Status> {
        let known = self.scope.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let known = known.ok_or_else(|| Status::not_found("no record names it"))?;
        Ok(Response::new(iter(known.into_iter().map(Ok).collect::<Vec<_>>())))
    }

    async fn trace(&self, _: Request<TraceRequest>) -> Result<Response<TraceResponse>, Status> {
        Err(Status::unimplemented("nobody asks"))
    }

    async fn collect_hops(&self, _: Request<CollectHopsRequest>) -> Result<Response<CollectHopsResponse>, Status> {
        Err(Status::unimplemented("nobody asks"))
    }
}
