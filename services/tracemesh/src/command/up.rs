//! `up`: one node, all services, until it is told to stop.

use tracemesh_chassis::config::Sources;
use tracemesh_chassis::process::Running;
use tracemesh_chassis::{Clock, NodeConfig, Shutdown};

use crate::cli::{Asking, Up};
use crate::node;
use crate::output::{self, DONE, UNREACHABLE};

pub async fn run(asking: &Asking, up: Up) -> anyhow::Result<u8> {
    let running = node::start(configuration(asking, &up)?, Clock::system()).await?;
    announce(asking, &running)?;
    until_stopped(running).await
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
pub async fn until_stopped(running: Running) -> anyhow::Result<u8> {
    let shutdown = running.shutdown();
    tokio::select! {
        signalled = signal(&shutdown) => signalled?,
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

/// SIGINT or SIGTERM asks the process to stop.
async fn signal(shutdown: &Shutdown) -> std::io::Result<()> {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted?,
        _ = terminate.recv() => {}
    }
    shutdown.request();
    Ok(())
}
