//! Inviting a child.

use tracemesh_chassis::config::is_node_id;
use tracemesh_chassis::error::Violation;
use tracemesh_chassis::keys::sha256;
use tracemesh_chassis::process::Endpoints;
use tracemesh_proto::federation::v1::LinkChanged;

use super::{Cause, Federation};
use crate::domain::invitation::{Code, Invitation, VALID_MICROS};
use crate::error::FederationError;
use crate::store;

const AREA_BYTES_MAX: usize = 24;
const CATEGORIES_MAX: usize = 32;
const CATEGORY_BYTES_MAX: usize = 64;

impl Federation {
    /// The code, and when it ends. A second invitation takes the place of the first. A child that is connected cannot be invited: whoever
    /// redeemed the code would take its place. One that is away can, so that a machine that was lost can be replaced.
    pub async fn invite(
        &self,
        cause: &Cause<'_>,
        node: &str,
        area: &str,
        categories: Vec<String>,
    ) -> Result<(String, i64), FederationError> {
        self.check_invitation(node, area, &categories)?;
        if self.children.is_connected(node) {
            return Err(FederationError::ChildTaken(node.to_owned()));
        }
        let code = Code { secret: rand::random(), ca_sha256: self.ca_sha256(), url: self.own_url()? };
        let expires_at = self.now() + VALID_MICROS;
        let secret_sha256 = sha256(code.secret_text().as_bytes()).to_vec();
        let invitation = Invitation { node: node.to_owned(), area: area.to_owned(), categories, secret_sha256, expires_at };
        let tx = self.db.begin().await?;
        store::invitations::put(&tx, &invitation).await?;
        let link = invitation.link();
        self.commit(tx, "link.invited", cause, &LinkChanged { link: Some(link), fingerprint: String::new() }).await?;
        Ok((code.write(), expires_at))
    }

    fn check_invitation(&self, node: &str, area: &str, categories: &[String]) -> Result<(), FederationError> {
        let mut faults = Vec::new();
        if !is_node_id(node) || node == self.node() {
            faults.push(Violation::new("node", "error.node.id_invalid").with("value", node));
        }
        if area.is_empty() {
            faults.push(Violation::new("area", "error.request.value_missing"));
        }
        if area.len() > AREA_BYTES_MAX {
            faults.push(Violation::new("area", "error.request.value_too_long").with("limit", AREA_BYTES_MAX.to_string()));
        }
        if categories.len() > CATEGORIES_MAX {
            faults.push(Violation::new("categories", "error.request.too_many").with("limit", CATEGORIES_MAX.to_string()));
        }
        let is_none = |category: &&String| category.is_empty() || category.len() > CATEGORY_BYTES_MAX || category.contains([',', '*']);
        faults.extend(categories.iter().find(is_none).map(|category| {
            let expected = format!("a category's name of at most {CATEGORY_BYTES_MAX} bytes");
            Violation::new("categories", "error.request.value_invalid").with("value", category).with("expected", expected)
        }));
        if faults.is_empty() { Ok(()) } else { Err(FederationError::Invalid(faults)) }
    }

    fn ca_sha256(&self) -> [u8; 32] {
        let fingerprint = self.runtime.tls().ca_fingerprint();
        hex::decode(fingerprint).ok().and_then(|bytes| bytes.try_into().ok()).expect("a SHA-256 in hex has 32 bytes")
    }

    /// Where children dial us: as configured, else where this process listens.
    fn own_url(&self) -> Result<String, FederationError> {
        let config = self.runtime.config();
        if !config.link.advertise.is_empty() {
            return Ok(config.link.advertise.clone());
        }
        let endpoints = Endpoints::read(&config.data_dir).map_err(tracemesh_chassis::tls::TlsError::from)?;
        Ok(endpoints.map_or_else(|| format!("https://{}", config.listen.grpc), |endpoints| endpoints.grpc))
    }
}
