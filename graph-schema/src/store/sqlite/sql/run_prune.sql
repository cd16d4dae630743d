DELETE FROM import_run
WHERE source = ?1 AND started_at <= (
    SELECT started_at
    FROM import_run
    WHERE source = ?1
    ORDER BY started_at DESC
    LIMIT 1 OFFSET ?2
);
