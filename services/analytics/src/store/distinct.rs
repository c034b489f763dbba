//! Distinct subjects of our own records, for any grouping: they are counted where they are, as nobody could add them up.

use tracemesh_store::{ConnectionTrait, DbErr, Value, sql};

use crate::domain::days::Days;
use crate::domain::dimension::Dimension;

/// What to stay within: the areas and the categories that are seen, every combination of them. `None`: everything is.
pub type Seen = Option<(Vec<String>, Vec<String>)>;

type Row = (String, String, String, String, String, String, i64);

/// How many subjects there are in each row; the words of a row stand in the order of `by`, that of the origin is `origin`.
pub async fn subjects(
    db: &impl ConnectionTrait,
    origin: &str,
    days: Days,
    seen: &Seen,
    by: &[Dimension],
) -> Result<Vec<(Vec<String>, i64)>, DbErr> {
    if seen.as_ref().is_some_and(|(areas, categories)| areas.is_empty() || categories.is_empty()) {
        return Ok(Vec::new());
    }
    let mut values: Vec<Value> = [days.first, days.last].map(|day| day.to_string().into()).into();
    let within = within(seen, &mut values);
    let columns = COLUMNS.map(|(dimension, column)| if by.contains(&dimension) { column } else { "''" }).join(", ");
    let text = format!(
        "SELECT {columns}, COUNT(DISTINCT p.subject) FROM presence p JOIN cell c ON c.id = p.cell \
         WHERE c.day >= $1 AND c.day <= $2{within} GROUP BY 1, 2, 3, 4, 5, 6"
    );
    let rows: Vec<Row> = sql::rows(db, &text, values).await?;
    let word = |row: &Row, dimension: &Dimension| match dimension {
        Dimension::Origin => origin.to_owned(),
        Dimension::Day => row.0.clone(),
        Dimension::Month => row.1.clone(),
        Dimension::Area => row.2.clone(),
        Dimension::Category => row.3.clone(),
        Dimension::Class => row.4.clone(),
        Dimension::Provider => row.5.clone(),
    };
    Ok(rows.iter().map(|row| (by.iter().map(|dimension| word(row, dimension)).collect(), row.6)).collect())
}

const COLUMNS: [(Dimension, &str); 6] = [
    (Dimension::Day, "c.day"),
    (Dimension::Month, "substr(c.day, 1, 7)"),
    (Dimension::Area, "c.area"),
    (Dimension::Category, "c.category"),
    (Dimension::Class, "c.class"),
    (Dimension::Provider, "c.provider"),
];

fn within(seen: &Seen, values: &mut Vec<Value>) -> String {
    let Some((areas, categories)) = seen else { return String::new() };
    let mut one_of = |column: &str, words: &[String]| {
        let list = sql::list(values.len() + 1, words.len());
        values.extend(words.iter().cloned().map(Value::from));
        format!(" AND {column} IN ({list})")
    };
    one_of("c.area", areas) + &one_of("c.category", categories)
}
