//! How much of a unit a record speaks of.

use crate::amount::Amount;
use crate::measure;

/// A value and the name of its measure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quantity {
    /// How many.
    pub value: Amount,
    /// Of what: a normalised name such as `kg`, `jin`, `head`; empty where the record does not say.
    pub unit: String,
}

impl Quantity {
    /// A quantity of a measure by any of its spellings.
    pub fn new(value: Amount, written: &str) -> Self {
        Self { value, unit: measure::normalise(written) }
    }

    /// The mass in kilograms, rounded to a millionth of a gram where the measure is finer; `None` where it is no measure of mass, or does
    /// not fit.
    pub fn mass_kg(&self) -> Option<Amount> {
        self.value.checked_mul(measure::kilograms_in(&self.unit)?)
    }

    /// The value that figures add up, and its measure: kilograms wherever there is a mass, else the quantity as it is.
    pub fn summable(&self) -> (Amount, &str) {
        self.mass_kg().map_or((self.value, self.unit.as_str()), |kilograms| (kilograms, "kg"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quantity(value: &str, written: &str) -> Quantity {
        Quantity::new(Amount::parse(value).unwrap(), written)
    }

    #[test]
    fn masses_in_kilograms() {
        let kg = |value, written| quantity(value, written).mass_kg().map(|mass| mass.to_string()).unwrap_or_default();
        let masses = [kg("12.5", "公斤"), kg("1", "g"), kg("2.5", "吨"), kg("3", "斤"), kg("0.000001", "g"), kg("1", "LBR"), kg("7", "头")];
        assert_eq!(masses, ["12.5", "0.001", "2500", "1.5", "0.000000001", "0.45359237", ""]);
    }

    #[test]
    fn the_largest_quantity_of_the_heaviest_measure_fits() {
        assert_eq!(quantity("999999999999999.999999", "t").mass_kg().unwrap().to_string(), "999999999999999999.999");
    }

    #[test]
    fn what_has_no_mass_adds_up_in_its_own_measure() {
        assert_eq!(quantity("2", "箱").summable(), (Amount::parse("2").unwrap(), "carton"));
        assert_eq!(quantity("2", "斤").summable(), (Amount::parse("1").unwrap(), "kg"));
    }
}
