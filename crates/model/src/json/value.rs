//! One JSON document as a tree that borrows from its bytes. Numbers stay text, and an object keeps every member in order, twice-written
//! keys included: who reads the object decides what they mean.

use std::borrow::Cow;

use super::scanner::{Break, Scanner};
use crate::reasons;

/// Levels of nesting. A record has five; an extension may have more.
const DEEPEST: usize = 64;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value<'a> {
    Null,
    Bool(bool),
    Number(&'a str),
    Text(Cow<'a, str>),
    List(Vec<Value<'a>>),
    Object(Vec<(Cow<'a, str>, Value<'a>)>),
}

impl<'a> Value<'a> {
    /// A member of an object by its exact key; the first, where it stands twice.
    pub(crate) fn member(&self, key: &str) -> Option<&Value<'a>> {
        let Value::Object(members) = self else { return None };
        members.iter().find_map(|(its, value)| (its == key).then_some(value))
    }

    /// The items of a list, none of anything else.
    pub(crate) fn items(&self) -> &[Value<'a>] {
        if let Value::List(items) = self { items } else { &[] }
    }

    pub(crate) fn as_text(&self) -> Option<&str> {
        if let Value::Text(text) = self { Some(text) } else { None }
    }

    /// The value as a receipt repeats it; a container is named by its kind, because its content may be anything.
    pub(crate) fn shown(&self) -> Cow<'_, str> {
        match self {
            Value::Null => "null".into(),
            Value::Bool(flag) => flag.to_string().into(),
            Value::Number(text) => (*text).into(),
            Value::Text(text) => (&**text).into(),
            Value::List(_) => "[…]".into(),
            Value::Object(_) => "{…}".into(),
        }
    }
}

/// The one value that the bytes hold, with nothing after it.
pub(crate) fn document(bytes: &[u8]) -> Result<Value<'_>, Break> {
    let scanner = &mut Scanner::new(bytes);
    scanner.space();
    if scanner.peek().is_none() {
        return scanner.fail(reasons::EMPTY);
    }
    let value = value(scanner, 0)?;
    scanner.end()?;
    Ok(value)
}

fn value<'a>(scanner: &mut Scanner<'a>, depth: usize) -> Result<Value<'a>, Break> {
    scanner.space();
    match scanner.peek() {
        Some(b'{' | b'[') if depth == DEEPEST => scanner.fail(reasons::TOO_DEEP),
        Some(b'{') => object(scanner, depth + 1),
        Some(b'[') => list(scanner, depth + 1),
        Some(b'"') => scanner.text().map(Value::Text),
        Some(b'-' | b'0'..=b'9') => scanner.number().map(Value::Number),
        Some(b't') => scanner.word("true").map(|()| Value::Bool(true)),
        Some(b'f') => scanner.word("false").map(|()| Value::Bool(false)),
        _ => scanner.word("null").map(|()| Value::Null),
    }
}

fn list<'a>(scanner: &mut Scanner<'a>, depth: usize) -> Result<Value<'a>, Break> {
    let mut items = Vec::new();
    scanner.expect(b'[')?;
    scanner.space();
    if scanner.eat(b']') {
        return Ok(Value::List(items));
    }
    loop {
        items.push(value(scanner, depth)?);
        scanner.space();
        if !scanner.eat(b',') {
            scanner.expect(b']')?;
            return Ok(Value::List(items));
        }
    }
}

fn object<'a>(scanner: &mut Scanner<'a>, depth: usize) -> Result<Value<'a>, Break> {
    let mut members = Vec::new();
    scanner.expect(b'{')?;
    scanner.space();
    if scanner.eat(b'}') {
        return Ok(Value::Object(members));
    }
    loop {
        scanner.space();
        let key = scanner.text()?;
        scanner.space();
        scanner.expect(b':')?;
        members.push((key, value(scanner, depth)?));
        scanner.space();
        if !scanner.eat(b',') {
            scanner.expect(b'}')?;
            return Ok(Value::Object(members));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn is_json(text: &str) -> bool {
        serde_json::from_str::<&serde_json::value::RawValue>(text).is_ok()
    }

    #[test]
    fn depth_is_bounded_and_64_is_allowed() {
        let nested = |depth| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
        assert!(document(nested(64).as_bytes()).is_ok());
        assert_eq!(document(nested(65).as_bytes()).unwrap_err(), Break { reason: reasons::TOO_DEEP, at: 64 });
        assert_eq!(document("[".repeat(1_000_000).as_bytes()).unwrap_err().reason, reasons::TOO_DEEP);
    }

    #[test]
    fn numbers_stay_as_they_are_written() {
        let Value::List(numbers) = document(b"[-0, 1.10, 18446744073709551616, 1E400]").unwrap() else { panic!() };
        assert_eq!(numbers, ["-0", "1.10", "18446744073709551616", "1E400"].map(Value::Number));
    }

    proptest! {
        /// Texts made of JSON's own characters are JSON here exactly where they are for serde_json, and reading and skipping agree.
        #[test]
        fn serde_json_is_the_judge(text in r#"[\[\]{},:"0-9.eE+\\u \-a-ftrulsn]{0,12}"#) {
            let read = document(text.as_bytes());
            if read.as_ref().is_err_and(|broken| broken.reason == reasons::NOT_UTF8) {
                return Ok(()); // half a surrogate pair, which a raw value does not look at
            }
            prop_assert_eq!(read.is_ok(), is_json(&text), "{}", text);
            let scanner = &mut Scanner::new(text.as_bytes());
            prop_assert_eq!(scanner.skip().and_then(|()| scanner.end()).is_ok(), read.is_ok(), "{}", text);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = document(&bytes);
        }
    }
}
