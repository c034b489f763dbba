//! What all pages share: where answers come from, the time, the limits, and the little that is remembered between two requests.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tracemesh_chassis::{Clock, Shutdown};

use crate::app::chains::Chains;
use crate::app::here::Known;
use crate::config::PortalConfig;
use crate::sources::Sources;

/// How the portal reaches its readers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wire {
    /// On loopback, without TLS.
    Plain,
    /// TLS, ended here or by a proxy: cookies are marked, and browsers told to insist.
    Encrypted,
}

/// The portal of one node.
pub struct Portal {
    pub(crate) sources: Arc<dyn Sources>,
    pub(crate) clock: Clock,
    pub(crate) shutdown: Shutdown,
    pub(crate) wire: Wire,
    pub(crate) public_url: String,
    pub(crate) known: Known,
    pub(crate) chains: Chains,
    pub(crate) live_pages: Arc<Semaphore>,
}

impl Portal {
    /// A portal that draws what the sources answer. It takes itself to be where each request was addressed.
    pub fn new(config: &PortalConfig, sources: Arc<dyn Sources>, clock: Clock, shutdown: Shutdown, wire: Wire) -> Self {
        Self {
            sources,
            clock,
            shutdown,
            wire,
            public_url: String::new(),
            known: Known::default(),
            chains: Chains::new(config),
            live_pages: Arc::new(Semaphore::new(config.live_pages)),
        }
    }

    /// The same, where people reach it by this URL; an empty one says nothing.
    #[must_use]
    pub fn at(self, public_url: &str) -> Self {
        Self { public_url: public_url.trim_end_matches('/').to_owned(), ..self }
    }
}
