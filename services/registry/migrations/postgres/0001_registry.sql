-- The registry's state; every change of it is an entry of the registry's journal, in the same transaction.

-- The dated tree of areas. An id is never reused.
CREATE TABLE area (
    id         TEXT NOT NULL PRIMARY KEY,
    parent     TEXT NOT NULL, -- empty for the root
    name_zh    TEXT NOT NULL,
    name_en    TEXT NOT NULL,
    kind       TEXT NOT NULL,
    valid_from TEXT NOT NULL, -- YYYY-MM-DD, empty = open
    valid_to   TEXT NOT NULL
);

CREATE TABLE provider (
    id            TEXT    NOT NULL PRIMARY KEY,
    state         TEXT    NOT NULL,
    token         BYTEA   NOT NULL, -- SHA-256 of it
    document      BYTEA   NOT NULL, -- tracemesh.registry.v1.Provider
    registered_at BIGINT NOT NULL  -- unix microseconds
);

CREATE TABLE subject (
    id            TEXT    NOT NULL PRIMARY KEY,
    kind          TEXT    NOT NULL,
    scheme        TEXT    NOT NULL,
    code          TEXT    NOT NULL,
    name          TEXT    NOT NULL,
    area          TEXT    NOT NULL,
    state         TEXT    NOT NULL,
    categories    TEXT    NOT NULL, -- separated by spaces
    registered_at BIGINT NOT NULL,
    UNIQUE (scheme, code)
);
CREATE INDEX subject_by_name ON subject (name);

-- One-time sign-in links and the sessions that they become; only hashes are kept.
CREATE TABLE sign_in (
    secret     BYTEA   NOT NULL PRIMARY KEY, -- SHA-256 of it
    account    TEXT    NOT NULL,
    roles      TEXT    NOT NULL,             -- separated by spaces
    expires_at BIGINT NOT NULL,
    used_at    BIGINT                       -- unix microseconds; NULL = not yet
);
CREATE TABLE session (
    secret     BYTEA   NOT NULL PRIMARY KEY,
    account    TEXT    NOT NULL,
    roles      TEXT    NOT NULL,
    expires_at BIGINT NOT NULL
);
