//! An operator takes a child's place away: it was sold, stolen, or moves to another parent.
//!
//! Its row stays, and with it what is held of its history: a child that is invited again has to continue that, like everybody who comes back.

use tracemesh_chassis::error::Violation;
use tracemesh_proto::federation::v1::{LinkChanged, LinkState};

use super::{Cause, Federation};
use crate::error::FederationError;
use crate::store;
use crate::store::children::REVOKED;

impl Federation {
    /// From now on its certificate opens nothing, its connections are closed, and an invitation that it has not redeemed is void.
    pub async fn revoke(&self, cause: &Cause<'_>, node: &str) -> Result<LinkState, FederationError> {
        if cause.why.is_empty() {
            return Err(FederationError::Invalid(vec![Violation::new("why", "error.request.why_missing")]));
        }
        let tx = self.db.begin().await?;
        let child = store::children::get(&tx, node).await?.filter(|child| child.state != REVOKED);
        let child = child.ok_or_else(|| FederationError::NoChild(node.to_owned()))?;
        store::children::revoke(&tx, node, cause.why).await?;
        store::invitations::withdraw(&tx, node).await?;
        let link = LinkState { node: child.node, area: child.area, tier: child.tier, state: REVOKED.into(), ..LinkState::default() };
        let changed = LinkChanged { link: Some(link.clone()), fingerprint: child.fingerprint };
        self.commit(tx, "link.revoked", cause, &changed).await?;
        self.roll.reload(&self.db).await?;
        self.children.dismiss(node).await;
        Ok(LinkState { detail: cause.why.to_owned(), ..link })
    }
}
