MERGE (run:ImportRun {key: $key})
SET run = $properties;
