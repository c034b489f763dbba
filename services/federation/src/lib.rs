#![doc = include_str!("../README.md")]

mod api;
mod app;
mod config;
mod domain;
mod driver;
mod error;
mod followers;
mod metrics;
mod roll;
mod store;

pub use crate::store::MIGRATIONS;

use std::sync::Arc;

use futures::FutureExt;
use tracemesh_chassis::{Health, OnFailure, Probe, Runtime, Service, TaskError};
use tracemesh_journal::JournalServer;
use tracemesh_keeper as keeper;
use tracemesh_peers::Peers;
use tracemesh_proto::federation::v1::LinkState;
use tracemesh_proto::federation::v1::federation_service_server::FederationServiceServer;
use tracemesh_proto::federation::v1::link_service_server::LinkServiceServer;

use crate::app::batch::Written;
use crate::app::downlinks::Downlinks;
use crate::app::questions::Turnstiles;
use crate::app::{Federation, Lanes};
use crate::config::Settings;
use crate::domain::link::Purpose;
use crate::driver::children::Children;
use crate::driver::up::{self, Upward};
use crate::followers::addressed::{AddressedHandler, SPEAKERS};
use crate::followers::analytics::AnalyticsHandler;
use crate::metrics::Metrics;
use crate::roll::Roll;
use crate::store::children::REVOKED;

/// The journal of what came over links for the services of this node, which follow it: `NODE.federation.inbox`.
pub const INBOX: &str = "inbox";

/// Starts the gateway of a node.
pub async fn start(runtime: &Runtime, journals: &JournalServer) -> Result<Service, TaskError> {
    let settings: Settings = runtime.config().federation.read("federation")?;
    let kept = keeper::open(runtime, journals, MIGRATIONS).await?;
    let node = runtime.node().id.as_str();
    let uplink = async |purpose: Purpose| {
        let name = purpose.uplink(node).unwrap_or_default();
        keeper::open_journal(runtime, journals, &kept.db, &name).await
    };
    let uplinks = Lanes { urgent: uplink(Purpose::Urgent).await?, bulk: uplink(Purpose::Bulk).await? };
    let inbox = keeper::open_journal(runtime, journals, &kept.db, &format!("{node}.federation.{INBOX}")).await?;
    let roll = Roll::open(&kept.db, node, runtime.clock().clone()).await?;
    let (children, downlinks) = (Children::default(), Downlinks::default());
    let federation = Federation {
        runtime: runtime.clone(),
        turnstiles: Turnstiles::new(settings.questions_at_once),
        settings,
        db: kept.db.clone(),
        journals: journals.clone(),
        journal: kept.journal.clone(),
        inbox,
        uplinks,
        peers: Peers::new(runtime),
        roll: roll.clone(),
        metrics: Metrics::new(runtime, &children, &downlinks),
        downlinks,
        children,
        upward: Upward::default(),
    };
    for child in store::children::all(kept.db.read()).await? {
        federation.open_downlinks(&child.node).await?;
        if child.state != REVOKED {
            federation.children.ensure(&federation, &child.node);
        }
    }
    up::spawn(&federation);
    announce(&federation);
    let (own, figures) = (federation.peers.as_service(), AnalyticsHandler { federation: federation.clone() });
    keeper::follow(runtime, &own, &kept.db, "analytics", move || figures.clone());
    for speaker in SPEAKERS {
        let federation = federation.clone();
        let handler = move || AddressedHandler { federation: federation.clone(), written: Written::default() };
        keeper::follow(runtime, &own, &kept.db, speaker, handler);
    }
    verify(journals, &federation);

    let probes = [keeper::probe(runtime, &kept), parent_probe(&federation), children_probe(&federation)];
    let limit = runtime.config().limits.message_bytes;
    let inside = FederationServiceServer::new(federation.clone()).max_decoding_message_size(limit).max_encoding_message_size(limit);
    let between = LinkServiceServer::new(federation).max_decoding_message_size(limit).max_encoding_message_size(limit);
    let service = Service::new("federation").grpc(inside).grpc(between).credentials(roll);
    Ok(probes.into_iter().fold(service, Service::probe))
}

/// A parent that is away is told to whoever looks after the node, and stops nothing.
fn parent_probe(federation: &Federation) -> Probe {
    let federation = federation.clone();
    Probe::new("federation.parent", move || {
        let federation = federation.clone();
        async move {
            match federation.link_status().await {
                Ok(status) => status.parent.filter(|link| link.state != "connected").map_or(Health::Ok, |link| degraded(&link)),
                Err(why) => Health::Degraded(why.to_string()),
            }
        }
    })
}

/// So is a child whose history is not to be believed.
fn children_probe(federation: &Federation) -> Probe {
    let federation = federation.clone();
    Probe::new("federation.children", move || {
        let federation = federation.clone();
        async move {
            match federation.link_status().await {
                Ok(status) => status.children.iter().find(|link| link.state == "quarantined").map_or(Health::Ok, degraded),
                Err(why) => Health::Degraded(why.to_string()),
            }
        }
    })
}

fn degraded(link: &LinkState) -> Health {
    Health::Degraded(format!("{} is {}: {}", link.node, link.state, link.detail))
}

/// What goes up without anybody asking for it.
fn announce(federation: &Federation) {
    let tasks = federation.runtime.tasks();
    let announcing = federation.clone();
    tasks.spawn("federation.checkpoints", OnFailure::Restart(Default::default()), move |shutdown| {
        let federation = announcing.clone();
        async move { Ok(federation.keep_announcing_checkpoints(&shutdown).await?) }
    });
    let announcing = federation.clone();
    tasks.spawn("federation.status", OnFailure::Restart(Default::default()), move |shutdown| {
        let federation = announcing.clone();
        async move { Ok(federation.keep_announcing_status(&shutdown).await?) }
    });
}

/// The gateway keeps its own journal, the inbox and those of its links, and nothing that can be recomputed from them.
fn verify(journals: &JournalServer, federation: &Federation) {
    let federation = federation.clone();
    let verifier = move || {
        let Federation { journal, inbox, uplinks, downlinks, .. } = federation.clone();
        async move {
            let kept = [journal, inbox, uplinks.urgent, uplinks.bulk].into_iter().chain(downlinks.journals());
            let mut verified = Vec::new();
            for journal in kept {
                verified.push(journal.verify(&mut ()).await?);
            }
            Ok(verified)
        }
        .boxed()
    };
    journals.add_verifier("federation", Arc::new(verifier));
}
