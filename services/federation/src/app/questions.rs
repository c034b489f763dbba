//! Questions to the mesh: what hops do others know around these units?
//!
//! Whoever does not answer in time, may not be asked, or is behind one who does not, is named in the answer: a chain with a hole must say where
//! the hole is.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::future::{join, join_all};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tonic::Status;
use tracemesh_access::{Principal, Scope};
use tracemesh_chassis::error::Violation;
use tracemesh_peers::Clients;
use tracemesh_proto::federation::v1::{AskHopsRequest, AskHopsResponse, LinkState, QuestionAsked, Silent};
use tracemesh_proto::ingestion::v1::{CollectHopsRequest, NodeHops};

use super::{Cause, Federation};
use crate::domain::link::State;
use crate::domain::question::{Asker, UNITS_MAX, patience};
use crate::error::FederationError;
use crate::store;

/// How many questions of each neighbour are answered at once.
#[derive(Clone)]
pub struct Turnstiles {
    at_once: usize,
    of: Arc<Mutex<HashMap<String, Arc<Semaphore>>>>,
}

impl Turnstiles {
    pub fn new(at_once: usize) -> Self {
        Self { at_once, of: Arc::default() }
    }

    /// Lets a question in until the permit is dropped; none where too many of the neighbour's are inside.
    fn enter(&self, neighbour: &str) -> Option<OwnedSemaphorePermit> {
        let mut of = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        let semaphore = of.entry(neighbour.to_owned()).or_insert_with(|| Arc::new(Semaphore::new(self.at_once)));
        semaphore.clone().try_acquire_owned().ok()
    }
}

/// What one neighbour said, or why it said nothing.
type Heard = Result<AskHopsResponse, Vec<Silent>>;

impl Federation {
    /// Asks everybody else on behalf of a service of this node.
    pub async fn ask_mesh(&self, caller: &Principal, question: AskHopsRequest) -> Result<AskHopsResponse, FederationError> {
        check(&question)?;
        if self.children.is_empty() && store::parent::get(self.db.read()).await?.is_none() {
            return Ok(AskHopsResponse::default());
        }
        self.record(caller, &question).await?;
        let patience = patience(None, self.question_timeout());
        Ok(self.ask_neighbours(&Asker::Ourselves, &question, patience).await)
    }

    /// Answers a neighbour: what this node knows, and what those on its far side say.
    pub async fn ask_hops(
        &self,
        caller: &Principal,
        asker: Asker,
        question: AskHopsRequest,
        asker_waits: Option<Duration>,
    ) -> Result<AskHopsResponse, FederationError> {
        check(&question)?;
        let turn = self.turnstiles.enter(caller.name());
        let _inside = turn.ok_or_else(|| FederationError::TooManyQuestions(caller.name().to_owned()))?;
        self.record(caller, &question).await?;
        let patience = patience(asker_waits, self.question_timeout());
        let (own, mut others) = join(self.own_hops(&question, patience), self.ask_neighbours(&asker, &question, patience)).await;
        match own {
            Ok(hops) => others.nodes.push(hops),
            Err(status) => others.silent.push(Silent {
                node: self.node().to_owned(),
                why: status.message().to_owned(),
                area: self.runtime.node().area.clone(),
                last_seen: None,
            }),
        }
        keep_back(caller.categories(), &mut others);
        Ok(others)
    }

    async fn own_hops(&self, question: &AskHopsRequest, patience: Duration) -> Result<NodeHops, Status> {
        let request = CollectHopsRequest { units: question.units.clone(), limit: question.limit, hops_only: false };
        let answer = self.peers.as_service().within(patience).trace().collect_hops(request).await?.into_inner();
        Ok(NodeHops { node: self.node().to_owned(), ..answer.hops.unwrap_or_default() })
    }

    async fn ask_neighbours(&self, asker: &Asker, question: &AskHopsRequest, patience: Duration) -> AskHopsResponse {
        let children = self.children.names().into_iter().filter(|child| asker.wants_child(child));
        let below = join_all(children.map(|child| self.ask_child(child, question, patience)));
        let (below, above) = join(below, self.ask_parent(asker, question, patience)).await;
        let mut merged = AskHopsResponse::default();
        for heard in below.into_iter().chain(above) {
            match heard {
                Ok(answer) => {
                    merged.nodes.extend(answer.nodes);
                    merged.silent.extend(answer.silent);
                }
                Err(silent) => merged.silent.extend(silent),
            }
        }
        // We know better than anybody what we know.
        merged.nodes.retain(|hops| hops.node != self.node());
        merged
    }

    async fn ask_child(&self, child: String, question: &AskHopsRequest, patience: Duration) -> Heard {
        let view = self.children.view(&child);
        let why = match view.map(|view| view.state) {
            Some(State::Connected) => match self.children.questions(&child) {
                Some(clients) => match ask(&clients, question, patience).await {
                    Ok(answer) => return Ok(answer),
                    Err(status) => status.message().to_owned(),
                },
                None => "away".to_owned(),
            },
            Some(state) => format!("{}: {}", state.word(), state.detail()),
            None => "away".to_owned(),
        };
        Err(self.silent_below(&child, &why).await)
    }

    async fn ask_parent(&self, asker: &Asker, question: &AskHopsRequest, patience: Duration) -> Option<Heard> {
        if !asker.wants_parent() {
            return None;
        }
        let parent = store::parent::get(self.db.read()).await.ok()??.node;
        let why = match self.upward.questions() {
            Some(clients) => match ask(&clients, question, patience).await {
                Ok(answer) => return Some(Ok(answer)),
                Err(status) => status.message().to_owned(),
            },
            None => format!("away: {}", self.upward.link(&parent).detail),
        };
        Some(Err(vec![silent(&self.upward.link(&parent), &why)]))
    }

    /// A child that does not answer, and with it all that it last said to be below it.
    async fn silent_below(&self, child: &str, why: &str) -> Vec<Silent> {
        let link = match store::children::get(self.db.read(), child).await {
            Ok(Some(known)) => self.child_link(known).await.ok(),
            _ => None,
        };
        let link = link.unwrap_or_else(|| LinkState { node: child.to_owned(), ..LinkState::default() });
        let mut all = vec![silent(&link, why)];
        let mut below = link.children;
        while let Some(link) = below.pop() {
            all.push(silent(&link, &format!("behind {child}")));
            below.extend(link.children);
        }
        all
    }

    async fn record(&self, caller: &Principal, question: &AskHopsRequest) -> Result<(), FederationError> {
        let asked = QuestionAsked { walk: question.walk.clone(), units: question.units.len() as u32 };
        self.commit(self.db.begin().await?, "link.question", &Cause::by(caller), &asked).await
    }

    fn question_timeout(&self) -> Duration {
        Duration::from_secs(self.runtime.config().link.question_timeout_s)
    }
}

async fn ask(clients: &Clients, question: &AskHopsRequest, patience: Duration) -> Result<AskHopsResponse, Status> {
    let asked = clients.clone().within(patience);
    let mut link = asked.link();
    let late = |_| Status::deadline_exceeded(format!("no answer within {} ms", patience.as_millis()));
    Ok(tokio::time::timeout(patience, link.ask_hops(question.clone())).await.map_err(late)??.into_inner())
}

fn check(question: &AskHopsRequest) -> Result<(), FederationError> {
    if question.units.len() > UNITS_MAX {
        let fault = Violation::new("units", "error.request.too_many").with("limit", UNITS_MAX.to_string());
        return Err(FederationError::Invalid(vec![fault]));
    }
    Ok(())
}

/// Leaves of an answer what the asker's link lets it see. Whoever knew of something else is named: a chain with a hole must say where it is.
fn keep_back(categories: &Scope, answer: &mut AskHopsResponse) {
    let AskHopsResponse { nodes, silent: names } = answer;
    for node in nodes {
        let known = node.hops.len();
        node.hops.retain(|hop| categories.names(&hop.category));
        node.records.retain(|line| categories.names(&line.category));
        if node.hops.len() < known {
            let why = "this link shows only some categories".to_owned();
            names.push(Silent { node: node.node.clone(), why, area: String::new(), last_seen: None });
        }
    }
}

fn silent(link: &LinkState, why: &str) -> Silent {
    Silent { node: link.node.clone(), why: why.to_owned(), area: link.area.clone(), last_seen: link.last_seen }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_neighbour_fills_its_own_turnstile_alone() {
        let turnstiles = Turnstiles::new(2);
        let inside = [turnstiles.enter("node:xm"), turnstiles.enter("node:xm")];
        assert!(inside.iter().all(Option::is_some));
        assert!(turnstiles.enter("node:xm").is_none());
        assert!(turnstiles.enter("node:fz").is_some());
        drop(inside);
        assert!(turnstiles.enter("node:xm").is_some());
    }
}
