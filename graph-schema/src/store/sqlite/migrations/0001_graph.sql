-- The graph: records as documents, the relations that they hold, and what each revision changed.
--
-- Kinds, relations and changes are kept as numbers whose order is the order of their names, because lists of mixed kinds
-- sort by them; the gaps leave room for more. The three tables of names let the file be read without the program.

CREATE TABLE record_kind (
    code INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

INSERT INTO record_kind (code, name) VALUES
    (10, 'area'),
    (20, 'case-study'),
    (30, 'initiative'),
    (40, 'note'),
    (50, 'organisation'),
    (60, 'source'),
    (70, 'topic'),
    (80, 'town');

CREATE TABLE relation (
    code INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

INSERT INTO relation (code, name) VALUES
    (10, 'ABOUT'),
    (20, 'DESCRIBED_BY'),
    (30, 'INSPIRED_BY'),
    (40, 'INVOLVES'),
    (50, 'NARROWER'),
    (60, 'NOTE_ON'),
    (70, 'PART_OF'),
    (80, 'PROVIDED_BY'),
    (90, 'RUNS_IN'),
    (100, 'SUPERSEDES'),
    (110, 'WRITTEN_BY');

CREATE TABLE change_kind (
    code INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT;

INSERT INTO change_kind (code, name) VALUES
    (10, 'added'),
    (20, 'changed'),
    (30, 'withdrawn'),
    (40, 'restored'),
    (50, 'merged');

CREATE TABLE revision (
    number INTEGER PRIMARY KEY,
    -- The change set's: a second one of the same id is not applied.
    id TEXT NOT NULL UNIQUE,
    at TEXT NOT NULL,
    by TEXT NOT NULL,
    why TEXT,
    -- How many records this and all earlier revisions changed, so that changes since a revision need no counting.
    changes_so_far INTEGER NOT NULL
) STRICT;

CREATE TABLE record (
    kind INTEGER NOT NULL REFERENCES record_kind (code),
    key TEXT NOT NULL,
    created INTEGER NOT NULL REFERENCES revision (number),
    revision INTEGER NOT NULL REFERENCES revision (number),
    -- JSON: when, why, what it was merged into. Null while the record stands.
    withdrawn TEXT,
    -- JSON, last because it is long: the columns before it are read without it.
    document TEXT NOT NULL,
    PRIMARY KEY (kind, key)
) STRICT;

-- Lists of neighbours leave withdrawn records out: this holds only those, so it is small and each look is cheap.
CREATE INDEX record_withdrawn ON record (kind, key) WHERE withdrawn IS NOT NULL;

CREATE TABLE alias (
    kind INTEGER NOT NULL,
    alias TEXT NOT NULL,
    key TEXT NOT NULL,
    PRIMARY KEY (kind, alias),
    FOREIGN KEY (kind, key) REFERENCES record (kind, key)
) STRICT, WITHOUT ROWID;

-- Both orders end in the neighbour's kind and key: a page of neighbours, from either side, is one stretch of an index.
CREATE TABLE edge (
    from_kind INTEGER NOT NULL,
    from_key TEXT NOT NULL,
    relation INTEGER NOT NULL REFERENCES relation (code),
    to_kind INTEGER NOT NULL,
    to_key TEXT NOT NULL,
    PRIMARY KEY (from_kind, from_key, relation, to_kind, to_key),
    FOREIGN KEY (from_kind, from_key) REFERENCES record (kind, key),
    FOREIGN KEY (to_kind, to_key) REFERENCES record (kind, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX edge_reverse ON edge (to_kind, to_key, relation, from_kind, from_key);

CREATE TABLE history (
    revision INTEGER NOT NULL REFERENCES revision (number),
    kind INTEGER NOT NULL,
    key TEXT NOT NULL,
    change INTEGER NOT NULL REFERENCES change_kind (code),
    -- JSON: {field: {before, after}}. Null for an added record.
    changes TEXT,
    PRIMARY KEY (revision, kind, key),
    FOREIGN KEY (kind, key) REFERENCES record (kind, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX history_of_record ON history (kind, key, revision);
