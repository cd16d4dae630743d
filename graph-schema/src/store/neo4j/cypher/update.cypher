UNWIND $rows AS row
MATCH (record:Record {reference: row.reference})
SET record = row
REMOVE record:Withdrawn;
