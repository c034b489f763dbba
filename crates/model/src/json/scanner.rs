//! The grammar of RFC 8259, byte by byte. The scanner knows where it is and builds nothing but texts.

use std::borrow::Cow;

use crate::reasons::{self, Reason};
use crate::violation::Violation;

/// Where and why a text stops being JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Break {
    pub(crate) reason: Reason,
    pub(crate) at: usize,
}

impl Break {
    /// The violation, with the place as people count it: lines and columns from 1, columns in bytes.
    pub(crate) fn violation(self, bytes: &[u8]) -> Violation {
        let before = &bytes[..self.at.min(bytes.len())];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
        Violation::new(self.reason, "", &format!("line {line} column {column}"))
    }
}

pub(crate) struct Scanner<'a> {
    bytes: &'a [u8],
    pub(crate) at: usize,
}

impl<'a> Scanner<'a> {
    /// Starts at the first byte, after a byte order mark if there is one.
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 } }
    }

    pub(crate) fn fail<T>(&self, reason: Reason) -> Result<T, Break> {
        Err(Break { reason, at: self.at })
    }

    pub(crate) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    pub(crate) fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Steps over the byte if it is the next one.
    pub(crate) fn eat(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    pub(crate) fn expect(&mut self, byte: u8) -> Result<(), Break> {
        if self.eat(byte) { Ok(()) } else { self.fail(reasons::SYNTAX) }
    }

    /// Nothing but white space may follow.
    pub(crate) fn end(&mut self) -> Result<(), Break> {
        self.space();
        if self.peek().is_none() { Ok(()) } else { self.fail(reasons::TRAILING) }
    }

    pub(crate) fn word(&mut self, word: &str) -> Result<(), Break> {
        word.bytes().try_for_each(|byte| self.expect(byte))
    }

    /// A number as it is written.
    pub(crate) fn number(&mut self) -> Result<&'a str, Break> {
        let start = self.at;
        self.eat(b'-');
        if !self.eat(b'0') {
            self.digits()?;
        }
        if self.eat(b'.') {
            self.digits()?;
        }
        if self.eat(b'e') || self.eat(b'E') {
            let _sign = self.eat(b'+') || self.eat(b'-');
            self.digits()?;
        }
        self.utf8(start, self.at)
    }

    fn digits(&mut self) -> Result<(), Break> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at > start { Ok(()) } else { self.fail(reasons::SYNTAX) }
    }

    /// A text, borrowed where it has no escapes.
    pub(crate) fn text(&mut self) -> Result<Cow<'a, str>, Break> {
        let start = self.at + 1;
        if !self.skip_text()? {
            return self.utf8(start, self.at - 1).map(Cow::Borrowed);
        }
        let written = self.utf8(start, self.at - 1)?;
        unescape(written).map(Cow::Owned).ok_or(Break { reason: reasons::NOT_UTF8, at: start })
    }

    /// Steps over a text and says whether it has escapes.
    fn skip_text(&mut self) -> Result<bool, Break> {
        self.expect(b'"')?;
        let mut escapes = false;
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    escapes = true;
                    self.at += 1;
                    self.escape()?;
                }
                Some(0x20..) => self.at += 1,
                _ => return self.fail(reasons::SYNTAX),
            }
        }
        self.at += 1;
        Ok(escapes)
    }

    fn escape(&mut self) -> Result<(), Break> {
        match self.peek() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 1,
            Some(b'u') if self.bytes[self.at + 1..].iter().take(4).filter(|byte| byte.is_ascii_hexdigit()).count() == 4 => self.at += 5,
            _ => return self.fail(reasons::SYNTAX),
        }
        Ok(())
    }

    /// Steps over one value of any depth, checking its grammar but not its encoding.
    pub(crate) fn skip(&mut self) -> Result<(), Break> {
        let mut open = Vec::new();
        loop {
            self.space();
            match self.peek() {
                Some(bracket @ (b'{' | b'[')) => {
                    self.at += 1;
                    self.space();
                    if !self.eat(closing(bracket)) {
                        open.push(bracket);
                        self.skip_key(bracket)?;
                        continue;
                    }
                }
                _ => self.skip_scalar()?,
            }
            if !self.next_in(&mut open)? {
                return Ok(());
            }
        }
    }

    /// After a value: to the next one in the innermost container, closing those that end here. False where the outermost has ended.
    fn next_in(&mut self, open: &mut Vec<u8>) -> Result<bool, Break> {
        while let Some(&bracket) = open.last() {
            self.space();
            if self.eat(b',') {
                self.skip_key(bracket)?;
                return Ok(true);
            }
            self.expect(closing(bracket))?;
            open.pop();
        }
        Ok(false)
    }

    fn skip_key(&mut self, bracket: u8) -> Result<(), Break> {
        if bracket == b'{' {
            self.space();
            self.skip_text()?;
            self.space();
            self.expect(b':')?;
        }
        Ok(())
    }

    fn skip_scalar(&mut self) -> Result<(), Break> {
        match self.peek() {
            Some(b'"') => self.skip_text().map(drop),
            Some(b'-' | b'0'..=b'9') => self.number().map(drop),
            Some(b't') => self.word("true"),
            Some(b'f') => self.word("false"),
            _ => self.word("null"),
        }
    }

    fn utf8(&self, start: usize, end: usize) -> Result<&'a str, Break> {
        let wrong_at = |error: std::str::Utf8Error| Break { reason: reasons::NOT_UTF8, at: start + error.valid_up_to() };
        std::str::from_utf8(&self.bytes[start..end]).map_err(wrong_at)
    }
}

fn closing(bracket: u8) -> u8 {
    if bracket == b'{' { b'}' } else { b']' }
}

/// The text that valid escapes stand for; `None` where one is half of a surrogate pair.
fn unescape(written: &str) -> Option<String> {
    let mut text = String::with_capacity(written.len());
    let mut rest = written;
    while let Some((plain, escape)) = rest.split_once('\\') {
        text.push_str(plain);
        let (character, after) = match escape.as_bytes()[0] {
            b'u' => unicode(&escape[1..])?,
            b'b' => ('\u{8}', &escape[1..]),
            b'f' => ('\u{c}', &escape[1..]),
            b'n' => ('\n', &escape[1..]),
            b'r' => ('\r', &escape[1..]),
            b't' => ('\t', &escape[1..]),
            itself => (char::from(itself), &escape[1..]),
        };
        text.push(character);
        rest = after;
    }
    text.push_str(rest);
    Some(text)
}

/// The character of `XXXX`, or of a pair `XXXX\uXXXX`, and what follows it.
fn unicode(digits: &str) -> Option<(char, &str)> {
    let unit = |text: &str| u16::from_str_radix(text.get(..4)?, 16).ok();
    let first = unit(digits)?;
    if let Some(character) = char::from_u32(u32::from(first)) {
        return Some((character, &digits[4..]));
    }
    let low = digits[4..].strip_prefix("\\u")?;
    let pair = char::decode_utf16([first, unit(low)?]).next()?.ok()?;
    Some((pair, &low[4..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(written: &str) -> Result<String, &'static str> {
        Scanner::new(written.as_bytes()).text().map(Cow::into_owned).map_err(|broken| broken.reason.code)
    }

    #[test]
    fn texts_and_their_escapes() {
        assert_eq!(text(r#""a\n\u4e2d\ud842\udfb7\/\"""#), Ok("a\n中𠮷/\"".to_owned()));
        for broken in [r#""\ud842""#, r#""\ud842x""#, r#""\udfb7\ud842""#] {
            assert_eq!(text(broken), Err("record.not_utf8"), "{broken}");
        }
        for broken in [r#""\x""#, r#""\u12g4""#, "\"a\nb\"", r#""open"#, r#""\"#] {
            assert_eq!(text(broken), Err("record.syntax"), "{broken}");
        }
    }

    #[test]
    fn a_break_says_line_and_column() {
        let bytes = b"{\n  \"a\": tru }";
        let broken = Scanner::new(bytes).skip().unwrap_err();
        assert_eq!(broken.violation(bytes).value, "line 2 column 11");
    }
}
