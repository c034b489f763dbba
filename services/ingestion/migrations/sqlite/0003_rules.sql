-- Our copy of the rule sets that quality published, so that intake survives it.
CREATE TABLE rule_set (
    seq        INTEGER NOT NULL PRIMARY KEY, -- of quality's entry
    valid_from INTEGER NOT NULL,             -- unix microseconds of receipt
    document   BLOB NOT NULL               -- quality.v1.RulesPublished
);
