UNWIND $rows AS row
MATCH (record:Record {reference: row.from})
MATCH (target:Record {reference: row.to})
CREATE (record)-[held:ABOUT]->(target)
SET held = row.properties;
