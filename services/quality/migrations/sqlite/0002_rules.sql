-- What this node and the one above it want of records, each whole from an instant on.
CREATE TABLE rule_layer (
    number     INTEGER NOT NULL PRIMARY KEY, -- in the order of their coming
    above      INTEGER NOT NULL,             -- 1 = of the node above, 0 = our own
    valid_from INTEGER NOT NULL,             -- unix microseconds of receipt
    document   BLOB NOT NULL               -- quality.v1.RulesPublished
);
-- What was published of both together: the body of each entry `rules.published`.
CREATE TABLE rule_set (
    number     INTEGER NOT NULL PRIMARY KEY, -- in its version
    valid_from INTEGER NOT NULL,
    document   BLOB NOT NULL
);
