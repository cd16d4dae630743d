// Initiative nodes by their keys, with all that their records hold: relations, figures and costs in one look, since each look
// goes through the relationships of the node again.
MATCH (graph:Graph {name: 'maillage'})
WITH graph.revision AS present
UNWIND $keys AS key
MATCH (record:Initiative {key: key})
RETURN
  present,
  properties(record) AS node,
  [(record)-[held:ABOUT|HAS_COST|HAS_FIGURE|INSPIRED_BY|INVOLVES|PROVIDED_BY|RUNS_IN|SUPERSEDES]->(target) | [
    type(held),
    coalesce(target.reference, target.url, ''),
    properties(held),
    CASE WHEN target.reference IS NULL THEN properties(target) END
  ]] AS relations;
