//! Counting again from the first entry: where the rules have changed since the figures were counted, or somebody has ordered it.
//!
//! In one transaction, before the follower starts, our own months are put aside as the sheets that a node above would be given, the tables are
//! emptied, and the follower is set back; from then on it is an ordinary follower that is far behind. Until it has caught up those sheets answer
//! for us, to people and to whoever pulls, as of the entry that they say. Then they are dropped, and what was counted is announced. Where a second
//! order comes before the first is carried out, the sheets that are there stay: they alone are whole. Other nodes' months and our own journal stay.

use prost::Message;
use tracemesh_journal::cursor;
use tracemesh_proto::analytics::v1::MonthFigures;
use tracemesh_store::DatabaseTransaction;

use super::Analytics;
use crate::error::AnalyticsError;
use crate::store;

impl Analytics {
    /// At every start, before anything is counted. `follower` is the name of the one who counts.
    pub async fn begin_counting(&self, follower: &str) -> Result<(), AnalyticsError> {
        let rules = self.settings.rules_text();
        let tx = self.db.begin().await?;
        let known = store::counted::rules(&tx, &self.counted).await?;
        if known.as_ref() != Some(&rules) {
            self.put_aside(&tx).await?;
            store::differences::clear(&tx).await?;
            store::months::clear(&tx).await?;
            store::counted::begin(&tx, &self.counted, &rules).await?;
            cursor::reset(&tx, follower, &self.counted).await?;
        }
        let is_rebuild = store::sheets::has(&tx, &self.node.id).await?;
        let why = known.filter(|known| *known != rules).map(|before| format!("counted by {before:?}, to be counted by {rules:?}"));
        let entries: Vec<_> = why.iter().map(|why| self.entry("figures.rebuilt", why, Vec::new())).collect();
        self.commit(tx, &entries).await?;
        self.progress.send_modify(|progress| progress.is_rebuild = is_rebuild);
        Ok(())
    }

    /// Everything is counted, and answers for itself from now on.
    pub async fn end_counting(&self) -> Result<(), AnalyticsError> {
        let tx = self.db.begin().await?;
        store::sheets::drop_origin(&tx, &self.node.id).await?;
        tx.commit().await?;
        self.progress.send_modify(|progress| progress.is_rebuild = false);
        Ok(())
    }

    async fn put_aside(&self, tx: &DatabaseTransaction) -> Result<(), AnalyticsError> {
        if store::sheets::has(tx, &self.node.id).await? {
            return Ok(());
        }
        for known in store::months::all(tx).await? {
            if let Some(sheet) = self.own_sheet(tx, known.month).await? {
                let document = MonthFigures::from(&sheet).encode_to_vec();
                store::sheets::put(tx, &self.node.id, &sheet, &sheet.digest(), &document).await?;
            }
        }
        Ok(())
    }
}
