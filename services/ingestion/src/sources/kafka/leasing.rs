//! Which partitions this process reads: it makes the topics that providers lack, asks what partitions there are, and leases its share.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tracemesh_chassis::{Clock, Shutdown, TaskError};
use tracemesh_store::{Database, DbErr};

use super::Border;
use super::partition::Partition;
use super::share::{Shift, member, shift};
use crate::app::Ingestion;
use crate::app::directory::{Directory, Listed};
use crate::kafka::client::Admin;
use crate::kafka::topics::{Existing, Topics};
use crate::kafka::troubles::Troubles;
use crate::store::leases;

/// The lease of whoever sends receipts. It is one source among the partitions.
const RECEIPTS: &str = "receipts";
/// The file in the data directory that holds the process's name.
const OWNER_FILE: &str = "ingestion.owner";
/// A lease is renewed so many times before it would run out.
const RENEWALS: u32 = 3;

/// What this process holds.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Held {
    pub partitions: BTreeSet<Partition>,
    /// It sends the receipts.
    pub receipts: bool,
}

#[derive(Clone)]
pub struct Leasing {
    admin: Arc<Admin>,
    topics: Topics,
    existing: Existing,
    db: Database,
    clock: Clock,
    directory: Directory,
    owner: String,
    lease: Duration,
    troubles: Troubles,
    held: Arc<watch::Sender<Held>>,
}

/// The name of the process as a holder of leases. It is kept in its data directory, where no other process may run, so that a process that was
/// killed goes on with its own leases at once.
pub fn owner(data_dir: &Path) -> std::io::Result<String> {
    let path = data_dir.join(OWNER_FILE);
    let known = std::fs::read_to_string(&path).unwrap_or_default();
    if !known.is_empty() {
        return Ok(known);
    }
    let name = uuid::Uuid::new_v4().to_string();
    std::fs::write(path, &name)?;
    Ok(name)
}

impl Leasing {
    pub fn new(ingestion: &Ingestion, border: &Border, admin: Arc<Admin>, owner: String, held: Arc<watch::Sender<Held>>) -> Self {
        Self {
            admin,
            topics: border.topics.clone(),
            existing: Existing::new(),
            db: ingestion.db.clone(),
            clock: ingestion.clock.clone(),
            directory: ingestion.directory.clone(),
            owner,
            lease: Duration::from_secs(border.settings.lease_s),
            troubles: border.troubles.clone(),
            held,
        }
    }

    /// Looks again at every change of a provider, and often enough that no lease runs out.
    pub async fn run(mut self, shutdown: Shutdown) -> Result<(), TaskError> {
        let mut providers = self.directory.providers();
        while !shutdown.is_requested() {
            let listed = providers.borrow_and_update().clone();
            self.look(&listed).await;
            self.lease_or_say_so(&listed).await;
            tokio::select! {
                () = shutdown.requested() => {}
                _ = providers.changed() => {}
                () = tokio::time::sleep(self.lease / RENEWALS) => {}
            }
        }
        let tx = self.db.begin().await?;
        leases::release_all(&tx, &self.owner).await?;
        Ok(tx.commit().await?)
    }

    /// A broker that is away leaves us with what we knew.
    async fn look(&mut self, listed: &[Listed]) {
        let failed = match self.topics.bring(&self.admin, listed.iter().map(|provider| provider.id.as_str())).await {
            Ok((existing, failed)) => {
                self.existing = existing;
                failed.join("; ")
            }
            Err(error) => error.to_string(),
        };
        if failed.is_empty() {
            self.troubles.end("broker");
        } else if self.troubles.begin("broker", &failed) {
            tracing::error!(failed, "kafka: not all topics are there");
        }
    }

    /// A database that is away leaves us with what we held: should another process take it meanwhile, the offsets tell.
    async fn lease_or_say_so(&self, listed: &[Listed]) {
        match self.lease(&self.wanted(listed)).await {
            Ok(held) => {
                self.troubles.end("leases");
                self.held.send_if_modified(|before| std::mem::replace(before, held.clone()) != held);
            }
            Err(error) => {
                if self.troubles.begin("leases", &error.to_string()) {
                    tracing::error!(%error, "kafka: leases cannot be renewed");
                }
            }
        }
    }

    /// A suspended provider's messages stay where they are until it is taken back.
    fn wanted(&self, listed: &[Listed]) -> BTreeMap<String, Partition> {
        let active = listed.iter().filter(|provider| !provider.suspended);
        let partitions = active.flat_map(|provider| Partition::of(&provider.id, &self.topics, &self.existing));
        partitions.map(|partition| (partition.source(), partition)).collect()
    }

    async fn lease(&self, wanted: &BTreeMap<String, Partition>) -> Result<Held, DbErr> {
        let now = self.clock.now_micros();
        let until = now + i64::try_from(self.lease.as_micros()).unwrap_or(i64::MAX / 2);
        let sources: BTreeSet<String> = wanted.keys().cloned().chain([RECEIPTS.to_owned()]).collect();
        let tx = self.db.begin().await?;
        leases::renew(&tx, &self.owner, now, until).await?;
        leases::take(&tx, &member(&self.owner), &self.owner, until).await?;
        let Shift { keep: mut mine, release, take } = shift(&sources, &leases::all(&tx).await?, &self.owner);
        for source in release {
            leases::release(&tx, &source, &self.owner).await?;
        }
        for source in take {
            if leases::take(&tx, &source, &self.owner, until).await? {
                mine.insert(source);
            }
        }
        tx.commit().await?;
        let partitions = mine.iter().filter_map(|source| wanted.get(source)).cloned().collect();
        Ok(Held { partitions, receipts: mine.contains(RECEIPTS) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_keeps_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let name = owner(folder.path()).unwrap();
        assert_eq!(owner(folder.path()).unwrap(), name);
        assert_ne!(owner(tempfile::tempdir().unwrap().path()).unwrap(), name);
    }
}
