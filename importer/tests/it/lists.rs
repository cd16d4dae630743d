//! Files of many records: lists, maps and tables, and what becomes of each of their entries, run after run.

use maillage_importer::diagnostic::{Code, ReportLanguage};
use maillage_importer::{ImportError, Plan};

use crate::fixtures::{Bench, codes, counts, told};

/// A mapping of one collection, with more settings and fields.
fn mapping(files: &str, key: &str, settings: &str, fields: &str) -> String {
    format!(
        "language = \"fr\"\n[collections.projects]\nmakes = \"initiatives\"\nfiles = [\"{files}\"]\nkey = \"{key}\"\n{settings}\n\
         [collections.projects.fields]\ntitle = \"title\"\nsummary = \"summary\"\n{fields}\n"
    )
}

const LIST: &str = "records = \"[]\"";

/// Asserts fields of records, `kind/key` and field to value.
async fn expect(bench: &Bench, expected: &[(&str, &str, &str)]) {
    for (reference, field, value) in expected {
        assert_eq!(bench.field(reference, field).await, *value, "{reference} {field}");
    }
}

/// The keys of initiatives that are there and not withdrawn, of some.
async fn live<'k>(bench: &Bench, keys: &[&'k str]) -> Vec<&'k str> {
    let mut live = Vec::new();
    for key in keys {
        let stored = bench.find(&format!("initiative/{key}")).await;
        live.extend(stored.filter(|stored| stored.withdrawn.is_none()).map(|_| *key));
    }
    live
}

#[tokio::test]
async fn each_entry_is_a_record_in_whatever_notation() {
    let yaml = "- id: kiosque\n  title: Le kiosque\n  summary: Un kiosque\n  town: {code: 47001}\n  tags: [wi-fi]\n\
                - id: fab\n  title: Le fab lab\n  summary: Un fab lab\n  town: {code: '59512'}\n  tags: [makerspace, Bois]\n";
    let json = r#"[{"id": "kiosque", "title": "Le kiosque", "summary": "Un kiosque", "town": {"code": "47001"}, "tags": ["wi-fi"]},
        {"id": "fab", "title": "Le fab lab", "summary": "Un fab lab", "town": {"code": "59512"}, "tags": ["makerspace", "Bois"]}]"#;
    let toml = "[[projects]]\nid = 'kiosque'\ntitle = 'Le kiosque'\nsummary = 'Un kiosque'\ntown = {code = '47001'}\ntags = ['wi-fi']\n\
                [[projects]]\nid = 'fab'\ntitle = 'Le fab lab'\nsummary = 'Un fab lab'\ntown.code = '59512'\ntags = ['makerspace', 'Bois']\n";
    let page = format!(
        "---\ntitle: Nos projets\nprojects:\n{}---\nUne page.\n",
        yaml.replace("\n- ", "\n  - ").replace("\n  ", "\n    ").replacen("- id", "  - id", 1).replace("\n    - ", "\n  - ")
    );
    let csv = "\u{feff}id;title;summary;town.code;tags\r\nkiosque;Le kiosque;Un kiosque;47001;wi-fi\r\nfab;Le fab lab;\"Un fab lab\";59512;\"makerspace, Bois\"\r\n";
    let code = "places = [{ code = \"town.code\" }]";
    let split = "tags = { field = \"tags\", split = \",\" }";
    let in_column = "places = [{ code = \"code\" }]";
    for (path, records, places, text) in [
        ("_data/projects.yml", LIST, code, yaml.to_owned()),
        ("projects.json", LIST, code, json.to_owned()),
        ("projects.json", "records = \"data.projects[]\"", code, format!("{{\"count\": 2, \"data\": {{\"projects\": {json}}}}}")),
        ("projects.toml", "records = \"projects[]\"", code, toml.to_owned()),
        ("projects.md", "records = \"projects[]\"", code, page),
        ("projects.csv", "", in_column, csv.replace("town.code", "code")),
        ("projects.tsv", LIST, in_column, csv.replace("town.code", "code").replace(';', "\t")),
    ] {
        let mapping = mapping(path, "agen-{id}", &format!("{records}\n{places}"), split);
        let mut bench = Bench::with(&mapping, &[(path, &text)]).await;
        let (plan, _) = bench.import().await;
        assert_eq!(told(&plan), [], "{path}: {}", plan.report);
        assert_eq!((plan.report.files, plan.report.entries, plan.report.read, plan.report.invalid), (2, 2, 2, 0), "{path}");
        expect(
            &bench,
            &[
                ("initiative/agen-kiosque", "title", "Le kiosque"),
                ("initiative/agen-kiosque", "summary", "Un kiosque"),
                ("initiative/agen-kiosque", "topics", "[\"wifi-public\"]"),
                ("initiative/agen-kiosque", "places", "[{\"original_name\":\"47001\",\"target\":{\"town\":\"insee:47001\"}}]"),
                ("initiative/agen-fab", "title", "Le fab lab"),
                ("initiative/agen-fab", "topics", "[\"fablab\"]"),
                ("initiative/agen-fab", "tags", "[\"Bois\"]"),
                ("initiative/agen-fab", "places", "[{\"original_name\":\"59512\",\"target\":{\"town\":\"insee:59512\"}}]"),
            ],
        )
        .await;
        let stored = bench.find("initiative/agen-fab").await.expect("it");
        let origin = stored.record.provenance().first().and_then(|origin| origin.path.as_ref()).map(ToString::to_string);
        assert_eq!(origin.as_deref(), Some(path));
        let (plan, applied) = bench.import().await;
        assert_eq!((counts(&plan), applied.changed), ([0, 0, 4, 0], 0), "{path}: {}", plan.report);
    }
}

#[tokio::test]
async fn a_map_gives_its_keys_and_a_group_its_fields() {
    let grouped = "region: Sud\nen_cours:\n  - name: Le kiosque\n    about: |\n      Un texte du kiosque, en une phrase.\n\n      ## Résultats\n\n      Cent passages.\n\
                   finis:\n  - name: Le fab lab\n    about: Un texte du fab lab.\n";
    let by_group = "language = \"fr\"\n[collections.now]\nmakes = \"initiatives\"\nfiles = [\"groups.yml\"]\nrecords = \"en_cours[]\"\nkey = \"g-{name}\"\n\
                    fields = { title = \"name\", body = \"about\", summary = \"{first_paragraph}\", tags = \"{outer.region}\", status = \"{entry_key}\" }\n\
                    values.status.en_cours = \"running\"\n\
                    [collections.past]\nmakes = \"initiatives\"\nfiles = [\"groups.yml\"]\nrecords = \"finis[]\"\nkey = \"g-{name}\"\n\
                    fields = { title = \"name\", status = { value = \"stopped\" } }\n";
    let mut bench = Bench::with(by_group, &[("groups.yml", grouped)]).await;
    let (plan, _) = bench.import().await;
    assert_eq!(told(&plan), [], "{}", plan.report);
    expect(
        &bench,
        &[
            ("initiative/g-le-kiosque", "summary", "Un texte du kiosque, en une phrase."),
            ("initiative/g-le-kiosque", "tags", "[\"Sud\"]"),
            (
                "case-study/g-le-kiosque/fr",
                "sections",
                "[{\"kind\":\"other\",\"markdown\":\"Un texte du kiosque, en une phrase.\"},\
                  {\"heading\":\"Résultats\",\"kind\":\"results\",\"markdown\":\"Cent passages.\"}]",
            ),
            ("initiative/g-le-fab-lab", "status", "stopped"),
        ],
    )
    .await;

    let keyed = "kiosque-agen:\n  summary: Un kiosque\nfab:\n  title: Le fab lab\n  summary: Un fab lab\n";
    let mut bench = Bench::with(&mapping("projects.yml", "agen-{entry_key}", LIST, ""), &[("projects.yml", keyed)]).await;
    let (plan, _) = bench.import().await;
    assert_eq!(told(&plan), [], "{}", plan.report);
    expect(&bench, &[("initiative/agen-kiosque-agen", "title", "Kiosque agen"), ("initiative/agen-fab", "title", "Le fab lab")])
        .await;

    let nested = "past:\n  - {title: A}\nnow:\n  - {title: B}\n";
    let all = mapping("projects.yml", "agen-{title}", "records = \"[][]\"", "status = \"{entry_key}\"\nkind = \"{entry_key}\"")
        + "[collections.projects.values.status]\npast = \"stopped\"\nnow = \"running\"\n[collections.projects.values.kind]\npast = \"fablab\"\nnow = \"fablab\"\n";
    let mut bench = Bench::with(&all, &[("projects.yml", nested)]).await;
    bench.import().await;
    expect(&bench, &[("initiative/agen-a", "status", "stopped"), ("initiative/agen-b", "status", "running")]).await;
}

#[tokio::test]
async fn what_is_wrong_is_said_of_the_entry_and_its_line() {
    let yaml = "- id: a\n  title: Un\n  status: runing\n- id: b\n  summary: Sans titre\n- title: Sans identifiant\n- juste un texte\n\
                - id: a\n  title: Encore un\n- id: c\n  title: Bon\n  image: vue.png\n  text: \"![](plan.png)\"\n";
    let fields = "status = \"status\"\npicture = \"image\"\nbody = \"text\"";
    let mapping = mapping("projects.yml", "agen-{id}", LIST, fields);
    let mut bench = Bench::with(&mapping, &[("projects.yml", yaml), ("logo.png", "")]).await;
    let (plan, _) = bench.import().await;
    let said: Vec<(&str, usize, &str)> = plan
        .report
        .diagnostics
        .iter()
        .map(|said| (said.code.as_str(), said.at.map_or(0, |at| at.line), said.entry.as_deref().unwrap_or_default()))
        .collect();
    assert_eq!(
        said,
        [
            ("unmapped-value", 3, "Un"),
            ("missing-title", 4, "2"),
            ("no-key", 6, "Sans identifiant"),
            ("invalid-entry", 7, "juste un texte"),
            ("repeated-id", 8, "Encore un"),
            ("missing-picture", 10, "Bon"),
            ("missing-picture", 10, "Bon"),
        ],
        "{}",
        plan.report
    );
    assert_eq!((plan.report.files, plan.report.entries, plan.report.read, plan.report.invalid), (7, 6, 2, 4));
    assert_eq!(live(&bench, &["agen-a", "agen-b", "agen-c"]).await, ["agen-a", "agen-c"]);
    assert_eq!(bench.field("initiative/agen-a", "title").await, "Un");
    for (language, expected) in [
        (
            ReportLanguage::French,
            [
                "--> projects.yml:8:3 (Encore un)",
                "l'identifiant « agen-a » est déjà celui de projects.yml:1 (Un)",
                "l'entrée est un texte",
                "attendu : un ensemble de champs",
                "6 entrées de listes et 1 autre fichier : 2 lus, 4 invalides, 1 laissés de côté\n",
                "rien ne distingue l'entrée des autres : agen-{id} ne dit rien",
            ],
        ),
        (
            ReportLanguage::English,
            [
                "--> projects.yml:4:3 (2)",
                "the id \"agen-a\" is already that of projects.yml:1 (Un)",
                "the entry is a text",
                "expected: a map of fields",
                "6 entries of lists and 1 other file: 2 read, 4 invalid, 1 left aside\n",
                "nothing tells the entry from the others: agen-{id} says nothing",
            ],
        ),
    ] {
        let text = plan.report.text(language, false);
        for expected in expected {
            assert!(text.contains(expected), "{expected}:\n{text}");
        }
    }
}

#[tokio::test]
async fn entries_that_go_away_become_tombstones_and_invalid_ones_stay() {
    let entry = |name: &str| format!("- id: {name}\n  title: Le projet {name}\n  summary: Un résumé\n");
    let list = |names: &[&str]| names.iter().map(|name| entry(name)).collect::<String>();
    let keys = ["x-a", "x-b", "x-c", "x-d", "x-e"];
    let mut bench =
        Bench::with(&mapping("projects.yml", "x-{id}", LIST, ""), &[("projects.yml", &list(&["a", "b", "c", "d", "e"]))]).await;
    bench.import().await;
    // One goes, one changes, one is added.
    bench.write("projects.yml", list(&["a", "b", "c", "d"]).replace("projet a", "Projet A") + &entry("f"));
    let (plan, _) = bench.import().await;
    assert_eq!((counts(&plan), codes(&plan)), ([2, 2, 6, 2], vec![(Code::FileGone, "x-e".to_owned())]), "{}", plan.report);
    let gone = bench.find("initiative/x-e").await.and_then(|stored| stored.withdrawn).expect("a tombstone");
    assert_eq!((gone.why.as_str(), gone.merged_into), ("it is gone from its file", None));
    // One that cannot be read is kept, and does not keep the one that went.
    bench.write("projects.yml", list(&["a", "c", "f"]) + "- id: d\n  title: [un, deux]\n");
    let (plan, _) = bench.import().await;
    assert_eq!(live(&bench, &keys).await, ["x-a", "x-c", "x-d"], "{}", plan.report);
    assert!(codes(&plan).contains(&(Code::KeptLastValid, "x-d".to_owned())), "{}", plan.report);
    // Of one of which nothing is known, any may be meant.
    bench.write("projects.yml", list(&["a", "f"]) + "- title: Le projet d\n");
    let (plan, _) = bench.import().await;
    assert_eq!(live(&bench, &keys).await, ["x-a", "x-c", "x-d"], "{}", plan.report);
    // The whole file, broken beyond the list: all stay.
    bench.write("projects.yml", "- id: a\n  title: \"Un\n");
    let (plan, applied) = bench.import().await;
    assert_eq!((applied.changed, plan.report.invalid), (0, 1), "{}", plan.report);
    bench.write("projects.yml", [0xff, 0xfe]);
    let (plan, applied) = bench.import().await;
    assert_eq!(applied.changed, 0, "{}", plan.report);
    assert_eq!(codes(&plan).iter().filter(|(code, _)| *code == Code::KeptLastValid).count(), 4, "{}", plan.report);
    assert_eq!(live(&bench, &keys).await, ["x-a", "x-c", "x-d"]);
}

/// A list of so many entries.
fn numbered(count: usize) -> String {
    let entries: Vec<String> = (0..count).map(|number| format!("- title: Le projet {number}\n")).collect();
    entries.concat()
}

#[tokio::test]
async fn the_share_that_goes_at_once_is_one_of_records() {
    let mut bench = Bench::with(&mapping("projects.yml", "x-{title}", LIST, ""), &[("projects.yml", &numbered(10))]).await;
    bench.import().await;
    bench.write("projects.yml", numbered(6));
    let error = bench.fails().await;
    assert!(matches!(error, ImportError::Held { withdrawn: 8, held: 20, percent: 30, .. }), "{error}");
    bench.write("projects.yml", "[]\n");
    let error = bench.fails().await;
    assert!(matches!(error, ImportError::Held { withdrawn: 20, held: 20, .. }), "{error}");
    bench.write("projects.yml", numbered(7));
    let (plan, _) = bench.import().await;
    assert_eq!(counts(&plan), [0, 0, 14, 6], "{}", plan.report);
}

#[tokio::test]
async fn files_and_ids_may_be_renamed() {
    let list = "- id: a\n  title: Le kiosque\n- id: b\n  title: Le fab lab\n- id: c\n  title: Le café\n";
    let mut bench = Bench::with(&mapping("data/*.yml", "x-{id}", LIST, ""), &[("data/projects.yml", list)]).await;
    bench.import().await;
    // The file is called otherwise: each record stays who it is.
    bench.remove("data/projects.yml");
    bench.write("data/projets.yml", list);
    let (plan, _) = bench.import().await;
    assert_eq!((counts(&plan), told(&plan)), ([0, 6, 0, 0], vec![]), "{}", plan.report);
    // An entry has another id, and keeps its title; another goes and none comes in its place.
    bench.write(
        "data/projets.yml",
        "- id: kiosque\n  title: Le kiosque\n- id: b\n  title: Le fab lab\n- id: d\n  title: Le marché\n",
    );
    bench.confirm = true;
    let (plan, _) = bench.import().await;
    let merged = |key: &str| format!("initiative/{key}");
    for (former, present) in [("x-a", Some("x-kiosque")), ("x-c", None)] {
        let withdrawn = bench.find(&merged(former)).await.and_then(|stored| stored.withdrawn).expect("a tombstone");
        let into = withdrawn.merged_into.map(|into| into.key().to_owned());
        assert_eq!(into.as_deref(), present, "{former}: {}", plan.report);
    }
    // A title that was there before is another's.
    bench.write(
        "data/projets.yml",
        "- id: kiosque\n  title: Le kiosque\n- id: b\n  title: Le fab lab\n- id: e\n  title: Le fab lab\n",
    );
    bench.import().await;
    bench.write("data/projets.yml", "- id: kiosque\n  title: Le kiosque\n- id: e\n  title: Le fab lab\n");
    bench.import().await;
    let gone = bench.find("initiative/x-b").await.and_then(|stored| stored.withdrawn).expect("a tombstone");
    assert_eq!(gone.merged_into, None);
    // An id that comes back is followed, too.
    bench.write("data/projets.yml", "- id: a\n  title: Le kiosque\n- id: e\n  title: Le fab lab\n");
    let (plan, _) = bench.import().await;
    assert_eq!(live(&bench, &["x-a", "x-kiosque"]).await, ["x-a"], "{}", plan.report);
    let former = bench.find("initiative/x-kiosque").await.and_then(|stored| stored.withdrawn).expect("a tombstone");
    assert_eq!(former.merged_into.map(|into| into.key().to_owned()).as_deref(), Some("x-a"), "{}", plan.report);
}

#[tokio::test]
async fn what_cannot_be_read_of_a_file_is_lost_to_no_other_part_of_it() {
    let parts = "language = \"fr\"\n[collections.now]\nmakes = \"initiatives\"\nfiles = [\"a.yml\"]\nrecords = \"now[]\"\nkey = \"x-{title}\"\n\
                 fields = { title = \"title\" }\n[collections.past]\nmakes = \"initiatives\"\nfiles = [\"a.yml\"]\nrecords = \"past.deep[]\"\n\
                 key = \"x-{title}\"\nfields = { title = \"title\" }\n";
    let mut bench = Bench::with(parts, &[("a.yml", "now:\n  - title: Un\npast:\n  deep:\n    - title: Deux\n")]).await;
    bench.import().await;
    bench.write("a.yml", "now:\n  - title: Un\n  - title: Trois\npast:\n  deep:\n    - title: [\n");
    let (plan, _) = bench.import().await;
    assert!(codes(&plan).iter().any(|(code, _)| *code == Code::InvalidFrontMatter), "{}", plan.report);
    assert_eq!(live(&bench, &["x-un", "x-deux", "x-trois"]).await, ["x-un", "x-deux", "x-trois"], "{}", plan.report);
    // A field among others that is none is told, and none of the file is taken for gone.
    let mut bench = Bench::with(
        &mapping("projects.yml", "x-{entry_key}", LIST, ""),
        &[("projects.yml", "a:\n  title: Un\nb:\n  title: Deux\nc:\n  title: Trois\n")],
    )
    .await;
    bench.import().await;
    bench.write("projects.yml", "a:\n  title: Un\nb\nc:\n  title: Trois\n");
    let (plan, _) = bench.import().await;
    assert_eq!(plan.report.invalid, 1, "{}", plan.report);
    assert!(plan.report.text(ReportLanguage::French, false).contains("un élément de la liste"), "{}", plan.report);
    assert_eq!(live(&bench, &["x-a", "x-b", "x-c"]).await, ["x-a", "x-b", "x-c"]);
}

#[tokio::test]
async fn pages_tell_more_than_entries_of_lists() {
    let pages = mapping("_data/projects.yml", "x-{id}", LIST, "")
        + "[collections.pages]\nmakes = \"initiatives\"\nfiles = [\"_projects/*.md\", \"A/*.md\"]\nkey = \"x-{file_stem}\"\nfields = { title = \"title\" }\n";
    let list = "- id: kiosque\n  title: Le kiosque\n- id: lab\n  title: Le fab lab\n- id: jardin\n  title: Le jardin\n- id: bus\n  title: Le bus\n";
    let page = |title: &str| format!("---\ntitle: {title}\n---\nUn texte.\n");
    let (kiosk, lab, bus) = (page("Le kiosque"), page("Le Fab Lab"), page("Le bus jaune"));
    let files = [("_data/projects.yml", list), ("_projects/kiosque.md", &kiosk), ("A/lab.md", &lab), ("_projects/bus.md", &bus)];
    let mut bench = Bench::with(&pages, &files).await;
    let (plan, _) = bench.import().await;
    // The bus of the list and that of the page may be two.
    assert!(codes(&plan).contains(&(Code::RepeatedId, "x-bus".to_owned())), "{}", plan.report);
    let counts = (plan.report.read, plan.report.invalid, plan.report.skipped.get("told-by-page").copied());
    assert_eq!(counts, (4, 1, Some(2)), "{}", plan.report);
    assert_eq!(live(&bench, &["x-kiosque", "x-lab", "x-jardin", "x-bus"]).await, ["x-kiosque", "x-lab", "x-jardin", "x-bus"]);
    assert!(bench.field("initiative/x-kiosque", "provenance").await.contains("_projects/kiosque.md"));
    // A page that cannot be read any more stays as it was.
    bench.write("_projects/kiosque.md", "---\ntitle: [\n---\nUn texte.\n");
    let (plan, _) = bench.import().await;
    assert!(codes(&plan).contains(&(Code::KeptLastValid, "x-kiosque".to_owned())), "{}", plan.report);
    assert!(bench.field("initiative/x-kiosque", "provenance").await.contains("_projects/kiosque.md"));
}

#[tokio::test]
async fn what_many_letters_stand_for_is_no_more_than_a_file_may_hold() {
    let first = |plan: &Plan| plan.report.diagnostics.first().map(|diagnostic| diagnostic.code);
    let text = format!("- title: &a {}\n- title: Un\n{}", "a".repeat(100_000), "- title: *a\n".repeat(30));
    let mut bench = Bench::with(&mapping("projects.yml", "x-{title}", LIST, ""), &[("projects.yml", &text)]).await;
    let (plan, applied) = bench.import().await;
    assert_eq!((first(&plan), plan.report.read), (Some(Code::InvalidFrontMatter), 0), "{}", plan.report);
    assert!(applied.changed <= 1);
    // Each name of a column is a value, too.
    let table = format!("{}\n1\n", vec!["a"; 400_001].join(","));
    let mut bench = Bench::with(&mapping("projects.csv", "x-{title}", "", ""), &[("projects.csv", &table)]).await;
    let (plan, _) = bench.import().await;
    assert_eq!((first(&plan), plan.report.read), (Some(Code::InvalidTable), 0), "{}", plan.report);
}

#[tokio::test]
async fn one_entry_that_is_no_yaml_leaves_the_others() {
    let good = "- id: a\n  title: Un\n- id: b\n  title: Deux\n- id: c\n  title: Trois\n";
    let mut bench = Bench::with(&mapping("projects.yml", "x-{id}", LIST, ""), &[("projects.yml", good)]).await;
    bench.import().await;
    bench.write(
        "projects.yml",
        "- id: a\n  title: Un autre\n- id: b\n  title: \"Deux\" fois\n- id: c\n  title: Trois\n- id: d\n  title: Quatre\n",
    );
    let (plan, _) = bench.import().await;
    assert_eq!(told(&plan), [("invalid-front-matter", Some(4), String::new())], "{}", plan.report);
    assert_eq!(live(&bench, &["x-a", "x-b", "x-c", "x-d"]).await, ["x-a", "x-b", "x-c", "x-d"]);
    expect(&bench, &[("initiative/x-a", "title", "Un autre"), ("initiative/x-b", "title", "Deux")]).await;
}

#[tokio::test]
async fn rows_of_tables_are_told_by_their_lines() {
    let csv =
        "id,title,insee,summary\n1,Le kiosque,01015,\"Un texte,\nen deux lignes\"\n2,Le fab lab,47001,Un, deux\n\n3,Le café\n";
    let of = |file: &str, records: &str| mapping(file, "x-{id}", &format!("{records}\nplaces = [{{ code = \"insee\" }}]"), "");
    let mut bench = Bench::with(&of("projects.csv", ""), &[("projects.csv", csv)]).await;
    let (plan, _) = bench.import().await;
    assert_eq!(
        told(&plan),
        [("row-too-long", Some(4), "5".to_owned()), ("row-too-short", Some(6), "2".to_owned())],
        "{}",
        plan.report
    );
    // Beside what is meant a row may tell of persons.
    assert!(plan.report.diagnostics.iter().all(|diagnostic| diagnostic.line.is_none()), "{}", plan.report);
    let whole = format!(
        "[{{\"id\": \"a\", \"title\": \"A\", \"insee\": \"00000\", \"by\": \"Anne Dupont\", \"text\": \"{}\"}}]",
        "a".repeat(500)
    );
    let mut data = Bench::with(&of("projects.json", LIST), &[("projects.json", &whole)]).await;
    let (plan, _) = data.import().await;
    assert!(plan.report.diagnostics.iter().any(|diagnostic| diagnostic.at.is_some()), "{}", plan.report);
    assert!(plan.report.diagnostics.iter().all(|diagnostic| diagnostic.line.is_none()), "{}", plan.report);
    expect(
        &bench,
        &[
            ("initiative/x-1", "places", "[{\"original_name\":\"01015\",\"target\":{\"town\":\"insee:01015\"}}]"),
            ("initiative/x-1", "summary", "Un texte,\nen deux lignes"),
            ("initiative/x-3", "title", "Le café"),
        ],
    )
    .await;
    assert!(bench.find("initiative/x-2").await.is_none());
    bench.write("projects.csv", "id,title\n1,Le kiosque\n3,\"Le café\n2,Le fab lab\n");
    let (plan, _) = bench.import().await;
    assert_eq!(told(&plan), [("invalid-table", Some(3), String::new())], "{}", plan.report);
    assert!(plan.report.text(ReportLanguage::French, false).contains("un guillemet n'est pas fermé"), "{}", plan.report);
    assert_eq!(live(&bench, &["x-1", "x-3"]).await, ["x-1", "x-3"]);
}

#[tokio::test]
async fn a_file_holds_no_more_records_than_are_read_of_one() {
    let mut bench = Bench::with(&mapping("projects.yml", "x-{title}", LIST, ""), &[("projects.yml", &numbered(3))]).await;
    bench.limits.file_records = 3;
    bench.import().await;
    bench.write("projects.yml", numbered(4));
    let (plan, applied) = bench.import().await;
    assert_eq!(told(&plan), [("too-many-entries", None, "3".to_owned())], "{}", plan.report);
    assert_eq!(applied.changed, 0);
    // What one record may hold at the most is no limit on a list of them.
    (bench.limits.file_records, bench.limits.values) = (10, 5);
    assert_eq!(told(&bench.import().await.0), []);
    bench.limits.file_values = 5;
    let (plan, applied) = bench.import().await;
    assert_eq!((told(&plan).len(), plan.report.invalid, applied.changed), (1, 1, 0), "{}", plan.report);
}

#[tokio::test]
async fn a_list_is_where_the_mapping_says() {
    for (records, text, expected) in [
        ("projects[]", "autres:\n  - title: Un\n", vec![("no-entries", Some(1), "projects[]".to_owned())]),
        ("[]", "juste un texte\n", vec![("no-entries", Some(1), "[]".to_owned())]),
        ("projects[]", "projects:\n", vec![]),
        ("[]", "", vec![]),
    ] {
        let mapping = mapping("projects.yml", "x-{title}", &format!("records = \"{records}\""), "");
        let mut bench = Bench::with(&mapping, &[("projects.yml", text)]).await;
        let (plan, _) = bench.import().await;
        assert_eq!(told(&plan), expected, "{text}: {}", plan.report);
    }
    // Without the setting, a list is told, with what to write.
    let mut bench = Bench::with(&mapping("projects.yml", "x-{title}", "", ""), &[("projects.yml", "- title: Un\n")]).await;
    let (plan, _) = bench.import().await;
    let text = plan.report.text(ReportLanguage::French, false);
    assert!(text.contains("écrivez records = \"[]\" dans la correspondance"), "{text}");
    for wrong in ["projects", "projects[0]", ""] {
        let text = mapping("projects.yml", "x-{title}", &format!("records = \"{wrong}\""), "");
        let (line, problem) = maillage_importer::mapping::parse(&text).expect_err(wrong);
        assert!(wrong.is_empty() || line == 6, "{line}");
        assert!(problem.contains("projects[] for each of its field projects"), "{problem}");
    }
}

#[tokio::test]
async fn entries_may_be_organisations_skipped_or_of_several_collections() {
    let mapping = r#"
language = "fr"
[collections.partners]
makes = "organisations"
files = ["data.json"]
records = "partners[]"
key = "x-{entry_key}"
fields = { name = "name" }
[collections.places]
makes = "nothing"
files = ["places.csv"]
key = "place-{id}"
fields = { name = "name" }
places = [{ code = "insee" }]
[collections.kiosks]
makes = "initiatives"
files = ["data.json"]
records = "projects[]"
where = { type = "kiosque" }
key = "x-kiosque-{slug}"
places = [{ field = "place", in = "places" }]
fields = { title = "title", organisations = { field = "by", in = "partners", role = "operator" } }
[collections.others]
makes = "initiatives"
files = ["data.json"]
records = "projects[]"
where = { type = "*" }
skip = { title = "À venir" }
key = "x-{slug}"
fields = { title = "title" }
"#;
    let data = r#"{"partners": {"prod": {"name": "Urban Prod"}}, "projects": [
{"slug": "un", "type": "kiosque", "title": "Le kiosque", "by": "prod", "place": "p1"},
{"slug": "deux", "type": "fab", "title": "Le fab lab"},
{"slug": "trois", "type": "fab", "title": "À venir"},
{"slug": "quatre", "title": "Sans genre"},
{"slug": "cinq", "type": "fab", "title": "Brouillon", "draft": true}
]}"#;
    let mut bench = Bench::with(mapping, &[("data.json", data), ("places.csv", "id;name;insee\np1;Agen;47001\n")]).await;
    let (plan, _) = bench.import().await;
    assert_eq!(told(&plan), [], "{}", plan.report);
    expect(
        &bench,
        &[
            ("organisation/x-prod", "name", "Urban Prod"),
            ("initiative/x-kiosque-un", "involvements", "[{\"organisation\":\"x-prod\",\"role\":\"operator\"}]"),
            ("initiative/x-kiosque-un", "places", "[{\"original_name\":\"47001\",\"target\":{\"town\":\"insee:47001\"}}]"),
            ("initiative/x-deux", "title", "Le fab lab"),
        ],
    )
    .await;
    assert_eq!(live(&bench, &["x-un", "x-trois", "x-quatre", "x-cinq"]).await, [""; 0]);
    let aside = |why: &str| plan.report.left_aside.of(why).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(aside("skip-rule"), ["data.json:4 (À venir)"]);
    assert_eq!(aside("draft"), ["data.json:6 (Brouillon)"]);
    assert_eq!(aside("condition"), ["data.json:5 (Sans genre)"]);
    assert_eq!((plan.report.files, plan.report.read), (7, 3), "{}", plan.report);
}

#[tokio::test]
async fn entries_of_one_key_in_several_files_are_translations() {
    let mapping = "language = \"fr\"\n[collections.projects]\nmakes = \"initiatives\"\nfiles = [\"_data/*/projets.yml\"]\nrecords = \"[]\"\nkey = \"x-{id}\"\n\
                   translations = [\"fr\", \"en\"]\nfields = { title = \"titre\", body = \"texte\", lang = \"{folder}\" }\n";
    let mut bench = Bench::with(
        mapping,
        &[
            ("_data/en/projets.yml", "- id: a\n  titre: The kiosk\n  texte: A text\n- id: b\n  titre: Alone\n  texte: A text\n"),
            ("_data/fr/projets.yml", "- id: a\n  titre: Le kiosque\n  texte: Un texte\n"),
        ],
    )
    .await;
    let (plan, _) = bench.import().await;
    assert_eq!(told(&plan), [], "{}", plan.report);
    expect(
        &bench,
        &[
            ("initiative/x-a", "title", "Le kiosque"),
            ("case-study/x-a/en", "title", "The kiosk"),
            ("case-study/x-a/en", "translation_of", "fr"),
            ("initiative/x-b", "language", "en"),
        ],
    )
    .await;
    // A translation that goes is withdrawn, and its original stays.
    bench.write("_data/en/projets.yml", "- id: b\n  titre: Alone\n  texte: A text\n");
    bench.import().await;
    let gone = bench.find("case-study/x-a/en").await.expect("a tombstone");
    assert!(gone.withdrawn.is_some());
    assert_eq!(live(&bench, &["x-a", "x-b"]).await, ["x-a", "x-b"]);
}
