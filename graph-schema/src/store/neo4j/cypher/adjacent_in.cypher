// All neighbours by relations that come in, of those that a path follows.
UNWIND $references AS reference
MATCH (record:Record {reference: reference})<-[held:ABOUT|DESCRIBED_BY|INSPIRED_BY|INVOLVES|NARROWER|NOTE_ON|PART_OF|RUNS_IN|SUPERSEDES|WRITTEN_BY]-(other:Record)
WHERE NOT other:Withdrawn
RETURN DISTINCT reference, type(held) AS relation, 'IN' AS direction, other.reference AS neighbour;
