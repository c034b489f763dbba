-- What ingestion keeps beside its journal. Every row here can be recomputed from the journal's bodies, save source_offset.

-- Who claims an identity: one row for each accepted revision. Two writers cannot both accept a first one.
CREATE TABLE record (
    month    INTEGER NOT NULL,
    identity BLOB    NOT NULL, -- first 16 bytes of SHA-256 over provider and record id
    replaces INTEGER NOT NULL, -- the revision that it replaces, 0 for a first one
    revision INTEGER NOT NULL,
    record   INTEGER NOT NULL, -- block << 16 | position in the journal
    PRIMARY KEY (month, identity, replaces)
) STRICT, WITHOUT ROWID;

-- The trace index: this unit took part in that record, in this role.
CREATE TABLE hop (
    month       INTEGER NOT NULL,
    unit        INTEGER NOT NULL, -- unit key, 63 bits
    event_time  INTEGER NOT NULL, -- unix microseconds
    record      INTEGER NOT NULL,
    role        INTEGER NOT NULL,
    retracts    INTEGER NOT NULL, -- the record that a correction takes back, 0 = none
    packing     INTEGER NOT NULL,
    class       INTEGER NOT NULL,
    granularity INTEGER NOT NULL,
    sensitivity INTEGER NOT NULL,
    area        TEXT    NOT NULL,
    category    TEXT    NOT NULL,
    holder      TEXT    NOT NULL,
    quantity    TEXT    NOT NULL, -- exact decimal, empty = not said
    measure     TEXT    NOT NULL,
    neighbours  BLOB,             -- unit keys that the role walks to, 8 bytes each, big-endian; NULL = too many, ask the record
    PRIMARY KEY (month, unit, event_time, record, role, retracts)
) STRICT, WITHOUT ROWID;

-- Where each source is, moved by compare-and-set in the transaction of the records that it brought.
CREATE TABLE source_offset (
    source TEXT    NOT NULL PRIMARY KEY,
    next   INTEGER NOT NULL
) STRICT;

-- Rejected submissions as a work list; the bytes and the reasons are in the journal.
CREATE TABLE dead_letter (
    record      INTEGER NOT NULL PRIMARY KEY,
    provider    TEXT    NOT NULL,
    state       TEXT    NOT NULL, -- open, redriven
    redriven_as INTEGER           -- the record reference of the newest redrive
) STRICT;
CREATE INDEX dead_letter_by_state ON dead_letter (state, record);

-- Submissions by verdict, one row a commit: a total is a sum, and no writer waits for another.
CREATE TABLE intake (
    record    INTEGER NOT NULL PRIMARY KEY,
    accepted  INTEGER NOT NULL,
    duplicate INTEGER NOT NULL,
    rejected  INTEGER NOT NULL
) STRICT;

-- Our copy of the registry: who may submit what, so that intake survives the registry.
CREATE TABLE provider (
    id       TEXT NOT NULL PRIMARY KEY,
    token    BLOB NOT NULL, -- SHA-256
    document BLOB NOT NULL  -- tracemesh.registry.v1.Provider
) STRICT;
CREATE TABLE area (
    id     TEXT NOT NULL PRIMARY KEY,
    parent TEXT NOT NULL
) STRICT;
CREATE TABLE subject (
    code TEXT NOT NULL PRIMARY KEY -- SCHEME:VALUE
) STRICT;
