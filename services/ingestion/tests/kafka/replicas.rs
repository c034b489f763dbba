//! Two processes of one node, on one database.

use std::collections::BTreeMap;
use std::path::Path;

use tempfile::TempDir;
use tracemesh_store::{Database, sql};
use tracemesh_testkit::Place;
use tracemesh_testkit::kafka::Message;

use crate::border::{Border, record};
use crate::node::eventually;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_divide_the_partitions_and_one_goes_on_alone() {
    let border = Border::at(Place::postgres().await).await;
    let first = border.start().await;
    border.provider(&first, "acme").await;
    border.provider(&first, "beta").await;
    let tables = border.tables(first.folder.path()).await;
    // Four partitions each of `local`, `acme` and `beta`, and the sending of receipts.
    eventually("one process holds all", async || holdings(&tables).await.get(&13).map(drop)).await;

    let second = border.start_in(same_identity(first.folder.path())).await;
    eventually("two processes divide", async || (holdings(&tables).await == BTreeMap::from([(6, 1), (7, 1)])).then_some(())).await;
    send(&border, "together", 200).await;
    border.receipts("acme", 200).await;

    first.stop().await;
    send(&border, "alone", 200).await;
    border.receipts("acme", 400).await;
    assert_eq!(second.intake().await.accepted, 400);
    assert_eq!(second.intake().await.submissions, 400, "each message was taken once");
}

async fn send(border: &Border, name: &str, count: usize) {
    let messages: Vec<Message> = (0..count).map(|i| record(&format!("{name}-{i}"), (i % 4) as i32)).collect();
    border.send("acme", &messages).await;
}

/// How many sources a process holds → how many processes hold so many.
async fn holdings(tables: &Database) -> BTreeMap<i64, usize> {
    let text = "SELECT owner, COUNT(*) FROM lease WHERE source NOT LIKE 'member:%' GROUP BY owner";
    let owners: Vec<(String, i64)> = sql::rows(tables.read(), text, vec![]).await.unwrap();
    let mut holdings = BTreeMap::new();
    owners.into_iter().for_each(|(_, count)| *holdings.entry(count).or_default() += 1);
    holdings
}

/// Replicas share the node's keys and certificates, as from one secret.
fn same_identity(of: &Path) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for part in ["identity", "keys"] {
        std::fs::create_dir(folder.path().join(part)).unwrap();
        for file in std::fs::read_dir(of.join(part)).unwrap() {
            let file = file.unwrap();
            std::fs::copy(file.path(), folder.path().join(part).join(file.file_name())).unwrap();
        }
    }
    folder
}
