//! Which field means what: by its name first, and only if its values look like it.

use std::collections::{BTreeMap, BTreeSet};

use maillage_explore::text::fold;

use super::nature::is_publication;
use super::profile::{Field, Profile, ratio};
use super::shape::{Shape, addresses};
use super::statuses;
use super::vocabulary::list;
use super::words::{self, Meaning, Named, Sureness};
use crate::diagnostic::nearest;
use crate::mapping::{LINK_ADDRESSES, ORGANISATION_NAMES};

/// A field with what it was found to mean.
#[derive(Debug, Clone)]
pub struct Found<'p> {
    pub field: &'p Field,
    pub sureness: Sureness,
    pub rank: usize,
}

/// The fields of a collection by meaning, the best first.
#[derive(Debug, Default)]
pub struct Meanings<'p> {
    found: BTreeMap<Meaning, Vec<Found<'p>>>,
    /// Fields of which nothing is known.
    pub unknown: Vec<&'p Field>,
}

/// What the labels of a content management system call fields, by their path.
pub type Labels = BTreeMap<String, String>;

/// Fields at the top that hold persons, by what stands inside: `collaborators[].username_github`, or a name and a role.
fn of_persons(profile: &Profile) -> BTreeSet<&str> {
    let telling = list("persons", "fields");
    let roles = list("persons", "roles");
    let has_role = |field: &Field| {
        field.name() == "name"
            && field
                .path
                .strip_suffix("[].name")
                .is_some_and(|top| roles.iter().any(|role| profile.get(&format!("{top}[].{role}")).is_some()))
    };
    let is_telling =
        |field: &&Field| field.is_nested() && (telling.contains(&words::name_words(field.name()).as_str()) || has_role(field));
    let mut persons: BTreeSet<&str> = profile.fields.values().filter(is_telling).map(Field::top).collect();
    // A second spelling of the same: `colaborators`.
    let near: Vec<&str> = profile
        .fields
        .values()
        .map(Field::top)
        .filter(|top| persons.iter().any(|known| known != top && nearest(top, [*known]).is_some() && top.len() > 4))
        .collect();
    persons.extend(near);
    persons
}

impl<'p> Meanings<'p> {
    /// Of the fields of a collection, whose texts are in a language.
    pub fn of(profile: &'p Profile, labels: &Labels, language: &str) -> Self {
        let mut meanings = Self::default();
        let persons = of_persons(profile);
        for field in profile.fields.values().filter(|field| !profile.is_beside(field, language)) {
            if persons.contains(field.top()) {
                meanings.found.entry(Meaning::Person).or_default().push(Found { field, sureness: Sureness::Name, rank: 0 });
                continue;
            }
            match meaning(field, profile, labels) {
                Some(named) => {
                    meanings.found.entry(named.meaning).or_default().push(Found {
                        field,
                        sureness: named.sureness,
                        rank: named.rank,
                    });
                }
                None if field.filled > 0 && field.lists_of_maps == 0 => meanings.unknown.push(field),
                None => {}
            }
        }
        for found in meanings.found.values_mut() {
            found.sort_by(|one, other| order(one).total_cmp(&order(other)).then_with(|| one.field.path.cmp(&other.field.path)));
        }
        meanings
    }

    /// The fields of a meaning, the best first.
    pub fn all(&self, meaning: Meaning) -> &[Found<'p>] {
        self.found.get(&meaning).map(Vec::as_slice).unwrap_or_default()
    }

    /// The best field of a meaning.
    pub fn best(&self, meaning: Meaning) -> Option<&'p Field> {
        self.all(meaning).first().map(|found| found.field)
    }

    /// The fields of several meanings.
    pub fn any(&self, meanings: &[Meaning]) -> impl Iterator<Item = &Found<'p>> {
        meanings.iter().flat_map(|meaning| self.all(*meaning))
    }
}

/// The smaller the better: sure names before others, telling ones before others, and fields that say more before emptier ones.
fn order(found: &Found<'_>) -> f64 {
    let sureness = match found.sureness {
        Sureness::Name => 0.0,
        Sureness::Nearly => 0.5,
        Sureness::Word => 4.0,
    };
    let nested = if found.field.is_nested() { 2.0 } else { 0.0 };
    #[expect(clippy::cast_precision_loss, reason = "ranks and counts of files are small")]
    let emptiness = 6.0 / (1.0 + found.field.filled as f64);
    #[expect(clippy::cast_precision_loss, reason = "ranks are below a hundred")]
    let rank = found.rank as f64 * 0.04;
    sureness + nested + rank + emptiness
}

/// What a field means, if its values look like it.
fn meaning(field: &Field, profile: &Profile, labels: &Labels) -> Option<Named> {
    let top = words::meanings(field.top());
    // A map called `contact` or `team` holds nothing else, whatever the names inside.
    if field.is_nested()
        && let Some(named) = top.first().filter(|named| named.sureness >= Sureness::Nearly)
        && matches!(named.meaning, Meaning::Person | Meaning::Contact | Meaning::Layout | Meaning::Picture)
        && !is_page_of_contact(field, named.meaning)
    {
        return Some(*named);
    }
    // What is in a list of organisations is their name, or told of them.
    if field.path.contains("[].")
        && let Some(named) = top.first().filter(|named| named.sureness >= Sureness::Nearly)
        && matches!(named.meaning, Meaning::Operator | Meaning::Funder | Meaning::Partner)
    {
        return is_name_in_list(field).then_some(*named);
    }
    if field.path.contains("[].")
        && let Some(named) = top.first().filter(|named| named.sureness >= Sureness::Nearly && named.meaning == Meaning::Evidence)
        && LINK_ADDRESSES.contains(&field.name())
    {
        return Some(*named);
    }
    if field.values > 0 && field.share(|shape| matches!(shape, Shape::Mail | Shape::Telephone)) > 0.5 {
        return Some(Named { meaning: Meaning::Contact, sureness: Sureness::Name, rank: 0 });
    }
    let mut candidates = words::meanings(profile.called(field));
    // A map that is called after organisations names one, and what it tells is told of that.
    if field.is_nested()
        && !field.is_list()
        && let Some(named) = top.first().filter(|named| named.sureness >= Sureness::Nearly)
        && matches!(named.meaning, Meaning::Operator | Meaning::Funder | Meaning::Partner)
    {
        if ORGANISATION_NAMES.contains(&field.name()) && field.path.matches('.').count() == 1 && fits(named, field, profile) {
            return Some(*named);
        }
        let is_text = |named: &Named| matches!(named.meaning, Meaning::Title | Meaning::Summary | Meaning::Body);
        if candidates.first().is_some_and(is_text) {
            return None;
        }
    }
    // `last_update.date` is when it was last updated.
    if field.is_nested() && candidates.first().is_some_and(|named| named.meaning == Meaning::Published) {
        let is_date =
            |named: &Named| matches!(named.meaning, Meaning::Start | Meaning::End | Meaning::Published | Meaning::Modified);
        candidates.splice(0..0, top.iter().copied().filter(|named| named.sureness >= Sureness::Nearly && is_date(named)));
    }
    // `location.name` is what the place is called.
    if field.is_nested() && !field.is_list() && candidates.first().is_some_and(|named| named.meaning == Meaning::Title) {
        let is_place = |named: &&Named| named.sureness >= Sureness::Nearly && named.meaning == Meaning::Place;
        candidates.splice(0..0, top.first().filter(is_place).copied());
    }
    // What a form, or its list, calls the title, may be alike in many.
    if labels.get(&field.path).is_some_and(|label| words::is_title(label)) && may_be_title(field) {
        return Some(Named { meaning: Meaning::Title, sureness: Sureness::Name, rank: 0 });
    }
    if let Some(label) = labels.get(&field.path) {
        candidates.extend(words::meanings(label).into_iter().filter(|named| named.sureness >= Sureness::Nearly));
    }
    if field.lists_of_maps > 0 {
        return None;
    }
    if field.filled == 0 {
        return candidates
            .into_iter()
            .find(|named| matches!(named.meaning, Meaning::Contact | Meaning::Person | Meaning::Layout | Meaning::Picture));
    }
    candidates.into_iter().find(|named| fits(named, field, profile)).or_else(|| by_values(field))
}

/// Whether a field of `contact` is the address of a page, which is no person's: `contact.website`.
fn is_page_of_contact(field: &Field, meaning: Meaning) -> bool {
    const PAGES: &[&str] = &["website", "web", "url", "site", "homepage", "github", "gitlab"];
    meaning == Meaning::Contact
        && !field.path.contains("[]")
        && PAGES.contains(&field.name())
        && field.share(|shape| shape == Shape::Web) > 0.5
}

/// Whether a field is the name of each thing of a list at the top: `partners[].name`.
fn is_name_in_list(field: &Field) -> bool {
    let name = field.path.split_once("[].").map_or("", |(_, name)| name);
    ORGANISATION_NAMES.contains(&name) && field.share(Shape::is_text) > 0.7 && field.length() <= 160.0 && !is_codes(field)
}

/// What the values alone tell.
fn by_values(field: &Field) -> Option<Named> {
    let named = |meaning| Some(Named { meaning, sureness: Sureness::Word, rank: 20 });
    if field.share(|shape| shape == Shape::Point) > 0.8 {
        return named(Meaning::Point);
    }
    // An address that many share is that of a notion.
    let is_own = field.values < 4 || field.variety() > 0.34;
    if field.share(|shape| shape == Shape::Web) > 0.8 && is_own && !is_picture(field) {
        return named(Meaning::Link);
    }
    None
}

/// Whether most values of a field are addresses of pictures.
pub fn is_picture(field: &Field) -> bool {
    // What a server is asked for besides stands after the address.
    let address = |value: &str| value.split(['?', '#']).next().unwrap_or(value).trim().to_lowercase();
    let ends = |value: &str| {
        let address = address(value);
        [".png", ".jpg", ".jpeg", ".svg", ".gif", ".webp", ".avif"].iter().any(|end| address.ends_with(end))
    };
    let pictures = field.counts.keys().filter(|value| ends(value)).count();
    ratio(pictures, field.counts.len()) > 0.5
}

/// Whether the values of a field look like what its name says.
fn fits(named: &Named, field: &Field, profile: &Profile) -> bool {
    let share = |is_shape: fn(Shape) -> bool| field.share(is_shape);
    let is_sure = named.sureness >= Sureness::Nearly;
    let length = field.length();
    let is_inside_list = field.path.contains("[].");
    let distinct = field.counts.len();
    let is_categorical = distinct <= 12 || field.variety() < 0.34;
    let labels = share(Shape::is_label);
    match named.meaning {
        Meaning::Title => {
            // `challenge-title` is one, `team name` is not.
            (is_sure || is_called_title(field)) && may_be_title(field) && (field.variety() > 0.15 || field.values < 4)
        }
        Meaning::Summary => {
            let names_somebody = is_called_lead(field) && names_organisations(field);
            let is_text = !is_inside_list && !field.is_list() && share(Shape::is_text) > 0.6 && length >= 15.0;
            is_text && !names_somebody && !lists_labels(field)
        }
        Meaning::Body => {
            is_sure && !is_inside_list && share(|shape| matches!(shape, Shape::Long | Shape::Short)) > 0.6 && length >= 60.0
        }
        Meaning::Problem | Meaning::Solution | Meaning::Results | Meaning::Lessons => {
            is_sure && !is_inside_list && share(|shape| matches!(shape, Shape::Long | Shape::Short)) > 0.6 && length >= 60.0
        }
        Meaning::Language => !is_inside_list && field.counts.keys().all(|value| words::language(value).is_some()),
        Meaning::Start | Meaning::End | Meaning::Published | Meaning::Modified => {
            !is_inside_list && share(|shape| matches!(shape, Shape::Date(_))) > 0.5 && (is_sure || field.variety() > 0.02)
        }
        Meaning::Status if is_publication(field) => false,
        Meaning::Status => !is_inside_list && is_categorical && labels > 0.8 && length <= 40.0 && is_status(field, named),
        Meaning::Topic | Meaning::Tag | Meaning::Audience => {
            // Vocabularies are told by addresses, too.
            !is_inside_list
                && length >= 2.0
                && share(|shape| shape == Shape::Truth) < 0.5
                && (labels > 0.7 || is_categorical && share(|shape| shape == Shape::Web) > 0.8)
                && (distinct > 1 || field.is_list() || named.meaning == Meaning::Audience)
                && (length <= 60.0 || share(|shape| matches!(shape, Shape::Labels | Shape::Web)) > 0.5)
                && (is_sure || named.meaning == Meaning::Topic || is_categorical || is_called_tags(field))
        }
        Meaning::Operator | Meaning::Funder | Meaning::Partner | Meaning::PartOf => {
            !field.path.contains("[].")
                && (is_sure || !words::tells_of_it(field.name()))
                && length >= 3.0
                && share(|shape| shape.is_label() || matches!(shape, Shape::Path | Shape::Long)) > 0.7
                && length <= 160.0
                && !is_codes(field)
                && (!is_called_lead(field) || names_organisations(field))
                && (!is_called_group(field) || holds_names(field))
        }
        Meaning::OtherName => is_sure && !is_inside_list && labels > 0.7 && length <= 60.0,
        Meaning::Website | Meaning::Link => {
            let addresses = || ratio(field.saying(|value| !addresses(value).is_empty()), field.values);
            (share(|shape| shape == Shape::Web) > 0.5 || is_sure && addresses() > 0.8) && !is_picture(field)
        }
        Meaning::Evidence => is_sure && share(|shape| shape == Shape::Web) > 0.5,
        Meaning::Licence => is_sure && labels > 0.5 || share(|shape| shape == Shape::Web) > 0.8,
        Meaning::Alias => is_sure && share(|shape| matches!(shape, Shape::Path | Shape::Word | Shape::Web)) > 0.6,
        Meaning::Identifier => {
            is_sure
                && !is_inside_list
                && field.variety() > 0.3
                && share(|shape| matches!(shape, Shape::Path | Shape::Word | Shape::Integer | Shape::Short)) > 0.8
        }
        Meaning::Town => !is_inside_list && labels > 0.8 && length <= 45.0 && is_sure,
        Meaning::TownCode => {
            is_sure && share(|shape| matches!(shape, Shape::Integer | Shape::Word)) > 0.8 && (3.0..=8.0).contains(&length)
        }
        Meaning::Postcode => {
            is_sure
                && share(|shape| matches!(shape, Shape::Integer | Shape::Word | Shape::Short | Shape::Date(_))) > 0.8
                && length <= 12.0
        }
        Meaning::Address => is_sure && share(Shape::is_text) > 0.6 && length >= 5.0,
        Meaning::Department | Meaning::Region | Meaning::Country => {
            is_sure && !is_inside_list && share(|shape| shape.is_label() || shape == Shape::Integer) > 0.8 && length <= 45.0
        }
        Meaning::Place => !is_inside_list && labels > 0.6 && length <= 80.0 && distinct > 1,
        Meaning::Latitude | Meaning::Longitude => {
            is_sure && share(|shape| matches!(shape, Shape::Decimal | Shape::Integer)) > 0.8
        }
        Meaning::Point => share(|shape| shape == Shape::Point) > 0.6 || is_pair(field),
        Meaning::Draft | Meaning::Shown => {
            is_sure && !field.is_nested() && share(|shape| matches!(shape, Shape::Truth | Shape::Integer)) > 0.9 && distinct <= 4
        }
        Meaning::Picture | Meaning::Layout | Meaning::Contact => true,
        Meaning::Person => is_sure || profile.files > 0,
    }
}

/// Whether the values of a field are as long as titles.
fn may_be_title(field: &Field) -> bool {
    !field.is_list() && field.share(Shape::is_text) > 0.6 && (2.0..=200.0).contains(&field.length())
}

/// Whether the name of a field says that it is the title of something: `challenge-title`, `titre_du_projet`.
fn is_called_title(field: &Field) -> bool {
    let words = words::name_words(field.name());
    let is_title = |word: Option<&str>| word.is_some_and(|word| list("heads", "title").contains(&word));
    !field.is_nested() && (is_title(words.split(' ').next()) || is_title(words.split(' ').next_back()))
}

/// Whether the name of a field begins or ends with a word for tags: `tags_issues`.
fn is_called_tags(field: &Field) -> bool {
    let words = words::name_words(field.name());
    let is_one = |word: Option<&str>| word.is_some_and(|word| list("heads", "tags").contains(&word));
    is_one(words.split(' ').next()) || is_one(words.split(' ').next_back())
}

/// Whether a field is called by a word for the first lines of an article, and for whoever leads a project.
fn is_called_lead(field: &Field) -> bool {
    words::name_words(field.name()) == "lead"
}

/// Whether a field is called by a word for organisations, and for whatever else stands together.
fn is_called_group(field: &Field) -> bool {
    let words = words::name_words(field.name());
    let others: Vec<&str> = words.split(' ').filter(|word| *word != "group").collect();
    let names = |named: &Named| matches!(named.meaning, Meaning::Operator | Meaning::Funder | Meaning::Partner);
    others.join(" ") != words && !words::meanings(&others.join(" ")).iter().any(names)
}

/// Whether most values of a field are written as names are, in several words with capitals, `Severn Wye Energy Agency`, or in
/// capitals alone, `SVP`.
pub fn holds_names(field: &Field) -> bool {
    let is_name = |value: &str| {
        let capitals = |word: &&str| word.chars().next().is_some_and(char::is_uppercase);
        let is_short = value.chars().count() > 1 && value.chars().all(char::is_uppercase);
        is_short || value.split_whitespace().filter(capitals).count() > 1
    };
    ratio(field.saying(is_name), field.values) > 0.5
}

/// Whether many values of a field say that they are names of organisations: `Moray Libraries`, `Fife Migrants Forum`.
fn names_organisations(field: &Field) -> bool {
    const LEAST: f64 = 0.3;
    let says_so = |value: &str| fold(value).split(' ').any(|word| list("organisations", "words").contains(&word));
    ratio(field.saying(says_so), field.values) >= LEAST
}

/// Whether most values of a field are labels with semicolons between them, not sentences: `grief; community; mutual care`.
fn lists_labels(field: &Field) -> bool {
    let is_list = |value: &str| value.matches(';').count() > 1 && !value.contains(". ");
    ratio(field.saying(is_list), field.values) > 0.5
}

/// A list of two numbers.
fn is_pair(field: &Field) -> bool {
    field.is_list() && field.share(|shape| shape == Shape::Decimal) > 0.9 && field.values == 2 * field.filled
}

/// Whether values are states. `state` may be a region, `phase` a heading: there the values must be known words.
fn is_status(field: &Field, named: &Named) -> bool {
    let known = field.saying(|value| statuses::status(value).is_some());
    let name = words::name_words(field.name());
    let is_plain = named.sureness == Sureness::Name
        && matches!(
            name.as_str(),
            "status" | "statut" | "projektstatus" | "project status" | "estado" | "estat" | "stato" | "avancement"
        );
    let needed = if is_plain { 0.1 } else { 0.5 };
    ratio(known, field.values) >= needed
}

/// Codes of a form, such as `formal_nonprofit_ngo`: no names.
fn is_codes(field: &Field) -> bool {
    let is_code = |value: &str| value.contains('_') && value.split([',', ';']).all(|part| !part.trim().contains(' '));
    // Keys of a list elsewhere are words in small letters: a few may be how somebody writes names.
    let is_key = |value: &str| !value.contains(' ') && !value.chars().any(char::is_uppercase);
    ratio(field.saying(is_code), field.values) > 0.3 || ratio(field.saying(is_key), field.values) > 0.7
}
