//! The indicators of running assessment (运行考核), each with its numerator and denominator. Names follow practice, formulas are ours.
//!
//! | id | numerator / denominator |
//! |---|---|
//! | active_nodes (K1) | active establishments of the registry that answer for a record in force / all of them, by the area and categories that they are registered for |
//! | timeliness (K3) | records that came within their deadline / records |
//! | completeness (K4) | legal fields filled / legal fields due |
//! | conformity (K5) | records in force / records in force and rejected submissions |
//! | chain_completeness (K6) | outgoing records whose chain is complete / outgoing records |
//! | rectification (K7) | findings closed within their time / findings that were raised, by the day on which they were found |
//! | anomaly (K8) | records that a finding of severity `warn` is about / records |
//!
//! K2 needs the days on which a place is open, which nobody registers yet.

use super::cell::Counts;
use super::detect;

/// What a row is made from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Score {
    pub counts: Counts,
    pub establishments: i64,
    pub active: i64,
    /// Records that are doubtful.
    pub anomalous: i64,
    pub raised: i64,
    pub closed_in_time: i64,
    /// Findings raised, by dimension.
    pub dimensions: [i64; detect::Dimension::ALL.len()],
}

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Indicator {
    pub id: &'static str,
    pub numerator: i64,
    pub denominator: i64,
}

impl Score {
    pub fn indicators(&self) -> [Indicator; 7] {
        let Counts { records, late, due, filled, refused, outgoing, complete } = self.counts;
        let indicator = |id, numerator, denominator| Indicator { id, numerator, denominator };
        [
            indicator("active_nodes", self.active, self.establishments),
            indicator("timeliness", records - late, records),
            indicator("completeness", filled, due),
            indicator("conformity", records, records + refused),
            indicator("chain_completeness", complete, outgoing),
            indicator("rectification", self.closed_in_time, self.raised),
            indicator("anomaly", self.anomalous, records),
        ]
    }
}

impl Indicator {
    /// Six decimals, cut and not rounded, so that only the whole is 1; empty where there is nothing to divide by.
    pub fn rate(&self) -> String {
        if self.denominator == 0 {
            return String::new();
        }
        let millionths = i128::from(self.numerator) * 1_000_000 / i128::from(self.denominator);
        format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_one_only_where_all_of_it_is_there() {
        let rate = |numerator, denominator| Indicator { id: "x", numerator, denominator }.rate();
        assert_eq!(
            [rate(1, 3), rate(9_999_999, 10_000_000), rate(5, 5), rate(0, 7), rate(0, 0)],
            ["0.333333", "0.999999", "1.000000", "0.000000", ""]
        );
    }
}
