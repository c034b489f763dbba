//! Names of units of measure. A stall writes 公斤, an EPCIS document KGM, a scale "Kg": one name each, so that figures add up. A name that
//! is not in the table stays what it is, in lower case: it counts in a row of its own and is never guessed.

use crate::amount::Amount;

/// One measure: its name here, what one of it weighs in billionths of a kilogram, and how else it is written.
struct Measure {
    name: &'static str,
    mass: Option<i128>,
    written: &'static [&'static str],
}

const fn mass(name: &'static str, billionths_of_kg: i128, written: &'static [&'static str]) -> Measure {
    Measure { name, mass: Some(billionths_of_kg), written }
}

const fn other(name: &'static str, written: &'static [&'static str]) -> Measure {
    Measure { name, mass: None, written }
}

/// English names, Chinese names, and codes of UN/ECE Recommendation 20, in lower case. The market units 斤, 两, 钱 and 担 are those of 1959.
/// 只, 尾 and 羽 count animals, as 头 does; 个, 件 and 枚 count pieces.
const MEASURES: &[Measure] = &[
    mass("kg", 1_000_000_000, &["kgm", "kgs", "kilogram", "kilograms", "千克", "公斤"]),
    mass("g", 1_000_000, &["grm", "gram", "grams", "克"]),
    mass("mg", 1_000, &["mgm", "milligram", "milligrams", "毫克"]),
    mass("t", 1_000_000_000_000, &["tne", "ton", "tons", "tonne", "tonnes", "吨", "公吨"]),
    mass("jin", 500_000_000, &["斤", "市斤"]),
    mass("liang", 50_000_000, &["两", "市两"]),
    mass("qian", 5_000_000, &["钱"]),
    mass("dan", 50_000_000_000, &["担", "市担"]),
    mass("lb", 453_592_370, &["lbr", "lbs", "pound", "pounds", "磅"]),
    other("l", &["ltr", "liter", "litre", "liters", "litres", "升", "公升"]),
    other("ml", &["mlt", "milliliter", "millilitre", "毫升"]),
    other("m3", &["mtq", "m³", "立方米", "方"]),
    other("m2", &["mtk", "m²", "平方米"]),
    other("m", &["mtr", "meter", "metre", "米"]),
    other("mu", &["亩"]),
    other("head", &["hea", "头", "只", "尾", "羽"]),
    other("piece", &["h87", "c62", "ea", "each", "pc", "pcs", "pieces", "个", "件", "枚"]),
    other("box", &["bx", "xbx", "boxes", "盒"]),
    other("carton", &["ct", "xct", "cartons", "箱"]),
    other("bag", &["xbg", "bags", "袋"]),
    other("bottle", &["xbo", "bottles", "瓶"]),
    other("barrel", &["xba", "barrels", "桶"]),
    other("pack", &["xpk", "packs", "包"]),
    other("pallet", &["xpx", "pallets", "托"]),
    other("tablet", &["tablets", "片"]),
    other("capsule", &["capsules", "粒"]),
    other("ampoule", &["xam", "支"]),
];

/// The one name of a measure: ours where the table knows the spelling, else the spelling itself, trimmed and in lower case.
pub fn normalise(written: &str) -> String {
    let lower = written.trim().to_lowercase();
    match find(&lower) {
        Some(measure) => measure.name.to_owned(),
        None => lower,
    }
}

/// What one of a measure weighs, in kilograms; `None` where it is no measure of mass.
pub(crate) fn kilograms_in(name: &str) -> Option<Amount> {
    find(name)?.mass.map(Amount::from_billionths)
}

fn find(lower: &str) -> Option<&'static Measure> {
    MEASURES.iter().find(|measure| measure.name == lower || measure.written.contains(&lower))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn spellings_meet() {
        for (written, name) in
            [("KGM", "kg"), (" 公斤 ", "kg"), ("斤", "jin"), ("TNE", "t"), ("头", "head"), ("H87", "piece"), ("箱", "carton")]
        {
            assert_eq!(normalise(written), name);
        }
    }

    #[test]
    fn an_unknown_name_stays_what_it_is() {
        assert_eq!(normalise("Mini-Bag"), "mini-bag");
        assert_eq!(kilograms_in("mini-bag"), None);
    }

    #[test]
    fn no_spelling_stands_for_two_measures() {
        let spellings: Vec<_> = MEASURES.iter().flat_map(|m| m.written.iter().copied().chain([m.name])).collect();
        assert_eq!(spellings.iter().collect::<BTreeSet<_>>().len(), spellings.len());
        assert!(spellings.iter().all(|spelling| *spelling == spelling.to_lowercase()));
    }
}
