use tracemesh_store::{ConnectionTrait, DbErr, sql};

/// How far a child has what one of its downlinks holds for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    pub epoch: u64,
    pub seq: u64,
    /// When it was heard, in unix microseconds; 0 = never.
    pub at: i64,
}

/// What a child said last of it.
pub async fn get(db: &impl ConnectionTrait, child: &str, journal: &str) -> Result<Taken, DbErr> {
    let text = "SELECT epoch, seq, at FROM taken WHERE child = $1 AND journal = $2";
    let row: Option<(i64, i64, i64)> = sql::row(db, text, vec![child.into(), journal.into()]).await?;
    Ok(row.map_or_else(Taken::default, |(epoch, seq, at)| Taken { epoch: epoch as u64, seq: seq as u64, at }))
}

pub async fn put(db: &impl ConnectionTrait, child: &str, journal: &str, taken: &Taken) -> Result<(), DbErr> {
    let text = "INSERT INTO taken (child, journal, epoch, seq, at) VALUES ($1, $2, $3, $4, $5) \
                ON CONFLICT (child, journal) DO UPDATE SET epoch = excluded.epoch, seq = excluded.seq, at = excluded.at";
    let values = vec![child.into(), journal.into(), (taken.epoch as i64).into(), (taken.seq as i64).into(), taken.at.into()];
    sql::run(db, text, values).await.map(drop)
}
