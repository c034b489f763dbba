//! Following: everything that reads a journal and makes something of it, in this node or another, does it here.
//!
//! 1. **Check the history.** Each connection begins with a fresh signed checkpoint and a proof that it continues what this follower holds; so
//!    does, from time to time, one that lasts. A history that does not is a fork: it is told to the handler and ends the follower, and nothing is
//!    taken until a person has decided.
//! 2. **Take what comes.** Commits that have arrived are decoded, and every hash in them is recomputed, up to the leaf.
//! 3. **Apply.** One transaction moves the cursor by compare-and-set and has the handler write what it makes of the entries. So each entry takes
//!    effect once, whatever is killed and however many copies of a follower run.
//!
//! Everything else that goes wrong (a connection, a database, the handler) is logged and tried again from the stored cursor, after a pause that
//! doubles up to a limit.

use std::convert::Infallible;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use ed25519_dalek::VerifyingKey;
use futures::FutureExt;
use prost::Message;
use sea_orm::DatabaseTransaction;
use tokio::time::Instant;
use tonic::Streaming;
use tonic::body::Body;
use tonic::client::GrpcService;
use tonic::codegen::{Body as HttpBody, StdError};
use tracemesh_proto::journal::v1::journal_service_client::JournalServiceClient;
use tracemesh_proto::journal::v1::{Commit, FollowRequest, FollowResponse, follow_response::Item};
use tracemesh_store::{Database, DbErr};

use crate::cursor::{self, Cursor};
use crate::{COMMIT_BYTES_MAX, DecodedCommit, open_commit};

mod fork;
mod history;

pub use fork::{Fork, ForkKind};

/// What a handler may fail with; any error becomes one by `?`.
pub type HandlerError = Box<dyn std::error::Error + Send + Sync>;

/// What a follower makes of a journal.
pub trait Handler: Send {
    /// Writes what follows from these commits, at least one, in order and never twice. The transaction holds the cursor already. An error rolls
    /// it back, and the same commits come again: an entry that can never be applied is the handler's to note and pass over.
    fn apply(&mut self, tx: &DatabaseTransaction, commits: &[DecodedCommit]) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// The transaction is committed: wake who waits for it. A crash may come before.
    fn committed(&mut self) {}

    /// Everything up to `seq` is applied, and nothing more is there now.
    fn caught_up(&mut self, _seq: u64) {}

    /// Records a fork, before the follower ends with it.
    fn on_fork(&mut self, fork: &Fork) -> impl Future<Output = Result<(), HandlerError>> + Send;
}

/// Why following stopped for a moment, or for good.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// The only one that ends a follower. After approval: [`cursor::resume`], then run again.
    #[error("{0}")]
    Fork(Box<Fork>),
    /// The source, or the way there. Tried again.
    #[error("the journal does not answer")]
    Rpc(#[from] tonic::Status),
    /// Rolled back, and tried again.
    #[error("what came could not be applied")]
    Handler(#[source] HandlerError),
    /// The follower's own. Tried again.
    #[error("the follower's database failed")]
    Database(#[from] DbErr),
    /// The same follower runs elsewhere and was faster; this one goes on from where that one is.
    #[error("the cursor was moved by somebody else")]
    Moved,
}

/// How much at once, how often, how patiently.
#[derive(Clone, Copy, Debug)]
pub struct FollowPace {
    /// Entries applied in one transaction, unless a single commit has more.
    pub entries: usize,
    /// The same in bytes as they arrive.
    pub bytes: usize,
    /// How long a connection may last before the history is checked anew.
    pub check: Duration,
    /// The first pause after a failure.
    pub backoff_min: Duration,
    /// The longest.
    pub backoff_max: Duration,
}

impl Default for FollowPace {
    fn default() -> Self {
        let (backoff_min, backoff_max) = (Duration::from_millis(100), Duration::from_secs(10));
        Self { entries: 10_000, bytes: 8 << 20, check: Duration::from_secs(60), backoff_min, backoff_max }
    }
}

/// What a gRPC client can call through: tonic's channel, or one with layers around it.
pub trait Channel:
    Clone
    + Send
    + GrpcService<
        Body,
        Future: Send,
        Error: Into<StdError>,
        ResponseBody: HttpBody<Data = Bytes, Error: Into<StdError> + Send> + Send + 'static,
    >
{
}

impl<T> Channel for T where
    T: Clone
        + Send
        + GrpcService<
            Body,
            Future: Send,
            Error: Into<StdError>,
            ResponseBody: HttpBody<Data = Bytes, Error: Into<StdError> + Send> + Send + 'static,
        >
{
}

/// One follower of one journal. `T` is any gRPC channel; who is asking is the channel's affair.
#[derive(Clone, Debug)]
pub struct Follower<T> {
    /// Tells this follower's cursor from those of others in the same tables.
    pub name: String,
    /// Whose journal it is: `NODE.SERVICE` or `NODE.SERVICE.NAME`.
    pub journal: String,
    /// Where it is served.
    pub client: JournalServiceClient<T>,
    /// The follower's own tables: the cursor's, and what the handler makes.
    pub db: Database,
    /// The journal's key, where it is known from elsewhere (an invitation, a file). Without one the first key seen is kept.
    pub key: Option<VerifyingKey>,
    /// How much at once, how often, how patiently.
    pub pace: FollowPace,
}

/// What has arrived.
#[derive(Default)]
struct Arrived {
    commits: Vec<Commit>,
    caught_up: Option<u64>,
}

impl<T: Channel> Follower<T> {
    /// With the usual pace, and the key to be learnt.
    pub fn new(name: &str, journal: &str, client: JournalServiceClient<T>, db: &Database) -> Self {
        // Twice a commit, because what does not compress grows a little.
        let client = client.max_decoding_message_size(2 * COMMIT_BYTES_MAX);
        Self { name: name.to_owned(), journal: journal.to_owned(), client, db: db.clone(), key: None, pace: FollowPace::default() }
    }

    /// Follows until `stop` is done, or a fork is found.
    pub async fn run(mut self, handler: &mut impl Handler, stop: impl Future<Output = ()>) -> Result<(), FollowError> {
        let mut stop = pin!(stop);
        let mut pause = self.pace.backoff_min;
        loop {
            let began = Instant::now();
            let error = tokio::select! {
                biased;
                () = &mut stop => return Ok(()),
                Err(error) = self.connection(handler) => error,
            };
            if let FollowError::Fork(fork) = &error {
                tracing::error!(follower = self.name, journal = self.journal, %fork, "the history forked: nothing more is taken");
                return Err(error);
            }
            // A connection that held for a while was a good one.
            pause = if began.elapsed() > self.pace.backoff_max { self.pace.backoff_min } else { pause };
            tracing::warn!(
                follower = self.name,
                journal = self.journal,
                error = &error as &dyn std::error::Error,
                ?pause,
                "will follow again"
            );
            tokio::select! {
                () = &mut stop => return Ok(()),
                () = tokio::time::sleep(pause) => pause = (pause * 2).min(self.pace.backoff_max),
            }
        }
    }

    /// From the check of the history to the first error.
    async fn connection(&mut self, handler: &mut impl Handler) -> Result<Infallible, FollowError> {
        let outcome = self.follow(handler).await;
        if let Err(FollowError::Fork(fork)) = &outcome {
            handler.on_fork(fork).await.map_err(FollowError::Handler)?;
        }
        outcome
    }

    async fn follow(&mut self, handler: &mut impl Handler) -> Result<Infallible, FollowError> {
        let mut cursor = cursor::cursor(self.db.read(), &self.name, &self.journal).await?;
        let epoch = self.check_history(&mut cursor).await?;
        let mut checked = Instant::now();
        let request = FollowRequest { journal: self.journal.clone(), epoch, after: cursor.seq };
        let mut stream = self.client.follow(request).await?.into_inner();
        loop {
            let arrived = self.arrived(&mut stream).await?;
            for commits in arrived.commits.chunk_by(|one, other| one.epoch == other.epoch) {
                cursor = self.take(handler, cursor, commits).await?;
            }
            if let Some(seq) = arrived.caught_up {
                handler.caught_up(seq);
            }
            if checked.elapsed() > self.pace.check {
                self.check_history(&mut cursor).await?;
                checked = Instant::now();
            }
        }
    }

    /// Waits for something to arrive and takes what has come with it, up to a transaction's worth.
    async fn arrived(&self, stream: &mut Streaming<FollowResponse>) -> Result<Arrived, FollowError> {
        let mut arrived = Arrived::default();
        let mut next = Some(stream.message().await?);
        let (mut entries, mut bytes) = (0, 0);
        while let Some(message) = next {
            match message.ok_or_else(|| tonic::Status::unavailable("the stream has ended"))?.item {
                Some(Item::Commit(commit)) => {
                    entries += commit.entries as usize;
                    bytes += commit.encoded_len();
                    arrived.commits.push(commit);
                }
                Some(Item::CaughtUp(end)) => arrived.caught_up = Some(end.seq),
                None => {}
            }
            let more = arrived.caught_up.is_none() && entries < self.pace.entries && bytes < self.pace.bytes;
            next = if more { stream.message().now_or_never().transpose()? } else { None };
        }
        Ok(arrived)
    }

    /// Takes commits of one epoch in one transaction.
    async fn take(&mut self, handler: &mut impl Handler, from: Cursor, commits: &[Commit]) -> Result<Cursor, FollowError> {
        if commits[0].epoch != from.epoch {
            self.finish_epoch(&from).await?;
        }
        let (to, decoded) = self.open(&from, commits)?;
        let tx = self.db.begin().await?;
        if !cursor::advance(&tx, &self.name, &self.journal, &from, &to).await? {
            return Err(FollowError::Moved);
        }
        handler.apply(&tx, &decoded).await.map_err(FollowError::Handler)?;
        tx.commit().await?;
        handler.committed();
        Ok(to)
    }

    /// Checks and decodes commits of one epoch, and where the cursor stands after them.
    fn open(&self, from: &Cursor, commits: &[Commit]) -> Result<(Cursor, Vec<DecodedCommit>), FollowError> {
        let journal: Arc<str> = self.journal.as_str().into();
        let mut to = from.in_epoch(commits[0].epoch);
        let mut decoded = Vec::with_capacity(commits.len());
        for commit in commits {
            let opened = open_commit(&journal, commit).map_err(|bad| self.damaged(from, bad.to_string()))?;
            if opened.index != to.size() || opened.first_seq != to.seq + 1 {
                return Err(self.damaged(from, format!("seq {} does not follow {}", opened.first_seq, to.seq)));
            }
            to.frontier.push(leaf(commit));
            to.seq = opened.last_seq();
            decoded.push(opened);
        }
        Ok((to, decoded))
    }

    fn damaged(&self, from: &Cursor, what: String) -> FollowError {
        FollowError::Fork(self.fork(from, ForkKind::Damaged(what)))
    }
}

/// `open_commit` has compared it with the recomputed one, so its length is right.
fn leaf(commit: &Commit) -> crate::Hash {
    commit.leaf.as_ref().try_into().unwrap_or_default()
}
