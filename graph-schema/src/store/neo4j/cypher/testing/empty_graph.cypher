MATCH (graph:Graph)
DELETE graph;
