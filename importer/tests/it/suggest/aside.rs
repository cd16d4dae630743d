//! Which files a suggestion takes, which it leaves out, and what it says of these.

use super::commented::Expected;
use super::fixtures::{Files, TOWNS};

fn file(path: impl Into<String>, text: impl Into<String>) -> (String, String) {
    (path.into(), text.into())
}

const TEXT: &str = "Les habitants trouvent dans ce lieu des agents qui font leurs démarches avec eux, sans rendez-vous et sans frais. \
    La commune a formé ces agents pendant un an, puis elle a ouvert le lieu trois jours par semaine avec l'aide du département. Après deux ans, \
    la moitié de ceux qui sont venus font seuls ce qu'ils ne faisaient pas, et les autres reviennent pour ce qui change.\n";

/// Teams that tell their project in the README of their folder, with links in some folders or in all.
fn teams(have_links: impl Fn(usize) -> bool) -> Files {
    let team = |(number, town): (usize, &&str)| {
        let links = [
            file(
                format!("{town}/AppLink.md"),
                format!("En ligne :\n\n- [https://lieu.example/{number}](https://lieu.example/{number})\n"),
            ),
            file(format!("{town}/VideoLink.md"), format!("[https://video.example/{number}](https://video.example/{number})\n")),
        ];
        let readme = file(format!("{town}/README.md"), format!("# Le lieu de {town}\n\n{TEXT}"));
        std::iter::once(readme).chain(links.into_iter().filter(|_| have_links(number)).collect::<Files>()).collect::<Files>()
    };
    let mut files: Files = TOWNS.iter().enumerate().flat_map(team).collect();
    files.push(file("Bron/docs/bios.md", format!("**Une équipe**\n\n{TEXT}")));
    files.push(file("README.md", format!("# Les lieux\n\n{TEXT}")));
    files
}

fn work(path: &str, name: &str, sector: &str) -> (String, String) {
    file(
        format!("content/projects/{path}/index.md"),
        format!(
            "---\nname: {name}\nimage: ./image.png\nsummary: Un outil ouvert.\ncontext: Le besoin.\nsolution:\nurl: https://outil.example/{path}\nsector: {sector}\ntype: project\n---\n"
        ),
    )
}

/// Folders of projects with pages `_index.md`, of which some hold further pages.
fn sections(with_pages: usize) -> Files {
    let folder = |(number, town): (usize, &&str)| {
        let town = town.to_lowercase();
        let index = file(
            format!("content/projekte/{town}/_index.md"),
            format!("+++\ntitle = \"Le lieu {number}\"\ntemplate = \"project.html\"\n+++\n{TEXT}"),
        );
        let part = file(
            format!("content/projekte/{town}/workshop/module.md"),
            format!(
                "+++\ntitle = \"Module {number}\"\ntemplate = \"project.html\"\n+++\nLes thèmes de la journée sont dits ici.\n"
            ),
        );
        std::iter::once(index).chain((number < with_pages).then_some(part)).collect::<Files>()
    };
    let mut files: Files = TOWNS.iter().enumerate().flat_map(folder).collect();
    files.push(file("content/projekte/agen/suite/_index.md", "+++\ntitle = \"Suite\"\n+++\n"));
    files.push(file("content/projekte/_index.md", "+++\ntitle = \"Projets\"\n+++\n"));
    files
}

/// Projects in folders of their subjects, some alone there, one subject with a page of its own.
fn subjects() -> Files {
    let mut files = vec![
        work("climat/crues", "Les crues", "Climat"),
        work("climat/littoral", "Le littoral", "Climat"),
        work("climat/risques", "Les risques", "Climat"),
        work("ville/donnees", "Les données de la ville", "Ville"),
        work("ecole/inscription", "L'inscription", "École"),
        work("budget/contrats", "Les contrats", "Budget"),
        // Called as news are, and no news.
        work("blog/lettre", "La lettre de la ville", "Blog"),
        work("budget/contrats/annexes", "Les annexes", "Budget"),
    ];
    files.push(file(
        "content/projects/ville/index.md",
        "---\nname: La ville\ndescription: Ce que nous faisons pour elle.\nimage: ./ville.jpg\ncolor: '#BD97CB'\ntype: sector\n---\n",
    ));
    files
}

fn project(number: usize, town: &str) -> (String, String) {
    file(
        format!("_projets/{}.md", town.to_lowercase()),
        format!(
            "---\ntitle: Le lieu de {town}\nville: {town}\ndate: 2021-03-1{number}\npermalink: /lieux/{number}/\n---\n{TEXT}"
        ),
    )
}

fn projects() -> Files {
    TOWNS.iter().enumerate().map(|(number, town)| project(number, town)).collect()
}

/// Folders of pages that a long text presents.
fn presented() -> impl Iterator<Item = (String, String)> {
    ["a", "b", "c", "d", "e", "f"].into_iter().flat_map(|folder| {
        [
            file(format!("{folder}/README.md"), format!("# Le dossier {folder}\n\n{TEXT}")),
            file(format!("{folder}/page.md"), "# Une page\n\nCourte.\n"),
        ]
    })
}

fn with(files: Files, more: impl IntoIterator<Item = (&'static str, String)>) -> Files {
    files.into_iter().chain(more.into_iter().map(|(path, text)| file(path, text))).collect()
}

fn expected() -> Vec<Expected> {
    let broken = || {
        subjects().into_iter().map(|(path, text)| {
            let text =
                if path.contains("contrats/index") { text.replace("type: project\n---\n", "type: project\n") } else { text };
            (path, text)
        })
    };
    vec![
        Expected {
            name: "links in some folders",
            files: teams(|number| number % 3 == 0),
            lines: &["files = [\"*/README.md\"]"],
            never: &["except"],
            said: &["8 fichiers (sans métadonnées 8)", "Agen/AppLink.md, Agen/VideoLink.md, Bron/AppLink.md, Bron/VideoLink.md, Dijon/AppLink.md, … (6) : sans titre et courts"],
        },
        Expected {
            name: "links in all folders",
            files: teams(|_| true),
            lines: &["files = [\"*/README.md\"]"],
            never: &["except"],
            said: &["README.md (1) : par leur nom, présentent un dossier ou le dépôt"],
        },
        Expected {
            name: "texts without an extension, beside pages and elsewhere",
            files: with(projects(), [
                ("_projets/0LISEZ-MOI", "Comment écrire une fiche :\n\n---\ntitle: Un lieu\n---\n".to_owned()),
                ("bin/installer", "#!/bin/sh\nbundle install\n".to_owned()),
            ]),
            lines: &["files = [\"_projets/*.md\"]"],
            never: &["LISEZ"],
            said: &["_projets/0LISEZ-MOI (1) : ni extension, ni métadonnées au début"],
        },
        Expected {
            name: "pages of links",
            files: with(
                ["a/lieux.md", "a/videos.md", "a/plans.md"].map(|path| file(path, "- [Agen](https://lieu.example/agen)\n".repeat(8))).into(),
                [("b/agen.md", format!("# Agen\n\n{TEXT}"))],
            ),
            lines: &["files = [\"b/*.md\"]"],
            never: &[],
            said: &[],
        },
        Expected {
            name: "alone in the folder of its subject",
            files: subjects(),
            lines: &["files = [\"content/projects/*/*/index.md\"]"],
            never: &["except"],
            said: &["content/projects/ville/index.md"],
        },
    ]
    .into_iter()
    .chain([
        Expected {
            name: "a file without the end of its metadata",
            files: broken().collect(),
            lines: &["files = [\"content/projects/*/*/index.md\"]", "key = \"p-{file_stem}\""],
            never: &["except", "collections.budget"],
            said: &["content/projects/budget/contrats/index.md (1) : métadonnées illisibles"],
        },
        Expected {
            name: "a list page in a folder of its own",
            files: with(
                projects(),
                [
                    ("projets/index.md", "---\ntitle: Projets\nlayout: page\n---\n[Le lieu de Bron](bron/)\n".to_owned()),
                    ("aide/index.md", format!("---\ntitle: Aide\nlayout: page\n---\n{TEXT}")),
                ],
            ),
            lines: &["files = [\"_projets/*.md\"]"],
            never: &["*/index.md"],
            said: &[],
        },
        Expected {
            name: "trials",
            files: with(
                projects(),
                [
                    ("_projets/tutorial-example.md", format!("---\ntitle: Tutorial Example\nville:\ndate:\n---\n{TEXT}")),
                    ("_projets/nouveau.md", format!("---\ntitle: Nouveau\nville:\npermalink: /lieux/test/\n---\n{TEXT}")),
                    ("_projets/water-sample-kits.md", format!("---\ntitle: L'eau\nville: Agen\ndate: 2020-01-01\n---\n{TEXT}")),
                    ("_projets/beta-test.md", format!("---\ntitle: Un essai\nville: Agen\ndate: 2020-01-01\n---\n{TEXT}")),
                    ("_projets/testbed.md", format!("---\ntitle: Le banc\nville: Agen\ndate: 2020-01-01\n---\n{TEXT}")),
                ],
            ),
            lines: &["except = [\"_projets/nouveau.md\", \"_projets/tutorial-example.md\"]"],
            never: &[],
            said: &["11 fichiers (en-tête YAML 11)", "_projets/nouveau.md, _projets/tutorial-example.md (2) : par leur nom ou leur adresse, servent de modèle ou d'essai"],
        },
        Expected {
            name: "projects called after tests",
            files: TOWNS.iter().map(|town| file(format!("projets/test-{}.md", town.to_lowercase()), format!("# {town}\n\n{TEXT}"))).collect(),
            lines: &["files = [\"projets/*.md\"]"],
            never: &["except"],
            said: &[],
        },
        Expected {
            name: "each reason, and in full what is long",
            files: with(
                projects().into_iter().chain(presented()).collect(),
                [
                    ("CHANGELOG.md", "# Suite\n".to_owned()),
                    ("_projets/_bron.md", "---\ntitle: Bron\n---\n".to_owned()),
                    ("_layouts/lieu.md", "# Gabarit\n".to_owned()),
                ],
            ),
            lines: &["files = [\"_projets/*.md\"]"],
            never: &[],
            said: &[
                "a/README.md, b/README.md, c/README.md, d/README.md, e/README.md, f/README.md (6) : par leur nom, présentent",
                "CHANGELOG.md (1) : par leur nom, parlent du dépôt ou du site",
                "_projets/_bron.md (1) : commencent par « _ »",
                "_layouts/lieu.md (1) : dans des dossiers cachés",
            ],
        },
    ])
    .chain(of_folders())
    .collect()
}

fn of_folders() -> Vec<Expected> {
    let page = |path: String, more: &str| file(path, format!("---\ntitle: Un titre\n{more}---\n{TEXT}"));
    let notes = |folder: &str, names: &[&str]| -> Files {
        names.iter().map(|name| file(format!("{folder}/{name}.md"), format!("# Le lieu {name}\n\n{TEXT}"))).collect()
    };
    let dated =
        |folder: &str| -> Files { (1..7).map(|month| page(format!("{folder}/2019-0{month}-04-journal.md"), "")).collect() };
    let bundles =
        |folder: &str| -> Files { (1..7).map(|month| page(format!("{folder}/20190{month}04-journal/index.md"), "")).collect() };
    let twelve = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"];
    vec![
        Expected {
            name: "a folder of others, many",
            files: projects()
                .into_iter()
                .chain(
                    (0..4).map(|number| {
                        page(format!("_projets/bron/{number}.md"), "ville: Bron\ndate: 2020-01-01\npermalink: /a/\n")
                    }),
                )
                .chain((0..50).map(|number| {
                    file(
                        format!("_projets/equipe/{number}.md"),
                        format!("---\nnom: Jean {number}\nrole: Agent\nprenom: Jean\n---\n"),
                    )
                }))
                .collect(),
            lines: &["files = [\"_projets/**/*.md\"]", "except = [\"_projets/equipe/**\"]"],
            never: &[],
            said: &["12 fichiers"],
        },
        Expected {
            name: "one page with a field among many without",
            files: notes("contributions", &twelve)
                .into_iter()
                .chain(notes("contributions/suite", &["m"]))
                .chain([page("contributions/n.md".to_owned(), "tags: [a]\n")])
                .collect(),
            lines: &["files = [\"contributions/**/*.md\"]"],
            never: &[],
            said: &["14 fichiers"],
        },
        Expected {
            name: "names that begin with a day",
            files: dated("journal").into_iter().chain(notes("lieux-dits", &twelve[..4])).collect(),
            lines: &["files = [\"lieux-dits/*.md\"]"],
            never: &["journal"],
            said: &["journal/ (6) : des billets"],
        },
        Expected {
            name: "folders whose names begin with a day",
            files: bundles("journal").into_iter().chain(notes("lieux-dits", &twelve[..4])).collect(),
            lines: &["files = [\"lieux-dits/*.md\"]"],
            never: &["journal"],
            said: &["journal/ (6) : des billets"],
        },
        Expected {
            name: "posts in a folder called as projects are",
            files: dated("posts/projets").into_iter().chain(notes("realisations", &twelve[..4])).collect(),
            lines: &["files = [\"realisations/*.md\"]"],
            never: &["posts"],
            said: &["posts/projets/ (6) : des billets"],
        },
        Expected {
            name: "projects that are lists to the generator, with their parts",
            files: sections(3),
            lines: &["files = [\"content/projekte/*/_index.md\"]", "key = \"p-{file_stem}\"", "title = \"title\""],
            never: &["workshop"],
            said: &["8 fichiers", "(4) : dans le dossier d'un projet que raconte sa page _index"],
        },
        Expected {
            name: "lists of projects, to the generator and to readers",
            files: sections(8),
            lines: &[],
            never: &["_index"],
            said: &["18 pages lues, 8 à importer"],
        },
        Expected {
            name: "posts and nothing else",
            files: dated("journal"),
            lines: &["files = [\"journal/*.md\"]"],
            never: &[],
            said: &["sont-ce des études de cas ?"],
        },
    ]
}

#[test]
fn records_are_taken_and_what_is_left_out_is_said_with_its_reason() {
    expected().iter().for_each(Expected::check);
}

/// A file of a name in a folder of a name, in that of each of some towns.
fn in_town_folders(path: &str, fields: impl Fn(usize) -> String) -> Files {
    let page = |(number, town): (usize, &&str)| {
        let head = format!("title: L'atelier numéro {number}\n{}", fields(number));
        file(format!("{}/{path}", town.to_lowercase()), format!("---\n{head}---\n{TEXT}"))
    };
    TOWNS.iter().enumerate().map(page).collect()
}

fn cousins() -> Vec<Expected> {
    let with = |mut files: Files, more: Files| {
        files.extend(more);
        files
    };
    let expected = |name, files, lines, never| Expected { name, files, lines, never, said: &[] };
    vec![
        expected(
            "index pages, each alone in a folder of one name",
            in_town_folders("workshop/index.md", |number| format!("ordre: {number}\n")),
            &["files = [\"*/workshop/index.md\"]", "key = \"p-{folder[0]}\"", "[collections.workshop]"],
            &["workshop-2"],
        ),
        expected(
            "files in folders of one name, beside others",
            with(
                in_town_folders("actions/suite.md", |_| "statut: en cours\n".to_owned()),
                in_town_folders("equipe/jean.md", |_| "role: maire\nprenom: Jean\n".to_owned()),
            ),
            &["files = [\"*/actions/suite.md\"]", "key = \"p-{folder[0]}\"", "status = \"statut\""],
            &["actions-2", "equipe"],
        ),
        expected(
            "index pages, each in a folder of its language",
            in_town_folders("de/index.md", |number| format!("statut: en cours\nordre: {number}\n")),
            &["files = [\"*/*/index.md\"]", "key = \"p-{folder[0]}\""],
            &["de-2"],
        ),
        expected(
            "folders of one name in those of languages",
            ["fr", "en", "de"]
                .iter()
                .map(|language| file(format!("{language}/atelier/index.md"), format!("---\ntitle: Atelier\n---\n{TEXT}")))
                .chain(
                    (0..4)
                        .map(|number| file(format!("projets/{number}.md"), format!("---\ntitle: Le lieu {number}\n---\n{TEXT}"))),
                )
                .collect(),
            &["files = [\"projets/*.md\"]"],
            &["atelier"],
        ),
    ]
}

fn of_site() -> Vec<Expected> {
    let page = |path: &str, head: &str, text: &str| file(path, format!("---\n{head}---\n{text}"));
    let places = || (0..4).map(|number| page(&format!("lieu-{number}.md"), &format!("title: Le lieu {number}\n"), TEXT));
    let translated = |number: usize| {
        let slug = |language: &str| if number == 0 { format!("{language}-{number}") } else { format!("lieu-{number}") };
        ["fr", "en"].map(|language| {
            let head = format!("title: Lieu {number} {language}\nslug: {}\n", slug(language));
            page(&format!("projets/{language}/lieu-{number}.md"), &head, TEXT)
        })
    };
    vec![
        Expected {
            name: "pages that every site has, by name, layout and address",
            files: places()
                .chain([
                    page("contact.md", "title: Contact\n", ""),
                    page("ervaring.md", "title: Ce que je sais faire\n", TEXT),
                    page("qui.md", "title: Qui\npermalink: /a-propos/\n", TEXT),
                    page("ecrire.md", "title: Écrire\nlayout: contact\n", TEXT),
                ])
                .collect(),
            lines: &["[collections.initiatives]"],
            never: &[],
            said: &["contact.md, ecrire.md, ervaring.md, qui.md (4) : par leur nom, leur adresse ou leur gabarit"],
        },
        Expected {
            name: "a sample by its title",
            files: (0..4)
                .map(|number| page(&format!("projets/lieu-{number}.md"), &format!("title: Le lieu {number}\n"), TEXT))
                .chain([page("projets/project1.md", "title: Example Project\n", "")])
                .collect(),
            lines: &["except = [\"projets/project1.md\"]"],
            never: &[],
            said: &["projets/project1.md (1) : par leur nom ou leur adresse"],
        },
        Expected {
            name: "files of one name that tell two things, by their slugs",
            files: (0..4).flat_map(translated).collect(),
            lines: &["key = \"p-{slug}\""],
            never: &[],
            said: &[],
        },
        Expected {
            name: "sections in files of numbers, beside what tells the project",
            files: TOWNS
                .iter()
                .flat_map(|town| {
                    let data = format!("{{\"title\": \"Le lieu de {town}\", \"ville\": \"{town}\", \"statut\": \"en cours\", \"description\": \"Un lieu ouvert à tous les habitants de {town}, trois jours par semaine, avec des agents qui les aident sans frais\"}}");
                    [file(format!("{town}/meta.json"), data), file(format!("{town}/fr/01_problem.md"), TEXT)]
                })
                .collect(),
            lines: &["files = [\"*/meta.json\"]"],
            never: &["01_problem"],
            said: &["par leur nom, un nombre et un genre de section"],
        },
    ]
}

#[test]
fn pages_of_the_site_and_samples_are_left_aside() {
    of_site().iter().for_each(Expected::check);
}

#[test]
fn folders_of_one_name_in_others_are_one_collection() {
    cousins().iter().for_each(Expected::check);
}
