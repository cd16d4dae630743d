MATCH (graph:Graph {name: 'maillage'})
RETURN graph.schemaVersion AS version;
