// Setting a property takes the lock of the node: whoever comes next looks only after this one is done.
MERGE (lease:ImportLease {source: $source})
SET lease.askedAt = $now
WITH lease
WHERE lease.holder IS NULL OR lease.holder = $holder OR lease.until <= $now
SET lease.holder = $holder, lease.until = $until
RETURN count(lease) AS taken;
