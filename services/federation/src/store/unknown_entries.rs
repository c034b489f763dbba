use sha2::{Digest, Sha256};
use tracemesh_journal::{DecodedCommit, DecodedEntry};
use tracemesh_store::{ConnectionTrait, DbErr, Value, sql};

/// Keeps an entry as it came; whether it is the first time, also when a history that was approved anew is read from its beginning.
pub async fn put(db: &impl ConnectionTrait, child: &str, commit: &DecodedCommit, entry: &DecodedEntry) -> Result<bool, DbErr> {
    let text = "INSERT INTO unknown_entry (child, hash, journal, epoch, seq, kind, envelope, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
                ON CONFLICT (child, hash) DO NOTHING";
    let body = entry.body.as_ref().map(|body| body.to_vec());
    let mut values: Vec<Value> = vec![child.into(), hash(entry).into(), commit.journal.as_ref().into()];
    values.extend([(commit.epoch as i64).into(), (entry.seq as i64).into(), entry.envelope.kind.clone().into()]);
    values.extend([entry.envelope_bytes.to_vec().into(), body.into()]);
    Ok(sql::run(db, text, values).await? == 1)
}

fn hash(entry: &DecodedEntry) -> Vec<u8> {
    let hasher = Sha256::new().chain_update((entry.envelope_bytes.len() as u32).to_be_bytes());
    hasher.chain_update(&entry.envelope_bytes).chain_update(entry.body_hash).finalize().to_vec()
}
