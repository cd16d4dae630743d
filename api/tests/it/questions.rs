//! What is asked, and what is answered: on the graph of `graph.ndjson`.

use serde_json::{Value, json};

use crate::support::{id, start};

#[tokio::test]
async fn questions_are_answered() {
    let running = start().await;
    let page = |key: &str| format!("https://maillage.example/initiatives/{key}");
    let cases: Vec<(&str, Value, Value)> = vec![
        (
            "{ town(key: \"insee:47001\") { id key aliases url name formerNames type population postcodes point { lat lon }
                 department { key kind partOf { key } } region { name } country { name } areas { key } withdrawn { why }
                 initiatives { totalCount nodes { key } pageInfo { hasNextPage hasPreviousPage } } } }",
            json!({}),
            json!({ "town": {
                "id": id("town/insee:47001"), "key": "insee:47001", "aliases": ["insee:47999"],
                "url": "https://maillage.example/towns/insee:47001", "name": "Agen", "formerNames": ["Agen-le-Vieux"],
                "type": "COMMUNE", "population": 32801, "postcodes": ["47000"], "point": { "lat": 44.2, "lon": 0.6 },
                "department": { "key": "department:47", "kind": "DEPARTMENT", "partOf": { "key": "region:75" } },
                "region": { "name": "Nouvelle-Aquitaine" }, "country": { "name": "France" },
                "areas": [{ "key": "epci:200096956" }, { "key": "department:47" }, { "key": "region:75" }, { "key": "country:FR" }],
                "withdrawn": null,
                "initiatives": {
                    "totalCount": 2, "nodes": [{ "key": "agen-bibliotheque" }, { "key": "agen-wifi" }],
                    "pageInfo": { "hasNextPage": false, "hasPreviousPage": false },
                },
            } }),
        ),
        // A former code, an alias, a merged record, a tombstone, and nothing.
        (
            "query($former: String!) { former: town(key: $former) { key } alias: initiative(key: \"agen-lecture\") { key }
               organisation(key: \"ville-agen\") { key } merged: initiative(key: \"agen-wifi-ancien\") { key withdrawn { why } }
               tombstone: initiative(key: \"agen-retire\") { key title withdrawn { at why mergedInto { id } } }
               none: initiative(key: \"nowhere\") { key } nobody: topic(key: \"nothing\") { key } }",
            json!({ "former": "insee:47999" }),
            json!({
                "former": { "key": "insee:47001" }, "alias": { "key": "agen-bibliotheque" },
                "organisation": { "key": "mairie-agen" }, "merged": { "key": "agen-wifi", "withdrawn": null },
                "tombstone": { "key": "agen-retire", "title": "Retirée",
                    "withdrawn": { "at": "2026-11-25T10:00:00.000Z", "why": "not wanted", "mergedInto": null } },
                "none": null, "nobody": null,
            }),
        ),
        (
            "{ initiative(key: \"agen-bibliotheque\") { url lang title summary kind { key } topics { key } tags audiences status
                 statusReason start { value precision } end { value precision }
                 places { town { key } area { key } originalCode originalName } towns { name } point { lat lon }
                 involvements { role organisation { name } } figures { metric value unit date { value } method source }
                 costs { kind amount currency year basis } links { url label } evidence { url label }
                 contact { name email url } licence { spdx name open } modified reviewed { value }
                 source { key } provenance { source { name } repository path commit fetchedAt url } supersedes { key } } }",
            json!({}),
            json!({ "initiative": {
                "url": page("agen-bibliotheque"), "lang": "fr", "title": "La connexion à la bibliothèque",
                "summary": "À 2,50 € de l'heure.", "kind": { "key": "mediation" },
                "topics": [{ "key": "inclusion" }, { "key": "wifi" }], "tags": ["lecture"],
                "audiences": ["GENERAL_PUBLIC", "JOBSEEKERS"], "status": "STOPPED", "statusReason": "Trop cher",
                "start": { "value": "2015", "precision": "YEAR" }, "end": { "value": "2018-07", "precision": "MONTH" },
                "places": [
                    { "town": { "key": "insee:47001" }, "area": null, "originalCode": "47999", "originalName": "Agen-le-Vieux" },
                    { "town": null, "area": { "key": "department:47" }, "originalCode": null, "originalName": null },
                ],
                "towns": [{ "name": "Agen" }], "point": { "lat": 44.2034, "lon": 0.6163 },
                "involvements": [
                    { "role": "OPERATOR", "organisation": { "name": "Bibliothèque d'Agen" } },
                    { "role": "FUNDER", "organisation": { "name": "Mairie d'Agen" } },
                ],
                "figures": [
                    { "metric": "heures", "value": 120.5, "unit": "h", "date": { "value": "2017" }, "method": null, "source": "La mairie" },
                    { "metric": "heures", "value": 90.0, "unit": null, "date": null, "method": null, "source": "L'opposition" },
                ],
                "costs": [{ "kind": "heure de connexion", "amount": 2.5, "currency": "EUR", "year": 2018, "basis": "ACTUAL" }],
                "links": [{ "url": "https://agen.example/bibliotheque", "label": "La page" }],
                "evidence": [{ "url": null, "label": "Conférence du 4 juillet 2018" }],
                "contact": { "name": "Accueil", "email": "bibliotheque@agen.example", "url": null },
                "licence": { "spdx": "etalab-2.0", "name": "Licence Ouverte 2.0", "open": true },
                "modified": "2026-11-24T00:00:00.000Z", "reviewed": { "value": "2026-11-24" }, "source": { "key": "maillage" },
                "provenance": { "source": { "name": "Maillage" }, "repository": "https://forge.example/agen", "path": "agen.md",
                    "commit": "abc123", "fetchedAt": "2026-11-24T10:00:00.000Z", "url": null },
                "supersedes": [],
            } }),
        ),
        (
            "{ initiative(key: \"agen-bibliotheque\") { en: title(lang: \"en-GB\") de: title(lang: \"de\") summary(lang: \"en\")
                 caseStudies { id lang url } caseStudy(lang: \"fr\") { title markdown html
                   sections { kind heading } problem: section(kind: PROBLEM) { text } section(kind: PITFALLS) { html } none: section(kind: RESULTS) { html } }
                 english: caseStudy(lang: \"en\") { lang picture { url alternativeText credit } licence { spdx }
                   translationOf { lang } initiative { key } } } }",
            json!({}),
            json!({ "initiative": {
                "en": "Library connection", "de": "La connexion à la bibliothèque", "summary": "At 2.50 euros an hour.",
                "caseStudies": [
                    { "id": id("case-study/agen-bibliotheque/en"), "lang": "en", "url": page("agen-bibliotheque?lang=en") },
                    { "id": id("case-study/agen-bibliotheque/fr"), "lang": "fr", "url": page("agen-bibliotheque?lang=fr") },
                ],
                "caseStudy": {
                    "title": "La connexion à la bibliothèque",
                    "markdown": "## Problème\n\nTous n'ont **pas** de connexion.\n\n## Écueils\n\nLe prix.<script>alert(1)</script>\n",
                    "html": "<h3>Problème</h3>\n<p>Tous n'ont <strong>pas</strong> de connexion.</p>\n<h3>Écueils</h3>\n<p>Le prix.</p>\n",
                    "sections": [
                        { "kind": "PROBLEM", "heading": "Problème" },
                        { "kind": "PITFALLS", "heading": "Écueils" },
                    ],
                    "problem": { "text": "Tous n'ont pas de connexion." },
                    "section": { "html": "<p>Le prix.</p>\n" }, "none": null,
                },
                "english": {
                    "lang": "en",
                    "picture": { "url": "https://agen.example/picture.jpg", "alternativeText": "A desk", "credit": null },
                    "licence": null, "translationOf": { "lang": "fr" }, "initiative": { "key": "agen-bibliotheque" },
                },
            } }),
        ),
        (
            "{ wifi: initiative(key: \"agen-wifi\") { inspiredBy { totalCount nodes { initiative { key } original { key } externalUrl
                 declaredBy declaredOn { value } confirmed confirmation { by on { value } } adapted outcome } } }
               library: initiative(key: \"agen-bibliotheque\") { inspired { totalCount nodes { initiative { key } adapted } }
                 notes { totalCount nodes { kind text at organisation { key } evidence { label } initiative { key } } }
                 asked: notes(kinds: [ASKS, CONFIRMS]) { totalCount nodes { key } } } }",
            json!({}),
            json!({
                "wifi": { "inspiredBy": { "totalCount": 2, "nodes": [
                    { "initiative": { "key": "agen-wifi" }, "original": { "key": "agen-bibliotheque" }, "externalUrl": null,
                      "declaredBy": "ADOPTER", "declaredOn": { "value": "2018" }, "confirmed": true,
                      "confirmation": { "by": "La bibliothèque", "on": { "value": "2019" } }, "adapted": "gratuit", "outcome": null },
                    { "initiative": { "key": "agen-wifi" }, "original": null, "externalUrl": "https://elsewhere.example/wifi",
                      "declaredBy": "ADOPTER", "declaredOn": null, "confirmed": false, "confirmation": null, "adapted": null, "outcome": null },
                ] } },
                "library": {
                    "inspired": { "totalCount": 1, "nodes": [{ "initiative": { "key": "agen-wifi" }, "adapted": "gratuit" }] },
                    "notes": { "totalCount": 2, "nodes": [
                        { "kind": "CONTRADICTS", "text": "Le prix était de 3 €.", "at": "2026-11-24T11:00:00.000Z",
                          "organisation": { "key": "mairie-agen" }, "evidence": [{ "label": "Délibération" }],
                          "initiative": { "key": "agen-bibliotheque" } },
                        { "kind": "ASKS", "text": "Et le samedi ?", "at": "2026-11-24T12:00:00.000Z", "organisation": null,
                          "evidence": [], "initiative": { "key": "agen-bibliotheque" } },
                    ] },
                    "asked": { "totalCount": 1, "nodes": [{ "key": "note-2" }] },
                },
            }),
        ),
        (
            "{ topics(rootsOnly: true) { key label narrower { key } } all: topics { key } topic(key: \"mediation\") { label(lang: \"fr\")
                 labels { lang text } all: alternativeLabels english: alternativeLabels(lang: \"en\") broader { key } closeMatches
                 initiatives { nodes { key } } } wifi: topic(key: \"wifi\") { label(lang: \"en\") initiatives { totalCount } } }",
            json!({}),
            json!({
                "topics": [{ "key": "inclusion", "label": "Inclusion", "narrower": [{ "key": "mediation" }, { "key": "wifi" }] }],
                "all": [{ "key": "inclusion" }, { "key": "mediation" }, { "key": "wifi" }],
                "topic": { "label": "Médiation", "labels": [{ "lang": "en", "text": "Mediation" }, { "lang": "fr", "text": "Médiation" }],
                    "all": ["EPN", "helping people online", "aide aux usagers"], "english": ["EPN", "helping people online"],
                    "broader": { "key": "inclusion" }, "closeMatches": ["https://vocabulary.example/mediation"],
                    "initiatives": { "nodes": [{ "key": "agen-bibliotheque" }] } },
                "wifi": { "label": "Wi-Fi public", "initiatives": { "totalCount": 2 } },
            }),
        ),
        (
            "{ area(key: \"department:47\") { name kind partOf { key } bounds { west } towns { totalCount nodes { name } }
                 initiatives { nodes { key } } } region: area(key: \"region:75\") { areas { nodes { key } } towns { totalCount }
                 departments: areas(kind: DEPARTMENT) { totalCount } }
               epci: area(key: \"epci:200096956\") { form bounds { west south east north } }
               london: town(key: \"geonames:2643743\") { department { key } region { key } country { name } areas { key } } }",
            json!({}),
            json!({
                "area": { "name": "Lot-et-Garonne", "kind": "DEPARTMENT", "partOf": { "key": "region:75" }, "bounds": null,
                    "towns": { "totalCount": 2, "nodes": [{ "name": "Agen" }, { "name": "Estillac" }] },
                    "initiatives": { "nodes": [{ "key": "agen-bibliotheque" }, { "key": "agen-wifi" }, { "key": "estillac-wifi" }] } },
                "region": { "areas": { "nodes": [{ "key": "epci:200096956" }, { "key": "department:47" }] }, "towns": { "totalCount": 2 },
                    "departments": { "totalCount": 1 } },
                "epci": { "form": "CA", "bounds": { "west": 0.4, "south": 44.0, "east": 0.9, "north": 44.4 } },
                "london": { "department": null, "region": null, "country": { "name": "United Kingdom" }, "areas": [{ "key": "country:GB" }] },
            }),
        ),
        (
            "{ organisation(key: \"mairie-agen\") { aliases name website partOf { key } initiatives { nodes { key } }
                 funded: initiatives(role: FUNDER) { totalCount nodes { key } } supplied: initiatives(role: SUPPLIER) { totalCount } }
               library: organisation(key: \"bibliotheque-agen\") { otherNames partOf { key } }
               sources { key kind url address licence { spdx } initiatives { totalCount } } source(key: \"maillage\") { lang name } }",
            json!({}),
            json!({
                "organisation": { "aliases": ["ville-agen"], "name": "Mairie d'Agen", "website": "https://agen.example/", "partOf": null,
                    "initiatives": { "nodes": [{ "key": "agen-bibliotheque" }, { "key": "agen-wifi" }] },
                    "funded": { "totalCount": 1, "nodes": [{ "key": "agen-bibliotheque" }] }, "supplied": { "totalCount": 0 } },
                "library": { "otherNames": ["BMA"], "partOf": { "key": "mairie-agen" } },
                "sources": [
                    { "key": "maillage", "kind": "DIRECTORY", "url": "https://maillage.example/sources/maillage", "address": null,
                      "licence": { "spdx": "etalab-2.0" }, "initiatives": { "totalCount": 3 } },
                    { "key": "tables", "kind": "REFERENCE", "url": "https://maillage.example/sources/tables",
                      "address": "https://tables.example/", "licence": null, "initiatives": { "totalCount": 0 } },
                ],
                "source": { "lang": "fr", "name": "Maillage" },
            }),
        ),
        (
            "query($agen: ID!, $ids: [ID!]!) { node(id: $agen) { __typename id ... on Town { name } ... on Initiative { title } }
               nodes(ids: $ids) { __typename ... on Record { key } }
               neighbours(of: $agen, relations: [PART_OF, RUNS_IN]) { totalCount nodes { relation direction node { ... on Record { key } } } }
               none: neighbours(of: $agen, relations: []) { totalCount } }",
            json!({ "agen": id("town/insee:47001"), "ids": [id("topic/wifi"), id("town/insee:00000"), id("town/insee:47999")] }),
            json!({
                "node": { "__typename": "Town", "id": id("town/insee:47001"), "name": "Agen" },
                "nodes": [{ "__typename": "Topic", "key": "wifi" }, null, { "__typename": "Town", "key": "insee:47001" }],
                "neighbours": { "totalCount": 4, "nodes": [
                    { "relation": "PART_OF", "direction": "OUT", "node": { "key": "department:47" } },
                    { "relation": "PART_OF", "direction": "OUT", "node": { "key": "epci:200096956" } },
                    { "relation": "RUNS_IN", "direction": "IN", "node": { "key": "agen-bibliotheque" } },
                    { "relation": "RUNS_IN", "direction": "IN", "node": { "key": "agen-wifi" } },
                ] },
                "none": { "totalCount": 0 },
            }),
        ),
        (
            "query($from: ID!, $to: ID!) { path(from: $from, to: $to) { length steps { relation direction from { id } to { id } } }
               same: path(from: $from, to: $from) { length steps { relation } } short: path(from: $from, to: $to, maxLength: 1) { length } }",
            json!({ "from": id("town/insee:47091"), "to": id("organisation/mairie-agen") }),
            json!({
                "path": { "length": 3, "steps": [
                    { "relation": "PART_OF", "direction": "OUT", "from": { "id": id("town/insee:47091") }, "to": { "id": id("area/department:47") } },
                    { "relation": "RUNS_IN", "direction": "IN", "from": { "id": id("area/department:47") }, "to": { "id": id("initiative/agen-bibliotheque") } },
                    { "relation": "INVOLVES", "direction": "OUT", "from": { "id": id("initiative/agen-bibliotheque") }, "to": { "id": id("organisation/mairie-agen") } },
                ] },
                "same": { "length": 0, "steps": [] }, "short": null,
            }),
        ),
        (
            "{ revision changes(since: 1) { totalCount nodes { revision at kind record { __typename key
                 ... on Initiative { title withdrawn { mergedInto { ... on Initiative { key } } } } } } }
               initiative(key: \"estillac-wifi\") { revisions { totalCount nodes { number at by why kind changes { field before after } } } } }",
            json!({}),
            json!({
                "revision": 3,
                "changes": { "totalCount": 3, "nodes": [
                    { "revision": 2, "at": "2026-11-25T10:00:00.000Z", "kind": "WITHDRAWN",
                      "record": { "__typename": "Initiative", "key": "agen-retire", "title": "Retirée", "withdrawn": { "mergedInto": null } } },
                    { "revision": 2, "at": "2026-11-25T10:00:00.000Z", "kind": "MERGED",
                      "record": { "__typename": "Initiative", "key": "agen-wifi-ancien", "title": "Doublon", "withdrawn": { "mergedInto": { "key": "agen-wifi" } } } },
                    { "revision": 3, "at": "2026-11-26T10:00:00.000Z", "kind": "CHANGED",
                      "record": { "__typename": "Initiative", "key": "estillac-wifi", "title": "Le Wi-Fi d'Estillac", "withdrawn": null } },
                ] },
                "initiative": { "revisions": { "totalCount": 2, "nodes": [
                    { "number": 3, "at": "2026-11-26T10:00:00.000Z", "by": "tests", "why": "to see", "kind": "CHANGED",
                      "changes": [{ "field": "title", "before": "Le Wi-Fi à Estillac", "after": "Le Wi-Fi d'Estillac" }] },
                    { "number": 1, "at": "2026-11-24T10:00:00.000Z", "by": "tests", "why": "to see", "kind": "ADDED", "changes": [] },
                ] } },
            }),
        ),
    ];
    for (query, variables, expected) in cases {
        let answer = running.ask(query, &variables, &[]).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let mut found = answer.json();
        // What it costs has its own tests.
        found.as_object_mut().expect("an object").remove("extensions");
        assert_eq!(found, json!({ "data": expected }), "{query}\n{found:#}");
        // Fields come in the order in which they were asked for, so the text is the same every time.
        assert_eq!(running.ask(query, &variables, &[]).await.body, answer.body);
    }
}

#[tokio::test]
async fn the_language_of_the_request_is_heard() {
    let running = start().await;
    let query = "{ initiative(key: \"agen-bibliotheque\") { title caseStudy { lang } kind { label } } }";
    for (header, title, lang, label) in [
        ("fr-FR,fr;q=0.9,en;q=0.8", "La connexion à la bibliothèque", "fr", "Médiation"),
        ("en-GB,en;q=0.9,fr;q=0.8", "Library connection", "en", "Mediation"),
        ("de, en;q=0.5", "Library connection", "en", "Mediation"),
        ("de", "La connexion à la bibliothèque", "fr", "Mediation"),
    ] {
        let answer = running.ask(query, &Value::Null, &[("Accept-Language", header)]).await;
        let found = &answer.json()["data"]["initiative"];
        assert_eq!(*found, json!({ "title": title, "caseStudy": { "lang": lang }, "kind": { "label": label } }), "{header}");
    }
}

#[tokio::test]
async fn pages_follow_one_another() {
    let running = start().await;
    let agen = id("town/insee:47001");
    // Each list by pages of one, and whole: the same, with the same count on every page.
    for list in [
        "town(key: \"insee:47001\") { list: initiatives(PAGE) { LIST { key } } }".to_owned(),
        "organisation(key: \"mairie-agen\") { list: initiatives(PAGE, role: OPERATOR) { LIST { key } } }".to_owned(),
        "initiative(key: \"agen-bibliotheque\") { list: notes(PAGE) { LIST { key } } }".to_owned(),
        "initiative(key: \"agen-bibliotheque\") { list: notes(PAGE, kinds: [ASKS, CONTRADICTS]) { LIST { key } } }".to_owned(),
        "initiative(key: \"agen-wifi\") { list: inspiredBy(PAGE) { LIST { externalUrl } } }".to_owned(),
        "initiative(key: \"estillac-wifi\") { list: revisions(PAGE) { LIST { number } } }".to_owned(),
        "area(key: \"department:47\") { list: towns(PAGE) { LIST { key } } }".to_owned(),
        "list: changes(PAGE, since: 1) { LIST { revision record { key } } }".to_owned(),
        format!("list: neighbours(PAGE, of: \"{agen}\") {{ LIST {{ relation node {{ id }} }} }}"),
    ] {
        let ask = async |page: &str| {
            let query =
                list.replace("PAGE", page).replace("LIST", "totalCount pageInfo { hasNextPage hasPreviousPage endCursor } nodes");
            let data = running.data(&format!("{{ {query} }}")).await;
            if data["list"].is_object() {
                data["list"].clone()
            } else {
                data.as_object().unwrap().values().next().unwrap()["list"].clone()
            }
        };
        let whole = ask("first: 100").await;
        let nodes = whole["nodes"].as_array().unwrap();
        assert_eq!(whole["totalCount"], nodes.len(), "{list}");
        assert_eq!(whole["pageInfo"]["hasNextPage"], false);
        let mut page = ask("first: 1").await;
        for (position, node) in nodes.iter().enumerate() {
            assert_eq!((&page["nodes"], &page["totalCount"]), (&json!([node]), &whole["totalCount"]), "{list} {position}");
            let info = &page["pageInfo"];
            let is_last = position + 1 == nodes.len();
            assert_eq!(
                (&info["hasNextPage"], &info["hasPreviousPage"]),
                (&json!(!is_last), &json!(position > 0)),
                "{list} {position}"
            );
            let cursor = info["endCursor"].as_str().unwrap().to_owned();
            page = ask(&format!("first: 1, after: \"{cursor}\"")).await;
        }
        assert_eq!(page["nodes"], json!([]), "{list}");
        assert_eq!(ask("first: 0").await["nodes"], json!([]), "{list}");
    }
}
