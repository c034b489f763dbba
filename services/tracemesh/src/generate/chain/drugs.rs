//! Drugs: every box has a code of its own, which it keeps; boxes nest in cases, cases on the pallet.

use crate::generate::calendar::HOUR;
use crate::generate::dice::Dice;
use crate::generate::goods::Measure;
use crate::generate::identifiers;
use crate::generate::record::{Class, EvidenceKind, Granularity, Lot, Quantity, Role};
use crate::generate::subjects::{Picked, Trade};

use super::Step;
use super::market::moments;
use super::plan::Outlet;
use super::road::{self, Consignment};
use super::scene::Scene;

/// One case goes to each pharmacy.
pub const BOXES_A_CASE: u64 = 20;

/// The packing level is the last digit of a code's first seven.
const BOX: u64 = 1;
const CASE: u64 = 2;

/// A case and the boxes in it.
struct Case {
    code: Lot,
    boxes: Vec<Lot>,
}

pub fn trade(scene: &mut Scene<'_>) {
    let maker = scene.pick(scene.plan.route.origin, Trade::DrugMaker);
    let cases: Vec<Case> = (0..scene.plan.outlets.len() as u64).map(|nth| Case::of(scene, maker, nth)).collect();
    let consignment = make(scene, maker, &cases);
    let dealer = scene.pick(scene.plan.route.market, Trade::DrugDealer);
    road::send(scene, &consignment, dealer, dealer);
    for (index, case) in cases.iter().enumerate() {
        deliver(scene, index, dealer, &consignment, case);
        dispense(scene, index, case);
    }
}

/// Boxes come off the line and go into cases.
fn make<'w>(scene: &mut Scene<'w>, maker: Picked<'w>, cases: &[Case]) -> Consignment<'w> {
    let (goods, made) = (scene.plan.goods, scene.before_dawn(72));
    let certificate = scene.certificate(EvidenceKind::InspectionReport, &maker, made);
    let record = scene.trunk(Class::Produce, maker, made);
    for code in cases.iter().flat_map(|case| &case.boxes) {
        record.unit(Role::Output, code, one_box());
    }
    record.product(goods, made).evidence(&certificate);
    for case in cases {
        let at = scene.before_dawn(70);
        let record = scene.trunk(Class::Pack, maker, at).product(goods, made);
        record.unit(Role::Container, &case.code, None);
        case.boxes.iter().for_each(|code| _ = record.unit(Role::Content, code, one_box()));
    }
    let contents = cases.iter().map(|case| (case.code.clone(), None)).collect();
    Consignment { contents, sender: maker, made, certificate }
}

/// The case changes hands unopened; the pharmacy opens it.
fn deliver<'w>(scene: &mut Scene<'w>, index: usize, dealer: Picked<'w>, consignment: &Consignment<'w>, case: &Case) {
    let Outlet { buyer, amount, measure, fen, .. } = scene.plan.outlets[index];
    let (goods, dawn, voucher) = (scene.plan.goods, scene.plan.times.dawn, format!("PF{:06}{index}", scene.number));
    let at = dawn + scene.dice.below(2 * HOUR as u64) as i64;
    let record = scene.tell(Step::Delivery { outlet: index, nth: 0 }, Class::Wholesale, dealer, at);
    record.unit(Role::Observed, &case.code, None).from(consignment.sender).to(buyer).product(goods, consignment.made);
    record.sold(voucher, "批发", measure, amount, fen * 3 / 4).evidence(&consignment.certificate);
    let at = dawn + 2 * HOUR + scene.dice.below(HOUR as u64) as i64;
    let record = scene.tell(Step::Delivery { outlet: index, nth: 1 }, Class::Unpack, buyer, at);
    record.unit(Role::Container, &case.code, None).from(dealer).product(goods, consignment.made);
    case.boxes.iter().for_each(|code| _ = record.unit(Role::Content, code, one_box()));
}

/// A box is sold and keeps its code.
fn dispense(scene: &mut Scene<'_>, index: usize, case: &Case) {
    let Outlet { buyer, lines, fen, .. } = scene.plan.outlets[index];
    if !scene.wants(&buyer) {
        return;
    }
    let mut dice = Dice::new(scene.world.seed(), [scene.number, 1 + index as u64]);
    for (line, at) in (0..lines).zip(moments(scene, lines, &mut dice)) {
        let (voucher, name) = (format!("LS{:06}{index}{line:02}", scene.number), scene.plan.goods.name);
        let record = scene.tell(Step::Sale { outlet: index, line }, Class::Retail, buyer, at);
        record.unit(Role::Observed, &case.boxes[line as usize], one_box()).named(name).sold(voucher, "医保卡", Measure::Box, 1, fen);
    }
}

impl Case {
    fn of(scene: &Scene<'_>, maker: Picked<'_>, nth: u64) -> Case {
        let boxes = (1..=BOXES_A_CASE).map(|place| drug(scene, maker, BOX, nth * 100 + place)).collect();
        Case { code: drug(scene, maker, CASE, nth), boxes }
    }
}

/// 83, three digits of the maker, one of the product, one of the level; the serial holds the world, the chain, and the place in it.
fn drug(scene: &Scene<'_>, maker: Picked<'_>, level: u64, place: u64) -> Lot {
    let company = maker.gs1[4..].parse().unwrap_or(0);
    let head = 8_300_000 + company * 100 + scene.plan.item * 10 + level;
    let serial = (scene.world.digits() * 1_000_000 + scene.number) * 1_000 + place;
    Lot::new("drug20", identifiers::drug20(head, serial), Granularity::Item)
}

fn one_box() -> Option<Quantity> {
    Quantity::of(Measure::Box, 1)
}
