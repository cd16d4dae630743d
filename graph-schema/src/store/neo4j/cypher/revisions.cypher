MATCH (revision:Revision)
WHERE revision.number > $since
RETURN properties(revision) AS revision
ORDER BY revision.number
LIMIT $limit;
