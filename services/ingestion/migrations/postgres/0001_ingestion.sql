-- What ingestion keeps beside its journal. Every row here can be recomputed from the journal's bodies, save source_offset.

-- Who claims an identity: one row for each accepted revision. Two writers cannot both accept a first one.
CREATE TABLE record (
    month    BIGINT NOT NULL,
    identity BYTEA   NOT NULL, -- first 16 bytes of SHA-256 over provider and record id
    replaces BIGINT NOT NULL, -- the revision that it replaces, 0 for a first one
    revision BIGINT NOT NULL,
    record   BIGINT NOT NULL, -- block << 16 | position in the journal
    PRIMARY KEY (month, identity, replaces)
);

-- The trace index: this unit took part in that record, in this role.
CREATE TABLE hop (
    month       BIGINT NOT NULL,
    unit        BIGINT NOT NULL, -- unit key, 63 bits
    event_time  BIGINT NOT NULL, -- unix microseconds
    record      BIGINT NOT NULL,
    role        BIGINT NOT NULL,
    retracts    BIGINT NOT NULL, -- the record that a correction takes back, 0 = none
    packing     BIGINT NOT NULL,
    class       BIGINT NOT NULL,
    granularity BIGINT NOT NULL,
    sensitivity BIGINT NOT NULL,
    area        TEXT    NOT NULL,
    category    TEXT    NOT NULL,
    holder      TEXT    NOT NULL,
    quantity    TEXT    NOT NULL, -- exact decimal, empty = not said
    measure     TEXT    NOT NULL,
    neighbours  BYTEA,            -- unit keys that the role walks to, 8 bytes each, big-endian; NULL = too many, ask the record
    PRIMARY KEY (month, unit, event_time, record, role, retracts)
);

-- Where each source is, moved by compare-and-set in the transaction of the records that it brought.
CREATE TABLE source_offset (
    source TEXT    NOT NULL PRIMARY KEY,
    next   BIGINT NOT NULL
);

-- Rejected submissions as a work list; the bytes and the reasons are in the journal.
CREATE TABLE dead_letter (
    record      BIGINT NOT NULL PRIMARY KEY,
    provider    TEXT    NOT NULL,
    state       TEXT    NOT NULL, -- open, redriven
    redriven_as BIGINT           -- the record reference of the newest redrive
);
CREATE INDEX dead_letter_by_state ON dead_letter (state, record);

-- Submissions by verdict, one row a commit: a total is a sum, and no writer waits for another.
CREATE TABLE intake (
    record    BIGINT NOT NULL PRIMARY KEY,
    accepted  BIGINT NOT NULL,
    duplicate BIGINT NOT NULL,
    rejected  BIGINT NOT NULL
);

-- Our copy of the registry: who may submit what, so that intake survives the registry.
CREATE TABLE provider (
    id       TEXT NOT NULL PRIMARY KEY,
    token    BYTEA NOT NULL, -- SHA-256
    document BYTEA NOT NULL  -- tracemesh.registry.v1.Provider
);
CREATE TABLE area (
    id     TEXT NOT NULL PRIMARY KEY,
    parent TEXT NOT NULL
);
CREATE TABLE subject (
    code TEXT NOT NULL PRIMARY KEY -- SCHEME:VALUE
);
