-- Our copy of the rule sets that quality published, so that intake survives it.
CREATE TABLE rule_set (
    seq        BIGINT NOT NULL PRIMARY KEY, -- of quality's entry
    valid_from BIGINT NOT NULL,             -- unix microseconds of receipt
    document   BYTEA NOT NULL               -- quality.v1.RulesPublished
);
