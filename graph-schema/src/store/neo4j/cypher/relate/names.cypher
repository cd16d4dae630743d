// Other keys of a record, and the names of former towns.
UNWIND $rows AS row
MATCH (record:Record {reference: row.from})
CREATE (alias:Alias)-[:NAMES]->(record)
SET alias = row.properties;
