//! Which nodes below answer, as the gateway says. A gateway that says nothing in time is no reason to give no figures.

use tracemesh_proto::federation::v1::{GetLinkStatusRequest, LinkState};

use super::Analytics;
use crate::domain::standing::NodeBelow;

const CONNECTED: &str = "connected";

impl Analytics {
    /// Every node below, however deep; `None` where the gateway does not answer.
    pub(super) async fn below(&self) -> Option<Vec<NodeBelow>> {
        let clients = self.peers.as_service().within(self.settings.links_timeout());
        let mut federation = clients.federation();
        let asked = federation.get_link_status(GetLinkStatusRequest {});
        match tokio::time::timeout(self.settings.links_timeout(), asked).await {
            Ok(Ok(answer)) => {
                let mut nodes = Vec::new();
                add(&mut nodes, answer.into_inner().children, true);
                Some(nodes)
            }
            Ok(Err(why)) => {
                tracing::debug!(%why, "the gateway does not say who is connected");
                None
            }
            Err(_) => None,
        }
    }
}

/// Behind a link that is down nobody answers, whatever was last heard of them.
fn add(nodes: &mut Vec<NodeBelow>, links: Vec<LinkState>, is_reachable: bool) {
    for LinkState { node, state, children, .. } in links {
        let answers = is_reachable && state == CONNECTED;
        nodes.push(NodeBelow { node, answers });
        add(nodes, children, answers);
    }
}
