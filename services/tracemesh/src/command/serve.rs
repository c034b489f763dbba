//! `serve`: some services in this process; the others of the node are found where the configuration says.

use tracemesh_chassis::Clock;

use super::up::{Signals, announce, configuration, until_stopped};
use crate::cli::{Asking, Serve};
use crate::node;

pub async fn run(asking: &Asking, serve: Serve) -> anyhow::Result<u8> {
    let signals = Signals::listen()?;
    let running = node::start_some(configuration(asking, &serve.run)?, Clock::system(), &serve.services).await?;
    announce(asking, &running)?;
    until_stopped(running, signals).await
}
