//! A partner's files, as they are, by a mapping: what is odd in real ones, in files of our own.

use maillage_importer::diagnostic::{Code, Diagnostic};

use crate::fixtures::{Bench, codes, counts};

const MAPPING: &str = r#"
language = "fr"
licence = "CC-BY-SA-4.0"

[collections.bodies]
makes = "organisations"
files = ["content/_bodies/*.md"]
key = "p-{file_stem}"
fields = { name = "name", other_names = "acronym", part_of = { field = "owner", in = "bodies" } }

[collections.projects]
makes = "initiatives"
files = ["content/_projects/*.md"]
except = ["content/_projects/modele.md"]
key = "p-{file_stem}"
places = ["country:FR"]
drop = ["contact"]

[collections.projects.fields]
title = "title"
summary = ["mission", "abstract"]
aliases = "redirect_from[]"
status = "phases[-1].name"
start = "phases[0].start"
end = "phases[-1][name=abandon].start"
tags = "themes[]"
audience = "users[]"
organisations = [{ field = "sponsors[]", in = "bodies", role = "funder" }, { field = "partner" }]
links = [{ field = "link", label = "Site" }, "repository"]

[collections.projects.values.status]
construction = "pilot"
abandon = "stopped"

[collections.projects.values.audience]
particulier = "general_public"
etat = "staff"
agents = ["staff", "elected_officials"]

[collections.projects.headings]
problem = ["le drame"]
"#;

async fn bench() -> Bench {
    let mut bench = Bench::new().await;
    let mapping = bench.folder.path().join("mapping.toml");
    std::fs::write(&mapping, MAPPING).expect("a file");
    bench.source.mapping = Some(mapping);
    bench.source.url = Some("https://github.com/agen/cases.git".to_owned());
    bench.source.licence = None;
    // No line end after the closing fence; spaces in values.
    bench.write("content/_bodies/DG.md", "---\nname: 'Direction générale '\nacronym: DG\n---");
    bench.write("content/_bodies/sous.dir.md", "---\nname: Sous-direction\nacronym: ''\nowner: /bodies/DG\n---\n");
    bench.write(
        "content/_projects/Un.Projet.md",
        "---\r\ntitle: Un projet \r\nmission: ''\r\nabstract: >-\r\n  Ce qu'il\r\n  fait\r\ncontact: jean.dupont@agen.fr\r\nlink: ''\r\nrepository: https://a.fr/code\r\n\
         sponsors:\r\n  - /bodies/DG\r\n  - /bodies/inconnue\r\npartner: Les Amis du Libre\r\nphases:\r\n  - name: construction\r\n    start: 2018-01-08\r\n  - name: abandon\r\n    start: 2021-01-01\r\n\
         themes: [Opendata, 'R ', Opendata]\r\nusers: [etat, agents, Magistrats]\r\nredirect_from:\r\n  - /projects/ancien.nom.html\r\n  - /projects/autre\r\ntechno: [Rust]\r\n---\r\n\
         Avant\u{2028}tout\u{feff}.\r\n\r\n## Le drame\r\n\r\nÉcrire à jean@agen.fr.\r\n\r\n## Solution :\r\nB\r\n",
    );
    bench.write("content/_projects/autre.md", "---\ntitle: Autre\nphases: [{name: transfert, start: 2020}]\n---\n");
    bench.write("content/_projects/modele.md", "---\ntitle: Modèle\n---\n");
    bench.write("content/LISEZMOI.md", "Rien.");
    bench
}

#[tokio::test]
async fn a_partners_files_are_read_as_they_are() {
    let mut bench = bench().await;
    let (plan, _) = bench.import().await;
    let told: Vec<(&str, Option<usize>, String)> = plan
        .report
        .diagnostics
        .iter()
        .map(|diagnostic| {
            (diagnostic.code.as_str(), diagnostic.at.map(|at| at.line), diagnostic.value.clone().unwrap_or_default())
        })
        .collect();
    let told: Vec<(&str, Option<usize>, &str)> = told.iter().map(|(code, line, value)| (*code, *line, value.as_str())).collect();
    assert_eq!(
        told,
        [
            ("unread-field", None, "techno"),
            ("unmapped-tag", None, "Magistrats"),
            ("unmapped-tag", None, "R"),
            ("alias-taken", None, "p-autre"),
            ("personal-data-removed", None, "1"),
            ("unknown-organisation", Some(12), "/bodies/inconnue"),
            ("unmapped-value", Some(3), "transfert"),
        ],
        "{}",
        plan.report
    );
    assert_eq!((plan.report.read, plan.report.skipped["not-selected"]), (4, 2));
    for (reference, field, value) in [
        ("organisation/p-dg", "name", "Direction générale"),
        ("organisation/p-dg", "other_names", "[\"DG\"]"),
        ("organisation/p-sous-dir", "part_of", "p-dg"),
        ("initiative/p-un-projet", "title", "Un projet"),
        ("initiative/p-un-projet", "summary", "Ce qu'il fait"),
        ("initiative/p-un-projet", "status", "stopped"),
        ("initiative/p-un-projet", "start", "2018-01-08"),
        ("initiative/p-un-projet", "end", "2021-01-01"),
        ("initiative/p-un-projet", "aliases", "[\"p-ancien-nom\"]"),
        ("initiative/p-un-projet", "topics", "[\"donnees-ouvertes\"]"),
        ("initiative/p-un-projet", "tags", "[\"R\",\"Magistrats\"]"),
        ("initiative/p-un-projet", "audiences", "[\"staff\",\"elected_officials\"]"),
        ("initiative/p-un-projet", "licence", "CC-BY-SA-4.0"),
        ("initiative/p-un-projet", "contact", ""),
        ("initiative/p-un-projet", "links", "[{\"url\":\"https://a.fr/code\"}]"),
        ("initiative/p-un-projet", "places", "[{\"target\":{\"area\":\"country:FR\"}}]"),
        (
            "initiative/p-un-projet",
            "involvements",
            "[{\"organisation\":\"p-dg\",\"role\":\"funder\"},{\"organisation\":\"les-amis-du-libre\",\"role\":\"partner\"}]",
        ),
        ("initiative/p-autre", "status", ""),
        ("initiative/p-autre", "start", "2020"),
        (
            "case-study/p-un-projet/fr",
            "sections",
            "[{\"kind\":\"other\",\"markdown\":\"Avant\\ntout.\"},\
             {\"heading\":\"Le drame\",\"kind\":\"problem\",\"markdown\":\"Écrire à […].\"},\
             {\"heading\":\"Solution :\",\"kind\":\"solution\",\"markdown\":\"B\"}]",
        ),
    ] {
        assert_eq!(bench.field(reference, field).await, value, "{reference} {field}");
    }
    let provenance = bench.field("initiative/p-un-projet", "provenance").await;
    assert!(provenance.contains("https://github.com/agen/cases/blob/HEAD/content/_projects/Un.Projet.md"), "{provenance}");
    assert!(!provenance.contains(bench.folder.path().to_str().expect("a path")), "{provenance}");

    let (plan, applied) = bench.import().await;
    assert_eq!((counts(&plan), applied.changed), ([0, 0, 7, 0], 0), "{}", plan.report);
}

#[tokio::test]
async fn two_files_of_one_slug_are_told() {
    let mut bench = bench().await;
    bench.write("content/_projects/un-projet.md", "---\ntitle: Un autre projet\n---\n");
    let (plan, _) = bench.import().await;
    assert!(codes(&plan).contains(&(Code::RepeatedId, "p-un-projet".to_owned())), "{}", plan.report);
}

#[test]
fn a_wrong_mapping_names_the_line_and_what_is_wrong() {
    for (from, to, problem) in [
        ("summary = ", "sumary = ", "\"sumary\" is not a field of initiatives; did you mean \"summary\"?"),
        ("in = \"bodies\", role", "in = \"corps\", role", "there is no collection \"corps\""),
        ("role = \"funder\"", "role = \"payer\"", "\"payer\" is not a role of an organisation"),
        ("makes = \"initiatives\"", "makes = \"projects\"", "\"projects\" is not what a collection makes"),
        ("phases[-1].name", "phases[x].name", "is not the path of a field"),
        ("key = \"p-{file_stem}\"\nplaces", "key = \"p\"\nplaces", "holds nothing that tells files apart, such as {file_stem}"),
        ("construction = \"pilot\"", "construction = \"building\"", "\"building\" is not a status"),
        ("particulier = \"general_public\"", "particulier = \"everyone\"", "\"everyone\" is not an audience"),
        ("problem = [\"le drame\"]", "drama = [\"le drame\"]", "\"drama\" is not a kind of section"),
        ("licence = \"CC-BY-SA-4.0\"", "licence = \"free\"", "\"free\" is not a licence"),
        ("places = [\"country:FR\"]", "places = [\"France\"]", "is not the key of an area"),
        ("drop = [\"contact\"]", "dorp = [\"contact\"]", "unknown field `dorp`"),
        (
            "places = [\"country:FR\"]",
            "places = [{ postcode = \"cp\", split = \",\" }]",
            "are for a name or an address, and the place has neither",
        ),
        (
            "[collections.projects.values.status]",
            "[collections.projects.values.start]",
            "values of \"start\" are taken as they are",
        ),
        ("tags = \"themes[]\"", "tags = { value = \"{title}\" }", "a text with fields in braces is written field"),
        ("tags = \"themes[]\"", "costs = \"budget\"", "costs say by label"),
        ("tags = \"themes[]\"", "tags = { field = \"themes[]\", basis = \"actual\" }", "basis is for costs, not for tags"),
        (
            "places = [\"country:FR\"]",
            "places = [{ department = { field = \"dep\", in = \"bodies\" } }]",
            "in is for organisations and tags, not for department",
        ),
        ("places = [\"country:FR\"]", "places = [{ department = { value = \"47\" } }]", "a place has a name, a value, a code"),
        ("except = [\"content", "except = [\"[content", "content/_projects/modele.md"),
    ] {
        assert!(MAPPING.contains(from), "{from}");
        let text = MAPPING.replacen(from, to, 1);
        let (at, said) = maillage_importer::mapping::parse(&text).expect_err(to);
        assert!(said.contains(problem), "{said:?} for {to}");
        let line = text[..text.find(to).expect(to)].matches('\n').count() + 1;
        assert!(at.abs_diff(line) <= 1, "line {at}, not {line}, for {to}: {said}");
    }
}

#[test]
fn the_mappings_of_the_content_folder_are_valid() {
    let sources = maillage_importer::sources::load(&crate::content()).expect("the sources");
    let mappings: Vec<_> = sources.iter().filter_map(|source| source.mapping.as_deref()).collect();
    assert!(!mappings.is_empty());
    for mapping in mappings {
        maillage_importer::mapping::load(mapping).unwrap_or_else(|error| panic!("{error}"));
    }
}

#[tokio::test]
async fn lists_of_addresses_with_names_are_links_with_labels() {
    const MAPPING: &str = r#"
        language = "en"
        nothing = ["N/A"]
        [collections.cases]
        makes = "initiatives"
        files = ["cases/*.md"]
        key = "l-{file_stem}"
        fields = { title = "title", links = [{ field = "links[]", label = "Page" }] }
    "#;
    for (links, expected) in [
        ("[{url: https://a.org, name: The site}]", r#"[{"label":"The site","url":"https://a.org"}]"#),
        (
            "[{href: a.org/x, text: X}, {href: https://b.org}]",
            r#"[{"label":"X","url":"https://a.org/x"},{"label":"Page","url":"https://b.org"}]"#,
        ),
        ("[https://a.org, {name: Nothing, label: ''}]", r#"[{"label":"Page","url":"https://a.org"}]"#),
        ("[{name: Anne, url: anne.dupont@agen.fr}, anne@agen.fr]", ""),
        (
            "[{name: N/A, url: N/A}, {name: '', url: '', style: x}, {name: Alone}, {linkText: A, link: a.org}]",
            r#"[{"label":"A","url":"https://a.org"}]"#,
        ),
        // Files of the repository.
        (
            "[{name: Overview, url: ../a/Over view.pdf}, {name: Sheet, url: ../a/sheet.pdf}, sheet.docx, n/a, TBD., nowhere.pdf]",
            r#"[{"label":"Sheet","url":"https://github.com/agen/site/blob/HEAD/a/sheet.pdf"},{"label":"Page","url":"https://github.com/agen/site/blob/HEAD/cases/sheet.docx"}]"#,
        ),
    ] {
        let text = format!("---\ntitle: A case\nlinks: {links}\n---\nText.\n");
        let mut bench = Bench::with(MAPPING, &[("cases/a.md", &text), ("a/sheet.pdf", ""), ("cases/sheet.docx", "")]).await;
        bench.source.url = Some("https://github.com/agen/site".to_owned());
        let (plan, _) = bench.import().await;
        assert_eq!(bench.field("initiative/l-a", "links").await, expected, "{links}: {}", plan.report);
        let missing = plan.report.diagnostics.iter().find(|diagnostic| diagnostic.code == Code::MissingFile);
        let missing = missing.and_then(|diagnostic| diagnostic.value.as_deref());
        assert_eq!(missing, links.contains("nowhere").then_some("cases/nowhere.pdf"), "{links}: {}", plan.report);
    }
}

#[tokio::test]
async fn labels_and_addresses_are_those_of_the_same_item() {
    const LINKS: &str = "initiative/l-a links";
    const LIBRE: &str = "organisation/libre website";
    const OUVERT: &str = "organisation/ouvert website";
    for (rules, fields, expected) in [
        (
            r#"links = { field = "sets[].id", template = "https://a.org/{value}", label = "{sets[].label} ({title})" }"#,
            "sets: [{id: a, label: A}, {id: b}, {id: c, label: C}]",
            &[(
                LINKS,
                r#"[{"label":"A (A case)","url":"https://a.org/a"},{"url":"https://a.org/b"},{"label":"C (A case)","url":"https://a.org/c"}]"#,
            )][..],
        ),
        (
            r#"links = { field = "sets", label = "{sets[].set}" }"#,
            "sets: [{url: https://a.org/a, set: A}, {url: https://a.org/b, set: B}]",
            &[(LINKS, r#"[{"label":"A","url":"https://a.org/a"},{"label":"B","url":"https://a.org/b"}]"#)][..],
        ),
        (
            r#"links = { field = "sets[].page", label = "{names[]}" }"#,
            "sets: [{page: https://a.org/a}, {page: https://a.org/b}]\nnames: [N]",
            &[(LINKS, r#"[{"label":"N","url":"https://a.org/a"},{"label":"N","url":"https://a.org/b"}]"#)][..],
        ),
        (
            r#"organisations = { field = "partners[].who", website = "partners[].page" }"#,
            "partners: [{who: Ville d'Agen}, {who: Libre, page: https://libre.org}, {who: Ouvert, page: ouvert.org}]",
            &[(LIBRE, "https://libre.org"), (OUVERT, "https://ouvert.org"), ("organisation/ville-d-agen website", "")],
        ),
        (
            r#"organisations = { field = "partners[].who", split = ",", website = "partners[].page" }"#,
            "partners: [{who: 'Libre, Ouvert', page: https://libre.org}]",
            &[(LIBRE, ""), (OUVERT, "")],
        ),
        (
            r#"organisations = { field = "partners[]", website = "page" }"#,
            "partners: [Libre, Ouvert]\npage: https://libre.org",
            &[(LIBRE, ""), (OUVERT, "")],
        ),
    ] {
        let mapping = format!(
            "language = \"en\"\n[collections.cases]\nmakes = \"initiatives\"\nfiles = [\"*.md\"]\nkey = \"l-{{file_stem}}\"\n\
             [collections.cases.fields]\ntitle = \"title\"\n{rules}\n"
        );
        let text = format!("---\ntitle: A case\n{fields}\n---\nText.\n");
        let mut bench = Bench::with(&mapping, &[("a.md", &text)]).await;
        let (plan, _) = bench.import().await;
        for (field, expected) in expected {
            let (reference, field) = field.split_once(' ').expect("a record and a field");
            assert_eq!(bench.field(reference, field).await, *expected, "{rules}: {}", plan.report);
        }
    }
}

#[tokio::test]
async fn a_contact_is_a_page_or_the_mailbox_of_a_role() {
    const MAPPING: &str = r#"
        language = "en"
        role_mailboxes = ["contact@*", "*@lab.agen.fr"]
        [collections.cases]
        makes = "initiatives"
        files = ["*.md"]
        key = "l-{file_stem}"
        fields = { title = "title", contact = ["contact[]", "page"] }
    "#;
    for (fields, expected, left_out) in [
        ("contact: contact@agen.fr", r#"{"email":"contact@agen.fr"}"#, 0),
        ("contact: mailto:Contact@agen.fr", r#"{"email":"Contact@agen.fr"}"#, 0),
        ("contact: wifi.team@lab.agen.fr", r#"{"email":"wifi.team@lab.agen.fr"}"#, 0),
        ("contact: [anne.dupont@agen.fr, contact@agen.fr]", r#"{"email":"contact@agen.fr"}"#, 1),
        ("contact: anne.dupont@agen.fr\npage: www.agen.fr/wifi", r#"{"url":"https://www.agen.fr/wifi"}"#, 1),
        ("contact: Anne Dupont <contact@agen.fr>", r#"{"email":"contact@agen.fr"}"#, 0),
        ("contact: Anne Dupont", "", 0),
        ("contact: 'Anne <anne@agen.fr>'", "", 1),
        ("contact: https://anne@agen.fr", "", 1),
        ("page: https://wa.me/32475123456", "", 1),
        ("contact: 06 12 34 56 78", "", 1),
        ("contact: ''", "", 0),
    ] {
        let text = format!("---\ntitle: A case\n{fields}\n---\nText.\n");
        let mut bench = Bench::with(MAPPING, &[("a.md", &text)]).await;
        let (plan, _) = bench.import().await;
        assert_eq!(bench.field("initiative/l-a", "contact").await, expected, "{fields}: {}", plan.report);
        let removed = plan.report.diagnostics.iter().find(|diagnostic| diagnostic.code == Code::PersonalDataRemoved);
        assert_eq!(removed.map(left_out_of).unwrap_or_default(), left_out, "{fields}: {}", plan.report);
        assert!(!format!("{}", plan.report).contains("anne"), "{fields}: {}", plan.report);
    }
}

/// How many addresses and numbers were left out.
fn left_out_of(diagnostic: &Diagnostic) -> usize {
    let counts = [&diagnostic.value, &diagnostic.detail].into_iter().flatten();
    counts.filter_map(|count| count.parse::<usize>().ok()).sum()
}

#[tokio::test]
async fn what_stands_in_the_place_of_an_address_and_names_somebody_is_counted() {
    const MAPPING: &str = r#"
        language = "en"
        [collections.bodies]
        makes = "organisations"
        files = ["bodies/*.md"]
        key = "l-{file_stem}"
        fields = { name = "title", website = "site" }
        [collections.cases]
        makes = "initiatives"
        files = ["*.md"]
        key = "l-{file_stem}"
        [collections.cases.fields]
        title = "title"
        aliases = "former[]"
        links = "link"
        organisations = [{ field = "by", website = "site" }, { field = "others[]" }]
    "#;
    for (fields, left_out) in [
        ("former: [/b.html]\nsite: www.agen.fr", 0),
        ("former: ['tel:+33612345678', 06 12 34 56 78, 'https://wa.me/33612345678']", 3),
        ("site: 06 12 34 56 78", 2),
        ("site: 'mailto:jean.dupont@agen.fr'", 2),
        ("others: [{name: Libre Agen, url: 'tel:0612345678'}]", 1),
        ("link: 06 12 34 56 78", 1),
    ] {
        let text = format!("---\ntitle: A case\nby: Libre\n{fields}\n---\nText.\n");
        let mut bench = Bench::with(MAPPING, &[("a.md", &text), ("bodies/a.md", &text)]).await;
        let (plan, _) = bench.import().await;
        let told = plan.report.diagnostics.iter().filter(|diagnostic| diagnostic.code == Code::PersonalDataRemoved);
        assert_eq!(told.map(left_out_of).sum::<usize>(), left_out, "{fields}: {}", plan.report);
        for part in ["612", "06 12", "dupont"] {
            assert!(!format!("{}", plan.report).contains(part), "{fields}: {}", plan.report);
        }
        for (record, field) in [("initiative/l-a", "aliases"), ("organisation/libre", "website"), ("organisation/l-a", "website")]
        {
            let kept = bench.field(record, field).await;
            assert!(!kept.contains("612") && !kept.contains("06-12"), "{fields}: {kept}");
        }
    }
}

#[tokio::test]
async fn a_picture_stands_in_a_field_or_in_the_text() {
    const MAPPING: &str = r#"
        language = "en"
        nothing = ["N/A"]
        [collections.cases]
        makes = "initiatives"
        files = ["cases/*.md"]
        key = "l-{file_stem}"
        fields = { title = "title", picture = ["image.src", "image"], picture_text = "image.alt" }
    "#;
    const RAW: &str = "https://raw.githubusercontent.com/agen/cases/HEAD";
    for (fields, expected) in [
        ("image: /assets/a.jpg", format!(r#"{{"url":"{RAW}/assets/a.jpg"}}"#)),
        ("image: a.jpg", format!(r#"{{"url":"{RAW}/cases/a.jpg"}}"#)),
        ("image: img/a.jpg", format!(r#"{{"url":"{RAW}/cases/img/a.jpg"}}"#)),
        ("image: {src: ../a.jpg, alt: A library}", format!(r#"{{"alternative_text":"A library","url":"{RAW}/a.jpg"}}"#)),
        ("image: https://a.org/a.jpg", r#"{"url":"https://a.org/a.jpg"}"#.to_owned()),
        // Where that leads nowhere, the first of the text.
        ("image: anne@agen.fr", r#"{"alternative_text":"In the text","url":"https://a.org/b.jpg"}"#.to_owned()),
        ("image: img/anne@agen.fr.jpg", r#"{"alternative_text":"In the text","url":"https://a.org/b.jpg"}"#.to_owned()),
        ("image: img/a@2x.jpg", format!(r#"{{"url":"{RAW}/cases/img/a@2x.jpg"}}"#)),
        ("image: ../../a.jpg", r#"{"alternative_text":"In the text","url":"https://a.org/b.jpg"}"#.to_owned()),
        ("image: ''", r#"{"alternative_text":"In the text","url":"https://a.org/b.jpg"}"#.to_owned()),
    ] {
        let text = format!("---\ntitle: A case\n{fields}\n---\nText.\n\n![In the text](https://a.org/b.jpg)\n");
        let mut bench = Bench::with(MAPPING, &[("cases/a.md", &text)]).await;
        bench.source.url = Some("https://github.com/agen/cases.git".to_owned());
        let (plan, _) = bench.import().await;
        assert_eq!(bench.field("case-study/l-a/en", "picture").await, expected, "{fields}: {}", plan.report);
    }
}

#[tokio::test]
async fn summaries_are_words_alone() {
    const MAPPING: &str = r#"
        language = "en"
        [collections.cases]
        makes = "initiatives"
        files = ["*.md"]
        key = "l-{file_stem}"
        fields = { title = "title", summary = ["summary", "{first_paragraph}"] }
    "#;
    const PICTURE: &str = "![](/uploads/eu_flag-2015 copie.jpg)";
    const FRAME: &str = "<iframe src=\"https://a.org/map\" width=\"600\"></iframe>";
    const WORDS: &str = "A kiosk lends books at the station.";
    for (field, body) in [
        (String::new(), format!("{PICTURE}\n\n{WORDS}")),
        (String::new(), format!("{PICTURE} {WORDS}")),
        (String::new(), format!("{FRAME}\n\n![image-left]()\n\n{WORDS}")),
        (format!("summary: '{PICTURE} {WORDS}'\n"), "Text.".to_owned()),
        (format!("summary: '{FRAME} {WORDS}'\n"), "Text.".to_owned()),
        (format!("summary: '![image-left]() {WORDS}'\n"), "Text.".to_owned()),
    ] {
        let text = format!("---\ntitle: A case\n{field}---\n{body}\n");
        let mut bench = Bench::with(MAPPING, &[("a.md", &text)]).await;
        bench.import().await;
        assert_eq!(bench.field("initiative/l-a", "summary").await, WORDS, "{text}");
    }
}

#[tokio::test]
async fn a_field_that_no_file_has_is_told() {
    const MAPPING: &str = r#"
        language = "en"
        [collections.cases]
        makes = "initiatives"
        files = ["*.md"]
        key = "l-{file_stem}"
        places = [{ name = "Heerenveen" }, { name = "town" }, { name = "office", country = "FR" }]
        fields = { title = ["title", "titel"], links = { field = "link", label = "{name} of {heading}" } }
    "#;
    let mut bench = Bench::with(
        MAPPING,
        &[
            ("a.md", "---\ntitle: A\nname: N\ntown: Nowhere\noffice: Agen\n---\nText.\n"),
            ("b.md", "---\ntitel: B\nlink: https://b.org\n---\nText.\n"),
        ],
    )
    .await;
    let (plan, _) = bench.import().await;
    let absent = plan.report.diagnostics.iter().filter(|diagnostic| diagnostic.code == Code::AbsentField);
    let absent: Vec<_> = absent.map(|diagnostic| (diagnostic.value.as_deref(), diagnostic.detail.as_deref())).collect();
    assert_eq!(absent, [(Some("Heerenveen"), Some("cases"))], "{}", plan.report);
    // What the one field does not tell and the next one does, nobody need look at.
    assert!(!plan.report.diagnostics.iter().any(|diagnostic| diagnostic.code == Code::UnknownPlace), "{}", plan.report);
}

#[tokio::test]
async fn a_country_beside_a_name_that_is_not_there_comes_after_the_names_of_other_rules() {
    const MAPPING: &str = r#"
        language = "en"
        [collections.cases]
        makes = "initiatives"
        files = ["*.md"]
        key = "l-{file_stem}"
        places = [{ name = "office", pattern = "City of (.+)", country = "land" }, { name = "office", pattern = "^(.+) commune$", country = "land" }]
        fields = { title = "title" }
    "#;
    for (office, expected) in [
        ("Agen commune", r#"[{"original_name":"Agen","target":{"town":"insee:47001"}}]"#),
        ("The office", r#"[{"original_name":"France","target":{"area":"country:FR"}}]"#),
    ] {
        let text = format!("---\ntitle: A\noffice: {office}\nland: France\n---\nText.\n");
        let mut bench = Bench::with(MAPPING, &[("a.md", &text)]).await;
        let (plan, _) = bench.import().await;
        assert_eq!(bench.field("initiative/l-a", "places").await, expected, "{office}: {}", plan.report);
    }
}

#[tokio::test]
async fn what_tells_the_start_is_an_end_if_it_is_a_period() {
    let mapping = "language = \"fr\"\n[collections.cases]\nmakes = \"initiatives\"\nfiles = [\"*.md\"]\nkey = \"l-{file_stem}\"\n\
                   fields = { title = \"title\", start = \"year\", end = \"year\" }\n";
    for (year, start, end) in [("2023", "2023", ""), ("2021-2023", "2021", "2023"), ("depuis 2017", "2017", "")] {
        let mut bench = Bench::with(mapping, &[("a.md", &format!("---\ntitle: A\nyear: {year}\n---\nTexte.\n"))]).await;
        bench.import().await;
        let told = [bench.field("initiative/l-a", "start").await, bench.field("initiative/l-a", "end").await];
        assert_eq!(told, [start, end], "{year}");
    }
}

#[tokio::test]
async fn one_town_may_stand_for_all_files_that_say_none() {
    let mapping = "language = \"de\"\n[collections.cases]\nmakes = \"initiatives\"\nfiles = [\"*.md\"]\nkey = \"l-{file_stem}\"\n\
                   places = [{ name = \"town\", value = \"Flensburg\", country = \"DE\" }]\nfields = { title = \"title\" }\n";
    let files = [("a.md", "---\ntitle: A\ntown: Nirgendwo\n---\nText.\n"), ("b.md", "---\ntitle: B\n---\nText.\n")];
    let mut bench = Bench::with(mapping, &files).await;
    let (plan, _) = bench.import().await;
    for (key, town) in [("a", "country:DE"), ("b", "geonames:2926271")] {
        let places = bench.field(&format!("initiative/l-{key}"), "places").await;
        assert!(places.contains(town), "{key}: {places} {}", plan.report);
    }
}

#[tokio::test]
async fn a_town_beside_one_that_is_unknown_needs_no_other_rule() {
    const MAPPING: &str = r#"
        language = "de"
        [collections.cases]
        makes = "initiatives"
        files = ["*.md"]
        key = "l-{file_stem}"
        places = [{ name = "cities[]", country = "DE" }, { name = "office", country = "FR" }]
        fields = { title = "title" }
    "#;
    for (cities, expected) in [
        (
            "[Flensburg, Nirgendwo]",
            r#"[{"original_name":"Flensburg","target":{"town":"geonames:2926271"}},{"original_name":"Nirgendwo","target":{"area":"country:DE"}}]"#,
        ),
        ("[Nirgendwo]", r#"[{"original_name":"Agen","target":{"town":"insee:47001"}}]"#),
    ] {
        let text = format!("---\ntitle: A\ncities: {cities}\noffice: Agen\n---\nText.\n");
        let mut bench = Bench::with(MAPPING, &[("a.md", &text)]).await;
        let (plan, _) = bench.import().await;
        assert_eq!(bench.field("initiative/l-a", "places").await, expected, "{cities}: {}", plan.report);
    }
}

#[tokio::test]
async fn a_language_tells_no_country_where_most_names_are_unknown_there() {
    const MAPPING: &str = "language = \"fr\"\n[collections.cases]\nmakes = \"initiatives\"\nfiles = [\"*.md\"]\nkey = \"l-{file_stem}\"\n\
                           places = [{ name = \"ville\" }]\nfields = { title = \"title\" }\n";
    for (towns, is_in_france) in [
        (&["Agen", "Gatineau", "Sherbrooke", "Saguenay", "Rimouski"][..], false),
        (&["Agen", "Mairie d'Agen", "Ville de Roubaix", "Le Hangar, Roubaix", "Sherbrooke"], true),
        (&["Agen", "Gatineau", "Sherbrooke"], true),
    ] {
        let files: Vec<(String, String)> = towns
            .iter()
            .enumerate()
            .map(|(number, town)| (format!("{number}.md"), format!("---\ntitle: A {number}\nville: {town}\n---\nTexte.\n")))
            .collect();
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let mut bench = Bench::with(MAPPING, &files).await;
        let (plan, _) = bench.import().await;
        let places = bench.field("initiative/l-0", "places").await;
        assert_eq!(places.contains("insee:47001"), is_in_france, "{towns:?}: {places} {}", plan.report);
    }
}

#[tokio::test]
async fn what_stands_beside_the_name_of_a_place_is_had_as_fields_are() {
    for (places, fields, expected) in [
        // The same for all files: it tells which town is meant, and says nothing alone.
        (r#"{ name = "town", department = { value = "47" } }"#, "town: Agen", "insee:47001"),
        (r#"{ name = "town", department = { value = "59" } }"#, "town: Agen", ""),
        (r#"{ name = "town", country = { value = "Germany" } }"#, "town: Flensburg", "geonames:2926271"),
        (r#"{ name = "town", department = { value = "47" } }"#, "town: ''", ""),
        (r#"{ name = "town", country = { value = "FR" } }"#, "town: ''", ""),
        // Cut out of a text.
        (
            r#"{ name = "town", department = { field = "dep", pattern = '\((\d+)\)' } }"#,
            "town: Agen\ndep: Lot (47)",
            "insee:47001",
        ),
        (r#"{ department = { field = "dep", remove = '^Dép\. ' } }"#, "dep: Dép. Lot-et-Garonne", "department:47"),
        (r#"{ code = { field = "insee", template = "insee:{value}" } }"#, "insee: '47001'", "insee:47001"),
        (r#"{ country = { field = "land", nothing = ["Weltweit"] } }"#, "land: Weltweit", ""),
        // Of several the first that says something.
        (r#"{ name = "town", department = ["dep", { value = "47" }] }"#, "town: Agen\ndep: ''", "insee:47001"),
        (r#"{ name = "town", country = ["land", "FR"] }"#, "town: Flensburg\nland: Germany", "geonames:2926271"),
    ] {
        let mapping = format!(
            "language = \"en\"\n[collections.cases]\nmakes = \"initiatives\"\nfiles = [\"*.md\"]\nkey = \"l-{{file_stem}}\"\n\
             places = [{places}]\nfields = {{ title = \"title\" }}\n"
        );
        let text = format!("---\ntitle: A case\n{fields}\n---\nText.\n");
        let mut bench = Bench::with(&mapping, &[("a.md", &text)]).await;
        let (plan, _) = bench.import().await;
        let found = bench.field("initiative/l-a", "places").await;
        let is_found = if expected.is_empty() { found.is_empty() } else { found.contains(&format!("\"{expected}\"")) };
        assert!(is_found, "{places}: {found}, not {expected}: {}", plan.report);
    }
}

#[tokio::test]
async fn an_organisation_without_a_file_is_kept_by_its_name() {
    const MAPPING: &str = r#"
        language = "fr"
        [collections.bodies]
        makes = "organisations"
        files = ["bodies/*.md"]
        key = "b-{file_stem}"
        fields = { name = "name" }
        [collections.cases]
        makes = "initiatives"
        files = ["*.md"]
        key = "l-{file_stem}"
        fields = { title = "title", organisations = { field = "bodies[]", in = "bodies" } }
    "#;
    for (bodies, organisation, told) in [
        ("ville-agen", Some("b-ville-agen"), None),
        ("Ville d'Agen", Some("b-ville-agen"), None),
        ("Les Amis du Libre", Some("les-amis-du-libre"), Some((Code::OrganisationByName, "Les Amis du Libre"))),
        ("les-amis-du-libre", None, Some((Code::UnknownOrganisation, ""))),
        ("/bodies/inconnue", None, Some((Code::UnknownOrganisation, ""))),
    ] {
        let text = format!("---\ntitle: A\nbodies: [\"{bodies}\"]\n---\nTexte.\n");
        let files = [("a.md", text.as_str()), ("bodies/ville-agen.md", "---\nname: Ville d'Agen\n---\n")];
        let mut bench = Bench::with(MAPPING, &files).await;
        let (plan, _) = bench.import().await;
        let involved = bench.field("initiative/l-a", "involvements").await;
        let is_found = organisation.map_or(involved.is_empty(), |organisation| involved.contains(&format!("\"{organisation}\"")));
        assert!(is_found, "{bodies}: {involved}, not {organisation:?}: {}", plan.report);
        let codes = [Code::OrganisationByName, Code::UnknownOrganisation];
        let found = plan.report.diagnostics.iter().find(|diagnostic| codes.contains(&diagnostic.code));
        let found = found.map(|diagnostic| (diagnostic.code, diagnostic.detail.as_deref().unwrap_or_default()));
        assert_eq!(found, told, "{bodies}: {}", plan.report);
    }
}

#[tokio::test]
async fn an_organisation_is_found_by_other_names_that_it_alone_has() {
    const MAPPING: &str = r#"
        language = "fr"
        [collections.bodies]
        makes = "organisations"
        files = ["bodies/*.md"]
        key = "b-{file_stem}"
        fields = { name = "name", other_names = "acronym[]", aliases = "former[]" }
        [collections.cases]
        makes = "initiatives"
        files = ["*.md"]
        key = "l-{file_stem}"
        fields = { title = "title", organisations = [{ field = "bodies[]", in = "bodies" }, { field = "by" }] }
    "#;
    for (fields, organisation) in [
        ("bodies: [DG]", "b-dg"),
        ("bodies: [ancienne-direction]", "b-dg"),
        // A name goes before an acronym; of two that have it nobody knows which is meant.
        ("bodies: [Amis]", "b-amis"),
        ("bodies: [LIBRE]", "libre"),
        ("by: Dir. gén.", "b-dg"),
        ("by: Libre", "libre"),
        ("by: DG", "dg"),
    ] {
        let text = format!("---\ntitle: A\n{fields}\n---\nTexte.\n");
        let files = [
            ("a.md", text.as_str()),
            (
                "bodies/dg.md",
                "---\nname: Direction générale\nacronym: [DG, Dir. gén., Amis]\nformer: [/bodies/ancienne-direction]\n---\n",
            ),
            ("bodies/amis.md", "---\nname: Amis\nacronym: [Libre]\n---\n"),
            ("bodies/autre.md", "---\nname: Autre\nacronym: [Libre]\n---\n"),
        ];
        let mut bench = Bench::with(MAPPING, &files).await;
        let (plan, _) = bench.import().await;
        let involved = bench.field("initiative/l-a", "involvements").await;
        let is_found = involved.contains(&format!("\"{organisation}\""));
        assert!(is_found, "{fields}: {involved}, not {organisation}: {}", plan.report);
    }
}

#[tokio::test]
async fn costs_may_be_maps_and_told_by_year() {
    const MAPPING: &str = r#"
        language = "en"
        [collections.cases]
        makes = "initiatives"
        files = ["*.md"]
        key = "l-{file_stem}"
        fields = { title = "title", costs = { field = "budget", label = "all", basis = "actual" } }
    "#;
    let cost =
        |amount: u32, year: &str| format!(r#"{{"amount":{amount}.0,"basis":"actual","currency":"EUR","kind":"all"{year}}}"#);
    for (budget, expected, hint) in [
        ("1000 €", vec![cost(1000, "")], ""),
        ("{amount: 1000, currency: EUR}", vec![cost(1000, "")], ""),
        ("{montant: '1 000 €', année: 2021}", vec![cost(1000, ",\"year\":2021")], ""),
        ("{2021: 1000 €, 2022: 2000 €}", vec![cost(1000, ",\"year\":2021"), cost(2000, ",\"year\":2022")], ""),
        ("{2021: 1000, 2022: 2000, currency: EUR}", vec![cost(1000, ",\"year\":2021"), cost(2000, ",\"year\":2022")], ""),
        ("{2021: 1000, 2022: 2000}", vec![], "one sum with its currency"),
        ("{amount: 1000}", vec![], "one sum with its currency"),
        ("{amount: 1000, currency: $}", vec![], "sign is that of several"),
        ("{staff: 1000 €, 2022: 2000 €}", vec![], "one sum with its currency"),
        ("$ 300", vec![], "sign is that of several"),
        ("to be told", vec![], ""),
    ] {
        let text = format!("---\ntitle: A\nbudget: {budget}\n---\nText.\n");
        let mut bench = Bench::with(MAPPING, &[("a.md", &text)]).await;
        let (plan, _) = bench.import().await;
        let costs = bench.field("initiative/l-a", "costs").await;
        let expected = if expected.is_empty() { String::new() } else { format!("[{}]", expected.join(",")) };
        assert_eq!(costs, expected, "{budget}: {}", plan.report);
        let told = plan.report.diagnostics.iter().find(|diagnostic| diagnostic.code == Code::InvalidValue);
        let said = told.and_then(|told| told.expected.as_deref()).unwrap_or_default();
        assert!(said.contains(hint) && said.is_empty() == hint.is_empty(), "{budget}: {said}");
    }
}

#[tokio::test]
async fn fields_may_stand_under_headings() {
    const BODY: &str = "# Un kiosque\n\nUn texte.\n\n## Lieu\n\nAgen\n\n## Partenaires\n\n- [Libre](https://libre.org), porteur\n\
                        - Les Amis\n\n## Thèmes\n\nwifi, Bois\n\n## État : en cours\n\n## Coût : 12 000 €\n\nSans la pose.\n\n## Liens\n\nLa [carte](https://a.fr/carte).\n\n\
                        - https://a.fr/code\n\n## Besoin\n\nDes **livres**.\n\n---\n\nLicence : [CC BY-SA 4.0](https://creativecommons.org/licenses/by-sa/4.0/)\n";
    for (rules, reference, field, expected) in [
        (r#"title = "{heading}""#, "initiative/l-a", "places", r#"[{"original_name":"Agen","target":{"town":"insee:47001"}}]"#),
        (
            r#"organisations = "{under.Partenaires}""#,
            "initiative/l-a",
            "involvements",
            r#"[{"organisation":"libre","role":"partner"},{"organisation":"les-amis","role":"partner"}]"#,
        ),
        (r#"organisations = "{under.Partenaires}""#, "organisation/libre", "website", "https://libre.org"),
        (
            r#"organisations = { field = "{under.Partenaires}", remove = ",.*" }"#,
            "initiative/l-a",
            "involvements",
            r#"[{"organisation":"libre","role":"partner"},{"organisation":"les-amis","role":"partner"}]"#,
        ),
        (
            r#"costs = { field = "{under.Coût}", label = "matériel", basis = "actual" }"#,
            "initiative/l-a",
            "costs",
            r#"[{"amount":12000.0,"basis":"actual","currency":"EUR","kind":"matériel"}]"#,
        ),
        (r#"tags = { field = "{under.thèmes}", split = "," }"#, "initiative/l-a", "tags", r#"["wifi","Bois"]"#),
        (r#"status = "{under.État}""#, "initiative/l-a", "status", "running"),
        (
            r#"links = "{under.Liens}""#,
            "initiative/l-a",
            "links",
            r#"[{"label":"carte","url":"https://a.fr/carte"},{"url":"https://a.fr/code"}]"#,
        ),
        (r#"summary = "À {under.Lieu} : {under.État}""#, "initiative/l-a", "summary", "À Agen : en cours"),
        (
            r#"license = { field = "{body}", pattern = '(?mi)^licen[cs]e\s*:\s*(.+)$' }"#,
            "initiative/l-a",
            "licence",
            "CC-BY-SA-4.0",
        ),
        (
            r#"license = { field = "{body}", pattern = 'creativecommons\.org/[\w./-]+' }"#,
            "initiative/l-a",
            "licence",
            "CC-BY-SA-4.0",
        ),
    ] {
        let mapping = format!(
            "language = \"fr\"\n[collections.cases]\nmakes = \"initiatives\"\nfiles = [\"*.md\"]\nkey = \"l-{{file_stem}}\"\n\
             places = [{{ name = \"{{under.Lieu}}\" }}]\n[collections.cases.fields]\n{rules}\n\
             [collections.cases.values.status]\n\"en cours\" = \"running\"\n"
        );
        let mut bench = Bench::with(&mapping, &[("a.md", BODY)]).await;
        let (plan, _) = bench.import().await;
        assert_eq!(bench.field(reference, field).await, expected, "{rules}: {}", plan.report);
    }
}
