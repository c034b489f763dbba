//! Where a chain is told: its plan, its dice, and the records so far.

use crate::generate::calendar::{self, DAY, HOUR};
use crate::generate::dice::Dice;
use crate::generate::names;
use crate::generate::record::{Class, Evidence, EvidenceKind, Granularity, Lot, Record};
use crate::generate::subjects::{Picked, Subject, Trade};
use crate::generate::world::World;

use super::plan::Plan;
use super::{Step, Told};

pub struct Scene<'w> {
    pub world: &'w World,
    pub number: u64,
    pub plan: Plan<'w>,
    pub dice: Dice,
    city: Option<usize>,
    trunk: u64,
    told: Vec<Told<'w>>,
}

impl<'w> Scene<'w> {
    pub fn open(world: &'w World, number: u64, city: Option<usize>) -> Scene<'w> {
        let mut dice = Dice::new(world.seed(), [number, 0]);
        let plan = Plan::draw(world, number, &mut dice);
        Scene { world, number, plan, dice, city, trunk: 0, told: Vec::with_capacity(256) }
    }

    /// What has been told, as far as it was asked for.
    pub fn close(mut self) -> Vec<Told<'w>> {
        self.told.retain(|told| self.city.is_none_or(|city| told.provider.node == self.world.city(city).node.id));
        for told in self.told.iter_mut().filter(|told| told.provider.bare_codes) {
            told.record.units.iter_mut().for_each(|unit| unit.bare = unit.lot.scheme == "mofcom20");
        }
        self.told
    }

    /// Sale lines are most of a chain: those that nobody asked for are not told at all.
    pub fn wants(&self, of: &Subject) -> bool {
        self.city.is_none_or(|city| city == of.city)
    }

    pub fn pick(&self, city: usize, trade: Trade) -> Picked<'w> {
        self.world.pick(city, trade, self.number)
    }

    /// A quarter of an hour or so after a moment that many hours before the dawn market.
    pub fn before_dawn(&mut self, hours: i64) -> i64 {
        self.plan.times.dawn - hours * HOUR + self.dice.below(1_200) as i64
    }

    /// A carrier of a city drives.
    pub fn transport(&mut self, city: usize, hours: i64) -> &mut Record<'w> {
        let (carrier, at) = (self.pick(city, Trade::Carrier), self.before_dawn(hours));
        let plate = names::plate(self.world.city(city), &mut self.dice);
        self.trunk(Class::Transport, carrier, at).vehicle(plate)
    }

    /// The next record that concerns every buyer.
    pub fn trunk(&mut self, class: Class, by: Picked<'w>, at: i64) -> &mut Record<'w> {
        self.trunk += 1;
        self.tell(Step::Trunk(self.trunk), class, by, at)
    }

    pub fn tell(&mut self, step: Step, class: Class, by: Picked<'w>, at: i64) -> &mut Record<'w> {
        let record_id = format!("{}-{:06}-{step}", self.world.tag(), self.number);
        let record = Record::new(record_id, class, self.plan.line.category(), at, by.subject);
        self.told.push(Told { step, provider: self.world.provider_of(by.subject), record });
        let newest = self.told.len() - 1;
        &mut self.told[newest].record
    }

    /// A certificate of the authority of `holder`'s city, numbered by region and chain.
    pub fn certificate(&mut self, kind: EvidenceKind, holder: &Subject, at: i64) -> Evidence {
        let city = self.world.city(holder.city).node.name_zh;
        let (issuer, valid_days) = match kind {
            EvidenceKind::QuarantineCertificate => (format!("{city}动物卫生监督所"), 3),
            EvidenceKind::InspectionCertificate | EvidenceKind::OriginCertificate => (holder.name.clone(), 7),
            EvidenceKind::InspectionReport => (format!("{city}产品质量检验中心"), 365),
        };
        let number = format!("{}{:08}{}", holder.region, self.number, kind as u8 + 1);
        let (issued_on, valid_until) = (calendar::day(at), calendar::day(at + valid_days * DAY));
        Evidence { kind, number, issuer, issued_on, valid_until, result: "PASS" }
    }
}

impl Lot {
    /// A batch with a MOFCOM code of the subject that makes it.
    pub fn batch_of(maker: Picked<'_>, nth: u64) -> Lot {
        Lot::new("mofcom20", maker.trace_code(nth), Granularity::Batch)
    }

    pub fn new(scheme: &'static str, value: String, granularity: Granularity) -> Lot {
        Lot { scheme, value, batch: String::new(), granularity }
    }
}
