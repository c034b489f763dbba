//! Protobuf by the contract's own generated types.

use std::io::{self, Write};

use prost::Message;
use tracemesh_proto::record::v1 as wire;

use crate::generate::chain::Told;
use crate::generate::record::{Act, Class, Code, Evidence, EvidenceKind, Granularity, Parties, Party, Place, Product, Record, Role, Unit};

pub fn write<'w>(records: impl Iterator<Item = Told<'w>>, out: &mut impl Write) -> io::Result<()> {
    for told in records {
        out.write_all(&message(&told.record).encode_length_delimited_to_vec())?;
    }
    Ok(())
}

fn message(record: &Record<'_>) -> wire::TraceRecord {
    wire::TraceRecord {
        record_id: record.record_id.clone(),
        revision: record.revision,
        class: class(record.class).into(),
        category: record.category.into(),
        event_time: record.event_time.clone(),
        place: Some(place(&record.place)),
        parties: Some(parties(&record.parties)),
        units: record.units.iter().map(unit).collect(),
        product: record.product.as_ref().map(product),
        act: record.act.as_ref().map(act),
        evidence: record.evidence.iter().map(evidence).collect(),
        corrects: record.corrects.as_ref().map(|c| wire::Correction { reason: c.reason.into(), void: c.void }),
        extension: None,
    }
}

fn class(class: Class) -> wire::trace_record::Class {
    use wire::trace_record::Class as Wire;
    match class {
        Class::Produce => Wire::Produce,
        Class::Slaughter => Wire::Slaughter,
        Class::Process => Wire::Process,
        Class::Pack => Wire::Pack,
        Class::Unpack => Wire::Unpack,
        Class::Store => Wire::Store,
        Class::Transport => Wire::Transport,
        Class::Inspect => Wire::Inspect,
        Class::Wholesale => Wire::Wholesale,
        Class::Retail => Wire::Retail,
        Class::GroupPurchase => Wire::GroupPurchase,
    }
}

fn code(code: Code<'_>) -> wire::Code {
    wire::Code { scheme: code.scheme.into(), value: code.value.into(), ..Default::default() }
}

fn place(place: &Place<'_>) -> wire::Place {
    wire::Place { region: place.region.into(), subject: place.subject.map(code), ..Default::default() }
}

fn parties(parties: &Parties<'_>) -> wire::Parties {
    wire::Parties {
        responsible: Some(party(&parties.responsible)),
        source: parties.source.as_ref().map(party),
        destination: parties.destination.as_ref().map(party),
    }
}

fn party(party: &Party<'_>) -> wire::Party {
    let text = |field: Option<&str>| field.unwrap_or_default().to_owned();
    let (address, phone) = (text(party.address), text(party.phone));
    wire::Party { code: Some(code(party.code)), name: party.name.into(), address, phone, ..Default::default() }
}

fn unit(unit: &Unit) -> wire::Unit {
    use wire::unit::{Granularity as WireGranularity, Role as WireRole};
    let role = match unit.role {
        Role::Input => WireRole::Input,
        Role::Output => WireRole::Output,
        Role::Observed => WireRole::Observed,
        Role::Container => WireRole::Container,
        Role::Content => WireRole::Content,
    };
    let granularity = match unit.lot.granularity {
        Granularity::Item => WireGranularity::Item,
        Granularity::Batch => WireGranularity::Batch,
    };
    let quantity = unit.quantity.as_ref().map(|q| wire::Quantity { value: q.value.clone(), unit: q.unit.into() });
    let (role, granularity, batch) = (role.into(), granularity.into(), unit.lot.batch.clone());
    wire::Unit { role, code: Some(code(unit.code())), granularity, batch, quantity }
}

fn product(product: &Product) -> wire::Product {
    let (produced_on, best_before) = (product.produced_on.clone(), product.best_before.clone());
    wire::Product { name: product.name.into(), spec: product.spec.into(), produced_on, best_before, ..Default::default() }
}

fn act(act: &Act) -> wire::Act {
    let Act { voucher, unit_price, amount, mode, vehicle } = act.clone();
    wire::Act { voucher, unit_price, amount, mode: mode.into(), vehicle }
}

fn evidence(evidence: &Evidence) -> wire::Evidence {
    use wire::evidence::{Kind, Result as Finding};
    let kind = match evidence.kind {
        EvidenceKind::QuarantineCertificate => Kind::QuarantineCertificate,
        EvidenceKind::InspectionCertificate => Kind::InspectionCertificate,
        EvidenceKind::OriginCertificate => Kind::OriginCertificate,
        EvidenceKind::InspectionReport => Kind::InspectionReport,
    };
    let Evidence { number, issuer, issued_on, valid_until, .. } = evidence.clone();
    wire::Evidence { kind: kind.into(), number, issuer, issued_on, valid_until, result: Finding::Pass.into(), ..Default::default() }
}
