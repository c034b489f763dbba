//! One process per service and data directory: two would write one journal. And one process at a time makes keys and certificates: the services
//! of a new node may start together, each in its own process, and have to find one CA.
//!
//! The locks are the system's, on open files, so that a process that is killed leaves none behind.

use std::fs::{File, TryLockError};
use std::path::Path;

use super::StartError;
use crate::private_file::{self, FileError};

/// The services that this process alone works for, as long as this lives.
#[derive(Debug)]
pub struct Locks {
    _files: Vec<File>,
}

impl Locks {
    /// Refuses where another process of this data directory works for one of them.
    pub fn take(data_dir: &Path, nouns: &[&'static str]) -> Result<Locks, StartError> {
        let folder = data_dir.join("locks");
        private_file::make_folder(&folder)?;
        let files = nouns.iter().map(|noun| take(data_dir, &folder.join(format!("{noun}.lock")), noun));
        Ok(Locks { _files: files.collect::<Result<_, _>>()? })
    }
}

/// Waits until nobody else of this data directory is opening `identity/`, and keeps others waiting as long as the file lives.
pub(super) fn identity(data_dir: &Path) -> Result<File, FileError> {
    let folder = data_dir.join("locks");
    private_file::make_folder(&folder)?;
    let path = folder.join("identity.lock");
    let locked = || {
        let file = File::create(&path)?;
        file.lock().map(|()| file)
    };
    locked().map_err(|source| FileError { path: path.clone(), source })
}

fn take(data_dir: &Path, path: &Path, noun: &'static str) -> Result<File, StartError> {
    let failed = |source| FileError { path: path.to_owned(), source };
    let file = File::create(path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StartError::RunsAlready { noun, data_dir: data_dir.to_owned() }),
        Err(TryLockError::Error(source)) => Err(failed(source).into()),
    }
}
