//! Values that stand in a page only to be replaced, as whoever made its template wrote them: `Insert the name here`.

use maillage_explore::text::fold;

use super::page::Page;
use super::vocabulary::list;
use super::words;
use crate::parse::value::Node;

/// Whether a page was never filled in: its title is to be replaced, or several of its fields are.
pub fn is_unfilled(page: &Page) -> bool {
    let told: Vec<Told> = page.fields.entries.iter().flat_map(|entry| told(&entry.key, &entry.node)).collect();
    let are_plain = told.iter().filter(|told| **told == Told::Plainly).count();
    let titles = page.fields.entries.iter().filter(|entry| words::is_title(&entry.key));
    let has_title_to_be = titles.filter_map(|entry| entry.node.scalar()).any(is_told_by_words);
    has_title_to_be || are_plain > 0 && told.len() > 1
}

/// How a value tells that it is to be replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    Plainly,
    /// By numbers, as true values may be called, too: `Phase 1, Phase 2`.
    ByNumbers,
}

/// The values that tell so of a field, and of what stands in it.
fn told(field: &str, node: &Node) -> Vec<Told> {
    if let Some(map) = node.map() {
        return map.entries.iter().flat_map(|entry| told(&entry.key, &entry.node)).collect();
    }
    match node.scalar() {
        Some(value) => of_value(field, value).into_iter().collect(),
        // A scalar is its own only item.
        None => node.items().iter().flat_map(|item| told(field, item)).collect(),
    }
}

fn of_value(field: &str, value: &str) -> Option<Told> {
    if is_told_by_words(value) || is_name_of(field, value) {
        return Some(Told::Plainly);
    }
    is_numbered(field, value).then_some(Told::ByNumbers)
}

/// Whether a value says that something else is to stand there: `TITLE GOES HERE`, `Insert the text from the report`.
fn is_told_by_words(value: &str) -> bool {
    const LONGEST: usize = 120;
    let folded = fold(value);
    if folded.contains("lorem ipsum") {
        return true;
    }
    let Some((first, rest)) = folded.split_once(' ').filter(|_| folded.len() <= LONGEST) else { return false };
    let is_asked = list("placeholders", "first").contains(&first);
    let where_from = || rest.split(' ').any(|word| list("placeholders", "where").contains(&word));
    is_asked && where_from() || list("placeholders", "ends").iter().any(|end| folded.ends_with(&format!(" {end}")))
}

/// Whether a value is no more than what its field is called and a word for a name: `Agency name`.
fn is_name_of(field: &str, value: &str) -> bool {
    let folded = fold(value);
    let field = words::name_words(field);
    let (names, others): (Vec<&str>, Vec<&str>) =
        folded.split(' ').partition(|word| list("placeholders", "names").contains(word));
    let is_of_field = |word: &&str| field.split(' ').any(|of_field| of_field == *word);
    !names.is_empty()
        && others.iter().any(is_of_field)
        && others.iter().all(|word| is_of_field(word) || list("placeholders", "joints").contains(word))
}

/// Whether a value is what its field is called, with numbers from one on: `Recipient 1, Recipient 2`.
fn is_numbered(field: &str, value: &str) -> bool {
    let field = words::singular(field);
    let is_next = |(number, part): (usize, &str)| {
        let folded = fold(part);
        let named = folded.strip_suffix(&format!(" {}", number + 1));
        named.is_some_and(|name| field == name || field.ends_with(&format!(" {name}")))
    };
    value.contains(',') && value.split(',').enumerate().all(is_next)
}

#[cfg(test)]
mod tests {
    use super::{Told, of_value};

    #[test]
    fn values_to_be_replaced_are_told_from_others() {
        use Told::{ByNumbers, Plainly};
        for (field, value, expected) in [
            ("agency", "Agency name", Some(Plainly)),
            ("structure", "Nom de la structure", Some(Plainly)),
            ("projectName", "Your project name", Some(Plainly)),
            ("agency", "Agency", None),
            ("agency", "Name the agency", Some(Plainly)),
            ("title", "What is in a name", None),
            ("topic_area", "TOPIC AREA LABEL GOES HERE", Some(Plainly)),
            ("timing", "Insert description from Appendix B", Some(Plainly)),
            ("resume", "Insérer le résumé ici", Some(Plainly)),
            ("titel", "Titel hier einfügen", Some(Plainly)),
            ("summary", "Insert coins to play", None),
            ("summary", "Everything that grows here", None),
            ("description", "Lorem ipsum dolor sit amet", Some(Plainly)),
            ("funding_recipient", "Recipient 1, Recipient 2, Recipient 3", Some(ByNumbers)),
            ("phases", "Phase 1, Phase 2", Some(ByNumbers)),
            ("phases", "Phase 2, Phase 3", None),
            ("funding_recipient", "School 1, School 2", None),
        ] {
            assert_eq!(of_value(field, value), expected, "{field}: {value}");
        }
    }
}
