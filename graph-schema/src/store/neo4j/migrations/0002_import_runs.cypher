// Version 2: imports, what they found, and who may make one.
CREATE CONSTRAINT import_run_key IF NOT EXISTS FOR (run:ImportRun) REQUIRE run.key IS UNIQUE;
CREATE INDEX import_run_source IF NOT EXISTS FOR (run:ImportRun) ON (run.source, run.startedAt);
CREATE CONSTRAINT import_lease_source IF NOT EXISTS FOR (lease:ImportLease) REQUIRE lease.source IS UNIQUE;
