use tracemesh_store::{ConnectionTrait, DbErr, sql};

use super::words;
use crate::domain::subject::Subject;

pub type Row = (String, String, String, String, String, String, String, String, i64, String);

pub const COLUMNS: &str = "id, kind, scheme, code, name, area, state, categories, registered_at, registered_by";

/// Whether it was new: a code that is registered already keeps its subject.
pub async fn insert(db: &impl ConnectionTrait, subject: &Subject) -> Result<bool, DbErr> {
    let text = format!("INSERT INTO subject ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING");
    let s = subject.clone();
    let values = vec![
        s.id.into(),
        s.kind.to_string().into(),
        s.scheme.into(),
        s.code.into(),
        s.name.into(),
        s.area.into(),
        s.state.to_string().into(),
        s.categories.join(" ").into(),
        s.registered_at.into(),
        s.registered_by.into(),
    ];
    Ok(sql::run(db, &text, values).await? == 1)
}

/// Writes the state of a subject that was read by [`for_change`] in the same transaction.
pub async fn set_state(db: &impl ConnectionTrait, subject: &Subject) -> Result<(), DbErr> {
    let values = vec![subject.state.to_string().into(), subject.id.clone().into()];
    sql::run(db, "UPDATE subject SET state = $1 WHERE id = $2", values).await.map(drop)
}

/// The subject, which nobody else changes until the transaction ends.
pub async fn for_change(db: &impl ConnectionTrait, id: &str) -> Result<Option<Subject>, DbErr> {
    let text = format!("SELECT {COLUMNS} FROM subject WHERE id = $1{}", sql::for_update(db));
    sql::row::<Row>(db, &text, vec![id.into()]).await?.map(from_row).transpose()
}

pub async fn by_code(db: &impl ConnectionTrait, scheme: &str, code: &str) -> Result<Option<Subject>, DbErr> {
    let text = format!("SELECT {COLUMNS} FROM subject WHERE scheme = $1 AND code = $2");
    sql::row::<Row>(db, &text, vec![scheme.into(), code.into()]).await?.map(from_row).transpose()
}

/// Those whose code is `code` and whose name holds `name`, an empty one matching everything; newest first, before `before`.
pub async fn find(db: &impl ConnectionTrait, code: &str, name: &str, before: &str, limit: u32) -> Result<Vec<Subject>, DbErr> {
    let text = format!(
        "SELECT {COLUMNS} FROM subject WHERE ($1 = '' OR code = $1) AND ($2 = '' OR name LIKE $3 ESCAPE '\\') AND ($4 = '' OR id < $4) \
         ORDER BY id DESC LIMIT $5"
    );
    let values = vec![code.into(), name.into(), holding(name).into(), before.into(), i64::from(limit).into()];
    sql::rows::<Row>(db, &text, values).await?.into_iter().map(from_row).collect()
}

/// A LIKE pattern for a text that holds `part`, whatever `part` is made of.
fn holding(part: &str) -> String {
    let escaped = part.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}

pub fn from_row((id, kind, scheme, code, name, area, state, categories, registered_at, registered_by): Row) -> Result<Subject, DbErr> {
    let broken = |word| DbErr::Custom(format!("subject {id}: {word}"));
    Ok(Subject {
        kind: kind.parse().map_err(broken)?,
        state: state.parse().map_err(broken)?,
        categories: words(&categories),
        id: id.clone(),
        scheme,
        code,
        name,
        area,
        registered_at,
        registered_by,
    })
}
