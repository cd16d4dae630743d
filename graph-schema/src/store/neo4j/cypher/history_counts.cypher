UNWIND $of AS reference
MATCH (record:Record {reference: reference})
RETURN reference, COUNT { (record)-[:CHANGED_IN]->() } AS counted;
