//! A market with labels: honest trade, with everything about honest trade that looks odd, and each kind of error where it was planted. The same seed
//! makes the same lines ([`crate::ledger`]).
//!
//! What is odd and honest: portions of half a kilogram, two equal weights in a row, organic goods at twice the price, a cooperative of two farms with
//! one certificate, certificates that go on with the goods, a batch sold to the last gram and a little more, clocks ten minutes apart, an item that
//! came back and was sold again, a box that was packed anew after it was unpacked.

/// One planted error: the lines that it is made of.
pub struct Planted {
    pub kind: &'static str,
    pub lines: Vec<usize>,
}

pub struct World {
    dice: Dice,
    chains: u64,
    pub lines: Vec<String>,
    pub planted: Vec<Planted>,
}

/// Goods and what a kilogram costs, in cents.
const GOODS: [(&str, u64); 4] = [("大蒜", 960), ("黄瓜", 598), ("番茄", 698), ("胡萝卜", 438)];

pub const KINDS: [&str; 8] = [
    "quantity_balance",
    "identical_weights",
    "price_far_off",
    "code_reuse",
    "sale_before_entry",
    "species_mismatch",
    "shared_certificate",
    "packing_violation",
];

impl World {
    pub fn new(seed: u64) -> Self {
        Self { dice: Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1), chains: 0, lines: Vec::new(), planted: Vec::new() }
    }

    /// So many honest chains, and so many errors of each kind among them.
    pub fn with_everything(mut self, each: usize) -> Self {
        for _ in 0..each {
            self.boxes("");
            for kind in KINDS {
                self.chain(kind);
                self.chain("");
            }
            self.boxes("packing_violation");
        }
        self
    }

    /// Voids of the last line of every second error, and of some honest lines.
    pub fn corrections(&self) -> Vec<String> {
        let of_errors = self.planted.iter().step_by(2).filter_map(|planted| planted.lines.last().copied());
        let honest = (0..self.lines.len()).step_by(17).filter(|at| self.planted.iter().all(|planted| !planted.lines.contains(at)));
        of_errors.chain(honest).map(|at| format!("{} r=2 void", self.lines[at])).collect()
    }

    fn say(&mut self, line: String) -> usize {
        self.lines.push(format!("x{} {line}", self.lines.len()));
        self.lines.len() - 1
    }

    fn plant(&mut self, kind: &'static str, lines: Vec<usize>) {
        self.planted.push(Planted { kind, lines });
    }

    /// A harvest, its wholesale to three stalls, and their sales.
    fn chain(&mut self, error: &'static str) {
        self.chains += 1;
        let (number, day) = (self.chains, self.day());
        let (name, cents) = GOODS[self.dice.below(4) as usize];
        let cents = if self.dice.below(12) == 0 { cents * 2 } else { cents };
        let (farm, wholesaler) = (self.dice.below(9), self.dice.below(4));
        let amounts: Vec<u64> = (0..3).map(|_| self.dice.between(9_000, 14_000)).collect();
        let harvest = kilograms(amounts.iter().sum::<u64>() + 5_000);
        let first = self.say(format!("PRODUCE {day}T04:00 farm{farm} OUT:L{number}={harvest},kg name={name} cert=Q{number}"));
        if error == "shared_certificate" {
            self.share(day, number, name, first);
        } else if self.dice.below(6) == 0 {
            self.say(format!("PRODUCE {day}T04:10 neighbour{farm} OUT:C{number}=40,kg name={name} cert=Q{number}"));
        }
        for (stall, amount) in amounts.into_iter().enumerate() {
            self.stall(error, Stall { number, day, name, cents, wholesaler, stall: stall as u64, amount });
        }
    }

    /// A day of the month on which the chain is told.
    fn day(&self) -> u64 {
        5 + self.chains / 8 % 20
    }

    /// Other farms with the same certificate.
    fn share(&mut self, day: u64, number: u64, name: &str, first: usize) {
        let farms = self.dice.between(2, 5);
        let others: Vec<usize> = (0..farms)
            .map(|farm| self.say(format!("PRODUCE {day}T04:20 other{number}-{farm} OUT:F{number}-{farm}=50,kg name={name} cert=Q{number}")))
            .collect();
        self.plant("shared_certificate", std::iter::once(first).chain(others).collect());
    }

    fn stall(&mut self, error: &'static str, of: Stall) {
        let Stall { number, day, name, cents, wholesaler, stall, amount } = of;
        let error = if stall == 1 { error } else { "" };
        let (lot, bought) = (format!("L{number}"), format!("W{number}-{stall}"));
        let other = GOODS[(GOODS.iter().position(|(goods, _)| *goods == name).unwrap() + 1) % 4].0;
        let sold_as = if error == "species_mismatch" { other } else { name };
        let kg = kilograms(amount);
        let price = yuan(cents * 3 / 4);
        let delivered = self.say(format!(
            "WHOLESALE {day}T07:{:02} wholesaler{wholesaler} IN:{lot}={kg},kg OUT:{bought}={kg},kg name={sold_as} price={price} cert=Q{number}",
            10 + stall
        ));
        if error == "species_mismatch" {
            self.plant("species_mismatch", vec![delivered]);
        }
        self.sales(error, &Stall { name: sold_as, ..of }, &bought);
    }

    fn sales(&mut self, error: &'static str, of: &Stall, bought: &str) {
        let Stall { number, day, name, cents, stall, amount, .. } = *of;
        let mut weights: Vec<u64> = (0..8).map(|_| self.dice.between(201, 1_099)).collect();
        if self.dice.below(4) == 0 {
            weights[..6].fill(500);
        }
        if self.dice.below(3) == 0 {
            weights[1] = weights[0];
        }
        match error {
            "identical_weights" => {
                let run = self.dice.between(5, 8) as usize;
                weights[..run].fill(self.dice.between(201, 699));
            }
            "quantity_balance" => {
                let over = amount * self.dice.between(105, 160) / 100;
                weights.push(over - weights.iter().sum::<u64>());
            }
            // To the last gram, and what two scales differ by.
            "" if self.dice.below(5) == 0 => weights.push(amount * 1_005 / 1_000 - weights.iter().sum::<u64>()),
            _ => {}
        }
        let mut lines = Vec::new();
        for (nth, grams) in weights.iter().enumerate() {
            let (hour, minute) = (9 + nth, self.dice.below(60));
            let mut price = cents * self.dice.between(80, 125) / 100;
            let is_far = error == "price_far_off" && nth == 3;
            if is_far {
                price =
                    if self.dice.below(2) == 0 { price * self.dice.between(42, 90) / 10 } else { price * 10 / self.dice.between(42, 90) };
            }
            let is_early = error == "sale_before_entry" && nth == 2;
            let time = match (is_early, nth == 0 && self.dice.below(6) == 0) {
                (true, _) => format!("{}T{:02}:{minute:02}", day - 1, 3 + self.dice.below(18)),
                // Clocks that are ten minutes apart.
                (false, true) => format!("{day}T07:00"),
                (false, false) => format!("{day}T{hour:02}:{minute:02}"),
            };
            let (kg, measure) = if self.dice.below(3) == 0 { (kilograms(grams * 2), "斤") } else { (kilograms(*grams), "kg") };
            let price = if measure == "斤" { yuan(price / 2) } else { yuan(price) };
            let line = self.say(format!(
                "RETAIL {time} stall{number}-{stall} IN:{bought}={kg},{measure} OUT:T{number}-{stall}-{nth}:ITEM={kg},{measure} name={name} price={price}"
            ));
            lines.push(line);
            if is_far {
                self.plant("price_far_off", vec![line]);
            }
            if is_early {
                self.plant("sale_before_entry", vec![line]);
            }
        }
        self.after_sales(error, of, lines);
    }

    fn after_sales(&mut self, error: &'static str, of: &Stall, mut lines: Vec<usize>) {
        let Stall { number, day, stall, .. } = *of;
        match error {
            "identical_weights" | "quantity_balance" => self.plant(error, lines),
            "code_reuse" => {
                let again = self.say(format!("RETAIL {day}T19:00 stall{number}-{stall} IN:W{number}-{stall} OUT:T{number}-{stall}-0:ITEM"));
                lines.truncate(1);
                lines.push(again);
                self.plant("code_reuse", lines);
            }
            _ => {}
        }
    }

    /// Boxes of drugs in cases. One of them is sold, comes back and is sold again; one case is packed anew.
    fn boxes(&mut self, error: &'static str) {
        self.chains += 1;
        let (number, day) = (self.chains, self.day());
        let boxes: Vec<String> = (0..4).map(|nth| format!("B{number}-{nth}:ITEM")).collect();
        let list = |role: &str| boxes.iter().map(|code| format!("{role}:{code}=1,box")).collect::<Vec<_>>().join(" ");
        let (made, contents) = (list("OUT"), list("CONTENT"));
        self.say(format!("PRODUCE {day}T05:00 maker {made} name=阿莫西林胶囊 cert=R{number}"));
        self.say(format!("PACK {day}T05:30 maker BOX:K{number}:ITEM {contents}"));
        if error == "packing_violation" && self.dice.below(2) == 0 {
            let again = self.say(format!("PACK {day}T05:40 maker BOX:K{number}x:ITEM CONTENT:{}", boxes[1]));
            self.plant(error, vec![again]);
        }
        self.say(format!("UNPACK {day}T08:00 pharmacy BOX:K{number}:ITEM {contents}"));
        self.say(format!("PACK {day}T08:30 pharmacy BOX:S{number}:ITEM CONTENT:{}", boxes[0]));
        self.say(format!("RETAIL {day}T09:00 pharmacy SEEN:{}=1,box", boxes[2]));
        self.say(format!("RETURN {day}T10:00 pharmacy SEEN:{}=1,box", boxes[2]));
        self.say(format!("RETAIL {day}T11:00 pharmacy SEEN:{}=1,box", boxes[2]));
        if error == "packing_violation" && self.planted.last().is_none_or(|last| last.kind != error || last.lines[0] + 6 < self.lines.len())
        {
            self.say(format!("DESTROY {day}T12:00 pharmacy IN:{}=1,box", boxes[3]));
            let sold = self.say(format!("RETAIL {day}T13:00 pharmacy SEEN:{}=1,box", boxes[3]));
            self.plant(error, vec![sold]);
        }
    }
}

#[derive(Clone, Copy)]
struct Stall {
    number: u64,
    day: u64,
    name: &'static str,
    cents: u64,
    wholesaler: u64,
    stall: u64,
    /// Grams that it bought.
    amount: u64,
}

/// Reproducible chance (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % sides
    }

    /// Both inclusive.
    fn between(&mut self, least: u64, most: u64) -> u64 {
        least + self.below(most - least + 1)
    }
}

fn kilograms(grams: u64) -> String {
    format!("{}.{:03}", grams / 1_000, grams % 1_000)
}

fn yuan(cents: u64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}
