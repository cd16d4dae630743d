UNWIND $references AS reference
MATCH (record:Record {reference: reference})
WHERE NOT record:Withdrawn
RETURN record.reference AS reference;
