MATCH (run:ImportRun {key: $key})
UNWIND $rows AS properties
CREATE (run)-[:FOUND]->(diagnostic:ImportDiagnostic)
SET diagnostic = properties;
