//! `up`: one node, all services, until it is told to stop.

use tokio::signal::unix::{Signal, SignalKind, signal};
use tracemesh_chassis::config::Sources;
use tracemesh_chassis::process::Running;
use tracemesh_chassis::{Clock, NodeConfig};

use crate::cli::{Asking, Up};
use crate::node;
use crate::output::{self, DONE, UNREACHABLE};

pub async fn run(asking: &Asking, up: Up) -> anyhow::Result<u8> {
    let signals = Signals::listen()?;
    let running = node::start(configuration(asking, &up)?, Clock::system()).await?;
    announce(asking, &running)?;
    until_stopped(running, signals).await
}

/// What the process is told: the file, then the environment, then the flags.
pub fn configuration(asking: &Asking, up: &Up) -> anyhow::Result<NodeConfig> {
    let mut sources = Sources::new().flag("data_dir", asking.data.display().to_string());
    if let Some(file) = &up.config {
        sources = sources.file(file);
    }
    for (key, address) in [("listen.http", up.http), ("listen.grpc", up.grpc), ("listen.ops", up.ops)] {
        if let Some(address) = address {
            sources = sources.flag(key, address.to_string());
        }
    }
    Ok(NodeConfig::load(sources)?)
}

/// Once it is ready: where it listens, and at the first start how to sign in.
pub fn announce(asking: &Asking, running: &Running) -> anyhow::Result<()> {
    let endpoints = running.endpoints();
    if asking.json {
        return output::json(endpoints);
    }
    println!("node     {}", endpoints.node);
    println!("console  {}/console", endpoints.http);
    println!("public   {}/", endpoints.http);
    println!("grpc     {}", endpoints.grpc);
    println!("ops      {}/readyz", endpoints.ops);
    if let Some(sign_in) = &endpoints.sign_in {
        println!("sign in  {sign_in}   (once, within a day)");
    }
    Ok(())
}

/// Serves until a signal, or a task without which the process is of no use, asks for the stop; then finishes what has begun.
pub async fn until_stopped(running: Running, mut signals: Signals) -> anyhow::Result<u8> {
    let shutdown = running.shutdown();
    tokio::select! {
        () = signals.next() => shutdown.request(),
        () = shutdown.requested() => {}
    }
    match running.stopped().await {
        Ok(()) => Ok(DONE),
        Err(unclean) => {
            eprintln!("tracemesh: {unclean}");
            Ok(UNREACHABLE)
        }
    }
}

/// SIGINT and SIGTERM. They are listened to before anything starts: whoever has read where a node listens may stop it at once.
pub struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    pub fn listen() -> std::io::Result<Self> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}
