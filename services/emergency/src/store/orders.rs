//! Orders: ours from their draft on, and those that came from above.

use prost::Message;
use tracemesh_proto::emergency::v1::{ClosureReport, Order, OrderIssued, Scope};
use tracemesh_store::{ConnectionTrait, DbErr, sql};

use super::decode;
use crate::domain::scope;

/// An order as it is kept. Its document has no clocks, and of its scope the outline alone.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    pub order: Order,
    /// The incident of this node that it belongs to; the order itself names its issuer's.
    pub incident: String,
}

type Row = (Vec<u8>, String);

const COLUMNS: &str = "document, incident";

/// What a list leaves out.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter<'a> {
    /// `open` is before its end, `closed` after it; empty = both.
    pub state: &'a str,
    /// Empty = every incident's.
    pub incident: &'a str,
    /// With establishments for which this provider submits; empty = all.
    pub provider: &'a str,
    pub public_only: bool,
}

/// Whether it was new.
pub async fn insert(tx: &impl ConnectionTrait, kept: &Kept, began_at: i64) -> Result<bool, DbErr> {
    let text = "INSERT INTO orders (id, began_at, incident, state, issuer, number, public, document, scope, issued, closure) \
                VALUES ($1, $2, $3, $4, $5, '', 0, $6, $7, $7, $7) ON CONFLICT DO NOTHING";
    let Order { id, state, issuer, .. } = kept.order.clone();
    let document = outlined(&kept.order);
    let values = vec![
        id.into(),
        began_at.into(),
        kept.incident.clone().into(),
        state.into(),
        issuer.into(),
        document.into(),
        Vec::<u8>::new().into(),
    ];
    Ok(sql::run(tx, text, values).await? == 1)
}

pub async fn update(tx: &impl ConnectionTrait, order: &Order) -> Result<(), DbErr> {
    let text = "UPDATE orders SET state = $1, document = $2 WHERE id = $3";
    sql::run(tx, text, vec![order.state.clone().into(), outlined(order).into(), order.id.clone().into()]).await.map(drop)
}

/// Writes what the signature adds: it is never written again.
pub async fn issue(tx: &impl ConnectionTrait, order: &Order, issued: &OrderIssued) -> Result<(), DbErr> {
    let text = "UPDATE orders SET state = $1, document = $2, number = $3, public = $4, scope = $5, issued = $6 WHERE id = $7";
    let scope = order.scope.clone().unwrap_or_default();
    let values = vec![
        order.state.clone().into(),
        outlined(order).into(),
        order.number.clone().into(),
        i64::from(order.released && !order.drill).into(),
        scope.encode_to_vec().into(),
        issued.encode_to_vec().into(),
        order.id.clone().into(),
    ];
    sql::run(tx, text, values).await.map(drop)
}

pub async fn close(tx: &impl ConnectionTrait, order: &Order, closure: &ClosureReport) -> Result<(), DbErr> {
    let text = "UPDATE orders SET state = $1, document = $2, closure = $3 WHERE id = $4";
    let values = vec![order.state.clone().into(), outlined(order).into(), closure.encode_to_vec().into(), order.id.clone().into()];
    sql::run(tx, text, values).await.map(drop)
}

/// The order, which nobody else changes until the transaction ends.
pub async fn for_change(tx: &impl ConnectionTrait, id: &str) -> Result<Option<Kept>, DbErr> {
    let text = format!("SELECT {COLUMNS} FROM orders WHERE id = $1{}", sql::for_update(tx));
    sql::row::<Row>(tx, &text, vec![id.into()]).await?.map(from_row).transpose()
}

pub async fn by_id(db: &impl ConnectionTrait, id: &str) -> Result<Option<Kept>, DbErr> {
    let text = format!("SELECT {COLUMNS} FROM orders WHERE id = $1");
    sql::row::<Row>(db, &text, vec![id.into()]).await?.map(from_row).transpose()
}

/// Whether the node has given this number to another order.
pub async fn is_number_taken(db: &impl ConnectionTrait, issuer: &str, number: &str) -> Result<bool, DbErr> {
    let text = "SELECT id FROM orders WHERE issuer = $1 AND number = $2";
    Ok(sql::row::<(String,)>(db, text, vec![issuer.into(), number.into()]).await?.is_some())
}

pub async fn scope(db: &impl ConnectionTrait, id: &str) -> Result<Scope, DbErr> {
    let row: Option<(Vec<u8>,)> = sql::row(db, "SELECT scope FROM orders WHERE id = $1", vec![id.into()]).await?;
    decode("orders", &row.map(|(scope,)| scope).unwrap_or_default())
}

/// As it was signed, and the way that it came.
pub async fn issued(db: &impl ConnectionTrait, id: &str) -> Result<OrderIssued, DbErr> {
    let row: Option<(Vec<u8>,)> = sql::row(db, "SELECT issued FROM orders WHERE id = $1", vec![id.into()]).await?;
    decode("orders", &row.map(|(issued,)| issued).unwrap_or_default())
}

/// None before its end.
pub async fn closure(db: &impl ConnectionTrait, id: &str) -> Result<Option<ClosureReport>, DbErr> {
    let row: Option<(Vec<u8>,)> = sql::row(db, "SELECT closure FROM orders WHERE id = $1", vec![id.into()]).await?;
    row.map(|(closure,)| closure).filter(|closure| !closure.is_empty()).map(|closure| decode("orders", &closure)).transpose()
}

/// All of an incident, oldest first.
pub async fn of_incident(db: &impl ConnectionTrait, incident: &str) -> Result<Vec<Order>, DbErr> {
    let text = "SELECT document FROM orders WHERE incident = $1 ORDER BY began_at, id";
    documents(sql::rows(db, text, vec![incident.into()]).await?)
}

/// Those that nobody has reviewed yet, oldest first.
pub async fn drafts(db: &impl ConnectionTrait) -> Result<Vec<Order>, DbErr> {
    documents(sql::rows(db, "SELECT document FROM orders WHERE state = 'drafted' ORDER BY began_at, id LIMIT 1000", vec![]).await?)
}

/// Newest first, before the one that began at `before.0` and is called `before.1`.
pub async fn page(db: &impl ConnectionTrait, filter: Filter<'_>, before: (i64, &str), limit: u32) -> Result<Vec<(i64, Order)>, DbErr> {
    let text = "SELECT began_at, document FROM orders WHERE ($1 = '' OR ($1 = 'open') = (state NOT IN ('closed', 'cancelled'))) AND ($2 = '' OR incident = $2) \
                AND ($3 = 0 OR public = 1) AND (began_at < $4 OR (began_at = $4 AND id < $5)) \
                AND ($6 = '' OR EXISTS (SELECT 1 FROM establishment e JOIN submits s ON s.subject = e.subject \
                     WHERE e.order_id = orders.id AND s.provider = $6)) \
                ORDER BY began_at DESC, id DESC LIMIT $7";
    let Filter { state, incident, provider, public_only } = filter;
    let values = vec![
        state.into(),
        incident.into(),
        i64::from(public_only).into(),
        before.0.into(),
        before.1.into(),
        provider.into(),
        i64::from(limit).into(),
    ];
    let rows: Vec<(i64, Vec<u8>)> = sql::rows(db, text, values).await?;
    rows.into_iter().map(|(began_at, document)| Ok((began_at, decode("orders", &document)?))).collect()
}

/// Orders in force, shown to everybody, that one of these units is under; oldest first.
pub async fn in_force_for(db: &impl ConnectionTrait, units: &[u64]) -> Result<Vec<Order>, DbErr> {
    if units.is_empty() {
        return Ok(Vec::new());
    }
    let text = format!(
        "SELECT document FROM orders WHERE state = 'issued' AND public = 1 \
         AND id IN (SELECT order_id FROM unit_under_order WHERE unit IN ({})) ORDER BY began_at, id",
        sql::list(1, units.len())
    );
    documents(sql::rows(db, &text, units.iter().map(|unit| (*unit as i64).into()).collect()).await?)
}

fn documents(rows: Vec<(Vec<u8>,)>) -> Result<Vec<Order>, DbErr> {
    rows.into_iter().map(|(document,)| decode("orders", &document)).collect()
}

fn outlined(order: &Order) -> Vec<u8> {
    let scope = order.scope.as_ref().map(scope::outline);
    Order { scope, clocks: Vec::new(), ..order.clone() }.encode_to_vec()
}

fn from_row((document, incident): Row) -> Result<Kept, DbErr> {
    Ok(Kept { order: decode("orders", &document)?, incident })
}
