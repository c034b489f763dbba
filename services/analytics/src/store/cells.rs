//! Our own figures as they are read: cells with their counts, a page at a time.

use std::collections::HashMap;

use tracemesh_model::Amount;
use tracemesh_store::{ConnectionTrait, DbErr, Value, sql};

use super::ROWS_PER_STATEMENT;
use crate::domain::cell::{Cell, Counts, Presence, read_sum};
use crate::domain::days::Days;
use crate::domain::month;

/// Cells read at once: some megabytes.
const CELLS_PER_PAGE: usize = 5_000;

/// Hands over every cell of these days with its counts, in order, a page at a time: there may be more than memory should hold.
pub async fn each<E: From<DbErr>>(
    db: &impl ConnectionTrait,
    days: Days,
    mut take: impl FnMut(Cell, Counts) -> Result<(), E>,
) -> Result<(), E> {
    let mut after = None;
    loop {
        let page = page(db, days, after.as_ref(), CELLS_PER_PAGE).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(last.cell.clone());
        page.into_iter().try_for_each(|stored| take(stored.cell, stored.counts))?;
    }
}

/// The same, with the subjects of each cell.
pub async fn each_with_presence<E: From<DbErr>>(
    db: &impl ConnectionTrait,
    days: Days,
    mut take: impl FnMut(Cell, Counts, Presence) -> Result<(), E>,
) -> Result<(), E> {
    let mut after = None;
    loop {
        let page = page(db, days, after.as_ref(), ROWS_PER_STATEMENT).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(last.cell.clone());
        let mut presence = presence_of(db, page.iter().map(|stored| stored.id)).await?;
        page.into_iter().try_for_each(|stored| take(stored.cell, stored.counts, presence.remove(&stored.id).unwrap_or_default()))?;
    }
}

/// A cell as the tables have it.
struct Stored {
    id: i64,
    cell: Cell,
    counts: Counts,
}

/// The first cells after one, with their measures.
async fn page(db: &impl ConnectionTrait, days: Days, after: Option<&Cell>, cells: usize) -> Result<Vec<Stored>, DbErr> {
    // Every cell comes after the words of none.
    let (day, words) = after
        .map_or((days.first, [""; 4]), |cell| (cell.day, [&cell.area, &cell.category, &cell.class, &cell.provider].map(String::as_str)));
    let text = "SELECT c.id, c.day, c.area, c.category, c.class, c.provider, c.records, c.late, m.unit, m.value FROM ( \
                SELECT * FROM cell WHERE day <= $1 AND (day, area, category, class, provider) > ($2, $3, $4, $5, $6) \
                ORDER BY day, area, category, class, provider LIMIT $7) c LEFT JOIN measure m ON m.cell = c.id \
                ORDER BY c.day, c.area, c.category, c.class, c.provider";
    let mut values: Vec<Value> = [days.last, day].map(|day| day.to_string().into()).into();
    values.extend(words.map(Value::from));
    values.push((cells as i64).into());
    type Row = (i64, String, String, String, String, String, i64, i64, Option<String>, Option<String>);
    let mut page: Vec<Stored> = Vec::new();
    for (id, day, area, category, class, provider, records, late, unit, value) in sql::rows::<Row>(db, text, values).await? {
        if page.last().is_none_or(|before| before.id != id) {
            let counts = Counts { records, late, ..Counts::default() };
            page.push(Stored { id, cell: cell(&day, area, category, class, provider)?, counts });
        }
        if let (Some(stored), Some(unit), Some(value)) = (page.last_mut(), unit, value) {
            stored.counts.add_measure(&unit, sum(&value)?);
        }
    }
    Ok(page)
}

async fn presence_of(db: &impl ConnectionTrait, cells: impl Iterator<Item = i64>) -> Result<HashMap<i64, Presence>, DbErr> {
    let cells: Vec<Value> = cells.map(Value::from).collect();
    let text = format!("SELECT cell, subject, records FROM presence WHERE cell IN ({})", sql::list(1, cells.len()));
    let mut found: HashMap<i64, Presence> = HashMap::new();
    for (cell, subject, records) in sql::rows::<(i64, i64, i64)>(db, &text, cells).await? {
        found.entry(cell).or_default().insert(subject, records);
    }
    Ok(found)
}

/// The areas and categories that there are records of in these days.
pub async fn kinds(db: &impl ConnectionTrait, days: Days) -> Result<Vec<(String, String)>, DbErr> {
    let text = "SELECT DISTINCT area, category FROM cell WHERE day >= $1 AND day <= $2";
    sql::rows(db, text, vec![days.first.to_string().into(), days.last.to_string().into()]).await
}

pub(super) fn cell(day: &str, area: String, category: String, class: String, provider: String) -> Result<Cell, DbErr> {
    let day = month::day(day).ok_or_else(|| DbErr::Custom(format!("{day:?} is no day of a cell")))?;
    Ok(Cell { day, area, category, class, provider })
}

/// A sum below zero would be a mistake of ours: it is read all the same, so that counting goes on and a recount shows it.
pub(super) fn sum(value: &str) -> Result<Amount, DbErr> {
    let sum = match value.strip_prefix('-') {
        Some(below_zero) => read_sum(below_zero).map(|sum| Amount::from_billionths(-sum.billionths())),
        None => read_sum(value),
    };
    sum.ok_or_else(|| DbErr::Custom(format!("{value:?} is no sum of a measure")))
}
