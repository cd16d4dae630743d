// The next neighbours of each record, from each side asked for. A record holds few relations, so those that go out are read
// together; thousands may come in, so each relation that comes in has its own part, which does nothing if it is not asked for.
UNWIND $of AS reference
MATCH (record:Record {reference: reference})
WHERE NOT record:Withdrawn
CALL (record) {
  MATCH (record)-[held:ABOUT|DESCRIBED_BY|INSPIRED_BY|INVOLVES|NARROWER|NOTE_ON|PART_OF|PROVIDED_BY|RUNS_IN|SUPERSEDES|WRITTEN_BY]->(other:Record)
  WHERE type(held) IN $outgoing
    AND NOT other:Withdrawn
    AND other.reference STARTS WITH $kind
    AND ($afterDirection <> 'OUT' OR $afterRelation <> type(held) OR other.reference > $afterReference)
  WITH DISTINCT type(held) AS relation, other
  RETURN relation, 'OUT' AS direction, other.reference AS neighbour
  ORDER BY relation, neighbour
  LIMIT $limit
  UNION ALL
  MATCH (record)<-[:ABOUT]-(other:Record)
  WHERE 'ABOUT' IN $incoming
    AND NOT other:Withdrawn
    AND other.reference STARTS WITH $kind
    AND ($afterDirection <> 'IN' OR $afterRelation <> 'ABOUT' OR other.reference > $afterReference)
  WITH DISTINCT other
  RETURN 'ABOUT' AS relation, 'IN' AS direction, other.reference AS neighbour
  ORDER BY neighbour
  LIMIT $limit
  UNION ALL
  MATCH (record)<-[:DESCRIBED_BY]-(other:Record)
  WHERE 'DESCRIBED_BY' IN $incoming
    AND NOT other:Withdrawn
    AND other.reference STARTS WITH $kind
    AND ($afterDirection <> 'IN' OR $afterRelation <> 'DESCRIBED_BY' OR other.reference > $afterReference)
  WITH DISTINCT other
  RETURN 'DESCRIBED_BY' AS relation, 'IN' AS direction, other.reference AS neighbour
  ORDER BY neighbour
  LIMIT $limit
  UNION ALL
  MATCH (record)<-[:INSPIRED_BY]-(other:Record)
  WHERE 'INSPIRED_BY' IN $incoming
    AND NOT other:Withdrawn
    AND other.reference STARTS WITH $kind
    AND ($afterDirection <> 'IN' OR $afterRelation <> 'INSPIRED_BY' OR other.reference > $afterReference)
  WITH DISTINCT other
  RETURN 'INSPIRED_BY' AS relation, 'IN' AS direction, other.reference AS neighbour
  ORDER BY neighbour
  LIMIT $limit
  UNION ALL
  MATCH (record)<-[:INVOLVES]-(other:Record)
  WHERE 'INVOLVES' IN $incoming
    AND NOT other:Withdrawn
    AND other.reference STARTS WITH $kind
    AND ($afterDirection <> 'IN' OR $afterRelation <> 'INVOLVES' OR other.reference > $afterReference)
  WITH DISTINCT other
  RETURN 'INVOLVES' AS relation, 'IN' AS direction, other.reference AS neighbour
  ORDER BY neighbour
  LIMIT $limit
  UNION ALL
  MATCH (record)<-[:NARROWER]-(other:Record)
  WHERE 'NARROWER' IN $incoming
    AND NOT other:Withdrawn
    AND other.reference STARTS WITH $kind
    AND ($afterDirection <> 'IN' OR $afterRelation <> 'NARROWER' OR other.reference > $afterReference)
  WITH DISTINCT other
  RETURN 'NARROWER' AS relation, 'IN' AS direction, other.reference AS neighbour
  ORDER BY neighbour
  LIMIT $limit
  UNION ALL
  MATCH (record)<-[:NOTE_ON]-(other:Record)
  WHERE 'NOTE_ON' IN $incoming
    AND NOT other:Withdrawn
    AND other.reference STARTS WITH $kind
    AND ($afterDirection <> 'IN' OR $afterRelation <> 'NOTE_ON' OR other.reference > $afterReference)
  WITH DISTINCT other
  RETURN 'NOTE_ON' AS relation, 'IN' AS direction, other.reference AS neighbour
  ORDER BY neighbour
  LIMIT $limit
  UNION ALL
  MATCH (record)<-[:PART_OF]-(other:Record)
  WHERE 'PART_OF' IN $incoming
    AND NOT other:Withdrawn
    AND other.reference STARTS WITH $kind
    AND ($afterDirection <> 'IN' OR $afterRelation <> 'PART_OF' OR other.reference > $afterReference)
  WITH DISTINCT other
  RETURN 'PART_OF' AS relation, 'IN' AS direction, other.reference AS neighbour
  ORDER BY neighbour
  LIMIT $limit
  UNION ALL
  MATCH (record)<-[:PROVIDED_BY]-(other:Record)
  WHERE 'PROVIDED_BY' IN $incoming
    AND NOT other:Withdrawn
    AND other.reference STARTS WITH $kind
    AND ($afterDirection <> 'IN' OR $afterRelation <> 'PROVIDED_BY' OR other.reference > $afterReference)
  WITH DISTINCT other
  RETURN 'PROVIDED_BY' AS relation, 'IN' AS direction, other.reference AS neighbour
  ORDER BY neighbour
  LIMIT $limit
  UNION ALL
  MATCH (record)<-[:RUNS_IN]-(other:Record)
  WHERE 'RUNS_IN' IN $incoming
    AND NOT other:Withdrawn
    AND other.reference STARTS WITH $kind
    AND ($afterDirection <> 'IN' OR $afterRelation <> 'RUNS_IN' OR other.reference > $afterReference)
  WITH DISTINCT other
  RETURN 'RUNS_IN' AS relation, 'IN' AS direction, other.reference AS neighbour
  ORDER BY neighbour
  LIMIT $limit
  UNION ALL
  MATCH (record)<-[:SUPERSEDES]-(other:Record)
  WHERE 'SUPERSEDES' IN $incoming
    AND NOT other:Withdrawn
    AND other.reference STARTS WITH $kind
    AND ($afterDirection <> 'IN' OR $afterRelation <> 'SUPERSEDES' OR other.reference > $afterReference)
  WITH DISTINCT other
  RETURN 'SUPERSEDES' AS relation, 'IN' AS direction, other.reference AS neighbour
  ORDER BY neighbour
  LIMIT $limit
  UNION ALL
  MATCH (record)<-[:WRITTEN_BY]-(other:Record)
  WHERE 'WRITTEN_BY' IN $incoming
    AND NOT other:Withdrawn
    AND other.reference STARTS WITH $kind
    AND ($afterDirection <> 'IN' OR $afterRelation <> 'WRITTEN_BY' OR other.reference > $afterReference)
  WITH DISTINCT other
  RETURN 'WRITTEN_BY' AS relation, 'IN' AS direction, other.reference AS neighbour
  ORDER BY neighbour
  LIMIT $limit
}
RETURN reference, relation, direction, neighbour;
