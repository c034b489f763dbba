//! Fetching figures from a child and handing them to our own analytics, as they came.

use std::collections::BTreeMap;

use bytes::Bytes;
use prost::Message;
use tonic::{Code, Status};
use tracemesh_peers::Clients;
use tracemesh_proto::analytics::v1::{ListMonthsRequest, MonthFigures, MonthVersion, PullAggregatesRequest, StoreAggregatesRequest};
use tracemesh_proto::journal::v1::JournalState;

use super::proofs;
use crate::domain::link::parent::{Listed, Pulled};
use crate::domain::link::{Month, Version};
use crate::followers::uplink::tree;

/// Figures that have come: as they came, what they are, and the journal that they are true of.
pub struct Fetched {
    pub document: Bytes,
    pub pulled: Pulled,
    pub state: JournalState,
}

/// The child's months beside those that our own analytics keeps.
pub async fn list(clients: &Clients, own: &Clients, child: &str) -> Result<Vec<Listed>, Status> {
    let mut kept: BTreeMap<Month, Version> = months(own).await?.into_iter().collect();
    let offered = months(clients).await?;
    let epoch = offered.iter().filter(|(month, _)| month.origin == child).map(|(_, version)| version.epoch).max().unwrap_or_default();
    let mut listed: Vec<_> = offered.into_iter().map(|(month, offered)| Listed { kept: kept.remove(&month), month, offered }).collect();
    listed.extend(kept.into_iter().filter(|(month, kept)| month.origin == child && kept.epoch < epoch).map(|kept| given_up(kept, epoch)));
    Ok(listed)
}

/// A month of a history that the child has given up, and of which the present one has no record: pulled, it is empty.
fn given_up((month, kept): (Month, Version), epoch: u64) -> Listed {
    Listed { month, offered: Version { epoch, seq: 0, hash: Vec::new() }, kept: Some(kept) }
}

async fn months(of: &Clients) -> Result<Vec<(Month, Version)>, Status> {
    let answer = of.analytics().list_months(ListMonthsRequest { origin: String::new() }).await?;
    Ok(answer.into_inner().months.into_iter().map(version).collect())
}

fn version(wire: MonthVersion) -> (Month, Version) {
    let MonthVersion { origin, month, epoch, seq, hash } = wire;
    (Month { origin, month }, Version { epoch, seq, hash: hash.to_vec() })
}

/// Pulls a month, and then asks for a checkpoint that covers it. Figures of the child itself are true of the journal that they name; those that
/// it hands on stand in the journal of its analytics.
pub async fn fetch(clients: &Clients, child: &str, month: &Month) -> Result<Fetched, Status> {
    let Month { origin, month } = month.clone();
    let answer = clients.analytics().pull_aggregates(PullAggregatesRequest { origin: origin.clone(), month: month.clone() }).await?;
    let document = answer.into_inner().figures;
    let figures = MonthFigures::decode(document.clone()).map_err(|why| Status::data_loss(format!("no figures came: {why}")))?;
    let (of, version) = version(figures.version.unwrap_or_default());
    if of != (Month { origin, month }) {
        return Err(Status::data_loss(format!("the figures are those of {} for {}", of.origin, of.month)));
    }
    let as_of = figures.as_of.unwrap_or_default();
    let is_own = as_of.journal.strip_prefix(child).is_some_and(|rest| rest.starts_with('.'));
    let journal = if is_own { as_of.journal } else { format!("{child}.analytics") };
    let state = proofs::newest(clients, &journal).await?;
    let checkpoint = state.checkpoint.clone().unwrap_or_default();
    if is_own && (checkpoint.epoch, checkpoint.seq) < (as_of.epoch, as_of.seq) {
        return Err(Status::data_loss(format!("{journal} ends before {}, of which the figures are true", as_of.seq)));
    }
    Ok(Fetched { document, pulled: Pulled { version, journal, tree: tree(&checkpoint) }, state })
}

/// Whether our own analytics is done with them. What it refuses for what it is would be refused again.
pub async fn keep(own: &Clients, child: &str, figures: Bytes) -> bool {
    let request = StoreAggregatesRequest { child: child.to_owned(), figures };
    match own.analytics().store_aggregates(request).await {
        Ok(_) => true,
        Err(status) if status.code() == Code::InvalidArgument => {
            tracing::error!(child, %status, "figures from below are not in order and were not kept");
            true
        }
        Err(status) => {
            tracing::debug!(child, %status, "figures could not be kept yet");
            false
        }
    }
}
