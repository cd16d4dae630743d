// Source nodes by their keys, with all that their records hold.
UNWIND $keys AS key
MATCH (record:Source {key: key})
RETURN
  properties(record) AS node;
