// How many neighbours each record has, from several sides; see `neighbours.cypher`.
// Neighbours bear no label here: with one, the server may look all references of the kind up and go on from there.
UNWIND $of AS reference
MATCH (record:Record {reference: reference})
WHERE NOT record:Withdrawn
CALL (record) {
  MATCH (record)-[held:ABOUT|DESCRIBED_BY|INSPIRED_BY|INVOLVES|NARROWER|NOTE_ON|PART_OF|PROVIDED_BY|RUNS_IN|SUPERSEDES|WRITTEN_BY]->(other)
  WHERE type(held) IN $outgoing AND NOT other:Withdrawn AND other.reference STARTS WITH $kind
  WITH DISTINCT type(held) AS relation, other
  RETURN count(*) AS counted
  UNION ALL
  WITH record
  WHERE size($incoming) > 0
  MATCH (record)<-[held:ABOUT|DESCRIBED_BY|INSPIRED_BY|INVOLVES|NARROWER|NOTE_ON|PART_OF|PROVIDED_BY|RUNS_IN|SUPERSEDES|WRITTEN_BY]-(other)
  WHERE type(held) IN $incoming AND NOT other:Withdrawn AND other.reference STARTS WITH $kind
  WITH DISTINCT type(held) AS relation, other
  RETURN count(*) AS counted
}
RETURN reference, sum(counted) AS counted;
