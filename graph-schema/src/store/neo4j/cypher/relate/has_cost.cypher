UNWIND $rows AS row
MATCH (record:Record {reference: row.from})
CREATE (record)-[:HAS_COST {position: row.position}]->(part:Cost)
SET part = row.properties;
