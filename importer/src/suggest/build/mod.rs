//! From the meanings of fields to the fields of a mapping.

mod dates;
pub mod labels;
pub mod page_date;
mod recurring;
mod status;
mod summary;

use std::collections::{BTreeMap, BTreeSet};

use super::Countries;
use super::decisions::Doubt;
use super::meaning::{Found, Meanings, is_picture};
use super::model::{FieldChoice, Rule, ValueChoice};
use super::page::Page;
use super::profile::{Field, Profile};
use super::references::Reference;
use super::said::{Said, shortened};
use super::shape::Shape;
use super::vocabulary::list;
use super::words::{self, Meaning, Sureness};
use crate::parse::personal::is_of_service;
use crate::slug::slug;

/// The fields of a collection of initiatives, what their values are, and what a person is to decide.
#[derive(Debug, Default)]
pub struct Built {
    pub fields: Vec<FieldChoice>,
    /// What is too unsure to be taken without a person's word.
    pub offered: Vec<FieldChoice>,
    pub values: BTreeMap<&'static str, Vec<ValueChoice>>,
    pub decisions: Vec<Doubt>,
}

/// What is known of a collection.
pub struct Material<'a> {
    pub name: &'a str,
    pub profile: &'a Profile,
    pub meanings: &'a Meanings<'a>,
    pub pages: &'a [&'a Page],
    /// The language of the repository, in which links are called.
    pub language: &'a str,
    /// References from its fields: the reference, the collection referred to, and whether that makes organisations.
    pub references: &'a [(&'a Reference, String, bool)],
    /// How the repository calls organisations that it tells of, as words for machines.
    pub organisations: &'a BTreeSet<String>,
    /// In which countries places of a name are.
    pub countries: &'a Countries<'a>,
}

/// The fields of initiatives.
pub fn initiatives(material: &Material<'_>) -> Built {
    let mut built = Built::default();
    built.title(material, "title");
    built.summary(material);
    built.texts(material);
    built.summary_of_text();
    built.status(material);
    built.dates(material);
    built.labels(material);
    built.recurring(material);
    built.organisations(material);
    built.links(material);
    built.picture(material);
    built.contact(material);
    built.rest(material);
    built.languages(material);
    built
}

/// The fields of organisations.
pub fn organisations(material: &Material<'_>) -> Built {
    let mut built = Built::default();
    built.title(material, "name");
    built.one_of(material, "other_names", &[Meaning::OtherName]);
    built.website(material);
    if let Some((reference, collection, _)) = material.references.iter().find(|(reference, _, makes_organisations)| {
        *makes_organisations
            && words::meanings(material.profile.get(&reference.field).map_or("", Field::name))
                .iter()
                .any(|named| matches!(named.meaning, Meaning::PartOf | Meaning::Operator))
    }) {
        let rule = Rule { collections: Some(collection.clone()), ..Rule::of(reference.field.clone()) };
        let filled = material.profile.get(&reference.field).map_or(0, |field| field.filled);
        built.fields.push(FieldChoice { ours: "part_of", rules: vec![rule], filled, note: None });
    }
    built.one_of(material, "aliases", &[Meaning::Alias]);
    built
}

/// What labels in one text are separated by.
pub fn separator(field: &Field) -> Option<&'static str> {
    if field.share(|shape| shape == Shape::Labels) < 0.15 {
        return None;
    }
    let count = |separator: char| field.counts.keys().filter(|value| value.contains(separator)).count();
    [(';', ";"), ('|', "|"), (',', ",")]
        .into_iter()
        .find(|(separator, _)| count(*separator) * 5 >= field.counts.len())
        .map(|(_, text)| text)
}

impl Built {
    /// The field for it, the link of a list that is called so, or any other link.
    fn website(&mut self, material: &Material<'_>) {
        self.one_of(material, "website", &[Meaning::Website]);
        if self.has("website") {
            return;
        }
        let Some(field) = material.meanings.best(Meaning::Link) else { return };
        if let Some(path) = named_link(field, material.profile) {
            self.fields.push(FieldChoice { ours: "website", rules: vec![Rule::of(path)], filled: field.filled, note: None });
        } else {
            self.one_of(material, "website", &[Meaning::Link]);
        }
    }

    fn title(&mut self, material: &Material<'_>, ours: &'static str) {
        let found = titles(material);
        let mut rules: Vec<Rule> = found.iter().take(3).map(|found| Rule::of(&found.field.path)).collect();
        let filled = found.first().map_or(0, |found| found.field.filled);
        if let (Some(best), Some(rule)) = (found.first(), rules.first_mut()) {
            rule.remove = common_start(best.field).map(|start| format!("^{}", escaped(&start)));
            if best.field.filled == material.profile.files {
                rules.truncate(1);
            }
        }
        let has_title = |page: &Page| found.iter().any(|found| page.fields.filled(found.field.top()).is_some());
        let untitled: Vec<&&Page> = material.pages.iter().filter(|page| !has_title(page) && page.words > 0).collect();
        let headed = untitled.iter().filter(|page| page.heading.is_some()).count();
        if headed > 0 {
            rules.push(Rule::of("{heading}"));
        }
        // A name in words is a title. Any other is put into words where nothing else tells one, without a rule.
        let in_words = untitled.iter().filter(|page| page.stem().contains(' ')).count();
        if in_words * 2 > untitled.len() && headed < untitled.len() {
            rules.push(Rule::of("{file_stem}"));
        } else if rules.is_empty() {
            rules.push(Rule::of("{heading}"));
        }
        if headed < untitled.len() {
            self.decisions.push(Doubt::TitleOfFile { files: untitled.len() - headed });
        }
        let filled = filled + headed;
        self.fields.push(FieldChoice { ours, rules, filled, note: None });
    }

    /// The text, where it stands in fields: sections of their own, or all of it where files have nothing else.
    fn texts(&mut self, material: &Material<'_>) {
        const SECTIONS: &[(&str, Meaning)] = &[
            ("problem", Meaning::Problem),
            ("solution", Meaning::Solution),
            ("results", Meaning::Results),
            ("lessons", Meaning::Lessons),
        ];
        for (ours, meaning) in SECTIONS {
            let found = || material.meanings.all(*meaning).iter().map(|found| found.field);
            if let Some(field) =
                found().find(|field| !is_in_another_language(field, material.language)).or_else(|| found().next())
            {
                self.fields.push(FieldChoice { ours, rules: vec![Rule::of(&field.path)], filled: field.filled, note: None });
            }
        }
        let written = material.pages.iter().filter(|page| page.words > 0).count();
        // The summary is not the text where a longer field tells more.
        let longest = || {
            let summaries = material.meanings.all(Meaning::Summary).iter().map(|found| found.field);
            summaries
                .filter(|field| field.filled * 5 >= material.profile.files)
                .filter(|field| !is_in_another_language(field, material.language))
                .max_by(|one, other| one.length().total_cmp(&other.length()))
        };
        let bodies = material.meanings.all(Meaning::Body).iter().map(|found| found.field);
        let body = bodies.into_iter().find(|field| !is_in_another_language(field, material.language));
        // Of many pages with texts of their own some may have theirs in a field.
        let unwritten = |field: &&Field| {
            let has_it = |page: &&&Page| page.words == 0 && page.fields.filled(field.top()).is_some();
            written * 5 >= material.pages.len() && material.pages.iter().filter(has_it).count() > 1
        };
        if let Some(field) = body.filter(unwritten) {
            let note = Said::new("là où les fichiers n'ont pas de texte à eux", "where files have no text of their own");
            let rules = vec![Rule::of("{body}"), Rule::of(&field.path)];
            self.fields.push(FieldChoice { ours: "body", rules, filled: field.filled, note: Some(note) });
        }
        let best = body.or_else(longest).or_else(|| material.meanings.best(Meaning::Summary));
        if let Some(field) = best.filter(|_| written * 5 < material.pages.len()) {
            let (note, more) = if written == 0 {
                (Said::new("il n'y a pas d'autre texte", "there is no other text"), None)
            } else {
                let note = Said::new("peu de fichiers ont un texte à eux", "few files have a text of their own");
                (note, Some(Rule::of("{body}")))
            };
            self.fields.push(FieldChoice {
                ours: "body",
                rules: std::iter::once(Rule::of(&field.path)).chain(more).collect(),
                filled: field.filled,
                note: Some(note),
            });
        }
    }

    /// Says which language is taken of texts that stand in several: a mapping takes one of each record.
    fn languages(&mut self, material: &Material<'_>) {
        let texts = self.fields.iter().filter(|field| matches!(field.ours, "title" | "summary" | "body"));
        let taken: Vec<&Field> =
            texts.flat_map(|field| &field.rules).filter_map(|rule| material.profile.get(&rule.from)).collect();
        let told = taken.into_iter().find_map(|field| {
            let others = material.profile.in_other_languages(field);
            let is_often = |(_, other): &(&str, &Field)| other.filled * 2 > field.filled;
            let others: Vec<(&str, &Field)> = others.into_iter().filter(is_often).collect();
            (!others.is_empty()).then_some((field, others))
        });
        let Some((field, others)) = told else { return };
        // That they are in two languages is what there is to be decided of two summaries.
        let is_same = |doubt: &Doubt| {
            let Doubt::Summary { first, second } = doubt else { return false };
            let first = material.profile.get(&first.0);
            first.is_some_and(|first| material.profile.in_other_languages(first).iter().any(|(_, other)| other.path == second.0))
        };
        self.decisions.retain(|doubt| !is_same(doubt));
        self.decisions.push(Doubt::TextsInLanguages {
            taken: field.path.clone(),
            is_of_most: !material.language.is_empty() && !is_in_another_language(field, material.language),
            others: others.into_iter().map(|(_, other)| other.path.clone()).collect(),
        });
    }

    /// The fields of addresses of pictures, or of paths: where those lie, the import finds.
    fn picture(&mut self, material: &Material<'_>) {
        let is_called = |field: &Field, name| {
            let words = words::name_words(&field.path);
            words.split(' ').any(|word| list("pictures", name).iter().any(|start| word.starts_with(start)))
        };
        // What many share belongs to the site; what stands for somebody is no picture of what they did.
        let is_own = |field: &&Field| field.values < 4 || field.variety() > 0.34;
        let fields = material.meanings.all(Meaning::Picture).iter().map(|found| found.field);
        let mut fields: Vec<&Field> =
            fields.filter(|field| is_picture(field) && !is_called(field, "signs")).filter(is_own).collect();
        // What is cut small is the same picture, or a worse one.
        fields.sort_by_key(|field| is_called(field, "small"));
        let Some(first) = fields.first() else { return };
        let is_everywhere = first.filled == material.profile.files;
        let rules = fields.iter().take(if is_everywhere { 1 } else { 2 }).map(|field| Rule::of(&field.path)).collect();
        self.fields.push(FieldChoice { ours: "picture", rules, filled: first.filled, note: None });
        if let Some(text) = alternative_text(first, material.profile) {
            let rules = vec![Rule::of(&text.path)];
            self.fields.push(FieldChoice { ours: "picture_text", rules, filled: text.filled, note: None });
        }
    }

    /// The field of mailboxes, if some are surely of services: which of the others are no person's, somebody has to say.
    fn contact(&mut self, material: &Material<'_>) {
        let services = |field: &Field| -> BTreeSet<String> {
            let values = field.counts.keys().filter(|value| Shape::of(value) == Shape::Mail && is_of_service(value));
            values.filter_map(|value| value.split('@').next()).map(|name| format!("\"{}@*\"", name.to_lowercase())).collect()
        };
        let fields = material.meanings.all(Meaning::Contact).iter().map(|found| found.field);
        let found = fields.map(|field| (field, services(field))).find(|(_, services)| !services.is_empty());
        let Some((field, services)) = found else { return };
        let services = services.into_iter().collect::<Vec<_>>().join(", ");
        let note = Said::new(
            format!("avec, en tête du fichier : role_mailboxes = [{services}]"),
            format!("with, at the top of the file: role_mailboxes = [{services}]"),
        );
        let rules = vec![Rule::of(&field.path)];
        self.offered.push(FieldChoice { ours: "contact", rules, filled: field.filled, note: Some(note) });
    }

    fn rest(&mut self, material: &Material<'_>) {
        self.one_of(material, "aliases", &[Meaning::Alias]);
        if let Some(field) = material.meanings.best(Meaning::Licence) {
            let known =
                field.counts.keys().filter(|value| value.parse::<maillage_graph_schema::model::Licence>().is_ok()).count();
            if known * 2 >= field.counts.len() {
                self.fields.push(FieldChoice {
                    ours: "license",
                    rules: vec![Rule::of(&field.path)],
                    filled: field.filled,
                    note: None,
                });
            } else {
                self.decisions.push(Doubt::LicenceField { field: field.path.clone(), example: example(field) });
            }
        }
    }

    fn one_of(&mut self, material: &Material<'_>, ours: &'static str, meanings: &[Meaning]) {
        let found: Vec<&Found<'_>> = material.meanings.any(meanings).filter(|found| found.sureness >= Sureness::Nearly).collect();
        if let Some(first) = found.first() {
            let rules = found.iter().take(3).map(|found| Rule::of(&found.field.path)).collect();
            self.fields.push(FieldChoice { ours, rules, filled: first.field.filled, note: None });
        }
    }

    fn has(&self, ours: &str) -> bool {
        self.fields.iter().any(|field| field.ours == ours)
    }
}

/// Those in maps that tell of the page, not of a place or whoever takes part; of maps that are called after a language first, such
/// as `information-es`.
fn of_language_first<'m>(mut found: Vec<&'m Found<'m>>, language: &str) -> Vec<&'m Found<'m>> {
    let tells_of_page = |found: &&Found<'_>| {
        let named = words::meanings(found.field.top()).into_iter().next();
        named.is_none_or(|named| matches!(named.meaning, Meaning::Title | Meaning::Summary | Meaning::Body))
    };
    found.retain(tells_of_page);
    found.retain(|found| !is_in_another_language(found.field, language));
    found.sort_by_key(|found| {
        language.is_empty() || !words::name_words(found.field.top()).split(' ').any(|word| word == language)
    });
    found
}

/// The field that says what a picture shows: `image_alt` or `alt` beside `image`, `image.alt` beside `image.src`.
fn alternative_text<'p>(picture: &Field, profile: &'p Profile) -> Option<&'p Field> {
    const NAMES: &[&str] = &["alt", "alt_text", "alt-text", "alttext", "alternative", "alternative_text"];
    let inside = picture.path.rsplit_once('.').map_or("", |(outer, _)| outer);
    let beside = |name: &str| if inside.is_empty() { name.to_owned() } else { format!("{inside}.{name}") };
    let compounds = NAMES.iter().flat_map(|name| ["_", "-", ""].map(|joint| format!("{}{joint}{name}", picture.path)));
    compounds.chain(NAMES.iter().map(|name| beside(name))).find_map(|path| profile.get(&path))
}

/// Whether a field says by its name, or by that of the map in which it stands, that it is in another language than most texts.
pub fn is_in_another_language(field: &Field, language: &str) -> bool {
    let outer = field.path.rsplit_once('.').map_or("", |(outer, _)| outer);
    let by_map = outer.split('.').find_map(words::language);
    let by_name = words::language_of(&words::name_words(field.name())).map(|(code, _)| code);
    !language.is_empty() && by_name.or(by_map).is_some_and(|code| code != language)
}

/// Whether the values of a field are words for machines: `peacecorps-site`.
pub fn is_slug(field: &Field) -> bool {
    let is_one = |value: &&String| slug(value).is_some_and(|slug| slug == **value);
    field.counts.len() > 1
        && field.counts.keys().all(|value| !value.contains(char::is_whitespace))
        && field.counts.keys().filter(is_one).count() * 3 > field.counts.len() * 2
}

/// Whether most values of a field are written in HTML.
fn is_html(field: &Field) -> bool {
    let written = field.counts.keys().filter(|value| value.trim_start().starts_with('<') && value.contains("</")).count();
    written * 2 > field.counts.len()
}

/// The fields that are called titles; where none is, those of which it is one word of the name, `challenge-title`, and that are
/// filled almost everywhere.
fn titles<'m>(material: &'m Material<'_>) -> Vec<&'m Found<'m>> {
    let found = material.meanings.all(Meaning::Title);
    let mut sure: Vec<_> = sure(found).collect();
    sure.sort_by_key(|found| is_in_another_language(found.field, material.language));
    // Beside a title in words, what is a word for machines tells which one it is.
    if sure.iter().any(|found| !is_slug(found.field) && found.field.filled == material.profile.files) {
        sure.retain(|found| !is_slug(found.field));
    }
    // What stands deeper is the name of something else, where the page has a title of its own.
    let (own, nested): (Vec<_>, Vec<_>) = sure.into_iter().partition(|found| !found.field.is_nested());
    if own.first().is_some_and(|found| found.field.filled * 2 >= material.profile.files) {
        return own;
    }
    if !own.is_empty() || !nested.is_empty() {
        return own.into_iter().chain(of_language_first(nested, material.language)).collect();
    }
    let is_usual = |found: &&Found<'_>| found.field.filled * 10 >= material.profile.files * 9;
    found.iter().filter(is_usual).take(1).collect()
}

fn sure<'f, 'p>(found: &'f [Found<'p>]) -> impl Iterator<Item = &'f Found<'p>> {
    found.iter().filter(|found| found.sureness >= Sureness::Nearly)
}

/// The path of the link that is called a website: `links[name=Website].url`.
fn named_link(field: &Field, profile: &Profile) -> Option<String> {
    let (list, key) = field.path.split_once("[].")?;
    let name =
        ["name", "label", "title", "type", "text"].into_iter().find(|name| profile.get(&format!("{list}[].{name}")).is_some())?;
    let called = profile.get(&format!("{list}[].{name}"))?.by_frequency();
    let is_website = |value: &str| words::meanings(value).first().is_some_and(|named| named.meaning == Meaning::Website);
    let (value, _) = called.into_iter().find(|(value, _)| is_website(value) && !value.contains([']', '[', '=']))?;
    Some(format!("{list}[{name}={value}].{key}"))
}

/// What most titles start with: "Case Study: ".
fn common_start(field: &Field) -> Option<String> {
    let mut starts: BTreeMap<&str, usize> = BTreeMap::new();
    for value in field.counts.keys() {
        if let Some(at) = value.find(": ").filter(|at| *at < 30) {
            *starts.entry(&value[..at + 2]).or_default() += 1;
        }
    }
    let (start, count) = starts.into_iter().max_by_key(|(_, count)| *count)?;
    (count >= 3 && count * 3 > field.counts.len()).then(|| start.to_owned())
}

/// A text in which nothing stands for anything else in a regular expression.
fn escaped(text: &str) -> String {
    text.chars()
        .flat_map(|character| if r"\.+*?()|[]{}^$#&-~".contains(character) { vec!['\\', character] } else { vec![character] })
        .collect()
}

fn example(field: &Field) -> String {
    field.by_frequency().first().map(|(value, _)| shortened(value, 60)).unwrap_or_default()
}
