//! Whether the rules by which values, places and files are found make sense.

use maillage_graph_schema::model::{AreaKey, CostBasis, OrganisationRole, TownKey, ValueError};
use regex::{Regex, RegexBuilder};

use super::{Makes, Others, Wrong, folded, parsed, wrong};
use crate::mapping::condition::{Condition, Wanted};
use crate::mapping::file::{ConditionFile, FieldFile, OneOrMany, PlaceRuleFile, PlaceTable, RuleFile, RuleTable};
use crate::mapping::places::{Described, PlaceRule};
use crate::mapping::rule::{Case, Change, FieldRule, From, Rule};
use crate::mapping::template::{Pointer, Template};

/// How large a pattern may be once it is compiled, in bytes: they match in linear time, but not in no space.
const LARGEST_PATTERN: usize = 1 << 20;

/// One place to look for the value of a field.
pub fn field(file: RuleFile, field: &str, others: &Others) -> Result<Rule, Wrong> {
    let table = match file {
        RuleFile::Path(path) => RuleTable { field: Some(path), ..RuleTable::default() },
        RuleFile::Table(table) => *table,
    };
    let shown = table.field.clone().or_else(|| table.value.clone()).unwrap_or_else(|| field.to_owned());
    let from = match (&table.field, &table.value) {
        (Some(path), None) => From::File(pointer(path)?),
        (None, Some(value)) if value.contains('{') => {
            return Err(wrong(value, "a value is the same for all files; a text with fields in braces is written field = \"…\""));
        }
        (None, Some(value)) => From::Value(value.clone()),
        _ => return Err(wrong(&shown, &format!("a rule of {field} has either a field or a value"))),
    };
    let change = change(&table)?;
    if table.role.is_some() && field != "organisations" {
        return Err(wrong(&shown, &format!("role is for organisations, not for {field}")));
    }
    if table.website.is_some() && field != "organisations" {
        return Err(wrong(&shown, &format!("website is for organisations, not for {field}")));
    }
    if table.label.is_some() && !matches!(field, "links" | "evidence" | COSTS) {
        return Err(wrong(&shown, &format!("label is for links, evidence and costs, not for {field}")));
    }
    if table.basis.is_some() && field != COSTS {
        return Err(wrong(&shown, &format!("basis is for costs, not for {field}")));
    }
    if field == COSTS && (table.label.is_none() || table.basis.is_none()) {
        return Err(wrong(
            &shown,
            "costs say by label = \"…\" what they are for, and by basis whether they are actual or estimated",
        ));
    }
    let collections = collections(table.collections, others)?;
    match field {
        "part_of" if collections.is_empty() => {
            return Err(wrong(&shown, "part_of says by in = \"…\" which collection it refers to"));
        }
        "part_of" | "organisations" => organisations_alone(&collections, others)?,
        "tags" => {}
        _ if !collections.is_empty() => return Err(wrong(&shown, &format!("in is for organisations and tags, not for {field}"))),
        _ => {}
    }
    Ok(Rule {
        from,
        change,
        unless: table.unless.as_deref().map(pointer).transpose()?,
        collections,
        role: parsed::<OrganisationRole>(table.role)?,
        website: table.website.as_deref().map(pointer).transpose()?,
        label: table.label.as_deref().map(template).transpose()?,
        basis: parsed::<CostBasis>(table.basis)?,
    })
}

/// Collections that exist.
fn collections(names: Option<OneOrMany>, others: &Others) -> Result<Vec<String>, Wrong> {
    let names = names.map(OneOrMany::texts).unwrap_or_default();
    match names.iter().find(|name| !others.contains_key(*name)) {
        Some(unknown) => Err(wrong(unknown, &format!("there is no collection {unknown:?}"))),
        None => Ok(names),
    }
}

fn organisations_alone(collections: &[String], others: &Others) -> Result<(), Wrong> {
    let is_other = |name: &&String| others.get(*name).is_some_and(|(makes, _)| *makes != Makes::Organisations);
    match collections.iter().find(is_other) {
        Some(name) => Err(wrong(name, &format!("collection {name:?} does not make organisations"))),
        None => Ok(()),
    }
}

fn change(table: &RuleTable) -> Result<Change, Wrong> {
    let case = match table.case.as_deref() {
        None => None,
        Some("lower") => Some(Case::Lower),
        Some("upper") => Some(Case::Upper),
        Some("sentence") => Some(Case::Sentence),
        Some(text) => return Err(wrong(text, &format!("{text:?} is not a case: expected lower, upper or sentence"))),
    };
    Ok(Change {
        within: pattern(table.within.as_ref())?,
        split: table.split.clone().map(OneOrMany::texts).unwrap_or_default(),
        pattern: pattern(table.pattern.as_ref())?,
        remove: pattern(table.remove.as_ref())?,
        case,
        template: table.template.as_deref().map(template).transpose()?,
        longest: table.longest,
        nothing: folded(&table.nothing),
    })
}

fn pointer(text: &str) -> Result<Pointer, Wrong> {
    text.parse().map_err(|problem: String| wrong(text, &problem))
}

fn template(text: &str) -> Result<Template, Wrong> {
    text.parse().map_err(|problem: String| wrong(text, &problem))
}

fn pattern(text: Option<&String>) -> Result<Option<Regex>, Wrong> {
    let Some(text) = text else { return Ok(None) };
    let built = RegexBuilder::new(text).size_limit(LARGEST_PATTERN).build();
    built.map(Some).map_err(|error| wrong(text, &format!("the pattern {text:?} is wrong: {error}")))
}

/// Which files are meant.
pub fn condition(file: ConditionFile) -> Result<Condition, Wrong> {
    let one = |(place, values): (String, OneOrMany)| {
        Ok((pointer(&place)?, values.texts().iter().map(|text| Wanted::new(text)).collect()))
    };
    Ok(Condition { all: file.into_iter().map(one).collect::<Result<_, Wrong>>()? })
}

/// Whether a text is the key of a town or an area.
pub fn place_key(text: &str) -> Result<(), ValueError> {
    if is_town(text) { text.parse::<TownKey>().map(|_| ()) } else { text.parse::<AreaKey>().map(|_| ()) }
}

fn is_town(text: &str) -> bool {
    text.starts_with("insee:") || text.starts_with("geonames:")
}

/// One way to tell where something is.
pub fn place(file: PlaceRuleFile, others: &Others) -> Result<PlaceRule, Wrong> {
    let table = match file {
        PlaceRuleFile::Key(key) => {
            place_key(&key).map_err(|error| wrong(&key, &error))?;
            return Ok(PlaceRule::Key(key));
        }
        PlaceRuleFile::Table(table) => *table,
    };
    if let Some(field) = &table.field {
        let Some(names) = table.collections.clone() else {
            return Err(wrong(field, "a place by field says by in = \"…\" which collection it refers to"));
        };
        return Ok(PlaceRule::Of { pointer: pointer(field)?, collections: collections(Some(names), others)? });
    }
    described(table, others).map(|described| PlaceRule::Described(Box::new(described)))
}

/// The field of sums of money.
const COSTS: &str = "costs";

/// What of a place is a code as well as the path of a field: two capital letters.
const COUNTRY: &str = "country";

/// What is said beside the name of a place, by rules as those of fields.
fn one_of_place(file: FieldFile, name: &'static str, others: &Others) -> Result<FieldRule, Wrong> {
    let is_country = |text: &str| name == COUNTRY && text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase());
    let itself = |file: RuleFile| match file {
        RuleFile::Path(code) if is_country(&code) => {
            RuleFile::Table(Box::new(RuleTable { value: Some(code), ..RuleTable::default() }))
        }
        file => file,
    };
    let rules = file.rules().into_iter().map(|rule| field(itself(rule), name, others)).collect::<Result<_, _>>()?;
    Ok(FieldRule { field: name, takes_many: false, rules })
}

fn described(table: PlaceTable, others: &Others) -> Result<Described, Wrong> {
    let beside = |file: Option<FieldFile>, name| file.map(|file| one_of_place(file, name, others)).transpose();
    let optional = |text: Option<String>| text.as_deref().map(pointer).transpose();
    let patterns = [&table.within, &table.pattern, &table.remove];
    let changes = table.split.is_some() || patterns.iter().any(|pattern| pattern.is_some()) || !table.nothing.is_empty();
    if changes && table.name.is_none() && table.address.is_none() {
        return Err(wrong(
            "places",
            "within, split, pattern, remove and nothing are for a name or an address, and the place has neither",
        ));
    }
    let names = table.name.map(OneOrMany::texts).unwrap_or_default();
    let names = names.iter().map(|name| pointer(name));
    let described = Described {
        names: names.chain(table.value.iter().map(|name| template(name).map(Pointer::Text))).collect::<Result<_, _>>()?,
        change: Change {
            within: pattern(table.within.as_ref())?,
            split: table.split.map(OneOrMany::texts).unwrap_or_default(),
            pattern: pattern(table.pattern.as_ref())?,
            remove: pattern(table.remove.as_ref())?,
            nothing: folded(&table.nothing),
            ..Change::default()
        },
        code: beside(table.code, "code")?,
        postcode: beside(table.postcode, "postcode")?,
        department: beside(table.department, "department")?,
        region: beside(table.region, "region")?,
        country: beside(table.country, COUNTRY)?,
        latitude: optional(table.latitude)?,
        longitude: optional(table.longitude)?,
        point: optional(table.point)?,
        address: optional(table.address)?,
    };
    if described.says_nothing() {
        return Err(wrong(
            "places",
            "a place has a name, a value, a code, a postcode, a department, a region, a country, a point or an address",
        ));
    }
    Ok(described)
}
