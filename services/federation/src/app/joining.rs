//! Joining a parent, with the code that its operator has handed over.

use std::time::Duration;

use tracemesh_access::Principal;
use tracemesh_chassis::config::is_node_id;
use tracemesh_chassis::error::Violation;
use tracemesh_chassis::tls::{SigningRequest, TlsError, certificates, fingerprint, node_of_certificate};
use tracemesh_peers::{Clients, Identity, Remote, Trust};
use tracemesh_proto::federation::v1::{JoinRequest, JoinResponse, LinkChanged, LinkState, RenewRequest};

use super::{Cause, Federation};
use crate::domain::invitation::Code;
use crate::error::FederationError;
use crate::store;
use crate::store::parent::Parent;

/// Dialling a stranger and having it sign.
const PATIENCE: Duration = Duration::from_secs(20);
/// Of 90 days: the 60 that are left outlast a parent that is away for 30.
const RENEW_AFTER_MICROS: i64 = 30 * 24 * 3600 * 1_000_000;

impl Federation {
    /// The parent's id. An empty URL is that of the code. A node with a parent may come again to the same CA, so that a link whose certificate has
    /// run out can be made anew.
    pub async fn join(&self, cause: &Cause<'_>, url: &str, code: &str) -> Result<String, FederationError> {
        let code = Code::read(code).map_err(|_| FederationError::Invitation)?;
        let url = if url.is_empty() { code.url.clone() } else { url.trim_end_matches('/').to_owned() };
        let pin = hex::encode(code.ca_sha256);
        let known = store::parent::get(self.db.read()).await?;
        if let Some(known) = known.filter(|known| !is_ca(&known.ca, &pin)) {
            return Err(FederationError::ParentExists(known.node));
        }
        let request = SigningRequest::new(self.node())?;
        let answer = self.redeem(&url, &pin, code.secret_text(), request.request_pem).await?;
        let parent = self.accepted(&pin, url, request.key_pem, answer)?;
        self.keep(cause, "link.joined", &parent).await?;
        self.roll.reload(&self.db).await?;
        self.upward.refresh();
        Ok(parent.node)
    }

    /// Has the certificate renewed, when it is time; whether it was.
    pub async fn renew_with(&self, link: &Clients) -> Result<bool, FederationError> {
        let _alone = self.upward.renewal().await;
        let Some(parent) = store::parent::get(self.db.read()).await?.filter(|parent| parent.renew_at <= self.now()) else {
            return Ok(false);
        };
        let request = SigningRequest::new(self.node())?;
        let renewal = RenewRequest { signing_request: request.request_pem };
        let answer = link.link().renew(renewal).await.map_err(FederationError::Refused)?.into_inner();
        let renewed = Parent { certificate: answer.certificate, key: request.key_pem, renew_at: self.now() + RENEW_AFTER_MICROS, ..parent };
        self.check_certificate(&renewed.certificate)?;
        self.keep(&Cause::by(&Principal::service("federation")), "link.renewed", &renewed).await?;
        Ok(true)
    }

    async fn keep(&self, cause: &Cause<'_>, kind: &str, parent: &Parent) -> Result<(), FederationError> {
        let link = LinkState { node: parent.node.clone(), state: "away".into(), ..LinkState::default() };
        let fingerprint = certificates(&parent.certificate).map(|chain| fingerprint(&chain[0]))?;
        let tx = self.db.begin().await?;
        store::parent::put(&tx, parent).await?;
        self.commit(tx, kind, cause, &LinkChanged { link: Some(link), fingerprint }).await
    }

    async fn redeem(&self, url: &str, pin: &str, secret: String, signing_request: String) -> Result<JoinResponse, FederationError> {
        let remote = Remote::connect(url, &Trust::Fingerprint(pin.to_owned()), None).await;
        let remote = remote.map_err(|error| FederationError::unreachable(url, error))?;
        let node = self.runtime.node();
        let request =
            JoinRequest { secret, node: node.id.clone(), signing_request, tier: node.tier.as_str().into(), area: node.area.clone() };
        let answer = remote.clients().within(PATIENCE).link().join(request).await;
        Ok(answer.map_err(FederationError::Refused)?.into_inner())
    }

    /// The parent was pinned by its CA's fingerprint; what it answers must go with that.
    fn accepted(&self, pin: &str, url: String, key: String, answer: JoinResponse) -> Result<Parent, FederationError> {
        if !is_ca(&answer.ca, pin) {
            return Err(FederationError::Fingerprint(url));
        }
        if !is_node_id(&answer.parent) || answer.parent == self.node() {
            let fault = Violation::new("parent", "error.node.id_invalid").with("value", answer.parent);
            return Err(FederationError::Invalid(vec![fault]));
        }
        self.check_certificate(&answer.certificate)?;
        let renew_at = self.now() + RENEW_AFTER_MICROS;
        let (history, forked) = (1, String::new());
        Ok(Parent { node: answer.parent, url, ca: answer.ca, certificate: answer.certificate, key, renew_at, history, forked })
    }

    fn check_certificate(&self, pem: &str) -> Result<(), FederationError> {
        let certificate = certificates(pem)?.remove(0);
        match node_of_certificate(&certificate).as_deref() == Some(self.node()) {
            true => Ok(()),
            false => Err(TlsError::Setup("the parent has signed a certificate for somebody else".into()).into()),
        }
    }
}

impl Parent {
    /// What we show when we dial it.
    pub fn identity(&self) -> Identity {
        Identity { certificate_pem: self.certificate.clone(), key_pem: self.key.clone() }
    }

    /// The fingerprint of its CA, by which it is known.
    pub fn ca_fingerprint(&self) -> String {
        certificates(&self.ca).map_or_else(|_| String::new(), |chain| fingerprint(&chain[0]))
    }
}

fn is_ca(pem: &str, pin: &str) -> bool {
    certificates(pem).is_ok_and(|chain| fingerprint(&chain[0]) == pin)
}
