SELECT
    coalesce((SELECT changes_so_far FROM revision ORDER BY number DESC LIMIT 1), 0)
    - coalesce((SELECT changes_so_far FROM revision WHERE number <= ?1 ORDER BY number DESC LIMIT 1), 0);
