//! One broken rule of one record, in the shape in which receipts keep it for years.

use std::borrow::Cow;
use std::fmt;

use tracemesh_codes::resident_id;

use crate::reasons::Reason;

/// Characters of an offending value that a receipt repeats.
const SHOWN: usize = 200;

/// A value is masked before it is cut, so that the cut never leaves most of a person's number bare; the margin is longer than one.
const MASKED: usize = SHOWN + 40;

/// What is wrong, where, and what stood there. It stands in a receipt's `reasons` when it rejects and in its `findings` when it warns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The catalogue's key, one of [`crate::reasons::keys`]; of a rule that was published, `rule.` and its id.
    pub code: Cow<'static, str>,
    /// The field's path in proto names, such as `units[3].quantity.value`; empty for the record as a whole.
    pub field: String,
    /// What stood there: at most 200 characters, persons' numbers masked.
    pub value: String,
    /// The rule, in a few words.
    pub rule: Cow<'static, str>,
}

impl Violation {
    /// A violation of `reason` at `field`; the value is masked and cut here, so that no caller can forget it.
    pub fn new(reason: Reason, field: impl Into<String>, value: &str) -> Self {
        Self::named(reason.code, reason.rule, field, value)
    }

    /// A violation of something that has its name from elsewhere than this crate.
    pub fn named(code: impl Into<Cow<'static, str>>, rule: impl Into<Cow<'static, str>>, field: impl Into<String>, value: &str) -> Self {
        Self { code: code.into(), field: field.into(), value: excerpt(value), rule: rule.into() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {:?}: {:?} ({})", self.code, self.field, self.value, self.rule)
    }
}

fn excerpt(value: &str) -> String {
    let near: String = value.chars().take(MASKED).collect();
    resident_id::mask(&near).chars().take(SHOWN).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reasons::MISTYPED;

    #[test]
    fn a_value_is_cut_by_characters() {
        let long = Violation::new(MISTYPED, "x", &"鱼".repeat(5_000));
        assert_eq!(long.value, "鱼".repeat(200));
    }

    #[test]
    fn a_persons_number_is_masked_even_across_the_cut() {
        let text = format!("{}11010519491231002X", "身份证 ".repeat(48));
        let shown = Violation::new(MISTYPED, "x", &text).value;
        assert!(!shown.contains("1949"), "{shown}");
    }
}
