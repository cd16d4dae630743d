UNWIND $of AS reference
MATCH (record:Record {reference: reference})
WHERE NOT record:Withdrawn
CALL (record) {
  MATCH (record)<-[:DESCRIBED_BY]-(other)
  WHERE NOT other:Withdrawn AND other.reference STARTS WITH $kind
  RETURN count(DISTINCT other) AS counted
}
RETURN reference, counted;
