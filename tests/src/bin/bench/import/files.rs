//! Case studies as a diligent partner writes them, 5 kB each: front matter, sections, lists, a table, links and a picture.

use std::fmt::Write as _;

use maillage_tests::git_server::File;
use maillage_tests::random::Random;

/// How many files share an organisation.
const FILES_PER_ORGANISATION: usize = 10;

/// The length of a text in bytes, about.
const BODY: usize = 4_600;

const TOWNS: &[(&str, &str)] = &[
    ("47001", "Agen"),
    ("59512", "Roubaix"),
    ("21231", "Dijon"),
    ("68224", "Mulhouse"),
    ("69029", "Bron"),
    ("13056", "Martigues"),
    ("30189", "Nîmes"),
    ("04070", "Digne-les-Bains"),
];

const TOPICS: &[&str] = &["wifi-public", "fablab", "donnees-ouvertes", "mediation-numerique"];

const STATUSES: &[&str] = &["idea", "pilot", "running", "paused", "stopped"];

const WORDS: &[&str] = &[
    "la",
    "ville",
    "ouvre",
    "un",
    "guichet",
    "où",
    "les",
    "agents",
    "accompagnent",
    "chaque",
    "habitant",
    "dans",
    "ses",
    "démarches",
    "en",
    "ligne",
    "du",
    "lundi",
    "au",
    "samedi",
    "avec",
    "des",
    "associations",
    "de",
    "quartier",
    "et",
    "une",
    "équipe",
    "formée",
    "par",
    "l'intercommunalité",
    "pour",
    "que",
    "personne",
    "ne",
    "reste",
    "sans",
    "réponse",
    "quand",
    "il",
    "faut",
    "déclarer",
    "demander",
    "ou",
    "payer",
    "œuvre",
    "école",
    "budget",
    "à",
    "peu",
    "près",
    "stable",
    "depuis",
    "trois",
    "ans",
    "malgré",
    "l'usage",
    "qui",
    "croît",
];

/// How many organisations so many files name.
pub fn organisations(count: usize) -> usize {
    count.div_ceil(FILES_PER_ORGANISATION)
}

/// The key of a file's initiative.
pub fn key(number: usize) -> String {
    format!("bench-{number}")
}

/// All files.
pub fn all(count: usize) -> impl Iterator<Item = File> {
    (0..count).map(|number| file(number, false))
}

/// A file as it is after a correction.
pub fn changed(number: usize) -> File {
    file(number, true)
}

fn file(number: usize, is_changed: bool) -> File {
    let mut random = Random::of(2026, number as u64);
    let (code, town) = random.one_of(TOWNS);
    let (topic, status) = (random.one_of(TOPICS), random.one_of(STATUSES));
    let (year, month) = (2012 + random.below(14), 1 + random.below(12));
    let organisation = number / FILES_PER_ORGANISATION;
    let text = format!(
        "---\nschema_version: 1\nid: {}\ntitle: \"Guichet numérique n° {number}\"\nsummary: >-\n  {}\nlang: fr\ntopics: [{topic}]\ntowns:\n  - {{code: '{code}', \
         name: {town}}}\norganisations:\n  - {{name: Association {organisation}, role: operator}}\nstatus: {status}\nstart: {year}-{month:02}\nlinks:\n  \
         - {{url: 'https://guichet-{number}.example/', label: Site}}\nlicense: etalab-2.0\n---\n{}",
        key(number),
        sentence(&mut random, 25),
        body(number, is_changed),
    );
    (format!("cases/{}/guichet-{number}.md", number % 100), text)
}

/// The text of a file, without its front matter.
pub fn body(number: usize, is_changed: bool) -> String {
    let mut random = Random::of(2027, number as u64);
    let mut text = String::with_capacity(BODY + 400);
    for heading in ["Problème", "Solution", "Résultats", "Points de vigilance", "Ce que nous avons appris"] {
        let _ = write!(text, "## {heading}\n\n");
        let end = text.len() + BODY / 5;
        let _ = write!(text, "{} **{}** {}\n\n", sentence(&mut random, 30), sentence(&mut random, 3), sentence(&mut random, 20));
        for _ in 0..3 {
            let _ = writeln!(text, "- {}", sentence(&mut random, 12));
        }
        let _ = write!(text, "\n[{}](https://guichet-{number}.example/{}) ", sentence(&mut random, 3), random.below(90));
        while text.len() < end {
            let _ = write!(text, "{} ", sentence(&mut random, 16));
        }
        text.push_str("\n\n");
    }
    let _ = write!(text, "![Le guichet](media/guichet-{number}.jpg)\n\n| année | visites |\n|---|---:|\n");
    for year in 2020..2024 {
        let _ = writeln!(text, "| {year} | {} |", random.below(9_000));
    }
    if is_changed {
        text.push_str("\nUne phrase de plus.\n");
    }
    text
}

fn sentence(random: &mut Random, words: usize) -> String {
    let words: Vec<&str> = (0..words).map(|_| *random.one_of(WORDS)).collect();
    format!("{}.", words.join(" "))
}
