//! Lists in data files: which are proposed, how, and which are not.

use super::commented::Expected;
use super::fixtures::{Files, TOWNS};

fn file(path: &str, text: impl Into<String>) -> (String, String) {
    (path.to_owned(), text.into())
}

/// A list in YAML with an entry for each of some towns.
fn list(towns: &[&str], entry: impl Fn(usize, &str) -> String) -> String {
    towns.iter().enumerate().map(|(number, town)| entry(number, town)).collect()
}

fn project(number: usize, town: &str) -> String {
    format!(
        "-\n  name: Le kiosque de {town}\n  established: 201{number}\n  ville: {town}\n  website: https://kiosque-{number}.example\n  leader: Jean Dupont\n  \
         description: Un kiosque tenu par des agents, où les habitants font leurs démarches avec eux et pour eux.\n"
    )
}

/// Pages of the kind that the entries of a list may have.
fn pages_of(towns: &[&str]) -> Files {
    let text = "Un long texte sur la régie de quartier, ses ateliers et les habitants de la ville.";
    let page = |(number, town): (usize, &&str)| {
        file(&format!("_projets/{number}.md"), format!("---\ntitle: La régie de {town}\nville: {town}\n---\n{text}\n"))
    };
    towns.iter().enumerate().map(page).collect()
}

fn expected() -> Vec<Expected> {
    let menu = |number: usize, town: &str| {
        format!("- name: {town}\n  link: /{number}/\n  description: La page de cette ville sur le site\n")
    };
    let person = |number: usize, town: &str| {
        format!(
            "- name: Jean {number}\n  role: Agent\n  bio: Il travaille à {town} depuis des années\n  description: Il tient le kiosque de la ville\n"
        )
    };
    let mut by_state: Files = vec![
        file("src/_data/active_projects.yml", list(&TOWNS[..4], project)),
        file("src/_data/idle_projects.yml", list(&TOWNS[4..], project)),
        file("src/_data/navigation.yml", list(TOWNS, menu)),
        file("src/_data/team.yml", list(TOWNS, person)),
        file(
            "src/_data/events.yml",
            list(TOWNS, |number, town| {
                format!(
                    "- title: La fête de {town}\n  date: 2020-01-0{}\n  description: Une fête pour tous les habitants\n",
                    number + 1
                )
            }),
        ),
        file(
            "src/_data/fr.yml",
            "search:\n  title: Chercher\n  description: Chercher dans le site\nnext:\n  title: Suite\n  description: La page qui suit celle-ci\nprevious:\n  title: Avant\n  description: La page d'avant celle-ci\n",
        ),
    ];
    by_state.extend((0..4).map(|number| {
        file(
            &format!("_posts/2020-0{}-01-a.md", number + 1),
            "---\ntitle: Une nouvelle\n---\nDes mots sur la vie de l'association.\n",
        )
    }));
    let rows = TOWNS.iter().enumerate().map(|(number, town)| {
        format!(
            "f{number};La régie de {town};\"Une régie, de quartier, où l'on répare à {town}\nce qui peut l'être\";{town};0400{number}\n"
        )
    });
    let dashboard = |number: usize, town: &str| {
        let more = if number == 0 { ", https://plan.example/a" } else { "" };
        format!(
            "- project: Le plan de {town}\n  name: plan-{number}\n  description: Un plan de la ville que tient la ville\n  links: https://plan.example/{number}{more}\n"
        )
    };
    let by_key = TOWNS.iter().enumerate().map(|(number, town)| format!("\"fab-{number}\": {{\"title\": \"Le fab lab de {town}\", \"summary\": \"Un atelier de {town} ouvert à toutes et à tous\", \"city\": \"{town}\"}}"));
    vec![
        Expected {
            name: "by state",
            files: by_state,
            lines: &[
                "files = [\"src/_data/*_projects.yml\"]",
                "records = \"[]\"",
                "key = \"p-{name}\"",
                "title = \"name\"",
                "body = \"description\"",
                "start = \"established\"",
                "places = [{ name = \"ville\", country = \"FR\" }]",
                "status = \"{file_stem}\"",
                "active_projects = \"running\"",
                "idle_projects = \"paused\"",
                "drop = [\"leader\"]",
            ],
            never: &["navigation", "team.yml", "events.yml", "fr.yml", "{git.", "{heading}", "_posts/"],
            said: &[
                "8 entrées",
                "rien d'autre que « name » ne distingue les entrées",
                "src/_data/team.yml (8) : des personnes",
                "src/_data/events.yml (8) : des événements",
            ],
        },
        Expected {
            name: "table",
            files: vec![file("projets.csv", format!("id;nom;description;commune;code\n{}", rows.collect::<String>()))],
            lines: &[
                "files = [\"projets.csv\"]",
                "key = \"p-{id}\"",
                "title = \"nom\"",
                "summary = \"description\"",
                "records = \"[]\"",
            ],
            never: &[],
            said: &["8 entrées"],
        },
        Expected {
            name: "map under a field",
            files: vec![file(
                "data/site.json",
                format!(
                    "{{\"version\": 1, \"projects\": {{{}}}, \"menu\": [{{\"title\": \"A\", \"description\": \"Une page\"}}]}}",
                    by_key.collect::<Vec<_>>().join(",\n")
                ),
            )],
            lines: &[
                "files = [\"data/site.json\"]",
                "records = \"projects[]\"",
                "key = \"p-{entry_key}\"",
                "summary = \"summary\"",
            ],
            never: &["menu"],
            said: &[],
        },
        Expected {
            name: "named for machines",
            files: vec![file("_data/projects.yml", list(TOWNS, dashboard))],
            lines: &["key = \"p-{name}\"", "title = \"project\"", "links = { field = \"links\", pattern = 'https?://[^\\s,;]+' }"],
            never: &[],
            said: &[],
        },
        Expected {
            name: "in three languages",
            files: vec![file(
                "projects.csv",
                TOWNS.iter().fold("slug,title_de,title_fr,description_de,description_fr\n".to_owned(), |table, town| {
                    format!("{table}{town},Der Plan von {town},Le plan de {town},Ein Plan der Stadt {town},Un plan de {town} que la ville tient pour les habitants\n")
                }),
            )],
            lines: &["title = \"title_fr\"", "summary = \"description_fr\"", "body = \"description_fr\"", "key = \"p-{slug}\""],
            never: &[],
            said: &["chaque fiche a ses textes en plusieurs langues", "(« title_de »)"],
        },
        Expected {
            name: "folders of languages",
            files: vec![
                file("_data/fr/projets.yml", list(TOWNS, |number, town| format!("- id: k{number}\n  titre: Le kiosque de {town}\n  description: Un kiosque pour les habitants de {town}, dans la rue\n"))),
                file("_data/en/projets.yml", list(TOWNS, |number, town| format!("- id: k{number}\n  titre: The kiosk of {town}\n  description: A kiosk for the people of {town}, in the street\n"))),
            ],
            lines: &["files = [\"_data/*/projets.yml\"]", "key = \"p-{id}\"", "lang = \"{folder[1]}\"", "records = \"[]\""],
            never: &["[collections.projets-2]"],
            said: &["16 entrées", "l'original d'abord"],
        },
        Expected {
            name: "suffixes of languages",
            files: vec![
                file("_data/projets.fr.yml", list(TOWNS, |number, town| format!("- id: k{number}\n  titre: Le kiosque de {town}\n  description: Un kiosque pour les habitants de {town}, dans la rue\n"))),
                file("_data/projets.en.yml", list(TOWNS, |number, town| format!("- id: k{number}\n  titre: The kiosk of {town}\n  description: A kiosk for the people of {town}, in the street\n"))),
            ],
            lines: &["files = [\"_data/projets.*.yml\"]", "key = \"p-{id}\"", "lang = \"{language_suffix}\""],
            never: &["[collections.projets-2]"],
            said: &["16 entrées", "l'original d'abord"],
        },
        Expected {
            name: "lists in records",
            files: TOWNS
                .iter()
                .map(|town| {
                    let steps = ["Un", "Deux", "Trois"].map(|step| format!("  - title: {step}\n    description: Ce qui fut fait alors dans la ville\n")).concat();
                    file(&format!("projets/{town}.yml"), format!("title: Le kiosque de {town}\ndescription: Un kiosque pour les habitants\nville: {town}\nsteps:\n{steps}"))
                })
                .collect(),
            lines: &["files = [\"projets/*.yml\"]", "title = \"title\""],
            never: &["records ="],
            said: &[],
        },
        Expected {
            name: "by year",
            files: vec![
                file("_data/projets-2019.yml", list(&TOWNS[..4], project)),
                file("_data/projets-2020.yml", list(&TOWNS[4..], project)),
            ],
            lines: &["files = [\"_data/projets-*.yml\"]", "[collections.projets]"],
            never: &["{file_stem}"],
            said: &["8 entrées"],
        },
        Expected {
            name: "groups",
            files: vec![file(
                "_data/projets.yml",
                ["en_cours", "finis", "abandonnes"].map(|group| format!("{group}:\n{}", list(&TOWNS[..3], project))).concat(),
            )],
            lines: &[
                "records = \"[][]\"",
                "status = \"{entry_key}\"",
                "en_cours = \"running\"",
                "finis = \"stopped\"",
                "abandonnes = \"stopped\"",
            ],
            never: &["records = \"en_cours[]\""],
            said: &["9 entrées"],
        },
        Expected {
            name: "with pages",
            files: pages_of(TOWNS)
                .into_iter()
                .chain([file(
                    "_data/projets.yml",
                    list(TOWNS, |_, town| {
                        format!("- title: La régie de {town}\n  description: Une régie de quartier dans cette ville\n")
                    }),
                )])
                .collect(),
            lines: &["files = [\"_projets/*.md\"]"],
            never: &["records ="],
            said: &["_data/projets.yml : 8 entrées sur 8 ont une page à elles"],
        },
        Expected {
            name: "most with pages",
            files: pages_of(&TOWNS[..5])
                .into_iter()
                .chain([file(
                    "_data/projets.yml",
                    list(TOWNS, |_, town| {
                        format!("- Nom du projet: La régie de {town}\n  description: Une régie de quartier dans cette ville\n")
                    }),
                )])
                .collect(),
            lines: &["files = [\"_projets/*.md\"]"],
            never: &["records ="],
            said: &[
                "_data/projets.yml : 5 entrées sur 8 ont une page à elles, déjà prise ; les autres n'en ont pas",
                "where = { \"Nom du projet\" = [\"La régie de Roubaix\", \"La régie de Dijon\", \"La régie de Nantes\"] }",
            ],
        },
        Expected {
            name: "the same in two formats",
            files: vec![
                file(
                    "data/projets.csv",
                    TOWNS.iter().fold("id,nom,description,commune\n".to_owned(), |table, town| {
                        format!("{table}{town},La régie de {town},Une régie de quartier où l'on répare ce qui peut l'être,{town}\n")
                    }),
                ),
                file(
                    "data/projets.json",
                    format!(
                        "[{}]",
                        TOWNS
                            .iter()
                            .map(|town| format!("{{\"id\": \"{town}\", \"nom\": \"La régie de {town}\", \"resume\": \"Une régie de quartier où l'on répare\", \"commune\": \"{town}\", \"statut\": \"en cours\"}}"))
                            .collect::<Vec<_>>()
                            .join(",")
                    ),
                ),
            ],
            lines: &["files = [\"data/projets.json\"]"],
            never: &["projets.csv"],
            said: &["data/projets.csv : 8 entrées sur 8 sont aussi dans data/projets.json"],
        },
        Expected {
            name: "titles and texts in languages",
            files: vec![file(
                "projects.json",
                format!(
                    "[{}]",
                    TOWNS
                        .iter()
                        .enumerate()
                        .map(|(number, town)| format!(
                            "{{\"project_id\": \"k{number}\", \"title\": {{\"fr\": \"Le kiosque de {town}\", \"en\": \"The kiosk of {town}\"}}, \
                             \"start\": \"2018-0{}\", \"organization\": {{\"name\": \"Association {number}\", \"about\": {{\"fr\": {{\"text\": \"Une association de {town} qui compte cent membres et plus, dit son site.\"}}}}}}, \
                             \"description\": {{\"fr\": {{\"summary\": \"Un kiosque pour les habitants de {town}, dans la rue\", \"problem\": \"Il n'y en avait pas dans la ville de {town}, et les habitants en voulaient un\"}}, \
                             \"en\": {{\"summary\": \"A kiosk for the people of {town}, in the street\", \"problem\": \"There was none in the town of {town}, and its people wanted to have one\"}}}}}}",
                            number + 1
                        ))
                        .collect::<Vec<_>>()
                        .join(",")
                ),
            )],
            lines: &[
                "files = [\"projects.json\"]",
                "title = \"title.fr\"",
                "summary = \"description.fr.summary\"",
                "problem = \"description.fr.problem\"",
                "start = \"start\"",
                "organisations = { field = \"organization.name\", role = \"operator\" }",
            ],
            never: &["about", ".en"],
            said: &[],
        },
        Expected {
            name: "in the front matter of a page",
            files: vec![
                file(
                    "projecten.md",
                    format!(
                        "---\ntitle: Projecten en opdrachten\nlayout: projecten\nprojects_list:\n{}---\n",
                        list(TOWNS, |number, town| format!("- title: Werk in {town}\n  short_description: Begeleiden van het gebied {number} met de bewoners\n"))
                    ),
                ),
                file("index.md", "---\ntitle: Welkom\n---\nEen site.\n"),
            ],
            lines: &[
                "files = [\"projecten.md\"]",
                "records = \"projects_list[]\"",
                "key = \"p-{title}\"",
                "summary = \"short_description\"",
            ],
            never: &["\"projects_list\""],
            said: &["8 entrées"],
        },
        Expected {
            name: "steps in the front matter of projects",
            files: pages_of(TOWNS)
                .into_iter()
                .enumerate()
                .map(|(number, (path, text))| {
                    let steps = if number == 0 { list(&TOWNS[..3], |_, town| format!("- title: {town}\n  description: Ce qui y fut fait par tous\n")) } else { "\n".to_owned() };
                    (path, text.replacen("---\n", &format!("---\nactions:\n{steps}"), 1))
                })
                .collect(),
            lines: &["files = [\"_projets/*.md\"]"],
            never: &["records"],
            said: &[],
        },
        Expected {
            name: "entries that share a title, and are elsewhere each",
            files: vec![file(
                "data/TiersLieux.json",
                format!(
                    "{{\"espaces_numeriques\": [{}]}}",
                    TOWNS
                        .iter()
                        .enumerate()
                        .map(|(number, town)| format!("{{\"Espace numérique\": \"{}\", \"Commune\": \"{town}\", \"Code postal\": \"4700{number}\"}}", if number == 0 { "Cité des métiers" } else { "Espace numérique" }))
                        .collect::<Vec<_>>()
                        .join(",")
                ),
            )],
            lines: &[
                "records = \"espaces_numeriques[]\"",
                "key = \"p-{Espace numérique}-{Commune}\"",
                "title = \"Espace numérique\"",
                "places = [{ name = \"Commune\", postcode = \"Code postal\" }]",
            ],
            never: &[],
            said: &[
                "6 entrées ont le même « Espace numérique » qu'une autre ; « Commune » les distingue",
                "title = \"{Espace numérique}, {Commune}\"",
            ],
        },
        Expected {
            name: "entries that share a title and all else",
            files: vec![file(
                "_data/projets.yml",
                list(TOWNS, |number, _| {
                    format!("- titre: Le kiosque {}\n  description: Un kiosque pour les habitants, dans la rue\n", number / 2)
                }),
            )],
            lines: &["key = \"p-{titre}\""],
            never: &[],
            said: &["4 entrées ont le même « titre » qu'une autre, et rien d'autre ne les distingue"],
        },
        Expected {
            name: "a list of which nothing is known",
            files: pages_of(TOWNS)
                .into_iter()
                .chain([file(
                    "_data/divers.yml",
                    list(TOWNS, |number, town| {
                        format!("- title: Le marché de {town}\n  description: Un marché dans cette ville\n  ville: {town}\n  annee: 201{number}\n")
                    }),
                )])
                .collect(),
            lines: &["files = [\"_projets/*.md\"]"],
            never: &["records ="],
            said: &["_data/divers.yml (8 entrées) : des études de cas aussi ?"],
        },
    ]
}

#[test]
fn lists_of_projects_are_proposed_and_no_others() {
    expected().iter().for_each(Expected::check);
}
