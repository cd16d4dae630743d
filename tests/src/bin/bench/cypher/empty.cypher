// Deletes everything, a part at a time.
MATCH (node)
CALL (node) {
  DETACH DELETE node
} IN TRANSACTIONS OF 10000 ROWS;
