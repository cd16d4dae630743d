//! Which files are meant: by the values of their fields.

use maillage_explore::text::fold;

use super::page::Page;
use super::template::Pointer;

/// Fields with the values that each must have one of.
#[derive(Debug, Clone, Default)]
pub struct Condition {
    pub all: Vec<(Pointer, Vec<Wanted>)>,
}

/// A value that a field may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    Nothing,
    Anything,
    /// Folded; what stands before, between and after stars.
    Like(Vec<String>),
    /// The same of a text whose signs tell, such as `(*`: in lower case alone.
    Signs(Vec<String>),
}

/// A value in the forms that are compared.
struct Said {
    folded: String,
    lower: String,
}

impl Wanted {
    pub fn new(text: &str) -> Self {
        match text.trim() {
            "" => Self::Nothing,
            "*" => Self::Anything,
            text if text.split('*').any(|part| !part.trim().is_empty() && fold(part).is_empty()) => {
                Self::Signs(text.split('*').map(|part| part.trim().to_lowercase()).collect())
            }
            text => Self::Like(text.split('*').map(fold).collect()),
        }
    }

    fn is(&self, values: &[Said]) -> bool {
        match self {
            Self::Nothing => values.is_empty(),
            Self::Anything => !values.is_empty(),
            Self::Like(parts) => values.iter().any(|value| is_like(&value.folded, parts)),
            Self::Signs(parts) => values.iter().any(|value| is_like(&value.lower, parts)),
        }
    }
}

/// Whether a text is these parts with anything between them.
fn is_like(text: &str, parts: &[String]) -> bool {
    let [first, middle @ .., last] = parts else { return parts.first().is_some_and(|only| only == text) };
    let Some(mut rest) = text.strip_prefix(first.as_str()) else { return false };
    for part in middle {
        let Some(found) = rest.find(part.as_str()) else { return false };
        rest = &rest[found + part.len()..];
    }
    rest.ends_with(last.as_str())
}

impl Condition {
    /// Whether a file meets it.
    pub fn holds(&self, page: &Page<'_>) -> bool {
        self.unmet(page).is_none()
    }

    /// The first of its fields that has none of its values.
    pub fn unmet(&self, page: &Page<'_>) -> Option<&Pointer> {
        let is_met = |place: &Pointer, wanted: &[Wanted]| {
            let said = |text: &str| Said { folded: fold(text), lower: text.trim().to_lowercase() };
            let values: Vec<Said> = place
                .find(page)
                .iter()
                .flat_map(|node| node.items().iter().filter(|item| !item.is_blank()))
                .map(|item| said(item.scalar().unwrap_or_default()))
                .collect();
            wanted.iter().any(|wanted| wanted.is(&values))
        };
        self.all.iter().find(|(place, wanted)| !is_met(place, wanted)).map(|(place, _)| place)
    }

    /// The fields at the top that it reads.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.all.iter().flat_map(|(place, _)| place.fields())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;
    use crate::parse::yaml;

    #[test]
    fn conditions_are_met_by_any_of_the_values() {
        let text = "categories: [Case Studies, News]\ndraft: \"false\"\nempty: ''\nbody: [{a: 1}]\nname: Lorem ipsum dolor\ngap: (Project Name)\nrule: '--'\n";
        let yaml = yaml::parse(text, &Limits::default()).expect("yaml");
        let fields = yaml.root.map().expect("a map");
        let page = Page::new("blog/a.md", fields, "Text", None, &[]);
        for (place, wanted, expected) in [
            ("categories", &["case studies"][..], true),
            ("categories[]", &["Other", "news"], true),
            ("categories", &["Case"], false),
            ("categories", &["case*"], true),
            ("draft", &["true", "1"], false),
            ("draft", &["FALSE"], true),
            ("empty", &[""], true),
            ("absent", &[""], true),
            ("absent", &["*"], false),
            ("draft", &["*"], true),
            ("body", &["*"], true),
            ("{body}", &[""], false),
            ("{folder}", &["blog"], true),
            ("name", &["*ipsum*"], true),
            ("name", &["lorem*dolor"], true),
            ("name", &["ipsum*"], false),
            ("gap", &["(*"], true),
            ("gap", &["*)"], true),
            ("gap", &["[*"], false),
            ("rule", &["--"], true),
            ("rule", &["-"], false),
        ] {
            let wanted: Vec<Wanted> = wanted.iter().map(|text| Wanted::new(text)).collect();
            let condition = Condition { all: vec![(place.parse().expect(place), wanted.clone())] };
            assert_eq!(condition.holds(&page), expected, "{place} {wanted:?}");
        }
    }
}
