MATCH (graph:Graph {name: 'maillage'})
RETURN graph.revision AS present;
