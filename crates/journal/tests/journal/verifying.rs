//! Verification as services and the audit see it: their own tables, their journals over gRPC, and while writers go on.

use std::sync::Arc;

use tracemesh_journal::{DecodedCommit, Disagreement, JournalError, Visitor};
use tracemesh_proto::journal::v1::{ListJournalsRequest, VerifyRequest};
use tracemesh_store::{Database, DatabaseTransaction, DbErr, sql};
use tracemesh_testkit::{Place, on_both};

use crate::rig;

on_both!(
    a_service_compares_its_own_tables,
    a_verification_sees_one_moment,
    the_audit_asks_every_service,
    a_renamed_journal_is_found_and_goes_on,
    a_journal_that_nobody_keeps_is_found,
    a_torn_journal_takes_nothing
);

/// Expects a table `weight` with the length of every body.
#[derive(Default)]
struct Weights {
    compared: u64,
}

impl Visitor for Weights {
    async fn commit(&mut self, db: &DatabaseTransaction, commit: &DecodedCommit) -> Result<Option<Disagreement>, DbErr> {
        for entry in &commit.entries {
            let values = vec![(entry.seq as i64).into()];
            let stored = sql::row::<i64>(db, "SELECT bytes FROM weight WHERE seq = $1", values).await?;
            if stored != entry.body.as_ref().map(|body| body.len() as i64) {
                return Ok(Some(Disagreement { table: "weight".into(), reason: format!("{stored:?} bytes for entry {}", entry.seq) }));
            }
            self.compared += 1;
        }
        Ok(None)
    }
}

async fn a_service_compares_its_own_tables(place: Place) {
    let journal = rig::journal(&place).await;
    let tx = journal.database().begin().await.unwrap();
    sql::run(&tx, "CREATE TABLE weight (seq BIGINT PRIMARY KEY, bytes BIGINT NOT NULL)", vec![]).await.unwrap();
    for seq in 1..=5i64 {
        sql::run(&tx, "INSERT INTO weight (seq, bytes) VALUES ($1, 9)", vec![seq.into()]).await.unwrap();
    }
    tx.commit().await.unwrap();
    rig::append(&journal, &rig::entries(1, 2)).await;
    rig::append(&journal, &rig::entries(3, 3)).await;
    let mut weights = Weights::default();
    assert_eq!(journal.verify(&mut weights).await.unwrap().first_bad, None);
    assert_eq!(weights.compared, 5);
    alter(journal.database(), "UPDATE weight SET bytes = 8 WHERE seq = 4").await;
    let verification = journal.verify(&mut Weights::default()).await.unwrap();
    let bad = verification.first_bad.unwrap();
    assert_eq!((bad.table.as_str(), bad.seq_from, bad.seq_to), ("weight", 3, 5));
    assert_eq!(bad.reason, "Some(8) bytes for entry 4");
    assert_eq!(verification.entries, 2, "those before it");
}

async fn a_verification_sees_one_moment(place: Place) {
    let journal = rig::journal(&place).await;
    rig::append(&journal, &rig::entries(1, 3)).await;
    let snapshot = journal.database().snapshot().await.unwrap();
    sql::row::<i64>(&snapshot, "SELECT count(*) FROM journal_order", vec![]).await.unwrap();
    rig::append(&journal, &rig::entries(4, 3)).await;
    journal.checkpoint().await.unwrap();
    let verification = journal.verify_in(&snapshot, &mut ()).await.unwrap();
    assert_eq!((verification.entries, verification.first_bad), (3, None));
}

async fn the_audit_asks_every_service(place: Place) {
    let journal = rig::journal(&place).await;
    rig::append(&journal, &rig::entries(1, 3)).await;
    let other = rig::journal_named(&place.open("quality", &[tracemesh_journal::MIGRATIONS]).await, "local.quality").await;
    let server = rig::serve(&journal);
    server.add(&other);
    let own = other.clone();
    server.add_verifier(
        "quality",
        Arc::new(move || {
            let own = own.clone();
            Box::pin(async move { Ok(vec![own.verify(&mut ()).await?]) })
        }),
    );
    let mut client = rig::client(&server);
    let answer = client.verify(VerifyRequest::default()).await.unwrap().into_inner();
    let told: Vec<_> = answer.journals.iter().map(|told| (told.service.as_str(), told.journal.as_str(), told.entries)).collect();
    assert_eq!(told, [("ingestion", rig::NAME, 3), ("quality", "local.quality", 0)]);
    assert!(answer.ok && answer.first_bad.is_none());
    let listed = client.list_journals(ListJournalsRequest { service: "quality".into() }).await.unwrap().into_inner().journals;
    assert_eq!(listed.iter().map(|state| state.journal.as_str()).collect::<Vec<_>>(), ["local.quality"]);
    alter(other.database(), "UPDATE journal SET epoch = 9").await;
    let answer = client.verify(VerifyRequest { service: "quality".into() }).await.unwrap().into_inner();
    assert!(!answer.ok && answer.journals.len() == 1);
    assert_eq!(answer.first_bad.unwrap().table, "journal");
}

async fn a_renamed_journal_is_found_and_goes_on(place: Place) {
    rig::append(&rig::journal(&place).await, &rig::entries(1, 3)).await;
    alter(&rig::keeper(&place).await, "UPDATE journal SET name = 'local.ingestioN'").await;
    // After a restart, too: an empty journal in its place would give out the same numbers again.
    let journal = rig::journal(&place).await;
    assert_eq!(rig::append(&journal, &rig::entries(4, 1)).await.first_seq, 4);
    let bad = journal.verify(&mut ()).await.unwrap().first_bad.unwrap();
    assert_eq!((bad.table.as_str(), bad.reason.as_str()), ("journal", "the journal's row does not have its name and key"));
}

async fn a_journal_that_nobody_keeps_is_found(place: Place) {
    rig::append(&rig::journal(&place).await, &rig::entries(1, 3)).await;
    let db = rig::keeper(&place).await;
    alter(&db, "UPDATE journal SET name = 'local.ingestioN', public_key = (SELECT signature FROM checkpoint)").await;
    let server = rig::serve(&rig::journal(&place).await);
    let answer = rig::client(&server).verify(VerifyRequest::default()).await.unwrap().into_inner();
    let bad = answer.first_bad.unwrap();
    assert_eq!(
        (bad.journal.as_str(), bad.table.as_str(), bad.reason.as_str()),
        (rig::NAME, "journal", "row 1 is a journal that nobody keeps")
    );
}

async fn a_torn_journal_takes_nothing(place: Place) {
    let journal = rig::journal(&place).await;
    rig::append(&journal, &rig::entries(1, 3)).await;
    journal.checkpoint().await.unwrap();
    assert_eq!(journal.examine().await.unwrap().seq, 3);
    alter(journal.database(), "DELETE FROM journal_order").await;
    let torn = rig::journal(&place).await;
    assert!(matches!(torn.examine().await, Err(JournalError::Damaged { seq: 1, .. })));
    // That somebody outside follows it from the epoch that it is in decides nothing.
    torn.reach_epoch(1, "service:federation", "cn follows from this epoch on").await.unwrap();
    let tx = torn.database().begin().await.unwrap();
    let refused = torn.append(&tx, &rig::entries(4, 1)).await.unwrap_err();
    assert_eq!(refused.to_string(), "local.ingestion: journal_order is damaged near seq 0: the entries end before the newest checkpoint");
    tx.rollback().await.unwrap();
    // Somebody decides that it goes on: under numbers that cannot be mistaken for the lost ones.
    torn.raise_epoch(0).await.unwrap();
    assert_eq!(rig::append(&torn, &rig::entries(4, 1)).await.epoch, 2);
}

async fn alter(db: &Database, text: &str) {
    let tx = db.begin().await.unwrap();
    sql::run(&tx, text, vec![]).await.unwrap();
    tx.commit().await.unwrap();
}
