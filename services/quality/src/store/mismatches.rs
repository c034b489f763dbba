//! What the public says does not match.

use tracemesh_store::{ConnectionTrait, DbErr, Value, sql};

use crate::domain::mismatch::{Answer, Mismatch};

const COLUMNS: &str = "number, code, text, at, answer_zh, answer_en, answered_at";

type Row = (String, String, String, i64, String, String, i64);

/// Which reports are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    Open,
    Answered,
    All,
}

pub async fn add(tx: &impl ConnectionTrait, of: &Mismatch) -> Result<(), DbErr> {
    let text = "INSERT INTO mismatch (number, code, text, at, answer_zh, answer_en, answered_at) VALUES ($1, $2, $3, $4, '', '', 0)";
    let Mismatch { number, code, text: report, at, .. } = of.clone();
    sql::run(tx, text, vec![number.into(), code.into(), report.into(), at.into()]).await.map(drop)
}

pub async fn answer(tx: &impl ConnectionTrait, number: &str, answer: &Answer) -> Result<(), DbErr> {
    let text = "UPDATE mismatch SET answer_zh = $1, answer_en = $2, answered_at = $3 WHERE number = $4";
    let Answer { zh, en, at } = answer.clone();
    sql::run(tx, text, vec![zh.into(), en.into(), at.into(), number.into()]).await.map(drop)
}

pub async fn get(db: &impl ConnectionTrait, number: &str) -> Result<Option<Mismatch>, DbErr> {
    let row: Option<Row> = sql::row(db, &format!("SELECT {COLUMNS} FROM mismatch WHERE number = $1"), vec![number.into()]).await?;
    Ok(row.map(mismatch))
}

/// When the last `nth` reports came, of one code or of any; the oldest of them, where there are so many after `since`.
pub async fn nth_last(db: &impl ConnectionTrait, code: Option<&str>, since: i64, nth: u32) -> Result<Option<i64>, DbErr> {
    let of_code = if code.is_some() { " AND code = $3" } else { "" };
    let text = format!("SELECT at FROM mismatch WHERE at > $1{of_code} ORDER BY at DESC LIMIT 1 OFFSET $2");
    let values = [Value::from(since), i64::from(nth.saturating_sub(1)).into()].into_iter().chain(code.map(Value::from));
    let row: Option<(i64,)> = sql::row(db, &text, values.collect()).await?;
    Ok(row.map(|(at,)| at))
}

/// The oldest first, after a position.
pub async fn page(db: &impl ConnectionTrait, kept: Kept, after: (i64, &str), most: i64) -> Result<Vec<Mismatch>, DbErr> {
    let of_state = match kept {
        Kept::Open => " AND answered_at = 0",
        Kept::Answered => " AND answered_at > 0",
        Kept::All => "",
    };
    let text =
        format!("SELECT {COLUMNS} FROM mismatch WHERE (at > $1 OR (at = $2 AND number > $3)){of_state} ORDER BY at, number LIMIT $4");
    let rows: Vec<Row> = sql::rows(db, &text, vec![after.0.into(), after.0.into(), after.1.into(), most.into()]).await?;
    Ok(rows.into_iter().map(mismatch).collect())
}

fn mismatch((number, code, text, at, zh, en, answered_at): Row) -> Mismatch {
    let answer = (answered_at > 0).then_some(Answer { zh, en, at: answered_at });
    Mismatch { number, code, text, at, answer }
}
