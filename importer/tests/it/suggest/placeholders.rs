//! What stands in files only to be there: texts of typesetters, templates, pages that nobody is to see, addresses that were copied.

use super::commented::Expected;
use super::fields::{TEXT, pages};
use super::fixtures::{Files, TOWNS};

/// Records in folders of their own, of which one is to be copied.
fn with_folder(name: &str) -> Files {
    let page = |folder: &str, title: &str| {
        (format!("projekte/{folder}/index.md"), format!("---\ntitle: {title}\nstadt: {title}\n---\n{TEXT}\n"))
    };
    let folders = TOWNS.iter().map(|town| page(&town.to_lowercase(), town));
    folders.chain([page(name, "Beispiel")]).collect()
}

fn summaries() -> Vec<Expected> {
    let expected = |name, files, lines| Expected { name, files, lines, never: &[], said: &[] };
    vec![
        expected(
            "the title again in some",
            pages(|number, town| {
                let summary =
                    if number < 3 { format!("Le lieu de {town}") } else { format!("Les habitants de {town} y réparent tout") };
                format!("description: {summary}\n")
            }),
            &["summary = [{ field = \"description\", unless = \"title\" }, { field = \"{first_paragraph}\", longest = 600 }]"],
        ),
        expected(
            "the title again in nearly all",
            pages(|number, town| {
                let summary = if number < 7 { format!("Le lieu de {town}") } else { "Les habitants y réparent tout".to_owned() };
                format!("description: {summary}\nchapo: À {town}, les habitants réparent eux-mêmes ce qui est cassé\n")
            }),
            &["summary = \"chapo\""],
        ),
        expected(
            "the text of typesetters in some",
            pages(|number, town| {
                let summary =
                    if number < 3 { "Lorem ipsum dolor sit amet".to_owned() } else { format!("À {town}, on répare tout") };
                format!("description: {summary}\n")
            }),
            &[
                "    { field = \"description\", remove = \"(?is)^.*lorem ipsum.*$\" },",
                "    { field = \"{first_paragraph}\", longest = 600 },",
            ],
        ),
        expected(
            "the same in all",
            pages(|_, _| "description: Les lieux de la France entière\n".to_owned()),
            &["summary = { field = \"{first_paragraph}\", longest = 600 }"],
        ),
        expected(
            "the same in most",
            pages(|number, town| {
                let summary =
                    if number < 5 { "Un lieu de la France entière".to_owned() } else { format!("À {town}, on répare tout") };
                format!("description: {summary}\n")
            }),
            &[
                "    { field = \"description\", nothing = [\"Un lieu de la France entière\"] },",
                "    { field = \"{first_paragraph}\", longest = 600 },",
            ],
        ),
    ]
}

/// A page that somebody is to fill in, with fields beside its title.
fn to_be_filled_in(fields: &str) -> Files {
    let page = |path: &str| (path.to_owned(), format!("---\ntitle: Un lieu de plus\n{fields}---\n{TEXT}\n"));
    pages(|_, town| format!("ville: {town}\n")).into_iter().chain([page("projets/encore.md")]).collect()
}

fn records() -> Vec<Expected> {
    vec![
        Expected {
            name: "a page of which nobody filled in the fields",
            files: to_be_filled_in("porteur: Nom du porteur\ndescription: Insérer le résumé ici\nbudget: 10\n"),
            lines: &["except = [\"projets/encore.md\"]"],
            never: &[],
            said: &["projets/encore.md (1) : par leurs valeurs, qui sont à remplacer"],
        },
        Expected {
            name: "a page of which somebody left out one",
            files: to_be_filled_in("porteur: Nom du porteur\nville: Bron\n"),
            lines: &[],
            never: &["except"],
            said: &[],
        },
        Expected {
            name: "a page with things that are numbered",
            files: to_be_filled_in("phases: Phase 1, Phase 2\nodd: ODD 1, ODD 2\n"),
            lines: &[],
            never: &["except"],
            said: &[],
        },
        Expected {
            name: "pages of which most have the same fields left",
            files: pages(|number, _| {
                if number < 6 { "porteur: Nom du porteur\ncontact: Insérer le contact ici\n".to_owned() } else { String::new() }
            }),
            lines: &[],
            never: &["except"],
            said: &[],
        },
        Expected {
            name: "pages that the site does not show",
            files: pages(|number, _| format!("visible: {}\n", number != 3)),
            lines: &["skip = { visible = \"false\" }"],
            never: &[],
            said: &["1 fichier dont « visible » vaut « false » : le site ne les montre pas"],
        },
        Expected {
            name: "pages of which most are hidden, for some other reason",
            files: pages(|number, _| format!("hidden: {}\n", number != 3)),
            lines: &[],
            never: &["skip"],
            said: &[],
        },
        Expected {
            name: "drafts, which are left out without a rule",
            files: pages(|number, _| format!("draft: {}\n", number == 3)),
            lines: &[],
            never: &["skip"],
            said: &[],
        },
        Expected {
            name: "drafts in another language",
            files: pages(|number, _| format!("brouillon: {}\n", number == 3)),
            lines: &["skip = { brouillon = \"true\" }"],
            never: &[],
            said: &["1 fichier dont « brouillon » vaut « true »"],
        },
        Expected {
            name: "a folder to be copied",
            files: with_folder("-prompt"),
            lines: &["except = [\"projekte/-prompt/index.md\"]"],
            never: &[],
            said: &["projekte/-prompt/index.md (1) : par leur nom ou leur adresse, servent de modèle"],
        },
        Expected {
            name: "another folder to be copied",
            files: with_folder("_vorlage"),
            lines: &[],
            never: &[],
            said: &["projekte/_vorlage/index.md (1) : par leur nom ou leur adresse, servent de modèle"],
        },
        Expected {
            name: "former addresses, of which some were copied from page to page",
            files: pages(|number, _| {
                let copied = if number < 3 { "  - /projects/123456789/\n" } else { "" };
                format!("redirect_from:\n  - /lieu-{number}/\n{copied}")
            }),
            lines: &["aliases = { field = \"redirect_from[]\", nothing = [\"/projects/123456789/\"] }"],
            never: &[],
            said: &[],
        },
        Expected {
            name: "former addresses that were all copied",
            files: pages(|_, _| "redirect_from:\n  - /projects/123456789/\n".to_owned()),
            lines: &[],
            never: &["aliases"],
            said: &[],
        },
    ]
}

#[test]
fn summaries_that_tell_nothing_are_passed_over() {
    summaries().iter().for_each(Expected::check);
}

#[test]
fn records_that_are_none_are_left_aside() {
    records().iter().for_each(Expected::check);
}
