//! Ed25519 keys of the node, as files in the data directory: one per journal, and the one that signs principals between services.
//!
//! A key is made where it is first asked for and never replaced: a journal's history is checked with it. On Kubernetes `identity/` is one
//! Secret mounted into every service of the node, so that they know each other's tokens; `keys/` belongs to each service's own volume.

use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use sha2::{Digest, Sha256};

use crate::private_file::{self, FileError};

/// The signing keys of a node.
#[derive(Debug)]
pub struct Keys {
    folder: PathBuf,
    principal: SigningKey,
}

/// A key could not be had.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Its file could not be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// Its file holds something else.
    #[error("{} holds no Ed25519 key in PEM (PKCS #8)", path.display())]
    Content {
        /// Which file.
        path: PathBuf,
    },
    /// The name would lead out of the folder.
    #[error("no journal is called {0:?}: lower-case letters, digits, '-' and '.' only")]
    Name(String),
}

impl Keys {
    /// Opens the keys of a data directory, and makes the principal key at the first start.
    pub fn open(data_dir: &Path) -> Result<Keys, KeyError> {
        let (identity, folder) = (data_dir.join("identity"), data_dir.join("keys"));
        private_file::make_folder(&identity)?;
        private_file::make_folder(&folder)?;
        Ok(Keys { folder, principal: open_key(&identity.join("principal.key"))? })
    }

    /// The key that signs the journal of this name.
    pub fn journal(&self, name: &str) -> Result<SigningKey, KeyError> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.');
        if name.is_empty() || name.starts_with('.') || !name.chars().all(plain) {
            return Err(KeyError::Name(name.to_owned()));
        }
        open_key(&self.folder.join(format!("{name}.key")))
    }

    /// The key that signs principals between the services of this node.
    pub fn principal(&self) -> &SigningKey {
        &self.principal
    }
}

/// SHA-256 of the bytes.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// 256 random bits as 64 hex digits: tokens and one-time secrets.
pub fn random_secret() -> String {
    hex::encode(rand::random::<[u8; 32]>())
}

fn open_key(path: &Path) -> Result<SigningKey, KeyError> {
    let content = || KeyError::Content { path: path.to_owned() };
    if let Some(pem) = private_file::read(path)? {
        return SigningKey::from_pkcs8_pem(&pem).map_err(|_| content());
    }
    let key = SigningKey::from_bytes(&rand::random());
    let pem = key.to_pkcs8_pem(LineEnding::LF).map_err(|_| content())?;
    private_file::replace(path, &pem)?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_stays_the_same_over_restarts_and_differs_by_journal() {
        let folder = tempfile::tempdir().unwrap();
        let first = Keys::open(folder.path()).unwrap();
        let again = Keys::open(folder.path()).unwrap();
        assert_eq!(first.principal(), again.principal());
        assert_eq!(first.journal("local.registry").unwrap(), again.journal("local.registry").unwrap());
        assert_ne!(first.journal("local.registry").unwrap(), first.journal("local.ingestion").unwrap());
    }

    #[test]
    fn a_damaged_key_is_an_error_that_names_the_file_and_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::open(folder.path()).unwrap();
        let path = folder.path().join("keys/local.registry.key");
        std::fs::write(&path, "not a key").unwrap();
        let error = keys.journal("local.registry").unwrap_err();
        assert!(error.to_string().contains("local.registry.key holds no Ed25519 key"), "{error}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "not a key");
    }

    #[test]
    fn no_name_leads_out_of_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::open(folder.path()).unwrap();
        for name in ["", "../identity/principal", "a/b", ".hidden", "Ä"] {
            assert!(matches!(keys.journal(name), Err(KeyError::Name(_))), "{name:?}");
        }
    }
}
