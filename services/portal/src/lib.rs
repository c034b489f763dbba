#![doc = include_str!("../README.md")]

pub mod config;

mod views;

mod app;
pub mod portal;
pub mod sources;

pub mod assets;
mod language;
pub mod pages;
mod text;

pub mod error;

use std::sync::Arc;

use tracemesh_chassis::{Runtime, Service, TaskError};
use tracemesh_peers::Peers;

use crate::config::PortalConfig;
use crate::portal::{Portal, Wire};
use crate::sources::peers::FromPeers;

/// Starts the portal of a node. It owns nothing and waits for nobody: a page asks when it is asked for.
pub fn start(runtime: &Runtime) -> Result<Service, TaskError> {
    let config = runtime.config().portal.read::<PortalConfig>("portal")?;
    let listen = &runtime.config().listen;
    let wire = if listen.http_certificate.is_some() || listen.behind_proxy { Wire::Encrypted } else { Wire::Plain };
    let sources = Arc::new(FromPeers::new(Peers::new(runtime)));
    let portal = Portal::new(&config, sources, runtime.clock().clone(), runtime.shutdown(), wire).at(&listen.public_url);
    Ok(Service::new("portal").http(pages::router(Arc::new(portal))))
}
