UNWIND $references AS reference
MATCH (record:Record {reference: reference})
SET record:Withdrawn;
