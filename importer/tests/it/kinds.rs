//! Repositories of partners, by kind: what is odd in each, in files of our own, and what becomes of it.

use maillage_importer::diagnostic::Code;

use crate::fixtures::{Bench, counts, told};

/// Asserts fields of records, `kind/key` and field to value.
async fn expect(bench: &Bench, expected: &[(&str, &str, &str)]) {
    for (reference, field, value) in expected {
        assert_eq!(bench.field(reference, field).await, *value, "{reference} {field}");
    }
}

/// A second import changes nothing.
async fn expect_rest(bench: &mut Bench) {
    let (plan, applied) = bench.import().await;
    assert_eq!((counts(&plan)[0], counts(&plan)[1], counts(&plan)[3], applied.changed), (0, 0, 0, 0), "{}", plan.report);
}

#[tokio::test]
async fn a_catalogue_without_texts_whose_fields_are_strings() {
    let mapping = r#"
language = "en"
nothing = ["null", "NA", "-"]
date_order = "month-first"
two_digit_years_from = 1970
[collections.projects]
makes = "initiatives"
files = ["_catalog/*.md"]
key = "cat-{permalink}"
places = [{ name = "city", region = "state", postcode = "zip", country = "US" }, "country:US"]
drop = ["*contact*"]
[collections.projects.fields]
title = "project_name"
summary = { field = "text", longest = 30 }
body = "text"
status = "status"
status_reason = "status"
start = { field = "start_date", pattern = '\d.*|[A-Z][a-z]+ \d{4}' }
tags = [{ field = "topic", split = "," }]
links = { field = "url", pattern = '(?:https?://|www\.)\S+' }
organisations = { field = "sponsor", pattern = '\s*([^,]+)', role = "funder" }
[collections.projects.values.status]
active = "running"
complete = "stopped"
"#;
    let mut bench = Bench::with(
        mapping,
        &[
            (
                "_catalog/001.md",
                "---\npermalink: /catalog/1/\nproject_name: \"Rain & \nroots\"\ncity: Laurel\nstate: MD\nzip: 02066\n\
                 status: Active\nstart_date: 5/1/16\ntopic: \"Open data,  Birds, \"\nurl: \"See www.example.org/rain\"\n\
                 sponsor: \"Rain Office (RO),  Root Office\"\nprivate_contact: \"Jane Roe\"\n\
                 text: \"First sentence. Second sentence, longer than allowed.\"\n---",
            ),
            (
                "_catalog/002.md",
                "---\npermalink: /catalog/2/\nproject_name: Wells\ncity: null\nstate: NA\nzip: \"\"\nstatus: On hold\nstart_date: Estimated launch 5/01/2021\ntopic: ''\nurl: \"-\"\nsponsor: Rain Office (RO)\ntext: Wells.\n---\n",
            ),
            ("_catalog/003.md", "---\npermalink: /catalog/3/\nproject_name: Ponds\nstatus: complete\nstart_date: On-going\ntext: Ponds.\n---\n"),
        ],
    )
    .await;
    let (plan, _) = bench.import().await;
    assert_eq!(told(&plan), [("unmapped-value", Some(7), "On hold".to_owned()),], "{}", plan.report);
    expect(
        &bench,
        &[
            ("initiative/cat-catalog-1", "title", "Rain & roots"),
            ("initiative/cat-catalog-1", "summary", "First sentence."),
            ("initiative/cat-catalog-1", "status", "running"),
            ("initiative/cat-catalog-1", "start", "2016-05-01"),
            ("initiative/cat-catalog-1", "topics", "[\"donnees-ouvertes\"]"),
            ("initiative/cat-catalog-1", "tags", "[\"Birds\"]"),
            ("initiative/cat-catalog-1", "links", "[{\"url\":\"https://www.example.org/rain\"}]"),
            (
                "initiative/cat-catalog-1",
                "places",
                "[{\"original_name\":\"Laurel, 02066, MD\",\"target\":{\"area\":\"country:US\"}}]",
            ),
            (
                "initiative/cat-catalog-1",
                "involvements",
                "[{\"organisation\":\"rain-office-ro\",\"role\":\"funder\"},{\"organisation\":\"root-office\",\"role\":\"funder\"}]",
            ),
            ("initiative/cat-catalog-2", "places", "[{\"target\":{\"area\":\"country:US\"}}]"),
            ("initiative/cat-catalog-2", "status", ""),
            ("initiative/cat-catalog-2", "status_reason", "On hold"),
            ("initiative/cat-catalog-2", "start", "2021-05-01"),
            ("initiative/cat-catalog-2", "links", ""),
            ("initiative/cat-catalog-3", "start", ""),
            (
                "case-study/cat-catalog-1/en",
                "sections",
                "[{\"kind\":\"other\",\"markdown\":\"First sentence. Second sentence, longer than allowed.\"}]",
            ),
        ],
    )
    .await;
    expect_rest(&mut bench).await;
}

#[tokio::test]
async fn texts_without_a_licence_can_be_left_where_they_are() {
    let collection = |name: &str, texts: &str| {
        format!(
            "[collections.{name}]\nmakes = \"initiatives\"\nfiles = [\"{name}/*.md\"]\nkey = \"t-{{file_stem}}\"\n{texts}\n\
             [collections.{name}.fields]\ntitle = \"title\"\nsummary = \"chapo\"\nresults = \"bilan\"\n"
        )
    };
    let mapping = format!("language = \"fr\"\ntexts = \"leave\"\n{}{}", collection("a", ""), collection("b", "texts = \"keep\""));
    let page = "---\ntitle: Un kiosque\nchapo: En deux mots\nbilan: Un bilan\n---\n## Solution\n\nUn texte.\n";
    let mut bench = Bench::with(&mapping, &[("a/un.md", page), ("b/deux.md", page)]).await;
    let (plan, _) = bench.import().await;
    assert_eq!(told(&plan), [], "{}", plan.report);
    let kept = "[{\"heading\":\"Solution\",\"kind\":\"solution\",\"markdown\":\"Un texte.\"},\
                {\"kind\":\"results\",\"markdown\":\"Un bilan\"}]";
    expect(
        &bench,
        &[
            ("initiative/t-un", "summary", "En deux mots"),
            ("case-study/t-un/fr", "sections", ""),
            ("case-study/t-deux/fr", "sections", kept),
        ],
    )
    .await;
}

#[tokio::test]
async fn translations_in_folders_that_share_a_slug() {
    let mapping = r#"
language = "es"
[collections.people]
makes = "organisations"
files = ["_people/*/*.md"]
key = "plat-{slug}"
translations = ["es", "en", "ca"]
fields = { name = "title", website = "web", lang = "{folder}" }
values.lang.cat = "ca"
[collections.services]
makes = "nothing"
files = ["_services/*.md"]
key = "service-{file_stem}"
fields = { name = "title" }
[collections.projects]
makes = "initiatives"
files = ["_projects/*/*.md"]
key = "plat-{slug}"
translations = ["es", "en", "ca"]
skip = [{ title = "", "{body}" = "" }, { "{body}" = "lorem ipsum*" }]
[collections.projects.fields]
title = "title"
lang = "{folder}"
status = "state"
start = "date_start"
end = { field = "date_end", unless = "date_start" }
tags = { field = "services[]", in = "services" }
organisations = { field = "collaborators[]", in = "people", role = "partner" }
links = { field = "call.url", pattern = '^https?://\S+' }
[collections.projects.values]
lang = { cat = "ca" }
status = { open = "running" }
"#;
    let project = |title: &str, body: &str, end: &str| {
        format!(
            "---\nslug: Foro-Deliberación\nstate: open\ndate_start: 2024-08-07T16:08:00.000Z\ndate_end: {end}\n\
             services: [datos, otros]\ncollaborators: [ay-bcn, Getxo, nadie]\ncall: {{url: Consúltanos}}\n{title}---\n{body}"
        )
    };
    let same = "2024-08-07T16:08:00.000Z";
    let mut bench = Bench::with(
        mapping,
        &[
            ("_people/es/ayuntamiento-barcelona.md", "---\nslug: ay-bcn\ntitle: Ayuntamiento\nweb: bcn.cat/\n---\n"),
            ("_people/cat/ayuntamiento-barcelona.md", "---\nslug: ay-bcn\ntitle: Ajuntament\n---\n"),
            ("_people/es/getxo.md", "---\nslug: g\ntitle: Getxo\n---\n"),
            ("_services/datos.md", "---\ntitle: Open data\n---\n"),
            ("_projects/en/foro-é.md", &project("title: Forum\n", "English.\n", same)),
            ("_projects/cat/foro-é.md", &project("", "", same)),
            ("_projects/es/foro-é.md", &project("title: Foro\n", "Español.\n", same)),
            ("_projects/cat/otro.md", "---\nslug: otro\ntitle: Projecte\n---\nLorem ipsum dolor\n"),
            ("_projects/es/otro.md", "---\nslug: otro\ntitle: Otro\ndate_start: 2024-01-01\ndate_end: 2026-01-01\n---\n"),
        ],
    )
    .await;
    let (plan, _) = bench.import().await;
    assert_eq!(told(&plan), [("unknown-organisation", Some(7), "nadie".to_owned())], "{}", plan.report);
    assert_eq!((plan.report.skipped["skip-rule"], plan.report.skipped["makes-no-record"]), (2, 1), "{}", plan.report);
    expect(
        &bench,
        &[
            ("initiative/plat-foro-deliberacion", "language", "es"),
            ("initiative/plat-foro-deliberacion", "title", "Foro"),
            ("initiative/plat-foro-deliberacion", "start", "2024-08-07"),
            ("initiative/plat-foro-deliberacion", "end", ""),
            ("initiative/plat-foro-deliberacion", "topics", "[\"donnees-ouvertes\"]"),
            ("initiative/plat-foro-deliberacion", "tags", "[\"otros\"]"),
            ("initiative/plat-foro-deliberacion", "links", ""),
            (
                "initiative/plat-foro-deliberacion",
                "involvements",
                "[{\"organisation\":\"plat-ay-bcn\",\"role\":\"partner\"},{\"organisation\":\"plat-g\",\"role\":\"partner\"}]",
            ),
            ("case-study/plat-foro-deliberacion/en", "translation_of", "es"),
            ("case-study/plat-foro-deliberacion/en", "title", "Forum"),
            ("initiative/plat-otro", "end", "2026-01-01"),
            ("organisation/plat-ay-bcn", "name", "Ayuntamiento"),
            ("organisation/plat-ay-bcn", "other_names", "[\"Ajuntament\"]"),
            ("organisation/plat-ay-bcn", "website", "https://bcn.cat/"),
        ],
    )
    .await;
    assert!(bench.find("case-study/plat-foro-deliberacion/ca").await.is_none());
    expect_rest(&mut bench).await;
}

#[tokio::test]
async fn a_folder_is_a_town_and_keys_have_two_spellings() {
    let mapping = r#"
language = "fr"
[collections.lieux]
makes = "initiatives"
files = ["_*/**/*.md"]
except = ["_*/index.md", "_layouts/**"]
where = { nom = "*" }
key = "lieux-{folder[0]}-{file_stem}"
places = [{ name = "{folder[0]}" }]
drop = ["tel*", "tél*", "mail"]
[collections.lieux.fields]
title = "nom"
summary = "description"
tags = "type[]"
links = [{ field = "site" }, { field = "website" }, { field = "osm", template = "https://www.openstreetmap.org/node/{value}" }]
[collections.lieux.values.places]
_montreal = "country:CA"
_presqu-ile = ["insee:47001", "insee:59512"]
"#;
    let mut bench = Bench::with(
        mapping,
        &[
            ("_agen/café-é.md", "---\nnom: Café\ntype: fablab\nosm: 12345678901\ntéléphone: 05 53 69 47 00\ndescription : >\n  Un lieu\n  ouvert{% include icon.html %}\nsite: https://a.fr\n---\n![Café](./media/c.jpg)\n"),
            ("_agen/media/presse.md", "---\nnom: Presse\ntype:\n  - wi-fi\n  - presse\nwebsite: www.b.fr\n---\n"),
            ("_montreal/lieu.md", "---\nnom: Lieu\n---\n"),
            ("_presqu-ile/lieu.md", "---\nnom: Lieu\n---\n"),
            ("_atlantide/lieu.md", "---\nnom: Lieu\n---\n"),
            ("_agen/vide.md", ""),
            ("_agen/README.md", "# À lire\n"),
            ("_agen/index.md", "---\nnom: Agen\n---\n"),
            ("_layouts/page.md", "---\nnom: Gabarit\n---\n"),
        ],
    )
    .await;
    let (plan, _) = bench.import().await;
    assert_eq!(told(&plan), [("unknown-place", Some(1), "_atlantide".to_owned())], "{}", plan.report);
    let why = ["empty", "condition", "not-selected"].map(|why| plan.report.skipped[why]);
    assert_eq!((plan.report.read, why), (5, [1, 1, 2]), "{}", plan.report);
    expect(
        &bench,
        &[
            ("initiative/lieux-agen-cafe-e", "summary", "Un lieu ouvert"),
            ("initiative/lieux-agen-cafe-e", "topics", "[\"fablab\"]"),
            ("initiative/lieux-agen-cafe-e", "places", "[{\"original_name\":\"_agen\",\"target\":{\"town\":\"insee:47001\"}}]"),
            (
                "initiative/lieux-agen-cafe-e",
                "links",
                "[{\"url\":\"https://a.fr\"},{\"url\":\"https://www.openstreetmap.org/node/12345678901\"}]",
            ),
            ("initiative/lieux-agen-presse", "tags", "[\"presse\"]"),
            ("initiative/lieux-agen-presse", "links", "[{\"url\":\"https://www.b.fr\"}]"),
            (
                "initiative/lieux-montreal-lieu",
                "places",
                "[{\"original_name\":\"_montreal\",\"target\":{\"area\":\"country:CA\"}}]",
            ),
            ("initiative/lieux-atlantide-lieu", "places", ""),
        ],
    )
    .await;
    assert!(bench.field("initiative/lieux-presqu-ile-lieu", "places").await.contains("insee:59512"));
    expect_rest(&mut bench).await;
}

#[tokio::test]
async fn places_come_from_another_collection_and_dates_from_the_name() {
    let mapping = r#"
language = "de"
[collections.labs]
makes = "organisations"
files = ["labs/*.md"]
key = "lab-{file_stem}"
places = [{ name = "city", latitude = "lat", longitude = "long", country = "DE" }]
fields = { name = "title" }
[collections.projekte]
makes = "initiatives"
files = ["projekte/*.md"]
key = "cf-{file_stem}"
places = [{ field = "lab[]", in = "labs" }]
drop = ["collaborators", "name"]
[collections.projekte.fields]
title = "title"
summary = ["excerpt", { field = "{first_paragraph}", longest = 200 }]
start = { field = "{file_stem}", pattern = '^(\d{4}-\d{2}-\d{2})-' }
status = { field = "status", split = "," }
organisations = { field = "lab[]", in = "labs", role = "operator" }
links = "links[].url"
[collections.projekte.values.status]
laufend = "running"
"#;
    let mut bench = Bench::with(
        mapping,
        &[
            ("labs/flensburg.md", "---\ncity: Flensburg\ntitle: Lab Flensburg\nlat: 54.79\nlong: 9.43\n---\n"),
            ("labs/_index.md", "---\ntitle: Labs\n---\n"),
            (
                "projekte/2015-02-20-b-karte.md",
                "---\nlab: [ flensburg ] # needed\ntitle: Karte\r\nstatus: Sucht Mitmacher, Laufend\ndraft: false\nlinks:\n- url: https://a.de\nname: A\n\
                 collaborators:\n- name: F\nlinks:\n- url: https://b.de\n- url: mailto:f@b.de\nname: B\n---\n\nEine *Karte*.\n",
            ),
            ("projekte/2016-01-01-entwurf.md", "---\ntitle: Entwurf\ndraft: 1\n---\n"),
            ("projekte/ohne.md", "---\ntitle: Ohne\nlab: [darmstadt]\npublished: \"no\"\n---\n"),
            ("projekte/2018-23-09-mit.md", "---\ntitle: Mit\nlab: [darmstadt]\nstatus: 3. September 2021\n---\n"),
        ],
    )
    .await;
    let (plan, _) = bench.import().await;
    assert_eq!(
        told(&plan),
        [
            ("repeated-field", Some(11), "links".to_owned()),
            ("repeated-field", Some(14), "name".to_owned()),
            ("unknown-organisation", Some(3), "darmstadt".to_owned()),
            ("unmapped-value", Some(4), "3. September 2021".to_owned()),
        ],
        "{}",
        plan.report
    );
    assert_eq!((plan.report.skipped["draft"], plan.report.skipped["list-page"]), (2, 1), "{}", plan.report);
    expect(
        &bench,
        &[
            ("initiative/cf-2015-02-20-b-karte", "start", "2015-02-20"),
            ("initiative/cf-2015-02-20-b-karte", "summary", "Eine Karte."),
            ("initiative/cf-2015-02-20-b-karte", "status", "running"),
            ("initiative/cf-2015-02-20-b-karte", "links", "[{\"url\":\"https://a.de\"},{\"url\":\"https://b.de\"}]"),
            (
                "initiative/cf-2015-02-20-b-karte",
                "places",
                "[{\"original_name\":\"Flensburg\",\"target\":{\"town\":\"geonames:2926271\"}}]",
            ),
            ("initiative/cf-2018-23-09-mit", "start", "2018-09-23"),
            ("initiative/cf-2018-23-09-mit", "status_reason", "3. September 2021"),
        ],
    )
    .await;
    expect_rest(&mut bench).await;
}

#[tokio::test]
async fn toml_with_conditions_false_as_a_text_and_empty_lists_for_dates() {
    let mapping = r#"
language = "en"
[collections.cases]
makes = "initiatives"
files = ["blog/*.md"]
where = { categories = "Case Studies" }
key = "ror-{file_stem}"
places = [{ name = "location", split = [" and "], nothing = ["online", "onlline"] }]
[collections.cases.fields]
title = { field = "title", remove = '^Case Study: ' }
start = "startdate"
end = "enddate"
aliases = "aliases"
license = "license"
[collections.rest]
makes = "nothing"
files = ["blog/*.md"]
key = "rest-{file_stem}"
"#;
    let mut bench = Bench::with(
        mapping,
        &[
            (
                "blog/2023-06-30-europe.md",
                "+++ \ntitle = \"Case Study: Europe\" \ndraft = \"false\" \ncategories = [\"Case studies\"] \nstartdate = 2023-06-30\nenddate = []\nlocation = \"Online\"\naliases = \"/blog/2023-06-30-old/\"\nlicense = \"CC BY-SA 4.0\"\n+++ \nText.\n",
            ),
            ("blog/b.md", "+++\ntitle = \"B\"\ndraft = true\ncategories = [\"Case Studies\"]\n+++\n"),
            ("blog/c.md", "+++\ntitle = \"C\"\ncategories = [\"News\"]\n+++\n"),
            (
                "blog/d.md",
                "+++\ntitle = \"D\"\ncategories = [\"Case Studies\"]\nlocation = \"Vilnius, Lithuania and Online\"\nlicense = \"ask us\"\n+++\n",
            ),
        ],
    )
    .await;
    let (plan, _) = bench.import().await;
    let said = told(&plan);
    assert_eq!(
        said,
        [("unknown-place", Some(4), "Vilnius, Lithuania".to_owned()), ("invalid-value", Some(5), "ask us".to_owned()),],
        "{}",
        plan.report
    );
    expect(
        &bench,
        &[
            ("initiative/ror-2023-06-30-europe", "title", "Europe"),
            ("initiative/ror-2023-06-30-europe", "start", "2023-06-30"),
            ("initiative/ror-2023-06-30-europe", "end", ""),
            ("initiative/ror-2023-06-30-europe", "places", ""),
            ("initiative/ror-2023-06-30-europe", "aliases", "[\"ror-2023-06-30-old\"]"),
            ("initiative/ror-2023-06-30-europe", "licence", "CC-BY-SA-4.0"),
            ("initiative/ror-d", "licence", ""),
        ],
    )
    .await;
    assert_eq!((plan.report.skipped["draft"], plan.report.skipped["makes-no-record"]), (1, 1), "{}", plan.report);
    expect_rest(&mut bench).await;
}

#[tokio::test]
async fn pages_without_front_matter_with_a_block_or_a_file_beside_them() {
    let mapping = r#"
language = "fr"
[collections.cas]
makes = "initiatives"
files = ["cas/**/*.md", "cas/**/*.mdx"]
sidecar = ["yml", "json"]
translations = ["fr", "en"]
key = "book-{file_stem}"
places = [{ name = ["ville", "town"] }]
[collections.cas.fields]
title = "titre"
summary = ["résumé", "{first_paragraph}"]
lang = "{language_suffix}"
start = ["date", { field = "{body}", pattern = '(?m)^\*\*Date\*\* : (.+)$' }]
tags = "tags[]"
problem = "problem"
"#;
    let mut bench = Bench::with(
        mapping,
        &[
            // GitBook: a heading, and nothing else.
            ("cas/kiosque/README.md", "# Un kiosque\n\nIl est là.\n\n**Date** : 12 mars 2019\n\n{% hint style=\"info\" %}\nÀ savoir\n{% endhint %}\n"),
            // A block after the title.
            ("cas/bloc.md", "# Un bloc\n\n```yaml\nville: Roubaix\ndate: mars 2020\ntags: [wi-fi]\nproblem: Pas de réseau.\n```\n\nLe texte.\n"),
            // A file beside it, in JSON and in YAML.
            ("cas/beside.mdx", "import Card from '@site/card'\n\n# À côté\n\nTexte.\n"),
            ("cas/beside.yml", "ville: Ville d'Agen\nrésumé: Le résumé\ndate: 2021\n"),
            // Translations by the end of the name.
            ("cas/wifi.fr.md", "---\ntitre: Le wifi\n---\nTexte.\n"),
            ("cas/wifi.en.md", "---\ntitre: The Wi-Fi\n---\nText.\n"),
            // No heading: the name of the file. Nothing at all: no case study.
            ("cas/2020-une-idée_folle.md", "Rien qu'un texte.\n"),
            ("cas/rien.md", "---\nautre: x\n---\n"),
        ],
    )
    .await;
    let (plan, _) = bench.import().await;
    assert_eq!(told(&plan), [("missing-title", None, String::new())], "{}", plan.report);
    expect(
        &bench,
        &[
            ("initiative/book-kiosque", "title", "Un kiosque"),
            ("initiative/book-kiosque", "summary", "Il est là."),
            ("initiative/book-kiosque", "start", "2019-03-12"),
            ("initiative/book-bloc", "title", "Un bloc"),
            ("initiative/book-bloc", "start", "2020-03"),
            ("initiative/book-bloc", "topics", "[\"wifi-public\"]"),
            ("initiative/book-bloc", "places", "[{\"original_name\":\"Roubaix\",\"target\":{\"town\":\"insee:59512\"}}]"),
            (
                "case-study/book-bloc/fr",
                "sections",
                "[{\"kind\":\"other\",\"markdown\":\"Le texte.\"},{\"kind\":\"problem\",\"markdown\":\"Pas de réseau.\"}]",
            ),
            ("initiative/book-beside", "title", "À côté"),
            ("initiative/book-beside", "summary", "Le résumé"),
            ("initiative/book-beside", "start", "2021"),
            ("initiative/book-beside", "places", "[{\"original_name\":\"Ville d'Agen\",\"target\":{\"town\":\"insee:47001\"}}]"),
            ("initiative/book-wifi", "title", "Le wifi"),
            ("case-study/book-wifi/en", "title", "The Wi-Fi"),
            ("initiative/book-2020-une-idee-folle", "title", "Une idée folle"),
        ],
    )
    .await;
    expect_rest(&mut bench).await;
}

#[tokio::test]
async fn titles_that_no_file_says() {
    for (title, files, expected, notes) in [
        // A translation has the title of its original, not the name of its file.
        (
            "title",
            &[("a.es.md", "---\ntitle: Un quiosco\n---\nTexto.\n"), ("a.en.md", "---\ndate: 2018\n---\nText.\n")][..],
            &[("initiative/l-a", "Un quiosco"), ("case-study/l-a/en", "Un quiosco")][..],
            &[][..],
        ),
        (
            "title",
            &[("a.es.md", "---\ntitle: Un quiosco\n---\nTexto.\n"), ("a.en.md", "# A kiosk\n\nText.\n")],
            &[("initiative/l-a", "Un quiosco"), ("case-study/l-a/en", "A kiosk")],
            &[],
        ),
        (
            "title\", \"{file_stem}",
            &[("a.es.md", "---\ntitle: Un quiosco\n---\nTexto.\n"), ("a.en.md", "Text.\n")],
            &[("case-study/l-a/en", "Un quiosco")],
            &[],
        ),
        // Without an original it is one itself.
        ("title", &[("a-kiosk.en.md", "Text.\n")], &[("initiative/l-a-kiosk", "A kiosk")], &["a-kiosk.en.md"]),
        // No text, and the title in a field that no rule reads.
        (
            "title",
            &[("2018-11-01-mobiliario-de-oficina.md", "---\ndate: 2018-11-01\ninformation-es: {title: Mobiliario}\n---\n")],
            &[("initiative/l-2018-11-01-mobiliario-de-oficina", "Mobiliario de oficina")],
            &["2018-11-01-mobiliario-de-oficina.md"],
        ),
    ] {
        let mapping = format!(
            "language = \"es\"\n[collections.cases]\nmakes = \"initiatives\"\nfiles = [\"*.md\"]\nkey = \"l-{{file_stem}}\"\n\
             translations = [\"es\", \"en\"]\nfields = {{ title = [\"{title}\"], start = \"date\" }}\n"
        );
        let mut bench = Bench::with(&mapping, files).await;
        let (plan, _) = bench.import().await;
        let of_titles = |code: Code| matches!(code, Code::TitleFromFile | Code::MissingTitle);
        let told = plan.report.diagnostics.iter().filter(|diagnostic| of_titles(diagnostic.code));
        assert_eq!(told.map(|diagnostic| diagnostic.path.as_str()).collect::<Vec<_>>(), notes, "{}", plan.report);
        assert_eq!(plan.report.invalid, 0, "{}", plan.report);
        for (reference, expected) in expected {
            assert_eq!(bench.field(reference, "title").await, *expected, "{reference}: {}", plan.report);
        }
    }
}

#[tokio::test]
async fn texts_that_are_in_another_language_than_their_names_say() {
    const GERMAN: &str = "Die Stadt hat eine Karte der barrierefreien Orte veröffentlicht, die von Freiwilligen gepflegt wird und allen Bürgerinnen und \
                          Bürgern zeigt, welche Gebäude sie ohne Hilfe erreichen können und welche nicht.";
    const ENGLISH: &str = "The council opened a repair workshop in the library, where volunteers help residents to mend what is broken, and lends tools to \
                           everybody who has a card of the library, on three evenings a week.";
    for (files, expected, notes) in [
        (&[("a.de.md", GERMAN), ("a.en.md", ENGLISH)][..], &["case-study/l-a/de", "case-study/l-a/en"][..], &[][..]),
        // Put there to be translated one day.
        (
            &[("a.de.md", GERMAN), ("a.en.md", GERMAN)],
            &["case-study/l-a/de"],
            &[("a.en.md", Code::LanguageOfName), ("a.en.md", Code::Untranslated)],
        ),
        (&[("a.en.md", GERMAN)], &["case-study/l-a/de"], &[("a.en.md", Code::LanguageOfName)]),
        (
            &[("a.en.md", GERMAN), ("a.fr.md", GERMAN)],
            &["case-study/l-a/de"],
            &[("a.en.md", Code::LanguageOfName), ("a.fr.md", Code::LanguageOfName), ("a.fr.md", Code::Untranslated)],
        ),
        // Too short to tell.
        (&[("a.de.md", "Ein Text."), ("a.en.md", "Ein Text.")], &["case-study/l-a/de", "case-study/l-a/en"], &[]),
    ] {
        let mapping = "language = \"de\"\n[collections.cases]\nmakes = \"initiatives\"\nfiles = [\"*.md\"]\nkey = \"l-{file_stem}\"\n\
                       translations = [\"de\", \"en\", \"fr\"]\nfields = { title = \"title\", lang = \"{language_suffix}\" }\n";
        let texts: Vec<(&str, String)> =
            files.iter().map(|(path, text)| (*path, format!("---\ntitle: A\n---\n{text}\n"))).collect();
        let files: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (*path, text.as_str())).collect();
        let mut bench = Bench::with(mapping, &files).await;
        let (plan, _) = bench.import().await;
        let is_of_language = |code: Code| matches!(code, Code::LanguageOfName | Code::Untranslated);
        let told = plan.report.diagnostics.iter().filter(|diagnostic| is_of_language(diagnostic.code));
        let told: Vec<(&str, Code)> = told.map(|diagnostic| (diagnostic.path.as_str(), diagnostic.code)).collect();
        assert_eq!(told, notes, "{}", plan.report);
        assert_eq!(plan.report.invalid, 0, "{}", plan.report);
        // One initiative, and each telling of it.
        assert_eq!(counts(&plan)[0], 1 + expected.len(), "{}", plan.report);
        for reference in expected {
            assert_eq!(bench.field(reference, "title").await, "A", "{reference}: {}", plan.report);
        }
    }
}

#[tokio::test]
async fn files_that_are_metadata_alone() {
    let mapping = r#"
language = "fr"
[collections.projets]
makes = "initiatives"
files = ["data/*.yml", "data/*.toml", "data/*.json"]
key = ["data-{id}", "data-{file_stem}"]
places = [{ code = "insee" }, { postcode = "cp", name = "ville" }]
fields = { title = "nom", body = "texte", results = "résultats" }
"#;
    let mut bench = Bench::with(
        mapping,
        &[
            ("data/a.yml", "id: 12\nnom: A\ninsee: 47001\ntexte: Un texte.\nrésultats: Bons.\n"),
            ("data/b.toml", "nom = \"B\"\ninsee = 01340\n"),
            ("data/b2.toml", "nom = \"B\"\ninsee = \"01340\"\n"),
            ("data/c.json", "{\"nom\": \"C\", \"insee\": \"\", \"ville\": \"Œuilly\"}"),
        ],
    )
    .await;
    let (plan, _) = bench.import().await;
    let said = told(&plan);
    let codes: Vec<&str> = said.iter().map(|(code, _, _)| *code).collect();
    assert_eq!(codes, ["invalid-front-matter", "uncertain-place"], "{}", plan.report);
    expect(
        &bench,
        &[
            ("initiative/data-12", "places", "[{\"original_name\":\"47001\",\"target\":{\"town\":\"insee:47001\"}}]"),
            ("initiative/data-b2", "places", "[{\"original_name\":\"01340\",\"target\":{\"town\":\"insee:01015\"}}]"),
            ("initiative/data-c", "places", ""),
            (
                "case-study/data-12/fr",
                "sections",
                "[{\"kind\":\"other\",\"markdown\":\"Un texte.\"},{\"kind\":\"results\",\"markdown\":\"Bons.\"}]",
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn challenges_with_tabs_odd_line_ends_and_sections_one_level_down() {
    let mapping = r#"
language = "fr"
[collections.defis]
makes = "initiatives"
files = ["_defis/*.md"]
key = "d-{file_stem}"
places = [{ address = "mission", pattern = 'au (\d.+)' }, "country:FR"]
drop = ["equipe"]
[collections.defis.fields]
title = ["titre", "title", "{heading}"]
summary = "mission"
start = "annees"
status = "phase"
organisations = { field = "administration", role = "operator", website = "administration-website" }
links = { field = "site", label = "Le défi de {administration}" }
[collections.defis.values.organisations]
MCC = "Ministère de la culture"
"#;
    let mut bench = Bench::with(
        mapping,
        &[
            (
                "_defis/orgues.md",
                "---\ntitre: Orgues\nmission: 'Cartographier l'orgue, au 3 rue du Port, Agen'\nphase: Phase AVP\nannees: 2017\nadministration: MCC\nadministration-website: www.culture.gouv.fr\nsite: https://a.fr/defi\nequipe:\n  - nom: A\n\tsite: /a\n  - nom: B\n\tsite: /b\n---\n\
                 ## [Le projet](https://a.fr/orgues)\n\nIntro\n\n### La problématique\n\nOù sont-ils ?\n\n### La solution\n\nUne carte.\n",
            ),
            (
                "_defis/lyon.md",
                "---\u{2028}title: \"Académie de Lyon\"\u{2028}---\u{2028}\u{2028}Un texte sur les élèves.",
            ),
            ("_defis/macintosh.md", "---\rtitre: Macintosh\rannees: [\r---\rUn texte."),
            ("_defis/2018-brigade-numerique.md", "---\nmission: Un accueil\n---\n## La problématique\n\nA\n\n## La solution\n\nB\n"),
        ],
    )
    .await;
    let (plan, _) = bench.import().await;
    assert_eq!(
        told(&plan),
        [
            ("invalid-front-matter", Some(4), String::new()),
            ("repaired-front-matter", Some(3), String::new()),
            ("unmapped-value", Some(4), "Phase AVP".to_owned()),
            ("repaired-front-matter", Some(11), String::new()),
        ],
        "{}",
        plan.report
    );
    expect(
        &bench,
        &[
            // A report that is written again later is in the language of the mapping.
            ("source/agen", "language", "fr"),
            ("initiative/d-lyon", "title", "Académie de Lyon"),
            ("initiative/d-2018-brigade-numerique", "title", "Brigade numerique"),
            ("initiative/d-orgues", "summary", "Cartographier l'orgue, au 3 rue du Port, Agen"),
            ("initiative/d-orgues", "start", "2017"),
            ("initiative/d-orgues", "status_reason", "Phase AVP"),
            (
                "initiative/d-orgues",
                "places",
                "[{\"original_name\":\"3 rue du Port, Agen\",\"target\":{\"town\":\"insee:47001\"}}]",
            ),
            ("initiative/d-orgues", "involvements", "[{\"organisation\":\"ministere-de-la-culture\",\"role\":\"operator\"}]"),
            ("initiative/d-orgues", "links", "[{\"label\":\"Le défi de MCC\",\"url\":\"https://a.fr/defi\"}]"),
            ("organisation/ministere-de-la-culture", "website", "https://www.culture.gouv.fr"),
            (
                "case-study/d-orgues/fr",
                "sections",
                "[{\"heading\":\"Le projet\",\"kind\":\"other\",\"markdown\":\"[Le projet](https://a.fr/orgues)\\n\\nIntro\"},\
                 {\"heading\":\"La problématique\",\"kind\":\"problem\",\"markdown\":\"Où sont-ils ?\"},\
                 {\"heading\":\"La solution\",\"kind\":\"solution\",\"markdown\":\"Une carte.\"}]",
            ),
        ],
    )
    .await;
    expect_rest(&mut bench).await;
}

#[tokio::test]
async fn pages_of_lists_are_taken_where_they_are_asked_for_by_name() {
    for (files, read, skipped) in [("content/*/_index.md", 1, 0), ("content/**/*.md", 1, 1)] {
        let mapping = format!(
            "language = \"es\"\n[collections.proyectos]\nmakes = \"initiatives\"\nfiles = [\"{files}\"]\nkey = \"p-{{file_stem}}\"\n\
             fields = {{ title = \"title\" }}\n"
        );
        let page = |title: &str| format!("---\ntitle: {title}\n---\nUn huerto vecinal con cincuenta familias.\n");
        let mut bench =
            Bench::with(&mapping, &[("content/huerto/_index.md", &page("Huerto")), ("content/huerto/a.md", &page("A"))]).await;
        let (plan, _) = bench.import().await;
        let lists = plan.report.skipped.get("list-page").copied().unwrap_or_default();
        assert_eq!((plan.report.read, lists), (read, skipped), "{files}: {}", plan.report);
    }
}
