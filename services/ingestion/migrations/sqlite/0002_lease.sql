-- Which process reads which source, and until when unless it says so again. A lease saves two processes from doing the same work; that nothing
-- takes effect twice is the offset's compare-and-set.
CREATE TABLE lease (
    source TEXT    NOT NULL PRIMARY KEY,
    owner  TEXT    NOT NULL,
    until  INTEGER NOT NULL -- unix microseconds
);
