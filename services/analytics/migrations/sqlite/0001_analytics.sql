-- Figures. The first four tables and `counted` are made from ingestion's journal alone and can be made again from it.

-- One for each day, area, category, class and provider of which there are records in force.
CREATE TABLE cell (
    id       INTEGER PRIMARY KEY,
    day      TEXT    NOT NULL, -- of event time in China Standard Time, YYYY-MM-DD
    area     TEXT    NOT NULL,
    category TEXT    NOT NULL,
    class    TEXT    NOT NULL,
    provider TEXT    NOT NULL,
    records  INTEGER NOT NULL,
    late     INTEGER NOT NULL,
    UNIQUE (day, area, category, class, provider)
) STRICT;

-- What was weighed or counted in a cell, by unit of measure; no row is zero.
CREATE TABLE measure (
    cell  INTEGER NOT NULL REFERENCES cell (id) ON DELETE CASCADE,
    unit  TEXT    NOT NULL,
    value TEXT    NOT NULL, -- exact decimal
    PRIMARY KEY (cell, unit)
) STRICT, WITHOUT ROWID;

-- How many of a cell's records name a responsible subject.
CREATE TABLE presence (
    cell    INTEGER NOT NULL REFERENCES cell (id) ON DELETE CASCADE,
    subject INTEGER NOT NULL, -- the key of its code, 63 bits
    records INTEGER NOT NULL,
    PRIMARY KEY (cell, subject)
) STRICT, WITHOUT ROWID;

-- The last entry that changed a month, and what was last said of it in our own journal.
CREATE TABLE month (
    month           TEXT    NOT NULL PRIMARY KEY, -- YYYY-MM
    epoch           INTEGER NOT NULL,
    seq             INTEGER NOT NULL,
    announced_epoch INTEGER,                      -- NULL = never announced
    announced_seq   INTEGER,
    hash            BLOB                          -- of the figures announced
) STRICT;

-- How far ingestion's journal is counted, and by which rules; one row, moved with the follower's cursor.
CREATE TABLE counted (
    journal     TEXT    NOT NULL PRIMARY KEY,
    rules       TEXT    NOT NULL,
    epoch       INTEGER NOT NULL,
    seq         INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL -- unix microseconds
) STRICT;

-- Months of the nodes below, as they were handed over: one for each origin and month, whoever brought it.
CREATE TABLE sheet (
    origin      TEXT    NOT NULL,
    month       TEXT    NOT NULL, -- YYYY-MM
    child       TEXT    NOT NULL, -- who brought it
    epoch       INTEGER NOT NULL, -- the last entry of the origin's ingestion that changed it
    seq         INTEGER NOT NULL,
    hash        BLOB    NOT NULL,
    journal     TEXT    NOT NULL, -- what it is true of
    as_of_epoch INTEGER NOT NULL,
    as_of_seq   INTEGER NOT NULL,
    as_of_time  INTEGER NOT NULL, -- unix microseconds
    document    BLOB    NOT NULL, -- tracemesh.analytics.v1.MonthFigures
    PRIMARY KEY (origin, month)
) STRICT;

-- Our copy of the registry's tree.
CREATE TABLE area (
    id     TEXT NOT NULL PRIMARY KEY,
    parent TEXT NOT NULL
) STRICT;
