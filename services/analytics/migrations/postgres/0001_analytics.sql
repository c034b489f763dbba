-- Figures. What is sorted is in the order of bytes, as on SQLite. The first four tables and `counted` are made from ingestion's journal alone
-- and can be made again from it.

-- One for each day, area, category, class and provider of which there are records in force.
CREATE TABLE cell (
    id       BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    day      TEXT    COLLATE "C" NOT NULL, -- of event time in China Standard Time, YYYY-MM-DD
    area     TEXT    COLLATE "C" NOT NULL,
    category TEXT    COLLATE "C" NOT NULL,
    class    TEXT    COLLATE "C" NOT NULL,
    provider TEXT    COLLATE "C" NOT NULL,
    records  BIGINT  NOT NULL,
    late     BIGINT  NOT NULL,
    UNIQUE (day, area, category, class, provider)
);

-- What was weighed or counted in a cell, by unit of measure; no row is zero.
CREATE TABLE measure (
    cell  BIGINT  NOT NULL REFERENCES cell (id) ON DELETE CASCADE,
    unit  TEXT    COLLATE "C" NOT NULL,
    value TEXT    NOT NULL, -- exact decimal
    PRIMARY KEY (cell, unit)
);

-- How many of a cell's records name a responsible subject.
CREATE TABLE presence (
    cell    BIGINT  NOT NULL REFERENCES cell (id) ON DELETE CASCADE,
    subject BIGINT  NOT NULL, -- the key of its code, 63 bits
    records BIGINT  NOT NULL,
    PRIMARY KEY (cell, subject)
);

-- The last entry that changed a month, and what was last said of it in our own journal.
CREATE TABLE month (
    month           TEXT    COLLATE "C" NOT NULL PRIMARY KEY, -- YYYY-MM
    epoch           BIGINT  NOT NULL,
    seq             BIGINT  NOT NULL,
    announced_epoch BIGINT ,                      -- NULL = never announced
    announced_seq   BIGINT ,
    hash            BYTEA                         -- of the figures announced
);

-- How far ingestion's journal is counted, and by which rules; one row, moved with the follower's cursor.
CREATE TABLE counted (
    journal     TEXT    NOT NULL PRIMARY KEY,
    rules       TEXT    NOT NULL,
    epoch       BIGINT  NOT NULL,
    seq         BIGINT  NOT NULL,
    recorded_at BIGINT  NOT NULL -- unix microseconds
);

-- Months of the nodes below, as they were handed over: one for each origin and month, whoever brought it.
CREATE TABLE sheet (
    origin      TEXT    COLLATE "C" NOT NULL,
    month       TEXT    COLLATE "C" NOT NULL, -- YYYY-MM
    child       TEXT    NOT NULL, -- who brought it
    epoch       BIGINT  NOT NULL, -- the last entry of the origin's ingestion that changed it
    seq         BIGINT  NOT NULL,
    hash        BYTEA   NOT NULL,
    journal     TEXT    NOT NULL, -- what it is true of
    as_of_epoch BIGINT  NOT NULL,
    as_of_seq   BIGINT  NOT NULL,
    as_of_time  BIGINT  NOT NULL, -- unix microseconds
    document    BYTEA   NOT NULL, -- tracemesh.analytics.v1.MonthFigures
    PRIMARY KEY (origin, month)
);

-- Our copy of the registry's tree.
CREATE TABLE area (
    id     TEXT NOT NULL PRIMARY KEY,
    parent TEXT NOT NULL
);
