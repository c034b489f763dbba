//! Providers come and go while the node runs.

use tracemesh_proto::registry::v1::SetProviderStateRequest;
use tracemesh_store::{Database, sql};
use tracemesh_testkit::{Place, on_both};

use crate::border::{Border, record};
use crate::node::{Node, eventually};

on_both!(providers_come_and_go);

async fn providers_come_and_go(place: Place) {
    let border = Border::at(place).await;
    let node = border.start().await;
    border.provider(&node, "acme").await;
    border.send("acme", &[record("a-1", 0)]).await;
    border.receipts("acme", 1).await;

    let tables = border.tables(node.folder.path()).await;
    set_state(&node, "acme", "suspended").await;
    eventually("its partitions are let go of", async || (leases_of(&tables, &border, "acme").await == 0).then_some(())).await;
    border.send("acme", &[record("a-2", 0), record("a-3", 3)]).await;

    // Another one comes meanwhile, and is taken while the first waits.
    border.provider(&node, "beta").await;
    border.send("beta", &[record("b-1", 0), record("b-2", 3)]).await;
    border.receipts("beta", 2).await;
    assert_eq!(node.intake().await.submissions, 3, "a suspended provider's messages stay where they are");

    set_state(&node, "acme", "active").await;
    border.receipts("acme", 3).await;
    assert_eq!(node.intake().await.accepted, 5);
}

async fn set_state(node: &Node, id: &str, state: &str) {
    let request = SetProviderStateRequest { id: id.into(), state: state.into(), why: "a test".into() };
    node.operator().await.clients.registry().set_provider_state(request).await.unwrap();
}

async fn leases_of(tables: &Database, border: &Border, provider: &str) -> i64 {
    let text = "SELECT COUNT(*) FROM lease WHERE source LIKE $1";
    let row: Option<(i64,)> = sql::row(tables.read(), text, vec![format!("kafka:{}/%", border.inbound(provider)).into()]).await.unwrap();
    row.unwrap().0
}
