//! What the page of a record shows.

use askama::Template;
use serde_json::Value;

use super::questions::Kind;
use crate::graphql::lists::label::{self, Spoken};

/// A page as it is written.
#[derive(Template)]
#[template(path = "record.html")]
pub struct Shown<'a> {
    pub page: &'a Page,
}

/// What a page shows.
pub struct Page {
    pub spoken: Spoken,
    /// Whether the reader chose the language, beyond what the browser asks for.
    pub is_chosen: bool,
    pub other: Spoken,
    pub kind: &'static str,
    pub title: String,
    pub lead: Option<String>,
    pub address: String,
    pub facts: Vec<Fact>,
    /// HTML that was made safe.
    pub text: Option<String>,
    pub text_language: String,
    pub lists: Vec<List>,
    pub origin: Vec<Line>,
    /// The feed of what is new there.
    pub feed: Option<String>,
}

pub struct Fact {
    pub label: &'static str,
    pub values: Vec<Linked>,
}

/// A text that may lead somewhere.
pub struct Linked {
    pub text: String,
    pub address: Option<String>,
}

impl Linked {
    /// Whether it leads out of the pages.
    pub fn is_elsewhere(&self) -> bool {
        self.address.as_ref().is_some_and(|address| address.contains("://"))
    }
}

pub struct List {
    pub heading: String,
    pub items: Vec<Item>,
    pub more: Option<String>,
}

pub struct Item {
    pub text: String,
    pub address: String,
    pub note: String,
}

/// Where a record is from.
pub struct Line {
    pub label: &'static str,
    pub text: String,
    pub address: Option<String>,
}

/// A text of an answer; nothing where there is none.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// The way from the root of the service to a record of it: pages stay on the host that they were asked of.
fn way(record: &Value) -> Option<String> {
    let address = text(&record["url"])?;
    let (_, rest) = address.split_once("://")?;
    Some(rest.find('/').map_or_else(|| "/".to_owned(), |at| rest[at..].to_owned()))
}

/// A record by its name.
fn named(record: &Value) -> Option<Linked> {
    let name = ["name", "label", "title"].iter().find_map(|field| text(&record[*field]))?;
    Some(Linked { text: name, address: way(record) })
}

fn plain(text: String) -> Linked {
    Linked { text, address: None }
}

/// A link to elsewhere.
fn link(link: &Value) -> Option<Linked> {
    let address = text(&link["url"]);
    Some(Linked { text: text(&link["label"]).or_else(|| address.clone())?, address })
}

struct Facts {
    spoken: Spoken,
    facts: Vec<Fact>,
}

impl Facts {
    fn add(&mut self, english: &'static str, french: &'static str, values: impl IntoIterator<Item = Linked>) {
        let values: Vec<Linked> = values.into_iter().collect();
        if !values.is_empty() {
            self.facts.push(Fact { label: self.spoken.choose(english, french), values });
        }
    }
}

impl Page {
    pub fn of(kind: &Kind, record: &Value, spoken: Spoken, is_chosen: bool) -> Self {
        let title = named(record).map(|named| named.text).or_else(|| text(&record["key"])).unwrap_or_default();
        let mut lead = text(&record["summary"]).or_else(|| text(&record["description"]));
        if let Some(why) = text(&record["withdrawn"]["why"]) {
            lead = Some(format!("{} {why}", spoken.choose("Withdrawn:", "Retirée :")));
        }
        Self {
            spoken,
            is_chosen,
            other: if spoken == Spoken::French { Spoken::English } else { Spoken::French },
            kind: kind_name(kind.name, spoken),
            title,
            lead,
            address: text(&record["url"]).unwrap_or_default(),
            facts: facts(record, spoken),
            text: text(&record["caseStudy"]["html"]),
            text_language: text(&record["caseStudy"]["lang"]).unwrap_or_else(|| spoken.tag().to_owned()),
            lists: lists(record, spoken),
            origin: origin(record, spoken),
            feed: feed(kind.name, record, spoken),
        }
    }

    /// An address as a link: other pages of ours in the language that the reader chose.
    pub fn link(&self, address: &str) -> String {
        let is_ours = address.starts_with('/');
        if is_ours && self.is_chosen { format!("{address}?lang={}", self.spoken.tag()) } else { address.to_owned() }
    }
}

/// Where what is new of a topic, in a town or an area, or of an organisation or a source can be followed.
fn feed(kind: &str, record: &Value, spoken: Spoken) -> Option<String> {
    let parameter = match kind {
        "towns" => "town",
        "areas" => "area",
        "topics" => "topic",
        "organisations" => "organisation",
        "sources" => "source",
        _ => return None,
    };
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair(parameter, record["key"].as_str()?).append_pair("lang", spoken.tag());
    Some(format!("/initiatives.atom?{}", query.finish()))
}

fn kind_name(kind: &str, spoken: Spoken) -> &'static str {
    match kind {
        "initiatives" => spoken.choose("Initiative", "Initiative"),
        "towns" => spoken.choose("Town", "Commune"),
        "areas" => spoken.choose("Area", "Territoire"),
        "topics" => spoken.choose("Topic", "Thème"),
        "organisations" => spoken.choose("Organisation", "Organisation"),
        _ => spoken.choose("Source", "Source"),
    }
}

fn facts(record: &Value, spoken: Spoken) -> Vec<Fact> {
    let mut facts = Facts { spoken, facts: Vec::new() };
    let status = text(&record["status"]).map(|status| label::status(&status.to_lowercase(), spoken));
    let reason = text(&record["statusReason"]).map_or_else(String::new, |reason| format!(" ({reason})"));
    facts.add("Status", "État", status.map(|status| plain(status + &reason)));
    facts.add("Begun", "Début", text(&record["start"]["value"]).map(plain));
    facts.add("Ended", "Fin", text(&record["end"]["value"]).map(plain));
    let places = items(&record["places"]).filter_map(|place| named(&place["town"]).or_else(|| named(&place["area"])));
    facts.add("Where", "Lieu", places);
    facts.add("Kind", "Nature", named(&record["kind"]));
    facts.add("Topics", "Thèmes", items(&record["topics"]).filter_map(named));
    facts.add(
        "For whom",
        "Pour qui",
        items(&record["audiences"]).filter_map(text).map(|audience| plain(label::audience(&audience.to_lowercase(), spoken))),
    );
    facts.add("Who", "Qui", items(&record["involvements"]).filter_map(|involvement| involved(involvement, spoken)));
    facts.add("Costs", "Coûts", items(&record["costs"]).filter_map(|cost| cost_of(cost, spoken)));
    facts.add("Figures", "Chiffres", items(&record["figures"]).filter_map(|figure| figure_of(figure, spoken)));
    facts.add("Links", "Liens", items(&record["links"]).filter_map(link));
    facts.add("Evidence", "Sources", items(&record["evidence"]).filter_map(link));
    facts.add("Contact", "Contact", contact(&record["contact"]));
    facts.add(
        "Inhabitants",
        "Habitants",
        record["population"].as_u64().map(|population| plain(label::grouped(population, spoken))),
    );
    facts.add("Part of", "Fait partie de", items(&record["areas"]).filter_map(named).chain(named(&record["partOf"])));
    facts.add("Former names", "Anciens noms", items(&record["formerNames"]).filter_map(text).map(plain));
    facts.add(
        "Other names",
        "Autres noms",
        items(&record["otherNames"]).chain(items(&record["alternativeLabels"])).filter_map(text).map(plain),
    );
    facts.add("Broader topic", "Thème plus large", named(&record["broader"]));
    facts.add("Narrower topics", "Thèmes plus précis", items(&record["narrower"]).filter_map(named));
    let site = text(&record["website"]).or_else(|| text(&record["address"]));
    facts.add(
        "Website",
        "Site",
        site.map(|site| Linked { text: site.clone(), address: Some(site).filter(|site| site.starts_with("http")) }),
    );
    facts.facts
}

fn involved(involvement: &Value, spoken: Spoken) -> Option<Linked> {
    let mut who = named(&involvement["organisation"])?;
    let role = match involvement["role"].as_str()? {
        "FUNDER" => spoken.choose("funder", "financeur"),
        "PARTNER" => spoken.choose("partner", "partenaire"),
        "SUPPLIER" => spoken.choose("supplier", "fournisseur"),
        _ => spoken.choose("operator", "porteur"),
    };
    who.text = format!("{} ({role})", who.text);
    Some(who)
}

fn cost_of(cost: &Value, spoken: Spoken) -> Option<Linked> {
    let basis = if cost["basis"] == "ESTIMATED" { spoken.choose(", estimated", ", estimé") } else { "" };
    let year = text(&cost["year"]).map_or_else(String::new, |year| format!(", {year}"));
    let (kind, amount) = (text(&cost["kind"])?, number(&cost["amount"], spoken)?);
    Some(plain(format!("{kind}{}{amount} {}{year}{basis}", colon(spoken), text(&cost["currency"])?)))
}

/// A colon, as the language sets it.
fn colon(spoken: Spoken) -> &'static str {
    spoken.choose(": ", "\u{a0}: ")
}

/// A number as people write it: in groups of three digits, with the language's sign before its decimals.
fn number(value: &Value, spoken: Spoken) -> Option<String> {
    let text = value.as_f64()?.to_string();
    let (whole, decimals) = text.split_once('.').map_or((text.as_str(), None), |(whole, decimals)| (whole, Some(decimals)));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let grouped = digits.parse().map_or_else(|_| digits.to_owned(), |digits: u64| label::grouped(digits, spoken));
    let decimals = decimals.map_or_else(String::new, |decimals| format!("{}{decimals}", spoken.choose(".", ",")));
    Some(format!("{sign}{grouped}{decimals}"))
}

fn figure_of(figure: &Value, spoken: Spoken) -> Option<Linked> {
    let unit = text(&figure["unit"]).map_or_else(String::new, |unit| format!(" {unit}"));
    let date = text(&figure["date"]["value"]).map_or_else(String::new, |date| format!(" ({date})"));
    Some(plain(format!("{}{}{}{unit}{date}", text(&figure["metric"])?, colon(spoken), number(&figure["value"], spoken)?)))
}

fn contact(contact: &Value) -> Option<Linked> {
    let address = text(&contact["url"]).or_else(|| text(&contact["email"]).map(|mail| format!("mailto:{mail}")));
    let words = text(&contact["name"]).or_else(|| text(&contact["email"])).or_else(|| address.clone())?;
    Some(Linked { text: words, address })
}

fn lists(record: &Value, spoken: Spoken) -> Vec<List> {
    let mut lists = Vec::new();
    let initiatives = &record["initiatives"];
    let shown: Vec<Item> = items(&initiatives["nodes"])
        .filter_map(|node| {
            let Linked { text: title, address } = named(node)?;
            let towns = items(&node["towns"]).filter_map(|town| text(&town["name"]));
            let status = text(&node["status"]).map(|status| label::status(&status.to_lowercase(), spoken));
            let note: Vec<String> = towns.chain(status).collect();
            Some(Item { text: title, address: address?, note: note.join(" · ") })
        })
        .collect();
    if !shown.is_empty() {
        let total = initiatives["totalCount"].as_u64().unwrap_or_default();
        let is_all = total <= shown.len() as u64;
        let more = spoken.choose("Only the last modified are shown.", "Seules les dernières modifiées sont montrées.");
        lists.push(List {
            heading: format!("{} ({})", spoken.choose("Initiatives", "Initiatives"), label::grouped(total, spoken)),
            more: (!is_all).then(|| more.to_owned()),
            items: shown,
        });
    }
    let similar: Vec<Item> = items(&record["similar"])
        .filter_map(|similar| {
            let Linked { text: title, address } = named(&similar["node"])?;
            let reasons: Vec<String> = items(&similar["reasons"]).filter_map(|reason| text(&reason["explanation"])).collect();
            Some(Item { text: title, address: address?, note: reasons.join(" · ") })
        })
        .collect();
    if !similar.is_empty() {
        lists.push(List { heading: spoken.choose("Similar", "Semblables").to_owned(), items: similar, more: None });
    }
    lists
}

fn origin(record: &Value, spoken: Spoken) -> Vec<Line> {
    let provenance = &record["provenance"];
    let mut lines = Vec::new();
    if let Some(source) = text(&provenance["source"]["name"]) {
        let file = text(&provenance["path"]).map_or_else(String::new, |path| format!(", {path}"));
        lines.push(Line { label: spoken.choose("From", "D’après"), text: source + &file, address: text(&provenance["url"]) });
    }
    let own = &record["licence"];
    let licence = if own.is_object() { own } else { &provenance["source"]["licence"] };
    if let Some(name) = text(&licence["name"]).or_else(|| text(&licence["spdx"])) {
        lines.push(Line { label: spoken.choose("Licence:", "Licence :"), text: name, address: text(&licence["url"]) });
    } else if provenance.is_object() {
        // Whoever wants to take it over has to ask.
        let unsaid = spoken.choose("not stated by the source", "non précisée par la source");
        lines.push(Line { label: spoken.choose("Licence:", "Licence :"), text: unsaid.to_owned(), address: None });
    }
    if let Some(modified) = text(&record["modified"]) {
        let day = modified.get(..10).unwrap_or(&modified).to_owned();
        lines.push(Line { label: spoken.choose("Last modified:", "Dernière modification :"), text: day, address: None });
    }
    lines
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_are_written_as_people_do() {
        for (value, english, french) in [
            (json!(4500.0), "4,500", "4\u{202f}500"),
            (json!(320), "320", "320"),
            (json!(2.5), "2.5", "2,5"),
            (json!(-1234.25), "-1,234.25", "-1\u{202f}234,25"),
            (json!(0.0), "0", "0"),
        ] {
            assert_eq!(number(&value, Spoken::English).as_deref(), Some(english), "{value}");
            assert_eq!(number(&value, Spoken::French).as_deref(), Some(french), "{value}");
        }
        assert_eq!(number(&Value::Null, Spoken::French), None);
    }
}
