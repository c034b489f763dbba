//! Half a block as it is stored: a zstd frame and the first 8 bytes of its SHA-256.
//!
//! The trailer guards the stored bytes themselves. The hashes of entries speak of what is inside, and some bits of a zstd frame can change without
//! changing that; a change is a change.

use sha2::{Digest, Sha256};
use zstd::bulk::{Compressor, Decompressor};
use zstd::zstd_safe::compress_bound;

/// Higher levels cost more time than they save space at 64 KiB.
const LEVEL: i32 = 1;
const TRAILER: usize = 8;

/// Closes sections one after another: to set up a compressor takes as long as to use it once.
pub(crate) struct Closer {
    compressor: Compressor<'static>,
    frame: Vec<u8>,
}

impl Closer {
    pub fn new() -> Self {
        Self { compressor: Compressor::new(LEVEL).expect("zstd knows its first level"), frame: Vec::new() }
    }

    pub fn close(&mut self, raw: &[u8]) -> Vec<u8> {
        self.frame.clear();
        self.frame.reserve(compress_bound(raw.len()));
        self.compressor.compress_to_buffer(raw, &mut self.frame).expect("compressing into a buffer for the worst case does not fail");
        [self.frame.as_slice(), &trailer(&self.frame)].concat()
    }
}

/// Opens sections, one after another: with a small section, setting up takes as long as opening.
pub(crate) struct Opener(Decompressor<'static>);

impl Opener {
    pub fn new() -> Self {
        Self(Decompressor::new().expect("zstd needs no dictionary"))
    }

    /// The raw bytes, at most `limit` of them.
    pub fn open(&mut self, stored: &[u8], limit: usize) -> Result<Vec<u8>, &'static str> {
        let (frame, end) = stored.split_last_chunk::<TRAILER>().ok_or("a section is shorter than its trailer")?;
        if *end != trailer(frame) {
            return Err("a section is not as it was stored");
        }
        self.0.decompress(frame, limit).map_err(|_| "a section does not decompress")
    }
}

fn trailer(frame: &[u8]) -> [u8; TRAILER] {
    let digest: [u8; 32] = Sha256::digest(frame).into();
    *digest.first_chunk().expect("a digest is longer than a trailer")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flipped_bit_is_found() {
        let mut opener = Opener::new();
        let stored = Closer::new().close(b"the quick brown fox jumps over the quick brown fox");
        for bit in 0..stored.len() * 8 {
            let mut altered = stored.clone();
            altered[bit / 8] ^= 1 << (bit % 8);
            assert!(opener.open(&altered, 1_000).is_err(), "bit {bit}");
        }
        assert!(opener.open(&stored, 10).is_err(), "over the limit");
        assert_eq!(opener.open(&stored, 50).unwrap().len(), 50);
    }
}
