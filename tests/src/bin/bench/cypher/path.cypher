// A shortest path between two towns.
MATCH path = shortestPath((from:Town {key: $from})-[:ABOUT|DESCRIBED_BY|INSPIRED_BY|INVOLVES|NARROWER|NOTE_ON|PART_OF|RUNS_IN|SUPERSEDES|WRITTEN_BY*..12]-(to:Town {key: $to}))
RETURN [step IN relationships(path) | type(step)] AS relations, [record IN nodes(path) | record.reference] AS records;
