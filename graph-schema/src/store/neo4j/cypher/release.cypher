// Takes from records all that they hold, before it is written anew.
UNWIND $references AS reference
MATCH (record:Record {reference: reference})
CALL (record) {
  MATCH (record)-[:HAS_COST|HAS_FIGURE]->(part)
  DETACH DELETE part
}
CALL (record) {
  MATCH (record)-[:INSPIRED_BY]->(external:ExternalInitiative)
  DETACH DELETE external
}
CALL (record) {
  MATCH (alias:Alias)-[:NAMES]->(record)
  DETACH DELETE alias
}
CALL (record) {
  MATCH (record)-[held:ABOUT|INSPIRED_BY|INVOLVES|NARROWER|NOTE_ON|PART_OF|PROVIDED_BY|RUNS_IN|SUPERSEDES|WRITTEN_BY]->()
  DELETE held
};
