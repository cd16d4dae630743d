// @neo4j/graphql over the Neo4j server that NEO4J_TEST_URI names: Apollo's stand-alone server, as its documentation has it.

import { readFileSync } from "node:fs";
import { ApolloServer } from "@apollo/server";
import { startStandaloneServer } from "@apollo/server/standalone";
import { Neo4jGraphQL } from "@neo4j/graphql";
import neo4j from "neo4j-driver";

const driver = neo4j.driver(process.env.NEO4J_TEST_URI);

// What its documentation advises for these questions, and Maillage's own graph has no need of.
const indexes = [
  `CREATE FULLTEXT INDEX peer_case_studies IF NOT EXISTS FOR (study:CaseStudy) ON EACH [study.title, study.summary, study.sectionTexts]
   OPTIONS { indexConfig: { \`fulltext.analyzer\`: 'french' } }`,
  "CREATE TEXT INDEX peer_town_name IF NOT EXISTS FOR (town:Town) ON (town.name)",
  "CREATE INDEX peer_initiative_modified IF NOT EXISTS FOR (initiative:Initiative) ON (initiative.modified)",
];
for (const index of indexes) await driver.executeQuery(index);
await driver.executeQuery("CALL db.awaitIndexes(1800)");

const typeDefs = readFileSync(new URL("types.graphql", import.meta.url), "utf8");
const schema = await new Neo4jGraphQL({ typeDefs, driver }).getSchema();
const server = new ApolloServer({ schema, introspection: true });
const { url } = await startStandaloneServer(server, { listen: { host: "127.0.0.1", port: 0 }, context: async () => ({}) });
console.log(`listening on ${url}`);
