-- Why the journal takes nothing until its epoch is raised; empty = it does. Read under the lock that every writer holds, in every process.
ALTER TABLE journal ADD COLUMN halted TEXT NOT NULL DEFAULT '';
