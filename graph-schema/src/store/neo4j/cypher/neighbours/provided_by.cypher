UNWIND $of AS reference
MATCH (record:Record {reference: reference})
WHERE NOT record:Withdrawn
CALL (record) {
  MATCH (record)<-[:PROVIDED_BY]-(other)
  WHERE NOT other:Withdrawn AND other.reference STARTS WITH $kind AND other.reference > $afterReference
  WITH DISTINCT other.reference AS neighbour
  ORDER BY neighbour
  LIMIT $limit
  RETURN neighbour
}
RETURN reference, 'PROVIDED_BY' AS relation, 'IN' AS direction, neighbour;
