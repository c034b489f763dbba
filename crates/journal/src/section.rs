//! Half a block as it is stored: a zstd frame and the first 8 bytes of its SHA-256.
//!
//! The trailer guards the stored bytes themselves. The hashes of entries speak of what is inside, and some bits of a zstd frame can change without
//! changing that; a change is a change.

use sha2::{Digest, Sha256};

/// Higher levels cost more time than they save space at 64 KiB.
const LEVEL: i32 = 1;
const TRAILER: usize = 8;

pub(crate) fn close(raw: &[u8]) -> Vec<u8> {
    let mut stored = zstd::bulk::compress(raw, LEVEL).expect("compressing into a growing buffer does not fail");
    let trailer = trailer(&stored);
    stored.extend_from_slice(&trailer);
    stored
}

/// The raw bytes, at most `limit` of them.
pub(crate) fn open(stored: &[u8], limit: usize) -> Result<Vec<u8>, &'static str> {
    let (frame, end) = stored.split_last_chunk::<TRAILER>().ok_or("a section is shorter than its trailer")?;
    if *end != trailer(frame) {
        return Err("a section is not as it was stored");
    }
    zstd::bulk::decompress(frame, limit).map_err(|_| "a section does not decompress")
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
        let stored = close(b"the quick brown fox jumps over the quick brown fox");
        for bit in 0..stored.len() * 8 {
            let mut altered = stored.clone();
            altered[bit / 8] ^= 1 << (bit % 8);
            assert!(open(&altered, 1_000).is_err(), "bit {bit}");
        }
        assert!(open(&stored, 10).is_err(), "over the limit");
        assert_eq!(open(&stored, 50).unwrap().len(), 50);
    }
}
