-- The state of emergency; every change of it is an entry of its journal, in the same transaction. Documents are messages of tracemesh.emergency.v1,
-- times unix microseconds.

-- Followed from the registry and from the gateway.
CREATE TABLE area (
    id     TEXT NOT NULL PRIMARY KEY,
    parent TEXT NOT NULL
);
CREATE TABLE child (
    node TEXT NOT NULL PRIMARY KEY
);
CREATE TABLE laboratory (
    code     TEXT  NOT NULL PRIMARY KEY,
    document BYTEA NOT NULL -- tracemesh.registry.v1.Laboratory
);

-- The last number given out in each series. A number that is rolled back is given out again, so that none is missing.
CREATE TABLE series (
    name TEXT   NOT NULL PRIMARY KEY,
    last BIGINT NOT NULL
);

CREATE TABLE incident (
    id        TEXT   NOT NULL PRIMARY KEY,
    opened_at BIGINT NOT NULL,
    state     TEXT   NOT NULL, -- open, closed
    source    TEXT   NOT NULL, -- what opened it; empty for a person
    via       TEXT   NOT NULL, -- the node directly below that told us; empty for our own
    rules     TEXT   NOT NULL, -- JSON: the tables that it is held to
    document  BYTEA  NOT NULL  -- Incident, without clocks and orders
);
CREATE UNIQUE INDEX incident_source ON incident (source) WHERE source <> '';
CREATE INDEX incident_newest ON incident (opened_at, id);

CREATE TABLE clock (
    incident   TEXT   NOT NULL,
    order_id   TEXT   NOT NULL, -- empty for the incident's own
    kind       TEXT   NOT NULL,
    started_at BIGINT NOT NULL,
    due_at     BIGINT NOT NULL,
    stopped_at BIGINT,          -- NULL while it runs
    breached   BIGINT NOT NULL, -- 0, 1
    rule       TEXT   NOT NULL,
    presumed   BIGINT NOT NULL, -- 0, 1
    PRIMARY KEY (incident, order_id, kind, started_at)
);
CREATE INDEX clock_due ON clock (due_at) WHERE breached = 0 AND stopped_at IS NULL;

CREATE TABLE orders (
    id        TEXT   NOT NULL PRIMARY KEY,
    began_at  BIGINT NOT NULL, -- when it was drafted, or came
    incident  TEXT   NOT NULL, -- the one of this node
    state     TEXT   NOT NULL,
    issuer    TEXT   NOT NULL,
    number    TEXT   NOT NULL, -- empty before the signature
    public    BIGINT NOT NULL, -- 1 = shown to everybody: released, and no drill
    document  BYTEA  NOT NULL, -- Order, without clocks, and without units and holdings
    scope     BYTEA  NOT NULL, -- Scope
    issued    BYTEA  NOT NULL, -- OrderIssued: as signed, and the way that it came; empty before the signature
    closure   BYTEA  NOT NULL  -- ClosureReport; empty before the end
);
CREATE UNIQUE INDEX orders_number ON orders (issuer, number) WHERE number <> '';
CREATE INDEX orders_newest ON orders (began_at, id);
CREATE INDEX orders_of_incident ON orders (incident);

-- Which units are under which order.
CREATE TABLE unit_under_order (
    unit     BIGINT NOT NULL,
    order_id TEXT   NOT NULL,
    PRIMARY KEY (unit, order_id)
);

CREATE TABLE tier (
    order_id TEXT  NOT NULL,
    node     TEXT  NOT NULL,
    via      TEXT  NOT NULL, -- the node directly below that speaks of it; empty while nobody has
    document BYTEA NOT NULL, -- TierRow
    PRIMARY KEY (order_id, node)
);
CREATE TABLE establishment (
    order_id TEXT  NOT NULL,
    node     TEXT  NOT NULL,
    subject  TEXT  NOT NULL,
    measure  TEXT  NOT NULL,
    via      TEXT  NOT NULL,
    document BYTEA NOT NULL, -- EstablishmentRow
    PRIMARY KEY (order_id, node, subject, measure)
);

-- The key of each node that has issued an order to us: the first that was seen.
CREATE TABLE issuer (
    node       TEXT  NOT NULL PRIMARY KEY,
    public_key BYTEA NOT NULL
);

-- Who submits for whom: a provider answers for the establishments of its records.
CREATE TABLE submits (
    subject  TEXT NOT NULL,
    provider TEXT NOT NULL,
    PRIMARY KEY (subject, provider)
);
