//! Files that hold a secret: readable by their owner alone from their first byte, and whole or absent.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// A file of the data directory could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("{}: {source}", path.display())]
pub struct FileError {
    /// Which.
    pub path: PathBuf,
    /// Why.
    pub source: io::Error,
}

/// Makes the folder and those above it; new ones are closed to others.
pub fn make_folder(path: &Path) -> Result<(), FileError> {
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|source| FileError { path: path.to_owned(), source })
}

/// The content, or `None` where there is no such file.
pub fn read(path: &Path) -> Result<Option<String>, FileError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(source) if source.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(FileError { path: path.to_owned(), source }),
    }
}

/// Replaces the file in one step: a reader sees the old content or the new, a power cut leaves one of them.
pub fn replace(path: &Path, content: &str) -> Result<(), FileError> {
    replace_with_mode(path, content, 0o600)
}

/// The same for what everybody on the machine may read, such as a CA certificate.
pub fn replace_public(path: &Path, content: &str) -> Result<(), FileError> {
    replace_with_mode(path, content, 0o644)
}

fn replace_with_mode(path: &Path, content: &str, mode: u32) -> Result<(), FileError> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    let written = || -> io::Result<()> {
        // a leftover of a crash is removed, so that the mode is that of a file made here
        let _ = fs::remove_file(&beside);
        let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(&beside)?;
        file.write_all(content.as_bytes())?;
        file.sync_all()?;
        fs::rename(&beside, path)
    };
    written().map_err(|source| FileError { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_secret_is_readable_by_its_owner_alone_also_when_an_open_file_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
        replace(&path, "new").unwrap();
        assert_eq!(read(&path).unwrap().as_deref(), Some("new"));
        assert_eq!(mode(&path), 0o600);
    }

    #[test]
    fn an_absent_file_is_no_error_and_an_unreadable_one_names_its_path() {
        let folder = tempfile::tempdir().unwrap();
        assert!(read(&folder.path().join("absent")).unwrap().is_none());
        let error = read(folder.path()).unwrap_err();
        assert!(error.to_string().starts_with(&folder.path().display().to_string()), "{error}");
    }
}
