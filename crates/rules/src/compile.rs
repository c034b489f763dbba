//! From rules as written to rules that can be asked: every fault of every rule at once, or a set.
//!
//! What a rule may cost is bounded here, once: patterns are linear in the text, an expression has so many parts, and no test can repeat
//! itself. A general expression language (CEL) was looked at and left: its interpreter copies the record into its own values for every look
//! and has no limit on steps, while the tests here joined by all, any and not say what rules of the field have needed.

use regex::RegexBuilder;
use tracemesh_codes::Scheme;
use tracemesh_model::{Amount, Class};

use crate::field::Field;
use crate::rule::Rule;
use crate::test::{Format, Test};
use crate::written::{Within, Written};

/// Rules of one set.
pub const MOST_RULES: usize = 500;
/// Bytes of any text of a rule.
pub const LONGEST_TEXT: usize = 2_048;
/// Bytes of an id.
const LONGEST_ID: usize = 64;
/// Entries of any list in a rule, and parts of an expression.
const MOST_PARTS: usize = 64;
/// How deeply an expression may nest.
const DEEPEST: usize = 8;
/// Bytes of a pattern, and of what it is compiled to.
const LONGEST_PATTERN: usize = 256;
const PATTERN_BYTES: usize = 256 << 10;

/// What is wrong with a rule, and where in the list it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Such as `rules[3].test`.
    pub place: String,
    /// Lower-case, without a full stop.
    pub problem: String,
}

/// The faults of one rule, as they are found.
pub(crate) struct Faults {
    at: String,
    found: Vec<Fault>,
}

impl Faults {
    pub(crate) fn of(index: usize) -> Self {
        Self { at: format!("rules[{index}]"), found: Vec::new() }
    }

    pub(crate) fn add(&mut self, field: &str, problem: impl Into<String>) {
        self.found.push(Fault { place: format!("{}.{field}", self.at), problem: problem.into() });
    }

    pub(crate) fn into_vec(self) -> Vec<Fault> {
        self.found
    }
}

/// Everything about a rule besides its test.
pub(crate) fn head(rule: &Rule, faults: &mut Faults) {
    let words =
        rule.id.split('.').all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'));
    if !words || rule.id.len() > LONGEST_ID {
        faults.add("id", format!("{:?} is not dotted lower-case words of at most {LONGEST_ID} bytes", rule.id));
    }
    if rule.version == 0 {
        faults.add("version", "versions begin with 1");
    }
    if let (Some(from), Some(to)) = (rule.valid_from, rule.valid_to)
        && from >= to
    {
        faults.add("valid_to", "is not after valid_from");
    }
    for class in rule.classes.iter().filter(|class| Class::named(class).is_none()) {
        faults.add("classes", format!("{class:?} is no class of records"));
    }
    for (field, list) in [("categories", &rule.categories), ("classes", &rule.classes), ("instead_of", &rule.instead_of)] {
        if list.len() > MOST_PARTS {
            faults.add(field, format!("has more than {MOST_PARTS} entries"));
        }
    }
    texts(rule, faults);
}

fn texts(rule: &Rule, faults: &mut Faults) {
    let texts = [
        ("message_zh", &rule.message_zh),
        ("message_en", &rule.message_en),
        ("remedy_zh", &rule.remedy_zh),
        ("remedy_en", &rule.remedy_en),
        ("source", &rule.source),
    ];
    for (field, text) in texts {
        if text.trim().is_empty() {
            faults.add(field, "is missing");
        }
        if text.len() > LONGEST_TEXT {
            faults.add(field, format!("is longer than {LONGEST_TEXT} bytes"));
        }
    }
}

/// The test of a rule; `None` with faults.
pub(crate) fn test(rule: &Rule, faults: &mut Faults) -> Option<Test> {
    match Written::read(&rule.kind, &rule.test) {
        Ok(written) if parts(&written, 1) > MOST_PARTS => {
            faults.add("test", format!("has more than {MOST_PARTS} parts, or is nested more than {DEEPEST} deep"));
            None
        }
        Ok(written) => compile(written, faults),
        Err(problem) => {
            faults.add("test", problem);
            None
        }
    }
}

/// Parts of a test; too many where it nests too deeply.
fn parts(written: &Written, depth: usize) -> usize {
    let within = |tests: &[Written]| tests.iter().map(|test| parts(test, depth + 1)).fold(1, usize::saturating_add);
    match written {
        _ if depth > DEEPEST => usize::MAX,
        Written::All(tests) | Written::Any(tests) => within(tests),
        Written::Not(test) => within(std::slice::from_ref(test)),
        Written::Required { fields } => fields.len(),
        Written::OneOf { .. } | Written::Format { .. } | Written::Range { .. } | Written::Comparison { .. } | Written::Deadline { .. } => 1,
    }
}

fn compile(written: Written, faults: &mut Faults) -> Option<Test> {
    Some(match written {
        Written::Required { fields } => Test::Required(required(&fields, faults)?),
        Written::Format { field, pattern, schemes } => {
            let (field, format) = (self::field(&field, faults), format(&pattern, &schemes, faults));
            Test::Format(field?, format?)
        }
        Written::Range { field, min, max } => {
            let (field, min, max) = (self::field(&field, faults), bound(min, faults), bound(max, faults));
            Test::Range { field: field?, min: min?, max: max? }
        }
        Written::OneOf { field, values } => Test::OneOf { field: self::field(&field, faults)?, values: some(values, faults)? },
        Written::Comparison { left, is, right } => {
            let (left, right) = (field(&left, faults), field(&right, faults));
            Test::Comparison { left: left?, is, right: right? }
        }
        Written::Deadline { from, within } => Test::Deadline { from: field(&from, faults)?, within: term(within, faults)? },
        Written::All(tests) => Test::All(all(tests, faults)?),
        Written::Any(tests) => Test::Any(all(tests, faults)?),
        Written::Not(test) => Test::Not(Box::new(compile(*test, faults)?)),
    })
}

fn all(tests: Vec<Written>, faults: &mut Faults) -> Option<Vec<Test>> {
    let tests: Vec<Option<Test>> = some(tests, faults)?.into_iter().map(|test| compile(test, faults)).collect();
    tests.into_iter().collect()
}

fn some<T>(list: Vec<T>, faults: &mut Faults) -> Option<Vec<T>> {
    if list.is_empty() || list.len() > MOST_PARTS {
        faults.add("test", format!("needs 1 to {MOST_PARTS} entries"));
        return None;
    }
    Some(list)
}

fn field(path: &str, faults: &mut Faults) -> Option<Field> {
    let field = Field::named(path);
    if field.is_none() {
        faults.add("test", format!("{path:?} is no field of a record"));
    }
    field
}

/// `a|b` = one of them is enough.
fn required(paths: &[String], faults: &mut Faults) -> Option<Vec<Vec<Field>>> {
    let fields: Vec<Option<Vec<Field>>> = some(paths.to_vec(), faults)?
        .iter()
        .map(|path| {
            let any: Vec<Option<Field>> = path.split('|').map(|path| field(path, faults)).collect();
            any.into_iter().collect()
        })
        .collect();
    fields.into_iter().collect()
}

fn format(pattern: &str, schemes: &[String], faults: &mut Faults) -> Option<Format> {
    match (pattern.is_empty(), schemes.is_empty()) {
        (false, true) if pattern.len() <= LONGEST_PATTERN => {
            let whole = RegexBuilder::new(&format!("^(?:{pattern})$")).size_limit(PATTERN_BYTES).build();
            whole.map(Format::Pattern).map_err(|fault| faults.add("test", format!("the pattern is none: {fault}"))).ok()
        }
        (true, false) => {
            let named: Result<Vec<Scheme>, _> = schemes.iter().map(|name| name.parse()).collect();
            named.map(Format::Schemes).map_err(|_| faults.add("test", format!("an unknown scheme among {}", schemes.join(" ")))).ok()
        }
        _ => {
            faults.add("test", format!("needs either a pattern of at most {LONGEST_PATTERN} bytes or schemes"));
            None
        }
    }
}

fn bound(text: Option<String>, faults: &mut Faults) -> Option<Option<Amount>> {
    let Some(text) = text else { return Some(None) };
    Amount::parse(&text).map(Some).map_err(|fault| faults.add("test", format!("the bound {text:?} is {fault}"))).ok()
}

fn term(within: Within, faults: &mut Faults) -> Option<Within> {
    match within {
        Within::DayOfNextMonth(day) if !(1..=28).contains(&day) => {
            faults.add("test", "day_of_next_month is from 1 to 28, which every month has");
            None
        }
        within => Some(within),
    }
}
