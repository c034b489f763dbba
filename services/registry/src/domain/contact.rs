//! Whom to call at a subject when it matters, and where its machines listen.

use std::net::IpAddr;
use std::ops::Range;

use http::Uri;

/// Empty where there is none.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Contact {
    pub person: String,
    pub phone: String,
    pub address: String,
    pub webhook: String,
}

impl Contact {
    /// For whoever may not see personal data: enough to recognise what one knows already.
    pub fn masked(self) -> Self {
        let digits = self.phone.chars().count();
        let hidden = if digits < MOBILE { 1..digits } else { 3..digits - 4 };
        Self { person: hide(&self.person, 1..usize::MAX), phone: hide(&self.phone, hidden), ..self }
    }
}

/// Digits of a mobile number.
const MOBILE: usize = 11;

fn hide(text: &str, hidden: Range<usize>) -> String {
    text.chars().enumerate().map(|(at, c)| if hidden.contains(&at) { '*' } else { c }).collect()
}

/// Digits, and what people write between them; an extension after `转` or `x`.
pub fn is_phone(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit()) && text.chars().all(|c| c.is_ascii_digit() || "+-() 转x".contains(c))
}

/// `https`, or `http` where nothing leaves this machine. Without a name and password: they would stand in every log.
pub fn is_webhook(text: &str) -> bool {
    let Ok(uri) = text.parse::<Uri>() else { return false };
    let Some(host) = uri.host().filter(|host| !host.is_empty()) else { return false };
    let is_open = uri.authority().is_some_and(|authority| !authority.as_str().contains('@'));
    is_open && (uri.scheme_str() == Some("https") || (uri.scheme_str() == Some("http") && is_loopback(host)))
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_masked_can_be_recognised_and_not_called() {
        let masked = |person: &str, phone: &str| {
            let contact = Contact { person: person.into(), phone: phone.into(), ..Contact::default() }.masked();
            [contact.person, contact.phone]
        };
        assert_eq!(masked("王小明", "13812345678"), ["王**", "138****5678"]);
        assert_eq!(masked("", "12345"), ["", "1****"]);
    }

    #[test]
    fn a_webhook_is_encrypted_or_stays_on_this_machine() {
        for good in
            ["https://example.org/orders", "https://10.0.0.7:8443/", "http://127.0.0.1:9000/a?b=c", "http://[::1]/", "http://localhost"]
        {
            assert!(is_webhook(good), "{good}");
        }
        for bad in [
            "",
            "http://example.org/",
            "http://localhost.example.org/",
            "https://u:p@example.org/",
            "https://",
            "ftp://127.0.0.1/",
            "/orders",
        ] {
            assert!(!is_webhook(bad), "{bad}");
        }
    }

    #[test]
    fn a_phone_number_has_digits() {
        assert!(["13812345678", "+86 (535) 6688-123", "0535-6688123转12"].into_iter().all(is_phone));
        assert!(!["", "ask", "-", "138\n"].into_iter().any(is_phone));
    }
}
