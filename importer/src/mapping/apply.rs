//! From a partner's fields to the fields of Maillage's front matter.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};

use maillage_explore::text::fold;
use maillage_graph_schema::model::{Audience, Language, Licence, OrganisationRole, Point, SectionKind, Status, Text, WebAddress};

use super::page::Page;
use super::places::{self, PlaceRule};
use super::rule::{Change, FieldRule, Rule, Taken};
use super::{Collection, licence};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::draft::{Identity, Lookup, Mention, Reference, TitleFrom, Whereabouts};
use crate::parse::clean;
use crate::parse::date::{self, Edge, Reading};
use crate::parse::money;
use crate::parse::personal::{
    Removed, RoleMailboxes, is_of_service, name_without_personal_data, named_by_address, without_personal_data,
};
use crate::parse::value::{Entry, Map, Node, Position, Value};
use crate::text::destination::Destinations;

/// What is known of a file beside its fields and its text.
pub struct Around<'a> {
    /// The mailboxes that are roles'.
    pub roles: &'a RoleMailboxes,
    /// Where its paths lead.
    pub(crate) destinations: Destinations,
}

/// The fields of a file in our terms.
#[derive(Debug)]
pub struct Mapped {
    pub key: Option<String>,
    pub fields: Map,
    pub title_from: TitleFrom,
    /// What the file calls each of our fields.
    pub names: HashMap<String, String>,
    /// Organisations that the file refers to in other collections.
    pub mentions: Vec<Lookup<Mention>>,
    /// Tags that are files of other collections.
    pub tag_references: Vec<Lookup<Reference>>,
    /// The organisation that this one is a part of.
    pub part_of: Option<Lookup<Reference>>,
    pub whereabouts: Whereabouts,
    pub point: Option<Point>,
    /// The text, if it stands among the fields.
    pub body: Option<String>,
    /// Texts among the fields that are sections of their own.
    pub sections: Vec<(SectionKind, String)>,
    /// What was left out that may be persons'.
    pub removed: Removed,
    pub diagnostics: Vec<Diagnostic>,
}

impl Collection {
    /// Puts the fields of a file into our terms.
    pub fn apply(&self, page: &Page<'_>, around: &Around<'_>, diagnostics: &Diagnostics<'_>) -> Mapped {
        let mut mapped = Mapped {
            key: self.key.key(page),
            fields: Map::default(),
            title_from: TitleFrom::default(),
            names: HashMap::new(),
            mentions: Vec::new(),
            tag_references: Vec::new(),
            part_of: None,
            whereabouts: Vec::new(),
            point: None,
            body: None,
            sections: Vec::new(),
            removed: Removed::default(),
            diagnostics: Vec::new(),
        };
        let mut tags: Vec<Node> = Vec::new();
        for rule in &self.fields {
            let found = rule.find(page, &self.nothing);
            if let Some(first) = found.first() {
                mapped.names.insert(rule.field.to_owned(), first.rule.from.as_str().to_owned());
            }
            match rule.field {
                "title" if found.first().is_some_and(|first| first.rule.from.is_name_of_file()) => {
                    mapped.title_from = TitleFrom::NameByRule;
                    self.values_of(rule, &found, diagnostics, &mut mapped, &mut tags);
                }
                "organisations" => {
                    let (mentions, removed) = self.mentions(&found, page, around, diagnostics);
                    mapped.mentions = mentions;
                    mapped.removed.add(removed);
                }
                "part_of" => mapped.part_of = found.first().and_then(|taken| self.lookup(taken.rule, &taken.node, diagnostics)),
                "aliases" => {
                    let keys =
                        found.iter().filter(|taken| !names_somebody(&taken.node, &mut mapped.removed)).filter_map(|taken| {
                            let key = self.key.keys_of(taken.node.scalar()?).pop()?;
                            Some(scalar(key, taken.node.at))
                        });
                    let nodes = keys.filter(|node| node.scalar() != mapped.key.as_deref()).collect();
                    put(&mut mapped.fields, rule.field, Value::List(nodes));
                }
                "links" | "evidence" => {
                    let mut nodes = Vec::with_capacity(found.len());
                    for taken in &found {
                        match taken.link(page, &self.nothing, &around.destinations) {
                            Found::Link(link) => nodes.push(link),
                            Found::Nothing => {}
                            Found::NameAlone => {
                                let diagnostic = diagnostics.about(Code::WrongType, taken.rule.from.as_str(), &taken.node);
                                mapped.diagnostics.push(diagnostic.detail("incomplete").expected("an address beside the name"));
                            }
                        }
                    }
                    put(&mut mapped.fields, rule.field, Value::List(nodes));
                }
                "costs" => {
                    let (costs, unread) = costs(&found, page, diagnostics);
                    put(&mut mapped.fields, rule.field, Value::List(costs));
                    mapped.diagnostics.extend(unread);
                }
                "website" => {
                    let found = found.first().map(|taken| address(&taken.node, &around.destinations));
                    mapped.fields.entries.extend(found.map(|node| entry(rule.field, node)));
                }
                "contact" => {
                    let (contact, left_out) = contact(&found, around);
                    mapped.removed.add(left_out);
                    mapped.fields.entries.extend(contact.map(|contact| entry(rule.field, contact)));
                }
                "picture" => {
                    let picture = found.iter().find(|taken| taken.node.scalar().is_some());
                    mapped.fields.entries.extend(picture.map(|taken| entry(rule.field, of_one("url", taken.node.clone()))));
                }
                "picture_text" => {
                    let picture = mapped.fields.entries.iter_mut().find(|entry| entry.key == "picture");
                    if let (Some(Value::Map(picture)), Some(taken)) = (picture.map(|entry| &mut entry.node.value), found.first())
                    {
                        picture.entries.push(entry("alternative_text", taken.node.clone()));
                    }
                }
                "start" | "end" | "reviewed" | "modified" => self.date(rule, &found, diagnostics, &mut mapped),
                "body" => mapped.body = Some(texts(&found)).filter(|text| !text.is_empty()),
                _ => match rule.field.parse::<SectionKind>() {
                    Ok(kind) => mapped.sections.extend(Some((kind, texts(&found))).filter(|(_, text)| !text.is_empty())),
                    Err(_) => self.values_of(rule, &found, diagnostics, &mut mapped, &mut tags),
                },
            }
        }
        if !tags.is_empty() {
            let mut all = mapped.fields.get("tags").map(|node| node.items().to_vec()).unwrap_or_default();
            all.append(&mut tags);
            mapped.fields.entries.retain(|entry| entry.key != "tags");
            put(&mut mapped.fields, "tags", Value::List(all));
        }
        self.places_of(page, around, diagnostics, &mut mapped);
        mapped
    }

    /// What a file, or a record, is called by the field that its title or its name stands in.
    pub fn called(&self, page: &Page<'_>) -> Option<String> {
        let named = self.fields.iter().find(|rule| matches!(rule.field, "title" | "name"))?;
        named.find(page, &self.nothing).iter().find_map(|taken| taken.node.scalar().map(str::to_owned))
    }

    /// The text that stands in fields, if the mapping reads it from there.
    pub fn text_in_fields(&self, page: &Page<'_>) -> Option<String> {
        let body = self.fields.iter().find(|rule| rule.field == "body")?;
        Some(texts(&body.find(page, &self.nothing))).filter(|text| !text.is_empty())
    }

    fn places_of(&self, page: &Page<'_>, around: &Around<'_>, diagnostics: &Diagnostics<'_>, mapped: &mut Mapped) {
        let reference = |collections: &[String], text: &str| self.reference(collections, text);
        let reading = places::Reading {
            nothing: &self.nothing,
            values: self.values.get("places"),
            reference: &reference,
            roles: around.roles,
            removed: Cell::default(),
        };
        mapped.whereabouts = places::whereabouts(&self.places, page, &reading, diagnostics);
        mapped.removed.add(reading.removed.get());
        mapped.point = self.places.iter().find_map(|rule| match rule {
            PlaceRule::Described(described) => described.point(page),
            _ => None,
        });
    }

    /// A field whose values are taken over, or replaced by the table of its values.
    fn values_of(
        &self,
        rule: &FieldRule,
        found: &[Taken<'_>],
        diagnostics: &Diagnostics<'_>,
        mapped: &mut Mapped,
        tags: &mut Vec<Node>,
    ) {
        let table = self.values.get(rule.field);
        let mut nodes: Vec<Node> = Vec::new();
        let mut unmapped: Vec<(&Rule, &Node)> = Vec::new();
        for Taken { rule: source, node, .. } in found {
            if rule.field == "tags" && !source.collections.is_empty() {
                mapped.tag_references.extend(self.lookup(source, node, diagnostics));
                continue;
            }
            let known = node.scalar().and_then(|text| {
                let ours = table.and_then(|table| table.get(&fold(text))).cloned();
                ours.or_else(|| ours_already(rule.field, text))
            });
            match (known, table) {
                (Some(values), _) => nodes.extend(values.into_iter().map(|value| scalar(value, node.at))),
                // A state that is none of ours is kept in the words of its author, with a table or without.
                (None, table) if node.scalar().is_some() && (table.is_some() || rule.field == "status") => {
                    unmapped.push((source, node));
                }
                (None, _) => nodes.push(node.clone()),
            }
        }
        if rule.takes_many {
            // What a list does not translate is kept as a tag: nothing of what its author said is lost.
            tags.extend(unmapped.into_iter().map(|(_, node)| node.clone()));
            put(&mut mapped.fields, rule.field, Value::List(nodes));
        } else if let Some(node) = nodes.into_iter().next() {
            mapped.fields.entries.push(entry(rule.field, node));
        } else if let Some((source, node)) = unmapped.first() {
            mapped.diagnostics.push(diagnostics.about(Code::UnmappedValue, source.from.as_str(), node));
            if rule.field == "status" {
                // Readers see it as its author said it.
                let is_said = mapped.fields.filled("status_reason").is_some();
                mapped.fields.entries.extend((!is_said).then(|| entry("status_reason", (*node).clone())));
            }
        }
    }

    /// Whether the start is taken from where a rule takes something.
    fn starts_by(&self, source: &Rule) -> bool {
        let starts = self.fields.iter().filter(|rule| rule.field == "start").flat_map(|rule| &rule.rules);
        starts.map(|rule| rule.from.as_str()).any(|from| from == source.from.as_str())
    }

    /// The first of the texts that is a date.
    fn date(&self, rule: &FieldRule, found: &[Taken<'_>], diagnostics: &Diagnostics<'_>, mapped: &mut Mapped) {
        let edge = if rule.field == "end" { Edge::End } else { Edge::Start };
        let mut unread: Option<Diagnostic> = None;
        for Taken { rule: source, node, .. } in found {
            let said = |code| diagnostics.about(code, source.from.as_str(), node);
            let Some(text) = node.scalar() else {
                unread.get_or_insert(said(Code::WrongType).detail(node.sort()).expected("a date"));
                continue;
            };
            let text = clean::tidy(text);
            // A moment keeps its time of day where it is asked for.
            if rule.field == "modified" && text.trim().parse::<maillage_graph_schema::model::Instant>().is_ok() {
                mapped.fields.entries.push(entry(rule.field, scalar(text.trim().to_owned(), node.at)));
                return;
            }
            let (day, diagnostic) = match date::read(&text, self.dates, edge) {
                // What tells the start as well is an end if it is a period.
                Reading::Date(_)
                    if edge == Edge::End
                        && self.starts_by(source)
                        && date::read(&text, self.dates, Edge::Start) == date::read(&text, self.dates, edge) =>
                {
                    return;
                }
                Reading::Date(day) => (Some(day), None),
                Reading::Ambiguous(year) => (Some(year), Some(said(Code::AmbiguousDate).detail(year.to_string()))),
                Reading::Open => return,
                Reading::TwoDigitYear => (None, Some(said(Code::TwoDigitYear))),
                Reading::Unreadable => (None, Some(said(Code::InvalidValue).expected("YYYY, YYYY-MM or YYYY-MM-DD"))),
            };
            if let Some(day) = day {
                mapped.diagnostics.extend(diagnostic);
                // A moment is at least a day.
                let text = if rule.field == "modified" { day.last_day().to_string() } else { day.to_string() };
                mapped.fields.entries.push(entry(rule.field, scalar(text, node.at)));
                return;
            }
            if unread.is_none() {
                unread = diagnostic;
            }
        }
        mapped.diagnostics.extend(unread);
    }

    /// What a value refers to in other collections.
    fn reference(&self, collections: &[String], text: &str) -> Reference {
        let mut candidates = Vec::new();
        for collection in collections {
            let keys = self.others.get(collection).map(|key| key.keys_of(text)).unwrap_or_default();
            candidates.extend(keys.into_iter().map(|key| Identity { collection: collection.clone(), key }));
        }
        Reference { candidates, collections: collections.to_vec(), text: text.trim().to_owned() }
    }

    fn lookup(&self, rule: &Rule, node: &Node, diagnostics: &Diagnostics<'_>) -> Option<Lookup<Reference>> {
        let value = self.reference(&rule.collections, node.scalar()?);
        Some(Lookup { value, or_else: diagnostics.about(Code::UnknownOrganisation, rule.from.as_str(), node) })
    }

    /// The organisations that values name, or refer to in other collections; of a map, its name and web address.
    fn mentions(
        &self,
        found: &[Taken<'_>],
        page: &Page<'_>,
        around: &Around<'_>,
        diagnostics: &Diagnostics<'_>,
    ) -> (Vec<Lookup<Mention>>, Removed) {
        let mut all_removed = Removed::default();
        let table = self.values.get("organisations");
        let mut seen = HashSet::new();
        let mut mentions = Vec::new();
        let mut of_one_address: HashMap<_, usize> = HashMap::new();
        for taken in found {
            *of_one_address.entry(place_of_address(taken)).or_default() += 1;
        }
        for taken in found {
            let Taken { rule, node, trail } = taken;
            let role = rule.role.unwrap_or(OrganisationRole::Partner);
            let or_else = diagnostics.about(Code::UnknownOrganisation, rule.from.as_str(), node);
            let within = node.map();
            let told = |node: &&Node| says_something(node, &self.nothing);
            let first =
                |names: &[&str]| within.and_then(|map| names.iter().find_map(|name| map.filled(name).filter(told)?.scalar()));
            let Some(written) = node.scalar().or_else(|| first(ORGANISATION_NAMES)) else { continue };
            let (names, removed) = organisations_named(written, around.roles);
            all_removed.add(removed);
            // One address in a file, or in an item of a list, is that of one organisation.
            let website = rule.website.as_ref().filter(|_| of_one_address[&place_of_address(taken)] == 1);
            let mut addresses = website.map(|pointer| pointer.find_along(page, trail)).unwrap_or_default();
            addresses.extend(first(ORGANISATION_ADDRESSES).map(|text| scalar(text.to_owned(), node.at)));
            let mut websites = addresses.iter().filter(|node| !names_somebody(node, &mut all_removed));
            let website: Option<WebAddress> =
                websites.find_map(|node| address(node, &around.destinations).scalar()?.parse().ok());
            let ours = |name: String| table.and_then(|table| table.get(&fold(&name))).cloned().unwrap_or_else(|| vec![name]);
            for text in names.into_iter().flat_map(ours) {
                let mention = if rule.collections.is_empty() {
                    let website = website.clone();
                    text.parse().ok().map(|name| Mention { key: None, name: Some(name), reference: None, website, role })
                } else {
                    let reference = Some(self.reference(&rule.collections, &text));
                    Some(Mention { key: None, name: name_of_reference(&text), reference, website: website.clone(), role })
                };
                let is_new = seen.insert((text, rule.collections.clone(), role));
                mentions.extend(mention.filter(|_| is_new).map(|value| Lookup { value, or_else: or_else.clone() }));
            }
        }
        (mentions, all_removed)
    }
}

/// The organisations that a value names, one a line, without what is of persons.
fn organisations_named(written: &str, roles: &RoleMailboxes) -> (Vec<String>, Removed) {
    let mut all_removed = Removed::default();
    let mut names = Vec::new();
    for line in written.lines() {
        let line = line.trim();
        let name = ["- ", "* ", "• ", "– "].iter().find_map(|bullet| line.strip_prefix(bullet)).unwrap_or(line);
        let (text, removed) = name_without_personal_data(&clean::tidy(name), roles);
        all_removed.add(removed);
        // "Anne Dupont <anne@agen.fr>" is a person.
        let is_person = removed.mail_addresses > 0 && name.split_once('<').is_some_and(|(_, mailbox)| !is_of_service(mailbox));
        // What stood with it in brackets was of a person.
        let text = match text.rsplit_once('(') {
            Some((before, within)) if removed != Removed::default() && !within.contains(')') => before.trim(),
            _ => &text,
        };
        if !is_person && !text.is_empty() {
            names.push(text.to_owned());
        }
    }
    (names, all_removed)
}

/// Whether an address names somebody, by a mailbox or a number; what it names is counted.
fn names_somebody(address: &Node, removed: &mut Removed) -> bool {
    let named = address.scalar().map(named_by_address).unwrap_or_default();
    removed.add(named);
    named != Removed::default()
}

/// What an organisation is called by a value that ought to lead to its file, if that is a name. A slug, a path, an address or a number
/// calls it nothing.
fn name_of_reference(text: &str) -> Option<Text> {
    let text = text.trim();
    let is_slug = !text.contains(|character: char| character.is_whitespace() || character.is_uppercase());
    if is_slug || text.contains(['/', '@', ':']) || !text.contains(char::is_alphabetic) || is_file(text) {
        return None;
    }
    text.parse().ok()
}

/// Where the web address of an organisation stands: in what its rule reads of the file, or in the item of a list that names it.
fn place_of_address(taken: &Taken<'_>) -> (*const Rule, Option<*const Node>) {
    let item = taken.rule.website.as_ref().and_then(|website| website.shared_item(&taken.trail));
    (std::ptr::from_ref(taken.rule), item.map(std::ptr::from_ref))
}

/// A value that a partner writes as we do.
fn ours_already(field: &str, text: &str) -> Option<Vec<String>> {
    let text = text.trim();
    let ours = match field {
        "status" => text.parse::<Status>().ok()?.to_string(),
        "audience" => text.parse::<Audience>().ok()?.to_string(),
        "lang" => text.parse::<Language>().ok()?.to_string(),
        "license" => text.parse::<Licence>().map_or_else(|_| licence::usual(text), |licence| Some(licence.to_string()))?,
        _ => return None,
    };
    Some(vec![ours])
}

/// What partners call the address of a link, and its name.
pub(crate) const LINK_ADDRESSES: &[&str] = &["url", "href", "link", "uri", "address"];
pub(crate) const LINK_NAMES: &[&str] =
    &["label", "name", "title", "text", "linkText", "link_text", "linkTitle", "link_title", "titre", "nom"];

/// What partners call the name of an organisation in a list of them, and its address.
pub(crate) const ORGANISATION_NAMES: &[&str] =
    &["name", "nom", "nombre", "nome", "naam", "title", "titre", "label", "organisation", "organization"];
pub(crate) const ORGANISATION_ADDRESSES: &[&str] = &["url", "website", "site", "link", "href", "web", "homepage", "lien"];

/// The first of some values by which one may ask about it, and what was left out: the address of a page, or a mailbox that the source
/// says is a role's. Any other mailbox may be a person's, and so may a number and a name.
fn contact(found: &[Taken<'_>], around: &Around<'_>) -> (Option<Node>, Removed) {
    let mut left_out = Removed::default();
    for Taken { node, .. } in found {
        let Some(text) = node.scalar().map(str::trim) else { continue };
        let within = text.split_once('<').and_then(|(_, rest)| rest.strip_suffix('>'));
        let mailbox = within.unwrap_or(text);
        let mailbox = mailbox.strip_prefix("mailto:").unwrap_or(mailbox);
        if around.roles.hold(mailbox) {
            return (Some(of_one("email", scalar(mailbox.to_owned(), node.at))), left_out);
        }
        let page = address(node, &around.destinations);
        let is_page = page.scalar().is_some_and(|page| page.starts_with("https://") || page.starts_with("http://"));
        let named = if is_page { named_by_address(text) } else { without_personal_data(text, around.roles).1 };
        if is_page && !text.contains('@') && named == Removed::default() {
            return (Some(of_one("url", page)), left_out);
        }
        let is_other_mailbox = named == Removed::default() && text.contains('@');
        left_out.add(if is_other_mailbox { Removed { mail_addresses: 1, ..named } } else { named });
    }
    (None, left_out)
}

/// The sums of money that values tell, in our terms, and what is said of those that hold a number and no sum.
fn costs(found: &[Taken<'_>], page: &Page<'_>, diagnostics: &Diagnostics<'_>) -> (Vec<Node>, Vec<Diagnostic>) {
    let mut costs = Vec::new();
    let mut unread = Vec::new();
    for Taken { rule, node, trail } in found {
        let (sums, expected) = sums(node);
        unread
            .extend(expected.map(|expected| diagnostics.about(Code::InvalidValue, rule.from.as_str(), node).expected(expected)));
        let label = rule.label.as_ref().and_then(|label| label.text(page, trail));
        let (Some(label), Some(basis)) = (label, rule.basis) else { continue };
        for (sum, year) in sums {
            let parts = [("kind", label.clone()), ("amount", sum.amount.to_string()), ("currency", sum.currency.to_owned())];
            let parts = parts.into_iter().chain([("basis", basis.to_string())]).chain(year.map(|year| ("year", year)));
            let entries = parts.map(|(key, text)| entry(key, scalar(text, node.at))).collect();
            costs.push(Node { value: Value::Map(Map { entries }), at: node.at });
        }
    }
    (costs, unread)
}

/// What partners call the amount of a sum, its currency and its year, where each has a field.
const AMOUNTS: &[&str] =
    &["amount", "value", "montant", "valeur", "total", "betrag", "summe", "importe", "importo", "valor", "bedrag"];
const CURRENCIES: &[&str] = &["currency", "devise", "monnaie", "unit", "währung", "moneda", "valuta", "moeda"];
const YEARS: &[&str] = &["year", "année", "annee", "jahr", "año", "anno", "ano", "jaar"];

/// Sums with the years that they are told for, and what is expected where a number is none.
type Sums = (Vec<(money::Sum, Option<String>)>, Option<&'static str>);

/// The sums that a value tells: a text; a map of an amount and a currency; a map of sums by year. "Free" and "to be told" are no sums,
/// and no mistakes.
fn sums(node: &Node) -> Sums {
    if let Some(map) = node.map() {
        return sums_of_map(map);
    }
    let text = node.scalar().unwrap_or_default();
    let sum = money::read(text);
    let holds_number = text.bytes().any(|byte| byte.is_ascii_digit());
    let expected = (sum.is_none() && holds_number).then(|| expected_of(text));
    (sum.map(|sum| (sum, None)).into_iter().collect(), expected)
}

/// Those of a map: all of it is read, or nothing.
fn sums_of_map(map: &Map) -> Sums {
    let first = |names: &[&str]| {
        let mut entries = map.entries.iter().filter(|entry| names.contains(&entry.key.to_lowercase().as_str()));
        entries.find_map(|entry| entry.node.scalar())
    };
    let currency = first(CURRENCIES).unwrap_or_default();
    let by_year = || map.entries.iter().filter(|entry| is_year(&entry.key));
    let others = map.entries.iter().filter(|entry| !entry.node.is_blank() && !is_year(&entry.key)).count();
    let is_by_year = others == usize::from(!currency.is_empty());
    let written: Vec<(&str, Option<&str>)> = match first(AMOUNTS) {
        Some(amount) => vec![(amount, first(YEARS).filter(|year| is_year(year)))],
        None if is_by_year => by_year().filter_map(|entry| Some((entry.node.scalar()?, Some(entry.key.as_str())))).collect(),
        None => Vec::new(),
    };
    let of_map = |amount: &str| {
        if money::read(amount).is_some() { amount.to_owned() } else { format!("{amount} {currency}") }
    };
    let texts: Vec<(String, Option<&str>)> = written.into_iter().map(|(amount, year)| (of_map(amount), year)).collect();
    let read = texts.iter().map(|(text, year)| Some((money::read(text)?, year.map(str::to_owned)))).collect::<Option<Vec<_>>>();
    match read.filter(|sums| !sums.is_empty()) {
        Some(sums) => (sums, None),
        None => (Vec::new(), Some(texts.first().map_or(SUM, |(text, _)| expected_of(text)))),
    }
}

fn is_year(text: &str) -> bool {
    let text = text.trim();
    text.len() == 4 && (text.starts_with("19") || text.starts_with("20")) && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn expected_of(text: &str) -> &'static str {
    if money::is_of_shared_currency(text) { CODE_OF_CURRENCY } else { SUM }
}

/// What a cost is expected to be.
const SUM: &str = "one sum with its currency, such as 12 000 €";

/// Likewise, where the sign of its currency is that of several countries.
pub(crate) const CODE_OF_CURRENCY: &str = "the code of the currency, such as USD or SEK: its sign is that of several countries";

/// Texts of fields, as one.
fn texts(found: &[Taken<'_>]) -> String {
    let texts = found.iter().flat_map(|taken| taken.node.items()).filter_map(|item| item.scalar());
    texts.map(str::trim).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n\n")
}

impl Taken<'_> {
    /// A value as a link, with the label of the rule, or its own where it is an address with a name.
    fn link(&self, page: &Page<'_>, nothing: &[String], destinations: &Destinations) -> Found {
        let label = self.rule.label.as_ref().and_then(|label| label.text(page, &self.trail)?.parse::<Text>().ok());
        if let Value::Map(map) = &self.node.value {
            return named_link(map, &self.node, label.as_ref(), nothing, destinations);
        }
        Found::Link(plain_link(&self.node, label, destinations))
    }
}

/// An address, with a label if there is one.
fn plain_link(node: &Node, label: Option<Text>, destinations: &Destinations) -> Node {
    let node = address(node, destinations);
    // The name of a link alone would say nothing.
    let is_address = node.scalar().is_some_and(|text| text.parse::<WebAddress>().is_ok());
    let Some(label) = label.filter(|_| is_address) else { return node };
    let entries = vec![entry("url", node.clone()), entry("label", scalar(label.to_string(), node.at))];
    Node { value: Value::Map(Map { entries }), at: node.at }
}

/// What came of a link among others.
enum Found {
    Link(Node),
    /// It is left empty.
    Nothing,
    /// It has a name and no address.
    NameAlone,
}

/// An address with a name, whatever partners call the two: `url` and `name`, `href` and `text`.
fn named_link(map: &Map, node: &Node, label: Option<&Text>, nothing: &[String], destinations: &Destinations) -> Found {
    let first = |names: &[&str]| names.iter().find_map(|name| map.filled(name)).filter(|found| says_something(found, nothing));
    let Some(url) = first(LINK_ADDRESSES) else {
        return if first(LINK_NAMES).is_some() { Found::NameAlone } else { Found::Nothing };
    };
    let own = first(LINK_NAMES).cloned();
    let label = own.or_else(|| label.map(|label| scalar(label.to_string(), node.at)));
    let entries = std::iter::once(entry("url", address(url, destinations))).chain(label.map(|label| entry("label", label)));
    Found::Link(Node { value: Value::Map(Map { entries: entries.collect() }), at: node.at })
}

/// Whether a value is a text, and none of those that mean nothing.
fn says_something(node: &Node, nothing: &[String]) -> bool {
    !Change::default().apply(node.clone(), nothing, false).is_empty() && node.scalar().is_some()
}

/// An address as people write it: without its scheme, as it stands in HTML, or as the path of a file of the repository.
fn address(node: &Node, destinations: &Destinations) -> Node {
    let Some(text) = node.scalar() else { return node.clone() };
    let mut text = text.trim().replace("&#x2F;", "/").replace("&#x3A;", ":").replace("&amp;", "&");
    if is_host(&text) {
        text.insert_str(0, "https://");
    } else if is_file(&text)
        && let Some(file) = destinations.link(&text)
    {
        text = file;
    }
    scalar(text, node.at)
}

/// Whether a text is the path of a file: `../assets/report.pdf`.
fn is_file(text: &str) -> bool {
    let name = text.rsplit('/').next().unwrap_or_default();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    !text.contains([':', '@', ' ', '\n'])
        && (2..=5).contains(&extension.len())
        && extension.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Ends of names of files that people link to, and of no host.
const FILES: &[&str] = &[
    "csv", "doc", "docx", "gif", "htm", "html", "jpeg", "jpg", "md", "odp", "ods", "odt", "pdf", "php", "png", "ppt", "pptx",
    "svg", "webp", "xls", "xlsx", "zip",
];

/// Whether a text begins with the name of a host, and with no scheme: `www.agen.fr/wifi`.
pub(crate) fn is_host(text: &str) -> bool {
    let host = text.split(['/', '?', '#']).next().unwrap_or_default();
    let labels: Vec<&str> = host.split('.').collect();
    let is_label = |label: &&str| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let top = labels.last().copied().unwrap_or_default();
    let is_file = FILES.contains(&top.to_ascii_lowercase().as_str()) && labels.len() == 2;
    labels.len() > 1
        && labels.iter().all(is_label)
        && top.len() > 1
        && top.bytes().all(|byte| byte.is_ascii_alphabetic())
        && !is_file
}

fn scalar(text: String, at: Position) -> Node {
    Node { value: Value::Scalar(text), at }
}

/// A map of one field.
fn of_one(key: &str, node: Node) -> Node {
    let at = node.at;
    Node { value: Value::Map(Map { entries: vec![entry(key, node)] }), at }
}

fn entry(key: &str, node: Node) -> Entry {
    Entry { key: key.to_owned(), key_at: node.at, node }
}

fn put(fields: &mut Map, field: &str, value: Value) {
    let is_empty = matches!(&value, Value::List(items) if items.is_empty());
    if !is_empty {
        fields.entries.push(entry(field, Node { value, at: Position::START }));
    }
}

#[cfg(test)]
mod tests {
    use super::{name_of_reference, organisations_named};
    use crate::parse::personal::RoleMailboxes;

    #[test]
    fn a_value_names_organisations_and_no_persons() {
        for (written, names) in [
            ("Ville d'Agen", &["Ville d'Agen"][..]),
            ("SENA\nAlcaldía \n* UARIV: Reparación\n\n- Colanta", &["SENA", "Alcaldía", "UARIV: Reparación", "Colanta"]),
            ("Association Sol (Jean Petit, 06 12 34 56 78, jean@sol.fr)", &["Association Sol"]),
            ("Anne Dupont <anne@agen.fr>", &[]),
            ("Médiathèque (Agen)", &["Médiathèque (Agen)"]),
        ] {
            assert_eq!(organisations_named(written, &RoleMailboxes::default()).0, names, "{written}");
        }
    }

    #[test]
    fn a_reference_may_call_an_organisation_by_its_name() {
        for (written, name) in [
            ("Les Amis du Libre", Some("Les Amis du Libre")),
            ("les-amis-du-libre", None),
            ("ADEME", Some("ADEME")),
            ("/bodies/inconnue", None),
            ("inconnue.md", None),
            ("https://agen.fr", None),
            ("1247", None),
        ] {
            assert_eq!(name_of_reference(written).as_ref().map(maillage_graph_schema::model::Text::as_str), name, "{written}");
        }
    }
}
