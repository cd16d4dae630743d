// CaseStudy nodes by their keys, with all that their records hold.
MATCH (graph:Graph {name: 'maillage'})
WITH graph.revision AS present
UNWIND $keys AS key
MATCH (record:CaseStudy {key: key})
RETURN
  present,
  properties(record) AS node,
  [(record)-[held:PROVIDED_BY]->(target) | [type(held), target.reference, properties(held), null]] AS relations;
