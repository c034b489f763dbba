//! Somebody with full access to the database changes something. Whatever it is, `verify` says so.
//!
//! Every change is made in a transaction, looked at there, and rolled back: one small journal serves them all.

use tracemesh_journal::{FirstBad, Journal};
use tracemesh_store::{Backend, ConnectionTrait, DatabaseTransaction, Value, sql};
use tracemesh_testkit::{Place, on_both};

use crate::rig;

on_both!(
    every_flipped_byte_is_found,
    every_deleted_row_is_found,
    swapped_rows_are_found,
    the_altered_entry_is_named,
    what_no_checkpoint_covers_is_checked_too,
    a_row_of_another_kind_is_a_finding,
);

#[derive(Clone, Copy)]
enum Kind {
    Number,
    Bytes,
    Text,
}
use Kind::{Bytes, Number, Text};

struct Table {
    name: &'static str,
    /// How many columns, from the first, are its key.
    key: usize,
    columns: &'static [(&'static str, Kind)],
}

const TABLES: [Table; 5] = [
    Table { name: "journal", key: 1, columns: &[("id", Number), ("name", Text), ("epoch", Number), ("public_key", Bytes)] },
    Table {
        name: "journal_block",
        key: 1,
        columns: &[
            ("block", Number),
            ("journal", Number),
            ("count", Number),
            ("codec", Number),
            ("raw_len", Number),
            ("root", Bytes),
            ("envelopes", Bytes),
            ("bodies", Bytes),
        ],
    },
    Table {
        name: "journal_order",
        key: 2,
        columns: &[
            ("journal", Number),
            ("first_seq", Number),
            ("epoch", Number),
            ("commit_index", Number),
            ("entries", Number),
            ("first_block", Number),
            ("blocks", Number),
            ("recorded_at", Number),
            ("leaf", Bytes),
        ],
    },
    Table {
        name: "journal_node",
        key: 4,
        columns: &[("journal", Number), ("epoch", Number), ("last", Number), ("level", Number), ("hash", Bytes)],
    },
    Table {
        name: "checkpoint",
        key: 2,
        columns: &[
            ("journal", Number),
            ("number", Number),
            ("epoch", Number),
            ("size", Number),
            ("seq", Number),
            ("root", Bytes),
            ("at", Number),
            ("signature", Bytes),
        ],
    },
];

/// A row as bytes, column by column.
type Row = Vec<Vec<u8>>;

impl Table {
    async fn rows(&self, db: &impl ConnectionTrait) -> Vec<Row> {
        let mut rows: Vec<Row> = Vec::new();
        for (column, kind) in self.columns {
            // One column at a time, in the order of the key, which no test changes while it reads.
            let order: Vec<&str> = self.columns[..self.key].iter().map(|(name, _)| *name).collect();
            let text = format!("SELECT {column} FROM {} ORDER BY {}", self.name, order.join(", "));
            let values: Vec<Vec<u8>> = match kind {
                Number => sql::rows::<i64>(db, &text, vec![]).await.unwrap().into_iter().map(|n| n.to_be_bytes().into()).collect(),
                Text => sql::rows::<String>(db, &text, vec![]).await.unwrap().into_iter().map(String::into_bytes).collect(),
                Bytes => sql::rows::<Vec<u8>>(db, &text, vec![]).await.unwrap(),
            };
            rows.resize(values.len(), Vec::new());
            rows.iter_mut().zip(values).for_each(|(row, value)| row.push(value));
        }
        rows
    }

    fn value(&self, column: usize, bytes: &[u8]) -> Value {
        match self.columns[column].1 {
            Number => i64::from_be_bytes(bytes.try_into().unwrap()).into(),
            Text => String::from_utf8_lossy(bytes).into_owned().into(),
            Bytes => bytes.to_vec().into(),
        }
    }

    /// `WHERE` the key is this row's, with placeholders from `from`.
    fn at(&self, row: &Row, from: usize) -> (String, Vec<Value>) {
        let terms: Vec<String> = (0..self.key).map(|i| format!("{} = ${}", self.columns[i].0, from + i)).collect();
        (terms.join(" AND "), (0..self.key).map(|i| self.value(i, &row[i])).collect())
    }

    /// Whether the database let it happen: a constraint may forbid it.
    async fn set(&self, tx: &DatabaseTransaction, row: &Row, column: usize, bytes: &[u8]) -> bool {
        let (at, key) = self.at(row, 2);
        let text = format!("UPDATE {} SET {} = $1 WHERE {at}", self.name, self.columns[column].0);
        let values = std::iter::once(self.value(column, bytes)).chain(key).collect();
        sql::run(tx, &text, values).await.is_ok_and(|touched| touched == 1)
    }
}

/// Two epochs, four commits of one to three entries, five checkpoints.
async fn small(place: &Place) -> Journal {
    let journal = rig::journal(place).await;
    for count in [1, 3, 2] {
        rig::append(&journal, &rig::entries(count * 10, count)).await;
        journal.checkpoint().await.unwrap();
    }
    journal.raise_epoch(0).await.unwrap();
    rig::append(&journal, &rig::entries(90, 1)).await;
    journal.checkpoint().await.unwrap();
    assert_eq!(journal.verify(&mut ()).await.unwrap().first_bad, None);
    journal
}

async fn first_bad(journal: &Journal, tx: &DatabaseTransaction) -> Option<FirstBad> {
    journal.verify_in(tx, &mut ()).await.unwrap().first_bad
}

async fn every_flipped_byte_is_found(place: Place) {
    let journal = small(&place).await;
    let db = journal.database();
    // Exhaustive on SQLite; PostgreSQL holds the same bytes and takes longer.
    let every = if db.backend() == Backend::Sqlite { 1 } else { (13 / rig::rounds(1)).max(1) as usize };
    let (mut flips, mut forbidden) = (0, 0);
    for table in &TABLES {
        for row in table.rows(db.read()).await {
            for (column, bytes) in row.iter().enumerate() {
                for i in 0..bytes.len() {
                    flips += 1;
                    if flips % every != 0 {
                        continue;
                    }
                    let mut altered = bytes.clone();
                    altered[i] ^= 1 << (flips % 7);
                    let tx = db.begin().await.unwrap();
                    match table.set(&tx, &row, column, &altered).await {
                        true => {
                            let found = first_bad(&journal, &tx).await;
                            assert!(found.is_some(), "byte {i} of {} in {}, {row:?}", table.columns[column].0, table.name);
                        }
                        false => forbidden += 1,
                    }
                }
            }
        }
    }
    assert!(flips > 2_000 && forbidden < 100, "{flips} flips, {forbidden} of them forbidden by a constraint");
}

async fn every_deleted_row_is_found(place: Place) {
    let journal = small(&place).await;
    for table in &TABLES {
        for row in table.rows(journal.database().read()).await {
            let tx = journal.database().begin().await.unwrap();
            let (at, key) = table.at(&row, 1);
            assert_eq!(sql::run(&tx, &format!("DELETE FROM {} WHERE {at}", table.name), key).await.unwrap(), 1);
            assert!(first_bad(&journal, &tx).await.is_some(), "{} without {row:?}", table.name);
        }
    }
}

async fn swapped_rows_are_found(place: Place) {
    let journal = small(&place).await;
    for table in &TABLES[1..] {
        let rows = table.rows(journal.database().read()).await;
        for (i, one) in rows.iter().enumerate() {
            for other in &rows[..i] {
                let tx = journal.database().begin().await.unwrap();
                let mut swapped = true;
                for column in table.key..table.columns.len() {
                    swapped &= table.set(&tx, one, column, &other[column]).await && table.set(&tx, other, column, &one[column]).await;
                }
                assert!(!swapped || first_bad(&journal, &tx).await.is_some(), "{}: {one:?} and {other:?}", table.name);
            }
        }
    }
}

async fn the_altered_entry_is_named(place: Place) {
    let journal = small(&place).await;
    let tx = journal.database().begin().await.unwrap();
    let third = "(SELECT first_block FROM journal_order WHERE first_seq = 5)";
    sql::run(&tx, &format!("UPDATE journal_block SET bodies = $1 WHERE block = {third}"), vec![b"nothing".as_slice().into()])
        .await
        .unwrap();
    let bad = first_bad(&journal, &tx).await.unwrap();
    assert_eq!((bad.journal.as_str(), bad.seq_from, bad.seq_to, bad.table.as_str()), (rig::NAME, 5, 6, "journal_block"));
    let text = "UPDATE journal_order SET recorded_at = recorded_at + 1 WHERE first_seq = 2";
    sql::run(&tx, text, vec![]).await.unwrap();
    let bad = first_bad(&journal, &tx).await.unwrap();
    assert_eq!((bad.seq_from, bad.seq_to, bad.table.as_str()), (2, 4, "journal_order"), "the first of two");
    sql::run(&tx, "DELETE FROM journal_order WHERE first_seq = 2", vec![]).await.unwrap();
    let bad = first_bad(&journal, &tx).await.unwrap();
    assert_eq!((bad.seq_from, bad.seq_to, bad.reason.as_str()), (2, 4, "entries are missing"));
}

async fn what_no_checkpoint_covers_is_checked_too(place: Place) {
    let journal = small(&place).await;
    rig::append(&journal, &rig::entries(100, 2)).await;
    let tx = journal.database().begin().await.unwrap();
    assert_eq!(first_bad(&journal, &tx).await, None);
    sql::run(&tx, "UPDATE journal_order SET recorded_at = recorded_at + 1 WHERE first_seq = 8", vec![]).await.unwrap();
    assert_eq!(first_bad(&journal, &tx).await.map(|bad| (bad.seq_from, bad.seq_to)), Some((8, 9)));
    sql::run(&tx, "DELETE FROM journal_order WHERE first_seq = 8", vec![]).await.unwrap();
    assert_eq!(first_bad(&journal, &tx).await.map(|bad| bad.table).as_deref(), Some("journal_block"));
    // Cut off together, nothing here shows it: followers hold later checkpoints.
    sql::run(&tx, "DELETE FROM journal_block WHERE block = (SELECT max(block) FROM journal_block)", vec![]).await.unwrap();
    assert_eq!(first_bad(&journal, &tx).await, None);
}

async fn a_row_of_another_kind_is_a_finding(place: Place) {
    let journal = small(&place).await;
    let tx = journal.database().begin().await.unwrap();
    let alter = match journal.database().backend() {
        Backend::Sqlite => "UPDATE journal SET name = CAST(x'ff00ff' AS TEXT)",
        Backend::Postgres => "ALTER TABLE checkpoint ALTER COLUMN at TYPE TEXT",
    };
    sql::run(&tx, alter, vec![]).await.unwrap();
    let bad = first_bad(&journal, &tx).await.unwrap();
    assert!(["journal", "checkpoint"].contains(&bad.table.as_str()), "{bad:?}");
}
