//! What is traded, how it is measured, and what it costs.

/// The way that goods take from their origin to the shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    Pork,
    Vegetables,
    Liquor,
    Drug,
}

/// A product of daily trade.
#[derive(Debug)]
pub struct Goods {
    pub name: &'static str,
    pub spec: &'static str,
    /// CNY cents in a shop, per kilogram, bottle or box.
    pub fen: u64,
    pub shelf_days: i64,
}

/// How an amount is counted. Mass is kept in grams, everything else by number, so that sums are exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    Kilogram,
    /// 斤, half a kilogram: how stalls sell.
    Jin,
    Head,
    Bottle,
    Box,
}

impl Line {
    /// How often a chain is of each line, in percent.
    pub const SHARES: [u64; 4] = [45, 40, 10, 5];
    pub const ALL: [Line; 4] = [Line::Pork, Line::Vegetables, Line::Liquor, Line::Drug];

    pub fn category(self) -> &'static str {
        match self {
            Line::Pork | Line::Vegetables => "FARM_PRODUCE",
            Line::Liquor => "FOOD",
            Line::Drug => "DRUG",
        }
    }

    pub fn measure(self) -> Measure {
        match self {
            Line::Pork | Line::Vegetables => Measure::Kilogram,
            Line::Liquor => Measure::Bottle,
            Line::Drug => Measure::Box,
        }
    }

    pub fn goods(self) -> &'static [Goods] {
        match self {
            Line::Pork => &PORK,
            Line::Vegetables => &VEGETABLES,
            Line::Liquor => &LIQUOR,
            Line::Drug => &DRUGS,
        }
    }
}

impl Measure {
    /// The amount as a plain decimal, and its unit.
    pub fn spell(self, amount: u64) -> (String, &'static str) {
        match self {
            Measure::Kilogram => (thousandths(amount), "kg"),
            Measure::Jin => (thousandths(amount * 2), "jin"),
            Measure::Head => (amount.to_string(), "head"),
            Measure::Bottle => (amount.to_string(), "bottle"),
            Measure::Box => (amount.to_string(), "box"),
        }
    }

    pub fn is_mass(self) -> bool {
        matches!(self, Measure::Kilogram | Measure::Jin)
    }

    /// What an amount costs, in cents rounded half up, at a price per kilogram or piece.
    pub fn cost(self, amount: u64, fen: u64) -> u64 {
        if self.is_mass() { (amount * fen + 500) / 1_000 } else { amount * fen }
    }
}

/// Cents as yuan, `12.30`.
pub fn yuan(fen: u64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

fn thousandths(amount: u64) -> String {
    let text = format!("{}.{:03}", amount / 1_000, amount % 1_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

const fn goods(name: &'static str, spec: &'static str, fen: u64, shelf_days: i64) -> Goods {
    Goods { name, spec, fen, shelf_days }
}

static PORK: [Goods; 6] = [
    goods("五花肉", "冷鲜 散装", 2_980, 7),
    goods("前腿肉", "冷鲜 散装", 2_380, 7),
    goods("后腿肉", "冷鲜 散装", 2_280, 7),
    goods("里脊肉", "冷鲜 散装", 3_560, 7),
    goods("肋排", "冷鲜 散装", 5_280, 7),
    goods("猪蹄", "冷鲜 散装", 3_180, 7),
];

static VEGETABLES: [Goods; 8] = [
    goods("大蒜", "散装", 960, 60),
    goods("黄瓜", "散装", 598, 5),
    goods("番茄", "散装", 698, 7),
    goods("大白菜", "散装", 198, 14),
    goods("马铃薯", "散装", 398, 30),
    goods("辣椒", "散装", 898, 7),
    goods("茄子", "散装", 558, 6),
    goods("胡萝卜", "散装", 438, 20),
];

static LIQUOR: [Goods; 3] = [
    goods("浓香型白酒 52度", "500ml/瓶", 12_800, 3_650),
    goods("酱香型白酒 53度", "500ml/瓶", 29_900, 3_650),
    goods("芝麻香型白酒 50度", "480ml/瓶", 8_800, 3_650),
];

static DRUGS: [Goods; 4] = [
    goods("阿莫西林胶囊", "0.25g×24粒/盒", 1_450, 730),
    goods("布洛芬缓释胶囊", "0.3g×20粒/盒", 2_180, 1_095),
    goods("板蓝根颗粒", "10g×20袋/盒", 1_860, 730),
    goods("氯雷他定片", "10mg×6片/盒", 1_690, 1_095),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_plain_decimals() {
        assert_eq!(Measure::Kilogram.spell(12_300), ("12.3".into(), "kg"));
        assert_eq!(Measure::Kilogram.spell(40_000), ("40".into(), "kg"));
        assert_eq!(Measure::Jin.spell(1_255), ("2.51".into(), "jin"));
        assert_eq!(Measure::Head.spell(6), ("6".into(), "head"));
    }

    #[test]
    fn a_price_is_rounded_to_the_cent() {
        assert_eq!(yuan(Measure::Kilogram.cost(532, 2_980)), "15.85");
        assert_eq!(yuan(Measure::Bottle.cost(2, 12_800)), "256.00");
    }
}
