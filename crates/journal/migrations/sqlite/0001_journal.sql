-- A journal's tables, as on PostgreSQL; `verify` finds what foreign keys would forbid.

CREATE TABLE journal (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    epoch INTEGER NOT NULL,
    public_key BLOB NOT NULL
) STRICT;

-- Block ids follow the highest: the one writer needs no sequence.
CREATE TABLE journal_block (
    block INTEGER PRIMARY KEY,
    journal INTEGER NOT NULL,
    count INTEGER NOT NULL,
    codec INTEGER NOT NULL,
    raw_len INTEGER NOT NULL,
    root BLOB NOT NULL,
    envelopes BLOB NOT NULL,
    bodies BLOB NOT NULL
) STRICT;

-- One row per commit, written last.
CREATE TABLE journal_order (
    journal INTEGER NOT NULL,
    first_seq INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    commit_index INTEGER NOT NULL,
    entries INTEGER NOT NULL,
    first_block INTEGER NOT NULL,
    blocks INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    leaf BLOB NOT NULL,
    PRIMARY KEY (journal, first_seq),
    UNIQUE (journal, epoch, commit_index),
    UNIQUE (journal, first_block)
) STRICT;

-- The complete subtrees of the tree: 2^level leaves each, of which `last` is the last. They end where the newest checkpoint does.
CREATE TABLE journal_node (
    journal INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    last INTEGER NOT NULL,
    level INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (journal, epoch, last, level)
) STRICT;

CREATE TABLE checkpoint (
    journal INTEGER NOT NULL,
    number INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    size INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    root BLOB NOT NULL,
    at INTEGER NOT NULL,
    signature BLOB NOT NULL,
    PRIMARY KEY (journal, number),
    UNIQUE (journal, epoch, size)
) STRICT;

-- What a follower in this schema has taken of somebody's journal, and what that journal has proven to it.
CREATE TABLE cursor (
    follower TEXT NOT NULL,
    journal TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    size INTEGER NOT NULL,
    frontier BLOB NOT NULL,
    public_key BLOB NOT NULL,
    checkpoint BLOB NOT NULL,
    PRIMARY KEY (follower, journal)
) STRICT;
