use sha2::{Digest, Sha256};
use tracemesh_store::{ConnectionTrait, DbErr, sql};

/// Remembers what came from a neighbour; whether it is new, or was said in an earlier history already. The content tells, not the place: a node that
/// was set back says the same again at another one. Within one history the cursor sees to it that nothing comes twice.
pub async fn put(db: &impl ConnectionTrait, neighbour: &str, history: u64, envelope: &[u8], body: &[u8]) -> Result<bool, DbErr> {
    let text = "INSERT INTO received (neighbour, hash, history) VALUES ($1, $2, $3) ON CONFLICT (neighbour, hash) \
                DO UPDATE SET history = excluded.history WHERE received.history = excluded.history";
    let hasher = Sha256::new().chain_update((envelope.len() as u32).to_be_bytes());
    let hash = hasher.chain_update(envelope).chain_update(body).finalize().to_vec();
    Ok(sql::run(db, text, vec![neighbour.into(), hash.into(), (history as i64).into()]).await? == 1)
}
