//! The fastest thing that a database can do with records: typed columns and the original bytes into one table without index.

use tracemesh_ingestion::hot_path::Prepared;
use tracemesh_model::{Amount, Party, TraceRecord};
use tracemesh_store::{DatabaseTransaction, DbErr, Value, sql};

use super::place::Place;

const TABLE: &str = "CREATE TABLE wide (
    provider TEXT, record_id TEXT, revision INTEGER, class TEXT, category TEXT, event_time INTEGER, received_at INTEGER, area TEXT,
    region TEXT, responsible TEXT, source TEXT, destination TEXT, product TEXT, spec TEXT, voucher TEXT, amount TEXT, units BLOB, body BLOB)";
const WIDTH: usize = 18;
/// More rows in a statement are not faster.
const ROWS: usize = 100;

pub async fn open() -> anyhow::Result<Place> {
    let place = Place::open(&[]).await?;
    let tx = place.db.begin().await?;
    sql::run(&tx, TABLE, vec![]).await?;
    tx.commit().await?;
    Ok(place)
}

pub async fn insert(place: &Place, batch: &[Prepared]) -> Result<(), DbErr> {
    let tx = place.db.begin().await?;
    for rows in batch.chunks(ROWS) {
        insert_rows(&tx, rows).await?;
    }
    tx.commit().await
}

async fn insert_rows(tx: &DatabaseTransaction, rows: &[Prepared]) -> Result<(), DbErr> {
    let text = format!("INSERT INTO wide VALUES {}", sql::row_lists(tx, rows.len(), WIDTH));
    sql::run(tx, &text, rows.iter().filter_map(row).flatten().collect()).await.map(drop)
}

fn row(prepared: &Prepared) -> Option<[Value; WIDTH]> {
    let Prepared::Placed(placed) = prepared else { return None };
    let (submission, record) = (&placed.submission, &placed.record);
    Some([
        submission.scope.provider.as_str().into(),
        record.record_id.as_str().into(),
        i64::from(record.revision).into(),
        record.class.as_str().into(),
        record.category.as_str().into(),
        record.event_time.micros().into(),
        submission.received_at.into(),
        record.area.as_str().into(),
        record.place.region.as_str().into(),
        party(record.parties.responsible.as_ref()),
        party(record.parties.source.as_ref()),
        party(record.parties.destination.as_ref()),
        record.product.name.as_str().into(),
        record.product.spec.as_str().into(),
        record.act.voucher.as_str().into(),
        record.act.amount.as_ref().map(Amount::to_string).into(),
        units(record).into(),
        submission.body.to_vec().into(),
    ])
}

fn party(party: Option<&Party>) -> Value {
    party.map(|party| party.code.as_ref().map_or_else(|| party.name.clone(), ToString::to_string)).into()
}

fn units(record: &TraceRecord) -> Vec<u8> {
    record.units.iter().flat_map(|unit| unit.key.get().to_be_bytes()).collect()
}
