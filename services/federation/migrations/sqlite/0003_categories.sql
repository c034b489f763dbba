-- The categories of which a child is shown what others know, a comma between them; empty = all.
ALTER TABLE invitation ADD COLUMN categories TEXT NOT NULL DEFAULT '';
ALTER TABLE child ADD COLUMN categories TEXT NOT NULL DEFAULT '';
