MATCH (lease:ImportLease {source: $source, holder: $holder})
REMOVE lease.holder, lease.until;
