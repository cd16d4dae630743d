// Initiative nodes by their keys, with all that their records hold.
MATCH (graph:Graph {name: 'maillage'})
WITH graph.revision AS present
UNWIND $keys AS key
MATCH (record:Initiative {key: key})
RETURN
  present,
  properties(record) AS node,
  [(record)-[held:ABOUT|INSPIRED_BY|INVOLVES|PROVIDED_BY|RUNS_IN|SUPERSEDES]->(target) | [type(held), coalesce(target.reference, target.url), properties(held)]] AS relations,
  [(record)-[held:HAS_COST|HAS_FIGURE]->(part) | [type(held), held.position, properties(part)]] AS parts;
