UNWIND $references AS reference
MATCH (record:Record {reference: reference})
RETURN record.reference AS reference;
