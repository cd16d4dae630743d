INSERT INTO import_diagnostic (
    source, started_at, position, code, severity, path, line, column, field, value, detail, nearest, expected, excerpt, entry
)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15);
