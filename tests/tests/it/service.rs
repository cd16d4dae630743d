//! The whole way, as its users go it: the binary is started on real content, asked over HTTP, fed by `import`, moved by
//! `export`. Everything runs on SQLite and on a real Neo4j.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::running::{Maillage, Service, empty_neo4j, neo4j_address, take_neo4j};

/// A content folder with a small table of towns instead of all of them: what is tested is the way, not the size.
pub(crate) fn small_content(folder: &Path) -> PathBuf {
    let real = Path::new(env!("CARGO_MANIFEST_DIR")).join("../content");
    let content = folder.join("content");
    copy_folder(&real, &content);
    let towns = fs::read(real.join("towns/towns-fr.ndjson.zst")).expect("the table of towns is in content/");
    let towns = String::from_utf8(zstd::decode_all(&towns[..]).expect("it is compressed by zstd")).expect("it is text");
    let wanted = [
        "\"47001\"",
        "\"59512\"",
        "\"13055\"",
        "\"30189\"",
        "\"94033\"",
        "\"68224\"",
        "\"21231\"",
        "\"69029\"",
        "\"04070\"",
        "\"13056\"",
        "\"01015\"",
    ];
    let kept: String = towns
        .lines()
        .filter(|line| wanted.iter().any(|code| line.contains(&format!("\"insee\":{code}"))))
        .fold(String::new(), |kept, line| kept + line + "\n");
    fs::write(content.join("towns/towns-fr.ndjson.zst"), zstd::encode_all(kept.as_bytes(), 3).expect("compresses"))
        .expect("writes");
    let europe = "geonameid,country,admin1,name,pop,lat,lon\n2761369,AT,09,\"Vienna\",1691468,48.20849,16.37208\n";
    fs::write(content.join("towns/towns-eu.csv.zst"), zstd::encode_all(europe.as_bytes(), 3).expect("compresses"))
        .expect("writes");
    content
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("creates a folder");
    for entry in fs::read_dir(from).expect("reads a folder") {
        let entry = entry.expect("reads an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("has a type").is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("copies a file");
        }
    }
}

/// What is asked of every store; the answers must be equal.
const QUESTIONS: &[&str] = &[
    r#"{ town(key: "insee:47001") { key name population department { key name partOf { key kind partOf { key } } }
         initiatives { totalCount nodes { key title status summary topics { key label(lang: "en") } figures { metric value unit source } } } } }"#,
    r#"{ initiative(key: "roubaix-guichets-ouverts") { title(lang: "en") kind { key } towns { key } places { originalCode town { name } }
         evidence { label url } licence { spdx open } source { key } provenance { path source { key } }
         caseStudies { lang title sections { kind heading text html } } caseStudy(lang: "en") { translationOf { lang } markdown }
         revisions { totalCount nodes { number by why } } } }"#,
    r#"{ organisation(key: "urban-prod") { name initiatives { nodes { key } } } }"#,
    r#"{ topics(rootsOnly: true) { key label(lang: "fr") narrower { key broader { key } } } }"#,
    r#"{ topic(key: "fablab") { label(lang: "en") alternativeLabels broader { key } } }"#,
    r#"{ town(key: "insee:01033") { key name aliases } a: town(key: "insee:01015") { key aliases } unknown: town(key: "insee:99999") { key } }"#,
    r#"{ area(key: "department:47") { name kind bounds { west south east north } towns { totalCount nodes { key } } } }"#,
    r"{ sources { key name licence { spdx } initiatives(first: 5) { totalCount nodes { key } } } }",
    r#"{ initiatives(filter: { topics: ["inclusion-numerique"], with: [EVIDENCE] }, orderBy: TITLE_ASC, first: 5) { totalCount
         facets(by: [TOPIC, KIND, STATUS, AUDIENCE, DEPARTMENT, REGION, POPULATION_BAND, ORGANISATION, SOURCE, LANGUAGE, LICENCE, YEAR], first: 100)
           { kind buckets { key label(lang: "fr") count } }
         edges { cursor node { key } } pageInfo { hasNextPage endCursor } } }"#,
    r#"{ initiatives(filter: { text: "guichets debout", near: { lat: 50.69, lon: 3.18, radius: 2000000 } }, first: 10) { totalCount
         edges { cursor distance extracts { field html } node { key } } } }"#,
    r#"{ towns(filter: { areas: ["country:FR"], hasInitiatives: true }) { totalCount nodes { key name initiatives { nodes { key } } } }
         areas(within: "country:FR", kind: REGION) { totalCount edges { cursor node { key } } } organisations { totalCount nodes { key name } } }"#,
    r"{ changes(since: 0, first: 50) { totalCount pageInfo { hasNextPage } nodes { revision kind record { key __typename } } } }",
];

/// What explore is asked by those who look for something: the searches of `tests/relevance`, what is similar to each of our
/// initiatives and to each town, maps with every cluster opened. The graph of each store has an index of its own; what is
/// found, in which order and why, must be the same.
fn explored(service: &Service) -> Vec<(String, Value)> {
    const SEARCH: &str = r"query($text: String!) { search(text: $text, first: 10) { totalCount edges { cursor score extracts { field html }
        node { __typename ... on Initiative { key } ... on Town { key } ... on Topic { key } ... on Organisation { key } } } } }";
    const SIMILAR: &str = r#"query($key: ID!) { initiative(key: $key) { similar(first: 10) { score node { key }
        reasons { kind weight explanation(lang: "fr") english: explanation(lang: "en") } } } }"#;
    const TOWNS_LIKE: &str = r#"query($key: ID!) { town(key: $key) { similar(first: 5) { score node { key }
        reasons { kind weight explanation(lang: "fr") } } } }"#;
    const MAP: &str = r"query($zoom: Int!) { map(bounds: { west: -5.2, south: 41.3, east: 9.7, north: 51.2 }, zoom: $zoom) { totalCount truncated
        clusters { id count point { lat lon } topTopics { key count } } pins { initiative { key } point { lat lon } } } }";
    const CLUSTER: &str = r"query($id: ID!) { cluster(id: $id) { totalCount nodes { key } } }";

    let mut asked = Vec::new();
    let mut ask = |question: &str, variables: Value| {
        let answer = data_of(&service.ask(question, &variables)).clone();
        asked.push((variables.to_string(), answer.clone()));
        answer
    };
    let searches = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("relevance/searches.toml")).expect("reads");
    let searches: toml::Table = searches.parse().expect("it is TOML");
    for search in searches["search"].as_array().expect("there are several") {
        ask(SEARCH, json!({ "text": search["text"].as_str().expect("each has a text") }));
    }
    let everything = ask("{ initiatives(first: 100) { nodes { key } } towns(first: 100) { nodes { key } } }", json!({}));
    let keys = |kind: &str| {
        let nodes = everything[kind]["nodes"].as_array().expect("a list").iter();
        nodes.map(|node| node["key"].as_str().expect("a key").to_owned()).collect::<Vec<_>>()
    };
    for key in keys("initiatives") {
        ask(SIMILAR, json!({ "key": key }));
    }
    for key in keys("towns") {
        ask(TOWNS_LIKE, json!({ "key": key }));
    }
    for zoom in 4..=9 {
        let map = ask(MAP, json!({ "zoom": zoom }));
        for cluster in map["map"]["clusters"].as_array().expect("a list") {
            ask(CLUSTER, json!({ "id": cluster["id"] }));
        }
    }
    asked
}

fn data_of(answer: &Value) -> &Value {
    assert!(answer.get("errors").is_none(), "errors in {answer:#}");
    &answer["data"]
}

fn answers(service: &Service) -> Vec<Value> {
    let mut answers: Vec<Value> = QUESTIONS.iter().map(|question| data_of(&service.ask(question, &json!({}))).clone()).collect();
    let ids = service.ask(
        r#"{ agen: town(key: "insee:47001") { id } roubaix: town(key: "insee:59512") { id } urbanProd: organisation(key: "urban-prod") { id } }"#,
        &json!({}),
    );
    let ids = data_of(&ids);
    let neighbours = service.ask(
        r"query($of: ID!) { neighbours(of: $of) { totalCount nodes { relation direction node { __typename ... on Initiative { key } ... on Source { key } } } } }",
        &json!({ "of": ids["urbanProd"]["id"] }),
    );
    let path = service.ask(
        r"query($from: ID!, $to: ID!) { path(from: $from, to: $to) { length steps { relation direction from { __typename } to { __typename } } } }",
        &json!({ "from": ids["agen"]["id"], "to": ids["roubaix"]["id"] }),
    );
    answers.push(data_of(&neighbours).clone());
    answers.push(data_of(&path).clone());
    answers
}

#[test]
fn a_first_start_answers_on_either_store_and_an_export_moves_everything() {
    let folder = tempfile::tempdir().expect("makes a folder");
    let content = small_content(folder.path());

    let embedded = Maillage::new(folder.path().join("embedded"), &content);
    let service = embedded.serve();
    let on_sqlite = answers(&service);
    assert_eq!(on_sqlite[0]["town"]["name"], "Agen");
    assert_eq!(on_sqlite[0]["town"]["initiatives"]["totalCount"], 2, "{:#}", on_sqlite[0]);
    assert!(on_sqlite.last().expect("the path")["path"]["length"].as_u64().is_some_and(|length| (1..=6).contains(&length)));
    let explored_on_sqlite = explored(&service);
    assert!(explored_on_sqlite.len() >= 100, "{} questions", explored_on_sqlite.len());
    service.stop();

    let exported = embedded.run(&["export"]).succeeds();
    let file = folder.path().join("everything.ndjson");
    fs::write(&file, &exported.stdout).expect("writes the export");

    let Some(address) = neo4j_address() else { return };
    let taken = take_neo4j(&address);
    let at_scale = Maillage::new(folder.path().join("at-scale"), &content).on_store(&address);
    at_scale.run(&["import", file.to_str().expect("a path of ours")]).succeeds();
    assert!(
        at_scale.run(&["export"]).succeeds().stdout == exported.stdout,
        "the export of Neo4j differs from the one it was loaded with"
    );
    let service = at_scale.serve();
    for (question, (neo4j, sqlite)) in answers(&service).iter().zip(&on_sqlite).enumerate() {
        assert_eq!(neo4j, sqlite, "question {question} has another answer on Neo4j");
    }
    for ((question, neo4j), (_, sqlite)) in explored(&service).iter().zip(&explored_on_sqlite) {
        assert_eq!(neo4j, sqlite, "{question} is answered otherwise on Neo4j");
    }
    service.stop();

    at_scale.run(&["import", file.to_str().expect("a path of ours")]).succeeds();
    assert!(at_scale.run(&["export"]).succeeds().stdout == exported.stdout, "reading an export again changes nothing");
    empty_neo4j(&address, &taken);
    let first_start = Maillage::new(folder.path().join("fresh"), &content).on_store(&address);
    let service = first_start.serve();
    assert_eq!(data_of(&service.ask(QUESTIONS[0], &json!({}))), &on_sqlite[0], "a first start on Neo4j answers alike");
    service.stop();
}

#[test]
fn an_import_shows_its_plan_and_changes_nothing_the_second_time() {
    let folder = tempfile::tempdir().expect("makes a folder");
    let content = small_content(folder.path());
    let maillage = Maillage::new(folder.path().join("data"), &content);
    let sheets = folder.path().join("sheets");
    fs::create_dir(&sheets).expect("makes a folder");
    let sheet = |title: &str| {
        format!(
            "---\nid: agen-essai\ntitle: {title}\nlang: fr\ntopics: [fablab]\ntowns:\n  - {{scheme: insee, code: \"47001\", name: Agen}}\nstatus: pilote\n---\n## Problème\n\nPersonne ne savait.\n"
        )
    };
    fs::write(sheets.join("agen-essai.md"), sheet("Un essai")).expect("writes");
    let sheets = sheets.to_str().expect("a path of ours");
    let revision = |maillage: &Maillage| {
        let service = maillage.serve();
        let answer = service.ask("{ revision initiative(key: \"agen-essai\") { title revisions { totalCount } } }", &json!({}));
        service.stop();
        data_of(&answer).clone()
    };
    let before = revision(&maillage);

    let planned = maillage.run(&["import", sheets, "--dry-run"]).succeeds();
    assert!(planned.output().contains("agen-essai.md"), "the plan names what is wrong: {}", planned.output());
    assert_eq!(revision(&maillage), before, "a plan changes nothing");

    let imported = maillage.run(&["import", sheets]).succeeds();
    assert!(imported.output().contains("pilote") && imported.output().contains("pilot"), "{}", imported.output());
    let after = revision(&maillage);
    assert_eq!(after["initiative"]["title"], "Un essai");

    maillage.run(&["import", sheets]).succeeds();
    assert_eq!(revision(&maillage), after, "the second time nothing changes");

    fs::write(Path::new(sheets).join("agen-essai.md"), sheet("Un essai, revu")).expect("writes");
    maillage.run(&["import", sheets]).succeeds();
    let corrected = revision(&maillage);
    assert_eq!(corrected["initiative"], json!({ "title": "Un essai, revu", "revisions": { "totalCount": 2 } }));

    fs::write(Path::new(sheets).join("agen-essai.md"), "---\ntitle: [\n---\n").expect("writes");
    maillage.run(&["import", sheets]);
    assert_eq!(revision(&maillage)["initiative"]["title"], "Un essai, revu", "an unreadable file blanks nothing");
}

#[test]
fn a_store_that_goes_away_is_said_and_comes_back_without_a_restart() {
    let Some(address) = neo4j_address() else { return };
    let folder = tempfile::tempdir().expect("makes a folder");
    let content = small_content(folder.path());
    let _taken = take_neo4j(&address);
    let between = crate::interruption::Interruption::before(&address);
    let service = Maillage::new(folder.path().join("data"), &content).on_store(between.address()).serve();
    let question = r#"{ town(key: "insee:47001") { name } }"#;
    assert_eq!(data_of(&service.ask(question, &json!({})))["town"]["name"], "Agen");

    between.cut();
    assert_eq!(data_of(&service.ask(question, &json!({})))["town"]["name"], "Agen", "what was answered before is answered still");
    let of_the_same = service.ask(r#"{ town(key: "insee:47001") { population } }"#, &json!({}));
    assert!(data_of(&of_the_same)["town"]["population"].is_number(), "and what was read before is known still");
    let other = "{ topics { key } }";
    let (status, answer) = service.ask_with_status(other, &json!({}));
    assert_eq!((status, &answer["errors"][0]["extensions"]["code"]), (503, &json!("UNAVAILABLE")), "{answer:#}");
    assert_eq!(service.get("/health/live").0, 200, "the process is alive");
    assert_eq!(service.get("/health/ready").0, 503, "and says that it cannot answer");

    between.restore();
    assert!(data_of(&service.ask(other, &json!({})))["topics"].is_array(), "it answers again, without a restart");
    assert_eq!(service.get("/health/ready").0, 200);
    service.stop();
}

#[test]
fn what_cannot_start_says_why_and_where() {
    let folder = tempfile::tempdir().expect("makes a folder");
    let content = small_content(folder.path());
    let file = folder.path().join("a-file");
    fs::write(&file, "not a folder").expect("writes");
    let file = file.to_str().expect("a path of ours").to_owned();
    let (data, content) = (folder.path().join("data"), content.to_str().expect("a path of ours"));
    let data = data.to_str().expect("a path of ours");
    let in_a_file = format!("sqlite:{file}/graph.sqlite");
    let cases: &[(&[&str], &[&str])] = &[
        (&["--content", content, "--store", "bolt://127.0.0.1:9"], &["127.0.0.1:9", "cannot reach"]),
        (&["--content", content, "--store", "postgres://localhost"], &["postgres://localhost", "sqlite:PATH"]),
        (&["--content", content, "--store", &in_a_file], &["a-file"]),
        (&["--content", content, "--listen", "nonsense"], &["nonsense"]),
        (&["--content", &file], &["a-file"]),
    ];
    for (arguments, expected) in cases {
        let refused = Maillage::with(&["--data", data]).run(arguments);
        assert!(!refused.status.success(), "{arguments:?} starts");
        for part in *expected {
            assert!(refused.stderr.contains(part), "{arguments:?} does not say {part:?}: {}", refused.stderr);
        }
    }
}
