//! One hop in three shapes: as our table stores it, as it travels between nodes, and as the walk reads it. The numbers of roles, packings,
//! granularities and classes are those of `tracemesh.record.v1` in all three.

use std::sync::Arc;

use tracemesh_lineage as lineage;
use tracemesh_proto::ingestion::v1 as wire;

use super::place::Hop;
use crate::store::hops::StoredHop;

/// Our own row, for the walk.
pub fn own(node: &Arc<str>, stored: StoredHop) -> lineage::Hop {
    let StoredHop { hop, record, retracts } = stored;
    let Hop { unit, event_time, area, category, holder, quantity, measure, neighbours, .. } = hop;
    lineage::Hop {
        node: node.clone(),
        unit,
        event_time,
        role: role(hop.role),
        packing: packing(hop.packing),
        stage: lineage::Stage::from_class(hop.class as u32),
        granularity: lineage::Granularity::from_code(hop.granularity as u8).unwrap_or(lineage::Granularity::Batch),
        record,
        retracts,
        area,
        category,
        holder,
        quantity,
        measure,
        neighbours: neighbours.map_or(lineage::Neighbours::InRecord, lineage::Neighbours::Listed),
    }
}

fn role(role: tracemesh_model::Role) -> lineage::Role {
    match role {
        tracemesh_model::Role::Input => lineage::Role::Input,
        tracemesh_model::Role::Output => lineage::Role::Output,
        tracemesh_model::Role::Observed => lineage::Role::Observed,
        tracemesh_model::Role::Container => lineage::Role::Container,
        tracemesh_model::Role::Content => lineage::Role::Content,
    }
}

fn packing(packing: tracemesh_model::Packing) -> lineage::Packing {
    match packing {
        tracemesh_model::Packing::Unchanged => lineage::Packing::None,
        tracemesh_model::Packing::Pack => lineage::Packing::Pack,
        tracemesh_model::Packing::Unpack => lineage::Packing::Unpack,
    }
}

/// For another node.
pub fn to_wire(hop: lineage::Hop) -> wire::Hop {
    let (neighbours, in_record) = match hop.neighbours {
        lineage::Neighbours::Listed(keys) => (keys, false),
        lineage::Neighbours::InRecord => (Vec::new(), true),
    };
    wire::Hop {
        unit: hop.unit,
        event_time: hop.event_time,
        role: hop.role.code().into(),
        packing: hop.packing.code().into(),
        granularity: hop.granularity.code().into(),
        record: hop.record,
        retracts: hop.retracts,
        class: hop.stage.code().into(),
        area: hop.area,
        category: hop.category,
        holder: hop.holder,
        quantity: hop.quantity,
        unit_of_measure: hop.measure,
        neighbours,
        neighbours_in_record: in_record,
    }
}

/// From another node; None where its numbers are none that we know.
pub fn from_wire(node: &Arc<str>, hop: wire::Hop) -> Option<lineage::Hop> {
    let code = |number: u32| u8::try_from(number).ok();
    Some(lineage::Hop {
        node: node.clone(),
        unit: hop.unit,
        event_time: hop.event_time,
        role: lineage::Role::from_code(code(hop.role)?)?,
        packing: lineage::Packing::from_code(code(hop.packing)?)?,
        stage: lineage::Stage::from_class(hop.class),
        granularity: lineage::Granularity::from_code(code(hop.granularity)?)?,
        record: hop.record,
        retracts: hop.retracts,
        area: hop.area,
        category: hop.category,
        holder: hop.holder,
        quantity: hop.quantity,
        measure: hop.unit_of_measure,
        neighbours: if hop.neighbours_in_record { lineage::Neighbours::InRecord } else { lineage::Neighbours::Listed(hop.neighbours) },
    })
}
