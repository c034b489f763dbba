//! A trace over the mesh, with another node behind a gateway that a test plays: it answers a few units at a time, as a node with large chains
//! does.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use tonic::{Request, Response, Status};
use tracemesh_chassis::Service;
use tracemesh_codes::Identified;
use tracemesh_proto::federation::v1::federation_service_server::{FederationService, FederationServiceServer};
use tracemesh_proto::federation::v1::*;
use tracemesh_proto::ingestion::v1::{Hop, NodeHops, RecordLine, TraceRequest, TraceResponse};

use crate::node::Node;
use crate::records::{code_of, mix};

const COUNTY: &str = "county";
/// A record of a harvest, and a unit that came out of it.
const PRODUCE: u32 = 1;
const OUTPUT: u32 = 2;
const BATCH: u32 = 2;

/// The gateway, and what the node behind it knows: how many records of each unit.
#[derive(Clone, Default)]
pub struct Gateway(Arc<Mutex<County>>);

#[derive(Default)]
struct County {
    records: BTreeMap<u64, usize>,
    /// Records that it puts into one answer.
    at_once: usize,
    questions: usize,
}

impl County {
    fn answer(&mut self, units: &[u64]) -> NodeHops {
        self.questions += 1;
        let mut answer = NodeHops { node: COUNTY.into(), ..NodeHops::default() };
        for unit in units {
            let records = self.records.get(unit).copied().unwrap_or(0);
            if answer.hops.len() + records > self.at_once {
                answer.left_out.push(*unit);
                continue;
            }
            for record in 0..records {
                let record = (*unit >> 20) as i64 + record as i64;
                let hop = Hop { unit: *unit, record, role: OUTPUT, granularity: BATCH, class: PRODUCE, event_time: 1, ..Hop::default() };
                answer.hops.push(hop);
                answer.records.push(RecordLine { record, ..RecordLine::default() });
            }
        }
        answer
    }
}

/// Forty lots of the county were mixed here: its harvests, as far as the chain has them, what is missing, and how many questions it took.
async fn traced(at_once: usize, records_of_first: usize) -> (usize, TraceResponse, usize) {
    let gateway = Gateway::default();
    let service = Service::new("federation").grpc(FederationServiceServer::new(gateway.clone()));
    let node = Node::start_beside(service).await;
    let acme = node.provider("acme").await;
    let lots: Vec<String> = (0..40).map(|lot| format!("lot-{lot}")).collect();
    let lots: Vec<&str> = lots.iter().map(String::as_str).collect();
    acme.submit_one(&mix("1", &lots, "juice")).await;
    {
        let mut county = gateway.0.lock().unwrap();
        county.at_once = at_once;
        let unit = |lot: &&str| code_of(lot).parse::<Identified>().unwrap().key().get();
        county.records = lots.iter().map(|lot| (unit(lot), 1)).collect();
        county.records.insert(unit(&"lot-0"), records_of_first);
    }
    let request = TraceRequest { code: code_of("juice"), direction: "up".into(), ..TraceRequest::default() };
    let chain = acme.clients.trace().trace(request).await.unwrap().into_inner();
    let harvests = chain.records.iter().filter(|record| record.node == COUNTY).count();
    let questions = gateway.0.lock().unwrap().questions;
    (harvests, chain, questions)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_fit_into_an_answer_is_asked_for_again() {
    let (harvests, chain, questions) = traced(7, 1).await;
    let verdict = chain.verdict.unwrap();
    assert!(harvests == 40 && verdict.complete, "{harvests} harvests, {:?}", verdict.missing);
    assert!((6..20).contains(&questions), "{questions} questions");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_unit_that_never_fits_is_a_gap_and_its_node_is_named() {
    let (harvests, chain, questions) = traced(7, 8).await;
    let silent: Vec<String> = chain.verdict.unwrap().missing.into_iter().filter(|it| it.kind == "node_silent").map(|it| it.node).collect();
    assert_eq!((harvests, silent), (39, vec![COUNTY.to_owned()]));
    assert!(questions < 20, "{questions} questions");
}

#[tonic::async_trait]
impl FederationService for Gateway {
    async fn ask_mesh(&self, request: Request<AskMeshRequest>) -> Result<Response<AskMeshResponse>, Status> {
        let answer = self.0.lock().unwrap().answer(&request.into_inner().units);
        Ok(Response::new(AskMeshResponse { nodes: vec![answer], ..AskMeshResponse::default() }))
    }

    async fn get_link_status(&self, _: Request<GetLinkStatusRequest>) -> Result<Response<GetLinkStatusResponse>, Status> {
        Err(Status::unimplemented("not asked for"))
    }

    async fn create_invitation(&self, _: Request<CreateInvitationRequest>) -> Result<Response<CreateInvitationResponse>, Status> {
        Err(Status::unimplemented("not asked for"))
    }

    async fn join_parent(&self, _: Request<JoinParentRequest>) -> Result<Response<JoinParentResponse>, Status> {
        Err(Status::unimplemented("not asked for"))
    }

    async fn revoke(&self, _: Request<RevokeRequest>) -> Result<Response<RevokeResponse>, Status> {
        Err(Status::unimplemented("not asked for"))
    }

    async fn resync(&self, _: Request<ResyncRequest>) -> Result<Response<ResyncResponse>, Status> {
        Err(Status::unimplemented("not asked for"))
    }
}
