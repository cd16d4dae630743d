UNWIND $of AS reference
MATCH (record:Record {reference: reference})
WHERE NOT record:Withdrawn
CALL (record) {
  MATCH (record)<-[:ABOUT]-(other)
  WHERE NOT other:Withdrawn AND other.reference STARTS WITH $kind AND other.reference > $afterReference
  WITH DISTINCT other.reference AS neighbour
  ORDER BY neighbour
  LIMIT $limit
  RETURN neighbour
}
RETURN reference, 'ABOUT' AS relation, 'IN' AS direction, neighbour;
