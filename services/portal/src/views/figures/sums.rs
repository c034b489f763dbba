//! Sums over rows, exact: weights are whole billionths of a kilogram, never floats.

use std::fmt;

use tracemesh_proto::analytics::v1::Figures;

/// The figures that may be added over areas and categories. Distinct subjects may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sums {
    pub records: u64,
    pub late: u64,
    /// None once a weight could not be read: a sum without it would be wrong.
    pub weight: Option<Decimal>,
}

impl Default for Sums {
    fn default() -> Self {
        Self { records: 0, late: 0, weight: Some(Decimal(0)) }
    }
}

impl Sums {
    /// Adds a row's figures; a row without any adds nothing.
    pub fn add(&mut self, figures: Option<&Figures>) {
        let Some(figures) = figures else { return };
        self.records = self.records.saturating_add(figures.records.max(0) as u64);
        self.late = self.late.saturating_add(figures.late.max(0) as u64);
        self.weight = self.weight.zip(Decimal::read(&figures.weight_kg)).and_then(|(a, b)| a.plus(b));
    }
}

/// An exact quantity, such as a weight in kilograms. Ordered by size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decimal(i128);

impl Decimal {
    const PLACES: usize = 9;
    const ONE: i128 = 1_000_000_000;
    /// Digits before the point: far beyond all that a country weighs, and far from overflow.
    const MAX_WHOLE: usize = 24;

    /// A plain decimal ≥ 0 with at most nine places, as the analytics service writes sums; nothing at all is zero.
    pub fn read(text: &str) -> Option<Self> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let is_plain = [whole, fraction].iter().all(|part| part.bytes().all(|b| b.is_ascii_digit()));
        if !is_plain || whole.len() > Self::MAX_WHOLE || fraction.len() > Self::PLACES {
            return None;
        }
        let digits = |text: &str| text.bytes().fold(0, |number: i128, byte| number * 10 + i128::from(byte - b'0'));
        let missing_places = (Self::PLACES - fraction.len()) as u32;
        Some(Self(digits(whole) * Self::ONE + digits(fraction) * 10_i128.pow(missing_places)))
    }
}

impl Decimal {
    /// The sum; None beyond all that can be counted.
    pub fn plus(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, fraction) = (self.0 / Self::ONE, self.0 % Self::ONE);
        match format!("{fraction:09}").trim_end_matches('0') {
            "" => write!(f, "{whole}"),
            places => write!(f, "{whole}.{places}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(records: i64, weight_kg: &str) -> Figures {
        Figures { records, weight_kg: weight_kg.into(), ..Figures::default() }
    }

    #[test]
    fn weights_add_without_rounding() {
        let mut sums = Sums::default();
        for weight in ["0.1", "0.2", "1234567.000000001", ""] {
            sums.add(Some(&figures(1, weight)));
        }
        assert_eq!((sums.records, sums.weight.map(|w| w.to_string()).as_deref()), (4, Some("1234567.300000001")));
    }

    #[test]
    fn an_unreadable_weight_spoils_the_sum_rather_than_vanish() {
        let mut sums = Sums::default();
        sums.add(Some(&figures(1, "1e3")));
        sums.add(Some(&figures(1, "5")));
        assert_eq!((sums.records, sums.weight), (2, None));
    }
}
