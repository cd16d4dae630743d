// A page of the runs of each source, newest first.
UNWIND $sources AS source
CALL (source) {
  MATCH (run:ImportRun {source: source})
  WHERE run.startedAt < $before
  RETURN run
  ORDER BY run.startedAt DESC
  LIMIT $limit
}
RETURN source, properties(run) AS run;
