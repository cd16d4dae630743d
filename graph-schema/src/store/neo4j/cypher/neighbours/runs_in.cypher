UNWIND $of AS reference
MATCH (record:Record {reference: reference})
WHERE NOT record:Withdrawn
CALL (record) {
  MATCH (record)<-[:RUNS_IN]-(other)
  WHERE NOT other:Withdrawn AND other.reference STARTS WITH $kind AND other.reference > $afterReference
  WITH DISTINCT other.reference AS neighbour
  ORDER BY neighbour
  LIMIT $limit
  RETURN neighbour
}
RETURN reference, 'RUNS_IN' AS relation, 'IN' AS direction, neighbour;
