//! A journal that this process keeps: its name, key, clock and tables.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ed25519_dalek::{SigningKey, VerifyingKey};
use sea_orm::ConnectionTrait;
use tokio::sync::watch;
use tokio::time::Instant;
use tracemesh_store::{Backend, Database, sql};

use crate::row::{ORDER_COLUMNS, Order, OrderTuple};
use crate::{JournalError, open};

pub(crate) const TORN: &str = "the entries end before the newest checkpoint";

/// Microseconds since 1970, UTC.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// How quickly a journal is looked after.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// How often to look for what another process has committed.
    pub poll: Duration,
    /// How soon after a commit a checkpoint covers it.
    pub checkpoint: Duration,
    /// How often a follower that has everything hears that it has.
    pub heartbeat: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self { poll: Duration::from_millis(200), checkpoint: Duration::from_secs(1), heartbeat: Duration::from_secs(10) }
    }
}

/// The end of a journal. An empty one ends at seq 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    pub epoch: u64,
    pub seq: u64,
}

/// Cheap to clone; all clones are one journal.
#[derive(Clone)]
pub struct Journal {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub id: i64,
    pub name: Arc<str>,
    pub db: Database,
    pub key: SigningKey,
    pub clock: Clock,
    pub pace: Pace,
    /// Changes with every commit that this process knows of.
    news: watch::Sender<u64>,
    /// When the tables were last looked at, and the seq seen there: one look serves all who wait.
    looked: tokio::sync::Mutex<(Instant, u64)>,
    /// It ended before its newest checkpoint when it was opened.
    pub torn: AtomicBool,
}

impl std::fmt::Debug for Journal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Journal").field("name", &self.inner.name).finish_non_exhaustive()
    }
}

impl Journal {
    /// Opens the journal, or begins it in epoch 1 with a checkpoint over nothing. The tables must exist: [`crate::MIGRATIONS`].
    ///
    /// `key` is the journal's own, from disk; what the tables say of it is a finding of [`Journal::verify`] where it differs, not a reason to refuse
    /// the start. A journal whose tables end before its newest checkpoint opens as well, and can be read: it takes nothing more until
    /// [`Journal::raise_epoch`], because it would give out numbers a second time.
    pub async fn open(db: &Database, name: &str, key: SigningKey, clock: Clock) -> Result<Self, JournalError> {
        Self::open_at(db, name, key, clock, Pace::default()).await
    }

    /// The same at another pace.
    pub async fn open_at(db: &Database, name: &str, key: SigningKey, clock: Clock, pace: Pace) -> Result<Self, JournalError> {
        check_name(name)?;
        let id = open::row_of(db, name, &key, clock()).await?;
        let looked = tokio::sync::Mutex::new((Instant::now(), 0));
        let (news, _) = watch::channel(0);
        let torn = AtomicBool::new(false);
        let journal = Self { inner: Arc::new(Inner { id, name: name.into(), db: db.clone(), key, clock, pace, news, looked, torn }) };
        if let Err(error @ JournalError::Damaged { .. }) = journal.examine().await {
            tracing::error!(journal = name, %error, "a damaged journal takes nothing until its epoch is raised");
            journal.inner.torn.store(true, Ordering::Relaxed);
        }
        Ok(journal)
    }

    /// Where the journal ends, or that it ends before its newest checkpoint: the quick look for a health probe. All else takes
    /// [`Journal::verify`].
    pub async fn examine(&self) -> Result<Head, JournalError> {
        let signed = self.newest_checkpoint(self.inner.db.read()).await?.checkpoint;
        let head = self.head().await?;
        if head.seq < signed.seq {
            return Err(self.damaged(head.seq + 1, "journal_order", TORN));
        }
        Ok(head)
    }

    /// `NODE.SERVICE` or `NODE.SERVICE.NAME`.
    pub fn name(&self) -> &str {
        &self.inner.name
    }

    /// The noun of the service that keeps it.
    pub fn service(&self) -> &str {
        self.name().split('.').nth(1).unwrap_or_default()
    }

    pub fn public_key(&self) -> VerifyingKey {
        self.inner.key.verifying_key()
    }

    pub fn database(&self) -> &Database {
        &self.inner.db
    }

    pub fn pace(&self) -> Pace {
        self.inner.pace
    }

    /// Say so after a commit that appended: followers in this process read at once, others at their next look.
    pub fn committed(&self) {
        self.inner.news.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Where the journal ends now.
    pub async fn head(&self) -> Result<Head, JournalError> {
        let db = self.inner.db.read();
        let epoch = sql::row::<i64>(db, "SELECT epoch FROM journal WHERE id = $1", vec![self.inner.id.into()]).await?;
        let seq = self.last_order(db).await?.map_or(0, |order| order.last_seq());
        Ok(Head { epoch: epoch.unwrap_or_default().try_into().unwrap_or_default(), seq })
    }

    pub(crate) async fn last_order(&self, db: &impl ConnectionTrait) -> Result<Option<Order>, JournalError> {
        let text = format!("SELECT {ORDER_COLUMNS} FROM journal_order WHERE journal = $1 ORDER BY first_seq DESC LIMIT 1");
        let row = sql::row::<OrderTuple>(db, &text, vec![self.inner.id.into()]).await?;
        row.map(|row| self.order(row)).transpose()
    }

    pub(crate) fn order(&self, row: OrderTuple) -> Result<Order, JournalError> {
        let seq = row.0;
        row.try_into().map_err(|_| self.damaged(seq.try_into().unwrap_or_default(), "journal_order", "a column is out of range"))
    }

    pub(crate) fn damaged(&self, seq: u64, table: &'static str, reason: &str) -> JournalError {
        JournalError::Damaged { journal: self.name().to_owned(), seq, table, reason: reason.to_owned() }
    }

    pub(crate) fn now(&self) -> i64 {
        (self.inner.clock)()
    }

    pub(crate) fn on_postgres(&self) -> bool {
        self.inner.db.backend() == Backend::Postgres
    }

    /// To be asked for before the journal is read, so that nothing committed meanwhile is missed.
    pub(crate) fn subscribe(&self) -> watch::Receiver<u64> {
        self.inner.news.subscribe()
    }

    /// Comes back when there is something new, from this process or another.
    pub(crate) async fn news(&self, seen: &mut watch::Receiver<u64>) -> Result<(), JournalError> {
        while tokio::time::timeout(self.inner.pace.poll, seen.changed()).await.is_err() {
            self.look().await?;
        }
        Ok(())
    }

    /// Wakes everybody if the journal has grown without this process saying so. Looks at most once in a poll interval, however many wait.
    async fn look(&self) -> Result<(), JournalError> {
        let Ok(mut looked) = self.inner.looked.try_lock() else { return Ok(()) };
        if looked.0.elapsed() >= self.inner.pace.poll {
            let seq = self.last_order(self.inner.db.read()).await?.map_or(0, |order| order.last_seq());
            let grown = seq != looked.1;
            *looked = (Instant::now(), seq);
            if grown {
                self.committed();
            }
        }
        Ok(())
    }
}

fn check_name(name: &str) -> Result<(), JournalError> {
    let part = |part: &str| {
        let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        !part.is_empty() && part.len() <= 80 && part.chars().all(good)
    };
    let parts = name.split('.').count();
    if (2..=3).contains(&parts) && name.split('.').all(part) { Ok(()) } else { Err(JournalError::Name { name: name.to_owned() }) }
}
