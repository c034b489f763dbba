//! Cutting a body into submissions: the elements of an array, the lines of NDJSON, or one record.
//!
//! Each piece is a span of the body, because a receipt's hash is over the bytes as they came. In a broken array the elements before the
//! break are whole submissions, and the rest, even if nothing is left of it, is one more that can only be rejected: so a provider whose
//! connection broke learns it. Lines stand for themselves: a broken one spoils no other.

use std::ops::Range;

use super::scanner::{Break, Scanner};
use crate::reasons;
use crate::violation::Violation;

/// Pieces of one body. A body is bounded in bytes by whoever received it; this bounds what two bytes can cost.
const MOST_PIECES: usize = 100_000;

/// One submission within a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its bytes.
    pub span: Range<usize>,
    /// Why it can only be rejected, where that is known from cutting alone.
    pub fault: Option<Violation>,
}

impl Piece {
    pub(crate) fn whole(span: Range<usize>) -> Self {
        Self { span, fault: None }
    }
}

/// Cuts a body of records. Empty where there is nothing to cut out: no bytes, white space, or an empty array.
pub fn split(bytes: &[u8]) -> Vec<Piece> {
    let scanner = &mut Scanner::new(bytes);
    scanner.space();
    match scanner.peek() {
        None => Vec::new(),
        Some(b'[') => array(scanner, bytes),
        Some(_) => lines_or_one(scanner, bytes),
    }
}

fn array(scanner: &mut Scanner<'_>, bytes: &[u8]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    if let Err(broken) = elements(scanner, &mut pieces).and_then(|()| scanner.end()) {
        pieces.push(remainder(broken, scanner.at, bytes));
    }
    pieces
}

/// Adds the elements of the array that begins here. On a break the scanner stands where the rest begins.
pub(crate) fn elements(scanner: &mut Scanner<'_>, pieces: &mut Vec<Piece>) -> Result<(), Break> {
    scanner.expect(b'[')?;
    scanner.space();
    if scanner.eat(b']') {
        return Ok(());
    }
    loop {
        scanner.space();
        let start = scanner.at;
        if pieces.len() == MOST_PIECES {
            return scanner.fail(reasons::TOO_MANY_PIECES);
        }
        if let Err(broken) = scanner.skip() {
            scanner.at = start;
            return Err(broken);
        }
        pieces.push(Piece::whole(start..scanner.at));
        scanner.space();
        if !scanner.eat(b',') {
            return scanner.expect(b']');
        }
    }
}

/// What is left of a body after a break, as the one piece that it is.
pub(crate) fn remainder(broken: Break, start: usize, bytes: &[u8]) -> Piece {
    let reason = if broken.reason == reasons::SYNTAX { reasons::BROKEN_ARRAY } else { broken.reason };
    Piece { span: start..bytes.len(), fault: Some(Break { reason, ..broken }.violation(bytes)) }
}

/// One record may span many lines. Lines are cut where the first is whole by itself or the second begins a new object.
fn lines_or_one(scanner: &mut Scanner<'_>, bytes: &[u8]) -> Vec<Piece> {
    let start = scanner.at;
    let broken = match scanner.skip().and_then(|()| scanner.end()) {
        Ok(()) => return vec![Piece::whole(start..trimmed_end(bytes, start))],
        Err(broken) => broken,
    };
    let mut lines = lines(bytes, start).take(2);
    let first_is_whole = lines.next().is_some_and(|line| is_whole(&bytes[line]));
    let second_begins_anew = lines.next().is_some_and(|line| bytes[line.start] == b'{');
    if first_is_whole || second_begins_anew {
        return bounded_lines(bytes, start);
    }
    vec![Piece { span: start..bytes.len(), fault: Some(broken.violation(bytes)) }]
}

fn bounded_lines(bytes: &[u8], start: usize) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = lines(bytes, start).take(MOST_PIECES).map(Piece::whole).collect();
    if let Some(next) = lines(bytes, start).nth(MOST_PIECES) {
        let broken = Break { reason: reasons::TOO_MANY_PIECES, at: next.start };
        pieces.push(remainder(broken, next.start, bytes));
    }
    pieces
}

/// The lines that hold something, without the white space around them.
fn lines(bytes: &[u8], start: usize) -> impl Iterator<Item = Range<usize>> {
    let mut next = start;
    let raw = bytes[start..].split(|byte| *byte == b'\n').map(move |line| {
        let here = next;
        next += line.len() + 1;
        (here, line)
    });
    raw.map(|(here, line)| here + (line.len() - line.trim_ascii_start().len())..here + line.trim_ascii_end().len())
        .filter(|span| span.start < span.end)
}

fn is_whole(line: &[u8]) -> bool {
    let scanner = &mut Scanner::new(line);
    scanner.skip().and_then(|()| scanner.end()).is_ok()
}

fn trimmed_end(bytes: &[u8], start: usize) -> usize {
    start + bytes[start..].trim_ascii_end().len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The pieces as texts, those with a fault after its code.
    fn cut(body: &str) -> Vec<String> {
        let shown = |piece: Piece| {
            let text = &body[piece.span];
            piece.fault.map_or(text.to_owned(), |fault| format!("{}: {text}", fault.code))
        };
        split(body.as_bytes()).into_iter().map(shown).collect()
    }

    #[test]
    fn arrays() {
        assert_eq!(cut(r#" [ {"a":1} , 2,"x" ] "#), [r#"{"a":1}"#, "2", r#""x""#]);
        assert_eq!(cut("[]"), [""; 0]);
        assert_eq!(cut(r#"[{"a":1},{"b":"#), [r#"{"a":1}"#, r#"record.broken_array: {"b":"#]);
        assert_eq!(cut(r#"[{"a":1},{b},{"c":1}]"#), [r#"{"a":1}"#, r#"record.broken_array: {b},{"c":1}]"#]);
        assert_eq!(cut(r#"[{"a":1}"#), [r#"{"a":1}"#, "record.broken_array: "]);
        assert_eq!(cut("[1,]"), ["1", "record.broken_array: ]"]);
        assert_eq!(cut("[1] 2"), ["1", "record.trailing: 2"]);
        assert_eq!(cut("["), ["record.broken_array: "]);
    }

    #[test]
    fn lines_stand_for_themselves() {
        assert_eq!(cut("{\"a\":1}\r\n\n{\"b\":\n{\"c\":3}\n"), ["{\"a\":1}", "{\"b\":", "{\"c\":3}"]);
        assert_eq!(cut("{\"a\":\n{\"b\":2}"), ["{\"a\":", "{\"b\":2}"]);
        assert_eq!(cut("{\"a\":1}\ngarbage"), ["{\"a\":1}", "garbage"]);
    }

    #[test]
    fn one_record_may_span_lines() {
        assert_eq!(cut("\u{feff}{\n \"a\": 1\n}\n"), ["{\n \"a\": 1\n}"]);
        assert_eq!(cut("{\n \"a\": 1,\n"), ["record.syntax: {\n \"a\": 1,\n"]);
        assert_eq!(cut("{} {}"), ["record.trailing: {} {}"]);
        assert_eq!(cut("garbage"), ["record.syntax: garbage"]);
        assert_eq!(cut(" \n "), [""; 0]);
    }

    #[test]
    fn an_element_of_any_depth_or_encoding_spoils_no_other() {
        let deep = format!("[{}{},1]", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(split(deep.as_bytes()).len(), 2);
        let pieces = split(b"[\"\xff\",1]");
        assert_eq!(pieces, [Piece::whole(1..4), Piece::whole(5..6)]);
    }

    #[test]
    fn a_body_has_a_most_number_of_pieces() {
        let array = format!("[{}1]", "1,".repeat(200_000));
        let lines = "1\n".repeat(200_001);
        for pieces in [split(array.as_bytes()), split(lines.as_bytes())] {
            assert_eq!(pieces.len(), MOST_PIECES + 1);
            assert_eq!(pieces[MOST_PIECES].fault.as_ref().unwrap().code, "record.too_many_pieces");
        }
    }

    proptest! {
        #[test]
        fn pieces_lie_in_order_within_the_body(body in r#"[\[\]{},:"a0 \n]{0,24}"#) {
            let mut end = 0;
            for piece in split(body.as_bytes()) {
                prop_assert!(end <= piece.span.start && piece.span.start <= piece.span.end && piece.span.end <= body.len());
                end = piece.span.end;
            }
        }

        #[test]
        fn a_cut_array_keeps_its_whole_elements(count in 1..20_usize, cut in 0..200_usize) {
            let array = format!("[{}]", vec![r#"{"a":1}"#; count].join(","));
            let body = &array.as_bytes()[..cut.clamp(1, array.len())];
            let pieces = split(body);
            let whole = pieces.iter().filter(|piece| piece.fault.is_none()).count();
            prop_assert_eq!(whole, body.len() / 8);
            prop_assert_eq!(pieces.len() - whole, usize::from(body.len() < array.len()));
        }
    }
}
