// A record with the relations that it holds.
MATCH (initiative:Initiative {key: $key})
RETURN
  properties(initiative) AS node,
  [(initiative)-[held:ABOUT|INSPIRED_BY|INVOLVES|PROVIDED_BY|RUNS_IN|SUPERSEDES|HAS_COST|HAS_FIGURE]->(other) |
    [type(held), properties(held), coalesce(other.reference, properties(other))]] AS relations;
