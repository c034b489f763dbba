//! Findings, their steps, and the records that they are about.

use std::collections::{BTreeMap, BTreeSet};

use tracemesh_store::{ConnectionTrait, DbErr, Value, sql};

use super::{ROWS_PER_STATEMENT, rows_of};
use crate::domain::detect::Proof;
use crate::domain::finding::{Evidence, Finding, State, Step};

/// Evidence that is shown with a finding.
const SHOWN: i64 = 100;

const COLUMNS: &str = "number, kind, grp, cause, state, provider, area, category, found_at, due_at, presumed, records";
/// sea-orm's tuples end at twelve.
const MORE: &str = "number, subject, subject_shown, closed_at";

type Row = (i64, String, i64, i64, String, String, String, String, i64, i64, i64, i64);
type MoreRow = (i64, i64, String, i64);

/// Which findings are listed; empty = every one.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub states: Vec<State>,
    /// Only those that are due at this time, in unix microseconds.
    pub overdue_at: Option<i64>,
    pub kind: String,
    pub provider: String,
    pub subject: String,
}

pub async fn put(tx: &impl ConnectionTrait, finding: &Finding) -> Result<(), DbErr> {
    let text = "INSERT INTO finding (number, kind, grp, cause, state, provider, subject, subject_shown, area, category, found_at, due_at, \
                closed_at, presumed, records) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) \
                ON CONFLICT (number) DO UPDATE SET state = excluded.state, due_at = excluded.due_at, closed_at = excluded.closed_at, \
                presumed = excluded.presumed, records = excluded.records";
    let of = finding.clone();
    let values = vec![
        of.number.into(),
        of.kind.into(),
        of.group.into(),
        of.cause.into(),
        of.state.to_string().into(),
        of.provider.into(),
        of.subject.into(),
        of.subject_shown.into(),
        of.area.into(),
        of.category.into(),
        of.found_at.into(),
        of.due_at.into(),
        of.closed_at.into(),
        i64::from(of.is_presumed).into(),
        of.records.into(),
    ];
    sql::run(tx, text, values).await.map(drop)
}

/// The next step on its way.
pub async fn add_step(tx: &impl ConnectionTrait, number: i64, step: &Step) -> Result<(), DbErr> {
    let text = "INSERT INTO step (finding, nth, state, by, at, text) \
                SELECT $1, COALESCE(MAX(nth), 0) + 1, $2, $3, $4, $5 FROM step WHERE finding = $6";
    let Step { state, by, at, text: why } = step.clone();
    let values = vec![number.into(), state.to_string().into(), by.into(), at.into(), why.into(), number.into()];
    sql::run(tx, text, values).await.map(drop)
}

pub async fn steps(db: &impl ConnectionTrait, number: i64) -> Result<Vec<Step>, DbErr> {
    let text = "SELECT state, by, at, text FROM step WHERE finding = $1 ORDER BY nth LIMIT 1000";
    let rows: Vec<(String, String, i64, String)> = sql::rows(db, text, vec![number.into()]).await?;
    rows.into_iter().map(|(state, by, at, text)| Ok(Step { state: state_of(&state)?, by, at, text })).collect()
}

/// The finding, which nobody else changes until the transaction ends.
pub async fn for_change(tx: &impl ConnectionTrait, number: i64) -> Result<Option<Finding>, DbErr> {
    let end = format!("WHERE number = $1{}", sql::for_update(tx));
    Ok(select(tx, &end, vec![number.into()]).await?.pop())
}

pub async fn get(db: &impl ConnectionTrait, number: i64) -> Result<Option<Finding>, DbErr> {
    Ok(select(db, "WHERE number = $1", vec![number.into()]).await?.pop())
}

/// Those of some groups, by group and cause, which nobody else changes until the transaction ends.
pub async fn of_groups(tx: &impl ConnectionTrait, groups: &BTreeSet<i64>) -> Result<BTreeMap<(i64, i64), Finding>, DbErr> {
    let numbers: Vec<(i64,)> = rows_of(tx, "SELECT number FROM finding WHERE grp IN ", groups).await?;
    let mut found = BTreeMap::new();
    for (number,) in numbers {
        found.extend(for_change(tx, number).await?.map(|finding| ((finding.group, finding.cause), finding)));
    }
    Ok(found)
}

/// Those that nobody has answered and that are due at `now`, in order, at most `most`.
pub async fn unanswered(db: &impl ConnectionTrait, now: i64, most: i64) -> Result<Vec<Finding>, DbErr> {
    let end = "WHERE state = $1 AND due_at <= $2 ORDER BY due_at, number LIMIT $3";
    select(db, end, vec![State::Sent.to_string().into(), now.into(), most.into()]).await
}

/// Open ones that no record speaks for any more, at most `most`.
pub async fn without_evidence(db: &impl ConnectionTrait, most: i64) -> Result<Vec<Finding>, DbErr> {
    let end = "WHERE state <> $1 AND NOT EXISTS (SELECT 1 FROM evidence e WHERE e.finding = finding.number) ORDER BY number LIMIT $2";
    select(db, end, vec![State::Closed.to_string().into(), most.into()]).await
}

/// The most urgent first, after a position of due time and number.
pub async fn page(db: &impl ConnectionTrait, filter: &Filter, after: (i64, i64), most: i64) -> Result<Vec<Finding>, DbErr> {
    let mut values = vec![after.0.into(), after.0.into(), after.1.into()];
    let filter = conditions(filter, &mut values);
    values.push(most.into());
    let end = format!("WHERE (due_at > $1 OR (due_at = $2 AND number > $3)){filter} ORDER BY due_at, number LIMIT ${}", values.len());
    select(db, &end, values).await
}

/// Every one that was found within a time, by number after `after`.
pub async fn found(db: &impl ConnectionTrait, from: i64, until: i64, after: i64, most: i64) -> Result<Vec<Finding>, DbErr> {
    let end = "WHERE found_at >= $1 AND found_at < $2 AND number > $3 ORDER BY number LIMIT $4";
    select(db, end, vec![from.into(), until.into(), after.into(), most.into()]).await
}

/// How many a filter lets through and how many of them are overdue, by kind, area and category.
pub async fn counts(db: &impl ConnectionTrait, filter: &Filter, now: i64) -> Result<Vec<(String, String, String, i64, i64)>, DbErr> {
    let mut values = vec![State::Closed.to_string().into(), now.into()];
    let filter = conditions(filter, &mut values);
    let text = format!(
        "SELECT kind, area, category, COUNT(*), COUNT(CASE WHEN state <> $1 AND due_at <= $2 THEN 1 END) FROM finding WHERE 1 = 1{filter} \
         GROUP BY kind, area, category ORDER BY kind, area, category"
    );
    sql::rows(db, &text, values).await
}

fn conditions(filter: &Filter, values: &mut Vec<Value>) -> String {
    let mut text = String::new();
    let Filter { states, overdue_at, kind, provider, subject } = filter;
    if !states.is_empty() {
        text += &format!(" AND state IN ({})", sql::list(values.len() + 1, states.len()));
        values.extend(states.iter().map(|state| Value::from(state.to_string())));
    }
    if let Some(now) = overdue_at {
        values.push((*now).into());
        text += &format!(" AND due_at <= ${}", values.len());
    }
    for (column, word) in [("kind", kind), ("provider", provider), ("subject_shown", subject)] {
        if !word.is_empty() {
            values.push(word.clone().into());
            text += &format!(" AND {column} = ${}", values.len());
        }
    }
    text
}

/// What a finding is about, record by record.
pub async fn evidence(db: &impl ConnectionTrait, number: i64) -> Result<BTreeSet<Evidence>, DbErr> {
    let text = "SELECT record, field, value, against FROM evidence WHERE finding = $1";
    read_evidence(db, text, vec![number.into()]).await
}

/// The first of it, by record.
pub async fn shown_evidence(db: &impl ConnectionTrait, number: i64) -> Result<BTreeSet<Evidence>, DbErr> {
    let text = "SELECT record, field, value, against FROM evidence WHERE finding = $1 ORDER BY record, field LIMIT $2";
    read_evidence(db, text, vec![number.into(), SHOWN.into()]).await
}

async fn read_evidence(db: &impl ConnectionTrait, text: &str, values: Vec<Value>) -> Result<BTreeSet<Evidence>, DbErr> {
    let rows: Vec<(i64, String, String, String)> = sql::rows(db, text, values).await?;
    Ok(rows.into_iter().map(|(record, field, value, against)| Evidence { record, field, value, against }).collect())
}

/// What a finding is about from now on: one proof for each record and field.
pub async fn put_evidence(tx: &impl ConnectionTrait, number: i64, proofs: &BTreeMap<(i64, &str), &Proof>) -> Result<(), DbErr> {
    sql::run(tx, "DELETE FROM evidence WHERE finding = $1", vec![number.into()]).await?;
    let proofs: Vec<&Proof> = proofs.values().copied().collect();
    for chunk in proofs.chunks(ROWS_PER_STATEMENT) {
        let text =
            format!("INSERT INTO evidence (finding, record, field, cell, value, against) VALUES {}", sql::row_lists(tx, chunk.len(), 6));
        let values = chunk.iter().flat_map(|proof| -> [Value; 6] {
            let Proof { record, cell, field, value, against } = (*proof).clone();
            [number.into(), record.into(), field.into(), cell.into(), value.into(), against.into()]
        });
        sql::run(tx, &text, values.collect()).await?;
    }
    Ok(())
}

async fn select(db: &impl ConnectionTrait, end: &str, values: Vec<Value>) -> Result<Vec<Finding>, DbErr> {
    let rows: Vec<Row> = sql::rows(db, &format!("SELECT {COLUMNS} FROM finding {end}"), values.clone()).await?;
    let more: Vec<MoreRow> = sql::rows(db, &format!("SELECT {MORE} FROM finding {end}"), values).await?;
    rows.into_iter().zip(more).map(|(row, more)| finding(row, more)).collect()
}

fn finding(row: Row, (_, subject, subject_shown, closed_at): MoreRow) -> Result<Finding, DbErr> {
    let (number, kind, group, cause, state, provider, area, category, found_at, due_at, presumed, records) = row;
    Ok(Finding {
        number,
        kind,
        group,
        cause,
        state: state_of(&state)?,
        provider,
        subject,
        subject_shown,
        area,
        category,
        found_at,
        due_at,
        closed_at,
        is_presumed: presumed != 0,
        records,
    })
}

fn state_of(word: &str) -> Result<State, DbErr> {
    word.parse().map_err(|()| DbErr::Custom(format!("{word:?} is no state of a finding")))
}
