//! Blocks: entries packed and compressed together, envelopes apart from bodies.
//!
//! Apart, because a body can be erased while its envelope stays, and because readers who look for something look at envelopes. Raw, a section
//! is a row of entries: an envelope after its length; a body after a 0 byte, its salt and its length, or, once erased, its hash after a 1 byte.
//! Measured: 32 to 64 KiB of raw bytes compress nearly as well as more, and less has to be read for one entry.

use bytes::Bytes;
use tracemesh_proto::journal::v1::Block;

use crate::entry::{ENTRY_BYTES_MAX, Entry};
use crate::hash::{Hash, Salt, body_hash, entry_hash};
use crate::section::{Closer, Opener};
use crate::{JournalError, merkle};

/// An entry that would take a block past this starts the next one; a larger entry has a block to itself.
const BLOCK_RAW_BYTES: usize = 64 << 10;
/// What stands around an entry in its block: two lengths, the kind of its body, the salt.
pub(crate) const FRAME: usize = size_of::<u32>() + 1 + size_of::<Salt>() + size_of::<u32>();
/// A position has 16 bits in a record's reference.
const _: () = assert!(BLOCK_RAW_BYTES / FRAME <= 65_535);
/// What one commit may hold before compression: it travels as one message.
pub const COMMIT_BYTES_MAX: usize = 32 << 20;
/// The only codec so far: zstd frames with a trailer.
pub(crate) const CODEC: u32 = 1;

const KEPT: u8 = 0;
const ERASED: u8 = 1;

/// A block that has no id yet.
#[derive(Clone, Debug)]
pub(crate) struct Packed {
    pub count: u32,
    pub raw_len: u32,
    pub root: Hash,
    pub envelopes: Vec<u8>,
    pub bodies: Vec<u8>,
}

/// An entry's part of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub envelope: Bytes,
    pub body: Body,
    pub body_hash: Hash,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Body {
    Kept { salt: Salt, bytes: Bytes },
    Erased,
}

/// Distributes entries over blocks, in order.
pub(crate) fn pack(entries: &[Entry]) -> Result<Vec<Packed>, JournalError> {
    if entries.is_empty() {
        return Err(JournalError::Empty);
    }
    for entry in entries {
        within("an entry", entry.raw_len(), ENTRY_BYTES_MAX)?;
    }
    within("a commit", entries.iter().map(Entry::raw_len).sum(), COMMIT_BYTES_MAX)?;
    let mut packer = Packer::new();
    Ok(groups(entries).map(|group| packer.pack(group)).collect())
}

fn within(what: &'static str, bytes: usize, limit: usize) -> Result<(), JournalError> {
    if bytes > limit { Err(JournalError::TooLarge { what, bytes, limit }) } else { Ok(()) }
}

fn groups(mut rest: &[Entry]) -> impl Iterator<Item = &[Entry]> {
    std::iter::from_fn(move || {
        let mut raw = 0;
        let fits = |entry: &&Entry| {
            raw += entry.raw_len();
            raw <= BLOCK_RAW_BYTES
        };
        let count = rest.iter().take_while(fits).count().max(1);
        let (group, after) = rest.split_at_checked(count)?;
        rest = after;
        Some(group)
    })
}

/// Packs one block after another, in the same memory.
struct Packer {
    envelopes: Vec<u8>,
    bodies: Vec<u8>,
    closer: Closer,
}

impl Packer {
    fn new() -> Self {
        Self { envelopes: Vec::new(), bodies: Vec::new(), closer: Closer::new() }
    }

    fn pack(&mut self, entries: &[Entry]) -> Packed {
        self.envelopes.clear();
        self.bodies.clear();
        let root = merkle::root(entries.iter().map(|entry| self.write(entry)));
        Packed {
            count: entries.len() as u32,
            raw_len: (self.envelopes.len() + self.bodies.len()) as u32,
            root,
            envelopes: self.closer.close(&self.envelopes),
            bodies: self.closer.close(&self.bodies),
        }
    }

    /// Answers the entry's hash.
    fn write(&mut self, entry: &Entry) -> Hash {
        let mut salt = Salt::default();
        rand::fill(&mut salt);
        write_envelope(&mut self.envelopes, entry.envelope());
        write_body(&mut self.bodies, &salt, entry.body());
        entry_hash(entry.envelope(), &body_hash(&salt, entry.body()))
    }
}

/// The pieces of a block, each checked against nothing but the block's own form: [`root`] is for the caller to compare.
fn unpack(opener: &mut Opener, block: &Block) -> Result<Vec<Piece>, &'static str> {
    if block.codec != CODEC {
        return Err("a block's codec is unknown");
    }
    // Whatever a row claims, no block holds more than one entry of the largest size.
    let limit = (block.raw_len as usize).min(ENTRY_BYTES_MAX);
    let envelopes = Bytes::from(opener.open(&block.envelopes, limit)?);
    let bodies = Bytes::from(opener.open(&block.bodies, limit)?);
    if envelopes.len() + bodies.len() != block.raw_len as usize {
        return Err("a block's raw length is not that of its sections");
    }
    let (mut envelopes, mut bodies) = (Reader(envelopes), Reader(bodies));
    let pieces: Option<Vec<Piece>> = (0..block.count).map(|_| read_piece(&mut envelopes, &mut bodies)).collect();
    let whole = envelopes.0.is_empty() && bodies.0.is_empty();
    pieces.filter(|_| whole).ok_or("a block does not hold the number of entries that it claims")
}

/// The same, and that the block's root is that of its entries.
pub(crate) fn unpack_checked(opener: &mut Opener, block: &Block) -> Result<Vec<Piece>, &'static str> {
    let pieces = unpack(opener, block)?;
    if root(&pieces)[..] == block.root[..] { Ok(pieces) } else { Err("a block's entries do not have its root") }
}

pub(crate) fn hashes(pieces: &[Piece]) -> impl Iterator<Item = Hash> {
    pieces.iter().map(|piece| entry_hash(&piece.envelope, &piece.body_hash))
}

pub(crate) fn root(pieces: &[Piece]) -> Hash {
    merkle::root(hashes(pieces))
}

/// The bodies section and the raw length of a block after pieces have changed.
pub(crate) fn repack(pieces: &[Piece]) -> (Vec<u8>, u32) {
    let mut bodies = Vec::new();
    for piece in pieces {
        match &piece.body {
            Body::Kept { salt, bytes } => write_body(&mut bodies, salt, bytes),
            Body::Erased => {
                bodies.push(ERASED);
                bodies.extend_from_slice(&piece.body_hash);
            }
        }
    }
    let envelopes: usize = pieces.iter().map(|piece| piece.envelope.len() + size_of::<u32>()).sum();
    (Closer::new().close(&bodies), (envelopes + bodies.len()) as u32)
}

fn write_envelope(section: &mut Vec<u8>, envelope: &[u8]) {
    section.extend_from_slice(&(envelope.len() as u32).to_be_bytes());
    section.extend_from_slice(envelope);
}

fn write_body(section: &mut Vec<u8>, salt: &Salt, body: &[u8]) {
    section.push(KEPT);
    section.extend_from_slice(salt);
    section.extend_from_slice(&(body.len() as u32).to_be_bytes());
    section.extend_from_slice(body);
}

fn read_piece(envelopes: &mut Reader, bodies: &mut Reader) -> Option<Piece> {
    let envelope = envelopes.sized()?;
    let [kind] = bodies.array()?;
    match kind {
        KEPT => {
            let (salt, bytes) = (bodies.array()?, bodies.sized()?);
            Some(Piece { envelope, body_hash: body_hash(&salt, &bytes), body: Body::Kept { salt, bytes } })
        }
        ERASED => Some(Piece { envelope, body: Body::Erased, body_hash: bodies.array()? }),
        _ => None,
    }
}

/// Takes from the front, or nothing where too little is left.
struct Reader(Bytes);

impl Reader {
    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let taken = *self.0.first_chunk()?;
        let _ = self.0.split_to(N);
        Some(taken)
    }

    fn sized(&mut self) -> Option<Bytes> {
        let length = u32::from_be_bytes(self.array()?) as usize;
        (length <= self.0.len()).then(|| self.0.split_to(length))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tracemesh_proto::journal::v1::Envelope;

    use super::*;

    fn entry(body: Vec<u8>) -> Entry {
        Entry::new(&Envelope { kind: "record".into(), ..Default::default() }, body)
    }

    fn block(packed: Packed) -> Block {
        let Packed { count, raw_len, root, envelopes, bodies } = packed;
        Block { id: 1, count, codec: CODEC, raw_len, root: root.to_vec().into(), envelopes: envelopes.into(), bodies: bodies.into() }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn entries_come_back_in_order(bodies in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..30_000), 1..40)) {
            let entries: Vec<Entry> = bodies.into_iter().map(entry).collect();
            let packed = pack(&entries).unwrap();
            for block in &packed[..packed.len() - 1] {
                prop_assert!((32 << 10..=64 << 10).contains(&block.raw_len), "{}", block.raw_len);
            }
            let pieces: Vec<Piece> = packed.into_iter().flat_map(|packed| unpack_checked(&mut Opener::new(), &block(packed)).unwrap()).collect();
            let back: Vec<Entry> = pieces.into_iter().map(|piece| match piece.body {
                Body::Kept { bytes, .. } => Entry::relayed(piece.envelope, bytes),
                Body::Erased => unreachable!("nothing was erased"),
            }).collect();
            prop_assert_eq!(back, entries);
        }
    }

    #[test]
    fn an_erased_body_leaves_the_root() {
        let packed = pack(&[entry(b"one".to_vec()), entry(b"two".to_vec())]).unwrap().remove(0);
        let mut block = block(packed);
        let mut pieces = unpack_checked(&mut Opener::new(), &block).unwrap();
        pieces[0].body = Body::Erased;
        let (bodies, raw_len) = repack(&pieces);
        (block.bodies, block.raw_len) = (bodies.into(), raw_len);
        assert_eq!(unpack_checked(&mut Opener::new(), &block).unwrap(), pieces);
    }

    #[test]
    fn limits_are_said_before_anything_is_packed() {
        let refused = pack(&[entry(vec![0; ENTRY_BYTES_MAX - FRAME])]).unwrap_err();
        assert!(matches!(refused, JournalError::TooLarge { what: "an entry", .. }), "{refused}");
        let refused = pack(&vec![entry(vec![0; 9 << 20]); 4]).unwrap_err();
        assert!(matches!(refused, JournalError::TooLarge { what: "a commit", .. }), "{refused}");
        assert!(matches!(pack(&[]).unwrap_err(), JournalError::Empty));
    }

    #[test]
    fn empty_entries_take_room_as_well() {
        let entries = vec![Entry::relayed(Bytes::new(), Bytes::new()); 3_000];
        let counts: Vec<u32> = pack(&entries).unwrap().iter().map(|packed| packed.count).collect();
        assert_eq!(counts, [2_621, 379]);
    }
}
