//! What a chain shows of a record, from the record itself: a line that travels between nodes, without contacts and prices.

use tracemesh_journal::StoredEntry;
use tracemesh_model::{Evidence, EvidenceKind, EvidenceResult, Party, TraceRecord, Unit};
use tracemesh_proto::ingestion::v1::{LineUnit, RecordLine};

use crate::app::Ingestion;
use crate::app::entries::reread;
use crate::error::IngestionError;

/// Bodies that one reading of the journal fetches: some MiB.
const AT_ONCE: usize = 2_000;

impl Ingestion {
    /// The lines of these records, in their order. One whose body was erased has no more than its place.
    pub(super) async fn lines(&self, records: &[i64]) -> Result<Vec<RecordLine>, IngestionError> {
        let mut lines = Vec::with_capacity(records.len());
        for chunk in records.chunks(AT_ONCE) {
            let entries = self.journal.entries_by_ref(chunk).await?;
            lines.extend(chunk.iter().zip(entries).map(|(record, entry)| line(*record, entry.as_ref(), &self.node)));
        }
        Ok(lines)
    }
}

fn line(reference: i64, stored: Option<&StoredEntry>, node: &str) -> RecordLine {
    let Some(stored) = stored else { return RecordLine { record: reference, ..RecordLine::default() } };
    let envelope = &stored.entry.envelope;
    let known = RecordLine {
        record: reference,
        seq: stored.entry.seq,
        provider: envelope.provider.clone(),
        record_id: envelope.record_id.clone(),
        revision: envelope.revision,
        ..RecordLine::default()
    };
    match reread(&stored.entry, node) {
        Ok(record) => with_content(known, &record),
        Err(why) => {
            tracing::warn!(seq = stored.entry.seq, %why, "a record of a chain cannot be read again");
            known
        }
    }
}

fn with_content(line: RecordLine, record: &TraceRecord) -> RecordLine {
    let parties = &record.parties;
    RecordLine {
        class: record.class.as_str().into(),
        category: record.category.to_string(),
        event_time: record.event_time.spelled().into(),
        area: record.area.clone(),
        responsible: name_of(parties.responsible.as_ref()),
        source: name_of(parties.source.as_ref()),
        destination: name_of(parties.destination.as_ref()),
        responsible_code: code_of(parties.responsible.as_ref()),
        source_code: code_of(parties.source.as_ref()),
        destination_code: code_of(parties.destination.as_ref()),
        product: record.product.name.clone(),
        product_code: record.product.code.as_ref().map(ToString::to_string).unwrap_or_default(),
        inspection: inspection(&record.evidence).into(),
        evidence: record.evidence.iter().map(evidence).collect(),
        units: record.units.iter().map(unit).collect(),
        ..line
    }
}

fn unit(unit: &Unit) -> LineUnit {
    // A batch that is no part of the key is none of the code either: one record may tell it and the next one not.
    let batch = if unit.code.takes_batch() { unit.batch.as_str() } else { "" };
    let code = if batch.is_empty() { unit.code.to_string() } else { format!("{}#{batch}", unit.code) };
    LineUnit { unit: unit.key.get(), code, role: unit.role as u32 + 1, granularity: unit.granularity as u32 + 1 }
}

fn name_of(party: Option<&Party>) -> String {
    let Some(party) = party else { return String::new() };
    match &party.code {
        _ if !party.name.is_empty() => party.name.clone(),
        Some(code) => code.to_string(),
        None => String::new(),
    }
}

fn code_of(party: Option<&Party>) -> String {
    party.and_then(|party| party.code.as_ref()).map(ToString::to_string).unwrap_or_default()
}

fn evidence(evidence: &Evidence) -> String {
    format!("{} {}", evidence.kind.as_str(), evidence.number)
}

/// One report that failed outweighs any that passed.
fn inspection(evidence: &[Evidence]) -> &'static str {
    let reports = || evidence.iter().filter(|e| matches!(e.kind, EvidenceKind::InspectionReport | EvidenceKind::InspectionCertificate));
    match () {
        () if reports().any(|report| report.result == Some(EvidenceResult::Fail)) => "FAIL",
        () if reports().any(|report| report.result == Some(EvidenceResult::Pass)) => "PASS",
        () => "",
    }
}
