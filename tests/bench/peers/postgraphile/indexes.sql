-- After the data, so that loading it is quick.

UPDATE town SET folded_name = lower(unaccent(name));
UPDATE initiative SET words = to_tsvector('french', unaccent(title || ' ' || coalesce(summary, '') || ' ' || body));

CREATE INDEX ON initiative USING gin (words);
CREATE INDEX ON initiative (modified DESC, key);
CREATE INDEX ON initiative (status);
CREATE INDEX ON initiative_town (town);
CREATE INDEX ON initiative_topic (topic);
CREATE INDEX ON initiative_organisation (organisation);
CREATE INDEX ON town_area (area);
CREATE INDEX ON town (folded_name text_pattern_ops);
CREATE INDEX ON town (latitude, longitude);

-- How rare a topic is changes slowly: kept, as one would.
CREATE MATERIALIZED VIEW topic_weight AS
SELECT topic, ln((SELECT count(*) FROM initiative)::double precision / count(*)) AS weight FROM initiative_topic GROUP BY topic;
CREATE UNIQUE INDEX ON topic_weight (topic);

CREATE FUNCTION initiative_topics(initiative initiative) RETURNS SETOF topic LANGUAGE sql STABLE AS $$
    SELECT topic.* FROM initiative_topic JOIN topic ON topic.key = initiative_topic.topic
    WHERE initiative_topic.initiative = $1.key ORDER BY initiative_topic.position
$$;

CREATE FUNCTION initiative_towns(initiative initiative) RETURNS SETOF town LANGUAGE sql STABLE AS $$
    SELECT town.* FROM initiative_town JOIN town ON town.key = initiative_town.town
    WHERE initiative_town.initiative = $1.key ORDER BY initiative_town.position
$$;

CREATE FUNCTION initiative_organisations(initiative initiative) RETURNS SETOF organisation LANGUAGE sql STABLE AS $$
    SELECT organisation.* FROM initiative_organisation JOIN organisation ON organisation.key = initiative_organisation.organisation
    WHERE initiative_organisation.initiative = $1.key ORDER BY initiative_organisation.position
$$;

CREATE FUNCTION town_initiatives(town town) RETURNS SETOF initiative LANGUAGE sql STABLE AS $$
    SELECT initiative.* FROM initiative_town JOIN initiative ON initiative.key = initiative_town.initiative
    WHERE initiative_town.town = $1.key ORDER BY initiative.modified DESC, initiative.key
$$;

CREATE FUNCTION topic_initiatives(topic topic) RETURNS SETOF initiative LANGUAGE sql STABLE AS $$
    SELECT initiative.* FROM initiative_topic JOIN initiative ON initiative.key = initiative_topic.initiative
    WHERE initiative_topic.topic = $1.key ORDER BY initiative.modified DESC, initiative.key
$$;

CREATE FUNCTION initiatives_of(topic text, area text, status text) RETURNS SETOF initiative LANGUAGE sql STABLE AS $$
    SELECT initiative.* FROM initiative
    WHERE initiative.status = $3
      AND EXISTS (SELECT FROM initiative_topic WHERE initiative_topic.initiative = initiative.key AND initiative_topic.topic = $1)
      AND EXISTS (
          SELECT FROM initiative_town JOIN town_area ON town_area.town = initiative_town.town
          WHERE initiative_town.initiative = initiative.key AND town_area.area = $2
      )
    ORDER BY initiative.modified DESC, initiative.key
$$;

CREATE TYPE topic_count AS (key text, count bigint);
CREATE FUNCTION topics_of_area(area text) RETURNS SETOF topic_count LANGUAGE sql STABLE AS $$
    SELECT initiative_topic.topic, count(DISTINCT initiative_topic.initiative)
    FROM town_area
    JOIN initiative_town ON initiative_town.town = town_area.town
    JOIN initiative_topic ON initiative_topic.initiative = initiative_town.initiative
    WHERE town_area.area = $1
    GROUP BY initiative_topic.topic ORDER BY 2 DESC, 1
$$;

CREATE FUNCTION search_initiatives(text text) RETURNS SETOF initiative LANGUAGE sql STABLE AS $$
    SELECT initiative.* FROM initiative, plainto_tsquery('french', unaccent($1)) AS asked
    WHERE initiative.words @@ asked ORDER BY ts_rank(initiative.words, asked) DESC, initiative.key
$$;

CREATE TYPE mark AS (key text, title text, latitude double precision, longitude double precision);
CREATE FUNCTION initiatives_in_box(west double precision, south double precision, east double precision, north double precision)
RETURNS SETOF mark LANGUAGE sql STABLE AS $$
    SELECT initiative.key, initiative.title, town.latitude, town.longitude
    FROM town
    JOIN initiative_town ON initiative_town.town = town.key
    JOIN initiative ON initiative.key = initiative_town.initiative
    WHERE town.latitude BETWEEN $2 AND $4 AND town.longitude BETWEEN $1 AND $3
$$;

CREATE TYPE similar_initiative AS (key text, title text, score double precision);
CREATE FUNCTION initiative_similar(initiative initiative) RETURNS SETOF similar_initiative LANGUAGE sql STABLE AS $$
    SELECT other.key, other.title, best.score
    FROM (
        SELECT theirs.initiative, sum(topic_weight.weight) AS score
        FROM initiative_topic AS mine
        JOIN topic_weight ON topic_weight.topic = mine.topic
        JOIN initiative_topic AS theirs ON theirs.topic = mine.topic
        WHERE mine.initiative = $1.key AND theirs.initiative <> $1.key
        GROUP BY theirs.initiative ORDER BY 2 DESC, 1 LIMIT 10
    ) AS best
    JOIN initiative AS other ON other.key = best.initiative
    ORDER BY best.score DESC, other.key
$$;

CREATE FUNCTION towns_beginning_with(prefix text) RETURNS SETOF town LANGUAGE sql STABLE AS $$
    SELECT town.* FROM town WHERE town.folded_name LIKE lower(unaccent($1)) || '%' ORDER BY town.population DESC NULLS LAST, town.key
$$;

VACUUM ANALYZE;
