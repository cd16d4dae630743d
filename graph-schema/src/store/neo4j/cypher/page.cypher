// References are kind/key, so that a kind is a range of them.
MATCH (record:Record)
WHERE record.reference > $after AND record.reference < $end
RETURN record.reference AS reference
ORDER BY record.reference
LIMIT $limit;
