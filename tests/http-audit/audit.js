// Audits a GraphQL endpoint by the suite of the GraphQL-over-HTTP specification: `node audit.js http://127.0.0.1:4000/graphql`.
// One line for each audit; fails unless all of them pass, warnings included.
import { auditServer } from "graphql-http";

const url = process.argv[2];
const results = await auditServer({ url, fetchFn: fetch });
for (const { status, id, name, reason } of results) {
  console.log(`${status.padEnd(5)} ${id} ${name}${reason ? `: ${reason}` : ""}`);
}
const passed = results.filter(({ status }) => status === "ok").length;
console.log(`${passed} of ${results.length} audits pass`);
// A suite that found nothing to audit has not audited.
process.exitCode = passed === results.length && results.length >= 61 ? 0 : 1;
