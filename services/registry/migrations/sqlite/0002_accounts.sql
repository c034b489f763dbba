-- People who may sign in. Links and sessions point at the account, so that whatever changes of it holds for all of them at once.
CREATE TABLE account (
    name         TEXT NOT NULL PRIMARY KEY,
    display_name TEXT NOT NULL,
    roles        TEXT NOT NULL, -- words of the access contract, separated by spaces
    areas        TEXT NOT NULL, -- subtrees, separated by spaces; * = all
    categories   TEXT NOT NULL,
    state        TEXT NOT NULL,
    appointed_at INTEGER NOT NULL, -- unix microseconds
    -- Administrators of the system, of security and of audit exclude each other: the word stands in the roles once at most.
    CONSTRAINT one_administrator CHECK (length(roles) - length(replace(roles, '_ADMINISTRATOR', '')) <= 14)
);
-- The roles in sign_in and session are read by nobody from now on. They stay for processes of the release before, which run beside this one during an
-- upgrade: those know whom they let in already, and refuse who signs in now, because they would not see how far he may look.

-- Who registered a subject may say whom to call there. Empty: registered before this was kept.
ALTER TABLE subject ADD COLUMN registered_by TEXT NOT NULL DEFAULT '';
CREATE TABLE contact (
    subject TEXT NOT NULL PRIMARY KEY REFERENCES subject (id),
    person  TEXT NOT NULL,
    phone   TEXT NOT NULL,
    address TEXT NOT NULL,
    webhook TEXT NOT NULL
);

-- Laboratories whose failed inspections count without a person looking at them.
CREATE TABLE laboratory (
    code       TEXT NOT NULL PRIMARY KEY, -- USCC
    name       TEXT NOT NULL,
    areas      TEXT NOT NULL,
    categories TEXT NOT NULL,
    valid_from TEXT NOT NULL, -- YYYY-MM-DD, empty = open
    valid_to   TEXT NOT NULL
);
