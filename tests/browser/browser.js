// The pages in a real browser: `node browser.js http://127.0.0.1:8080 /usr/bin/chromium EXAMPLES FOLDER`, with the address of a running service on the
// content of this repository, the browser, the folder of the examples, and one for the pictures of what was seen.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { chromium } from "playwright-core";

const [api, executablePath, examples, pictures] = process.argv.slice(2);
const MEDIA_TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".png": "image/png" };

// The examples as somebody would serve them, with the packages that they name.
const files = createServer(async (request, response) => {
  const path = new URL(request.url, "http://localhost").pathname;
  if (path === "/favicon.ico") return response.writeHead(204).end();
  const folder = path.startsWith("/node_modules/") ? "." : examples;
  try {
    const content = await readFile(join(folder, path));
    response.writeHead(200, { "Content-Type": MEDIA_TYPES[extname(path)] ?? "application/octet-stream" }).end(content);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((listening) => files.listen(0, "127.0.0.1", listening));
const here = `http://127.0.0.1:${files.address().port}`;

const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1200, height: 800 } });
const [asked, problems] = [new Set(), []];
context.on("request", (request) => asked.add(new URL(request.url()).origin));
context.on("weberror", (problem) => problems.push(problem.error().message));
context.on("console", (message) => message.type() === "error" && problems.push(`${message.location().url}: ${message.text()}`));

async function ask(query, variables) {
  const response = await fetch(`${api}/graphql`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data;
}

/** How many the API finds in what the map shows. */
async function found(page, filter) {
  const around = await page.evaluate(() => {
    const clamp = (value, most) => Math.max(-most, Math.min(most, value));
    const shown = map.getBounds();
    return { west: clamp(shown.getWest(), 180), south: clamp(shown.getSouth(), 90), east: clamp(shown.getEast(), 180), north: clamp(shown.getNorth(), 90) };
  });
  const query = "query($filter: InitiativeFilter) { initiatives(filter: $filter) { totalCount } }";
  return (await ask(query, { filter: { ...filter, bounds: around } })).initiatives.totalCount;
}

/** Waits until the map tells as many as the API finds; gives the number. */
async function settled(page, filter = {}) {
  const expected = await found(page, filter);
  await page.locator("output", { hasText: new RegExp(`^${expected} here$`) }).waitFor();
  return expected;
}

const page = await context.newPage();

// A country, a region, a town: what the map tells is what the API finds, and it shows marks for it.
for (const [name, at] of [["country", "46.6/2.4/6"], ["region", "44.5/0.7/8"], ["town", "44.2033/0.6163/13"]]) {
  await page.goto(`${here}/map.html?api=${api}&at=${at}`);
  const count = await settled(page);
  assert.ok(count > 0, `nothing is shown of the ${name}`);
  const marks = await page.locator(".cluster, path.leaflet-interactive").count();
  assert.ok(marks > 0 && marks <= 200, `${marks} marks for ${count} initiatives of the ${name}`);
  // On a ground that needs no tile server.
  await page.locator("path.ground").first().waitFor({ state: "attached" });
  assert.equal(await page.locator("path.ground").count(), 101, "outlines of departments");
  assert.ok((await page.locator(".town").count()) > 0, `no town is named on the map of the ${name}`);
  await page.screenshot({ path: join(pictures, `map-${name}.png`) });
  console.log(`ok    the map of a ${name}: ${count} initiatives, ${marks} marks`);
}

// Filters narrow it.
await page.goto(`${here}/map.html?api=${api}`);
const all = await settled(page);
await page.locator('select[name="topic"] option[value="inclusion-numerique"]').waitFor({ state: "attached" });
await page.selectOption('select[name="topic"]', "inclusion-numerique");
const narrowed = await settled(page, { topics: ["inclusion-numerique"] });
assert.ok(narrowed > 0 && narrowed < all, `${narrowed} of ${all} are on the topic`);
await page.selectOption('select[name="topic"]', "");
await settled(page);
console.log(`ok    a topic narrows the map from ${all} to ${narrowed}`);

// A cluster opens, and a pin tells of an initiative, whose page is a click away.
const zoom = () => page.evaluate(() => map.getZoom());
const before = await zoom();
for (let at = 0; (await zoom()) === before; at++) {
  assert.ok(at < (await page.locator(".cluster").count()), "no cluster opens");
  await page.evaluate(() => map.closePopup());
  await page.locator(".leaflet-popup").waitFor({ state: "detached" });
  await page.locator(".cluster").nth(at).click();
  // Nearer, or as a list if all are at one place.
  await page.waitForFunction((before) => map.getZoom() > before || document.querySelector(".leaflet-popup-content li"), before);
}
await settled(page);
console.log(`ok    a cluster opens: from zoom ${before} to ${await zoom()}`);
await page.goto(`${here}/map.html?api=${api}&at=44.2033/0.6163/13`);
const inTown = await settled(page);
// Those at one place are a list.
await page.locator(".cluster").first().click();
await page.locator(".leaflet-popup-content li a").first().waitFor();
assert.equal(await page.locator(".leaflet-popup-content li a").count(), inTown);
await page.screenshot({ path: join(pictures, "map-list.png") });
console.log(`ok    a cluster at one place lists its ${inTown}`);
await page.locator(".leaflet-popup-close-button").click();
while (!(await page.locator("path.leaflet-interactive").count())) {
  // All are at one place: one cluster, however near one looks. Another place has pins.
  await page.evaluate(() => map.setView([46.6, 2.4], 6));
  await settled(page);
}
await page.locator("path.leaflet-interactive").first().click({ force: true });
const popup = page.locator(".leaflet-popup-content");
const title = await popup.locator("strong").textContent();
const address = await popup.locator("a").getAttribute("href");
await page.goto(address);
assert.equal(await page.locator("h1").textContent(), title);
await page.screenshot({ path: join(pictures, "record.png"), fullPage: true });
console.log(`ok    a pin leads to the page of “${title}”`);

// The page to try questions answers its first one, and finds what the schema has.
await page.goto(`${api}/graphiql`);
await page.locator('#form button[type="submit"]').click();
await page.locator("#result", { hasText: '"name": "Agen"' }).waitFor();
await page.fill("#search", "similar");
await page.locator("#schema", { hasText: "SimilarInitiative" }).waitFor();
await page.screenshot({ path: join(pictures, "graphiql.png") });
console.log("ok    the page to try questions answers");

await browser.close();
files.close();
assert.deepEqual([...asked].sort(), [api, here].sort(), "a page asks another host");
assert.deepEqual(problems, [], "the browser reports problems");
console.log("ok    no page asks any other host, and the browser reports no problem");
