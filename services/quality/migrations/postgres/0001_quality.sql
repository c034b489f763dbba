-- What is sorted is in the order of bytes, as on SQLite. Everything down to `followed` is made from ingestion's journal alone and can be made
-- again from it; only what people did to findings is not.

-- One for each day, provider, subject, area and category of which there is or was a record, or a rejected submission.
CREATE TABLE cell (
    id            BIGINT  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    day           TEXT    COLLATE "C" NOT NULL, -- of event time in China Standard Time, YYYY-MM-DD
    provider      TEXT    COLLATE "C" NOT NULL,
    subject       BIGINT NOT NULL, -- the key of its code, 63 bits; 0 = nobody is named
    subject_shown TEXT    NOT NULL,
    area          TEXT    COLLATE "C" NOT NULL,
    category      TEXT    COLLATE "C" NOT NULL,
    records       BIGINT NOT NULL,
    late          BIGINT NOT NULL,
    due           BIGINT NOT NULL,
    filled        BIGINT NOT NULL,
    refused       BIGINT NOT NULL,
    outgoing      BIGINT NOT NULL,
    complete      BIGINT NOT NULL,
    UNIQUE (day, provider, subject, area, category)
);

-- What detectors keep of records in force: some ten rows of 60 bytes for a record.
CREATE TABLE observation (
    grp    BIGINT NOT NULL, -- detector << 59 | hash of what its records share
    record BIGINT NOT NULL, -- epoch << 44 | seq
    part   BIGINT NOT NULL, -- several of one record in one group
    cell   BIGINT NOT NULL,
    at     BIGINT NOT NULL, -- of the event, unix microseconds
    side   BIGINT NOT NULL,
    amount TEXT,             -- billionths
    what   TEXT    NOT NULL,
    PRIMARY KEY (grp, record, part)
);

-- Chains: which records make, use and vouch for which units.
CREATE TABLE link (
    unit   BIGINT NOT NULL, -- unit key
    way    BIGINT NOT NULL, -- 0 made, 1 used, 2 vouched
    record BIGINT NOT NULL,
    PRIMARY KEY (unit, way, record)
);
CREATE INDEX link_of_record ON link (record, way);

CREATE TABLE passage (
    record   BIGINT NOT NULL PRIMARY KEY,
    cell     BIGINT NOT NULL,
    at       BIGINT NOT NULL, -- of the event, unix microseconds
    stage    BIGINT NOT NULL, -- 0 between, 1 origin, 2 origin with valid evidence
    outgoing BIGINT NOT NULL,
    complete BIGINT NOT NULL, -- it uses something, and all of it is rooted
    source   TEXT    NOT NULL  -- the party one step back
);

-- Units whose way back is complete.
CREATE TABLE rooted (unit BIGINT NOT NULL PRIMARY KEY);

-- Units that a record used and nobody here made: said to be broken once they are due.
CREATE TABLE open_hop (
    unit   BIGINT NOT NULL,
    record BIGINT NOT NULL,
    due    BIGINT NOT NULL, -- unix microseconds
    said   BIGINT NOT NULL,
    code   TEXT    NOT NULL, -- as it is shown
    PRIMARY KEY (unit, record)
);
CREATE INDEX open_hop_due ON open_hop (due) WHERE said = 0;
CREATE INDEX open_hop_of_record ON open_hop (record);

-- The first record of each day of the journal's time, by which what is old is forgotten.
CREATE TABLE day_begun (
    day    TEXT COLLATE "C" NOT NULL PRIMARY KEY, -- China Standard Time, YYYY-MM-DD
    record BIGINT NOT NULL
);

CREATE TABLE finding (
    number        BIGINT NOT NULL PRIMARY KEY,
    kind          TEXT    NOT NULL,
    grp           BIGINT NOT NULL,
    cause         BIGINT NOT NULL,
    state         TEXT    NOT NULL,
    provider      TEXT    NOT NULL,
    subject       BIGINT NOT NULL,
    subject_shown TEXT    NOT NULL,
    area          TEXT    NOT NULL,
    category      TEXT    NOT NULL,
    found_at      BIGINT NOT NULL, -- unix microseconds
    due_at        BIGINT NOT NULL, -- unix microseconds
    closed_at     BIGINT NOT NULL, -- unix microseconds; 0 = open
    presumed      BIGINT NOT NULL,
    records       BIGINT NOT NULL,
    UNIQUE (grp, cause)
);
CREATE INDEX finding_due ON finding (due_at, number);

CREATE TABLE step (
    finding BIGINT NOT NULL,
    nth     BIGINT NOT NULL,
    state   TEXT    NOT NULL,
    by      TEXT    NOT NULL,
    at      BIGINT NOT NULL, -- unix microseconds
    text    TEXT    NOT NULL,
    PRIMARY KEY (finding, nth)
);

-- Records that a finding is about, as long as they are in force and its cause lasts.
CREATE TABLE evidence (
    finding BIGINT NOT NULL,
    record  BIGINT NOT NULL,
    field   TEXT    NOT NULL,
    cell    BIGINT NOT NULL,
    value   TEXT    NOT NULL,
    against TEXT    NOT NULL,
    PRIMARY KEY (finding, record, field)
);

-- How far ingestion's journal is followed, and by which rules; one row, moved with the follower's cursor.
CREATE TABLE followed (
    journal     TEXT    NOT NULL PRIMARY KEY,
    rules       TEXT    NOT NULL,
    epoch       BIGINT NOT NULL,
    seq         BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL, -- unix microseconds
    findings    BIGINT NOT NULL -- how many were numbered
);

-- Our copy of the registry: its tree, and those whose activity is measured.
CREATE TABLE area (
    id     TEXT NOT NULL PRIMARY KEY,
    parent TEXT NOT NULL
);

CREATE TABLE establishment (
    subject       BIGINT NOT NULL PRIMARY KEY, -- the key of its code
    subject_shown TEXT    NOT NULL,
    area          TEXT    NOT NULL,
    categories    TEXT    NOT NULL -- with spaces between them; none = every one
);

-- What the public says does not match.
CREATE TABLE mismatch (
    number      TEXT    COLLATE "C" NOT NULL PRIMARY KEY,
    code        TEXT    NOT NULL,
    text        TEXT    NOT NULL, -- personal numbers masked
    at          BIGINT NOT NULL, -- unix microseconds
    answer_zh   TEXT    NOT NULL,
    answer_en   TEXT    NOT NULL,
    answered_at BIGINT NOT NULL -- 0 = open
);
CREATE INDEX mismatch_by_time ON mismatch (at, number);
CREATE INDEX mismatch_of_code ON mismatch (code, at);
