MATCH (graph:Graph {name: 'maillage'})
SET graph.revision = $number
CREATE (revision:Revision)
SET revision = $properties;
