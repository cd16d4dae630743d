UNWIND $rows AS row
MATCH (record:Record {reference: row.from})
CREATE (record)-[:HAS_FIGURE {position: row.position}]->(part:Figure)
SET part = row.properties;
