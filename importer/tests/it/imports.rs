//! What imports do to the graph, run after run.

use maillage_graph_schema::model::{Record, RecordKind};
use maillage_importer::diagnostic::{Code, ReportLanguage};
use maillage_importer::{ImportError, SourceConfig};

use crate::fixtures::{Bench, codes, counts, file};

const WIFI: &str = "towns:\n  - {code: '47001', name: Agen}\ntopics: [wifi-public]\nstatus: running\nstart: 2018-07\n";

#[tokio::test]
async fn a_translation_that_says_nothing_hides_no_original() {
    let mut bench = Bench::new().await;
    bench.write("wifi.md", file("agen-wifi", "Le Wi-Fi", WIFI, "Un texte."));
    bench.write("fab.md", file("agen-fab", "Le fab lab", WIFI, ""));
    for (name, original, summary) in
        [("wifi.en.md", "agen-wifi", ""), ("wifi.de.md", "agen-wifi", "summary: Ein Satz.\n"), ("fab.en.md", "agen-fab", "")]
    {
        let language = &name[name.len() - 5..name.len() - 3];
        bench.write(name, format!("---\ntranslation_of: {original}\nlang: {language}\ntitle: A title\n{summary}---\n"));
    }
    let (plan, _) = bench.import().await;
    assert_eq!(codes(&plan), [(Code::EmptyTranslation, "en".to_owned())], "{}", plan.report);
    let titles = ["agen-wifi/en", "agen-wifi/de", "agen-fab/en"].map(|key| format!("case-study/{key}"));
    let found = bench.store.records(&titles.each_ref().map(|key| key.parse().expect("a reference"))).await.expect("an answer");
    assert_eq!(found.iter().map(Option::is_some).collect::<Vec<_>>(), [false, true, true]);
}

#[tokio::test]
async fn a_second_run_changes_nothing() {
    let mut bench = Bench::new().await;
    bench.write("wifi.md", file("agen-wifi", "Le Wi-Fi", WIFI, "## Problème\n\nA\n\n## Solution\n\nB"));
    bench.write("wifi.en.md", "---\ntranslation_of: agen-wifi\nlang: en\ntitle: Wi-Fi\n---\n## Problem\n\nA\n");
    bench.write("README.md", "About this folder.");
    let (plan, applied) = bench.import().await;
    assert_eq!((counts(&plan), codes(&plan)), ([3, 0, 0, 0], vec![]), "{}", plan.report);
    // The source itself counts as a change of the graph.
    assert_eq!((applied.changed, plan.report.files, plan.report.read), (4, 3, 2));
    let revision = applied.revision;

    assert_eq!(bench.field("initiative/agen-wifi", "start").await, "2018-07");
    assert_eq!(bench.field("initiative/agen-wifi", "licence").await, "etalab-2.0");
    assert_eq!(bench.field("initiative/agen-wifi", "topics").await, "[\"wifi-public\"]");
    assert_eq!(
        bench.field("initiative/agen-wifi", "places").await,
        "[{\"original_name\":\"Agen\",\"target\":{\"town\":\"insee:47001\"}}]"
    );
    assert_eq!(bench.field("case-study/agen-wifi/en", "translation_of").await, "fr");
    assert_eq!(
        bench.field("case-study/agen-wifi/fr", "sections").await,
        "[{\"heading\":\"Problème\",\"kind\":\"problem\",\"markdown\":\"A\"},{\"heading\":\"Solution\",\"kind\":\"solution\",\"markdown\":\"B\"}]"
    );

    let (plan, applied) = bench.import().await;
    assert_eq!(counts(&plan), [0, 0, 3, 0]);
    assert!(plan.change_sets.is_empty());
    assert_eq!((applied.changed, applied.revision), (0, revision));
}

#[tokio::test]
async fn the_example_of_the_manual_is_understood() {
    for page in ["case-study.md", "etude-de-cas.md"] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(page);
        let text = std::fs::read_to_string(path).expect("a page");
        let example = text.split("```").find_map(|block| block.strip_prefix("markdown\n")).expect("an example");
        let mut bench = Bench::new().await;
        bench.write("a.md", example);
        let (plan, _) = bench.import().await;
        let codes: Vec<&str> = plan.report.diagnostics.iter().map(|diagnostic| diagnostic.code.as_str()).collect();
        // Its own word is kept as it is; how its town was found is told.
        assert_eq!(codes, ["unmapped-tag", "place-found"], "{page}: {}", plan.report);
        assert_eq!(plan.report.read, 1, "{page}");
        assert!(bench.find("initiative/agen-wifi-place").await.is_some(), "{page}");
    }
}

#[tokio::test]
async fn towns_may_be_said_in_a_word() {
    let mut bench = Bench::new().await;
    let agen = "{\"target\":{\"town\":\"insee:47001\"}}";
    let named = |name: &str, town: &str| format!("{{\"original_name\":\"{name}\",\"target\":{{\"town\":\"insee:{town}\"}}}}");
    for (written, places, told) in [
        ("[47001]", vec![agen.to_owned()], None),
        ("47001", vec![agen.to_owned()], None),
        ("['insee:47001']", vec![agen.to_owned()], None),
        ("Agen", vec![named("Agen", "47001")], Some("place-found")),
        ("Ville d'Agen", vec![named("Ville d'Agen", "47001")], Some("place-found")),
        ("[Agen (47)]", vec![named("Agen (47)", "47001")], Some("place-found")),
        (
            "[Agen, {code: '01015', name: Arboys en Bugey}]",
            vec![named("Agen", "47001"), named("Arboys en Bugey", "01015")],
            Some("place-found"),
        ),
        ("[Œuilly]", vec![], Some("uncertain-place")),
        ("[Nulle-Part]", vec![], Some("unknown-place")),
        ("['99999']", vec![], Some("unknown-town")),
        ("['é9999']", vec![], Some("unknown-place")),
        ("[[Agen]]", vec![], Some("wrong-type")),
    ] {
        bench.write("a.md", file("a", "Titre", &format!("towns: {written}\n"), "Texte."));
        let (plan, _) = bench.import().await;
        let codes: Vec<&str> = plan.report.diagnostics.iter().map(|diagnostic| diagnostic.code.as_str()).collect();
        assert_eq!(codes, Vec::from_iter(told), "{written}: {}", plan.report);
        let expected = if places.is_empty() { String::new() } else { format!("[{}]", places.join(",")) };
        assert_eq!(bench.field("initiative/a", "places").await, expected, "{written}");
    }
}

#[tokio::test]
async fn changes_and_removals_follow_the_files() {
    let mut bench = Bench::new().await;
    for name in ["a", "b", "c", "d"] {
        bench.write(&format!("{name}.md"), file(name, "Titre", "", "Texte."));
    }
    bench.import().await;
    bench.write("a.md", file("a", "Autre titre", "", "Texte."));
    bench.remove("b.md");
    bench.write("e.md", file("e", "Titre", "", "Texte."));
    let (plan, _) = bench.import().await;
    assert_eq!(counts(&plan), [2, 2, 4, 2], "{}", plan.report);
    assert_eq!(codes(&plan), [(Code::FileGone, "b".to_owned())]);
    assert_eq!(bench.field("initiative/a", "title").await, "Autre titre");
    for reference in ["initiative/b", "case-study/b/fr"] {
        let gone = bench.find(reference).await.expect("a tombstone");
        assert!(gone.withdrawn.is_some(), "{reference}");
    }
    // It comes back with its file.
    bench.write("b.md", file("b", "Titre", "", "Texte."));
    let (plan, _) = bench.import().await;
    assert_eq!(counts(&plan), [2, 0, 8, 0]);
    assert!(bench.find("initiative/b").await.expect("it").withdrawn.is_none());
}

#[tokio::test]
async fn the_same_files_in_turn_are_changes_each_time() {
    let mut bench = Bench::new().await;
    for title in ["Un", "Deux", "Un", "Deux"] {
        bench.write("a.md", file("a", title, "", ""));
        bench.import().await;
        assert_eq!(bench.field("initiative/a", "title").await, title);
    }
}

#[tokio::test]
async fn an_invalid_file_keeps_its_last_valid_version() {
    let mut bench = Bench::new().await;
    let organisations = "organisations:\n  - {name: Urban Prod, role: operator}\n";
    bench.write("a.md", file("a", "Titre", organisations, "Texte."));
    bench.write("b.md", file("b", "Titre", "", "Texte."));
    bench.import().await;
    bench.write("a.md", "---\nid: a\ntitle: [unclosed\n---\n");
    let (plan, applied) = bench.import().await;
    assert_eq!((applied.changed, plan.report.invalid), (0, 1), "{}", plan.report);
    let told = codes(&plan);
    assert_eq!(told.iter().map(|(code, _)| *code).collect::<Vec<_>>(), [Code::KeptLastValid, Code::InvalidFrontMatter]);
    assert_eq!(told[0].1, "a");
    assert!(bench.find("organisation/urban-prod").await.expect("it").withdrawn.is_none());
}

#[tokio::test]
async fn many_removals_at_once_are_held() {
    let mut bench = Bench::new().await;
    for number in 0..10 {
        bench.write(&format!("{number}.md"), file(&format!("n{number}"), "Titre", "", ""));
    }
    bench.import().await;
    for number in 0..4 {
        bench.remove(&format!("{number}.md"));
    }
    let error = bench.fails().await;
    assert!(matches!(error, ImportError::Held { withdrawn: 8, held: 20, percent: 30, .. }), "{error}");
    assert!(error.hint().is_some_and(|hint| hint.contains("--yes")));
    assert!(bench.find("initiative/n0").await.expect("it").withdrawn.is_none());
    bench.confirm = true;
    let (plan, _) = bench.import().await;
    assert_eq!(counts(&plan), [0, 0, 12, 8]);
    assert!(bench.find("initiative/n0").await.expect("it").withdrawn.is_some());
}

#[tokio::test]
async fn a_changed_id_leads_to_the_record() {
    let mut bench = Bench::new().await;
    for name in ["a", "b", "c", "d"] {
        bench.write(&format!("{name}.md"), file(name, "Titre", "", "Texte."));
    }
    bench.import().await;
    // One file with another id, and one renamed that says what it was.
    bench.write("a.md", file("a-nouveau", "Titre", "", "Texte."));
    bench.remove("b.md");
    bench.write("z.md", file("z", "Titre", "aliases: [b, b-ancien]\n", "Texte."));
    let (plan, _) = bench.import().await;
    assert_eq!(counts(&plan), [4, 0, 4, 4], "{}", plan.report);
    for (former, present) in
        [("initiative/a", "initiative/a-nouveau"), ("initiative/b", "initiative/z"), ("case-study/b/fr", "case-study/z/fr")]
    {
        let withdrawn = bench.find(former).await.and_then(|stored| stored.withdrawn).expect("a tombstone");
        assert_eq!(withdrawn.merged_into.map(|into| into.to_string()).as_deref(), Some(present));
    }
    assert_eq!(bench.field("initiative/z", "aliases").await, "[\"b-ancien\"]");
    assert_eq!(bench.find("initiative/b-ancien").await.expect("by alias").record.reference().key(), "z");
    let (plan, applied) = bench.import().await;
    assert_eq!((counts(&plan), applied.changed, codes(&plan)), ([0, 0, 8, 0], 0, vec![]), "{}", plan.report);
}

#[tokio::test]
async fn ids_belong_to_whoever_had_them_first() {
    let mut bench = Bench::new().await;
    bench.write("a.md", file("a", "D'Agen", "aliases: [ancien]\n", ""));
    bench.import().await;
    let first = std::mem::replace(&mut bench.source.key, "lyon".parse().expect("a key"));
    bench.write("a.md", file("a", "De Lyon", "", ""));
    bench.write("b.md", file("b", "De Lyon", "inspired_by: [{id: ancien}]\n", ""));
    bench.write("c.md", file("ancien", "De Lyon", "", ""));
    bench.write("d.md", file("b", "Encore", "", ""));
    let (plan, _) = bench.import().await;
    assert_eq!(
        codes(&plan),
        [(Code::OwnedElsewhere, "a".to_owned()), (Code::FormerId, "ancien".to_owned()), (Code::RepeatedId, "b".to_owned()),],
        "{}",
        plan.report
    );
    assert_eq!(bench.field("initiative/a", "title").await, "D'Agen");
    assert_eq!(bench.field("initiative/b", "title").await, "De Lyon");
    assert_eq!(
        bench.field("initiative/b", "inspired_by").await,
        "[{\"declared_by\":\"adopter\",\"original\":{\"initiative\":\"a\"}}]"
    );
    // The first owner is not disturbed.
    bench.source.key = first;
    for path in ["b.md", "c.md", "d.md"] {
        bench.remove(path);
    }
    bench.write("a.md", file("a", "D'Agen", "aliases: [ancien]\n", ""));
    let (plan, applied) = bench.import().await;
    assert_eq!((counts(&plan), applied.changed), ([0, 0, 2, 0], 0), "{}", plan.report);
}

#[tokio::test]
async fn what_persons_decided_survives() {
    let mut bench = Bench::new().await;
    bench.write("a.md", file("a", "Titre", "summary: Résumé\ninspired_by: [{id: b, adapted: Tout}]\n", "Texte."));
    for name in ["b", "c", "d", "e"] {
        bench.write(&format!("{name}.md"), file(name, "Titre", "", ""));
    }
    bench.import().await;

    // A person withdraws one, corrects another's summary, and the other side confirms the adoption.
    bench.withdraw_by("moderation", "initiative/c").await;
    let Some(Record::Initiative(mut initiative)) = bench.find("initiative/a").await.map(|stored| stored.record) else {
        panic!("no initiative")
    };
    initiative.summary = Some("Résumé corrigé".parse().expect("a text"));
    initiative.inspired_by[0].confirmation = Some(maillage_graph_schema::model::Confirmation {
        by: "Mairie de Roubaix".parse().expect("a text"),
        on: "2026-11".parse().expect("a date"),
    });
    bench.put_record("correction", initiative.into()).await;

    let (plan, applied) = bench.import().await;
    assert_eq!(applied.changed, 0, "{}", plan.report);
    assert_eq!(
        codes(&plan),
        [(Code::CorrectedByPerson, "a".to_owned()), (Code::WithdrawnByPerson, "c".to_owned())],
        "{}",
        plan.report
    );

    // Other fields go on following the file.
    let inspired_by = "inspired_by: [{id: b, adapted: Presque tout}, {url: 'https://a.fr/x'}]\n";
    bench.write("a.md", file("a", "Nouveau titre", &format!("summary: Autre\n{inspired_by}"), "Texte."));
    bench.write("c.md", file("c", "Nouveau titre", "", ""));
    let (_, applied) = bench.import().await;
    assert_eq!(applied.changed, 2);
    assert_eq!(bench.field("initiative/a", "title").await, "Nouveau titre");
    assert_eq!(bench.field("initiative/a", "summary").await, "Résumé corrigé");
    let adoptions = bench.field("initiative/a", "inspired_by").await;
    assert!(
        adoptions.contains("Presque tout") && adoptions.contains("Mairie de Roubaix") && adoptions.contains("https://a.fr/x")
    );
    assert!(bench.find("initiative/c").await.expect("it").withdrawn.is_some());
}

#[tokio::test]
async fn organisations_are_found_before_they_are_made() {
    let mut bench = Bench::new().await;
    bench
        .put_by(
            "import of tables",
            r#"{"kind":"organisation","record":{"key":"adullact-association","name":"ADULLACT","other_names":["Association des développeurs"],"provenance":[{"source":"tables"}]}}"#,
        )
        .await;
    let organisations =
        "organisations:\n  - {name: Adullact, role: operator}\n  - {name: Mairie d'Agen, role: funder, url: 'https://agen.fr'}\n";
    bench.write("a.md", file("a", "Titre", organisations, ""));
    bench.write("b.md", file("b", "Titre", "organisations:\n  - {id: ville-agen, name: Mairie d'Agen, role: funder}\n", ""));
    let (plan, _) = bench.import().await;
    assert_eq!(plan.report.records[&RecordKind::Organisation].new, 1, "{}", plan.report);
    assert_eq!(
        bench.field("initiative/a", "involvements").await,
        "[{\"organisation\":\"adullact-association\",\"role\":\"operator\"},{\"organisation\":\"ville-agen\",\"role\":\"funder\"}]"
    );
    assert_eq!(bench.field("organisation/ville-agen", "website").await, "https://agen.fr");
    let (plan, applied) = bench.import().await;
    assert_eq!(applied.changed, 0, "{}", plan.report);
}

#[tokio::test]
async fn an_address_that_names_somebody_is_counted_and_never_told() {
    let mut bench = Bench::new().await;
    for (fields, links, mail_addresses, telephone_numbers) in [
        ("links: [https://agen.fr]", "[{\"url\":\"https://agen.fr\"}]", 0, 0),
        (
            "links: ['tel:+33553694700', {url: 'sms:+33612345678', label: Appeler}, https://agen.fr]",
            "[{\"url\":\"https://agen.fr\"}]",
            0,
            2,
        ),
        ("links: [{url: 'mailto:jean.dupont@agen.fr', label: Écrire}]", "", 1, 0),
        ("links: [{url: 'https://wa.me/33612345678', label: Appeler}]", "", 0, 1),
        ("contact: {name: Le kiosque, url: 'viber://chat?number=33612345678'}", "", 0, 1),
        ("organisations: [{name: Libre, url: 'https://api.whatsapp.com/send?phone=33612345678'}]", "", 0, 1),
    ] {
        bench.write("a.md", file("a", "Titre", &format!("{fields}\n"), "Texte."));
        let (plan, _) = bench.import().await;
        assert_eq!(bench.field("initiative/a", "links").await, links, "{fields}: {}", plan.report);
        let told = plan.report.diagnostics.iter().map(|diagnostic| {
            let counts = [&diagnostic.value, &diagnostic.detail].map(|count| count.as_deref().unwrap_or("0").to_owned());
            (diagnostic.code.as_str(), counts)
        });
        let counts = [mail_addresses, telephone_numbers].map(|count: usize| count.to_string());
        let expected = (mail_addresses + telephone_numbers > 0).then_some(("personal-data-removed", counts));
        assert_eq!(told.collect::<Vec<_>>(), expected.into_iter().collect::<Vec<_>>(), "{fields}: {}", plan.report);
    }
}

#[tokio::test]
async fn what_is_not_known_is_told_with_its_place_and_the_rest_is_imported() {
    let mut bench = Bench::new().await;
    let fields = "topics: [wifi-publik, Makerspaces]\ntags: [Wi-Fi, Bricolage]\nstatus: runing\nstart: 21/05/2018\ncolor: blue\ntitel: x\n\
                  audience: [staff, aliens]\nlicense: CC-BY\ntowns:\n  - {code: '47999', name: Agen}\n  - {code: '01340', name: Saint-Bois}\n  \
                  - {name: Œuilly}\nareas: [country:XX]\nlinks: [https://agen.fr, agen.fr]\ninspired_by: [{id: unknown}]\n\
                  contact: {email: jean.dupont@agen.fr}\nfigures:\n  - {metric: prix, value: '2,50', unit: EUR}\n  - {metric: rien}\n";
    bench.write("a.md", file("a", "Titre", fields, "Appelez le 05 53 69 47 00."));
    let (plan, _) = bench.import().await;
    let told: Vec<(&str, Option<usize>, Option<&str>)> = plan
        .report
        .diagnostics
        .iter()
        .map(|diagnostic| (diagnostic.code.as_str(), diagnostic.at.map(|at| at.line), diagnostic.nearest.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            ("unmapped-tag", None, None),
            ("personal-data-removed", None, None),
            ("unknown-topic", Some(5), Some("wifi-public")),
            ("invalid-value", Some(7), Some("running")),
            ("invalid-value", Some(8), None),
            ("unknown-field", Some(9), None),
            ("unknown-field", Some(10), Some("title")),
            ("invalid-value", Some(11), None),
            ("invalid-value", Some(12), None),
            ("unknown-town", Some(14), Some("47001")),
            ("ambiguous-town", Some(16), None),
            ("unknown-area", Some(17), None),
            ("invalid-value", Some(18), None),
            ("unknown-initiative", Some(19), None),
            ("personal-contact", Some(20), None),
            ("wrong-type", Some(23), None),
        ],
        "{}",
        plan.report
    );
    let expected = [
        ("topics", "[\"fablab\",\"wifi-public\"]"),
        ("tags", "[\"Bricolage\"]"),
        ("audiences", "[\"staff\"]"),
        // One that is said and not known is not replaced by that of the source.
        ("licence", ""),
        (
            "places",
            "[{\"original_code\":\"insee:01340\",\"original_name\":\"Saint-Bois\",\"target\":{\"town\":\"insee:01015\"}}]",
        ),
        ("links", "[{\"url\":\"https://agen.fr\"}]"),
        ("figures", "[{\"metric\":\"prix\",\"unit\":\"EUR\",\"value\":2.5}]"),
        ("contact", ""),
        ("status", ""),
    ];
    for (field, value) in expected {
        assert_eq!(bench.field("initiative/a", field).await, value, "{field}");
    }
    assert!(!bench.field("case-study/a/fr", "sections").await.contains("05 53"));
    let text = plan.report.text(ReportLanguage::French, false);
    let shown = "avertissement[unknown-topic]: le thème « wifi-publik » n'est pas dans le vocabulaire\n  --> a.md:5:10\n   \
                 5 | topics: [wifi-publik, Makerspaces]\n     |          ^^^^^^^^^^^\n  conseil: vouliez-vous dire « wifi-public » ?\n";
    assert!(text.contains(shown), "{text}");
}

#[tokio::test]
async fn odd_files_harm_nothing() {
    let mut bench = Bench::new().await;
    bench.write("bon.md", file("bon", "Titre", "", "Texte."));
    bench.write("vide.md", "");
    bench.write("blanc.md", "\u{feff} \n");
    bench.write("latin1.md", b"---\ntitle: \xe9t\xe9\n---\n");
    bench.write("sans.md", "# Un titre\n\nUn texte.");
    bench.write("ouvert.md", "---\ntitle: x\n");
    bench.write("grand.md", file("grand", "Titre", "", &"x".repeat(3 << 20)));
    bench.write("image.png", b"\x89PNG");
    bench.write("sans-titre.md", "---\nid: sans-titre\n---\n");
    bench.write("identifiant.md", file("Pas Un Id", "Titre", "", ""));
    bench.write("orpheline.en.md", "---\ntranslation_of: bonn\nlang: en\ntitle: x\n---\n");
    bench.write("dossier/été.md", "---\r\ntitle: \"A\u{feff}\u{200b}\u{301}\"\r\n---\r\nTexte.\r\n");
    #[cfg(unix)]
    std::os::unix::fs::symlink("/etc/passwd", bench.path("lien.md")).expect("a link");
    let (plan, _) = bench.import().await;
    let told: Vec<(&str, &str)> =
        plan.report.diagnostics.iter().map(|diagnostic| (diagnostic.path.as_str(), diagnostic.code.as_str())).collect();
    assert_eq!(
        told,
        [
            ("grand.md", "too-large"),
            ("identifiant.md", "invalid-id"),
            ("latin1.md", "not-text"),
            ("orpheline.en.md", "translation-of-nothing"),
            ("ouvert.md", "unclosed-front-matter"),
            ("sans-titre.md", "missing-title"),
            ("sans.md", "no-front-matter"),
        ],
        "{}",
        plan.report
    );
    assert_eq!((plan.report.read, plan.report.invalid), (2, 7));
    assert_eq!(plan.report.skipped["empty"], 2);
    assert_eq!(bench.field("initiative/agen-dossier-ete", "title").await, "Á");
    #[cfg(unix)]
    assert_eq!(plan.report.skipped["symbolic-link"], 1);
}

#[tokio::test]
async fn initiatives_may_refer_to_one_another_across_change_sets() {
    let mut bench = Bench::new().await;
    for number in 0..1_200 {
        let next = (number + 600) % 1_200;
        let fields = format!("inspired_by: [{{id: n{next}}}]\n");
        bench.write(&format!("{number}.md"), file(&format!("n{number}"), "Titre", &fields, ""));
    }
    let (plan, applied) = bench.import().await;
    assert!(plan.change_sets.len() > 1);
    assert_eq!(applied.changed, 2_401);
    let (_, applied) = bench.import().await;
    assert_eq!(applied.changed, 0);
}

#[tokio::test]
async fn a_source_that_is_not_there_is_an_error() {
    let bench = Bench::new().await;
    for (source, problem) in [
        (crate::fixtures::source("agen", &bench.path("nowhere")), "cannot read"),
        (
            SourceConfig::git(
                "agen".parse().expect("a key"),
                "Agen".parse().expect("a name"),
                "file:///nowhere/at/all".to_owned(),
            ),
            "cannot fetch",
        ),
    ] {
        let bench = Bench { source, ..Bench::new().await };
        let error = maillage_importer::plan(&*bench.store, &bench.clock, &bench.job(), &maillage_importer::Silent).await;
        let error = error.expect_err("no plan").to_string();
        assert!(error.contains(problem) && error.contains("nowhere"), "{error}");
    }
}
