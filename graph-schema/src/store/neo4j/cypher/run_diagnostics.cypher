UNWIND $keys AS key
MATCH (run:ImportRun {key: key})-[:FOUND]->(diagnostic:ImportDiagnostic)
RETURN run.key AS key, properties(diagnostic) AS diagnostic
ORDER BY key, diagnostic.position;
