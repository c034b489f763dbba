use std::collections::BTreeSet;

use sha2::{Digest, Sha256};
use tracemesh_store::{ConnectionTrait, DbErr, Value, sql};

/// In one statement: a row each would hold up whoever else writes.
const ROWS_AT_ONCE: usize = 500;

/// What an entry says, whatever its place and its salt.
pub type Content = [u8; 32];

/// The content tells, not the place: a node that was set back says the same again at another one.
pub fn content(envelope: &[u8], body: &[u8]) -> Content {
    let hasher = Sha256::new().chain_update((envelope.len() as u32).to_be_bytes());
    hasher.chain_update(envelope).chain_update(body).finalize().into()
}

/// Remembers what came from a neighbour, and answers what of it was not said in an earlier history already. Within one history the cursor sees to it
/// that nothing comes twice.
pub async fn put(
    db: &impl ConnectionTrait,
    neighbour: &str,
    history: u64,
    contents: BTreeSet<Content>,
) -> Result<BTreeSet<Content>, DbErr> {
    let (contents, mut new) = (Vec::from_iter(contents), BTreeSet::new());
    for some in contents.chunks(ROWS_AT_ONCE) {
        let rows: Vec<String> = (3..3 + some.len()).map(|number| format!("($1, ${number}, $2)")).collect();
        let text = format!(
            "INSERT INTO received (neighbour, hash, history) VALUES {} ON CONFLICT (neighbour, hash) \
             DO UPDATE SET history = excluded.history WHERE received.history = excluded.history RETURNING hash",
            rows.join(", ")
        );
        let mut values: Vec<Value> = vec![neighbour.into(), (history as i64).into()];
        values.extend(some.iter().map(|content| Value::from(content.to_vec())));
        let rows: Vec<Vec<u8>> = sql::rows(db, &text, values).await?;
        new.extend(rows.into_iter().filter_map(|hash| Content::try_from(hash).ok()));
    }
    Ok(new)
}
