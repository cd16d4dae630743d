// Beyond the newest of a source.
MATCH (run:ImportRun {source: $source})
WITH run
ORDER BY run.startedAt DESC
SKIP $kept
OPTIONAL MATCH (run)-[:FOUND]->(diagnostic:ImportDiagnostic)
DETACH DELETE diagnostic, run;
