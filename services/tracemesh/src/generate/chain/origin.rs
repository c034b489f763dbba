//! The first mile: what happens until goods are ready for the road.

use crate::generate::goods::Measure;
use crate::generate::identifiers;
use crate::generate::record::{Class, Evidence, EvidenceKind, Granularity, Lot, Quantity, Role};
use crate::generate::subjects::Trade;

use super::road::Consignment;
use super::scene::Scene;

/// A pig of 110 kg gives a carcass of about this many grams.
const CARCASS: u64 = 80_000;
/// Kilograms of sorghum for ten bottles.
const SORGHUM_FOR_TEN: u64 = 12;

/// Pigs become meat at their origin, and meat is cut in another city.
pub fn pork<'w>(scene: &mut Scene<'w>, amount: u64) -> Consignment<'w> {
    let (route, goods) = (scene.plan.route, scene.plan.goods);
    let slaughterhouse = scene.pick(route.origin, Trade::Slaughterhouse);
    let processor = scene.pick(route.middle, Trade::Processor);
    let (carcasses, cuts) = (Lot::batch_of(slaughterhouse, 0), Lot::batch_of(processor, 0));
    let needed = amount * scene.dice.between(110, 118) / 100;

    let certificate = slaughter(scene, &carcasses, needed);
    let record = scene.transport(route.origin, 20);
    record.unit(Role::Observed, &carcasses, kg(needed)).named("猪白条").from(slaughterhouse).to(processor);
    let made = scene.before_dawn(13);
    let record = scene.trunk(Class::Process, processor, made);
    record.unit(Role::Input, &carcasses, kg(needed)).unit(Role::Output, &cuts, kg(amount));
    record.product(goods, made).from(slaughterhouse).evidence(&certificate);
    Consignment { contents: vec![(cuts, kg(amount))], sender: processor, made, certificate }
}

/// As many pigs as the meat needs, and a few more: reared, inspected, slaughtered. Answers with what the slaughterhouse certifies.
fn slaughter(scene: &mut Scene<'_>, carcasses: &Lot, needed: u64) -> Evidence {
    let route = scene.plan.route;
    let (farm, slaughterhouse) = (scene.pick(route.origin, Trade::Farm), scene.pick(route.origin, Trade::Slaughterhouse));
    let processor = scene.pick(route.middle, Trade::Processor);
    let (pigs, heads) = (Lot::batch_of(farm, 0), needed.div_ceil(CARCASS) + scene.dice.below(6));

    let at = scene.before_dawn(30);
    scene.trunk(Class::Produce, farm, at).unit(Role::Output, &pigs, head(heads)).named("生猪").to(slaughterhouse);
    let at = scene.before_dawn(28);
    let quarantine = scene.certificate(EvidenceKind::QuarantineCertificate, &farm, at);
    scene.trunk(Class::Inspect, farm, at).unit(Role::Observed, &pigs, head(heads)).named("生猪").evidence(&quarantine);
    let at = scene.before_dawn(24);
    let certificate = scene.certificate(EvidenceKind::InspectionCertificate, &slaughterhouse, at);
    let record = scene.trunk(Class::Slaughter, slaughterhouse, at);
    record.unit(Role::Input, &pigs, head(heads)).unit(Role::Output, carcasses, kg(heads * CARCASS));
    record.named("猪白条").from(farm).to(processor).evidence(&quarantine).evidence(&certificate);
    certificate
}

/// A harvest is tested where it grew.
pub fn vegetables<'w>(scene: &mut Scene<'w>, amount: u64) -> Consignment<'w> {
    let grower = scene.pick(scene.plan.route.origin, Trade::Grower);
    let harvest = Lot::batch_of(grower, 0);
    let goods = scene.plan.goods;
    let picked = scene.before_dawn(15);
    let origin = scene.certificate(EvidenceKind::OriginCertificate, &grower, picked);
    let record = scene.trunk(Class::Produce, grower, picked);
    record.unit(Role::Output, &harvest, kg(amount)).product(goods, picked).evidence(&origin);
    let tested = scene.before_dawn(13);
    let report = scene.certificate(EvidenceKind::InspectionReport, &grower, tested);
    scene.trunk(Class::Inspect, grower, tested).unit(Role::Observed, &harvest, kg(amount)).product(goods, picked).evidence(&report);
    Consignment { contents: vec![(harvest, kg(amount))], sender: grower, made: picked, certificate: origin }
}

/// Sorghum becomes bottles, which carry a GTIN and the batch of their filling.
pub fn liquor<'w>(scene: &mut Scene<'w>, bottles: u64) -> Consignment<'w> {
    let route = scene.plan.route;
    let grower = scene.pick(route.origin, Trade::Grower);
    let distillery = scene.pick(route.middle, Trade::Distillery);
    let sorghum = Lot::batch_of(grower, 0);
    let grain = kg(bottles * SORGHUM_FOR_TEN * 100);

    let at = scene.before_dawn(150);
    let record = scene.trunk(Class::Produce, grower, at);
    record.category = "FARM_PRODUCE";
    record.unit(Role::Output, &sorghum, grain.clone()).named("高粱").to(distillery);
    let record = scene.transport(route.origin, 140);
    record.category = "FARM_PRODUCE";
    record.unit(Role::Observed, &sorghum, grain.clone()).named("高粱").from(grower).to(distillery);
    let filled = scene.before_dawn(60);
    let filling = filling(scene, &distillery.gs1);
    let report = scene.certificate(EvidenceKind::InspectionReport, &distillery, filled);
    let goods = scene.plan.goods;
    let record = scene.trunk(Class::Process, distillery, filled);
    record.unit(Role::Input, &sorghum, grain).unit(Role::Output, &filling, Quantity::of(Measure::Bottle, bottles));
    record.product(goods, filled).from(grower).evidence(&report);
    Consignment { contents: vec![(filling, Quantity::of(Measure::Bottle, bottles))], sender: distillery, made: filled, certificate: report }
}

fn filling(scene: &Scene<'_>, company: &str) -> Lot {
    let batch = format!("L{:06}", scene.number);
    Lot { batch, ..Lot::new("gtin", identifiers::gtin13(company, scene.plan.item), Granularity::Batch) }
}

fn kg(grams: u64) -> Option<Quantity> {
    Quantity::of(Measure::Kilogram, grams)
}

fn head(count: u64) -> Option<Quantity> {
    Quantity::of(Measure::Head, count)
}
