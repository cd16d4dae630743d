-- The tables, from files of tab-separated values in the folder where psql runs.

\copy area (key, name) FROM 'area.tsv'
\copy topic (key, label_fr, label_en) FROM 'topic.tsv'
\copy organisation (key, name) FROM 'organisation.tsv'
\copy town (key, name, population, latitude, longitude) FROM 'town.tsv'
\copy town_area (town, area) FROM 'town_area.tsv'
\copy initiative (key, title, summary, status, start, modified, body) FROM 'initiative.tsv'
\copy initiative_town (initiative, town, position) FROM 'initiative_town.tsv'
\copy initiative_topic (initiative, topic, position) FROM 'initiative_topic.tsv'
\copy initiative_organisation (initiative, organisation, role, position) FROM 'initiative_organisation.tsv'
