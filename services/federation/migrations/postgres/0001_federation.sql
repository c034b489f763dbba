-- Links: their state, every change of which is an entry of the gateway's journal in the same transaction. Where the parent's followers stand in
-- the uplinks is in the journal crate's own table, cursor.

-- Redeemed ones are gone; only the hash of a secret is kept.
CREATE TABLE invitation (
    node       TEXT    NOT NULL PRIMARY KEY,
    area       TEXT    NOT NULL,
    secret     BYTEA    NOT NULL, -- SHA-256 of it
    expires_at BIGINT NOT NULL  -- unix microseconds
);

-- What a child may do stands here, not in its certificate.
CREATE TABLE child (
    node               TEXT    NOT NULL PRIMARY KEY,
    area               TEXT    NOT NULL, -- the subtree that it sees
    tier               TEXT    NOT NULL,
    fingerprint        TEXT    NOT NULL, -- SHA-256 of its certificate, hex
    former_fingerprint TEXT    NOT NULL, -- of the one before, until the new one has been shown
    history            BIGINT  NOT NULL, -- from 1, one more whenever an operator approves another
    state              TEXT    NOT NULL, -- connected, away, quarantined
    detail             TEXT    NOT NULL,
    last_seen          BIGINT NOT NULL, -- unix microseconds; 0 = never
    said               BYTEA    NOT NULL  -- tracemesh.federation.v1.GetLinkStatusResponse: what it last said of itself
);

-- The node above. There is one at most, by its primary key.
CREATE TABLE parent (
    one         BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    node        TEXT    NOT NULL,
    url         TEXT    NOT NULL,
    ca          TEXT    NOT NULL, -- PEM
    certificate TEXT    NOT NULL, -- PEM
    key         TEXT    NOT NULL, -- PEM
    renew_at    BIGINT NOT NULL  -- unix microseconds
);

-- The last checkpoint of each of a child's journals that was proven, and the one offered since.
CREATE TABLE held (
    child      TEXT NOT NULL,
    journal    TEXT NOT NULL,
    public_key BYTEA NOT NULL,
    checkpoint BYTEA,          -- tracemesh.journal.v1.Checkpoint
    offered    BYTEA,
    PRIMARY KEY (child, journal)
);

-- Entries of kinds that this version does not know, as they came.
CREATE TABLE unknown_entry (
    child       TEXT    NOT NULL,
    hash        BYTEA    NOT NULL, -- over envelope and salted body: no two entries have the same
    journal     TEXT    NOT NULL,
    epoch       BIGINT NOT NULL,
    seq         BIGINT NOT NULL,
    kind        TEXT    NOT NULL,
    envelope    BYTEA    NOT NULL,
    body        BYTEA,             -- NULL = erased before it came
    PRIMARY KEY (child, hash)
);

-- What our own uplink said last: of each journal of this node, and of its links.
CREATE TABLE announced (
    subject TEXT    NOT NULL PRIMARY KEY,
    content BYTEA    NOT NULL,
    at      BIGINT NOT NULL -- unix microseconds
);
