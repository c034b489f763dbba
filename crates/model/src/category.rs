//! Which sub-platform a record belongs to.

use std::fmt;

/// Bytes of a category's name: it is a dimension of every figure, and a key of many tables.
const LONGEST: usize = 64;

/// A category: one of the seven that the rules name, a custom one by its name, or unknown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Category(String);

impl Category {
    /// Edible farm products.
    pub const FARM_PRODUCE: &'static str = "FARM_PRODUCE";
    /// Food.
    pub const FOOD: &'static str = "FOOD";
    /// Drugs.
    pub const DRUG: &'static str = "DRUG";
    /// Main farm inputs: pesticides, seeds, veterinary drugs, feed, fertiliser.
    pub const FARM_INPUT: &'static str = "FARM_INPUT";
    /// Special equipment.
    pub const SPECIAL_EQUIPMENT: &'static str = "SPECIAL_EQUIPMENT";
    /// Dangerous goods.
    pub const DANGEROUS_GOODS: &'static str = "DANGEROUS_GOODS";
    /// Rare earth.
    pub const RARE_EARTH: &'static str = "RARE_EARTH";
    /// What nobody named.
    pub const UNKNOWN: &'static str = "UNKNOWN";
    /// The categories that the rules name.
    pub const WELL_KNOWN: [&'static str; 7] =
        [Self::FARM_PRODUCE, Self::FOOD, Self::DRUG, Self::FARM_INPUT, Self::SPECIAL_EQUIPMENT, Self::DANGEROUS_GOODS, Self::RARE_EARTH];

    /// A category by name: letters of any script, digits, `_`, `-` and `.`, at most 64 bytes. Names are compared as they are written.
    pub fn named(name: &str) -> Option<Self> {
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        (!name.is_empty() && name.len() <= LONGEST && name.chars().all(plain)).then(|| Self(name.to_owned()))
    }

    /// The category of a record for which nobody named one.
    pub fn unknown() -> Self {
        Self(Self::UNKNOWN.to_owned())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for name in Category::WELL_KNOWN.into_iter().chain(["中药材", "wine.2026"]) {
            assert_eq!(Category::named(name).unwrap().as_str(), name);
        }
        for name in ["", "a b", "a,b", "a\u{0}", "*", &"x".repeat(65)] {
            assert_eq!(Category::named(name), None, "{name:?}");
        }
    }
}
