-- What has come over links for the services of this node, by its content: a history that was approved anew is read from its beginning, and nothing
-- of it goes into the inbox twice.
CREATE TABLE received (
    neighbour TEXT   NOT NULL,
    hash      BYTEA  NOT NULL, -- SHA-256 over envelope and body
    history   BIGINT NOT NULL, -- in which it came first
    PRIMARY KEY (neighbour, hash)
);

-- How far each child says to have what is for it.
CREATE TABLE taken (
    child   TEXT   NOT NULL,
    journal TEXT   NOT NULL,
    epoch   BIGINT NOT NULL,
    seq     BIGINT NOT NULL,
    at      BIGINT NOT NULL, -- when that was heard, unix microseconds
    PRIMARY KEY (child, journal)
);

-- Which of the parent's histories is followed, from 1; and why none is, until an operator approves another.
ALTER TABLE parent ADD COLUMN history BIGINT NOT NULL DEFAULT 1;
ALTER TABLE parent ADD COLUMN forked TEXT NOT NULL DEFAULT '';
