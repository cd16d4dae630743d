UNWIND $sources AS source
MATCH (run:ImportRun {source: source})
RETURN source, count(run) AS counted;
