//! A month's figures of one origin, as a node above pulls them: our own made from the tables, those of others as they came.

use bytes::Bytes;
use prost::Message;
use tracemesh_proto::analytics::v1::{MonthFigures, MonthVersion};
use tracemesh_store::{DatabaseTransaction, DbErr};

use super::Analytics;
use crate::domain::days::Days;
use crate::domain::dimension::Dimension;
use crate::domain::month::Month;
use crate::domain::sheet::Sheet;
use crate::domain::subjects::{Period, SubjectGroup};
use crate::domain::version::FIRST_EPOCH;
use crate::error::AnalyticsError;
use crate::store;

impl Analytics {
    /// Version and hash of each month: ours as announced, or as put aside while they are counted again; those of others as kept. An empty origin is
    /// every one.
    pub async fn months(&self, origin: &str) -> Result<Vec<MonthVersion>, AnalyticsError> {
        let snapshot = self.db.snapshot().await?;
        let mut versions = Vec::new();
        if (origin.is_empty() || origin == self.node.id) && !store::sheets::has(&snapshot, &self.node.id).await? {
            let own = store::months::all(&snapshot).await?;
            versions.extend(own.into_iter().filter_map(|known| {
                let (version, hash) = known.announced?;
                Some(month_version(&self.node.id, known.month, version.epoch, version.seq, hash))
            }));
        }
        let kept = store::sheets::all(&snapshot, origin).await?;
        versions.extend(kept.into_iter().map(|s| month_version(&s.origin, s.month, s.version.epoch, s.version.seq, s.hash)));
        Ok(versions)
    }

    /// An encoded `MonthFigures`.
    pub async fn pull(&self, origin: &str, month: &str) -> Result<Bytes, AnalyticsError> {
        let no_month = || AnalyticsError::NoMonth { origin: origin.to_owned(), month: month.to_owned() };
        let wanted: Month = month.parse().map_err(|_| no_month())?;
        let snapshot = self.db.snapshot().await?;
        if let Some(document) = store::sheets::document(&snapshot, origin, wanted).await? {
            return Ok(document.into());
        }
        if store::sheets::has(&snapshot, origin).await? {
            return Err(no_month());
        }
        if origin != self.node.id {
            return Err(AnalyticsError::NoOrigin(origin.to_owned()));
        }
        let sheet = self.sheet_or_nothing(&snapshot, wanted).await?.ok_or_else(no_month)?;
        Ok(MonthFigures::from(&sheet).encode_to_vec().into())
    }

    /// Our own month. After a history was given up, one that was never counted in has no figures as of now, because a node above may have some.
    async fn sheet_or_nothing(&self, snapshot: &DatabaseTransaction, month: Month) -> Result<Option<Sheet>, AnalyticsError> {
        let as_of = store::counted::as_of(snapshot, &self.counted).await?;
        let known = self.own_sheet(snapshot, month).await?;
        if known.is_some() || as_of.place.epoch <= FIRST_EPOCH {
            return Ok(known);
        }
        let (cells, subjects) = Default::default();
        Ok(Some(Sheet { origin: self.node.id.clone(), month, version: as_of.place, as_of, cells, subjects }))
    }

    /// Our own month as the snapshot has it; `None` for one that was never counted in.
    pub(super) async fn own_sheet(&self, snapshot: &DatabaseTransaction, month: Month) -> Result<Option<Sheet>, AnalyticsError> {
        let Some(version) = store::months::version(snapshot, month).await? else { return Ok(None) };
        let mut sheet = Sheet {
            origin: self.node.id.clone(),
            month,
            version,
            as_of: store::counted::as_of(snapshot, &self.counted).await?,
            cells: Default::default(),
            subjects: Default::default(),
        };
        store::cells::each(snapshot, Days::of_month(month), |cell, counts| {
            sheet.cells.insert(cell, counts);
            Ok::<_, DbErr>(())
        })
        .await?;
        for by in GROUPINGS {
            let rows = store::distinct::subjects(snapshot, &self.node.id, Days::of_month(month), &None, by).await?;
            sheet.subjects.extend(rows.into_iter().map(|(words, subjects)| (group(month, by, &words), subjects)));
        }
        Ok(Some(sheet))
    }
}

/// The groupings for which distinct subjects are handed on, for each day and for the month.
const GROUPINGS: [&[Dimension]; 8] = {
    use Dimension::{Area, Category, Day};
    [&[], &[Area], &[Category], &[Area, Category], &[Day], &[Day, Area], &[Day, Category], &[Day, Area, Category]]
};

fn group(month: Month, by: &[Dimension], words: &[String]) -> SubjectGroup {
    let word = |dimension| by.iter().position(|known| *known == dimension).map(|at| words[at].clone());
    let day = word(Dimension::Day).and_then(|text| text.parse().ok());
    SubjectGroup { period: day.map_or(Period::Month(month), Period::Day), area: word(Dimension::Area), category: word(Dimension::Category) }
}

fn month_version(origin: &str, month: Month, epoch: u64, seq: u64, hash: Vec<u8>) -> MonthVersion {
    MonthVersion { origin: origin.to_owned(), month: month.to_string(), epoch, seq, hash: hash.into() }
}
