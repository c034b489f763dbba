//! Dependencies as `/readyz` shows them: each by name, with its state.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use serde::Serialize;

/// Longest time that one probe may take: a probe that hangs must not make the orchestrator believe that the process does.
const TIMEOUT: Duration = Duration::from_secs(2);

/// The state of a dependency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "state", content = "detail", rename_all = "snake_case")]
pub enum Health {
    /// It answers.
    Ok,
    /// It does not, and the service works on without it: a parent that is away, a journal with a damaged entry.
    Degraded(String),
    /// It does not, and the service cannot work: not ready.
    Failed(String),
}

/// One dependency and how to ask for its state.
#[derive(Clone)]
pub struct Probe {
    name: String,
    ask: Arc<dyn Fn() -> BoxFuture<'static, Health> + Send + Sync>,
}

impl Probe {
    /// `name` is what an operator looks for: `registry.database`, `federation.parent`.
    pub fn new<F, T>(name: impl Into<String>, ask: F) -> Probe
    where
        F: Fn() -> T + Send + Sync + 'static,
        T: Future<Output = Health> + Send + 'static,
    {
        Probe { name: name.into(), ask: Arc::new(move || ask().boxed()) }
    }

    /// The dependency's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its state now.
    pub async fn ask(&self) -> Health {
        let slow = || Health::Failed(format!("no answer within {} s", TIMEOUT.as_secs()));
        tokio::time::timeout(TIMEOUT, (self.ask)()).await.unwrap_or_else(|_| slow())
    }
}
