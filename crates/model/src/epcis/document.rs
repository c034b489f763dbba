//! Cutting EPCIS documents into events: capture documents, query documents, arrays and lines of events, and single events.
//!
//! An event is a span of the document's bytes. Where a document breaks, the events before the break are whole, and the rest is one piece
//! that can only be rejected; that holds for what stands after the list of events, too.

use crate::json::{self, Break, Piece, Scanner, elements, remainder};
use crate::reasons;

/// Cuts a body of events. Empty where there is nothing to cut out.
pub fn split(bytes: &[u8]) -> Vec<Piece> {
    let mut cut = Cut { scanner: Scanner::new(bytes), pieces: Vec::new(), in_body: false, listed: false };
    let result = cut.document();
    if !cut.in_body {
        return json::split(bytes);
    }
    if let Err(broken) = result {
        let start = if cut.listed { cut.scanner.at } else { 0 };
        cut.pieces.push(remainder(broken, start, bytes));
    }
    cut.pieces
}

struct Cut<'a> {
    scanner: Scanner<'a>,
    pieces: Vec<Piece>,
    /// A body was found: this is a document.
    in_body: bool,
    /// Its events were found.
    listed: bool,
}

impl Cut<'_> {
    fn document(&mut self) -> Result<(), Break> {
        self.members(|cut, key| match key {
            "epcisBody" => {
                cut.in_body = true;
                cut.body()
            }
            _ => cut.scanner.skip(),
        })?;
        self.scanner.end()?;
        if self.listed { Ok(()) } else { self.scanner.fail(reasons::EPCIS_NO_EVENTS) }
    }

    /// `eventList` stands in the body of a capture document, and below `queryResults.resultsBody` in that of a query document: nowhere deeper.
    fn body(&mut self) -> Result<(), Break> {
        self.members(|cut, key| match key {
            "eventList" => cut.events(),
            "queryResults" => cut.members(|cut, key| match key {
                "resultsBody" => cut.members(|cut, key| match key {
                    "eventList" => cut.events(),
                    _ => cut.scanner.skip(),
                }),
                _ => cut.scanner.skip(),
            }),
            _ => cut.scanner.skip(),
        })
    }

    fn events(&mut self) -> Result<(), Break> {
        if self.listed {
            return self.scanner.fail(reasons::DUPLICATE_KEY);
        }
        self.listed = true;
        elements(&mut self.scanner, &mut self.pieces)
    }

    /// Walks the members of the object that begins here.
    fn members(&mut self, visit: fn(&mut Self, &str) -> Result<(), Break>) -> Result<(), Break> {
        self.scanner.space();
        self.scanner.expect(b'{')?;
        self.scanner.space();
        if self.scanner.eat(b'}') {
            return Ok(());
        }
        loop {
            self.scanner.space();
            let key = self.scanner.text()?;
            self.scanner.space();
            self.scanner.expect(b':')?;
            self.scanner.space();
            visit(self, &key)?;
            self.scanner.space();
            if !self.scanner.eat(b',') {
                return self.scanner.expect(b'}');
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(body: &str) -> Vec<String> {
        let shown = |piece: Piece| {
            let text = &body[piece.span];
            piece.fault.map_or(text.to_owned(), |fault| format!("{}: {text}", fault.code))
        };
        split(body.as_bytes()).into_iter().map(shown).collect()
    }

    #[test]
    fn documents_of_capture_and_of_query() {
        let capture = r#"{"type":"EPCISDocument","epcisHeader":{"eventList":[9]},"epcisBody":{"eventList":[ {"a":1} , {"b":2}]}}"#;
        assert_eq!(cut(capture), [r#"{"a":1}"#, r#"{"b":2}"#]);
        let query = r#"{"epcisBody":{"queryResults":{"queryName":"Q","resultsBody":{"eventList":[{"a":1}]}}},"type":"EPCISQueryDocument"}"#;
        assert_eq!(cut(query), [r#"{"a":1}"#]);
        assert_eq!(cut(r#"{"epcisBody":{"eventList":[]}}"#), [""; 0]);
    }

    #[test]
    fn a_broken_document_keeps_the_events_before_the_break() {
        assert_eq!(cut(r#"{"epcisBody":{"eventList":[{"a":1},{"b"#), [r#"{"a":1}"#, r#"record.broken_array: {"b"#]);
        assert_eq!(cut(r#"{"epcisBody":{"eventList":[{"a":1}]"#), [r#"{"a":1}"#, "record.broken_array: "]);
        assert_eq!(cut(r#"{"epcisBody":{"eventList":[{"a":1}]}} x"#), [r#"{"a":1}"#, "record.trailing: x"]);
        assert_eq!(
            cut(r#"{"epcisBody":{"eventList":[1],"eventList":[2]}}"#),
            ["1", r#"record.duplicate_key: [2]}}"#],
            "a second list is not a continuation"
        );
    }

    #[test]
    fn a_document_without_events_is_one_rejected_piece() {
        for body in [r#"{"epcisBody":{}}"#, r#"{"epcisBody":{"queryResults":{}}}"#] {
            assert_eq!(cut(body), [format!("record.epcis.no_events: {body}")]);
        }
        assert_eq!(cut(r#"{"epcisBody":["#), [r#"record.broken_array: {"epcisBody":["#]);
    }

    #[test]
    fn a_document_in_a_document_without_end_is_one_rejected_piece() {
        for key in ["queryResults", "resultsBody", "epcisBody"] {
            let body = format!("{{\"epcisBody\":{}", format!("{{\"{key}\":").repeat(200_000));
            assert_eq!(split(body.as_bytes()).len(), 1, "{key}");
        }
    }

    #[test]
    fn events_without_a_document() {
        assert_eq!(cut(r#"{"type":"ObjectEvent"}"#), [r#"{"type":"ObjectEvent"}"#]);
        assert_eq!(cut("[{},{}]"), ["{}", "{}"]);
        assert_eq!(cut("{\"a\":1}\n{\"b\":2}\n"), ["{\"a\":1}", "{\"b\":2}"]);
        assert_eq!(cut(""), [""; 0]);
    }
}
