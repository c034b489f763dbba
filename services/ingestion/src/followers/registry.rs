//! Follows the registry: keeps our copy of providers, areas and subjects, and has the doors look at it after each change.

use prost::Message;
use tracemesh_codes::Scheme;
use tracemesh_journal::{DecodedCommit, Fork, Handler, HandlerError};
use tracemesh_proto::registry::v1::{Area, ProviderChanged, Subject};
use tracemesh_store::DatabaseTransaction;

use crate::app::directory::Directory;
use crate::store::directory as copy;

const CANCELLED: &str = "cancelled";

#[derive(Clone)]
pub struct RegistryHandler {
    pub directory: Directory,
}

impl Handler for RegistryHandler {
    async fn apply(&mut self, tx: &DatabaseTransaction, commits: &[DecodedCommit]) -> Result<(), HandlerError> {
        for entry in commits.iter().flat_map(|commit| &commit.entries) {
            let Some(body) = &entry.body else { continue };
            match entry.envelope.kind.as_str() {
                "provider.added" | "provider.rotated" | "provider.state_changed" => {
                    copy::put_provider(tx, &ProviderChanged::decode(body.as_ref())?).await?;
                }
                "area.added" => copy::put_area(tx, &Area::decode(body.as_ref())?).await?,
                "subject.registered" | "subject.state_changed" => {
                    let subject = Subject::decode(body.as_ref())?;
                    copy::put_subject(tx, &code_of(&subject), subject.state != CANCELLED).await?;
                }
                // Sessions, and whatever a later version learns to say.
                _ => {}
            }
        }
        Ok(())
    }

    fn committed(&mut self) {
        self.directory.changed();
    }

    async fn on_fork(&mut self, fork: &Fork) -> Result<(), HandlerError> {
        tracing::error!(%fork, "the registry's history forked: the doors go on with the copy that they have");
        Ok(())
    }
}

/// The subject's code as records name it, canonical where the scheme is known.
fn code_of(subject: &Subject) -> String {
    let scheme = subject.scheme.parse::<Scheme>().ok();
    let identified = scheme.and_then(|scheme| tracemesh_codes::parse(scheme, "", &subject.code).ok());
    identified.map_or_else(|| subject.code.clone(), |identified| identified.code.to_string())
}
