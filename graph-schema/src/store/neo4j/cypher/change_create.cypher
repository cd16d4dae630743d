MATCH (revision:Revision {number: $number})
UNWIND $rows AS row
MATCH (record:Record {reference: row.from})
CREATE (record)-[change:CHANGED_IN]->(revision)
SET change = row.properties;
