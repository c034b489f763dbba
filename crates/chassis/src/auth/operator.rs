//! The operator's token: who may read it may run the node.
//!
//! It is made anew at every start, so that a copy from an old backup or a former colleague's notes opens nothing.

use std::path::Path;

use crate::keys::{random_secret, sha256};
use crate::private_file::{self, FileError};

/// Writes a new token into the file and gives back its SHA-256, which is all that the process keeps.
pub(crate) fn issue(path: &Path) -> Result<[u8; 32], FileError> {
    let token = random_secret();
    private_file::replace(path, &token)?;
    Ok(sha256(token.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_ends_the_token_of_the_one_before() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("operator.token");
        let first = issue(&path).unwrap();
        let second = issue(&path).unwrap();
        assert_ne!(first, second);
        let token = private_file::read(&path).unwrap().unwrap();
        assert_eq!((token.len(), sha256(token.as_bytes())), (64, second));
    }
}
