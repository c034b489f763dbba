//! Who this node is and what its areas are called: on every page, so kept for a minute. Without the registry pages stand with what was
//! known last, or nameless; they never fail for it.

use std::sync::{Arc, PoisonError, RwLock};

use futures::future;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;
use tracemesh_proto::registry::v1::Node;

use crate::sources::Sources;
use crate::views::places::Places;

/// How long it is believed.
const FRESH: SignedDuration = SignedDuration::from_secs(60);
/// When the registry is asked again that did not answer.
const RETRY: SignedDuration = SignedDuration::from_secs(5);

/// The node and its areas.
#[derive(Debug, Default)]
pub struct Here {
    pub node: Option<Node>,
    pub places: Places,
}

impl Here {
    /// The area that the node answers for; empty while it is not known.
    pub fn area(&self) -> &str {
        self.node.as_ref().map_or("", |node| &node.area)
    }
}

/// What was known last, and until when it is believed.
#[derive(Debug, Default)]
pub struct Known {
    kept: RwLock<Option<(Timestamp, Arc<Here>)>>,
    turn: Mutex<()>,
}

impl Known {
    /// The node and its areas. One caller asks while the others go on with what there is; only before the first answer all wait.
    pub async fn get(&self, sources: &dyn Sources, now: Timestamp) -> Arc<Here> {
        let kept = self.kept();
        let turn = match &kept {
            Some((until, here)) if *until > now => return here.clone(),
            Some((_, here)) => match self.turn.try_lock() {
                Ok(turn) => turn,
                Err(_) => return here.clone(),
            },
            None => self.turn.lock().await,
        };
        match self.kept() {
            Some((until, here)) if until > now => return here,
            _ => (),
        }
        let here = self.ask(sources, now, kept.map(|(_, here)| here)).await;
        drop(turn);
        here
    }

    async fn ask(&self, sources: &dyn Sources, now: Timestamp, last: Option<Arc<Here>>) -> Arc<Here> {
        let (believed, here) = match future::try_join(sources.node(), sources.areas()).await {
            Ok((node, areas)) => (FRESH, Arc::new(Here { node: Some(node), places: Places::new(areas) })),
            Err(trouble) => {
                tracing::warn!(%trouble, "the registry did not tell who this node is");
                (RETRY, last.unwrap_or_default())
            }
        };
        let until = now.saturating_add(believed).unwrap_or(now);
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) = Some((until, here.clone()));
        here
    }

    fn kept(&self) -> Option<(Timestamp, Arc<Here>)> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
