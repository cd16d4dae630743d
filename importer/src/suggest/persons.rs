//! Which values look like names of persons, whom no import takes.

use maillage_explore::text::fold;

use super::page::Page;
use super::profile::{Field, Profile, ratio};
use super::vocabulary::{list, lists};
use super::words;

/// Whether a value is written as the name of a person is, `Forename Surname`: two or three words with capitals, none of which
/// is one of organisations.
pub fn looks_like_person(value: &str) -> bool {
    let words: Vec<&str> = value.split_whitespace().filter(|word| !is_beside_name(word)).collect();
    (2..=3).contains(&words.len()) && words.iter().all(|word| is_part_of_name(word)) && !names_organisation(value)
}

/// Whether a value is surely the name of a person: it looks like one, and begins with a title, a given name that is known, or the
/// first letters of some.
pub fn names_person(value: &str) -> bool {
    let folded = |word: &str| fold(word.split('-').next().unwrap_or(word));
    let is_given = |word: &str| lists("given_names").iter().any(|(_, names)| names.contains(&folded(word).as_str()));
    let is_initial = |word: &str| word.ends_with('.') && word.chars().filter(|sign| sign.is_alphabetic()).count() == 1;
    let is_telling =
        |word: &str| list("persons", "titles").contains(&folded(word).as_str()) || is_initial(word) || is_given(word);
    looks_like_person(value) && value.split_whitespace().find(|word| !is_particle(word)).is_some_and(is_telling)
}

/// How many values of a field look like names of persons, and are no places.
pub fn persons_in(field: &Field, is_place: &dyn Fn(&str) -> bool) -> usize {
    field.saying(|value| looks_like_person(value) && !is_place(value))
}

/// Whether a word of a value says that it is the name of an organisation: `Stadtwerke Ulm`.
pub fn names_organisation(value: &str) -> bool {
    let folded = format!(" {} ", fold(value));
    let is_one = |word: &str| folded.contains(&format!(" {word} "));
    let ends_so = |word: &str| list("organisations", "ends").iter().any(|end| word.ends_with(end));
    ["words", "more"].iter().any(|name| list("organisations", name).iter().any(|word| is_one(word)))
        || folded.split(' ').any(ends_so)
}

/// Whether pages have what only those of organisations have, and nothing of what those of persons have. Who is not sure leaves
/// them alone.
pub fn are_organisations<'p>(profile: &Profile, pages: impl Iterator<Item = &'p Page>) -> bool {
    let has = |section: &str, name: &str| {
        let is_usual = |field: &&Field| !field.is_nested() && ratio(field.filled, profile.files) > 0.5;
        let is_called = |field: &Field| list(section, name).contains(&words::name_words(field.name()).as_str());
        profile.fields.values().filter(is_usual).any(is_called)
    };
    let title = |page: &Page| {
        let mut fields = page.fields.entries.iter().filter(|entry| words::is_title(&entry.key));
        fields.find_map(|entry| entry.node.scalar().map(str::to_owned)).or_else(|| page.heading.clone())
    };
    let titles: Vec<String> = pages.filter_map(title).collect();
    let share = |is: fn(&str) -> bool| ratio(titles.iter().filter(|title| is(title)).count(), titles.len());
    let are_persons = has("persons", "own") || share(looks_like_person) >= 0.5;
    !are_persons && (has("organisations", "fields") || share(names_organisation) > 0.5)
}

/// Whether a word stands before or in a name and is none: a title, `von`.
fn is_beside_name(word: &str) -> bool {
    list("persons", "titles").contains(&fold(word).as_str()) || is_particle(word)
}

fn is_particle(word: &str) -> bool {
    list("persons", "beside").contains(&fold(word).as_str())
}

/// Whether a word is written as a part of a name: `Lea`, `Karl-Heinz`, `O'Neill`, `J.`; not `KIT`, `openLab`.
fn is_part_of_name(word: &str) -> bool {
    let parts: Vec<&str> = word.trim_end_matches('.').split(['-', '\'', '’']).collect();
    let is_part = |part: &&str| {
        let mut characters = part.chars();
        characters.next().is_some_and(char::is_uppercase) && characters.all(char::is_lowercase)
    };
    parts.iter().all(is_part)
}

#[cfg(test)]
mod tests {
    use super::{looks_like_person, names_person};

    #[test]
    fn names_of_persons_are_told_from_those_of_organisations() {
        for name in
            ["Andreas Kugel", "Karl-Heinz Müller", "Dr. Lea Fuchs", "Ludwig van Beethoven", "J. R. Tolkien", "Siobhán O'Neill"]
        {
            assert!(looks_like_person(name), "{name}");
            assert!(names_person(name), "{name}");
        }
        for name in ["Professione Archeologo", "Offene Werkstatt", "Gares Libres", "Porto Sicuro"] {
            assert!(looks_like_person(name) && !names_person(name), "{name}");
        }
        for name in [
            "Stadt Ulm",
            "Stadtwerke Karlsruhe",
            "Gartenbauamt Karlsruhe",
            "Mozilla Foundation",
            "Sportfreunde e.V.",
            "Gemeente Temse",
            "KIT Karlsruhe",
            "Umweltamt",
            "Team 4",
            "OpenStreetMap Community",
            "Ville de Paris",
            "openLab Berlin",
            "Ministère de la Culture",
        ] {
            assert!(!looks_like_person(name), "{name}");
        }
    }
}
