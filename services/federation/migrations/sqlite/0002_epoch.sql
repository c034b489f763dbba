-- The epoch that the child's journals have to reach: one more than any that was seen, whenever an operator approves another history.
ALTER TABLE child ADD COLUMN epoch BIGINT NOT NULL DEFAULT 1;
