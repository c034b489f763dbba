//! Cells with their counts. A difference is added to what stands there; a cell that is empty stays, as observations and evidence point at it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use tracemesh_store::{ConnectionTrait, DbErr, Value, sql};

use super::{ROWS_PER_STATEMENT, rows_of};
use crate::domain::cell::{Cell, Counts, Subject};
use crate::domain::days::{self, Days};

/// Cells read at once: some megabytes.
const CELLS_PER_PAGE: i64 = 5_000;

const PLACE: &str = "day, provider, subject, subject_shown, area, category";
const COUNTS: &str = "records, late, due, filled, refused, outgoing, complete";

type PlaceRow = (i64, String, String, i64, String, String, String);
type CountsRow = (i64, i64, i64, i64, i64, i64, i64, i64);

/// Adds the differences and answers the number of each cell.
pub async fn add(tx: &impl ConnectionTrait, differences: &BTreeMap<Cell, Counts>) -> Result<HashMap<Cell, i64>, DbErr> {
    let differences: Vec<_> = differences.iter().collect();
    let added: Vec<String> = Counts::NAMES.map(|name| format!("{name} = cell.{name} + excluded.{name}")).into();
    let mut numbers = HashMap::new();
    for chunk in differences.chunks(ROWS_PER_STATEMENT) {
        let text = format!(
            "INSERT INTO cell ({PLACE}, {COUNTS}) VALUES {} ON CONFLICT (day, provider, subject, area, category) DO UPDATE SET {} \
             RETURNING id, {PLACE}",
            sql::row_lists(tx, chunk.len(), 13),
            added.join(", ")
        );
        let values = chunk.iter().flat_map(|(cell, counts)| place_values(cell).into_iter().chain(counts.values().map(Value::from)));
        for row in sql::rows::<PlaceRow>(tx, &text, values.collect()).await? {
            let (number, cell) = place(row)?;
            numbers.insert(cell, number);
        }
    }
    Ok(numbers)
}

/// Adds so many complete chains to cells.
pub async fn complete(tx: &impl ConnectionTrait, differences: &BTreeMap<i64, i64>) -> Result<(), DbErr> {
    for (cell, more) in differences.iter().filter(|(_, more)| **more != 0) {
        sql::run(tx, "UPDATE cell SET complete = complete + $1 WHERE id = $2", vec![(*more).into(), (*cell).into()]).await?;
    }
    Ok(())
}

/// Where some cells are.
pub async fn places(db: &impl ConnectionTrait, numbers: &BTreeSet<i64>) -> Result<HashMap<i64, Cell>, DbErr> {
    let rows: Vec<PlaceRow> = rows_of(db, &format!("SELECT id, {PLACE} FROM cell WHERE id IN "), numbers).await?;
    rows.into_iter().map(place).collect()
}

/// Hands over every cell of these days that is not empty with its counts and how many of its records are doubtful to detectors of these kinds, a page at a time.
pub async fn each<E: From<DbErr>>(
    db: &impl ConnectionTrait,
    days: Days,
    kinds: &[&str],
    mut take: impl FnMut(Cell, Counts, i64) -> Result<(), E>,
) -> Result<(), E> {
    let mut after = 0;
    loop {
        let (cells, counts) = page(db, days, after).await?;
        let Some(last) = cells.last() else { return Ok(()) };
        let doubtful = doubtful(db, kinds, after, last.0).await?;
        after = last.0;
        for (row, counts) in cells.into_iter().zip(counts).filter(|(_, counts)| *counts != Counts::default()) {
            let (number, cell) = place(row)?;
            take(cell, counts, doubtful.get(&number).copied().unwrap_or(0))?;
        }
    }
}

async fn page(db: &impl ConnectionTrait, days: Days, after: i64) -> Result<(Vec<PlaceRow>, Vec<Counts>), DbErr> {
    let values = || vec![after.into(), days.first.to_string().into(), days.last.to_string().into(), CELLS_PER_PAGE.into()];
    let of_page = "FROM cell WHERE id > $1 AND day >= $2 AND day <= $3 ORDER BY id LIMIT $4";
    let cells = sql::rows(db, &format!("SELECT id, {PLACE} {of_page}"), values()).await?;
    let counts: Vec<CountsRow> = sql::rows(db, &format!("SELECT id, {COUNTS} {of_page}"), values()).await?;
    let counts = counts.into_iter().map(|(_, a, b, c, d, e, f, g)| Counts::of_values([a, b, c, d, e, f, g])).collect();
    Ok((cells, counts))
}

async fn doubtful(db: &impl ConnectionTrait, kinds: &[&str], after: i64, last: i64) -> Result<HashMap<i64, i64>, DbErr> {
    let text = format!(
        "SELECT e.cell, COUNT(DISTINCT e.record) FROM evidence e JOIN finding f ON f.number = e.finding \
         WHERE e.cell > $1 AND e.cell <= $2 AND f.kind IN ({}) GROUP BY e.cell",
        sql::list(3, kinds.len())
    );
    let values = [after, last].map(Value::from).into_iter().chain(kinds.iter().map(|kind| Value::from(*kind)));
    Ok(sql::rows::<(i64, i64)>(db, &text, values.collect()).await?.into_iter().collect())
}

fn place_values(Cell { day, provider, subject, area, category }: &Cell) -> [Value; 6] {
    [
        day.to_string().into(),
        provider.clone().into(),
        subject.key.into(),
        subject.shown.clone().into(),
        area.clone().into(),
        category.clone().into(),
    ]
}

fn place((number, day, provider, key, shown, area, category): PlaceRow) -> Result<(i64, Cell), DbErr> {
    let day = days::day(&day).ok_or_else(|| DbErr::Custom(format!("{day:?} is no day of a cell")))?;
    Ok((number, Cell { day, provider, subject: Subject { key, shown }, area, category }))
}
