//! Whom a node below may speak of: of itself, and of those below it.

/// Whether `from`, a node directly below, may speak of `about`. `children` are all nodes directly below; `through` is who has spoken of it before, empty
/// where nobody has. A node that nobody has spoken of belongs to the first who does.
pub fn may_speak(from: &str, about: &str, own: &str, children: &[String], through: &str) -> bool {
    if about == from {
        return true;
    }
    about != own && !children.iter().any(|child| child == about) && (through.is_empty() || through == from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_speaks_of_itself_and_of_what_is_below_it() {
        let children = ["yantai".to_owned(), "qingdao".to_owned()];
        let may = |from, about, through| may_speak(from, about, "shandong", &children, through);
        assert!(may("yantai", "yantai", "") && may("yantai", "laizhou", "") && may("yantai", "laizhou", "yantai"));
        assert!(!may("yantai", "qingdao", "") && !may("yantai", "shandong", "") && !may("yantai", "jiaozhou", "qingdao"));
    }
}
