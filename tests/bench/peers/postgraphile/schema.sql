-- The part of Maillage's graph that the ten questions are about, as one would keep it in PostgreSQL: tables, an index for each
-- question, and functions, which PostGraphile makes fields of.

CREATE EXTENSION unaccent;

CREATE TABLE area (key text PRIMARY KEY, name text NOT NULL);
CREATE TABLE topic (key text PRIMARY KEY, label_fr text, label_en text);
CREATE TABLE organisation (key text PRIMARY KEY, name text NOT NULL);
CREATE TABLE town (
    key text PRIMARY KEY,
    name text NOT NULL,
    folded_name text,
    population integer,
    latitude double precision,
    longitude double precision
);
CREATE TABLE town_area (town text NOT NULL REFERENCES town, area text NOT NULL REFERENCES area, PRIMARY KEY (town, area));
CREATE TABLE initiative (
    key text PRIMARY KEY,
    title text NOT NULL,
    summary text,
    status text,
    start text,
    modified timestamptz,
    body text NOT NULL,
    words tsvector
);
CREATE TABLE initiative_town (
    initiative text NOT NULL REFERENCES initiative,
    town text NOT NULL REFERENCES town,
    position integer NOT NULL,
    PRIMARY KEY (initiative, town)
);
CREATE TABLE initiative_topic (
    initiative text NOT NULL REFERENCES initiative,
    topic text NOT NULL REFERENCES topic,
    position integer NOT NULL,
    PRIMARY KEY (initiative, topic)
);
CREATE TABLE initiative_organisation (
    initiative text NOT NULL REFERENCES initiative,
    organisation text NOT NULL REFERENCES organisation,
    role text NOT NULL,
    position integer NOT NULL,
    PRIMARY KEY (initiative, organisation, role)
);
