//! Enrolling a child that comes with an invitation, and renewing its certificate later. The certificate says which node it is and nothing more.

use jiff::Timestamp;
use tracemesh_access::{Neighbour, Principal, Scope};
use tracemesh_chassis::auth::PeerNode;
use tracemesh_chassis::keys::sha256;
use tracemesh_chassis::tls::{certificates, fingerprint};
use tracemesh_proto::federation::v1::{GetLinkStatusResponse, JoinRequest, JoinResponse, LinkChanged, LinkState};

use super::{Cause, Federation};
use crate::error::FederationError;
use crate::store;
use crate::store::children::Child;

/// What a child may say of its tier: a word of ours.
const TIER_BYTES_MAX: usize = 16;

impl Federation {
    /// Redeems an invitation. Area and categories are those of the invitation, whatever the child says of itself.
    pub async fn enrol(&self, request: JoinRequest) -> Result<JoinResponse, FederationError> {
        let secret = sha256(request.secret.as_bytes());
        // Whoever comes without a code costs a look and no more: nobody is known yet.
        let invitation = store::invitations::get(self.db.read(), &request.node, &secret, self.now()).await?;
        let invitation = invitation.ok_or(FederationError::Invitation)?;
        let (certificate, fingerprint) = self.sign(&request.signing_request, &request.node)?;
        self.open_downlinks(&request.node).await?;
        let tx = self.db.begin().await?;
        if !store::invitations::redeem(&tx, &request.node, &secret).await? {
            return Err(FederationError::Invitation);
        }
        let known = store::children::get(&tx, &request.node).await?;
        let child = Child {
            node: request.node.clone(),
            area: invitation.area,
            categories: invitation.categories,
            tier: request.tier.chars().take(TIER_BYTES_MAX).collect(),
            fingerprint: fingerprint.clone(),
            former_fingerprint: String::new(),
            history: known.as_ref().map_or(1, |known| known.history),
            epoch: known.map_or(1, |known| known.epoch),
            state: "away".into(),
            detail: "has not connected".into(),
            last_seen: 0,
            said: GetLinkStatusResponse::default(),
        };
        store::children::enrol(&tx, &child).await?;
        let itself = Principal::node(&request.node, Neighbour::Child, Scope::NOTHING, Scope::NOTHING);
        let itself = itself.map_err(|_| FederationError::Invitation)?;
        let link = LinkState { node: child.node, area: child.area, tier: child.tier, state: child.state, ..LinkState::default() };
        self.commit(tx, "link.enrolled", &Cause::by(&itself), &LinkChanged { link: Some(link), fingerprint }).await?;
        self.roll.reload(&self.db).await?;
        self.children.ensure(self, &request.node);
        Ok(JoinResponse { certificate, ca: self.runtime.tls().ca_pem().to_owned(), parent: self.node().to_owned() })
    }

    /// Signs a new key for a child. The certificate that it shows now holds until the new one has been shown.
    pub async fn renew(&self, child: &Principal, shown: &PeerNode, signing_request: &str) -> Result<String, FederationError> {
        let node = shown.id.as_str();
        let (certificate, fingerprint) = self.sign(signing_request, node)?;
        let tx = self.db.begin().await?;
        let known = store::children::get(&tx, node).await?.ok_or_else(|| FederationError::NoChild(node.to_owned()))?;
        store::children::set_certificates(&tx, node, &fingerprint, &shown.fingerprint).await?;
        let link = LinkState { node: known.node, area: known.area, tier: known.tier, state: known.state, ..LinkState::default() };
        self.commit(tx, "link.renewed", &Cause::by(child), &LinkChanged { link: Some(link), fingerprint }).await?;
        self.roll.reload(&self.db).await?;
        Ok(certificate)
    }

    /// A certificate and its fingerprint.
    fn sign(&self, signing_request: &str, node: &str) -> Result<(String, String), FederationError> {
        let now: Timestamp = self.runtime.clock().now();
        let certificate = self.runtime.tls().sign_link(signing_request, node, now)?;
        let fingerprint = fingerprint(&certificates(&certificate)?[0]);
        Ok((certificate, fingerprint))
    }
}
