// What was copied and is not in the graph: a node of its own for each adoption.
UNWIND $rows AS row
MATCH (record:Record {reference: row.from})
CREATE (record)-[held:INSPIRED_BY]->(:ExternalInitiative {url: row.to})
SET held = row.properties;
