// Held by the case study: the relation comes from its initiative.
UNWIND $rows AS row
MATCH (record:Record {reference: row.from})
MATCH (initiative:Record {reference: row.to})
CREATE (initiative)-[:DESCRIBED_BY]->(record);
