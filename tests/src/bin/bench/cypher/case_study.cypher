// A case study with its text.
MATCH (study:CaseStudy {key: $key})
RETURN properties(study) AS node, [(study)-[:PROVIDED_BY]->(source) | source.reference] AS sources;
