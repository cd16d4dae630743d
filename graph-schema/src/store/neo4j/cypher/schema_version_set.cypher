MERGE (graph:Graph {name: 'maillage'})
ON CREATE SET graph.revision = 0
SET graph.schemaVersion = $version;
