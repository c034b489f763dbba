//! An invitation: who may become a child, and the code by which it shows that it is the one.
//!
//! The code is one word to copy: a one-time secret, the fingerprint of our CA (so that the child knows whom it talks to before it knows the CA),
//! our URL, and a checksum against a letter lost on the way. It is handed over in person or by a channel that people trust; who holds it first
//! is the child.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tracemesh_chassis::keys::sha256;

/// How long a code holds. A week covers a letter and a holiday; it is our own figure.
pub const VALID_MICROS: i64 = 7 * 24 * 3600 * 1_000_000;

/// Tells a code from whatever else people paste.
const MARK: &str = "tmi1-";
const CHECKSUM: usize = 4;
/// Of the URL inside a code.
const URL_BYTES_MAX: usize = 512;

/// What a parent keeps of an invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    pub node: String,
    /// The subtree of areas that the child will see.
    pub area: String,
    /// Of which it will be shown what others know; none = all.
    pub categories: Vec<String>,
    pub secret_sha256: Vec<u8>,
    /// Unix microseconds.
    pub expires_at: i64,
}

/// What a code says.
#[derive(Clone, PartialEq, Eq)]
pub struct Code {
    pub secret: [u8; 32],
    /// SHA-256 of the parent's CA certificate.
    pub ca_sha256: [u8; 32],
    /// `https://host:port` of the parent's gRPC.
    pub url: String,
}

/// The text is no code, or not all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the text is no invitation, or not all of one")]
pub struct NoCode;

impl Code {
    /// The secret as it travels when the invitation is redeemed.
    pub fn secret_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.secret)
    }

    pub fn write(&self) -> String {
        let mut bytes = [&self.secret[..], &self.ca_sha256, self.url.as_bytes()].concat();
        bytes.extend_from_slice(&sha256(&bytes)[..CHECKSUM]);
        format!("{MARK}{}", URL_SAFE_NO_PAD.encode(bytes))
    }

    /// White space is what letters and terminals put in.
    pub fn read(text: &str) -> Result<Self, NoCode> {
        let word: String = text.split_whitespace().collect();
        let encoded = word.strip_prefix(MARK).ok_or(NoCode)?;
        let bytes = URL_SAFE_NO_PAD.decode(encoded).map_err(|_| NoCode)?;
        let (content, checksum) = bytes.split_last_chunk::<CHECKSUM>().ok_or(NoCode)?;
        if sha256(content)[..CHECKSUM] != *checksum {
            return Err(NoCode);
        }
        let (secret, rest) = content.split_first_chunk::<32>().ok_or(NoCode)?;
        let (ca_sha256, url) = rest.split_first_chunk::<32>().ok_or(NoCode)?;
        let url = std::str::from_utf8(url).ok().filter(|url| url.len() <= URL_BYTES_MAX).ok_or(NoCode)?;
        Ok(Self { secret: *secret, ca_sha256: *ca_sha256, url: url.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code() -> Code {
        Code { secret: [7; 32], ca_sha256: [9; 32], url: "https://trace.fujian.example:7400".into() }
    }

    #[test]
    fn a_code_is_one_word_that_reads_as_it_was_written() {
        let text = code().write();
        assert!(text.starts_with("tmi1-") && !text.contains(char::is_whitespace));
        assert!(Code::read(&text).unwrap() == code());
        let (one, other) = text.split_at(60);
        assert!(Code::read(&format!(" {one}\n  {other}\n")).unwrap() == code(), "wrapped by a mail program");
    }

    #[test]
    fn a_letter_that_is_lost_or_changed_is_noticed() {
        let text = code().write();
        for at in 0..text.len() {
            let lost: String = text.char_indices().filter(|(index, _)| *index != at).map(|(_, letter)| letter).collect();
            assert!(Code::read(&lost).is_err(), "without letter {at}");
            let changed: String = text
                .char_indices()
                .map(|(index, c)| {
                    if index != at {
                        c
                    } else if c == 'x' {
                        'y'
                    } else {
                        'x'
                    }
                })
                .collect();
            assert!(Code::read(&changed).is_err(), "with another letter {at}");
        }
        assert!(Code::read("").is_err() && Code::read("tmi1-").is_err());
    }
}
