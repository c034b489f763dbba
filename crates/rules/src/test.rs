//! A compiled test: what it says of a record, and where the record breaks it.
//!
//! A test of a field that is not there says nothing, except `required`, and a rule is broken only where its test says no. Joined tests keep
//! to that: `all` says no where one of them does, `any` where all of them do, and `not` turns a no into a yes and keeps a silence.

use regex::Regex;
use tracemesh_calendar::{Term, china_day, china_midnight, due, overdue};
use tracemesh_codes::Scheme;
use tracemesh_model::Amount;

use crate::case::Case;
use crate::field::Field;
use crate::value::Value;
use crate::written::{Relation, Within};

/// Values of one list that one rule names in one record.
const PLACES_MAX: usize = 10;

#[derive(Clone, Debug)]
pub(crate) enum Test {
    /// For each field that must be there, those of which one is enough.
    Required(Vec<Vec<Field>>),
    Format(Field, Format),
    Range {
        field: Field,
        min: Option<Amount>,
        max: Option<Amount>,
    },
    OneOf {
        field: Field,
        values: Vec<String>,
    },
    Comparison {
        left: Field,
        is: Relation,
        right: Field,
    },
    Deadline {
        from: Field,
        within: Within,
    },
    All(Vec<Test>),
    Any(Vec<Test>),
    Not(Box<Test>),
}

#[derive(Clone, Debug)]
pub(crate) enum Format {
    Pattern(Regex),
    Schemes(Vec<Scheme>),
}

impl Test {
    /// Whether the record keeps it; `None` where it says nothing about this record. Allocates nothing.
    pub(crate) fn holds(&self, case: &Case<'_>) -> Option<bool> {
        match self {
            Self::Required(fields) => Some(fields.iter().all(|any| is_there(any, case))),
            Self::All(tests) => joined(tests, case, false),
            Self::Any(tests) => joined(tests, case, true),
            Self::Not(test) => test.holds(case).map(|holds| !holds),
            _ => {
                let mut answers = self.field()?.values(case).filter_map(|(index, value)| self.keeps(case, index, value)).peekable();
                answers.peek()?;
                Some(answers.all(|keeps| keeps))
            }
        }
    }

    /// Where a broken test is broken, with what stands there.
    pub(crate) fn places(&self, case: &Case<'_>) -> Vec<(String, String)> {
        match self {
            Self::Required(fields) => {
                let absent = fields.iter().filter(|any| !is_there(any, case)).filter_map(|any| any.first()).map(Field::path);
                vec![(absent.collect::<Vec<_>>().join(","), String::new())]
            }
            Self::All(tests) => tests.iter().filter(|test| test.holds(case) == Some(false)).flat_map(|test| test.places(case)).collect(),
            Self::Any(tests) => vec![(tests.iter().flat_map(Self::paths).collect::<Vec<_>>().join(","), String::new())],
            Self::Not(test) => vec![(test.paths().join(","), String::new())],
            _ => {
                let Some(field) = self.field() else { return Vec::new() };
                let broken = field.values(case).filter(|(index, value)| self.keeps(case, *index, *value) == Some(false));
                broken.take(PLACES_MAX).map(|(index, value)| (field.place(index), value.shown().into_owned())).collect()
            }
        }
    }

    /// The field whose values are looked at one by one.
    fn field(&self) -> Option<&Field> {
        match self {
            Self::Format(field, _) | Self::Range { field, .. } | Self::OneOf { field, .. } => Some(field),
            Self::Comparison { left: field, .. } | Self::Deadline { from: field, .. } => Some(field),
            Self::Required(_) | Self::All(_) | Self::Any(_) | Self::Not(_) => None,
        }
    }

    /// Every field that it is about.
    fn paths(&self) -> Vec<&str> {
        match self {
            Self::Required(fields) => fields.iter().flatten().map(Field::path).collect(),
            Self::All(tests) | Self::Any(tests) => tests.iter().flat_map(Self::paths).collect(),
            Self::Not(test) => test.paths(),
            Self::Comparison { left, right, .. } => vec![left.path(), right.path()],
            _ => self.field().map(Field::path).into_iter().collect(),
        }
    }

    /// What it says of one value.
    fn keeps(&self, case: &Case<'_>, index: usize, value: Value<'_>) -> Option<bool> {
        match self {
            Self::Format(_, Format::Pattern(pattern)) => Some(pattern.is_match(value.as_text()?)),
            Self::Format(_, Format::Schemes(schemes)) => match value {
                Value::Code(code) => Some(schemes.contains(&code.scheme)),
                value => value.as_text().map(|text| schemes.iter().any(|scheme| tracemesh_codes::parse(*scheme, "", text).is_ok())),
            },
            Self::Range { min, max, .. } => match value {
                Value::Amount(amount) => Some(min.is_none_or(|min| amount >= min) && max.is_none_or(|max| amount <= max)),
                _ => None,
            },
            Self::OneOf { values, .. } => value.as_text().map(|text| values.iter().any(|allowed| allowed == text)),
            Self::Comparison { is, right, .. } => is.holds(value, right.at(case, index)?),
            Self::Deadline { within, .. } => match value {
                Value::Instant(from) => Some(!within.is_over(from, case.reception.received_at)),
                _ => None,
            },
            Self::Required(_) | Self::All(_) | Self::Any(_) | Self::Not(_) => None,
        }
    }
}

fn is_there(any: &[Field], case: &Case<'_>) -> bool {
    any.iter().any(|field| field.values(case).next().is_some())
}

/// The answer that decides wins; without it, one silence makes the whole silent.
fn joined(tests: &[Test], case: &Case<'_>, decides: bool) -> Option<bool> {
    let mut answer = Some(!decides);
    for test in tests {
        match test.holds(case) {
            Some(holds) if holds == decides => return Some(decides),
            Some(_) => {}
            None => answer = None,
        }
    }
    answer
}

impl Relation {
    fn holds(self, left: Value<'_>, right: Value<'_>) -> Option<bool> {
        let order = left.compare(right)?;
        Some(match self {
            Self::Less => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::Equal => order.is_eq(),
            Self::Other => order.is_ne(),
        })
    }
}

impl Within {
    fn is_over(self, from: i64, now: i64) -> bool {
        let term = match self {
            Self::Minutes(minutes) => Term::Minutes(minutes),
            Self::Hours(hours) => Term::Hours(hours),
            Self::Days(days) => Term::Days(days),
            Self::WorkingDays(days) => Term::WorkingDays(days),
            Self::DayOfNextMonth(day) => return now >= end_of_day_of_next_month(from, day),
        };
        overdue(now, due(from, term))
    }
}

/// Compiling has made sure that every month has such a day.
fn end_of_day_of_next_month(from: i64, day: i8) -> i64 {
    let first_of_next = china_day(from).last_of_month().tomorrow();
    let last = first_of_next.and_then(|first| first.with().day(day).build()?.tomorrow());
    last.map_or(i64::MAX, china_midnight)
}
