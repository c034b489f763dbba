//! Submissions by verdict: one row a commit, so that a total is a sum and no writer waits for another.

use tracemesh_proto::ingestion::v1::Receipt;
use tracemesh_proto::ingestion::v1::receipt::Verdict;
use tracemesh_store::{ConnectionTrait, DbErr, sql};

#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
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

/// The row of each commit among a run of records: for the audit.
pub async fn of_records(db: &impl ConnectionTrait, from: i64, to: i64) -> Result<Vec<(i64, Tally)>, DbErr> {
    let text = "SELECT record, accepted, duplicate, rejected FROM intake WHERE record >= $1 AND record <= $2 ORDER BY record";
    let rows: Vec<(i64, i64, i64, i64)> = sql::rows(db, text, vec![from.into(), to.into()]).await?;
    let tally = |(record, accepted, duplicate, rejected)| (record, Tally { accepted, duplicate, rejected });
    Ok(rows.into_iter().map(tally).collect())
}

/// Over every commit.
pub async fn total(db: &impl ConnectionTrait) -> Result<Tally, DbErr> {
    // PostgreSQL sums BIGINT into NUMERIC.
    let text = "SELECT CAST(COALESCE(SUM(accepted), 0) AS BIGINT), CAST(COALESCE(SUM(duplicate), 0) AS BIGINT), \
                CAST(COALESCE(SUM(rejected), 0) AS BIGINT) FROM intake";
    let row: Option<(i64, i64, i64)> = sql::row(db, text, vec![]).await?;
    Ok(row.map_or_else(Tally::default, |(accepted, duplicate, rejected)| Tally { accepted, duplicate, rejected }))
}
