//! Stands in for the services that a gateway meets: counts what he is told, in journals of theirs, and answers the calls that a gateway makes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use prost::Message;
use tonic::{Request, Response, Status};
use tracemesh_chassis::keys::sha256;
use tracemesh_journal::{Appended, Entry, Journal};
use tracemesh_keeper::Kept;
use tracemesh_proto::analytics::v1::analytics_service_server::AnalyticsService;
use tracemesh_proto::analytics::v1::*;
use tracemesh_proto::ingestion::v1::trace_service_server::TraceService;
use tracemesh_proto::ingestion::v1::*;
use tracemesh_proto::journal::v1::Envelope;

/// What the clerk has on paper; the test keeps it over restarts, and may set it back.
#[derive(Clone, Default)]
pub struct Paper {
    /// By origin and month.
    figures: BTreeMap<(String, String), Sheet>,
    pub units: Vec<u64>,
    /// How long an answer about hops takes.
    pub slowness: Duration,
    /// Questions that were put to him.
    pub asked: u32,
}

#[derive(Clone)]
struct Sheet {
    version: MonthVersion,
    document: Bytes,
}

#[derive(Clone)]
pub struct Clerk {
    pub node: String,
    pub paper: Arc<Mutex<Paper>>,
    pub ingestion: Kept,
    pub analytics: Kept,
    pub quality: Kept,
    pub emergency: Kept,
}

pub fn look(paper: &Mutex<Paper>) -> MutexGuard<'_, Paper> {
    paper.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Paper {
    /// The records of a month.
    pub fn records(&self, origin: &str, month: &str) -> Option<i64> {
        let sheet = self.figures.get(&(origin.to_owned(), month.to_owned()))?;
        Some(MonthFigures::decode(sheet.document.clone()).ok()?.rows.iter().map(|row| row.records).sum())
    }

    fn keep(&mut self, figures: &MonthFigures, document: Bytes) -> bool {
        let version = figures.version.clone().unwrap();
        let key = (version.origin.clone(), version.month.clone());
        let place = |version: &MonthVersion| (version.epoch, version.seq);
        if self.figures.get(&key).is_some_and(|kept| place(&kept.version) >= place(&version)) {
            return false;
        }
        self.figures.insert(key, Sheet { version, document });
        true
    }
}

impl Clerk {
    /// Takes some records of a month.
    pub async fn count(&self, month: &str, records: i64) {
        let before = look(&self.paper).records(&self.node, month).unwrap_or_default();
        let place = append(&self.ingestion, "record", Bytes::from_static(b"{}")).await;
        let row = FigureRow { day: format!("{month}-01"), records: before + records, ..FigureRow::default() };
        let hash = sha256(&row.encode_to_vec()).to_vec().into();
        let (epoch, seq) = (place.epoch, place.last_seq());
        let version = MonthVersion { origin: self.node.clone(), month: month.into(), epoch, seq, hash };
        let as_of = AsOf { journal: self.ingestion.journal.name().into(), epoch, seq, time: None };
        let figures = MonthFigures { version: Some(version), as_of: Some(as_of), rows: vec![row], subjects: vec![] };
        self.keep(&figures, figures.encode_to_vec().into()).await;
    }

    async fn keep(&self, figures: &MonthFigures, document: Bytes) -> bool {
        let kept = look(&self.paper).keep(figures, document);
        if kept {
            let version = figures.version.clone().unwrap();
            append(&self.analytics, "figures.changed", version.encode_to_vec().into()).await;
        }
        kept
    }
}

/// One entry in a commit of its own.
pub async fn append(kept: &Kept, kind: &str, body: Bytes) -> Appended {
    append_to(&kept.db, &kept.journal, kind, body).await
}

pub async fn append_to(db: &tracemesh_store::Database, journal: &Journal, kind: &str, body: Bytes) -> Appended {
    let envelope = Envelope { kind: kind.into(), ..Envelope::default() };
    let tx = db.begin().await.unwrap();
    let appended = journal.append(&tx, &[Entry::new(&envelope, body)]).await.unwrap();
    tx.commit().await.unwrap();
    journal.committed();
    appended
}

#[tonic::async_trait]
impl AnalyticsService for Clerk {
    async fn get_aggregates(&self, _: Request<GetAggregatesRequest>) -> Result<Response<GetAggregatesResponse>, Status> {
        Err(Status::unimplemented("nobody asks"))
    }

    async fn recount(&self, _: Request<RecountRequest>) -> Result<Response<RecountResponse>, Status> {
        Err(Status::unimplemented("nobody asks"))
    }

    async fn list_months(&self, _: Request<ListMonthsRequest>) -> Result<Response<ListMonthsResponse>, Status> {
        let months = look(&self.paper).figures.values().map(|sheet| sheet.version.clone()).collect();
        Ok(Response::new(ListMonthsResponse { months }))
    }

    async fn pull_aggregates(&self, request: Request<PullAggregatesRequest>) -> Result<Response<PullAggregatesResponse>, Status> {
        let PullAggregatesRequest { origin, month } = request.into_inner();
        let sheet = look(&self.paper).figures.get(&(origin, month)).cloned();
        let sheet = sheet.ok_or_else(|| Status::not_found("no such month"))?;
        Ok(Response::new(PullAggregatesResponse { figures: sheet.document }))
    }

    async fn store_aggregates(&self, request: Request<StoreAggregatesRequest>) -> Result<Response<StoreAggregatesResponse>, Status> {
        let document = request.into_inner().figures;
        let figures = MonthFigures::decode(document.clone()).map_err(|why| Status::invalid_argument(why.to_string()))?;
        Ok(Response::new(StoreAggregatesResponse { stored: self.keep(&figures, document).await }))
    }
}

#[tonic::async_trait]
impl TraceService for Clerk {
    type GetScopeStream = futures::stream::Empty<Result<GetScopeResponse, Status>>;

    async fn get_scope(&self, _: Request<GetScopeRequest>) -> Result<Response<Self::GetScopeStream>, Status> {
        Err(Status::unimplemented("the clerk knows no scope"))
    }

    async fn trace(&self, _: Request<TraceRequest>) -> Result<Response<TraceResponse>, Status> {
        Err(Status::unimplemented("nobody asks"))
    }

    async fn outbreak(&self, _: Request<OutbreakRequest>) -> Result<Response<OutbreakResponse>, Status> {
        Err(Status::unimplemented("nobody asks"))
    }

    async fn collect_hops(&self, request: Request<CollectHopsRequest>) -> Result<Response<CollectHopsResponse>, Status> {
        let (slowness, known) = {
            let mut paper = look(&self.paper);
            paper.asked += 1;
            (paper.slowness, paper.units.clone())
        };
        tokio::time::sleep(slowness).await;
        let units = request.into_inner().units.into_iter().filter(|unit| known.contains(unit));
        let category = |unit: u64| if unit.is_multiple_of(2) { "FOOD" } else { "DRUG" };
        let hops = units.map(|unit| Hop { unit, record: unit as i64, category: category(unit).into(), ..Hop::default() }).collect();
        Ok(Response::new(CollectHopsResponse { hops: Some(NodeHops { node: self.node.clone(), hops, ..NodeHops::default() }) }))
    }
}
