// All but the graph node, whose schema stays; its revision starts again.
MATCH (node)
CALL (node) {
  WITH node
  WHERE NOT node:Graph
  DETACH DELETE node
  UNION
  WITH node
  WHERE node:Graph
  SET node.revision = 0
  REMOVE node.lastChangeSet
} IN TRANSACTIONS OF 5000 ROWS;
