//! A first mapping for repositories that nobody has described: what is found in them, and what is asked.

mod aside;
mod commented;
mod dates;
mod fields;
mod fixtures;
mod lists;
mod organisations;
mod placeholders;
mod places;

use std::collections::BTreeSet;
use std::path::Path;

use maillage_explore::text::fold;
use maillage_importer::diagnostic::ReportLanguage;
use maillage_importer::limits::Limits;
use maillage_importer::source::{Content, SourceFile};
use maillage_importer::suggest::{Suggestion, Told, suggest, suggest_for, wants, write};
use maillage_importer::{ImportJob, Silent, Surroundings, mapping};

use fixtures::{Files, TOWNS};

fn countries(name: &str) -> BTreeSet<String> {
    let name = fold(name);
    let of = |country: &str, towns: &[&str]| towns.iter().any(|town| fold(town) == name).then(|| country.to_owned());
    let known = [
        of("FR", TOWNS),
        of("BE", &["Lille"]),
        of("DE", &["Berlin", "Hamburg", "Köln", "Bonn"]),
        of("ES", &["Zaragoza", "Bilbao", "Sevilla", "Córdoba", "Getxo"]),
    ];
    known.into_iter().flatten().collect()
}

/// The suggestion for files, written down in a language; what is written must be a mapping.
fn suggested(files: &Files, language: ReportLanguage) -> (Suggestion, String) {
    let files: Vec<SourceFile> = files
        .iter()
        .filter(|(path, _)| wants(path))
        .map(|(path, text)| SourceFile { path: path.clone(), content: Content::Bytes(text.clone().into_bytes()) })
        .collect();
    let suggestion = suggest(&files, "p", &countries, &Limits::default());
    let text = write(&suggestion, "https://forge.example/cases", language);
    if let Err((line, problem)) = mapping::parse(&text) {
        panic!("line {line}: {problem}\n{text}");
    }
    (suggestion, text)
}

/// What a suggestion is to say, line by line without its comments, and what it must not say anywhere.
struct Expected {
    name: &'static str,
    files: Files,
    lines: &'static [&'static str],
    never: &'static [&'static str],
}

fn expected() -> Vec<Expected> {
    vec![
        Expected {
            name: "texts by language",
            files: fixtures::texts_by_language(),
            lines: &[
                "language = \"de\"",
                "body = [\"{body}\", \"de.content\"]",
                "picture = \"img\"",
                "tags = { field = \"tags\", split = \" \" }",
            ],
            never: &["en.content"],
        },
        Expected {
            name: "hugo",
            files: fixtures::hugo(),
            lines: &[
                "language = \"fr\"",
                "licence = \"CC-BY-SA-4.0\"",
                "files = [\"content/realisations/*/index*.md\"]",
                "translations = [\"fr\", \"en\"]",
                "title = \"title\"",
                "lang = \"{language_suffix}\"",
                "places = [{ name = \"commune\", code = \"code_insee\" }]",
                "drop = [\"courriel\"]",
                "organisations = { field = \"porteur\", role = \"operator\" }",
                "tags = \"thematiques[]\"",
                "status = \"etat\"",
                "\"En cours\" = \"running\"",
                "\"En projet\" = \"idea\"",
                "\"Abandonné\" = \"stopped\"",
                "modified = \"date\"",
                "# start = \"date\"",
                "lessons = [\"ce que nous en retenons\"]",
            ],
            never: &["content/equipe/*.md", "content/actualites/*.md"],
        },
        Expected {
            name: "practices",
            files: fixtures::practices(),
            lines: &["files = [\"fiches/*.md\"]", "title = \"{heading}\""],
            never: &["title = [\"{heading}\", \"{file_stem}\"]"],
        },
        Expected {
            name: "branches",
            files: fixtures::branches(),
            lines: &["files = [\"content/0*/_index.md\"]", "title = \"title\"", "start = \"date\""],
            never: &["except"],
        },
        Expected {
            name: "keyed",
            files: fixtures::keyed(),
            lines: &[
                "key = \"p-{translationKey}\"",
                "translations = [\"en\", \"fr\"]",
                "skip = { \"{body}\" = \"*lorem ipsum*\" }",
                "summary = \"Project Summary Text\"",
                "tags = { field = \"tags[]\", nothing = [\"post\", \"project\"] }",
                "organisations = { field = \"partners[]\", role = \"partner\" }",
                "links = { field = \"blogLink\", label = \"{blogLinkTitle}\" }",
            ],
            never: &["picture =", "drop ="],
        },
        Expected {
            name: "directory",
            files: fixtures::directory(),
            lines: &[
                "files = [\"content/directory/*.md\"]",
                "files = [\"content/directory/Past Spaces/*.md\"]",
                "title = \"info-en.title\"",
                "summary = \"info-en.description\"",
            ],
            never: &["content/setup"],
        },
        Expected {
            name: "language folders",
            files: fixtures::language_folders(),
            lines: &[
                "files = [\"source/projects/karte-*/*/index.md\"]",
                "key = \"p-{folder[2]}\"",
                "translations = [\"en\", \"de\"]",
                "lang = \"{folder[3]}\"",
                "start = \"year_start\"",
                "tags = { field = \"themes\", split = \" \" }",
            ],
            never: &[],
        },
        Expected {
            name: "ordered",
            files: fixtures::ordered(),
            lines: &[
                "makes = \"initiatives\"",
                "title = \"projet\"",
                "places = [{ name = \"ville\", country = \"FR\" }]",
                "summary = { field = \"{first_paragraph}\", longest = 600 }",
            ],
            never: &["makes = \"organisations\""],
        },
        Expected {
            name: "named after towns",
            files: fixtures::named_after_towns(),
            lines: &["{ name = [\"ville\", \"project.ville\"] },", "{ name = \"{file_stem}\", pattern = \"^([^_]+)_\" },"],
            never: &[],
        },
        Expected {
            name: "posts",
            files: fixtures::posts(),
            lines: &[
                "files = [\"_posts/*.md\"]",
                "files = [\"_talleres/*.md\"]",
                "status = \"is_active\"",
                "true = \"running\"",
                "false = \"stopped\"",
                "# start = [\"date\", { field = \"{file_stem}\", pattern = '^\\d{4}-\\d{2}-\\d{2}' }]",
                "places = [{ name = \"sede_ciudad\", country = \"ES\" }]",
                "organisations = { field = \"publisher\", role = \"operator\" }",
                "links = { field = \"datos[].id\", label = \"{datos[].label}\" }",
            ],
            never: &["about.md\"]", "publisher_country\", role", "publisher_is_public\", role", "skip ="],
        },
        Expected {
            name: "clients",
            files: fixtures::clients(),
            lines: &[
                "makes = \"initiatives\"",
                "organisations = { field = \"client\", nothing = [\"Private\"], role = \"operator\" }",
                "start = \"period\"",
                "end = \"period\"",
            ],
            never: &["makes = \"organisations\""],
        },
        Expected {
            name: "works",
            files: fixtures::works(),
            lines: &[
                "files = [\"contenu/anciens-v2/*.md\"]",
                "files = [\"contenu/projets/*.md\"]",
                "skip = { type = \"événement\" }",
                "places = [{ name = [\"ville\", \"localité\"], country = \"FR\" }]",
                "organisations = { field = \"maître_ouvrage\", role = \"operator\" }",
                "links = \"site\"",
                "tags = \"typologie\"",
            ],
            never: &[],
        },
        Expected {
            name: "beside",
            files: fixtures::beside(),
            lines: &[
                "language = \"de\"",
                "key = \"p-{file_stem}\"",
                "translations = [\"de\", \"en\"]",
                "lang = \"{language_suffix}\"",
                "start = \"years\"",
                "end = \"years\"",
                "organisations = { field = \"financing[]\", role = \"funder\" }",
            ],
            never: &[],
        },
        Expected {
            name: "challenges",
            files: fixtures::challenges(),
            lines: &[
                "nothing = [\"??\"]",
                "files = [\"_defis/*.md\", \"_defis/2017-01-01-bron\"]",
                "start = { field = \"{file_stem}\", pattern = '^\\d{4}' }",
                "tags = { field = \"type\", split = [\",\", \" et \"] }",
                "organisations = { field = \"administration\", role = \"operator\", website = \"administration-website\" }",
                "links = { field = \"site\", nothing = [\"https://programme.exemple.fr\"] }",
                "# Champs non repris : budget_prevu (8)",
            ],
            never: &["conditions = "],
        },
        Expected {
            name: "contests",
            files: fixtures::contests(),
            lines: &[
                "title = \"contest-title\"",
                "summary = \"tagline\"",
                "body = \"description\"",
                "start = \"contest-start\"",
                "end = \"contest-end\"",
                "places = [{ name = \"base\", country = \"FR\" }]",
                "tags = { field = \"type-of-contest\", pattern = \"[^/#]+/?$\" }",
            ],
            never: &["links =", "base (8)"],
        },
        Expected {
            name: "gitbook",
            files: fixtures::gitbook(),
            lines: &[
                "language = \"en\"",
                "files = [\"practices/*.md\"]",
                "title = \"{heading}\"",
                "summary = { field = \"{first_paragraph}\", longest = 600 }",
                "lessons = [\"takeaways\"]",
            ],
            never: &["licence = \"MIT\""],
        },
        Expected {
            name: "volunteers",
            files: fixtures::volunteers(),
            lines: &[
                "language = \"en\"",
                "drop = [\"leadership\"]",
                "links = \"links[]\"",
                "tags = \"program-area[]\"",
                "\"On Hold\" = \"paused\"",
            ],
            never: &["leadership[]", "links[].name"],
        },
        Expected {
            name: "administration",
            files: fixtures::administration(),
            lines: &["language = \"fr\"", "modified = \"date\"", "summary = \"summary\""],
            never: &["language = \"ca\""],
        },
        Expected {
            name: "docusaurus",
            files: fixtures::docusaurus(),
            lines: &[
                "files = [\"docs/case-studies/*.mdx\"]",
                "title = \"title\"",
                "summary = \"description\"",
                "modified = \"last_update.date\"",
                "tags = \"keywords[]\"",
            ],
            never: &["docs/reference/*.md\"", "start = \"last_update.date\""],
        },
        Expected {
            name: "markdoc",
            files: fixtures::docusaurus().into_iter().map(|(path, text)| (path.replace(".mdx", ".mdoc"), text)).collect(),
            lines: &["files = [\"docs/case-studies/*.mdoc\"]", "title = \"title\""],
            never: &[],
        },
        Expected {
            name: "obsidian",
            files: fixtures::obsidian(),
            lines: &[
                "language = \"de\"",
                "date_order = \"day-first\"",
                "files = [\"Projekte/*.md\"]",
                "title = \"{file_stem}\"",
                "places = [{ name = \"Ort\" }]",
                "status = \"Status\"",
                "start = \"Beginn\"",
                "organisations = { field = \"Träger\", in = \"vereine\", role = \"operator\" }",
                "website = \"Webseite\"",
                "geplant = \"idea\"",
                "problem = [\"die ausgangslage im ort\"]",
            ],
            never: &[".obsidian", "Personen/*.md"],
        },
        Expected {
            name: "decap",
            files: fixtures::decap(),
            lines: &[
                "files = [\"content/c1/*.md\"]",
                "title = \"f1\"",
                "summary = \"f2\"",
                "places = [{ name = \"f3\", country = \"FR\" }]",
                "start = \"f4\"",
                "tags = \"f5[]\"",
                "drop = [\"f6\"]",
            ],
            never: &["content/c2/*.md"],
        },
        Expected {
            name: "jekyll",
            files: fixtures::jekyll(),
            lines: &[
                "files = [\"_posts/*.md\"]",
                "where = { categories = \"projet\" }",
                "places = [{ name = \"ville\", postcode = \"cp\" }]",
                "start = \"lancement\"",
                "title = { field = \"title\", remove = \"^Projet : \" }",
                "drop = [\"auteur\", \"layout\"]",
                "picture = \"image\"",
            ],
            never: &[],
        },
        Expected {
            name: "fenced",
            files: fixtures::fenced(),
            lines: &[
                "date_order = \"day-first\"",
                "title = \"{heading}\"",
                "status = \"Statut\"",
                "actif = \"running\"",
                "places = [{ name = \"Collectivité\", country = \"FR\" }]",
                "audience = \"Public\"",
                "jeunes = \"youth\"",
                "links = \"Site\"",
            ],
            never: &[],
        },
        Expected {
            name: "sidecar",
            files: fixtures::sidecar(),
            lines: &[
                "files = [\"projects/*.md\"]",
                "sidecar = [\"yml\"]",
                "title = \"title\"",
                "places = [{ name = \"city\", country = \"FR\" }]",
                "start = \"start_date\"",
            ],
            never: &["projects/*.yml"],
        },
        Expected {
            name: "catalogue",
            files: fixtures::catalogue(),
            lines: &[
                "date_order = \"month-first\"",
                "title = \"project_name\"",
                "body = \"project_description\"",
                "tags = { field = \"project_topic\", split = \",\" }",
                "organisations = { field = \"agency_sponsor\", role = \"funder\" }",
                "links = \"project_url\"",
                "drop = [\"email\", \"project_contact\", \"layout\"]",
                "{ name = \"city\", postcode = \"zip\", region = \"state\", country = \"US\" },",
                "\"country:US\",",
                "hiatus = \"paused\"",
                "status_reason = \"status\"",
            ],
            never: &["field = \"agency_type\"", "\"On Ice\" = \"running\""],
        },
        Expected {
            name: "languages",
            files: fixtures::languages(),
            lines: &[
                "language = \"es\"",
                "translations = [\"es\", \"en\", \"ca\"]",
                "lang = \"{folder[1]}\"",
                "cat = \"ca\"",
                "skip = { title = \"\", \"{body}\" = \"\" }",
                "key = \"p-{slug}\"",
                "end = { field = \"date_end\", unless = \"date_start\" }",
                "organisations = { field = \"collaborators[]\", in = \"collaborators\", role = \"partner\" }",
                "name = \"title\"",
                "website = \"web\"",
                "drop = [\"members\", \"layout\"]",
            ],
            never: &[],
        },
        Expected {
            name: "phases",
            files: fixtures::phases(),
            lines: &[
                "licence = \"CC-BY-NC-SA-4.0\"",
                "status = \"phases[-1].name\"",
                "start = \"phases[0].start\"",
                "end = \"phases[-1][name=abandon].start\"",
                "summary = \"mission\"",
                "{ field = \"sponsors[]\", in = \"organisations\", role = \"funder\" },",
                "part_of = { field = \"owner\", in = \"organisations\" }",
                "etat = \"staff\"",
                "problem = [\"problème visé\"]",
                "# contact = \"contact\"",
            ],
            never: &[],
        },
        Expected {
            name: "carousel",
            files: fixtures::carousel(),
            lines: &[
                "except = [\"**/project-template.md\"]",
                "summary = \"carousel_summary\"",
                "picture = \"carousel_image\"",
                "picture_text = \"carousel_image_alt\"",
                "organisations = { field = \"agency\", role = \"operator\" }",
            ],
            never: &["carousel_image_alt\"]"],
        },
        Expected {
            name: "town folders",
            files: fixtures::town_folders(),
            lines: &[
                "language = \"fr\"",
                "files = [\"_*/*.md\"]",
                "places = [{ name = \"{folder[0]}\", country = \"FR\" }]",
                "title = \"nom\"",
                "summary = \"description\"",
                "# start = \"{git.first}\"",
                "modified = \"{git.last}\"",
                "drop = [\"responsable\", \"tel\", \"téléphone\"]",
            ],
            never: &[],
        },
    ]
}

/// Lines without the comment that follows.
fn bare(text: &str) -> Vec<&str> {
    text.lines().map(|line| line.split(" # ").next().unwrap_or(line).trim()).collect()
}

#[test]
fn each_kind_of_repository_gets_a_mapping() {
    for Expected { name, files, lines, never } in expected() {
        let (_, text) = suggested(&files, ReportLanguage::French);
        let written = bare(&text);
        for line in lines {
            // Of lists on one line, parts are enough.
            assert!(
                written.contains(line)
                    || written.iter().any(|written| written.contains(&format!("[{}]", line.trim_end_matches(',')))),
                "{name}: {line}\n\n{text}"
            );
        }
        for phrase in never {
            let said = written.iter().filter(|line| !line.starts_with('#')).any(|line| line.contains(phrase));
            assert!(!said, "{name}: {phrase}\n\n{text}");
        }
    }
}

#[test]
fn what_is_not_sure_is_asked() {
    for (name, files, french, english) in [
        (
            "gitbook",
            fixtures::gitbook(),
            "LICENSE contient MIT, une licence de logiciel",
            "LICENSE holds MIT, a licence for software",
        ),
        (
            "jekyll",
            fixtures::jekyll(),
            "parmi 16 fichiers, seuls sont pris les 8 dont « categories » vaut « projet »",
            "of 16 files, only the 8 whose \"categories\" is \"projet\" are taken",
        ),
        (
            "phases",
            fixtures::phases(),
            "CC-BY-NC-SA-4.0 (LICENSE.txt) n'est pas libre",
            "CC-BY-NC-SA-4.0 (LICENSE.txt) is not open",
        ),
        ("catalogue", fixtures::catalogue(), "reste à traduire : « On Ice » (1)", "still to be translated: \"On Ice\" (1)"),
        ("catalogue", fixtures::catalogue(), "L'état : « complete »", "The status: \"complete\""),
        ("fenced", fixtures::fenced(), "le jour d'abord, ou le mois ?", "the day first, or the month?"),
        ("town folders", fixtures::town_folders(), "« _presqu-ile » ne sont pas", "\"_presqu-ile\" are no towns"),
        ("town folders", fixtures::town_folders(), "sont-ce des études de cas ?", "are they case studies?"),
        (
            "hugo",
            fixtures::hugo(),
            "content/equipe/ (1) : des personnes : jamais importées",
            "content/equipe/ (1): persons: never imported",
        ),
        ("practices", fixtures::practices(), "8 titres sur 8 semblent en nommer un", "8 of 8 titles seem to name one"),
        ("contests", fixtures::contests(), "« base », à en juger par ses valeurs", "\"base\", to judge by its values"),
        ("obsidian", fixtures::obsidian(), "Le titre : absent (fichiers : 7)", "The title: missing (files: 7)"),
    ] {
        for (language, said) in [(ReportLanguage::French, french), (ReportLanguage::English, english)] {
            let (_, text) = suggested(&files, language);
            // Long sentences are wrapped.
            let comments: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix('#')).map(str::trim).collect();
            assert!(comments.join(" ").contains(said), "{name}: {said}\n\n{text}");
        }
    }
}

#[test]
fn nothing_that_a_file_says_breaks_the_mapping() {
    let odd = "a\"b'c\\d\u{7}e # f\ng";
    let files: Files = (0..6)
        .map(|number| {
            let path = format!("projects [1]/{{x}}/p{number} \"q\" # r.md");
            let quoted = odd.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\u{7}', "\\a");
            let text = format!(
                "---\ntitle: \"{quoted} {number}\"\nstatus: \"{quoted}\"\n\"{quoted}\": x\n\"a.b\": y\n\"c[d]\": z\ntags: [\"{quoted}\", b]\n---\n\
                 ## {odd}\nText\n"
            );
            (path, text)
        })
        .collect();
    for language in [ReportLanguage::French, ReportLanguage::English] {
        let (suggestion, _) = suggested(&files, language);
        assert_eq!((suggestion.pages, suggestion.selected), (6, 6));
    }
    for files in [Vec::new(), vec![("README.md".to_owned(), "# Nothing\n".to_owned())], vec![("a.md".to_owned(), String::new())]]
    {
        let files: Vec<SourceFile> =
            files.into_iter().map(|(path, text)| SourceFile { path, content: Content::Bytes(text.into_bytes()) }).collect();
        let suggestion = suggest(&files, "p", &countries, &Limits::default());
        assert!(write(&suggestion, "x", ReportLanguage::English).starts_with("#:schema https://"));
    }
}

#[tokio::test]
async fn where_nothing_looks_like_a_case_study_it_is_said_and_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("README.md"), "# Un dépôt\n\nRien d'autre que ce texte en français.\n").expect("a file");
    let surroundings = Surroundings::new(Path::new("cache"));
    let job = ImportJob::of(folder.path().to_str().expect("a path"), None, &[], &surroundings).expect("a job");
    let suggested = suggest_for(job, &crate::content(), Some(ReportLanguage::French), &Silent).await.expect("a suggestion");
    assert_eq!((suggested.suggestion.pages, suggested.trial.initiatives), (1, 0));
    for line in ["# - README.md (1) : par leur nom, présentent un dossier", "# [collections.initiatives]"] {
        assert!(suggested.text.contains(line), "{}", suggested.text);
    }
}

#[tokio::test]
async fn a_suggestion_is_tried_before_it_is_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    let source = folder.path().join("cases");
    for (path, text) in fixtures::hugo() {
        let path = source.join(path);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }
    let surroundings = Surroundings::new(Path::new("cache"));
    let job = ImportJob::of(source.to_str().expect("a path"), None, &[], &surroundings).expect("a job");
    let suggested = suggest_for(job, &crate::content(), None, &Silent).await.expect("a suggestion");
    assert_eq!(suggested.language, ReportLanguage::French);
    let trial = suggested.trial;
    assert_eq!((trial.initiatives, trial.translated), (8, 8));
    for (told, count) in [(Told::Title, 8), (Told::Summary, 8), (Told::Status, 8), (Told::Organisations, 8)] {
        assert!(trial.with.contains(&(told, count)), "{told:?}: {:?}", trial.with);
    }
    assert!(mapping::parse(&suggested.text).is_ok(), "{}", suggested.text);
    assert!(!suggested.text.contains("@exemple.fr"), "{}", suggested.text);
}
