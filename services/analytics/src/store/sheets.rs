//! Months of the nodes below, as they were handed over: one for each origin and month, so that nobody counts twice who changes parents or can be
//! reached over two. Our own stand among them while they are counted again.

use std::collections::BTreeMap;

use tracemesh_store::{ConnectionTrait, DbErr, sql};

use super::months::{place, read};
use crate::domain::month::Month;
use crate::domain::sheet::Sheet;
use crate::domain::version::{AsOf, Place};

/// A month of another node without its figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownSheet {
    pub origin: String,
    pub month: Month,
    pub version: Place,
    pub hash: Vec<u8>,
}

/// Keeps a sheet unless a later edition of its origin and month is kept, or the same: later by what changed it last, then by how far it was known
/// to be true. Whether it was kept.
pub async fn put(tx: &impl ConnectionTrait, child: &str, sheet: &Sheet, hash: &[u8], document: &[u8]) -> Result<bool, DbErr> {
    let text = "INSERT INTO sheet (origin, month, child, epoch, seq, hash, journal, as_of_epoch, as_of_seq, as_of_time, document) \
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (origin, month) DO UPDATE SET child = excluded.child, \
                epoch = excluded.epoch, seq = excluded.seq, hash = excluded.hash, journal = excluded.journal, \
                as_of_epoch = excluded.as_of_epoch, as_of_seq = excluded.as_of_seq, as_of_time = excluded.as_of_time, \
                document = excluded.document \
                WHERE (excluded.epoch, excluded.seq, excluded.as_of_epoch, excluded.as_of_seq) \
                > (sheet.epoch, sheet.seq, sheet.as_of_epoch, sheet.as_of_seq)";
    let AsOf { place: as_of, recorded_at, journal } = &sheet.as_of;
    let values = vec![
        sheet.origin.clone().into(),
        sheet.month.to_string().into(),
        child.into(),
        (sheet.version.epoch as i64).into(),
        (sheet.version.seq as i64).into(),
        hash.to_vec().into(),
        journal.clone().into(),
        (as_of.epoch as i64).into(),
        (as_of.seq as i64).into(),
        (*recorded_at).into(),
        document.to_vec().into(),
    ];
    Ok(sql::run(tx, text, values).await? == 1)
}

/// The bytes as they were handed over.
pub async fn document(db: &impl ConnectionTrait, origin: &str, month: Month) -> Result<Option<Vec<u8>>, DbErr> {
    let text = "SELECT document FROM sheet WHERE origin = $1 AND month = $2";
    let row: Option<(Vec<u8>,)> = sql::row(db, text, vec![origin.into(), month.to_string().into()]).await?;
    Ok(row.map(|(document,)| document))
}

/// By origin and month; an empty origin is every one.
pub async fn all(db: &impl ConnectionTrait, origin: &str) -> Result<Vec<KnownSheet>, DbErr> {
    let text = "SELECT origin, month, epoch, seq, hash FROM sheet WHERE ($1 = '' OR origin = $1) ORDER BY origin, month";
    let rows: Vec<(String, String, i64, i64, Vec<u8>)> = sql::rows(db, text, vec![origin.into()]).await?;
    rows.into_iter()
        .map(|(origin, month, epoch, seq, hash)| Ok(KnownSheet { origin, month: read(&month)?, version: place(epoch, seq), hash }))
        .collect()
}

/// Whether a sheet of this origin is kept.
pub async fn has(db: &impl ConnectionTrait, origin: &str) -> Result<bool, DbErr> {
    let row: Option<(i64,)> = sql::row(db, "SELECT epoch FROM sheet WHERE origin = $1 LIMIT 1", vec![origin.into()]).await?;
    Ok(row.is_some())
}

pub async fn drop_origin(tx: &impl ConnectionTrait, origin: &str) -> Result<(), DbErr> {
    sql::run(tx, "DELETE FROM sheet WHERE origin = $1", vec![origin.into()]).await.map(drop)
}

/// What the figures of each origin are true of: the latest that any of its months says.
pub async fn origins(db: &impl ConnectionTrait) -> Result<BTreeMap<String, AsOf>, DbErr> {
    let text = "SELECT origin, journal, as_of_epoch, as_of_seq, as_of_time FROM sheet";
    let rows: Vec<(String, String, i64, i64, i64)> = sql::rows(db, text, vec![]).await?;
    let mut origins: BTreeMap<String, AsOf> = BTreeMap::new();
    for (origin, journal, epoch, seq, recorded_at) in rows {
        let known = origins.entry(origin).or_default();
        *known = std::mem::take(known).max(AsOf { place: place(epoch, seq), recorded_at, journal });
    }
    Ok(origins)
}
