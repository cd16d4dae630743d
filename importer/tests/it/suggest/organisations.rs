//! Organisations that stand in files or lists of their own, and are named there by others.

use super::commented::Expected;
use super::fields::{TEXT, pages};
use super::fixtures::{Files, TOWNS};

fn with(mut files: Files, more: impl IntoIterator<Item = (String, String)>) -> Files {
    files.extend(more);
    files
}

/// A map of organisations by keys.
fn map(path: &str) -> (String, String) {
    let entry = |town: &&str| format!("{}:\n  naam: Gemeente {town}\n  url: https://{town}.example\n", &town[..3].to_lowercase());
    (path.to_owned(), TOWNS.iter().map(entry).collect())
}

fn expected() -> Vec<Expected> {
    let client = |_, town: &str| format!("opdrachtgever: {}\n", town[..3].to_lowercase());
    vec![
        Expected {
            name: "keys of a map",
            files: with(pages(client), [map("_data/organisaties.yml")]),
            lines: &[
                "files = [\"_data/organisaties.yml\"]",
                "records = \"[]\"",
                "key = \"p-{entry_key}\"",
                "name = \"naam\"",
                "website = \"url\"",
                "organisations = { field = \"opdrachtgever\", in = \"organisaties\", role = \"operator\" }",
            ],
            never: &[],
            said: &[],
        },
        Expected {
            name: "names, of which a list holds some",
            files: with(
                pages(|number, town| format!("partenaire: Gemeente {}\n", if number < 6 { town } else { "Elders" })),
                [map("_data/partners.yml")],
            ),
            lines: &["organisations = { field = \"partenaire\", in = \"partners\", role = \"partner\" }"],
            never: &[],
            said: &["« partenaire » en nomme 7, dont 1 que partners n'a pas (« Gemeente Elders »)", "[….values.organisations]"],
        },
        Expected {
            name: "names, of which a list holds the fewest",
            files: with(
                pages(|number, town| format!("partenaire: {}\n", if number < 3 { town } else { PEOPLE[number % 4] })),
                [map("_data/partners.yml")],
            ),
            lines: &[],
            never: &["makes = \"organisations\"", "Kugel"],
            said: &[],
        },
        Expected {
            name: "names, of which those that a list does not hold may be of persons",
            files: with(
                pages(|number, town| {
                    let name = if number < 6 { format!("Gemeente {town}") } else { PEOPLE[number % 4].to_owned() };
                    format!("partenaire: {name}\n")
                }),
                [map("_data/partners.yml")],
            ),
            lines: &["organisations = { field = \"partenaire\", role = \"partner\" }"],
            never: &["makes = \"organisations\"", "Braun"],
            said: &["« Prénom Nom » : 2 sur 8"],
        },
        Expected {
            name: "names, all of which a list holds",
            files: with(pages(|_, town| format!("partenaire: Gemeente {town}\n")), [map("_data/partners.yml")]),
            lines: &["organisations = { field = \"partenaire\", in = \"partners\", role = \"partner\" }"],
            never: &[],
            said: &[],
        },
        Expected {
            name: "organisations of two words, of which the repository has pages",
            files: with(
                pages(|number, _| format!("partenaires: [{}]\n", UNTOLD[number % 4])),
                UNTOLD
                    .iter()
                    .map(|name| (format!("partenaires/{}.md", name.len()), format!("---\ntitre: {name}\n---\n{TEXT}\n"))),
            ),
            lines: &["organisations = { field = \"partenaires[]\", in = \"partenaires\", role = \"partner\" }"],
            never: &[],
            said: &[],
        },
        Expected {
            name: "a map that nobody refers to",
            files: with(pages(|_, _| String::new()), [map("_data/partners.yml")]),
            lines: &[],
            never: &["makes = \"organisations\""],
            said: &["_data/partners.yml (8) : une liste d'organisations dont les fiches n'ont pas besoin"],
        },
        Expected {
            name: "towns, which are where something is",
            files: with(pages(|_, town| format!("commune: {}\n", town[..3].to_lowercase())), [map("_data/communes.yml")]),
            lines: &[],
            never: &["makes = \"organisations\""],
            said: &["_data/communes.yml (8) : une liste d'organisations dont les fiches n'ont pas besoin"],
        },
        Expected {
            name: "a folder called as the field, of which few files are written yet",
            files: with(
                pages(|_, town| format!("chaine:\n  porteurs: [regie-{}]\n", town.to_lowercase())),
                TOWNS.iter().take(3).map(|town| {
                    (format!("porteurs/regie-{}.yml", town.to_lowercase()), format!("nom: La régie de {town}\nannee: 2012\n"))
                }),
            ),
            lines: &[
                "files = [\"porteurs/*.yml\"]",
                "makes = \"organisations\"",
                "organisations = { field = \"chaine.porteurs[]\", in = \"porteurs\", role = \"operator\" }",
            ],
            never: &[],
            said: &[],
        },
    ]
}

const PEOPLE: [&str; 4] = ["Andreas Kugel", "Lea Fuchs", "Karl-Heinz Braun", "Martin Weis"];

const UNTOLD: [&str; 4] = ["Professione Archeologo", "Offene Werkstatt", "Gares Libres", "Porto Sicuro"];

/// Fields that may name organisations as well as persons.
fn either() -> Vec<Expected> {
    let expected =
        |name, fields: fn(usize, &str) -> String, lines, never, said| Expected { name, files: pages(fields), lines, never, said };
    vec![
        expected(
            "persons in a list of maps",
            |number, _| format!("collaborators:\n- name: {}\n- name: {}\n", PEOPLE[number % 4], PEOPLE[(number + 1) % 4]),
            &["# organisations = { field = \"collaborators[]\", role = \"partner\" }"],
            &["organisations", "Kugel", "Braun"],
            &["des valeurs de « collaborators[].name » peuvent être des noms de personnes", "« Prénom Nom » : 16 sur 16"],
        ),
        expected(
            "persons in a list",
            |number, _| format!("collaborators: [{}, {}]\n", PEOPLE[number % 4], PEOPLE[(number + 1) % 4]),
            &["# organisations = { field = \"collaborators[]\", role = \"partner\" }"],
            &["organisations", "Kugel"],
            &[],
        ),
        expected(
            "persons with commas between",
            |number, _| format!("mitwirkende: {}, {}\n", PEOPLE[number % 4], PEOPLE[(number + 1) % 4]),
            &["# organisations = { field = \"mitwirkende\", role = \"partner\" }"],
            &["organisations"],
            &[],
        ),
        expected(
            "half persons",
            |number, town| format!("partner: [Stadt {town}, {}]\n", PEOPLE[number % 4]),
            &["# organisations = { field = \"partner[]\", role = \"partner\" }"],
            &["organisations"],
            &["« Prénom Nom » : 8 sur 16"],
        ),
        expected(
            "a few persons among organisations",
            |number, town| {
                let person = if number == 0 { ", Hans Maier" } else { "" };
                format!("partner: [Stadt {town}, Stadtwerke {town}, Umweltamt{person}]\n")
            },
            &["organisations = { field = \"partner[]\", role = \"partner\" }"],
            &["Maier"],
            &["« Prénom Nom » : 1 sur 25"],
        ),
        expected(
            "organisations of two words, with addresses",
            |number, _| format!("partner-1: {}\npartner-url-1: https://a{number}.example/\n", UNTOLD[number % 4]),
            &["organisations = { field = \"partner-1\", role = \"partner\", website = \"partner-url-1\" }"],
            &[],
            &[],
        ),
        expected(
            "organisations of two words, with addresses and logos in a list",
            |number, _| format!("partners:\n- name: {}\n  logo: /l/{number}.png\n", UNTOLD[number % 4]),
            &["organisations = { field = \"partners[]\", role = \"partner\" }"],
            &[],
            &[],
        ),
        expected(
            "organisations of two words among others",
            |number, town| format!("partner: [Stadt {town}, {}]\n", UNTOLD[number % 4]),
            &["organisations = { field = \"partner[]\", role = \"partner\" }"],
            &[],
            &[],
        ),
        expected(
            "two words of which nothing is known",
            |number, _| format!("partner: [{}]\n", UNTOLD[number % 4]),
            &["# organisations = { field = \"partner[]\", role = \"partner\" }"],
            &["organisations"],
            &["« Prénom Nom » : 8 sur 8"],
        ),
        expected(
            "persons with addresses",
            |number, _| format!("partners:\n- name: {}\n  url: https://a{number}.example/\n", PEOPLE[number % 4]),
            &["# organisations = { field = \"partners[]\", role = \"partner\" }"],
            &["organisations"],
            &[],
        ),
        expected(
            "persons beside organisations in another field",
            |number, town| format!("organisation: Gemeente {town}\nmitwirkende: [{}]\n", PEOPLE[number % 4]),
            &[
                "organisations = { field = \"organisation\", role = \"operator\" }",
                "# organisations = [",
                "#     { field = \"mitwirkende[]\", role = \"partner\" },",
            ],
            &[],
            &[],
        ),
    ]
}

#[test]
fn persons_are_no_organisations() {
    either().iter().for_each(Expected::check);
}

/// Folders called as those of persons.
fn profiles() -> Vec<Expected> {
    let folder = |title: fn(usize, &str) -> String, fields: &'static str| {
        let page = |(number, town): (usize, &&str)| {
            let text = format!("---\ntitle: {}\n{fields}city: {town}\n---\n{TEXT}\n", title(number, town));
            (format!("profiles/p{number}.md"), text)
        };
        let why = ("why.md".to_owned(), format!("---\ntitle: Pourquoi\n---\n{TEXT}\n"));
        TOWNS.iter().enumerate().map(page).chain([why]).collect::<Files>()
    };
    let projects = || pages(|_, _| String::new());
    let expected = |name, files, lines, never, said| Expected { name, files, lines, never, said };
    vec![
        expected(
            "organisations by their fields",
            folder(|_, town| format!("Biovision{town}"), "org_type: Organization\nsubtype: NGO\nwebsite: https://a.example\n"),
            &["files = [\"profiles/*.md\"]"],
            &["\"*.md\""],
            &["profiles/ (8 fichiers) : sont-ce des études de cas"],
        ),
        expected(
            "organisations by their names",
            folder(|_, town| format!("Fondation {town}"), "website: https://a.example\n"),
            &["files = [\"profiles/*.md\"]"],
            &["\"*.md\""],
            &[],
        ),
        expected(
            "persons by their names",
            with(folder(|number, _| PEOPLE[number % 4].to_owned(), "org_type: Individual\n"), projects()),
            &[],
            &["profiles", "\"*.md\""],
            &["profiles/ (8) : des personnes"],
        ),
        expected(
            "persons by their fields",
            with(folder(|number, _| format!("Torf{number}"), "role: Developer\nsubtype: a\n"), projects()),
            &[],
            &["profiles", "\"*.md\""],
            &["profiles/ (8) : des personnes"],
        ),
        expected(
            "nothing that tells",
            with(folder(|number, _| format!("Torf{number}"), "website: https://a.example\n"), projects()),
            &[],
            &["profiles", "\"*.md\""],
            &["profiles/ (8) : des personnes"],
        ),
    ]
}

#[test]
fn profiles_are_of_persons_or_of_organisations() {
    profiles().iter().for_each(Expected::check);
}

/// Names and labels of which some hold a sign or a blank that parts nothing.
fn parted() -> Vec<Expected> {
    let expected =
        |name, fields: fn(usize, &str) -> String, lines, never| Expected { name, files: pages(fields), lines, never, said: &[] };
    vec![
        expected(
            "two organisations in one text",
            |number, town| match number % 2 {
                0 => format!("organisation: Stadt {town} & Verein Offene {town}\n"),
                _ => format!("organisation: Stadt {town}\n"),
            },
            &["organisations = { field = \"organisation\", split = \" & \", role = \"operator\" }"],
            &[],
        ),
        expected(
            "links",
            |number, town| {
                format!("partner: \"[Stadt {town}](https://stadt-{number}.example/), [Verein {number}](https://v.example)\"\n")
            },
            &["organisations = { field = \"partner\", pattern = '\\[([^\\]]+)\\]\\(', role = \"partner\" }"],
            &["split"],
        ),
        expected(
            "links beside names",
            |number, town| match number % 2 {
                0 => format!("partner: \"[Stadt {town}](https://stadt-{number}.example/)\"\n"),
                _ => format!("partner: Stadt {town}\n"),
            },
            &["organisations = { field = \"partner\", pattern = '^\\[?([^\\]]+?)(?:\\]\\(.*)?$', role = \"partner\" }"],
            &[],
        ),
        expected(
            "links of persons",
            |number, _| format!("partner: \"[{}](https://p-{number}.example/)\"\n", PEOPLE[number % 4]),
            &["# organisations = { field = \"partner\", pattern = '\\[([^\\]]+)\\]\\(', role = \"partner\" }"],
            &["organisations"],
        ),
        expected(
            "a sign in names",
            |number, town| match number % 2 {
                0 => format!("organisation: Müller & Söhne {town}\n"),
                _ => format!("organisation: Stadt {town}\n"),
            },
            &["organisations = { field = \"organisation\", role = \"operator\" }"],
            &["split"],
        ),
        expected(
            "items of several words",
            |number, _| {
                let items = ["sacred natural-sites", "care movement/ethics", "agro-ecology", "food sovereignty"];
                format!("keywords:\n- {}\n- {}\n", items[number % 4], items[(number + 1) % 4])
            },
            &["tags = \"keywords[]\""],
            &["split"],
        ),
        expected(
            "several fields of tags",
            |number, _| {
                let items = ["Land", "Water", "Housing", "Energy", "Food", "Care", "Law", "Art"];
                format!(
                    "tags_issues: [{}, x{number}]\ntags_approach: [{}, y{number}]\nsystem_focus: [{}]\n",
                    items[number],
                    items[7 - number],
                    items[number]
                )
            },
            &["tags = [\"system_focus[]\", \"tags_approach[]\", \"tags_issues[]\"]"],
            &[],
        ),
    ]
}

#[test]
fn names_and_labels_are_parted_where_they_are_several() {
    parted().iter().for_each(Expected::check);
}

/// One organisation that nearly all files name.
fn of_all() -> Vec<Expected> {
    let expected = |name, fields: fn(usize, &str) -> String, lines, said| {
        let untold = |(path, text): (String, String)| (path, text.replace("title: Le lieu de ", "title: Lieu numéro "));
        Expected { name, files: pages(fields).into_iter().map(untold).collect(), lines, never: &["places"], said }
    };
    vec![
        expected(
            "called after a town",
            |_, _| "lab: OK Lab Nantes\n".to_owned(),
            &["# places = [{ value = \"Nantes\", country = \"FR\" }]"],
            &["« lab » est presque partout « OK Lab Nantes »"],
        ),
        expected(
            "called after two towns",
            |_, _| "lab: OK Lab Nantes Dijon\n".to_owned(),
            &[],
            &["Le lieu : aucun champ ne le dit. S'il"],
        ),
        expected(
            "in half of the files",
            |number, _| format!("lab: {}\n", if number % 2 == 0 { "OK Lab Nantes" } else { "OK Lab" }),
            &[],
            &["Le lieu : aucun champ ne le dit. S'il"],
        ),
    ]
}

/// A place that nothing tells but what the site is called.
fn of_site() -> Vec<Expected> {
    let untold = |(path, text): (String, String)| (path, text.replace("title: Le lieu de ", "title: Lieu numéro "));
    let files = |more: &[(&str, &str)]| {
        let more = more.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
        with(pages(|_, _| String::new()).into_iter().map(untold).collect(), more)
    };
    let expected = |name, files, lines, said| Expected { name, files, lines, never: &["places"], said };
    let offered: &[&str] = &["# places = [{ value = \"Nantes\", country = \"FR\" }]"];
    vec![
        expected(
            "settings",
            files(&[("_config.yml", "title: Données ouvertes de Nantes\ndescription: Un site\n")]),
            offered,
            &["_config.yml appelle le tout « Données ouvertes de Nantes »"],
        ),
        expected(
            "settings in TOML, by their description",
            files(&[("hugo.toml", "title = \"Les communs\"\ndescription = \"Ce qui se fait à Nantes\"\n")]),
            offered,
            &[],
        ),
        expected(
            "a README",
            files(&[("README.md", "# Open Data Nantes\n\nUn site.\n")]),
            offered,
            &["README.md appelle le tout"],
        ),
        expected(
            "unknown places, and a country in the name of the site",
            files(&[("_config.yml", "title: Les lieux du Brésil\n")])
                .into_iter()
                .map(|(path, text)| (path, text.replace("title: Lieu numéro ", "location: Vila Desconhecida de ")))
                .collect(),
            &["# places = [{ name = \"location\", country = \"BR\" }]"],
            &["« location » ne dit presque pas de lieux connus"],
        ),
        expected("two towns", files(&[("README.md", "# De Nantes à Dijon\n\nUn site.\n")]), &[], &["S'il est le même pour tous"]),
    ]
}

#[test]
fn the_town_that_a_site_is_called_after_is_offered() {
    of_site().iter().for_each(Expected::check);
}

#[test]
fn the_town_of_the_organisation_of_all_is_offered() {
    of_all().iter().for_each(Expected::check);
}

#[test]
fn organisations_of_other_files_are_referred_to() {
    expected().iter().for_each(Expected::check);
}
