//! This node's hops: by unit for its own walks, and as a raw closure for the walks of others.

use std::sync::Arc;

use tracemesh_lineage::{Closure, Granularity, Hop, Member, RecordRef, Role};
use tracemesh_proto::ingestion::v1::{NodeHops, RecordLine};

use crate::app::Ingestion;
use crate::domain::lineage_hops::{own, to_wire};
use crate::error::IngestionError;
use crate::store;

/// Records in one closure, where the asker names no smaller number.
const CLOSURE_RECORDS: usize = 20_000;

impl Ingestion {
    pub(super) async fn own_hops(&self, units: &[u64]) -> Result<Vec<Hop>, IngestionError> {
        let node: Arc<str> = self.node.as_str().into();
        let stored = store::hops::of_units(self.db.read(), units).await?;
        Ok(stored.into_iter().map(|hop| own(&node, hop)).collect())
    }

    /// Everything that this node knows around some units, unpruned, with a line about each record.
    pub async fn collect(&self, units: Vec<u64>, limit: u32, hops_only: bool) -> Result<NodeHops, IngestionError> {
        let limit = if limit == 0 { CLOSURE_RECORDS } else { CLOSURE_RECORDS.min(limit as usize) };
        let mut closure = Closure::new(units, limit);
        loop {
            let wanted = closure.wanted();
            if wanted.is_empty() {
                break;
            }
            let hops = self.own_hops(&wanted.units).await?;
            closure.feed(&wanted.units, hops);
            let records: Vec<i64> = wanted.records.iter().map(|record| record.record).collect();
            for (record, line) in wanted.records.iter().zip(self.lines(&records).await?) {
                closure.feed_record(record, &members_of(&line));
            }
        }
        let collected = closure.finish();
        let (cut, left_out) = (collected.cut, collected.left_out);
        let mut records: Vec<i64> = collected.hops.iter().map(|hop| hop.record).collect();
        records.sort_unstable();
        records.dedup();
        let needed: Vec<i64> = if hops_only { in_records(&collected.members) } else { records };
        let records = self.lines(&needed).await?;
        let hops = collected.hops.into_iter().map(to_wire).collect();
        Ok(NodeHops { node: self.node.clone(), hops, records, cut, left_out, area: self.directory.area().to_owned() })
    }
}

/// Lines that a walk cannot do without: of records whose hops do not list their neighbours.
fn in_records(members: &[(RecordRef, Vec<Member>)]) -> Vec<i64> {
    members.iter().map(|(record, _)| record.record).collect()
}

/// What takes part in a record, as the walk is fed with it.
pub fn members_of(line: &RecordLine) -> Vec<Member> {
    let member = |unit: &tracemesh_proto::ingestion::v1::LineUnit| {
        Some(Member {
            unit: unit.unit,
            role: Role::from_code(u8::try_from(unit.role).ok()?)?,
            granularity: Granularity::from_code(u8::try_from(unit.granularity).ok()?)?,
        })
    };
    line.units.iter().filter_map(member).collect()
}
