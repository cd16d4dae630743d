UNWIND $of AS reference
MATCH (record:Record {reference: reference})
WHERE NOT record:Withdrawn
CALL (record) {
  MATCH (record)<-[:PART_OF]-(other)
  WHERE NOT other:Withdrawn AND other.reference STARTS WITH $kind AND other.reference > $afterReference
  WITH DISTINCT other.reference AS neighbour
  ORDER BY neighbour
  LIMIT $limit
  RETURN neighbour
}
RETURN reference, 'PART_OF' AS relation, 'IN' AS direction, neighbour;
