//! A scorecard for a question, in one snapshot, so that what it is as of is exactly what it is made from. Nodes below send none yet: it is our own.

use std::collections::BTreeMap;

use tracemesh_calendar::china_midnight;
use tracemesh_store::DatabaseTransaction;

use super::Quality;
use crate::domain::days::Days;
use crate::domain::detect;
use crate::domain::indicators::Score;
use crate::domain::place::AsOf;
use crate::domain::question::Question;
use crate::domain::table::{Table, TooManyRows};
use crate::error::QualityError;
use crate::store;

/// Findings read at once.
const AT_ONCE: i64 = 1_000;

/// What is answered.
#[derive(Debug)]
pub struct Scorecard {
    pub as_of: AsOf,
    pub total: Score,
    /// Each with its words in the order of the question's dimensions.
    pub rows: BTreeMap<Vec<String>, Score>,
}

impl Quality {
    pub async fn scorecard(&self, question: &Question) -> Result<Scorecard, QualityError> {
        let snapshot = self.db.snapshot().await?;
        let tree = store::registry::tree(&snapshot).await?;
        let mut table = Table::new(&self.node.id, question, &tree);
        let kinds: Vec<&str> = detect::ALL.iter().filter(|of| of.severity == detect::WARN).map(|of| of.kind).collect();
        store::cells::each(&snapshot, question.days, &kinds, |cell, counts, doubtful| {
            Ok::<_, QualityError>(table.count(&cell, counts, doubtful)?)
        })
        .await?;
        raise(&snapshot, question.days, &mut table).await?;
        let as_of = store::followed::as_of(&snapshot, &self.followed).await?;
        let (total, rows) = table.finish(&store::registry::establishments(&snapshot).await?);
        Ok(Scorecard { as_of, total, rows })
    }
}

async fn raise(snapshot: &DatabaseTransaction, days: Days, table: &mut Table<'_>) -> Result<(), QualityError> {
    // The day after the last day that there is, is none.
    let until = days.last.tomorrow().map_or(i64::MAX, china_midnight);
    let mut after = 0;
    loop {
        let page = store::findings::found(snapshot, china_midnight(days.first), until, after, AT_ONCE).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.number;
        page.iter().try_for_each(|finding| table.raise(finding))?;
    }
}

impl From<TooManyRows> for QualityError {
    fn from(_: TooManyRows) -> Self {
        Self::TooManyRows
    }
}
