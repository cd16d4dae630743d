// The present revision, and the one that a change set made if it was applied before. Read once the lock is held.
MATCH (graph:Graph {name: 'maillage'})
OPTIONAL MATCH (revision:Revision {id: $id})
RETURN graph.revision AS present, revision.number AS applied;
