UNWIND $keys AS key
MATCH (run:ImportRun {key: key})
RETURN properties(run) AS run;
