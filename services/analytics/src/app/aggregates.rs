//! Figures for a question: our own from the tables, those of the nodes below from their sheets, in one snapshot, so that what they are as of is
//! exactly what they are made from.

use std::collections::{BTreeMap, BTreeSet};

use prost::Message;
use tracemesh_model::AreaTree;
use tracemesh_proto::analytics::v1::MonthFigures;
use tracemesh_store::{DatabaseTransaction, DbErr};

use super::Analytics;
use crate::domain::month::Month;
use crate::domain::question::{Question, View};
use crate::domain::sheet::{self, Sheet};
use crate::domain::standing::{Origin, origins};
use crate::domain::table::{Sums, Table, TooManyRows};
use crate::domain::version::AsOf;
use crate::error::AnalyticsError;
use crate::store;
use crate::store::distinct::Seen;

/// What is answered.
#[derive(Debug)]
pub struct Aggregates {
    /// What our own figures are true of.
    pub as_of: AsOf,
    pub origins: Vec<Origin>,
    pub total: Sums,
    /// Each with its words in the order of the question's dimensions.
    pub rows: BTreeMap<Vec<String>, Sums>,
}

/// What the tables answer.
struct Read {
    as_of: AsOf,
    /// Who has sent figures, and what those are true of.
    sent: BTreeMap<String, AsOf>,
    total: Sums,
    rows: BTreeMap<Vec<String>, Sums>,
}

impl Analytics {
    pub async fn aggregates(&self, question: &Question) -> Result<Aggregates, AnalyticsError> {
        let (read, below) = tokio::join!(self.read(question), self.below());
        let Read { as_of, sent, total, rows } = read?;
        Ok(Aggregates { as_of, origins: origins(&sent, below.as_deref()), total, rows })
    }

    async fn read(&self, question: &Question) -> Result<Read, AnalyticsError> {
        let snapshot = self.db.snapshot().await?;
        let mut sent = store::sheets::origins(&snapshot).await?;
        let tree = store::areas::tree(&snapshot).await?;
        let mut table = Table::new(question, &tree);
        let as_of = match sent.remove(&self.node.id) {
            // Put aside while they are counted again: they are read with the others.
            Some(as_of) => as_of,
            None => {
                self.read_own(&snapshot, question, &tree, &mut table).await?;
                store::counted::as_of(&snapshot, &self.counted).await?
            }
        };
        read_sheets(&snapshot, question, &mut table).await?;
        Ok(Read { as_of, sent, total: table.total, rows: table.rows })
    }

    async fn read_own(
        &self,
        snapshot: &DatabaseTransaction,
        question: &Question,
        tree: &AreaTree,
        table: &mut Table<'_>,
    ) -> Result<(), AnalyticsError> {
        let own = &self.node.id;
        store::cells::each(snapshot, question.days, |cell, counts| Ok::<_, AnalyticsError>(table.count(own, &cell, &counts)?)).await?;
        let seen = seen(snapshot, question, tree).await?;
        if question.days.period().is_some() {
            let total = store::distinct::subjects(snapshot, own, question.days, &seen, &[]).await?;
            table.add_subjects(None, Some(total.first().map_or(0, |(_, subjects)| *subjects)));
        }
        if !question.by.is_empty() && question.may_have_subjects() {
            for (row, subjects) in store::distinct::subjects(snapshot, own, question.days, &seen, &question.by).await? {
                table.add_subjects(Some(row), Some(subjects));
            }
        }
        Ok(())
    }
}

/// One sheet at a time, as they may be large.
async fn read_sheets(snapshot: &DatabaseTransaction, question: &Question, table: &mut Table<'_>) -> Result<(), AnalyticsError> {
    let (first, last) = (Month::of(question.days.first), Month::of(question.days.last));
    for known in store::sheets::all(snapshot, "").await? {
        if (first..=last).contains(&known.month)
            && let Some(document) = store::sheets::document(snapshot, &known.origin, known.month).await?
        {
            table.add_sheet(&kept(&document)?)?;
        }
    }
    Ok(())
}

/// A sheet was sound when it was kept.
fn kept(document: &[u8]) -> Result<Sheet, DbErr> {
    let damaged = |what: String| DbErr::Custom(format!("a sheet cannot be read any more: {what}"));
    let figures = MonthFigures::decode(document).map_err(|why| damaged(why.to_string()))?;
    sheet::read(figures).map_err(|faults| damaged(format!("{faults:?}")))
}

/// The areas and categories that the question is about, as far as there are records of them.
async fn seen(snapshot: &DatabaseTransaction, question: &Question, tree: &AreaTree) -> Result<Seen, DbErr> {
    if question.views.iter().all(View::is_everything) {
        return Ok(None);
    }
    let kinds = store::cells::kinds(snapshot, question.days).await?;
    let seen = kinds.into_iter().filter(|(area, category)| question.sees(tree, area, category));
    let (areas, categories): (BTreeSet<String>, BTreeSet<String>) = seen.unzip();
    Ok(Some((areas.into_iter().collect(), categories.into_iter().collect())))
}

impl From<TooManyRows> for AnalyticsError {
    fn from(_: TooManyRows) -> Self {
        Self::TooManyRows
    }
}
