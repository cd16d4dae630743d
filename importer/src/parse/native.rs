//! The front matter of Maillage: see the table "The case study" in its documentation.

use maillage_graph_schema::model::{
    Audience, Contact, Cost, CostBasis, Figure, InitiativeKey, Language, Licence, Link, OrganisationKey, OrganisationRole, Point,
    Section, Status, Text, WebAddress,
};

use super::reader::Reader;
use super::value::{Map, Node, Value};
use super::{clean, personal};
use crate::diagnostic::Code;
use crate::draft::{
    AdoptionDraft, Description, Draft, Identity, InitiativeDraft, Lookup, Mention, OrganisationDraft, OriginalDraft,
    PictureDraft, PlaceDraft, TitleFrom, TranslationDraft,
};

/// The version of the front matter.
const SCHEMA_VERSION: &str = "1";

/// Every field at the top.
const FIELDS: &[&str] = &[
    "schema_version",
    "id",
    "aliases",
    "title",
    "summary",
    "lang",
    "translation_of",
    "kind",
    "topics",
    "tags",
    "audience",
    "towns",
    "areas",
    "geo",
    "organisations",
    "status",
    "status_reason",
    "start",
    "end",
    "figures",
    "costs",
    "inspired_by",
    "evidence",
    "links",
    "contact",
    "picture",
    "license",
    "modified",
    "reviewed",
];

/// What is known of a file beside its fields.
pub struct Context<'a> {
    /// The key of its record if it names none.
    pub default_key: Option<InitiativeKey>,
    pub language: Option<&'a Language>,
    pub licence: Option<&'a Licence>,
    /// Cuts the body once the title is known.
    pub sections: &'a dyn Fn(Option<&Text>) -> Vec<Section>,
}

/// The values of an enum of the domain, as they are written.
macro_rules! written {
    ($name:ident) => {
        &$name::ALL.iter().map(|value| value.as_str()).collect::<Vec<_>>()
    };
}

/// Reads an initiative or a translation; `None` if the file gives no record, for the reason reported.
pub fn read(fields: &Map, context: &Context<'_>, reader: &mut Reader<'_, '_>) -> Option<Draft> {
    reader.expect_only(fields, FIELDS, "");
    if let Some(version) = fields.filled("schema_version")
        && version.scalar() != Some(SCHEMA_VERSION)
    {
        let diagnostic = reader.about(Code::InvalidValue, "schema_version", version).expected(SCHEMA_VERSION);
        reader.diagnostics.push(diagnostic);
    }
    let title = reader.text(fields, "title");
    let Some(title) = title else {
        let at = fields.get("title").map(|node| node.at);
        let diagnostic = match at {
            Some(at) => reader.diagnostics.at(Code::MissingTitle, at),
            None => reader.diagnostics.of(Code::MissingTitle),
        };
        reader.diagnostics.push(diagnostic.field(reader.name("title")));
        return None;
    };
    let summary = reader.plain(fields, "summary");
    let sections = (context.sections)(Some(&title));
    let language = language(fields, context, &sections, reader);
    let licence = match fields.filled("license") {
        // A licence that is said and not known is not replaced by another.
        Some(_) => reader.value::<Licence>(fields, "license"),
        None => context.licence.cloned(),
    };
    let picture = picture(fields, reader);
    if let Some(node) = fields.filled("translation_of") {
        let value = id(node, "translation_of", reader)?;
        let initiative = Lookup { value, or_else: reader.about(Code::TranslationOfNothing, "translation_of", node) };
        let draft = TranslationDraft { initiative, language, title, summary, licence, sections, picture };
        return Some(Draft::Translation(Box::new(draft)));
    }
    let key = if let Some(node) = fields.filled("id") {
        id(node, "id", reader)?
    } else {
        if context.default_key.is_none() {
            reader.diagnostics.push(reader.diagnostics.of(Code::InvalidId).field("id"));
        }
        context.default_key.clone()?
    };
    Some(Draft::Initiative(Box::new(InitiativeDraft {
        aliases: aliases(fields, reader),
        kind: topics(fields, "kind", reader).into_iter().next(),
        topics: topics(fields, "topics", reader),
        tags: texts(fields, "tags", reader),
        audiences: list(fields, "audience", reader, |node, reader| reader.value_of(node, "audience", written!(Audience))),
        status: reader.one_of(fields, "status", written!(Status)),
        status_reason: reader.text(fields, "status_reason"),
        start: reader.date(fields, "start"),
        end: reader.date(fields, "end"),
        places: places(fields, &language, reader),
        whereabouts: Vec::new(),
        tag_references: Vec::new(),
        translation_rank: None,
        point: point(fields, reader),
        organisations: organisations(fields, reader),
        figures: figures(fields, reader),
        costs: costs(fields, reader),
        links: links(fields, "links", reader),
        evidence: links(fields, "evidence", reader),
        contact: contact(fields, reader),
        inspired_by: adoptions(fields, reader),
        licence,
        modified: reader.value(fields, "modified"),
        reviewed: reader.date(fields, "reviewed"),
        key,
        title,
        title_from: TitleFrom::default(),
        summary,
        belies_name: false,
        language,
        sections,
        picture,
    })))
}

/// Reads an organisation that has a file of its own, in the fields that a mapping gives it.
pub fn read_organisation(
    fields: &Map,
    key: OrganisationKey,
    identity: Identity,
    reader: &mut Reader<'_, '_>,
) -> Option<OrganisationDraft> {
    let Some(name) = reader.text(fields, "name") else {
        reader.diagnostics.push(reader.diagnostics.of(Code::MissingName).field(reader.name("name")));
        return None;
    };
    let mut other_names = texts(fields, "other_names", reader);
    other_names.retain(|other| *other != name);
    Some(OrganisationDraft {
        key,
        aliases: list(fields, "aliases", reader, |node, reader| reader.value_of(node, "aliases", &[])),
        name,
        other_names,
        website: address_in(fields, "website", reader),
        part_of: None,
        identity,
        whereabouts: Vec::new(),
        language: reader.value(fields, "lang"),
        translation_rank: None,
    })
}

/// The language that the file names, else the one that its text is surely in, else the source's.
fn language(fields: &Map, context: &Context<'_>, sections: &[Section], reader: &mut Reader<'_, '_>) -> Language {
    if let Some(language) = reader.value::<Language>(fields, "lang") {
        return language;
    }
    if let Some(detected) = super::language_of(sections) {
        if let Some(said) = context.language.filter(|said| said.primary() != detected.primary()) {
            let note = reader.diagnostics.of(Code::DetectedLanguage).value(detected.as_str()).detail(said.as_str());
            reader.diagnostics.push(note);
        }
        // The source's own tag may say more: a region, a script.
        return context.language.filter(|said| said.primary() == detected.primary()).cloned().unwrap_or(detected);
    }
    if let Some(language) = context.language {
        return language.clone();
    }
    if fields.filled("lang").is_none() {
        reader.diagnostics.push(reader.diagnostics.of(Code::MissingLanguage).field("lang"));
    }
    Language::french()
}

fn id(node: &Node, field: &str, reader: &mut Reader<'_, '_>) -> Option<InitiativeKey> {
    let text = reader.scalar(node, field)?;
    let key = text.parse().ok();
    if key.is_none() {
        let mut diagnostic = reader.about(Code::InvalidId, field, node);
        diagnostic.nearest = crate::slug::slug(text);
        reader.diagnostics.push(diagnostic);
    }
    key
}

/// Reads each item of a list, or a value that stands alone.
fn list<T>(
    fields: &Map,
    field: &str,
    reader: &mut Reader<'_, '_>,
    mut read: impl FnMut(&Node, &mut Reader<'_, '_>) -> Option<T>,
) -> Vec<T> {
    let nodes = fields.get(field).map(Node::items).unwrap_or_default();
    nodes.iter().filter(|node| !node.is_blank()).filter_map(|node| read(node, reader)).collect()
}

fn texts(fields: &Map, field: &str, reader: &mut Reader<'_, '_>) -> Vec<Text> {
    let mut texts = list(fields, field, reader, |node, reader| reader.name_of(node, field));
    let mut seen = std::collections::HashSet::new();
    texts.retain(|text| seen.insert(text.clone()));
    texts
}

fn aliases(fields: &Map, reader: &mut Reader<'_, '_>) -> Vec<InitiativeKey> {
    let mut aliases: Vec<InitiativeKey> = list(fields, "aliases", reader, |node, reader| reader.value_of(node, "aliases", &[]));
    aliases.sort();
    aliases.dedup();
    aliases
}

fn topics(fields: &Map, field: &str, reader: &mut Reader<'_, '_>) -> Vec<Lookup<String>> {
    list(fields, field, reader, |node, reader| {
        let value = clean::tidy(reader.scalar(node, field)?);
        Some(Lookup { value, or_else: reader.about(Code::UnknownTopic, field, node) })
    })
}

/// A town as people write it who do not know of its fields: a code (`47001`), a key (`insee:47001`), or a name with what tells it
/// from others (`Agen (47)`, `Saint-Denis, La Réunion`), which is resolved like those of partners.
fn town_in_words(text: &str, language: &Language) -> PlaceDraft {
    let is_insee = text.len() == 5 && text.is_char_boundary(2) && {
        let (department, number) = text.split_at(2);
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        is_number(number) && (is_number(department) || matches!(department, "2A" | "2B"))
    };
    if is_insee {
        return PlaceDraft::Town { code: Some(format!("insee:{text}")), name: None, department: None };
    }
    if text.contains(':') {
        return PlaceDraft::Town { code: Some(text.to_owned()), name: None, department: None };
    }
    let name = clean::tidy(text).parse().ok();
    PlaceDraft::Described(Box::new(Description { name, language: Some(language.clone()), ..Description::default() }))
}

fn town_in_fields(node: &Node, map: &Map, reader: &mut Reader<'_, '_>) -> Option<Lookup<PlaceDraft>> {
    reader.expect_only(map, &["scheme", "code", "name", "department"], "towns.");
    let scheme = map.filled("scheme").and_then(Node::scalar).unwrap_or("insee").trim().to_lowercase();
    let code = map.filled("code").and_then(Node::scalar).map(|code| format!("{scheme}:{}", code.trim()));
    let name = reader.text(map, "name");
    let department = map.filled("department").and_then(Node::scalar).map(|code| code.trim().to_owned());
    let Some(shown) = map.filled("code").or_else(|| map.filled("name")) else {
        reader.missing(node, "towns", "a code and a name");
        return None;
    };
    Some(Lookup { value: PlaceDraft::Town { code, name, department }, or_else: reader.about(Code::UnknownTown, "towns", shown) })
}

fn places(fields: &Map, language: &Language, reader: &mut Reader<'_, '_>) -> Vec<Lookup<PlaceDraft>> {
    let mut places = list(fields, "towns", reader, |node, reader| {
        if let Value::Map(map) = &node.value {
            return town_in_fields(node, map, reader);
        }
        let value = town_in_words(reader.scalar(node, "towns")?, language);
        Some(Lookup { value, or_else: reader.about(Code::UnknownTown, "towns", node) })
    });
    places.extend(list(fields, "areas", reader, |node, reader| {
        let value = PlaceDraft::Area(reader.scalar(node, "areas")?.to_owned());
        Some(Lookup { value, or_else: reader.about(Code::UnknownArea, "areas", node) })
    }));
    places
}

fn point(fields: &Map, reader: &mut Reader<'_, '_>) -> Option<Point> {
    let (node, map) = reader.maps(fields, "geo").into_iter().next()?;
    reader.expect_only(map, &["lat", "lon"], "geo.");
    let (latitude, longitude) = (reader.number(map, "lat")?, reader.number(map, "lon")?);
    match Point::new(latitude.get(), longitude.get()) {
        Ok(point) => Some(point),
        Err(error) => {
            let diagnostic = reader.about(Code::InvalidValue, "geo", node).value(error.value).expected(error.expected);
            reader.diagnostics.push(diagnostic);
            None
        }
    }
}

fn organisations(fields: &Map, reader: &mut Reader<'_, '_>) -> Vec<Lookup<Mention>> {
    let mut mentions = Vec::new();
    for (node, map) in reader.maps(fields, "organisations") {
        reader.expect_only(map, &["id", "name", "role", "url"], "organisations.");
        let key: Option<OrganisationKey> = reader.value(map, "id");
        let name = map.filled("name").and_then(|name| reader.name_of(name, "name"));
        if name.is_none() && key.is_none() {
            reader.missing(node, "organisations", "a name");
            continue;
        }
        let role = reader.one_of(map, "role", written!(OrganisationRole)).unwrap_or(OrganisationRole::Partner);
        let website = address_in(map, "url", reader);
        let shown = map.filled("id").or_else(|| map.filled("name")).unwrap_or(node);
        let or_else = reader.about(Code::UnknownOrganisation, "organisations", shown);
        mentions.push(Lookup { value: Mention { key, name, reference: None, website, role }, or_else });
    }
    mentions
}

fn figures(fields: &Map, reader: &mut Reader<'_, '_>) -> Vec<Figure> {
    let mut figures = Vec::new();
    for (node, map) in reader.maps(fields, "figures") {
        reader.expect_only(map, &["metric", "value", "unit", "date", "method", "source"], "figures.");
        let (metric, value) = (reader.text(map, "metric"), reader.number(map, "value"));
        let (Some(metric), Some(value)) = (metric, value) else {
            reader.missing(node, "figures", "a metric and a value");
            continue;
        };
        figures.push(Figure {
            metric,
            value,
            unit: reader.text(map, "unit"),
            date: reader.date(map, "date"),
            method: reader.text(map, "method"),
            source: reader.text(map, "source"),
        });
    }
    figures
}

fn costs(fields: &Map, reader: &mut Reader<'_, '_>) -> Vec<Cost> {
    let mut costs = Vec::new();
    for (node, map) in reader.maps(fields, "costs") {
        reader.expect_only(map, &["kind", "amount", "currency", "year", "basis"], "costs.");
        let (kind, amount) = (reader.text(map, "kind"), reader.number(map, "amount"));
        let basis = reader.one_of::<CostBasis>(map, "basis", written!(CostBasis));
        let (Some(kind), Some(amount), Some(basis)) = (kind, amount, basis) else {
            reader.missing(node, "costs", "a kind, an amount and a basis (actual or estimated)");
            continue;
        };
        let currency = map.filled("currency").map(|node| (node, node.scalar().unwrap_or_default().trim().to_uppercase()));
        let currency = match currency {
            Some((_, code)) if code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase()) => code,
            Some((node, _)) => {
                let diagnostic =
                    reader.about(Code::InvalidValue, "costs.currency", node).expected("a code of ISO 4217 such as EUR");
                reader.diagnostics.push(diagnostic);
                continue;
            }
            None => {
                reader.missing(node, "costs", "a currency such as EUR");
                continue;
            }
        };
        let Ok(currency) = currency.parse() else { continue };
        let year = reader.date(map, "year").map(|date| date.first_day().format("%Y").to_string());
        costs.push(Cost { kind, amount, currency, year: year.and_then(|year| year.parse().ok()), basis });
    }
    costs
}

/// Links are maps of `url` and `label`, or addresses alone.
fn links(fields: &Map, field: &str, reader: &mut Reader<'_, '_>) -> Vec<Link> {
    list(fields, field, reader, |node, reader| {
        let Some(map) = node.map() else {
            return address(node, field, reader).map(|url| Link { url: Some(url), label: None });
        };
        reader.expect_only(map, &["url", "label"], &format!("{field}."));
        let label = map.filled("label").and_then(|label| reader.name_of(label, "label"));
        let link = Link { url: address_in(map, "url", reader), label };
        // A name whose address could not be read is none of its own.
        let is_name = link.label.is_some() && map.filled("url").is_none();
        (link.url.is_some() || is_name).then_some(link)
    })
}

/// An address of the web. Whose one is that names somebody, by a mailbox or a number, is nobody's business: that one was there is
/// counted.
fn address(node: &Node, field: &str, reader: &mut Reader<'_, '_>) -> Option<WebAddress> {
    let is_of_somebody = node.scalar().is_some_and(|address| names_somebody(address, reader));
    if is_of_somebody { None } else { reader.value_of(node, field, &[]) }
}

/// Whether an address names somebody; what it names is counted.
fn names_somebody(address: &str, reader: &mut Reader<'_, '_>) -> bool {
    let named = personal::named_by_address(address);
    reader.removed.add(named);
    named != personal::Removed::default()
}

/// Likewise, of a field.
fn address_in(map: &Map, field: &str, reader: &mut Reader<'_, '_>) -> Option<WebAddress> {
    map.filled(field).and_then(|node| address(node, field, reader))
}

/// A picture is a map of `url`, `alternative_text` and `credit`, or an address alone.
fn picture(fields: &Map, reader: &mut Reader<'_, '_>) -> Option<PictureDraft> {
    let node = fields.filled("picture")?.items().first()?;
    let Some(map) = node.map() else {
        let address = picture_address(node, "picture", reader)?;
        return Some(PictureDraft { address, alternative_text: None, credit: None });
    };
    reader.expect_only(map, &["url", "alternative_text", "credit"], "picture.");
    let Some(address) = map.filled("url") else {
        reader.missing(node, "picture", "a url");
        return None;
    };
    let address = picture_address(address, "picture.url", reader)?;
    Some(PictureDraft { address, alternative_text: reader.text(map, "alternative_text"), credit: reader.text(map, "credit") })
}

/// Where a picture is, in the web or beside the file, unless that names somebody.
fn picture_address(node: &Node, field: &str, reader: &mut Reader<'_, '_>) -> Option<Text> {
    let address = reader.scalar(node, field)?;
    if names_somebody(address, reader) { None } else { address.parse().ok() }
}

/// A role mailbox is kept; what looks like a person's is not, unless the source says that it is none.
fn contact(fields: &Map, reader: &mut Reader<'_, '_>) -> Option<Contact> {
    let (node, map) = reader.maps(fields, "contact").into_iter().next()?;
    reader.expect_only(map, &["name", "email", "url"], "contact.");
    let email = map.filled("email").and_then(|email| Some((email, clean::tidy(reader.scalar(email, "contact.email")?))));
    let email = match email {
        Some((email, address)) if personal::is_personal(&address) && !reader.roles.hold(&address) => {
            // The address itself stays out of reports too.
            let mut diagnostic = reader.diagnostics.of(Code::PersonalContact).field("contact.email");
            diagnostic.at = Some(email.at);
            reader.diagnostics.push(diagnostic);
            return None;
        }
        Some((_, address)) if is_mail_address(&address) => address.parse().ok(),
        Some((email, _)) => {
            let diagnostic =
                reader.about(Code::InvalidValue, "contact.email", email).expected("an address such as contact@agen.fr");
            reader.diagnostics.push(diagnostic);
            None
        }
        None => None,
    };
    let removed = reader.removed;
    let contact = Contact { name: reader.text(map, "name"), email, url: address_in(map, "url", reader) };
    if contact.name.is_none() && contact.email.is_none() && contact.url.is_none() {
        // What was somebody's is counted, and not asked for.
        if reader.removed == removed {
            reader.missing(node, "contact", "a name, an email or a url");
        }
        return None;
    }
    Some(contact)
}

fn is_mail_address(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    !local.is_empty()
        && domain.contains('.')
        && !domain.starts_with('.')
        && !domain.ends_with('.')
        && !text.contains(char::is_whitespace)
        && !domain.contains('@')
}

fn adoptions(fields: &Map, reader: &mut Reader<'_, '_>) -> Vec<Lookup<AdoptionDraft>> {
    let mut adoptions = Vec::new();
    for (node, map) in reader.maps(fields, "inspired_by") {
        reader.expect_only(map, &["id", "url", "adapted", "date", "outcome"], "inspired_by.");
        let original = match (map.filled("id"), map.filled("url")) {
            (Some(node), _) => id(node, "inspired_by", reader).map(|key| (node, OriginalDraft::Initiative(key))),
            (None, Some(node)) => address(node, "inspired_by", reader).map(|url| (node, OriginalDraft::External(url))),
            (None, None) => {
                reader.missing(node, "inspired_by", "an id or a url");
                None
            }
        };
        let Some((shown, original)) = original else { continue };
        let value = AdoptionDraft {
            original,
            date: reader.date(map, "date"),
            adapted: reader.text(map, "adapted"),
            outcome: reader.text(map, "outcome"),
        };
        adoptions.push(Lookup { value, or_else: reader.about(Code::UnknownInitiative, "inspired_by", shown) });
    }
    adoptions
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_told_of_in_both_languages() {
        for page in ["case-study.md", "etude-de-cas.md"] {
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(page);
            let text = std::fs::read_to_string(&path).expect("a page");
            let told: Vec<&str> =
                text.lines().filter(|line| line.starts_with("| `")).filter_map(|line| line.split(" | ").next()).collect();
            let told: Vec<&str> = told.iter().flat_map(|names| names.split('`').skip(1).step_by(2)).collect();
            let missing: Vec<_> = FIELDS.iter().filter(|field| !told.contains(field)).collect();
            assert!(missing.is_empty() && told.len() == FIELDS.len(), "{page}: {missing:?} of {told:?}");
            for value in Audience::ALL.iter().map(|value| value.as_str()).chain(Status::ALL.iter().map(|value| value.as_str())) {
                assert!(text.contains(&format!("`{value}`")), "{page}: {value}");
            }
        }
    }
}
