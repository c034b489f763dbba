//! G6: whoever changes what is stored is found, in the journal and in the tables that are made from it; and whoever changes nothing is not.

use tracemesh_proto::ingestion::v1::Receipt;
use tracemesh_proto::journal::v1::FirstBad;

use crate::caller::{Caller, EPCIS, JSON, PROTOBUF, ends};
use crate::node::{Node, verify};
use crate::records::{corrected, event, harvest, mix, protobuf, rewritten, voided};
use crate::tamper::{Tamperer, copy};

/// The seq of a receipt.
fn seq(receipt: &Receipt) -> u64 {
    receipt.id.rsplit('/').next().unwrap().parse().unwrap()
}

/// A bit of everything that leaves rows or takes them back, in commits of one to many entries.
async fn busy(acme: &Caller, other: &Caller) -> Vec<Receipt> {
    let record = mix("juice", &["apple-1", "apple-2"], "juice-1");
    let crates: Vec<String> = (0..300).map(|number| format!("crate-{number}")).collect();
    let crates: Vec<&str> = crates.iter().map(String::as_str).collect();
    let mut receipts = acme.submit(&[harvest("a1", "apple-1"), harvest("a2", "apple-2"), record.clone(), record.clone()]).await;
    receipts.extend(other.submit(&[harvest("a1", "pear-1"), mix("crates", &crates, "lorry-1"), serde_json::json!({})]).await);
    receipts.push(acme.submit_one(&corrected(&record, 2, "juice-2")).await);
    receipts.push(acme.submit_one(&voided(&record, 3)).await);
    receipts.push(acme.submit_one(&corrected(&record, 4, "juice-4")).await);
    receipts.extend(acme.post(EPCIS, format!("[{},{}]", event("urn:uuid:1", "A1"), event("urn:uuid:2", "A2"))).await.receipts());
    receipts.extend(acme.post(PROTOBUF, protobuf(&harvest("p", "lot-p"))).await.receipts());
    receipts.extend(other.post(JSON, rewritten(&harvest("a1", "pear-1"))).await.receipts());
    receipts.push(other.submit_one(&harvest("a1", "pear-2")).await);
    receipts
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_honest_node_is_in_order_busy_or_empty() {
    let node = Node::start().await;
    let operator = node.operator().await;
    assert!(verify(&operator.clients).await.ok, "an empty one");
    let (acme, other) = (node.provider("acme").await, node.provider("other").await);
    let receipts = busy(&acme, &other).await;
    assert_eq!(ends(&receipts).iter().filter(|end| *end == "ACCEPTED").count(), 11, "{:?}", ends(&receipts));
    let found = verify(&operator.clients).await;
    assert_eq!(found.first_bad, None);
    let entries: Vec<(&str, u64)> = found.journals.iter().map(|journal| (journal.journal.as_str(), journal.entries)).collect();
    assert_eq!(entries[0], ("local.ingestion", receipts.len() as u64));
    assert_eq!(entries[1].0, "local.registry");

    let writing = async {
        for number in 0..40 {
            acme.submit_one(&harvest(&format!("w{number}"), &format!("lot-w{number}"))).await;
        }
    };
    let auditing = async {
        for _ in 0..5 {
            assert_eq!(verify(&operator.clients).await.first_bad, None, "while writers go on");
        }
    };
    tokio::join!(writing, auditing);
    let node = Node::start_in(node.stop().await, |_| ()).await;
    let found = verify(&node.operator().await.clients).await;
    assert_eq!((found.first_bad, found.journals[0].entries), (None, receipts.len() as u64 + 40), "and after a restart");
}

/// What somebody did to a stopped node, and what the audit must say of it: the table, and the entries from which to which.
struct Harm {
    service: &'static str,
    what: &'static str,
    sql: &'static str,
    table: &'static str,
    seqs: (u64, u64),
}

const fn harm(what: &'static str, sql: &'static str, table: &'static str, seqs: (u64, u64)) -> Harm {
    Harm { service: "ingestion", what, sql, table, seqs }
}

/// Entry 1, then 2 to 4 in one commit, then 5; each has its record and one hop, the last of them two more.
const HARMS: [Harm; 24] = [
    harm("a revision", "UPDATE record SET revision = 2 WHERE record = (SELECT max(record) FROM record)", "record", (5, 5)),
    harm("a claim that is gone", "DELETE FROM record WHERE record = (SELECT min(record) FROM record)", "record", (1, 1)),
    harm(
        "two claims swapped",
        "UPDATE record SET record = (SELECT min(record) + max(record) FROM record) - record WHERE record IN (SELECT min(record) FROM record UNION SELECT max(record) FROM record)",
        "record",
        (1, 1),
    ),
    harm(
        "a claim before all",
        "INSERT INTO record SELECT month, x'00112233445566778899aabbccddeeff', 0, 1, -7 FROM record LIMIT 1",
        "record",
        (0, 0),
    ),
    harm(
        "a claim between entries",
        "INSERT INTO record SELECT month, x'00112233445566778899aabbccddeeff', 0, 1, min(record) + 1 FROM record",
        "record",
        (1, 1),
    ),
    harm(
        "a claim within a commit",
        "INSERT INTO record SELECT month, x'00112233445566778899aabbccddeeff', 0, 1, (SELECT record FROM record ORDER BY record LIMIT 1 OFFSET 2) FROM record LIMIT 1",
        "record",
        (2, 4),
    ),
    harm(
        "a claim after all",
        "INSERT INTO record SELECT month, x'00112233445566778899aabbccddeeff', 0, 1, max(record) + 65536 FROM record",
        "record",
        (5, 5),
    ),
    harm("a holder", "UPDATE hop SET holder = 'uscc:/91350100M000100Y43' WHERE record = (SELECT max(record) FROM hop)", "hop", (5, 5)),
    harm("a hop that is gone", "DELETE FROM hop WHERE record = (SELECT min(record) FROM hop)", "hop", (1, 1)),
    harm(
        "all hops of a commit gone",
        "DELETE FROM hop WHERE record IN (SELECT record FROM record ORDER BY record LIMIT 3 OFFSET 1)",
        "hop",
        (2, 4),
    ),
    harm(
        "two units swapped",
        "UPDATE hop SET unit = (SELECT min(unit) + max(unit) FROM hop) - unit WHERE unit IN (SELECT min(unit) FROM hop UNION SELECT max(unit) FROM hop)",
        "hop",
        (0, 0),
    ),
    harm(
        "a hop that takes another back",
        "INSERT INTO hop SELECT month, unit, event_time, max(record), role, min(record), packing, class, granularity, sensitivity, area, category, holder, quantity, measure, neighbours FROM hop",
        "hop",
        (5, 5),
    ),
    harm(
        "a hop after all",
        "INSERT INTO hop SELECT month, unit, event_time, max(record) + 65536, role, 0, packing, class, granularity, sensitivity, area, category, holder, quantity, measure, neighbours FROM hop",
        "hop",
        (5, 5),
    ),
    harm(
        "a hop before all",
        "INSERT INTO hop SELECT month, unit, event_time, 0, role, 0, packing, class, granularity, sensitivity, area, category, holder, quantity, measure, neighbours FROM hop LIMIT 1",
        "hop",
        (0, 0),
    ),
    harm("another month", "UPDATE hop SET month = 1 WHERE record = (SELECT min(record) FROM hop)", "hop", (1, 1)),
    harm("a figure", "UPDATE intake SET accepted = accepted + 1 WHERE record = (SELECT min(record) FROM intake)", "intake", (1, 1)),
    harm("a commit that was never counted", "INSERT INTO intake SELECT max(record) + 65536, 1, 0, 0 FROM intake", "intake", (5, 5)),
    harm(
        "a byte of a body",
        "UPDATE journal_block SET bodies = CAST(substr(bodies, 1, 20) || CASE substr(bodies, 21, 1) WHEN x'00' THEN x'01' ELSE x'00' END || substr(bodies, 22) AS BLOB) WHERE block = (SELECT first_block FROM journal_order WHERE first_seq = 2)",
        "journal_block",
        (2, 4),
    ),
    harm(
        "an envelope that is another's",
        "UPDATE journal_block SET envelopes = (SELECT envelopes FROM journal_block WHERE block = (SELECT first_block FROM journal_order WHERE first_seq = 1)) WHERE block = (SELECT first_block FROM journal_order WHERE first_seq = 5)",
        "journal_block",
        (5, 5),
    ),
    harm(
        "a block that is gone",
        "DELETE FROM journal_block WHERE block = (SELECT first_block FROM journal_order WHERE first_seq = 2)",
        "journal_block",
        (2, 4),
    ),
    harm("a commit that is gone", "DELETE FROM journal_order WHERE first_seq = 2", "journal_order", (2, 4)),
    harm("a later time", "UPDATE journal_order SET recorded_at = recorded_at + 1 WHERE first_seq = 5", "journal_order", (5, 5)),
    harm(
        "a checkpoint's root",
        "UPDATE checkpoint SET root = CAST(CASE substr(root, 1, 1) WHEN x'00' THEN x'01' ELSE x'00' END || substr(root, 2) AS BLOB) WHERE size > 0",
        "checkpoint",
        (1, 1),
    ),
    Harm {
        service: "registry",
        what: "a provider's entry",
        sql: "UPDATE journal_block SET bodies = x'00'",
        table: "journal_block",
        seqs: (1, 1),
    },
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_harm_to_a_stopped_node_is_named() {
    let node = Node::start().await;
    let acme = node.provider("acme").await;
    assert_eq!(seq(&acme.submit_one(&harvest("1", "lot-1")).await), 1);
    let batch = ["2", "3", "4"].map(|id| harvest(id, &format!("lot-{id}")).to_string());
    assert_eq!(acme.post(JSON, format!("[{}]", batch.join(","))).await.receipts().len(), 3);
    assert_eq!(seq(&acme.submit_one(&mix("5", &["lot-1", "lot-2"], "lot-5")).await), 5);
    let folder = node.stop().await;

    for Harm { service, what, sql, table, seqs } in HARMS {
        let harmed = copy(folder.path());
        let tamperer = Tamperer::open(harmed.path(), service).await;
        let changed = tamperer.run(sql, vec![]).await;
        assert!(changed.is_some_and(|rows| rows > 0), "{what}: {changed:?}");
        tamperer.close().await;
        let node = Node::start_in(harmed, |_| ()).await;
        let found = verify(&node.operator().await.clients).await;
        let bad = found.first_bad.unwrap_or_else(|| panic!("{what}: nothing was found"));
        assert!(!found.ok);
        assert_eq!((bad.journal.as_str(), bad.table.as_str()), (format!("local.{service}").as_str(), table), "{what}: {bad:?}");
        let anywhere = seqs == (0, 0) && what.contains("swapped");
        assert!(anywhere || (bad.seq_from, bad.seq_to) == seqs, "{what}: {bad:?}");
        assert!(!bad.reason.is_empty());
    }
}

/// The columns of a table that can be changed, and of what kind they are.
struct Table {
    name: &'static str,
    key: &'static str,
    numbers: &'static [&'static str],
    texts: &'static [&'static str],
    blobs: &'static [&'static str],
}

const RECORD: Table = Table {
    name: "record",
    key: "month, identity, replaces",
    numbers: &["month", "replaces", "revision", "record"],
    texts: &[],
    blobs: &["identity"],
};
const HOP: Table = Table {
    name: "hop",
    key: "month, unit, event_time, record, role, retracts",
    numbers: &["month", "unit", "event_time", "record", "role", "retracts", "packing", "class", "granularity", "sensitivity"],
    texts: &["area", "category", "holder", "quantity", "measure"],
    blobs: &["neighbours"],
};

const INTAKE: Table =
    Table { name: "intake", key: "record", numbers: &["record", "accepted", "duplicate", "rejected"], texts: &[], blobs: &[] };

/// Twelve records, with corrections among them, in a running node.
async fn dozen(node: &Node) {
    let acme = node.provider("acme").await;
    let record = mix("1", &["apple-1", "apple-2"], "juice-1");
    acme.submit(&[harvest("a1", "apple-1"), harvest("a2", "apple-2"), harvest("a3", "apple-3"), record.clone()]).await;
    acme.submit(&[corrected(&record, 2, "juice-2"), harvest("a4", "apple-4"), harvest("a5", "apple-5")]).await;
    for number in 6..10 {
        acme.submit_one(&harvest(&format!("a{number}"), &format!("apple-{number}"))).await;
    }
    acme.submit_one(&voided(&harvest("a9", "apple-9"), 2)).await;
}

/// One change of one cell, and its undoing.
struct Change {
    table: &'static str,
    column: &'static str,
    rowid: usize,
    set: String,
}

impl Table {
    /// Every byte of every text and blob flipped, and every number one more and one less.
    async fn changes(&self, tamperer: &Tamperer) -> Vec<Change> {
        let mut changes = Vec::new();
        let change = |column, rowid, set| Change { table: self.name, column, rowid, set };
        let rows = tamperer.column::<i64>(&format!("SELECT record FROM {} ORDER BY {}", self.name, self.key)).await.len();
        for column in self.numbers {
            for rowid in 0..rows {
                changes.extend(["+ 1", "- 1"].map(|by| change(*column, rowid, format!("{column} {by}"))));
            }
        }
        for (column, kind) in self.texts.iter().map(|column| (column, "TEXT")).chain(self.blobs.iter().map(|column| (column, "BLOB"))) {
            let cells = format!("SELECT CAST({column} AS BLOB) FROM {} ORDER BY {}", self.name, self.key);
            for (rowid, bytes) in tamperer.column::<Option<Vec<u8>>>(&cells).await.into_iter().enumerate() {
                for at in 0..bytes.as_ref().map_or(0, Vec::len) {
                    let mut flipped = bytes.clone().unwrap();
                    flipped[at] ^= 1 << ((at + rowid) % 8);
                    changes.push(change(*column, rowid, format!("CAST(x'{}' AS {kind})", hex::encode(flipped))));
                }
            }
        }
        changes
    }
}

/// Exhaustive on a small node, which runs meanwhile: a change is made, looked for, and undone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_flipped_byte_and_every_number_off_by_one_is_found() {
    let node = Node::start().await;
    dozen(&node).await;
    let clients = node.operator().await.clients;
    let audit = async || -> Option<FirstBad> {
        let request = tracemesh_proto::journal::v1::VerifyRequest { service: "ingestion".into() };
        clients.journal("ingestion").verify(request).await.unwrap().into_inner().first_bad
    };
    assert_eq!(audit().await, None);
    let tamperer = Tamperer::open(node.folder.path(), "ingestion").await;
    let (mut found, mut forbidden) = (0, 0);
    for table in [RECORD, HOP, INTAKE] {
        tamperer.run(&format!("CREATE TABLE kept AS SELECT * FROM {} ORDER BY {}", table.name, table.key), vec![]).await.unwrap();
        for Change { table: name, column, rowid, set } in table.changes(&tamperer).await {
            let place = table.key.split(", ").map(|key| format!("{key} = (SELECT {key} FROM kept WHERE rowid = {})", rowid + 1));
            let place = place.collect::<Vec<_>>().join(" AND ");
            match tamperer.run(&format!("UPDATE {name} SET {column} = {set} WHERE {place}"), vec![]).await {
                Some(rows) => assert_eq!(rows, 1, "{name}.{column} = {set} in row {rowid}"),
                None => {
                    forbidden += 1;
                    continue;
                }
            }
            let bad = audit().await.unwrap_or_else(|| panic!("{name}.{column} = {set} in row {rowid} was not found"));
            assert_eq!(bad.table, name, "{name}.{column} = {set}: {bad:?}");
            found += 1;
            tamperer.run(&format!("DELETE FROM {name}"), vec![]).await.unwrap();
            tamperer.run(&format!("INSERT INTO {name} SELECT * FROM kept"), vec![]).await.unwrap();
        }
        tamperer.run("DROP TABLE kept", vec![]).await.unwrap();
    }
    assert!(found > 1_000 && forbidden < 20, "{found} found, {forbidden} forbidden by a constraint");
    assert_eq!(audit().await, None, "everything was put back");
}
