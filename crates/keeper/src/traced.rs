//! What a follower does with entries, seen in the traces that the entries belong to.

use tracemesh_chassis::telemetry::context;
use tracemesh_journal::{DecodedCommit, Fork, Handler, HandlerError};
use tracemesh_store::DatabaseTransaction;

/// A handler whose work shows in the traces of what it is about: a provider finds there what became of its record, on every node.
pub struct Traced<H> {
    follower: String,
    handler: H,
}

impl<H: Handler> Traced<H> {
    /// `follower` is what the work is called: `analytics.follow.ingestion`.
    pub fn new(follower: impl Into<String>, handler: H) -> Self {
        Self { follower: follower.into(), handler }
    }
}

impl<H: Handler> Handler for Traced<H> {
    async fn apply(&mut self, tx: &DatabaseTransaction, commits: &[DecodedCommit]) -> Result<(), HandlerError> {
        let causes = commits.iter().flat_map(|commit| &commit.entries).map(|entry| entry.envelope.traceparent.as_str());
        let open = || tracing::info_span!("follow", otel.name = self.follower, otel.kind = "consumer");
        context::on_behalf_of(causes, open, self.handler.apply(tx, commits)).await
    }

    fn committed(&mut self) {
        self.handler.committed();
    }

    fn caught_up(&mut self, seq: u64) {
        self.handler.caught_up(seq);
    }

    async fn on_fork(&mut self, fork: &Fork) -> Result<(), HandlerError> {
        self.handler.on_fork(fork).await
    }
}
