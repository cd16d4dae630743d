SELECT number, changes_so_far
FROM revision
ORDER BY number DESC
LIMIT 1;
