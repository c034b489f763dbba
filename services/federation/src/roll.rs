//! The roll: which nodes are linked with this one, in memory, for the door that every call passes.
//!
//! A certificate of our CA names a node; whether that node may come in, and as what, stands here. A child shows the certificate that was signed
//! for it last, or the one before until the new one has been shown. Who comes without standing on the roll is turned away and remembered, so that
//! the operator sees it in the links' status and not only in a log.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockWriteGuard};

use tracemesh_access::{Neighbour, Principal, Scope};
use tracemesh_chassis::Clock;
use tracemesh_chassis::auth::{Answer, Credential, CredentialSource, PeerNode, Side};
use tracemesh_chassis::error::{Error, ErrorCode};
use tracemesh_store::{Database, DbErr};

use crate::store;
use crate::store::children::REVOKED;

/// Strangers that are remembered; the one seen longest ago makes room.
const STRANGERS_MAX: usize = 32;

/// Cheap to clone; all clones are one roll.
#[derive(Clone)]
pub struct Roll {
    own: Arc<str>,
    clock: Clock,
    entries: Arc<RwLock<Entries>>,
    /// Who reads the tables: of two at once, the slower would put back what it read before the other's change.
    reading: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Default)]
struct Entries {
    children: BTreeMap<String, Child>,
    parent: Option<String>,
    strangers: BTreeMap<String, Stranger>,
}

struct Child {
    area: String,
    categories: Scope,
    fingerprints: [String; 2],
}

/// A node that came without being enrolled, or with another certificate than its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stranger {
    pub node: String,
    pub why: String,
    /// Unix microseconds.
    pub seen_at: i64,
}

impl Roll {
    pub async fn open(db: &Database, own: &str, clock: Clock) -> Result<Self, DbErr> {
        let roll = Self { own: own.into(), clock, entries: Arc::default(), reading: Arc::default() };
        roll.reload(db).await?;
        Ok(roll)
    }

    /// Reads the tables again, after every change of them.
    pub async fn reload(&self, db: &Database) -> Result<(), DbErr> {
        let _alone = self.reading.lock().await;
        let rows = store::children::all(db.read()).await?;
        let parent = store::parent::get(db.read()).await?.map(|parent| parent.node);
        let child = |row: store::children::Child| {
            let categories = if row.categories.is_empty() { Scope::Everything } else { Scope::from_words(row.categories) };
            (row.node, Child { area: row.area, categories, fingerprints: [row.fingerprint, row.former_fingerprint] })
        };
        let mut entries = self.write();
        entries.children = rows.into_iter().filter(|row| row.state != REVOKED).map(child).collect();
        entries.parent = parent;
        Ok(())
    }

    /// Those that were turned away, by node.
    pub fn strangers(&self) -> Vec<Stranger> {
        self.entries.read().unwrap_or_else(PoisonError::into_inner).strangers.values().cloned().collect()
    }

    fn below(&self, peer: &PeerNode) -> Result<Principal, &'static str> {
        let mut entries = self.write();
        let child = entries.children.get(&peer.id).ok_or("is not enrolled")?;
        if !child.fingerprints.contains(&peer.fingerprint) {
            return Err("shows a certificate that is not its newest");
        }
        let scope = Scope::from_words([child.area.clone()]);
        let categories = child.categories.clone();
        let principal = Principal::node(&peer.id, Neighbour::Child, scope, categories).map_err(|_| "has an id that is none")?;
        entries.strangers.remove(&peer.id);
        Ok(principal)
    }

    fn above(&self, peer: &PeerNode) -> Result<Principal, &'static str> {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        if entries.parent.as_deref() != Some(&peer.id) {
            return Err("is not our parent");
        }
        Principal::node(&peer.id, Neighbour::Parent, Scope::Everything, Scope::Everything).map_err(|_| "has an id that is none")
    }

    fn remember(&self, node: &str, why: &str) {
        let mut entries = self.write();
        let stranger = Stranger { node: node.to_owned(), why: why.to_owned(), seen_at: self.clock.now_micros() };
        if entries.strangers.insert(node.to_owned(), stranger).is_none() {
            tracing::warn!(node, why, "a node was turned away");
        }
        if entries.strangers.len() > STRANGERS_MAX {
            let oldest = entries.strangers.values().min_by_key(|stranger| stranger.seen_at).map(|stranger| stranger.node.clone());
            oldest.and_then(|node| entries.strangers.remove(&node));
        }
    }

    fn write(&self) -> RwLockWriteGuard<'_, Entries> {
        self.entries.write().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The nodes of links.
#[tonic::async_trait]
impl CredentialSource for Roll {
    async fn who(&self, shown: &Credential) -> Answer {
        let Credential::Node(peer) = shown else { return Answer::Unknown };
        // Other processes of this very node come with its own certificate and a token, which says more.
        if peer.id == *self.own {
            return Answer::Unknown;
        }
        let found = match peer.side {
            Side::Below => self.below(peer),
            Side::Above => self.above(peer),
        };
        match found {
            Ok(principal) => Answer::Known(principal),
            Err(why) => {
                self.remember(&peer.id, why);
                Answer::Refused(Error::new(ErrorCode::Unauthenticated, "error.access.certificate_unknown"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roll() -> Roll {
        let child = Child { area: "350200".into(), categories: Scope::Everything, fingerprints: ["new".into(), "old".into()] };
        let entries = Entries { children: [("xm".to_owned(), child)].into(), parent: Some("cn".into()), strangers: BTreeMap::new() };
        Roll { own: "fj".into(), clock: Clock::manual(5), entries: Arc::new(RwLock::new(entries)), reading: Arc::default() }
    }

    async fn ask(roll: &Roll, id: &str, fingerprint: &str, side: Side) -> Option<String> {
        let shown = Credential::Node(PeerNode { id: id.into(), fingerprint: fingerprint.into(), side });
        match roll.who(&shown).await {
            Answer::Known(principal) => Some(format!("{principal} {:?} {:?}", principal.roles(), principal.areas().words())),
            Answer::Unknown | Answer::Refused(_) => None,
        }
    }

    #[tokio::test]
    async fn a_node_comes_in_as_what_its_row_says() {
        let roll = roll();
        for fingerprint in ["new", "old"] {
            assert_eq!(ask(&roll, "xm", fingerprint, Side::Below).await.as_deref(), Some("node:xm {Child} [\"350200\"]"));
        }
        assert_eq!(ask(&roll, "cn", "any", Side::Above).await.as_deref(), Some("node:cn {Parent} [\"*\"]"));
        assert_eq!(roll.strangers(), []);
    }

    #[tokio::test]
    async fn whoever_does_not_stand_there_is_turned_away_and_remembered() {
        let roll = roll();
        assert_eq!(ask(&roll, "fz", "new", Side::Below).await, None);
        assert_eq!(ask(&roll, "xm", "stolen", Side::Below).await, None);
        assert_eq!(ask(&roll, "cn", "new", Side::Below).await, None, "a parent is no child");
        assert_eq!(ask(&roll, "xm", "new", Side::Above).await, None, "a child is no parent");
        assert_eq!(ask(&roll, "fj", "own", Side::Below).await, None);
        let seen: Vec<String> = roll.strangers().into_iter().map(|stranger| format!("{} {}", stranger.node, stranger.why)).collect();
        assert_eq!(seen, ["cn is not enrolled", "fz is not enrolled", "xm is not our parent"]);
        assert!(ask(&roll, "xm", "new", Side::Below).await.is_some());
        assert_eq!(roll.strangers().len(), 2, "it has come in since");
    }

    #[tokio::test]
    async fn strangers_do_not_fill_the_memory() {
        let roll = roll();
        for number in 0..100 {
            roll.clock.advance(std::time::Duration::from_secs(1));
            ask(&roll, &format!("node-{number}"), "x", Side::Below).await;
        }
        assert_eq!(roll.strangers().len(), STRANGERS_MAX);
        assert!(roll.strangers().iter().any(|stranger| stranger.node == "node-99"));
    }
}
