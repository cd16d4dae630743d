UNWIND $references AS reference
MATCH (alias:Alias {reference: reference})-[:NAMES]->(record:Record)
RETURN alias.reference AS alias, record.reference AS reference;
