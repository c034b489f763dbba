//! Submissions by verdict: one row a commit, so that a total is a sum and no writer waits for another.

use sea_orm::{QueryResult, TryGetableMany};
use tracemesh_proto::ingestion::v1::Receipt;
use tracemesh_proto::ingestion::v1::receipt::Verdict;
use tracemesh_store::{ConnectionTrait, DbErr, Value, sql};

use super::derived::Derived;

#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, Debug)]
pub struct Tally {
    pub accepted: i64,
    pub duplicate: i64,
    pub rejected: i64,
}

impl Tally {
    pub fn of(receipts: &[Receipt]) -> Self {
        let count = |verdict: Verdict| receipts.iter().filter(|receipt| receipt.verdict == i32::from(verdict)).count() as i64;
        Self { accepted: count(Verdict::Accepted), duplicate: count(Verdict::Duplicate), rejected: count(Verdict::Rejected) }
    }

    pub const fn plus(self, other: Self) -> Self {
        Self {
            accepted: self.accepted + other.accepted,
            duplicate: self.duplicate + other.duplicate,
            rejected: self.rejected + other.rejected,
        }
    }

    pub const fn submissions(self) -> i64 {
        self.accepted + self.duplicate + self.rejected
    }
}

/// `record` is the commit's first entry.
pub async fn add(db: &impl ConnectionTrait, record: i64, tally: Tally) -> Result<(), DbErr> {
    let text = "INSERT INTO intake (record, accepted, duplicate, rejected) VALUES ($1, $2, $3, $4)";
    let values = vec![record.into(), tally.accepted.into(), tally.duplicate.into(), tally.rejected.into()];
    sql::run(db, text, values).await.map(drop)
}

/// The row of a commit, with its first entry.
impl Derived for (i64, Tally) {
    const TABLE: &'static str = "intake";
    const COLUMNS: &'static str = "record, accepted, duplicate, rejected";
    const KEY: &'static str = "record";
    const ORDER: &'static str = "accepted";

    fn key(row: &QueryResult) -> Result<Vec<Value>, DbErr> {
        Ok(vec![row.try_get::<i64>("", "record")?.into()])
    }

    fn read(row: &QueryResult) -> Result<Self, DbErr> {
        let (record, accepted, duplicate, rejected) = TryGetableMany::try_get_many_by_index(row)?;
        Ok((record, Tally { accepted, duplicate, rejected }))
    }
}

/// Over every commit.
pub async fn total(db: &impl ConnectionTrait) -> Result<Tally, DbErr> {
    // PostgreSQL sums BIGINT into NUMERIC.
    let text = "SELECT CAST(COALESCE(SUM(accepted), 0) AS BIGINT), CAST(COALESCE(SUM(duplicate), 0) AS BIGINT), \
                CAST(COALESCE(SUM(rejected), 0) AS BIGINT) FROM intake";
    let row: Option<(i64, i64, i64)> = sql::row(db, text, vec![]).await?;
    Ok(row.map_or_else(Tally::default, |(accepted, duplicate, rejected)| Tally { accepted, duplicate, rejected }))
}
