//! What detectors are told. Every figure is ours, chosen on made-up data of the shape that the field has; a node sets its own, and then
//! everything is looked at again from the first entry.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Parameters {
    /// How much more than came in may go out, in thousandths: scales differ, and fractions are rounded. Ours.
    pub balance_tolerance_permille: u32,
    /// So many equal weights one after the other, of one subject, product and day. Ours.
    pub identical_run: usize,
    /// Weights that are a multiple of this many grams are portions, not readings of a scale. Ours.
    pub identical_round_g: u32,
    /// A price this many percent of the day's median, or less than its inverse. Ours.
    pub price_factor_percent: u32,
    /// So many prices make a median. Ours.
    pub price_least: usize,
    /// A clock may differ by this much before a sale comes before its goods. Ours.
    pub clock_tolerance_s: u32,
    /// So many subjects may begin chains with one certificate: a cooperative's members do. Ours.
    pub certificate_subjects: usize,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            balance_tolerance_permille: 20,
            identical_run: 5,
            identical_round_g: 50,
            price_factor_percent: 300,
            price_least: 8,
            clock_tolerance_s: 3_600,
            certificate_subjects: 2,
        }
    }
}
