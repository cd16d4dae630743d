// Source nodes by their keys, with all that their records hold.
MATCH (graph:Graph {name: 'maillage'})
WITH graph.revision AS present
UNWIND $keys AS key
MATCH (record:Source {key: key})
RETURN
  present,
  properties(record) AS node;
