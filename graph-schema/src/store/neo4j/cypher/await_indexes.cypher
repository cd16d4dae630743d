CALL db.awaitIndexes($seconds);
