// Initiatives with their case studies and what they refer to.
UNWIND $rows AS row
CREATE (initiative:BenchInitiative {key: row.key})-[:DESCRIBED_BY]->(study:BenchCaseStudy)
SET initiative += row.initiative, study += row.study
WITH initiative, row
UNWIND row.links AS reference
MATCH (other:Record {reference: reference})
CREATE (initiative)-[:REFERS_TO]->(other);
