//! Docking health: the parent and every child, and what the children say of theirs.

use tracemesh_proto::federation::v1::{GetLinkStatusResponse, LinkState};
use tracemesh_proto::time::timestamp;

use super::Federation;
use crate::domain::invitation::Invitation;
use crate::domain::link::Purpose;
use crate::driver::children::follower_name;
use crate::error::FederationError;
use crate::roll::Stranger;
use crate::store;
use crate::store::children::Child;
use crate::store::parent::Parent;

impl Federation {
    /// The parent, and below this node every child, every invitation and everybody who was turned away.
    pub async fn link_status(&self) -> Result<GetLinkStatusResponse, FederationError> {
        let mut links = Vec::new();
        for child in store::children::all(self.db.read()).await? {
            links.push(self.child_link(child).await?);
        }
        let now = self.now();
        let is_known = |links: &[LinkState], node: &str| links.iter().any(|link| link.node == node);
        for invitation in store::invitations::all(self.db.read()).await? {
            if invitation.expires_at > now && !is_known(&links, &invitation.node) {
                links.push(invitation.link());
            }
        }
        for stranger in self.roll.strangers() {
            match links.iter_mut().find(|link| link.node == stranger.node) {
                Some(link) if link.state == "away" || link.state == "invited" => link.detail = refusal(&stranger),
                Some(_) => {}
                None => links.push(refused(stranger)),
            }
        }
        let parent = match store::parent::get(self.db.read()).await? {
            Some(parent) => Some(self.parent_link(&parent).await?),
            None => None,
        };
        Ok(GetLinkStatusResponse { node: self.node().to_owned(), parent, children: links })
    }

    pub(super) async fn parent_link(&self, parent: &Parent) -> Result<LinkState, FederationError> {
        Ok(LinkState { downlinks: self.own_downlinks(parent).await?, ..self.upward.link(&parent.node) })
    }

    pub(super) async fn child_link(&self, child: Child) -> Result<LinkState, FederationError> {
        let live = self.children.view(&child.node);
        let uplink = Purpose::Bulk.uplink(&child.node).unwrap_or_default();
        let cursor = tracemesh_journal::cursor(self.db.read(), &follower_name(child.history), &uplink).await?;
        let (state, detail) =
            live.as_ref().map_or((child.state, child.detail), |live| (live.state.word().to_owned(), live.state.detail().to_owned()));
        let last_seen = live.as_ref().map_or(0, |live| live.last_seen).max(child.last_seen);
        Ok(LinkState {
            downlinks: self.child_downlinks(&child.node).await?,
            node: child.node,
            area: child.area,
            categories: child.categories,
            tier: child.tier,
            state,
            detail,
            last_seen: (last_seen > 0).then(|| timestamp(last_seen)),
            cursor: cursor.seq,
            behind: live.map_or(0, |live| live.behind),
            checkpoint: cursor.checkpoint,
            children: child.said.children,
        })
    }
}

impl Invitation {
    pub fn link(&self) -> LinkState {
        let Self { node, area, categories, .. } = self.clone();
        LinkState { node, area, categories, state: "invited".into(), ..LinkState::default() }
    }
}

fn refused(stranger: Stranger) -> LinkState {
    let detail = refusal(&stranger);
    let last_seen = Some(timestamp(stranger.seen_at));
    LinkState { node: stranger.node, state: "refused".into(), detail, last_seen, ..LinkState::default() }
}

fn refusal(stranger: &Stranger) -> String {
    format!("turned away: it {}", stranger.why)
}
