//! Providers: who may submit records, for which areas and categories.

/// `[a-z0-9][a-z0-9-]{1,38}`: it stands in topic names and in the ids of receipts.
pub fn is_provider_id(id: &str) -> bool {
    let fits = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
    (2..=39).contains(&id.len()) && id.bytes().next().is_some_and(fits) && id.bytes().all(|c| fits(c) || c == b'-')
}

/// The provider that every node has: its operator's own.
pub const LOCAL: &str = "local";

pub const ACTIVE: &str = "active";
pub const SUSPENDED: &str = "suspended";

#[cfg(test)]
mod tests {
    use super::is_provider_id;

    #[test]
    fn ids_fit_topics() {
        for good in ["local", "a1", "meat-and-fish-37", &"a".repeat(39)] {
            assert!(is_provider_id(good), "{good}");
        }
        for bad in ["", "a", "-ab", "Ab", "a_b", "a.b", "供应商", &"a".repeat(40)] {
            assert!(!is_provider_id(bad), "{bad}");
        }
    }
}
