//! Clocks of incidents and their orders.

use tracemesh_store::{ConnectionTrait, DbErr, sql};

use crate::domain::clock::Clock;

type Row = (String, String, i64, i64, Option<i64>, i64, String, i64);

const COLUMNS: &str = "kind, order_id, started_at, due_at, stopped_at, breached, rule, presumed";

/// Writes them as they are now; those that are there already are the same ones, further on.
pub async fn put(tx: &impl ConnectionTrait, incident: &str, clocks: &[Clock]) -> Result<(), DbErr> {
    let text = format!(
        "INSERT INTO clock ({COLUMNS}, incident) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
         ON CONFLICT (incident, order_id, kind, started_at) DO UPDATE \
         SET due_at = excluded.due_at, stopped_at = excluded.stopped_at, breached = excluded.breached"
    );
    for clock in clocks {
        let c = clock.clone();
        let values = vec![
            c.kind.into(),
            c.order.into(),
            c.started_at.into(),
            c.due_at.into(),
            c.stopped_at.into(),
            i64::from(c.breached).into(),
            c.rule.into(),
            i64::from(c.presumed).into(),
            incident.into(),
        ];
        sql::run(tx, &text, values).await?;
    }
    Ok(())
}

/// Every clock of an incident, in the order in which they end.
pub async fn of(db: &impl ConnectionTrait, incident: &str) -> Result<Vec<Clock>, DbErr> {
    let text = format!("SELECT {COLUMNS} FROM clock WHERE incident = $1 ORDER BY due_at, kind, order_id");
    Ok(sql::rows::<Row>(db, &text, vec![incident.into()]).await?.into_iter().map(from_row).collect())
}

/// When the next limit ends that nobody has kept yet.
pub async fn next_due(db: &impl ConnectionTrait) -> Result<Option<i64>, DbErr> {
    let text = "SELECT due_at FROM clock WHERE breached = 0 AND stopped_at IS NULL ORDER BY due_at LIMIT 1";
    let row: Option<(i64,)> = sql::row(db, text, vec![]).await?;
    Ok(row.map(|(due_at,)| due_at))
}

/// Incidents with a limit that ended by `now` and was not kept.
pub async fn overdue(db: &impl ConnectionTrait, now: i64, limit: u32) -> Result<Vec<String>, DbErr> {
    let text = "SELECT DISTINCT incident FROM clock WHERE breached = 0 AND stopped_at IS NULL AND due_at <= $1 LIMIT $2";
    let rows: Vec<(String,)> = sql::rows(db, text, vec![now.into(), i64::from(limit).into()]).await?;
    Ok(rows.into_iter().map(|(incident,)| incident).collect())
}

fn from_row((kind, order, started_at, due_at, stopped_at, breached, rule, presumed): Row) -> Clock {
    Clock { kind, order, started_at, due_at, stopped_at, breached: breached != 0, rule, presumed: presumed != 0 }
}
