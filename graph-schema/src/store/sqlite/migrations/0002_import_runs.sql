-- Imports, kept beside the graph: what each found, and who may make one. No revision tells of them.

CREATE TABLE import_run (
    source TEXT NOT NULL,
    -- RFC 3339 in UTC to the millisecond: texts that sort as the moments do.
    started_at TEXT NOT NULL,
    state TEXT NOT NULL,
    cause TEXT NOT NULL,
    finished_at TEXT,
    commit_read TEXT,
    -- While it runs.
    stage TEXT,
    done INTEGER,
    total INTEGER,
    problem TEXT,
    files INTEGER NOT NULL,
    invalid INTEGER NOT NULL,
    new INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    withdrawn INTEGER NOT NULL,
    errors INTEGER NOT NULL,
    warnings INTEGER NOT NULL,
    notes INTEGER NOT NULL,
    -- JSON: how many files were left aside, by why.
    skipped TEXT NOT NULL,
    PRIMARY KEY (source, started_at)
) STRICT, WITHOUT ROWID;

CREATE TABLE import_diagnostic (
    source TEXT NOT NULL,
    started_at TEXT NOT NULL,
    position INTEGER NOT NULL,
    code TEXT NOT NULL,
    severity TEXT NOT NULL,
    path TEXT NOT NULL,
    line INTEGER,
    column INTEGER,
    field TEXT,
    value TEXT,
    detail TEXT,
    nearest TEXT,
    expected TEXT,
    excerpt TEXT,
    PRIMARY KEY (source, started_at, position),
    FOREIGN KEY (source, started_at) REFERENCES import_run (source, started_at) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE import_lease (
    source TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    until TEXT NOT NULL
) STRICT, WITHOUT ROWID;
