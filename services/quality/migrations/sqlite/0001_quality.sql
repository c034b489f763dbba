-- Everything down to `followed` is made from ingestion's journal alone and can be made again from it; only what people did to findings is not.

-- One for each day, provider, subject, area and category of which there is or was a record, or a rejected submission.
CREATE TABLE cell (
    id            INTEGER PRIMARY KEY,
    day           TEXT    NOT NULL, -- of event time in China Standard Time, YYYY-MM-DD
    provider      TEXT    NOT NULL,
    subject       INTEGER NOT NULL, -- the key of its code, 63 bits; 0 = nobody is named
    subject_shown TEXT    NOT NULL,
    area          TEXT    NOT NULL,
    category      TEXT    NOT NULL,
    records       INTEGER NOT NULL,
    late          INTEGER NOT NULL,
    due           INTEGER NOT NULL,
    filled        INTEGER NOT NULL,
    refused       INTEGER NOT NULL,
    outgoing      INTEGER NOT NULL,
    complete      INTEGER NOT NULL,
    UNIQUE (day, provider, subject, area, category)
) STRICT;

-- What detectors keep of records in force: some ten rows of 60 bytes for a record.
CREATE TABLE observation (
    grp    INTEGER NOT NULL, -- detector << 59 | hash of what its records share
    record INTEGER NOT NULL, -- epoch << 44 | seq
    part   INTEGER NOT NULL, -- several of one record in one group
    cell   INTEGER NOT NULL,
    at     INTEGER NOT NULL, -- of the event, unix microseconds
    side   INTEGER NOT NULL,
    amount TEXT,             -- billionths
    what   TEXT    NOT NULL,
    PRIMARY KEY (grp, record, part)
) STRICT, WITHOUT ROWID;

-- Chains: which records make, use and vouch for which units.
CREATE TABLE link (
    unit   INTEGER NOT NULL, -- unit key
    way    INTEGER NOT NULL, -- 0 made, 1 used, 2 vouched
    record INTEGER NOT NULL,
    PRIMARY KEY (unit, way, record)
) STRICT, WITHOUT ROWID;
CREATE INDEX link_of_record ON link (record, way);

CREATE TABLE passage (
    record   INTEGER NOT NULL PRIMARY KEY,
    cell     INTEGER NOT NULL,
    at       INTEGER NOT NULL, -- of the event, unix microseconds
    stage    INTEGER NOT NULL, -- 0 between, 1 origin, 2 origin with valid evidence
    outgoing INTEGER NOT NULL,
    complete INTEGER NOT NULL, -- it uses something, and all of it is rooted
    source   TEXT    NOT NULL  -- the party one step back
) STRICT;

-- Units whose way back is complete.
CREATE TABLE rooted (unit INTEGER NOT NULL PRIMARY KEY) STRICT;

-- Units that a record used and nobody here made: said to be broken once they are due.
CREATE TABLE open_hop (
    unit   INTEGER NOT NULL,
    record INTEGER NOT NULL,
    due    INTEGER NOT NULL, -- unix microseconds
    said   INTEGER NOT NULL,
    code   TEXT    NOT NULL, -- as it is shown
    PRIMARY KEY (unit, record)
) STRICT, WITHOUT ROWID;
CREATE INDEX open_hop_due ON open_hop (due) WHERE said = 0;
CREATE INDEX open_hop_of_record ON open_hop (record);

-- The first record of each day of the journal's time, by which what is old is forgotten.
CREATE TABLE day_begun (
    day    TEXT NOT NULL PRIMARY KEY, -- China Standard Time, YYYY-MM-DD
    record INTEGER NOT NULL
) STRICT;

CREATE TABLE finding (
    number        INTEGER NOT NULL PRIMARY KEY,
    kind          TEXT    NOT NULL,
    grp           INTEGER NOT NULL,
    cause         INTEGER NOT NULL,
    state         TEXT    NOT NULL,
    provider      TEXT    NOT NULL,
    subject       INTEGER NOT NULL,
    subject_shown TEXT    NOT NULL,
    area          TEXT    NOT NULL,
    category      TEXT    NOT NULL,
    found_at      INTEGER NOT NULL, -- unix microseconds
    due_at        INTEGER NOT NULL, -- unix microseconds
    closed_at     INTEGER NOT NULL, -- unix microseconds; 0 = open
    presumed      INTEGER NOT NULL,
    records       INTEGER NOT NULL,
    UNIQUE (grp, cause)
) STRICT;
CREATE INDEX finding_due ON finding (due_at, number);

CREATE TABLE step (
    finding INTEGER NOT NULL,
    nth     INTEGER NOT NULL,
    state   TEXT    NOT NULL,
    by      TEXT    NOT NULL,
    at      INTEGER NOT NULL, -- unix microseconds
    text    TEXT    NOT NULL,
    PRIMARY KEY (finding, nth)
) STRICT, WITHOUT ROWID;

-- Records that a finding is about, as long as they are in force and its cause lasts.
CREATE TABLE evidence (
    finding INTEGER NOT NULL,
    record  INTEGER NOT NULL,
    field   TEXT    NOT NULL,
    cell    INTEGER NOT NULL,
    value   TEXT    NOT NULL,
    against TEXT    NOT NULL,
    PRIMARY KEY (finding, record, field)
) STRICT, WITHOUT ROWID;

-- How far ingestion's journal is followed, and by which rules; one row, moved with the follower's cursor.
CREATE TABLE followed (
    journal     TEXT    NOT NULL PRIMARY KEY,
    rules       TEXT    NOT NULL,
    epoch       INTEGER NOT NULL,
    seq         INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL, -- unix microseconds
    findings    INTEGER NOT NULL -- how many were numbered
) STRICT;

-- Our copy of the registry: its tree, and those whose activity is measured.
CREATE TABLE area (
    id     TEXT NOT NULL PRIMARY KEY,
    parent TEXT NOT NULL
) STRICT;

CREATE TABLE establishment (
    subject       INTEGER NOT NULL PRIMARY KEY, -- the key of its code
    subject_shown TEXT    NOT NULL,
    area          TEXT    NOT NULL,
    categories    TEXT    NOT NULL -- with spaces between them; none = every one
) STRICT;

-- What the public says does not match.
CREATE TABLE mismatch (
    number      TEXT    NOT NULL PRIMARY KEY,
    code        TEXT    NOT NULL,
    text        TEXT    NOT NULL, -- personal numbers masked
    at          INTEGER NOT NULL, -- unix microseconds
    answer_zh   TEXT    NOT NULL,
    answer_en   TEXT    NOT NULL,
    answered_at INTEGER NOT NULL -- 0 = open
) STRICT;
CREATE INDEX mismatch_by_time ON mismatch (at, number);
CREATE INDEX mismatch_of_code ON mismatch (code, at);
