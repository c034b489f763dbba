//! What must be true when the last fault is over.

use std::time::Duration;

use prost::Message;
use tracemesh_journal::Checkpoint;
use tracemesh_proto::analytics::v1::{AsOf, GetAggregatesRequest, RecountRequest, Row};
use tracemesh_store::{Database, DatabaseConfig, sql};

use super::region::{Child, Region};
use crate::kill::intake;
use crate::process::{Node, eventually, eventually_within};
use crate::session::run;

/// A connection that died unseen is given up after 45 s, and what failed with it is tried again within a minute.
const HEALING: Duration = Duration::from_secs(110);

/// Everything by which figures can be told apart.
const DIMENSIONS: [&str; 6] = ["origin", "day", "area", "category", "class", "provider"];

impl Region {
    /// The parent's figures are each child's, as of a checkpoint that the parent holds, and equal a recount; every journal verifies.
    pub async fn hold(&mut self) {
        for number in 0..self.children.len() {
            self.hold_child(number).await;
        }
        for node in self.children.iter().map(Child::node).chain([self.parent()]) {
            verified(node).await;
        }
    }

    /// The part of one child: what its provider knows to be taken, and nothing more.
    pub async fn hold_child(&mut self, number: usize) {
        let own = self.agreed(number).await;
        let records: i64 = own.iter().filter_map(|row| row.figures.as_ref()).map(|figures| figures.records).sum();
        assert_eq!(records, self.children[number].ledger().in_force(), "{}", self.children[number].id);
    }

    /// A child's figures, once the parent has the same.
    pub async fn agreed(&self, number: usize) -> Vec<Row> {
        let (child, parent) = (&self.children[number], self.parent());
        let own = eventually("the child has counted what it took", async || counted(child).await).await;
        let as_of = eventually_within(HEALING, "the parent has what the child has", async || told(parent, child.id, &own).await).await;
        let held = held(parent, child.id, &as_of.journal).await;
        assert!((held.epoch, held.seq) >= (as_of.epoch, as_of.seq), "figures as of {as_of:?}, of which {held:?} is all that is proven");
        own
    }
}

/// A child's own figures, once they are those of everything that it took.
async fn counted(child: &Child) -> Option<Vec<Row>> {
    let clients = child.node().operator().await;
    let taken = intake(&clients).await.seq;
    let request = GetAggregatesRequest { by: DIMENSIONS.map(str::to_owned).into(), ..Default::default() };
    let figures = clients.analytics().get_aggregates(request).await.unwrap().into_inner();
    (figures.as_of.unwrap_or_default().seq == taken).then_some(figures.rows)
}

/// What the parent's figures of a child are true of, once they are those that are expected and nobody is missing.
async fn told(parent: &Node, child: &str, expected: &[Row]) -> Option<AsOf> {
    let request = GetAggregatesRequest { by: DIMENSIONS.map(str::to_owned).into(), ..Default::default() };
    let figures = parent.operator().await.analytics().get_aggregates(request).await.unwrap().into_inner();
    let rows: Vec<Row> = figures.rows.into_iter().filter(|row| row.origin == child).collect();
    let state = figures.origins.into_iter().find(|state| state.node == child)?;
    (rows == expected && !figures.missing.iter().any(|node| node == child)).then(|| state.as_of.unwrap_or_default())
}

/// The checkpoint of a child's journal that the parent had proven last.
async fn held(parent: &Node, child: &str, journal: &str) -> Checkpoint {
    let tables = Database::open(&DatabaseConfig::Sqlite { path: parent.data().join("federation.sqlite") }, "federation").await.unwrap();
    let text = "SELECT checkpoint FROM held WHERE child = $1 AND journal = $2";
    let found = sql::row::<Option<Vec<u8>>>(tables.read(), text, vec![child.into(), journal.into()]).await.unwrap();
    tables.close().await;
    Checkpoint::decode(found.flatten().expect("figures are kept with a checkpoint alone").as_slice()).unwrap()
}

async fn verified(node: &Node) {
    let recount = node.operator().await.analytics().recount(RecountRequest::default()).await.unwrap().into_inner();
    assert!(recount.equal, "{recount:?}");
    let audit = run(node.folder.path(), "tracemesh audit verify", true);
    assert!(audit.status.success(), "{}", String::from_utf8_lossy(&audit.stderr));
}
