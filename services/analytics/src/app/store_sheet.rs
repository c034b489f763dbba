//! Keeping a month that the gateway pulled from below. A copy that does not have the hash it claims is refused; one that is older than what is
//! kept, whichever child brings it, changes nothing.

use bytes::Bytes;
use prost::Message;
use tracemesh_chassis::config::is_node_id;
use tracemesh_proto::analytics::v1::MonthFigures;

use super::Analytics;
use crate::domain::sheet::{self, Sheet, SheetFault};
use crate::error::AnalyticsError;
use crate::store;

impl Analytics {
    /// Whether it was kept. `child` is the direct child that brought it, `document` an encoded `MonthFigures`.
    pub async fn store_sheet(&self, child: &str, document: &Bytes) -> Result<bool, AnalyticsError> {
        let figures = MonthFigures::decode(document.as_ref());
        let figures = figures.map_err(|why| AnalyticsError::Sheet(vec![fault("figures", &why.to_string(), "a MonthFigures")]))?;
        let version = figures.version.clone().unwrap_or_default();
        let sheet = self.sound(child, sheet::read(figures))?;
        if sheet.digest()[..] != version.hash[..] {
            return Err(AnalyticsError::HashMismatch { origin: sheet.origin, month: sheet.month });
        }
        let tx = self.db.begin().await?;
        if !store::sheets::put(&tx, child, &sheet, &version.hash, document).await? {
            return Ok(false);
        }
        self.commit(tx, &[self.figures_changed(&version)]).await?;
        Ok(true)
    }

    fn sound(&self, child: &str, read: Result<Sheet, Vec<SheetFault>>) -> Result<Sheet, AnalyticsError> {
        let mut faults = Vec::new();
        if !is_node_id(child) {
            faults.push(fault("child", child, "the id of a node"));
        }
        match &read {
            Ok(sheet) => faults.extend(self.identity_faults(sheet)),
            Err(more) => faults.extend(more.iter().cloned()),
        }
        read.ok().filter(|_| faults.is_empty()).ok_or(AnalyticsError::Sheet(faults))
    }

    /// Our own figures come from our own records alone, whoever claims to have some.
    fn identity_faults(&self, sheet: &Sheet) -> Vec<SheetFault> {
        let (origin, journal) = (&sheet.origin, &sheet.as_of.journal);
        let mut faults = Vec::new();
        if !is_node_id(origin) || *origin == self.node.id {
            faults.push(fault("figures.version.origin", origin, "the id of a node below"));
        }
        let is_its_own = journal.strip_prefix(origin.as_str()).is_some_and(|rest| rest.starts_with('.'));
        if !is_its_own || !journal.bytes().all(|byte| byte.is_ascii_graphic()) {
            faults.push(fault("figures.as_of.journal", journal, "a journal of the origin"));
        }
        faults
    }
}

fn fault(field: &str, value: &str, expected: &'static str) -> SheetFault {
    SheetFault { field: field.to_owned(), value: value.to_owned(), expected }
}
