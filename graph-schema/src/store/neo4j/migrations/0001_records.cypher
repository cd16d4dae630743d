// Version 1: keys, other keys, revisions, places and texts.
//
// Append-only: a released migration is never changed. Each statement is run in a transaction of its own and can be run
// again. Range indexes hold values of at most about 8 kB, so that only keys and numbers have one; names and titles, which
// have no longest length, are in the full-text index.
CREATE CONSTRAINT graph_name IF NOT EXISTS FOR (graph:Graph) REQUIRE graph.name IS UNIQUE;
CREATE CONSTRAINT record_reference IF NOT EXISTS FOR (record:Record) REQUIRE record.reference IS UNIQUE;
CREATE CONSTRAINT alias_reference IF NOT EXISTS FOR (alias:Alias) REQUIRE alias.reference IS UNIQUE;
CREATE CONSTRAINT revision_number IF NOT EXISTS FOR (revision:Revision) REQUIRE revision.number IS UNIQUE;
CREATE CONSTRAINT revision_id IF NOT EXISTS FOR (revision:Revision) REQUIRE revision.id IS UNIQUE;
CREATE CONSTRAINT area_key IF NOT EXISTS FOR (area:Area) REQUIRE area.key IS UNIQUE;
CREATE CONSTRAINT case_study_key IF NOT EXISTS FOR (study:CaseStudy) REQUIRE study.key IS UNIQUE;
CREATE CONSTRAINT initiative_key IF NOT EXISTS FOR (initiative:Initiative) REQUIRE initiative.key IS UNIQUE;
CREATE CONSTRAINT note_key IF NOT EXISTS FOR (note:Note) REQUIRE note.key IS UNIQUE;
CREATE CONSTRAINT organisation_key IF NOT EXISTS FOR (organisation:Organisation) REQUIRE organisation.key IS UNIQUE;
CREATE CONSTRAINT source_key IF NOT EXISTS FOR (source:Source) REQUIRE source.key IS UNIQUE;
CREATE CONSTRAINT topic_key IF NOT EXISTS FOR (topic:Topic) REQUIRE topic.key IS UNIQUE;
CREATE CONSTRAINT town_key IF NOT EXISTS FOR (town:Town) REQUIRE town.key IS UNIQUE;
CREATE INDEX town_population IF NOT EXISTS FOR (town:Town) ON (town.population);
CREATE INDEX initiative_status IF NOT EXISTS FOR (initiative:Initiative) ON (initiative.status);
CREATE INDEX initiative_start IF NOT EXISTS FOR (initiative:Initiative) ON (initiative.start);
CREATE POINT INDEX town_location IF NOT EXISTS FOR (town:Town) ON (town.location);
CREATE POINT INDEX initiative_location IF NOT EXISTS FOR (initiative:Initiative) ON (initiative.location);
CREATE FULLTEXT INDEX texts IF NOT EXISTS
  FOR (record:Area|CaseStudy|Initiative|Organisation|Source|Topic|Town)
  ON EACH [record.title, record.summary, record.name, record.labelFr, record.labelEn, record.description]
  OPTIONS {indexConfig: {`fulltext.analyzer`: 'standard-folding'}};
