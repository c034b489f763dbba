//! Taking the fields of an object out by name, and noting what is odd: a wrong type, a key that stands twice, a field that nobody took.

use std::borrow::Cow;

use serde_json::{Map, Number};

use super::value::Value;
use crate::draft::Draft;
use crate::path::Path;
use crate::reasons::{self, Reason};
use crate::tally::Tally;
use crate::violation::Violation;

/// What fields that nobody took mean: a provider's mistake in our own format, the rule in formats made to be extended. Kept either way.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unknown {
    Warned,
    Expected,
}

/// What a reader notices on its way.
pub(crate) struct Report {
    unknown: Unknown,
    faults: Tally,
    findings: Tally,
    extension: Map<String, serde_json::Value>,
}

impl Report {
    pub(crate) fn new(unknown: Unknown) -> Self {
        Self { unknown, faults: Tally::default(), findings: Tally::default(), extension: Map::new() }
    }

    pub(crate) fn fault(&mut self, reason: Reason, field: &Path<'_>, value: &str) {
        self.faults.push(Violation::new(reason, field.to_string(), value));
    }

    fn mistyped<T>(&mut self, field: &Path<'_>, value: &Value<'_>) -> Option<T> {
        self.fault(reasons::MISTYPED, field, &value.shown());
        None
    }

    /// Keeps a value under its path; what already stands there is never replaced.
    pub(crate) fn keep(&mut self, field: &Path<'_>, value: Value<'_>) {
        let plain = self.plain(field, value);
        if self.extension.contains_key(&field.to_string()) {
            self.fault(reasons::DUPLICATE_KEY, field, "");
        } else {
            self.extension.insert(field.to_string(), plain);
        }
    }

    /// The members of an explicit extension, under their own names.
    pub(crate) fn keep_members(&mut self, field: &Path<'_>, members: Vec<(Cow<'_, str>, Value<'_>)>) {
        for (key, value) in members {
            let plain = self.plain(&field.key(&key), value);
            if self.extension.contains_key(&*key) {
                self.fault(reasons::DUPLICATE_KEY, &field.key(&key), "");
            } else {
                self.extension.insert(key.into_owned(), plain);
            }
        }
    }

    /// The value as serde_json keeps it; keys that stand twice are faults.
    fn plain(&mut self, field: &Path<'_>, value: Value<'_>) -> serde_json::Value {
        match value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(it) => it.into(),
            Value::Number(text) => number(text),
            Value::Text(text) => text.into_owned().into(),
            Value::List(items) => items.into_iter().enumerate().map(|(index, item)| self.plain(&field.item(index), item)).collect(),
            Value::Object(members) => {
                let mut map = Map::new();
                for (key, value) in members {
                    let plain = self.plain(&field.key(&key), value);
                    if map.contains_key(&*key) {
                        self.fault(reasons::DUPLICATE_KEY, &field.key(&key), "");
                    }
                    map.insert(key.into_owned(), plain);
                }
                map.into()
            }
        }
    }

    /// The faults alone, where no draft can be made.
    pub(crate) fn into_faults(self) -> Vec<Violation> {
        self.faults.into_vec()
    }

    pub(crate) fn hand_to(self, draft: &mut Draft) {
        draft.faults = self.faults;
        draft.findings = self.findings;
        draft.extension = self.extension;
    }
}

/// The members of one object that nobody has taken yet.
pub(crate) struct Fields<'a, 'p> {
    pub(crate) path: &'p Path<'p>,
    members: Vec<(Cow<'a, str>, Value<'a>)>,
}

impl<'a, 'p> Fields<'a, 'p> {
    pub(crate) fn new(path: &'p Path<'p>, members: Vec<(Cow<'a, str>, Value<'a>)>) -> Self {
        Self { path, members }
    }

    /// The fields of an object; those of anything else are none, and a fault.
    pub(crate) fn of(value: Value<'a>, path: &'p Path<'p>, report: &mut Report) -> Self {
        match value {
            Value::Object(members) => Self::new(path, members),
            other => Self::new(path, report.mistyped(path, &other).unwrap_or_default()),
        }
    }

    /// The field of this name, in proto spelling or lowerCamelCase; a null is an absent field.
    pub(crate) fn take(&mut self, name: &str, report: &mut Report) -> Option<Value<'a>> {
        let mut from = self.members.iter().position(|(key, _)| is_spelling_of(name, key))?;
        let (_, value) = self.members.swap_remove(from);
        // What stands before has been looked at: an object may have a million members.
        while let Some(further) = self.members[from..].iter().position(|(key, _)| is_spelling_of(name, key)) {
            from += further;
            report.fault(reasons::DUPLICATE_KEY, &self.path.key(name), "");
            self.members.swap_remove(from);
        }
        (value != Value::Null).then_some(value)
    }

    /// A text; an absent one is empty.
    pub(crate) fn text(&mut self, name: &str, report: &mut Report) -> String {
        match self.take(name, report) {
            Some(Value::Text(text)) => text.into_owned(),
            Some(other) => report.mistyped(&self.path.key(name), &other).unwrap_or_default(),
            None => String::new(),
        }
    }

    /// An integer, as a number or in a text; one that does not fit is held at the edge of 64 bits.
    pub(crate) fn integer(&mut self, name: &str, report: &mut Report) -> Option<i64> {
        let value = self.take(name, report)?;
        let number = match &value {
            Value::Number(text) => integer(text),
            Value::Text(text) => integer(text),
            _ => None,
        };
        number.or_else(|| report.mistyped(&self.path.key(name), &value))
    }

    pub(crate) fn flag(&mut self, name: &str, report: &mut Report) -> bool {
        match self.take(name, report) {
            Some(Value::Bool(flag)) => flag,
            Some(other) => report.mistyped(&self.path.key(name), &other).unwrap_or_default(),
            None => false,
        }
    }

    /// The items of a list; an absent one is empty.
    pub(crate) fn list(&mut self, name: &str, report: &mut Report) -> Vec<Value<'a>> {
        match self.take(name, report) {
            Some(Value::List(items)) => items,
            Some(other) => report.mistyped(&self.path.key(name), &other).unwrap_or_default(),
            None => Vec::new(),
        }
    }

    /// Each item of a list, with its path.
    pub(crate) fn each<T>(&mut self, name: &str, report: &mut Report, read: impl Fn(Value<'a>, &Path<'_>, &mut Report) -> T) -> Vec<T> {
        let items = self.list(name, report);
        let list = self.path.key(name);
        items.into_iter().enumerate().map(|(index, item)| read(item, &list.item(index), report)).collect()
    }

    /// A nested object, where it is there.
    pub(crate) fn object<T>(&mut self, name: &str, report: &mut Report, read: impl FnOnce(Fields<'a, '_>, &mut Report) -> T) -> Option<T> {
        let value = self.take(name, report)?;
        let path = self.path.key(name);
        let fields = Fields::of(value, &path, report);
        Some(read(fields, report))
    }

    /// What nobody took goes into the extension, under its path.
    pub(crate) fn finish(self, report: &mut Report) {
        for (key, value) in self.members {
            let field = self.path.key(&key);
            if report.unknown == Unknown::Warned {
                report.findings.push(Violation::new(reasons::FIELD_UNKNOWN, field.to_string(), &value.shown()));
            }
            report.keep(&field, value);
        }
    }
}

/// A number as serde_json keeps it; `1.0` is the integer that it was before a library wrote it, and what no float holds stays a text.
fn number(text: &str) -> serde_json::Value {
    let whole = text.split_once('.').filter(|(_, fraction)| fraction.bytes().all(|byte| byte == b'0')).map_or(text, |(whole, _)| whole);
    whole.parse::<Number>().map_or_else(|_| text.into(), serde_json::Value::Number)
}

/// Whether a key is a field's proto name or the same in lowerCamelCase.
fn is_spelling_of(name: &str, key: &str) -> bool {
    name == key || (name.contains('_') && is_camel_of(name, key))
}

fn is_camel_of(name: &str, key: &str) -> bool {
    let mut words = name.split('_');
    let mut rest = words.next().and_then(|first| key.strip_prefix(first));
    for word in words {
        let (initial, tail) = word.split_at(1);
        rest = rest.and_then(|rest| rest.strip_prefix(&initial.to_ascii_uppercase()[..])?.strip_prefix(tail));
    }
    rest == Some("")
}

/// An integer of any size, saturated; `1.0` is one too, because spreadsheet libraries write it.
fn integer(text: &str) -> Option<i64> {
    let whole = text.split_once('.').map_or(text, |(whole, zeros)| if zeros.bytes().all(|byte| byte == b'0') { whole } else { "" });
    let digits = whole.strip_prefix('-').unwrap_or(whole);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(whole.parse().unwrap_or(if whole.starts_with('-') { i64::MIN } else { i64::MAX }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_and_no_third() {
        for key in ["best_before", "bestBefore"] {
            assert!(is_spelling_of("best_before", key));
        }
        for key in ["BestBefore", "bestbefore", "best_Before", "bestBeforeX", "best", ""] {
            assert!(!is_spelling_of("best_before", key), "{key}");
        }
    }

    #[test]
    fn integers_at_their_edges() {
        assert_eq!(integer("9223372036854775807"), Some(i64::MAX));
        assert_eq!(integer("9223372036854775808"), Some(i64::MAX));
        assert_eq!(integer("-99999999999999999999"), Some(i64::MIN));
        assert_eq!(integer("2.0"), Some(2));
        assert_eq!(["1.5", "1e3", "", "-", "+1", " 1", "."].map(integer), [None; 7]);
    }
}
