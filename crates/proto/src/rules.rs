//! Rules on the wire and as the rules crate reads them.

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tracemesh_rules::{Fault, Rule};

use crate::quality::v1 as wire;
use crate::time::{micros, timestamp};

/// Rules of a message, not yet compiled.
///
/// # Errors
/// Every dimension, severity, time and test that is none, by its place.
pub fn read(rules: Vec<wire::Rule>) -> Result<Vec<Rule>, Vec<Fault>> {
    let (mut read, mut faults) = (Vec::new(), Vec::new());
    for (index, rule) in rules.into_iter().enumerate() {
        match self::rule(rule) {
            Ok(rule) => read.push(rule),
            Err(found) => {
                faults.extend(found.into_iter().map(|(field, problem)| Fault { place: format!("rules[{index}].{field}"), problem }))
            }
        }
    }
    if faults.is_empty() { Ok(read) } else { Err(faults) }
}

/// A rule as a message.
pub fn write(rule: &Rule) -> wire::Rule {
    let word = |value: Value| value.as_str().unwrap_or_default().to_owned();
    wire::Rule {
        id: rule.id.clone(),
        version: rule.version,
        dimension: word(json!(rule.dimension)),
        severity: word(json!(rule.severity)),
        categories: rule.categories.clone(),
        classes: rule.classes.clone(),
        jurisdiction: rule.jurisdiction.clone(),
        valid_from: rule.valid_from.map(|at| timestamp(at.as_microsecond())),
        valid_to: rule.valid_to.map(|at| timestamp(at.as_microsecond())),
        kind: rule.kind.clone(),
        test: rule.test.to_string(),
        message_zh: rule.message_zh.clone(),
        message_en: rule.message_en.clone(),
        remedy_zh: rule.remedy_zh.clone(),
        remedy_en: rule.remedy_en.clone(),
        source: rule.source.clone(),
        publisher: rule.publisher.clone(),
        instead_of: rule.instead_of.clone(),
    }
}

type Faults = Vec<(&'static str, String)>;

fn rule(rule: wire::Rule) -> Result<Rule, Faults> {
    let mut faults = Faults::new();
    let dimension = word(&rule.dimension).map_err(|problem| faults.push(("dimension", problem)));
    let severity = word(&rule.severity).map_err(|problem| faults.push(("severity", problem)));
    let valid_from = time(rule.valid_from.as_ref()).map_err(|problem| faults.push(("valid_from", problem)));
    let valid_to = time(rule.valid_to.as_ref()).map_err(|problem| faults.push(("valid_to", problem)));
    let test = serde_json::from_str(&rule.test).map_err(|fault| faults.push(("test", fault.to_string())));
    let (Ok(dimension), Ok(severity), Ok(valid_from), Ok(valid_to), Ok(test)) = (dimension, severity, valid_from, valid_to, test) else {
        return Err(faults);
    };
    Ok(Rule {
        id: rule.id,
        version: rule.version,
        dimension,
        severity,
        categories: rule.categories,
        classes: rule.classes,
        jurisdiction: rule.jurisdiction,
        valid_from,
        valid_to,
        kind: rule.kind,
        test,
        message_zh: rule.message_zh,
        message_en: rule.message_en,
        remedy_zh: rule.remedy_zh,
        remedy_en: rule.remedy_en,
        source: rule.source,
        publisher: rule.publisher,
        instead_of: rule.instead_of,
    })
}

/// A word of a closed list, as rule files spell it.
fn word<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_value(json!(text)).map_err(|fault| fault.to_string())
}

fn time(at: Option<&prost_types::Timestamp>) -> Result<Option<Timestamp>, String> {
    at.map(|at| Timestamp::from_microsecond(micros(Some(at))).map_err(|fault| fault.to_string())).transpose()
}

#[cfg(test)]
mod tests {
    use tracemesh_rules::default_rules;

    use super::*;

    #[test]
    fn rules_read_back() {
        let mut rules = default_rules();
        rules[0].valid_from = Timestamp::from_microsecond(1_795_564_800_000_001).ok();
        assert_eq!(read(rules.iter().map(write).collect()), Ok(rules));
    }

    #[test]
    fn what_is_no_rule_says_everything_at_once() {
        let faults = read(vec![wire::Rule { severity: "fatal".into(), ..wire::Rule::default() }]).unwrap_err();
        let places: Vec<&str> = faults.iter().map(|fault| fault.place.as_str()).collect();
        assert_eq!(places, ["rules[0].dimension", "rules[0].severity", "rules[0].test"]);
    }
}
