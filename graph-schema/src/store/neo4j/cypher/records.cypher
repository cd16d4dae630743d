// Records by their references, with all that they hold: relations, figures and costs in one look, since each look goes through
// the relationships of the node again.
MATCH (graph:Graph {name: 'maillage'})
WITH graph.revision AS present
UNWIND $references AS reference
MATCH (record:Record {reference: reference})
RETURN
  present,
  properties(record) AS node,
  [(record)-[held:ABOUT|HAS_COST|HAS_FIGURE|INSPIRED_BY|INVOLVES|NARROWER|NOTE_ON|PART_OF|PROVIDED_BY|RUNS_IN|SUPERSEDES|WRITTEN_BY]->(target) | [
    type(held),
    coalesce(target.reference, target.url, ''),
    properties(held),
    CASE WHEN target.reference IS NULL THEN properties(target) END
  ]] AS relations;
