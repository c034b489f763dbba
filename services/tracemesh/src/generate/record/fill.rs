//! How a record is filled in: one sentence after another, by whoever tells the chain.

use super::{Act, Class, Code, Evidence, Lot, Parties, Party, Place, Product, Quantity, Record, Role, Unit};
use crate::generate::calendar;
use crate::generate::goods::{Goods, Measure, yuan};
use crate::generate::subjects::{Picked, Subject};

impl<'w> Record<'w> {
    /// What `by` says it did at a moment, before anything else is said.
    pub fn new(record_id: String, class: Class, category: &'static str, at: i64, by: &'w Subject) -> Record<'w> {
        let responsible = Party { code: Code::uscc(by), name: &by.name, address: None, phone: None };
        Record {
            record_id,
            revision: 1,
            class,
            category,
            event_time: calendar::spell(at),
            place: Place { region: by.region, subject: None },
            parties: Parties { responsible, source: None, destination: None },
            units: Vec::with_capacity(2),
            product: None,
            act: None,
            evidence: Vec::new(),
            corrects: None,
        }
    }

    pub fn unit(&mut self, role: Role, lot: &Lot, quantity: Option<Quantity>) -> &mut Self {
        self.units.push(Unit { role, lot: lot.clone(), bare: false, quantity });
        self
    }

    pub fn at(&mut self, place: Picked<'w>) -> &mut Self {
        self.place = Place { region: place.subject.region, subject: Some(Code::uscc(place.subject)) };
        self
    }

    /// One step back.
    pub fn from(&mut self, source: Picked<'w>) -> &mut Self {
        self.parties.source = Some(Party::in_full(source.subject));
        self
    }

    /// One step forward.
    pub fn to(&mut self, destination: Picked<'w>) -> &mut Self {
        self.parties.destination = Some(Party::in_full(destination.subject));
        self
    }

    pub fn product(&mut self, goods: &'static Goods, produced: i64) -> &mut Self {
        let best_before = calendar::day(produced + goods.shelf_days * calendar::DAY);
        self.product = Some(Product { name: goods.name, spec: goods.spec, produced_on: calendar::day(produced), best_before });
        self
    }

    /// A product by its name alone, as sale lines and raw goods have it.
    pub fn named(&mut self, name: &'static str) -> &mut Self {
        self.product = Some(Product { name, spec: "", produced_on: String::new(), best_before: String::new() });
        self
    }

    pub fn sold(&mut self, voucher: String, mode: &'static str, measure: Measure, amount: u64, fen: u64) -> &mut Self {
        let unit_price = yuan(if measure == Measure::Jin { fen / 2 } else { fen });
        self.act = Some(Act { voucher, unit_price, amount: yuan(measure.cost(amount, fen)), mode, vehicle: String::new() });
        self
    }

    pub fn vehicle(&mut self, plate: String) -> &mut Self {
        self.act = Some(Act { vehicle: plate, ..Act::default() });
        self
    }

    pub fn evidence(&mut self, certificate: &Evidence) -> &mut Self {
        self.evidence.push(certificate.clone());
        self
    }
}

impl<'w> Code<'w> {
    fn uscc(of: &'w Subject) -> Code<'w> {
        Code { scheme: "uscc", value: &of.uscc }
    }
}

impl<'w> Party<'w> {
    /// With the address and contact that articles 50 to 53 of the Food Safety Law ask for.
    fn in_full(subject: &'w Subject) -> Party<'w> {
        Party { code: Code::uscc(subject), name: &subject.name, address: Some(&subject.address), phone: Some(&subject.phone) }
    }
}

impl Quantity {
    pub fn of(measure: Measure, amount: u64) -> Option<Quantity> {
        let (value, unit) = measure.spell(amount);
        Some(Quantity { value, unit })
    }
}
