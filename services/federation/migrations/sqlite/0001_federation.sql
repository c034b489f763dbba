-- Links: their state, every change of which is an entry of the gateway's journal in the same transaction. Where the parent's followers stand in
-- the uplinks is in the journal crate's own table, cursor.

-- Redeemed ones are gone; only the hash of a secret is kept.
CREATE TABLE invitation (
    node       TEXT    NOT NULL PRIMARY KEY,
    area       TEXT    NOT NULL,
    secret     BLOB    NOT NULL, -- SHA-256 of it
    expires_at INTEGER NOT NULL  -- unix microseconds
);

-- What a child may do stands here, not in its certificate.
CREATE TABLE child (
    node               TEXT    NOT NULL PRIMARY KEY,
    area               TEXT    NOT NULL, -- the subtree that it sees
    tier               TEXT    NOT NULL,
    fingerprint        TEXT    NOT NULL, -- SHA-256 of its certificate, hex
    former_fingerprint TEXT    NOT NULL, -- of the one before, until the new one has been shown
    history            INTEGER NOT NULL, -- from 1, one more whenever an operator approves another
    state              TEXT    NOT NULL, -- connected, away, quarantined
    detail             TEXT    NOT NULL,
    last_seen          INTEGER NOT NULL, -- unix microseconds; 0 = never
    said               BLOB    NOT NULL  -- tracemesh.federation.v1.GetLinkStatusResponse: what it last said of itself
);

-- The node above. There is one at most, by its primary key.
CREATE TABLE parent (
    one         INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    node        TEXT    NOT NULL,
    url         TEXT    NOT NULL,
    ca          TEXT    NOT NULL, -- PEM
    certificate TEXT    NOT NULL, -- PEM
    key         TEXT    NOT NULL, -- PEM
    renew_at    INTEGER NOT NULL  -- unix microseconds
);

-- The last checkpoint of each of a child's journals that was proven, and the one offered since.
CREATE TABLE held (
    child      TEXT NOT NULL,
    journal    TEXT NOT NULL,
    public_key BLOB NOT NULL,
    checkpoint BLOB,          -- tracemesh.journal.v1.Checkpoint
    offered    BLOB,
    PRIMARY KEY (child, journal)
);

-- Entries of kinds that this version does not know, as they came.
CREATE TABLE unknown_entry (
    child       TEXT    NOT NULL,
    hash        BLOB    NOT NULL, -- over envelope and salted body: no two entries have the same
    journal     TEXT    NOT NULL,
    epoch       INTEGER NOT NULL,
    seq         INTEGER NOT NULL,
    kind        TEXT    NOT NULL,
    envelope    BLOB    NOT NULL,
    body        BLOB,             -- NULL = erased before it came
    PRIMARY KEY (child, hash)
);

-- What our own uplink said last: of each journal of this node, and of its links.
CREATE TABLE announced (
    subject TEXT    NOT NULL PRIMARY KEY,
    content BLOB    NOT NULL,
    at      INTEGER NOT NULL -- unix microseconds
);
