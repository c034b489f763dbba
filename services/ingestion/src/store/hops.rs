//! The trace index: written in rows of many, read by unit.

use sea_orm::{DbBackend, FromQueryResult, QueryResult};
use serde::{Deserialize, Deserializer, de};
use tracemesh_model::{Packing, Role};
use tracemesh_store::{ConnectionTrait, DbErr, Value, sql};

use super::derived::Derived;
use super::{MONTH, ROWS_PER_STATEMENT};
use crate::domain::place::Hop;

const COLUMNS: &str = "month, unit, event_time, record, role, retracts, packing, class, granularity, sensitivity, area, category, holder, \
                       quantity, measure, neighbours";
const WIDTH: usize = 16;
/// A hop holds no personal data.
const SENSITIVITY: i64 = 1;

/// A hop to be written.
pub struct NewHop<'a> {
    pub hop: &'a Hop,
    /// block << 16 | position
    pub record: i64,
    /// The record that a correction takes back; 0 = none.
    pub retracts: i64,
}

/// A hop as it stands in the table.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct StoredHop {
    pub hop: Hop,
    /// block << 16 | position
    pub record: i64,
    /// The record that a correction takes back; 0 = none.
    pub retracts: i64,
}

pub async fn insert(db: &impl ConnectionTrait, hops: &[NewHop<'_>]) -> Result<(), DbErr> {
    for chunk in hops.chunks(ROWS_PER_STATEMENT) {
        let text = format!("INSERT INTO hop ({COLUMNS}) VALUES {}", sql::row_lists(db, chunk.len(), WIDTH));
        sql::run(db, &text, chunk.iter().flat_map(values).collect()).await?;
    }
    Ok(())
}

fn values(new: &NewHop<'_>) -> [Value; WIDTH] {
    let hop = new.hop;
    [
        MONTH.into(),
        (hop.unit as i64).into(),
        hop.event_time.into(),
        new.record.into(),
        (hop.role as i64 + 1).into(),
        new.retracts.into(),
        (hop.packing as i64).into(),
        hop.class.into(),
        hop.granularity.into(),
        SENSITIVITY.into(),
        hop.area.as_str().into(),
        hop.category.as_str().into(),
        hop.holder.as_str().into(),
        hop.quantity.as_str().into(),
        hop.measure.as_str().into(),
        hop.neighbours.as_ref().map(|keys| keys.iter().flat_map(|key| key.to_be_bytes()).collect::<Vec<u8>>()).into(),
    ]
}

/// All hops of these units, in no order.
///
/// They come as one JSON array. Row by row, sqlx copies each value by itself and wakes the asker once a row, which takes several times as long as
/// the database needs to find them; and a walk is many small questions.
pub async fn of_units(db: &impl ConnectionTrait, units: &[u64]) -> Result<Vec<StoredHop>, DbErr> {
    let mut found = Vec::new();
    for chunk in units.chunks(ROWS_PER_STATEMENT) {
        let text = format!("SELECT {} FROM hop WHERE month = {MONTH} AND unit IN {}", as_json(db), sql::row_lists(db, 1, chunk.len()));
        let values = chunk.iter().map(|unit| (*unit as i64).into()).collect();
        let Some((Some(json),)) = sql::row::<(Option<String>,)>(db, &text, values).await? else { continue };
        let rows: Vec<Row> = serde_json::from_str(&json).map_err(|error| DbErr::Custom(format!("hops of a unit: {error}")))?;
        for row in rows {
            found.push(StoredHop::try_from(row)?);
        }
    }
    Ok(found)
}

/// Whose goods, or where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found<'a> {
    With(&'a [&'a str]),
    In(&'a str),
}

/// Units of records of a stretch of time by their holders or their area, at most so many. There is no index for it: this reads every hop.
pub async fn units_found(db: &impl ConnectionTrait, found: Found<'_>, from: i64, to: i64, most: usize) -> Result<Vec<u64>, DbErr> {
    let (column, names) = match found {
        Found::With(holders) => ("holder", holders),
        Found::In(area) => ("area", &[area][..]),
    };
    let mut units = Vec::new();
    for chunk in names.chunks(ROWS_PER_STATEMENT) {
        let text = format!(
            "SELECT DISTINCT unit FROM hop WHERE month = {MONTH} AND retracts = 0 AND {column} IN ({}) AND event_time BETWEEN ${} AND ${} \
             ORDER BY unit LIMIT {most}",
            sql::list(1, chunk.len()),
            chunk.len() + 1,
            chunk.len() + 2,
        );
        let names = chunk.iter().map(|name| Value::from(*name));
        let rows: Vec<(i64,)> = sql::rows(db, &text, names.chain([from.into(), to.into()]).collect()).await?;
        units.extend(rows.into_iter().map(|(unit,)| unit as u64));
    }
    units.sort_unstable();
    units.dedup();
    units.truncate(most);
    Ok(units)
}

impl Derived for StoredHop {
    const TABLE: &'static str = "hop";
    const COLUMNS: &'static str = COLUMNS;
    const KEY: &'static str = "month, unit, event_time, record, role, retracts";
    const ORDER: &'static str = "retracts, unit, role";

    fn key(row: &QueryResult) -> Result<Vec<Value>, DbErr> {
        Self::KEY.split(", ").map(|column| Ok(row.try_get::<i64>("", column)?.into())).collect()
    }

    fn read(row: &QueryResult) -> Result<Self, DbErr> {
        Row::from_query_result(row, "")?.try_into()
    }
}

fn as_json(db: &impl ConnectionTrait) -> String {
    // JSON has no bytes.
    let (row, all, keys) = match db.get_database_backend() {
        DbBackend::Sqlite => ("json_array", "json_group_array", "CASE WHEN neighbours IS NOT NULL THEN hex(neighbours) END"),
        _ => ("json_build_array", "json_agg", "encode(neighbours, 'hex')"),
    };
    format!("CAST({all}({row}({})) AS TEXT)", COLUMNS.replace("neighbours", keys))
}

/// In the order of the columns.
#[derive(FromQueryResult, Deserialize)]
struct Row {
    month: i64,
    unit: i64,
    event_time: i64,
    record: i64,
    role: i64,
    retracts: i64,
    packing: i64,
    class: i64,
    granularity: i64,
    sensitivity: i64,
    area: String,
    category: String,
    holder: String,
    quantity: String,
    measure: String,
    #[serde(deserialize_with = "of_hex")]
    neighbours: Option<Vec<u8>>,
}

impl TryFrom<Row> for StoredHop {
    type Error = DbErr;

    fn try_from(row: Row) -> Result<Self, DbErr> {
        let damaged = |what: &str| DbErr::Custom(format!("hop of record {}: {what}", row.record));
        let place = |number: i64| usize::try_from(number).map_err(|_| damaged("a negative number"));
        let role = Role::ALL.get(place(row.role - 1)?).ok_or_else(|| damaged("unknown role"))?.0;
        let neighbours = row.neighbours.as_deref().map(|bytes| keys(bytes).ok_or_else(|| damaged("half a neighbour"))).transpose()?;
        if (row.month, row.sensitivity) != (MONTH, SENSITIVITY) {
            return Err(damaged("unknown month or sensitivity"));
        }
        let packing = *PACKINGS.get(place(row.packing)?).ok_or_else(|| damaged("unknown packing"))?;
        let hop = Hop {
            unit: row.unit as u64,
            event_time: row.event_time,
            role,
            packing,
            class: row.class,
            granularity: row.granularity,
            area: row.area,
            category: row.category,
            holder: row.holder,
            quantity: row.quantity,
            measure: row.measure,
            neighbours,
        };
        Ok(Self { hop, record: row.record, retracts: row.retracts })
    }
}

const PACKINGS: [Packing; 3] = [Packing::Unchanged, Packing::Pack, Packing::Unpack];

fn keys(bytes: &[u8]) -> Option<Vec<u64>> {
    bytes.chunks(8).map(|key| Some(u64::from_be_bytes(key.try_into().ok()?))).collect()
}

fn of_hex<'de, D: Deserializer<'de>>(text: D) -> Result<Option<Vec<u8>>, D::Error> {
    Option::<String>::deserialize(text)?.map(|hex| hex::decode(hex).map_err(de::Error::custom)).transpose()
}
