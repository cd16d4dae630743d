// Whole neighbourhoods, by the relations that a path follows.
UNWIND $references AS reference
MATCH (record:Record {reference: reference})
CALL (record) {
  MATCH (record)-[held:ABOUT|DESCRIBED_BY|INSPIRED_BY|INVOLVES|NARROWER|NOTE_ON|PART_OF|RUNS_IN|SUPERSEDES|WRITTEN_BY]->(other)
  WHERE NOT other:Withdrawn AND other.reference IS NOT NULL
  RETURN type(held) AS relation, 'OUT' AS direction, other.reference AS neighbour
  UNION
  MATCH (record)<-[held:ABOUT|DESCRIBED_BY|INSPIRED_BY|INVOLVES|NARROWER|NOTE_ON|PART_OF|RUNS_IN|SUPERSEDES|WRITTEN_BY]-(other)
  WHERE NOT other:Withdrawn AND other.reference IS NOT NULL
  RETURN type(held) AS relation, 'IN' AS direction, other.reference AS neighbour
}
RETURN reference, relation, direction, neighbour;
