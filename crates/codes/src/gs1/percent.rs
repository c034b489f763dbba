//! Percent-decoding of URN parts and path segments.

/// The decoded text, or `None` where an escape is broken or what it spells is not UTF-8.
pub(super) fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        (bytes, rest) = match (first, tail) {
            (b'%', [high, low, tail @ ..]) => (push(bytes, hex(*high)? << 4 | hex(*low)?), tail),
            (b'%', _) => return None,
            (plain, tail) => (push(bytes, *plain), tail),
        };
    }
    String::from_utf8(bytes).ok()
}

fn push(mut bytes: Vec<u8>, byte: u8) -> Vec<u8> {
    bytes.push(byte);
    bytes
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|value| value as u8)
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn escapes_become_characters() {
        assert_eq!(decode("A%2Fb%e6%89%b9").as_deref(), Some("A/b批"));
    }

    #[test]
    fn broken_escapes_are_refused() {
        for text in ["%", "%4", "%zz", "%ff", "a%批"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
