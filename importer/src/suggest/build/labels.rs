//! Tags, audiences, organisations and links: the fields that hold lists.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use maillage_explore::text::fold;
use regex::Regex;

use super::super::decisions::Doubt;
use super::super::meaning::Found;
use super::super::model::{FieldChoice, Rule, ValueChoice};
use super::super::persons::{looks_like_person, names_organisation, names_person, persons_in};
use super::super::profile::{Field, Profile, ratio};
use super::super::said::Said;
use super::super::shape::{Shape, addresses};
use super::super::statuses;
use super::super::vocabulary::list;
use super::super::words::{self, Meaning, Sureness};
use super::status::values;
use super::{Built, Material, example, separator};
use crate::mapping::{LINK_ADDRESSES, LINK_NAMES};
use crate::slug::slug;

/// How many names are shown as examples.
const SHOWN: usize = 3;

impl Built {
    pub(super) fn labels(&mut self, material: &Material<'_>) {
        let refers = |field: &Field| {
            material
                .references
                .iter()
                .any(|(reference, _, makes_organisations)| *makes_organisations && reference.field == field.path)
        };
        let mut rules: Vec<Rule> = Vec::new();
        let mut filled = 0;
        for found in material.meanings.any(&[Meaning::Topic, Meaning::Tag]).filter(|found| !refers(found.field)) {
            if found.sureness == Sureness::Word && !rules.is_empty() && found.field.share(|shape| shape == Shape::Long) > 0.1 {
                continue;
            }
            // Of the address of a notion, the last part is its name.
            let pattern = (found.field.share(|shape| shape == Shape::Web) > 0.8).then(|| "[^/#]+/?$".to_owned());
            let nothing = of_all(found.field, material);
            if !nothing.is_empty() && nothing.len() == found.field.counts.len() {
                continue;
            }
            rules.push(Rule { split: separators(found.field), pattern, nothing, ..Rule::of(&found.field.path) });
            filled = filled.max(found.field.filled);
        }
        rules.truncate(6);
        if !rules.is_empty() {
            self.fields.push(FieldChoice { ours: "tags", rules, filled, note: None });
        }
        if let Some(field) = material.meanings.best(Meaning::Audience) {
            let split = separator(field);
            let choices =
                values(field, split, |value| statuses::audience(value).map(|audience| (audience.as_str().to_owned(), true)));
            let choices: Vec<ValueChoice> = choices.into_iter().filter(|choice| choice.ours.is_some()).collect();
            self.fields.push(FieldChoice {
                ours: "audience",
                rules: vec![Rule { split: split.into_iter().collect(), ..Rule::of(&field.path) }],
                filled: field.filled,
                note: Some(Said::new("ce qui n'est pas traduit reste une étiquette", "what is not translated is kept as a tag")),
            });
            self.values.insert("audience", choices);
        }
    }

    pub(super) fn organisations(&mut self, material: &Material<'_>) {
        let mut rules: Vec<Rule> = Vec::new();
        let mut filled = 0;
        let role = |field: &Field| {
            // What is told of one is called after it: `organization.name`.
            let is_name = field.is_nested() && words::is_title(field.name()) && material.profile.called(field) == field.name();
            let is_in_map = field.path.contains("[].") || is_name;
            let named = words::meanings(if is_in_map { field.top() } else { material.profile.called(field) });
            match named
                .iter()
                .find(|named| matches!(named.meaning, Meaning::Funder | Meaning::Operator | Meaning::Partner))
                .map(|named| named.meaning)
            {
                Some(Meaning::Funder) => "funder",
                Some(Meaning::Operator) => "operator",
                _ => "partner",
            }
        };
        for (reference, collection, _) in material.references.iter().filter(|(_, _, makes_organisations)| *makes_organisations) {
            let Some(field) = material.profile.get(&reference.field) else { continue };
            let nothing = nobody(field);
            let missing: Vec<&String> = reference.missing.iter().filter(|name| !nothing.contains(name)).collect();
            if reference.is_by_title() && !missing.is_empty() {
                // Nobody's name is written down.
                let examples = missing.iter().filter(|name| !looks_like_person(name)).take(SHOWN).map(|name| (*name).clone());
                self.decisions.push(Doubt::NotInList {
                    field: field.path.clone(),
                    list: collection.clone(),
                    missing: missing.len(),
                    values: reference.values,
                    examples: examples.collect(),
                });
            }
            rules.push(Rule { collections: Some(collection.clone()), role: Some(role(field)), nothing, ..Rule::of(&field.path) });
            filled = filled.max(field.filled);
        }
        let mut unsure: Vec<Rule> = Vec::new();
        for found in material.meanings.any(&[Meaning::Operator, Meaning::Funder, Meaning::Partner]) {
            if rules.iter().any(|rule| rule.from == found.field.path)
                || found.sureness == Sureness::Word && found.field.length() > 90.0
            {
                continue;
            }
            let persons = self.persons_among(found.field, role(found.field), material);
            let organisation = organisation(found.field, role(found.field), material);
            if persons == Persons::Most {
                unsure.push(organisation);
                continue;
            }
            rules.push(organisation);
            filled = filled.max(found.field.filled);
            if found.field.path.contains("[].") {
                continue;
            }
            let values = subjects(found.field);
            if !values.is_empty() {
                self.decisions.push(Doubt::OrganisationsBySubject { field: found.field.path.clone(), values });
            }
            if names_persons(found.field) {
                self.decisions.push(Doubt::PersonsAmong { field: found.field.path.clone() });
            }
            if found.field.share(|shape| shape == Shape::Labels) > 0.3 && names_of_links(found.field) != Some(NAME_OF_LINK) {
                self.decisions.push(Doubt::Organisations { field: found.field.path.clone(), example: example(found.field) });
            }
        }
        if !rules.is_empty() {
            rules.truncate(6);
            let has_links = rules.iter().any(|rule| rule.pattern.is_some());
            let note = has_links
                .then(|| Said::new("les noms des liens, sans leurs adresses", "the names of the links, not where they lead"));
            self.fields.push(FieldChoice { ours: "organisations", rules: rules.clone(), filled, note });
        }
        if !unsure.is_empty() {
            // Whoever takes the sign of a comment away gets both.
            let note = if rules.is_empty() {
                Said::new("si ce ne sont pas des personnes", "if these are no persons")
            } else {
                Said::new("à la place, si ce ne sont pas des personnes", "instead, if these are no persons")
            };
            let rules = rules.into_iter().chain(unsure).collect();
            self.offered.push(FieldChoice { ours: "organisations", rules, filled: 0, note: Some(note) });
        }
    }

    /// Whether a field that may name persons does, by its values; if so, it is asked.
    fn persons_among(&mut self, field: &Field, role: &str, material: &Material<'_>) -> Persons {
        let is_either = || list("persons", "either").contains(&words::name_words(material.profile.called(field)).as_str());
        if role != "partner" && !is_either() {
            return Persons::None;
        }
        let is_place = |value: &str| !(material.countries)(value).is_empty();
        let mut parts = parts_of(field);
        // What the repository tells elsewhere as organisations, is none of persons.
        let values = parts.values;
        parts.counts.retain(|value, _| !slug(value).is_some_and(|name| material.organisations.contains(&name)));
        let persons = persons_in(&parts, &is_place);
        let surely = parts.saying(|value| names_person(value) && !is_place(value));
        parts.values = values;
        let found = match persons {
            0 => return Persons::None,
            _ if surely == 0 && are_organisations_beside(field, &parts, material.profile) => return Persons::None,
            _ if persons * 2 >= parts.values => Persons::Most,
            _ => Persons::Some,
        };
        self.decisions.push(Doubt::MayBePersons {
            field: field.path.clone(),
            persons,
            values: parts.values,
            is_taken: found == Persons::Some,
        });
        found
    }

    pub(super) fn links(&mut self, material: &Material<'_>) {
        for (ours, meanings) in [("links", &[Meaning::Website, Meaning::Link][..]), ("evidence", &[Meaning::Evidence])] {
            let mut rules: Vec<Rule> = Vec::new();
            let mut filled = 0;
            // A value that all share is no link of any of them.
            let is_own = |found: &&Found<'_>| found.field.counts.len() > 1 || found.field.values < 4;
            let taking_part = material.meanings.any(&[Meaning::Operator, Meaning::Funder, Meaning::Partner]);
            let of_others: BTreeSet<String> = taking_part.flat_map(|found| websites_of(&found.field.path)).collect();
            for found in material.meanings.any(meanings).filter(is_own) {
                if of_others.contains(&found.field.path) {
                    continue;
                }
                let is_web = found.field.share(|shape| shape == Shape::Web);
                // Addresses without their beginning are read as they are.
                let has_several = found.field.counts.keys().any(|value| value.matches("://").count() > 1);
                let pattern = if has_several { r"https?://[^\s,;]+" } else { r"^https?://\S+" };
                let split = separator_of_addresses(found.field);
                let pattern = (split.is_none() && is_web < 0.98 && is_web > 0.5).then(|| pattern.to_owned());
                rules.push(match named_links(found.field, material.profile) {
                    Some(list) => Rule::of(&list),
                    None => Rule {
                        label: beside(found.field, material.profile).or_else(|| label(found.field, material.language)),
                        split: split.into_iter().collect(),
                        pattern,
                        nothing: shared_hosts(found.field),
                        ..Rule::of(&found.field.path)
                    },
                });
                filled = filled.max(found.field.filled);
            }
            rules.truncate(10);
            if !rules.is_empty() {
                self.fields.push(FieldChoice { ours, rules, filled, note: None });
            }
        }
    }
}

/// How many values of a field look like names of persons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Persons {
    None,
    Some,
    /// Half of them or more.
    Most,
}

/// Whether what else is told of the values of a field says that they are organisations: words in many of them, or addresses of sites
/// or logos beside most. Accounts where code and talk are kept are those of persons as well.
fn are_organisations_beside(field: &Field, parts: &Field, profile: &Profile) -> bool {
    const LEAST: f64 = 0.3;
    let are_named = || ratio(parts.saying(names_organisation), parts.values) >= LEAST;
    let beside: Vec<&Field> = match field.path.split_once("[].") {
        Some((list, _)) => {
            let inside = profile.fields.values().filter(|other| other.path.starts_with(&format!("{list}[].")));
            inside.filter(|other| other.share(|shape| shape == Shape::Web) > 0.5 || other.name() == "logo").collect()
        }
        None => website_of(field, profile).and_then(|path| profile.get(&path)).into_iter().collect(),
    };
    let tells = |other: &&Field| other.filled * 2 > field.filled && other.saying(is_account) == 0;
    are_named() || beside.iter().any(tells)
}

/// Whether an address is on a site where persons have accounts.
fn is_account(address: &str) -> bool {
    const SITES: &[&str] =
        &["github.", "gitlab.", "linkedin.", "twitter.", "x.com", "facebook.", "instagram.", "mastodon", "orcid.", "/@"];
    SITES.iter().any(|site| address.to_lowercase().contains(site))
}

/// A field whose texts that name several things are as many values.
fn parts_of(field: &Field) -> Field {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (value, count) in &field.counts {
        *counts.entry(without_addresses(value)).or_default() += count;
    }
    let Some(sign) = separator(field) else {
        return Field { counts: counts.into_iter().collect(), ..field.clone() };
    };
    let mut parts = Field { path: field.path.clone(), ..Field::default() };
    for (value, count) in counts {
        for part in value.split(sign).map(str::trim).filter(|part| !part.is_empty()) {
            *parts.counts.entry(part.to_owned()).or_default() += count;
            parts.values += count;
        }
    }
    parts
}

/// The rule that takes a field of organisations.
fn organisation(field: &Field, role: &'static str, material: &Material<'_>) -> Rule {
    if let Some((list, _)) = field.path.split_once("[].") {
        return Rule { role: Some(role), ..Rule::of(format!("{list}[]")) };
    }
    let pattern = names_of_links(field).map(str::to_owned);
    if pattern.as_deref() == Some(NAME_OF_LINK) {
        return Rule { role: Some(role), pattern, ..Rule::of(&field.path) };
    }
    Rule {
        role: Some(role),
        pattern,
        website: website_of(field, material.profile),
        split: separator(field).filter(|separator| *separator != ",").into_iter().chain(joint_of_names(field)).collect(),
        nothing: nobody(field),
        remove: names_persons(field).then(|| OF_PERSON.to_owned()),
        ..Rule::of(&field.path)
    }
}

/// What takes the names of links in Markdown, where all values are such links.
const NAME_OF_LINK: &str = r"\[([^\]]+)\]\(";

/// What takes the name of a link in Markdown, or a name that stands alone.
const NAME_OR_LINK: &str = r"^\[?([^\]]+?)(?:\]\(.*)?$";

/// What takes the names of a field that are links in Markdown, `[Ville d'Agen](https://agen.fr)`: where these lead, a mapping does
/// not tell.
pub fn names_of_links(field: &Field) -> Option<&'static str> {
    let links = field.saying(|value| value.contains("]("));
    match links {
        0 => None,
        _ if links == field.values => Some(NAME_OF_LINK),
        _ => Some(NAME_OR_LINK),
    }
}

/// A text with the names of its links in Markdown in place of these.
fn without_addresses(text: &str) -> String {
    static LINKS: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"\[([^\]]+)\]\([^)]*\)").unwrap_or_else(|_| unreachable!("the expression is one")));
    LINKS.replace_all(text, "$1").into_owned()
}

/// What stands between two names of organisations in several values, and belongs to neither: `Stadt Ulm & Verein Ulm`. Each of
/// the two stands alone elsewhere, or says in several words that it is one.
fn joint_of_names(field: &Field) -> Option<&'static str> {
    const JOINT: &str = " & ";
    const FEWEST: usize = 2;
    let is_alone = |name: &str| field.counts.contains_key(name.trim());
    let is_name = |name: &str| is_alone(name) || name.split_whitespace().count() > 1 && names_organisation(name);
    let joined: Vec<&String> = field.counts.keys().filter(|value| value.contains(JOINT)).collect();
    let of_names = joined.iter().filter(|value| value.split(JOINT).all(is_name)).count();
    (of_names >= FEWEST && of_names * 2 > joined.len()).then_some(JOINT)
}

/// What a field of organisations says where there is none to be named: `Privé`.
fn nobody(field: &Field) -> Vec<String> {
    let nobody = list("nothing", "organisations");
    let mut values: Vec<String> = field.counts.keys().filter(|value| nobody.contains(&fold(value).as_str())).cloned().collect();
    values.sort();
    values
}

/// The values of a field of organisations that are no more than what these are for, as many are called: `Justice`.
fn subjects(field: &Field) -> Vec<String> {
    let parts = parts_of(field);
    let are_subjects = list("organisations", "subjects");
    let mut values: Vec<String> = parts.counts.into_keys().filter(|value| are_subjects.contains(&fold(value).as_str())).collect();
    values.sort();
    values
}

/// What labels in one text are parted by: a sign, and words that stand between labels which stand alone elsewhere.
fn separators(field: &Field) -> Vec<&'static str> {
    const WORDS: &[&str] = &[" & ", " et ", " and ", " und ", " y ", " i ", " e ", " en "];
    let sign = separator(field);
    let part = |value: &str| -> Vec<String> {
        let parts = sign.map_or_else(|| vec![value], |sign| value.split(sign).collect());
        parts.into_iter().map(|part| part.trim().to_lowercase()).collect()
    };
    let labels: BTreeSet<String> = field.counts.keys().flat_map(|value| part(value)).collect();
    let joins = |word: &&&str| {
        let joined: Vec<Vec<&str>> =
            labels.iter().filter(|label| label.contains(**word)).map(|label| label.split(**word).collect()).collect();
        let known = joined.iter().filter(|parts| parts.iter().all(|part| labels.contains(part.trim()))).count();
        known > 0 && known * 2 >= joined.len()
    };
    let space = (sign.is_none() && !has_several_items(field) && are_slugs(field)).then_some(" ");
    sign.or(space).into_iter().chain(WORDS.iter().filter(joins).copied()).collect()
}

/// Whether most files give a list several items, which are parted already: `sacred natural sites` is one.
fn has_several_items(field: &Field) -> bool {
    field.is_list() && field.values * 2 >= field.filled * 3
}

/// Whether the values of a field are lists of words for machines with spaces between them: `repair mutual-aid`.
fn are_slugs(field: &Field) -> bool {
    let is_slug = |word: &str| {
        let word = word.strip_prefix('#').unwrap_or(word);
        word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'/'))
    };
    let values: Vec<Vec<&str>> = field.counts.keys().map(|value| value.split_whitespace().collect()).collect();
    let words = || values.iter().flatten();
    let slugs = words().filter(|word| is_slug(word)).count();
    // A name among them is one, too.
    slugs * 10 >= words().count() * 9 && words().any(|word| word.contains('-')) && values.iter().any(|words| words.len() > 1)
}

/// What shows that a value is, or names, a person: the sign of an account, another name, the address of an account. Mailboxes the
/// import takes out itself.
const OF_PERSON: &str = r"(?i)^.*((^|[\s(/])@\w|\baka\b|\b(twitter|facebook|linkedin|instagram|mastodon)\.\w+/).*$";

/// Whether some values of a field of organisations seem to be persons.
fn names_persons(field: &Field) -> bool {
    static PERSONS: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(OF_PERSON).unwrap_or_else(|_| unreachable!("the expression is one")));
    field.counts.keys().any(|value| PERSONS.is_match(value))
}

/// The field beside one of organisations that says where they are on the web: `sponsor_url` beside `sponsor`.
fn website_of(field: &Field, profile: &Profile) -> Option<String> {
    let is_web = |path: &String| profile.get(path).is_some_and(|field| field.share(|shape| shape == Shape::Web) > 0.5);
    websites_of(&field.path).into_iter().find(is_web).filter(|_| !field.is_list())
}

/// How fields are called that say where the organisations of a field are on the web; if those are numbered, so are these:
/// `partner-url-1` beside `partner-1`.
fn websites_of(path: &str) -> Vec<String> {
    const NAMES: &[&str] = &["website", "site", "url", "link", "web", "homepage"];
    const JOINTS: &[&str] = &["-", "_", " ", ""];
    let path = path.trim_end_matches("[]");
    let base = path.trim_end_matches(|character: char| character.is_ascii_digit());
    let (base, number) = (base.trim_end_matches(['-', '_', ' ']), &path[base.trim_end_matches(['-', '_', ' ']).len()..]);
    let named = |name: &str, joint: &str| {
        let plain = format!("{path}{joint}{name}");
        let numbered = format!("{base}{joint}{name}{number}");
        if number.is_empty() { vec![plain] } else { vec![plain, numbered] }
    };
    NAMES.iter().flat_map(|name| JOINTS.iter().flat_map(move |joint| named(name, joint))).collect()
}

/// The labels that all files have and that say what sort of page each is, for the site's generator: `post`, `project`; and what most
/// have that their folder is called, too.
fn of_all(field: &Field, material: &Material<'_>) -> Vec<String> {
    // What few files have in common may be what they are about.
    const FEWEST: usize = 3;
    let files = material.profile.files;
    let folder = words::singular(material.name);
    let is_folder = |value: &str, count: usize| words::singular(value) == folder && count * 4 >= files * 3;
    let is_of_all = |(value, count): &(&String, &usize)| {
        files >= FEWEST && (**count == files && words::nature(value).is_some() || is_folder(value, **count))
    };
    let mut all: Vec<String> = field.counts.iter().filter(is_of_all).map(|(value, _)| value.clone()).collect();
    all.sort();
    all
}

/// The field beside one of links that says how each is called: `blogLinkTitle` beside `blogLink`.
fn beside(field: &Field, profile: &Profile) -> Option<String> {
    let names = [
        "Title", "_title", "-title", " title", "Text", "_text", "-text", " text", "Label", "_label", "-label", "Name", "_name",
        "-name",
    ];
    if let Some((list, _)) = field.path.rsplit_once("[].") {
        let inside = ["label", "title", "name", "text"].iter().map(|name| format!("{list}[].{name}"));
        let path = inside.into_iter().find(|path| *path != field.path && profile.get(path).is_some())?;
        return Some(format!("{{{path}}}"));
    }
    let path = names.iter().map(|name| format!("{}{name}", field.path)).find(|path| profile.get(path).is_some())?;
    (!field.is_list()).then(|| format!("{{{path}}}"))
}

/// What parts the addresses of a field, if nothing else stands in it, and some are written without their beginning.
fn separator_of_addresses(field: &Field) -> Option<&'static str> {
    let values: Vec<Vec<&str>> = field.counts.keys().map(|value| addresses(value)).collect();
    let are_all = values.iter().all(|addresses| !addresses.is_empty());
    let is_bare = values.iter().flatten().any(|address| !address.contains("://"));
    let is_several = values.iter().any(|addresses| addresses.len() > 1);
    let is_by = |sign: &&str| field.counts.keys().any(|value| value.contains(*sign));
    [";", ","].into_iter().find(is_by).filter(|_| are_all && is_bare && is_several)
}

/// Addresses of a host alone that many share: those of whoever runs the site.
fn shared_hosts(field: &Field) -> Vec<String> {
    let fewest = 3.max(field.values / 10);
    let is_host = |value: &str| value.split_once("://").is_some_and(|(_, rest)| !rest.trim_end_matches('/').contains('/'));
    let shared = field.by_frequency().into_iter().filter(|(value, count)| *count >= fewest && is_host(value));
    shared.map(|(value, _)| value.to_owned()).take(5).collect()
}

/// The list whose items are addresses with names: `links[]` for `links[].url` beside `links[].name`.
fn named_links(field: &Field, profile: &Profile) -> Option<String> {
    let (list, address) = field.path.rsplit_once("[].")?;
    let has_names = LINK_NAMES.iter().any(|name| profile.get(&format!("{list}[].{name}")).is_some());
    (LINK_ADDRESSES.contains(&address) && has_names).then(|| format!("{list}[]"))
}

/// A name for links of a field; none if it says no more than "link".
fn label(field: &Field, language: &str) -> Option<String> {
    const SAY_NOTHING: &[&str] = &["at", "on", "in", "to", "access at", "here", "page"];
    let name = if matches!(field.name(), "url" | "href" | "link") && field.is_nested() { field.top() } else { field.name() };
    let words = words::name_words(name);
    let telling: Vec<&str> = words
        .split(' ')
        .filter(|word| {
            !matches!(
                *word,
                "url"
                    | "urls"
                    | "link"
                    | "links"
                    | "lien"
                    | "liens"
                    | "site"
                    | "web"
                    | "website"
                    | "websites"
                    | "sites"
                    | "project"
                    | "external"
                    | "href"
                    | "homepage"
                    | "webseite"
                    | "webseiten"
            )
        })
        .collect();
    let text = Some(telling.join(" ")).filter(|text| !SAY_NOTHING.contains(&text.as_str())).unwrap_or_default();
    let mut usual = list("labels", language).iter().filter_map(|pair| pair.split_once(" > "));
    let text = usual.find(|(theirs, _)| *theirs == text).map_or(text.as_str(), |(_, ours)| ours);
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect())
}
