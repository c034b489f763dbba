//! Rules on the wire.

use tracemesh_calendar::china_midnight;
use tracemesh_chassis::error::Violation;
use tracemesh_proto::quality::v1 as wire;

use crate::app::{Count, Tried};
use crate::domain::days::day;
use crate::error::QualityError;

/// Days of one dry run, and providers in its answer.
const DAYS_MAX: i32 = 31;
const PROVIDERS_MAX: usize = 100;

/// From the first instant of the first day to the first after the last, in unix microseconds.
pub fn days(from: &str, to: &str) -> Result<(i64, i64), QualityError> {
    let read = |field, text: &str| day(text).ok_or_else(|| Violation::new(field, "error.request.date_invalid").with("value", text));
    let (from, to) = match (read("from", from), read("to", to)) {
        (Ok(from), Ok(to)) => (from, to),
        (from, to) => return Err(QualityError::Invalid([from.err(), to.err()].into_iter().flatten().collect())),
    };
    let after = to.tomorrow().unwrap_or(to);
    let days = (china_midnight(after) - china_midnight(from)) / 86_400_000_000;
    if !(1..=i64::from(DAYS_MAX)).contains(&days) {
        return Err(QualityError::Invalid(vec![Violation::new("to", "error.rules.days").with("limit", DAYS_MAX.to_string())]));
    }
    Ok((china_midnight(from), china_midnight(after)))
}

pub fn tried(tried: Tried) -> wire::DryRunRulesResponse {
    let Count { refused, found } = tried.total;
    let of_rule = |(rule, (Count { refused, found }, examples))| wire::RuleCount { rule, refused, found, examples };
    let of_provider = |(provider, Count { refused, found })| wire::ProviderCount { provider, refused, found };
    let mut providers: Vec<wire::ProviderCount> = tried.providers.into_iter().map(of_provider).collect();
    providers.sort_by_key(|of| std::cmp::Reverse(of.refused + of.found));
    providers.truncate(PROVIDERS_MAX);
    let rules = tried.rules.into_iter().map(of_rule).collect();
    wire::DryRunRulesResponse { records: tried.records, refused, found, rules, providers, cut: tried.is_cut }
}
