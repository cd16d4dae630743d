// Takes the write lock of the one graph node, so that change sets go through one after the other.
MATCH (graph:Graph {name: 'maillage'})
SET graph.lastChangeSet = $id
RETURN count(graph) AS graphs;
