// The next neighbours of each record from several sides. Where none of the relations that come in is asked for, they are not
// looked at: there may be thousands. One alone has a statement of its own, in `neighbours/`.
// Neighbours bear no label here: with one, the server may look all references of the kind up and go on from there.
UNWIND $of AS reference
MATCH (record:Record {reference: reference})
WHERE NOT record:Withdrawn
CALL (record) {
  MATCH (record)-[held:ABOUT|DESCRIBED_BY|INSPIRED_BY|INVOLVES|NARROWER|NOTE_ON|PART_OF|PROVIDED_BY|RUNS_IN|SUPERSEDES|WRITTEN_BY]->(other)
  WHERE type(held) IN $outgoing
    AND NOT other:Withdrawn
    AND other.reference STARTS WITH $kind
    AND ($afterDirection <> 'OUT' OR $afterRelation <> type(held) OR other.reference > $afterReference)
  WITH DISTINCT type(held) AS relation, other.reference AS neighbour
  ORDER BY relation, neighbour
  LIMIT $limit
  RETURN relation, 'OUT' AS direction, neighbour
  UNION ALL
  WITH record
  WHERE size($incoming) > 0
  MATCH (record)<-[held:ABOUT|DESCRIBED_BY|INSPIRED_BY|INVOLVES|NARROWER|NOTE_ON|PART_OF|PROVIDED_BY|RUNS_IN|SUPERSEDES|WRITTEN_BY]-(other)
  WHERE type(held) IN $incoming
    AND NOT other:Withdrawn
    AND other.reference STARTS WITH $kind
    AND ($afterDirection <> 'IN' OR $afterRelation <> type(held) OR other.reference > $afterReference)
  WITH DISTINCT type(held) AS relation, other.reference AS neighbour
  ORDER BY relation, neighbour
  LIMIT $limit
  RETURN relation, 'IN' AS direction, neighbour
}
RETURN reference, relation, direction, neighbour;
