// Area nodes by their keys, with all that their records hold.
UNWIND $keys AS key
MATCH (record:Area {key: key})
RETURN
  properties(record) AS node,
  [(record)-[held:PART_OF|PROVIDED_BY]->(target) | [type(held), target.reference, properties(held)]] AS relations;
