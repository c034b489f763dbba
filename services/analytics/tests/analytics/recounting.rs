//! A recount agrees with the figures, and finds the one that was altered.

use tracemesh_store::{Database, sql};
use tracemesh_testkit::{Place, on_both};

use crate::ledger::LEDGER;
use crate::node::Node;

on_both!(a_recount_agrees, a_recount_names_the_first_figure_that_differs);

async fn a_recount_agrees(place: Place) {
    let mut node = Node::start(&place).await;
    let nothing = node.recount("", "").await;
    assert_eq!((nothing.equal, nothing.records, nothing.as_of.unwrap().seq), (true, 0, 0));
    node.submit_slowly(LEDGER, 7).await;
    let all = node.recount("", "").await;
    assert_eq!((all.equal, all.records, all.first_difference), (true, 42, None));
    assert_eq!(all.as_of.unwrap().seq, 60);
    let january = node.recount("2026-01-01", "2026-01-31").await;
    assert_eq!((january.equal, january.records), (true, 39));
    node.stop().await;
}

async fn a_recount_names_the_first_figure_that_differs(place: Place) {
    let mut node = Node::start(&place).await;
    node.submit(LEDGER, 25).await;
    let tables = Database::open(&place.config("analytics"), "analytics").await.unwrap();
    let difference = async |statement: &str| {
        let tx = tables.begin().await.unwrap();
        assert!(sql::run(&tx, statement, vec![]).await.unwrap() > 0, "{statement}");
        tx.commit().await.unwrap();
        let answer = node.recount("", "").await;
        assert!(!answer.equal);
        let first = answer.first_difference.unwrap();
        format!("{} {} {}", first.key, first.kept, first.recounted)
    };
    let of_bolt = "(SELECT id FROM cell WHERE day = '2026-01-03' AND provider = 'bolt')";
    let altered = difference(&format!("UPDATE measure SET value = '2.2' WHERE cell = {of_bolt}")).await;
    assert_eq!(altered, "2026-01-03 370611 FOOD RETAIL bolt: amount in \"kg\" 2.2 2.1");
    let altered = difference("UPDATE cell SET late = late + 1 WHERE day = '2026-01-02' AND category = 'DRUG'").await;
    assert_eq!(altered, "2026-01-02 350203 DRUG RETAIL bolt: late 1 0");
    let altered = difference("DELETE FROM cell WHERE day = '2026-01-01' AND provider = 'acme'").await;
    assert_eq!(altered, "2026-01-01 370602 FOOD RETAIL acme: records 0 3");
    let february = node.recount("2026-02-01", "").await;
    assert!(february.equal, "a range is compared by itself");
    tables.close().await;
    node.stop().await;
}
