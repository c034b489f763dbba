//! Who claims an identity. The primary key is what two replicas meet at when both would accept a first one.

use std::collections::HashMap;

use sea_orm::{QueryResult, TryGetableMany};
use tracemesh_store::{ConnectionTrait, DbErr, Value, sql};

use super::derived::Derived;
use super::{MONTH, ROWS_PER_STATEMENT};
use crate::domain::identity::{Claim, Identity};

/// A claim to be written.
pub struct NewClaim {
    pub identity: Identity,
    pub claim: Claim,
}

/// All accepted revisions of these identities.
pub async fn claims(db: &impl ConnectionTrait, identities: &[Identity]) -> Result<HashMap<Identity, Vec<Claim>>, DbErr> {
    let mut found: HashMap<Identity, Vec<Claim>> = HashMap::new();
    for chunk in identities.chunks(ROWS_PER_STATEMENT) {
        let text = format!(
            "SELECT identity, replaces, revision, record FROM record WHERE month = {MONTH} AND identity IN {}",
            sql::row_lists(db, 1, chunk.len())
        );
        let values = chunk.iter().map(|identity| identity.0.to_vec().into()).collect();
        for (identity, replaces, revision, record) in sql::rows::<(Vec<u8>, i64, i64, i64)>(db, &text, values).await? {
            let Ok(identity) = identity.try_into() else { continue };
            let claim = Claim { replaces: replaces as u32, revision: revision as u32, record };
            found.entry(Identity(identity)).or_default().push(claim);
        }
    }
    Ok(found)
}

pub async fn insert(db: &impl ConnectionTrait, new: &[NewClaim]) -> Result<(), DbErr> {
    for chunk in new.chunks(ROWS_PER_STATEMENT) {
        let text =
            format!("INSERT INTO record (month, identity, replaces, revision, record) VALUES {}", sql::row_lists(db, chunk.len(), 5));
        let values = chunk.iter().flat_map(|new| -> [Value; 5] {
            let Claim { replaces, revision, record } = new.claim;
            [MONTH.into(), new.identity.0.to_vec().into(), i64::from(replaces).into(), i64::from(revision).into(), record.into()]
        });
        sql::run(db, &text, values.collect()).await?;
    }
    Ok(())
}

impl Derived for (Identity, Claim) {
    const TABLE: &'static str = "record";
    const COLUMNS: &'static str = "month, identity, replaces, revision, record";
    const KEY: &'static str = "month, identity, replaces";
    const ORDER: &'static str = "identity, replaces";

    fn key(row: &QueryResult) -> Result<Vec<Value>, DbErr> {
        let (month, identity, replaces, ..) = columns(row)?;
        Ok(vec![month.into(), identity.into(), replaces.into()])
    }

    fn read(row: &QueryResult) -> Result<Self, DbErr> {
        let (month, identity, replaces, revision, record) = columns(row)?;
        let exactly = || {
            let claim = Claim { replaces: replaces.try_into().ok()?, revision: revision.try_into().ok()?, record };
            (month == MONTH).then_some((Identity(identity.try_into().ok()?), claim))
        };
        exactly().ok_or_else(|| DbErr::Custom(format!("the claim of record {record}: a column is out of range")))
    }
}

fn columns(row: &QueryResult) -> Result<(i64, Vec<u8>, i64, i64, i64), DbErr> {
    Ok(TryGetableMany::try_get_many_by_index(row)?)
}
