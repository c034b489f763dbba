//! The name that somebody most likely meant.

/// The known name that is most like the given one; none where nothing is known.
pub(crate) fn nearest<N: AsRef<str>>(given: &str, known: impl IntoIterator<Item = N>) -> Option<N> {
    let likeness = |name: &N| strsim::jaro_winkler(given, name.as_ref());
    known.into_iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)))
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_of_the_finger_finds_its_name() {
        assert_eq!(nearest("page_szie", ["provider", "page_token", "page_size"]), Some("page_size"));
        assert_eq!(nearest("x", [""; 0]), None);
    }
}
