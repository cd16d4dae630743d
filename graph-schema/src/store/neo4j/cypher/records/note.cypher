// Note nodes by their keys, with all that their records hold.
UNWIND $keys AS key
MATCH (record:Note {key: key})
RETURN
  properties(record) AS node,
  [(record)-[held:NOTE_ON|PROVIDED_BY|WRITTEN_BY]->(target) | [type(held), target.reference, properties(held)]] AS relations;
