//! The questions, asked of the real services.
//!
//! Each has a deadline of its own: a page that waits longer than its reader helps nobody, and a part that does not come is shown as such.

mod accounts;
mod emergency;
mod quality;

use std::time::Duration;

use futures::{FutureExt, StreamExt};
use tracemesh_access::Principal;
use tracemesh_peers::{Clients, Peers};
use tracemesh_proto::analytics::v1::{GetAggregatesRequest, GetAggregatesResponse};
use tracemesh_proto::federation::v1::{GetLinkStatusRequest, GetLinkStatusResponse};
use tracemesh_proto::ingestion::v1::{
    GetIntakeRequest, GetIntakeResponse, GetReceiptRequest, GetReceiptResponse, GetScopeRequest, TraceRequest, TraceResponse,
    WatchIntakeRequest,
};
use tracemesh_proto::registry::v1::{
    Area, EndSessionRequest, GetNodeRequest, GetSessionRequest, ListAreasRequest, Node, RedeemSignInRequest,
};

use super::{Reply, ScopeParts, Seconds, Sources};
use crate::error::Trouble;

/// A figure or a name.
const SHORT: Duration = Duration::from_secs(3);
/// A chain over the mesh: the walk gives every node some seconds, and says itself who was silent.
const CHAIN: Duration = Duration::from_secs(20);

/// What reads the records of days.
const LONG: Duration = Duration::from_secs(120);

/// The services of the node that the portal belongs to.
pub struct FromPeers {
    peers: Peers,
}

impl FromPeers {
    /// Asks through these.
    pub fn new(peers: Peers) -> Self {
        Self { peers }
    }

    fn own(&self) -> Clients {
        self.peers.as_service().within(SHORT)
    }

    fn as_public(&self) -> Clients {
        self.on_behalf(&Principal::public())
    }

    fn on_behalf(&self, asker: &Principal) -> Clients {
        self.peers.on_behalf(asker).within(SHORT)
    }
}

impl Sources for FromPeers {
    fn node(&self) -> Reply<'_, Node> {
        async {
            let answer = self.own().registry().get_node(GetNodeRequest {}).await?.into_inner();
            answer.node.ok_or_else(|| Trouble::Unusable("the registry does not know its node".into()))
        }
        .boxed()
    }

    fn areas(&self) -> Reply<'_, Vec<Area>> {
        async { Ok(self.own().registry().list_areas(ListAreasRequest {}).await?.into_inner().areas) }.boxed()
    }

    fn trace(&self, request: TraceRequest) -> Reply<'_, TraceResponse> {
        async move {
            let mut client = self.as_public().within(CHAIN).trace();
            Ok(client.trace(request).await?.into_inner())
        }
        .boxed()
    }

    fn redeem_sign_in(&self, secret: String) -> Reply<'_, String> {
        async { Ok(self.own().registry().redeem_sign_in(RedeemSignInRequest { secret }).await?.into_inner().session) }.boxed()
    }

    fn session(&self, session: String) -> Reply<'_, Principal> {
        async {
            let answer = self.own().registry().get_session(GetSessionRequest { session }).await?.into_inner();
            let principal = answer.principal.ok_or(Trouble::NotSignedIn)?;
            principal.try_into().map_err(|faults| Trouble::Unusable(format!("a session of no legal principal: {faults:?}")))
        }
        .boxed()
    }

    fn end_session(&self, session: String) -> Reply<'_, ()> {
        async {
            self.own().registry().end_session(EndSessionRequest { session }).await?;
            Ok(())
        }
        .boxed()
    }

    fn intake<'a>(&'a self, asker: &'a Principal) -> Reply<'a, GetIntakeResponse> {
        async { Ok(self.on_behalf(asker).ingestion().get_intake(GetIntakeRequest {}).await?.into_inner()) }.boxed()
    }

    fn watch_intake<'a>(&'a self, asker: &'a Principal) -> Reply<'a, Seconds> {
        async {
            let mut client = self.on_behalf(asker).ingestion();
            let opened = tokio::time::timeout(SHORT, client.watch_intake(WatchIntakeRequest {})).await;
            let seconds = opened.map_err(|_| Trouble::NoAnswer("the stream of seconds did not open".into()))??.into_inner();
            Ok(seconds.map(|second| second.map_err(Trouble::from)).boxed())
        }
        .boxed()
    }

    fn aggregates<'a>(&'a self, asker: &'a Principal, request: GetAggregatesRequest) -> Reply<'a, GetAggregatesResponse> {
        async { Ok(self.on_behalf(asker).analytics().get_aggregates(request).await?.into_inner()) }.boxed()
    }

    fn scope<'a>(&'a self, asker: &'a Principal, request: GetScopeRequest) -> Reply<'a, ScopeParts> {
        async {
            let mut client = self.on_behalf(asker).trace();
            let opened = tokio::time::timeout(CHAIN, client.get_scope(request)).await;
            let parts = opened.map_err(|_| Trouble::NoAnswer("the scope did not come".into()))??.into_inner();
            Ok(parts.map(|part| part.map_err(Trouble::from)).boxed())
        }
        .boxed()
    }

    fn trace_for<'a>(&'a self, asker: &'a Principal, request: TraceRequest) -> Reply<'a, TraceResponse> {
        async { Ok(self.on_behalf(asker).within(CHAIN).trace().trace(request).await?.into_inner()) }.boxed()
    }

    fn receipt<'a>(&'a self, asker: &'a Principal, request: GetReceiptRequest) -> Reply<'a, GetReceiptResponse> {
        async { Ok(self.on_behalf(asker).ingestion().get_receipt(request).await?.into_inner()) }.boxed()
    }

    fn links<'a>(&'a self, asker: &'a Principal) -> Reply<'a, GetLinkStatusResponse> {
        async { Ok(self.on_behalf(asker).federation().get_link_status(GetLinkStatusRequest {}).await?.into_inner()) }.boxed()
    }
}
