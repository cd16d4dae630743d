// How many neighbours each record has, from the sides asked for.
UNWIND $of AS reference
MATCH (record:Record {reference: reference})
WHERE NOT record:Withdrawn
CALL (record) {
  MATCH (record)-[held:ABOUT|DESCRIBED_BY|INSPIRED_BY|INVOLVES|NARROWER|NOTE_ON|PART_OF|PROVIDED_BY|RUNS_IN|SUPERSEDES|WRITTEN_BY]->(other:Record)
  WHERE type(held) IN $outgoing AND NOT other:Withdrawn AND other.reference STARTS WITH $kind
  WITH DISTINCT type(held) AS relation, other
  RETURN count(*) AS counted
  UNION ALL
  MATCH (record)<-[:ABOUT]-(other:Record)
  WHERE 'ABOUT' IN $incoming AND NOT other:Withdrawn AND other.reference STARTS WITH $kind
  RETURN count(DISTINCT other) AS counted
  UNION ALL
  MATCH (record)<-[:DESCRIBED_BY]-(other:Record)
  WHERE 'DESCRIBED_BY' IN $incoming AND NOT other:Withdrawn AND other.reference STARTS WITH $kind
  RETURN count(DISTINCT other) AS counted
  UNION ALL
  MATCH (record)<-[:INSPIRED_BY]-(other:Record)
  WHERE 'INSPIRED_BY' IN $incoming AND NOT other:Withdrawn AND other.reference STARTS WITH $kind
  RETURN count(DISTINCT other) AS counted
  UNION ALL
  MATCH (record)<-[:INVOLVES]-(other:Record)
  WHERE 'INVOLVES' IN $incoming AND NOT other:Withdrawn AND other.reference STARTS WITH $kind
  RETURN count(DISTINCT other) AS counted
  UNION ALL
  MATCH (record)<-[:NARROWER]-(other:Record)
  WHERE 'NARROWER' IN $incoming AND NOT other:Withdrawn AND other.reference STARTS WITH $kind
  RETURN count(DISTINCT other) AS counted
  UNION ALL
  MATCH (record)<-[:NOTE_ON]-(other:Record)
  WHERE 'NOTE_ON' IN $incoming AND NOT other:Withdrawn AND other.reference STARTS WITH $kind
  RETURN count(DISTINCT other) AS counted
  UNION ALL
  MATCH (record)<-[:PART_OF]-(other:Record)
  WHERE 'PART_OF' IN $incoming AND NOT other:Withdrawn AND other.reference STARTS WITH $kind
  RETURN count(DISTINCT other) AS counted
  UNION ALL
  MATCH (record)<-[:PROVIDED_BY]-(other:Record)
  WHERE 'PROVIDED_BY' IN $incoming AND NOT other:Withdrawn AND other.reference STARTS WITH $kind
  RETURN count(DISTINCT other) AS counted
  UNION ALL
  MATCH (record)<-[:RUNS_IN]-(other:Record)
  WHERE 'RUNS_IN' IN $incoming AND NOT other:Withdrawn AND other.reference STARTS WITH $kind
  RETURN count(DISTINCT other) AS counted
  UNION ALL
  MATCH (record)<-[:SUPERSEDES]-(other:Record)
  WHERE 'SUPERSEDES' IN $incoming AND NOT other:Withdrawn AND other.reference STARTS WITH $kind
  RETURN count(DISTINCT other) AS counted
  UNION ALL
  MATCH (record)<-[:WRITTEN_BY]-(other:Record)
  WHERE 'WRITTEN_BY' IN $incoming AND NOT other:Withdrawn AND other.reference STARTS WITH $kind
  RETURN count(DISTINCT other) AS counted
}
RETURN reference, sum(counted) AS counted;
