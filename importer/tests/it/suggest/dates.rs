//! Which dates are those of pages, and which tell when something began and ended.

use super::commented::Expected;
use super::fields::{TEXT, pages};
use super::fixtures::{Files, TOWNS};

fn expected(name: &'static str, files: Files, lines: &'static [&'static str], said: &'static [&'static str]) -> Expected {
    Expected { name, files, lines, never: &[], said }
}

/// Pages that are called by days.
fn called(day: impl Fn(usize) -> String, field: impl Fn(usize) -> String) -> Files {
    let page = |(number, town): (usize, &&str)| {
        let head = format!("title: Le lieu de {town}\n{}", field(number));
        (format!("projets/{}-lieu-{number}.md", day(number)), format!("---\n{head}---\n{TEXT}\n"))
    };
    TOWNS.iter().enumerate().map(page).collect()
}

const OF_PAGE: &[&str] = &["modified = \"date\"", "# start = \"date\""];

const OF_PROJECT: &[&str] = &["start = \"date\""];

fn of_pages() -> Vec<Expected> {
    vec![
        expected(
            "the time of day",
            pages(|number, _| format!("date: 201{number}-05-12T10:47:1{number}-05:00\n")),
            OF_PAGE,
            &["« date » est sans doute le jour où la page fut publiée (avec l'heure pour la plupart)"],
        ),
        expected(
            "midnight, years apart",
            pages(|number, _| format!("date: 201{number}-05-12T00:00:00Z\n")),
            OF_PROJECT,
            &["peut-être le jour où la page fut publiée"],
        ),
        expected(
            "midnight as told in another zone",
            pages(|number, _| format!("date: 201{number}-05-12T2{}:00:00Z\n", 2 + number % 2)),
            OF_PROJECT,
            &[],
        ),
        expected(
            "when something was carried out",
            pages(|number, _| format!("date: 2021-05-1{number}T11:57:19Z\nexecution_date: 2019-0{}-12T22:00:00Z\n", number + 1)),
            &["start = \"execution_date\"", "modified = \"date\""],
            &[],
        ),
        expected(
            "one day for most",
            pages(|number, _| format!("datum: 2017-10-{}\n", if number < 6 { 12 } else { 20 + number })),
            &["modified = \"datum\"", "# start = \"datum\""],
            &["(le même jour pour la plupart)"],
        ),
        expected(
            "half in a month",
            pages(|number, _| format!("date: {}-04-{}\n", if number < 5 { 2017 } else { 2010 + number }, 11 + number)),
            OF_PAGE,
            &["(la moitié dans le même mois)"],
        ),
        expected(
            "beside what only tells of pages",
            pages(|number, _| format!("date: 2021-0{}-1{number}\ndraft: false\n", number + 1)),
            OF_PAGE,
            &["(à côté de « draft »)"],
        ),
        expected(
            "beside the last change",
            pages(|number, _| {
                let changed = if number < 6 { format!("lastmod: 2023-0{}-04\n", number + 1) } else { String::new() };
                format!("date: 2021-0{}-1{number}\n{changed}", number + 1)
            }),
            &["modified = [\"lastmod\", \"date\"]", "# start = \"date\""],
            &["(à côté de « lastmod »)"],
        ),
        expected(
            "laid out as posts",
            pages(|number, _| format!("date: 2021-0{}-1{number}\nlayout: post\n", number + 1)),
            OF_PAGE,
            &["(à côté de « layout »)"],
        ),
        expected(
            "drafts years apart",
            pages(|number, _| format!("date: 201{number}-05-12\ndraft: false\n")),
            OF_PROJECT,
            &["peut-être le jour où la page fut publiée"],
        ),
        expected(
            "firsts of months, which are no days",
            pages(|number, _| format!("date: 2021-0{}-01\ndraft: false\n", number + 1)),
            OF_PROJECT,
            &[],
        ),
        expected("years", pages(|number, _| format!("date: 202{}\ndraft: false\n", number % 4)), OF_PROJECT, &[]),
        expected(
            "with an end",
            pages(|number, _| format!("date: 2021-03-1{number}\nend_date: 2022-04-1{number}\n")),
            &["start = \"date\"", "end = \"end_date\""],
            &[],
        ),
        expected(
            "the day in the name of the file",
            called(|number| format!("2021-0{}-12", number + 1), |number| format!("date: 2021-0{}-12\n", number + 1)),
            OF_PAGE,
            &["(celui du nom de fichier"],
        ),
        expected(
            "names of files, in a month",
            called(|number| format!("2021-03-1{number}"), |_| String::new()),
            &[
                "modified = { field = \"{file_stem}\", pattern = '^\\d{4}-\\d{2}-\\d{2}' }",
                "# start = { field = \"{file_stem}\", pattern = '^\\d{4}-\\d{2}-\\d{2}' }",
            ],
            &["la date au début des noms de fichier est sans doute"],
        ),
        expected(
            "names of files, years apart",
            called(|number| format!("201{number}-03-12"), |_| String::new()),
            &[
                "modified = { field = \"{file_stem}\", pattern = '^\\d{4}-\\d{2}-\\d{2}' }",
                "# start = { field = \"{file_stem}\", pattern = '^\\d{4}-\\d{2}-\\d{2}' }",
            ],
            &["la date au début des noms de fichier est sans doute le jour où la page fut publiée (elle"],
        ),
        expected(
            "names of files, firsts of months",
            called(|number| format!("2018-0{}-01", number + 2), |_| String::new()),
            &["start = { field = \"{file_stem}\", pattern = '^\\d{4}-\\d{2}-\\d{2}' }"],
            &["la date au début des noms de fichier est peut-être"],
        ),
        expected(
            "names of files, of what happened on a day",
            called(|number| format!("201{number}-03-12"), |_| String::new())
                .into_iter()
                .map(|(path, text)| (path.replace("projets/", "ateliers/projets/"), text))
                .collect(),
            &["start = { field = \"{file_stem}\", pattern = '^\\d{4}-\\d{2}-\\d{2}' }"],
            &[],
        ),
        expected(
            "a day of the project, beside what only tells of pages",
            pages(|number, _| format!("projet:\n  date_installation: 2021-0{}-1{number}\ndraft: false\n", number + 1)),
            &["start = \"projet.date_installation\""],
            &[],
        ),
        expected(
            "beside a start",
            pages(|number, _| format!("date: 2021-03-1{number}\ndebut: 201{number}-03\n")),
            &["start = \"debut\"", "modified = \"date\""],
            &[],
        ),
    ]
}

fn of_projects() -> Vec<Expected> {
    vec![
        expected(
            "a period in one of many",
            pages(|number, _| format!("annee: {}\n", if number == 3 { "2015-2019".to_owned() } else { format!("201{number}") })),
            &["start = \"annee\"", "end = \"annee\""],
            &["la fin des périodes"],
        ),
        expected(
            "an end, and periods",
            pages(|number, _| match number {
                0..3 => format!("debut: 201{number} - 2022\n"),
                _ => format!("debut: 201{number}\nfin: 2023\n"),
            }),
            &["start = \"debut\"", "end = [\"fin\", \"debut\"]"],
            &[],
        ),
        expected(
            "a day before a year",
            pages(|number, _| format!("annee: 202{}\ndate_lancement: 201{number}-11-14\n", number % 3)),
            &["start = [\"date_lancement\", \"annee\"]"],
            &[],
        ),
    ]
}

#[test]
fn dates_of_pages_are_no_starts() {
    of_pages().iter().for_each(Expected::check);
}

#[test]
fn ends_are_told_by_fields_and_periods() {
    of_projects().iter().for_each(Expected::check);
}
