//! What stands after the question mark of an address, as a filter of the GraphQL API.

use maillage_importer::diagnostic::nearest;
use serde_json::{Map, Value, json};

use super::Problem;

/// Parameters that give any of several values, and the field of the filter that takes them.
const LISTS: &[(&str, &str)] = &[
    ("topic", "topics"),
    ("all_topics", "allTopics"),
    ("kind", "kinds"),
    ("status", "statuses"),
    ("audience", "audiences"),
    ("town", "towns"),
    ("area", "areas"),
    ("organisation", "organisations"),
    ("source", "sources"),
    ("language", "languages"),
    ("licence", "licences"),
    ("with", "with"),
];

/// Those whose values are names of an enumeration, which GraphQL writes in capitals.
const ENUMERATIONS: &[&str] = &["status", "audience", "with"];

/// Parameters that give one value.
const SINGLE: &[&str] = &["text", "bbox", "near", "modified_since", "first", "after", "lang"];

/// What parameters take, with a value that is one.
const ABOUT: &[(&str, &str, &str)] = &[
    ("topic", "Keys of topics, any of them, with what is narrower", "inclusion-numerique"),
    ("all_topics", "Keys of topics, all of them", "inclusion-numerique"),
    ("kind", "Keys of kinds of initiative, any of them", "fablab"),
    ("status", "States: idea, pilot, running, scaled, paused, stopped", "running"),
    ("audience", "For whom: general_public, youth and so on, as in GraphQL", "youth"),
    ("town", "Keys of towns", "insee:47001"),
    ("area", "Keys of areas", "region:75"),
    ("organisation", "Keys of organisations", "urban-prod"),
    ("source", "Keys of sources", "maillage"),
    ("language", "Languages of case studies", "fr"),
    ("licence", "Licences, by SPDX", "etalab-2.0"),
    ("with", "Only those that tell all of these: costs, figures, results and so on, as in GraphQL", "costs"),
    ("text", "Words, as a search", "guichet"),
    ("bbox", "west,south,east,north in degrees", "-1.5,43,1.5,46"),
    ("near", "latitude,longitude,metres", "44.2,0.62,20000"),
    ("modified_since", "An instant", "2026-01-01T00:00:00Z"),
    ("first", "How many on a page, at most 100", "20"),
    ("after", "The cursor of the page before", ""),
    ("lang", "The language of titles and labels", "fr"),
];

/// A number in degrees or metres, as a regular expression.
const NUMBER: &str = r"-?[0-9]+(\.[0-9]+)?";

/// Each parameter, as `OpenAPI` describes it.
pub fn described() -> impl Iterator<Item = (&'static str, Value)> {
    ABOUT.iter().map(|(name, description, example)| {
        let is_list = LISTS.iter().any(|(list, _)| list == name);
        let numbers = |count: usize| json!({ "type": "string", "pattern": format!("^{NUMBER}(,{NUMBER}){{{}}}$", count - 1) });
        let item = match *name {
            "first" => json!({ "type": "integer", "minimum": 0, "maximum": 100 }),
            "bbox" => numbers(4),
            "near" => numbers(3),
            _ => json!({ "type": "string" }),
        };
        let schema = if is_list { json!({ "type": "array", "items": item }) } else { item };
        let mut parameter = json!({ "name": name, "in": "query", "description": description, "schema": schema });
        if !example.is_empty() && *name != "first" {
            parameter["example"] = if is_list { json!([example]) } else { json!(example) };
        }
        (*name, parameter)
    })
}

/// What stands after the question mark.
#[derive(Debug, Default, PartialEq)]
pub struct Parameters {
    /// The filter, as GraphQL takes it.
    pub filter: Map<String, Value>,
    pub first: Option<i64>,
    pub after: Option<String>,
    pub lang: Option<String>,
}

impl Parameters {
    /// Reads parameters; `taken` are those that the address takes beside the filter's.
    pub fn read(pairs: &[(String, String)], taken: &[&str]) -> Result<Self, Problem> {
        let mut read = Self::default();
        for (at, (name, value)) in pairs.iter().enumerate() {
            let value = value.trim();
            if let Some((name, field)) = LISTS.iter().find(|(known, _)| known == name) {
                let values = value.split(',').map(str::trim).filter(|value| !value.is_empty());
                let values =
                    values.map(|value| if ENUMERATIONS.contains(name) { value.to_uppercase() } else { value.to_owned() });
                let list = read.filter.entry(*field).or_insert_with(|| json!([]));
                list.as_array_mut().into_iter().for_each(|list| list.extend(values.clone().map(Value::from)));
            } else if SINGLE.contains(&name.as_str()) && is_taken(name, taken) {
                if pairs[..at].iter().any(|(before, _)| before == name) {
                    let title = format!("the parameter {name} is given twice: expected one value");
                    return Err(Problem::of_argument(name, title));
                }
                read.single(name, value)?;
            } else {
                return Err(unknown(name, taken));
            }
        }
        Ok(read)
    }

    fn single(&mut self, name: &str, value: &str) -> Result<(), Problem> {
        match name {
            "text" => self.put("text", json!(value)),
            "modified_since" => self.put("modifiedSince", json!(value)),
            "bbox" => {
                let numbers = numbers::<4>(value);
                let [west, south, east, north] = numbers.ok_or_else(|| {
                    Problem::parameter(name, value, "west,south,east,north in degrees, such as 0.5,44.1,0.7,44.3")
                })?;
                self.put("bounds", json!({ "west": west, "south": south, "east": east, "north": north }));
            }
            "near" => {
                let expected = "latitude,longitude,metres, such as 44.2,0.62,20000";
                let [lat, lon, radius] = numbers::<3>(value).ok_or_else(|| Problem::parameter(name, value, expected))?;
                if radius.fract() != 0.0 || radius.abs() > f64::from(i32::MAX) {
                    return Err(Problem::parameter(name, value, expected));
                }
                #[expect(clippy::cast_possible_truncation, reason = "checked just before")]
                let radius = radius as i64;
                self.put("near", json!({ "lat": lat, "lon": lon, "radius": radius }));
            }
            "first" => {
                self.first = Some(value.parse().map_err(|_| Problem::parameter(name, value, "a whole number, 0 to 100"))?);
            }
            "after" => self.after = Some(value.to_owned()),
            _ => self.lang = Some(value.to_owned()),
        }
        Ok(())
    }

    fn put(&mut self, field: &str, value: Value) {
        self.filter.insert(field.to_owned(), value);
    }

    /// Asks only for initiatives that have something.
    pub fn only_with(&mut self, content: &str) {
        let list = self.filter.entry("with").or_insert_with(|| json!([]));
        // Several contents hold together.
        if let Some(list) = list.as_array_mut()
            && !list.contains(&json!(content))
        {
            list.push(json!(content));
        }
    }
}

fn is_taken(name: &str, taken: &[&str]) -> bool {
    !["first", "after"].contains(&name) || taken.contains(&name)
}

/// So many numbers with commas between them.
fn numbers<const COUNT: usize>(value: &str) -> Option<[f64; COUNT]> {
    let numbers: Option<Vec<f64>> =
        value.split(',').map(|number| number.trim().parse().ok().filter(|number: &f64| number.is_finite())).collect();
    numbers?.try_into().ok()
}

fn unknown(name: &str, taken: &[&str]) -> Problem {
    let known = LISTS.iter().map(|(known, _)| *known).chain(SINGLE.iter().copied().filter(|name| is_taken(name, taken)));
    let mut known: Vec<&str> = known.collect();
    known.sort_unstable();
    let shown: String = name.chars().take(60).collect();
    let title = format!("there is no parameter {shown:?}: expected one of {}", known.join(", "));
    let mut problem = Problem::of_argument(&shown, title);
    problem.details.insert("nearest".to_owned(), json!(Vec::from_iter(nearest(&shown, known))));
    problem
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &[(&str, &str)]) -> Result<Parameters, String> {
        let pairs: Vec<(String, String)> = query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Parameters::read(&pairs, &["first", "after"]).map_err(|problem| problem.title)
    }

    #[test]
    fn every_parameter_is_described() {
        let mut known: Vec<&str> = LISTS.iter().map(|(name, _)| *name).chain(SINGLE.iter().copied()).collect();
        let mut told: Vec<&str> = described().map(|(name, _)| name).collect();
        known.sort_unstable();
        told.sort_unstable();
        assert_eq!(told, known);
        for (name, _, example) in ABOUT.iter().filter(|(_, _, example)| !example.is_empty()) {
            assert!(read(&[(name, example)]).is_ok(), "{name}");
        }
    }

    #[test]
    fn parameters_become_a_filter() {
        for (query, expected) in [
            (&[("topic", "a"), ("topic", "b, c")][..], json!({ "topics": ["a", "b", "c"] })),
            (&[("status", "running,Pilot"), ("with", "costs")], json!({ "statuses": ["RUNNING", "PILOT"], "with": ["COSTS"] })),
            (&[("bbox", "0.5, 44,1,45")], json!({ "bounds": { "west": 0.5, "south": 44.0, "east": 1.0, "north": 45.0 } })),
            (&[("near", "44.2,0.6,20000")], json!({ "near": { "lat": 44.2, "lon": 0.6, "radius": 20000 } })),
            (&[("text", " guichet ")], json!({ "text": "guichet" })),
        ] {
            assert_eq!(Value::Object(read(query).expect("a filter").filter), expected, "{query:?}");
        }
        let paged = read(&[("first", "5"), ("after", "x"), ("lang", "fr")]).expect("parameters");
        assert_eq!((paged.first, paged.after.as_deref(), paged.lang.as_deref()), (Some(5), Some("x"), Some("fr")));
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (query, part) in [
            (("topics", "a"), "there is no parameter \"topics\""),
            (("bbox", "1,2,3"), "the parameter bbox is \"1,2,3\": expected west,south,east,north"),
            (("bbox", "1,2,3,inf"), "the parameter bbox"),
            (("near", "44,1,1.5"), "the parameter near"),
            (("first", "many"), "the parameter first is \"many\": expected a whole number"),
        ] {
            let problem = read(&[query]).expect_err("a problem");
            assert!(problem.starts_with(part), "{problem}");
        }
    }
}
