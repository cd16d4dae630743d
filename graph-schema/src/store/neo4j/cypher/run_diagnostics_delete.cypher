MATCH (:ImportRun {key: $key})-[:FOUND]->(diagnostic:ImportDiagnostic)
DETACH DELETE diagnostic;
