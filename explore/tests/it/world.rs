//! Small graphs: a fixed country with towns, topics and organisations, and initiatives made at random.

use maillage_graph_schema::model::{
    Adoption, AlternativeLabel, Area, Audience, CaseStudy, Contact, Cost, CostBasis, DeclaredBy, FormerTown, Initiative,
    InitiativeKey, Instant, Involvement, Language, Link, Organisation, OrganisationRole, Original, PartialDate, Place,
    PlaceTarget, Point, Provenance, Record, Section, SectionKind, Source, SourceKind, Status, Topic, Town, TownType, Withdrawal,
};
use maillage_graph_schema::store::Stored;
use proptest::prelude::*;

/// Key, name, what it lies in.
pub const AREAS: &[(&str, &str, &[&str])] = &[
    ("country:FR", "France", &[]),
    ("country:FJ", "Fidji", &[]),
    ("region:75", "Nouvelle-Aquitaine", &["country:FR"]),
    ("region:11", "Île-de-France", &["country:FR"]),
    ("department:47", "Lot-et-Garonne", &["region:75"]),
    ("department:75", "Paris", &["region:11"]),
    ("department:94", "Val-de-Marne", &["region:11"]),
    ("epci:200096956", "Agglomération d'Agen", &["department:47"]),
];

/// Key, name, inhabitants, point, areas, parent, former (code and name), postcodes.
type TownRow = (
    &'static str,
    &'static str,
    Option<u32>,
    Option<(f64, f64)>,
    &'static [&'static str],
    Option<&'static str>,
    &'static [(&'static str, &'static str)],
    &'static [&'static str],
);
pub const TOWNS: &[TownRow] = &[
    ("insee:47001", "Agen", Some(32_485), Some((44.2033, 0.6167)), &["epci:200096956", "department:47"], None, &[], &["47000"]),
    (
        "insee:47157",
        "Marmande",
        Some(17_000),
        Some((44.5, 0.1667)),
        &["department:47"],
        None,
        &[("insee:47999", "Saint-Médard")],
        &["47200"],
    ),
    ("insee:75056", "Paris", Some(2_113_705), Some((48.8566, 2.3522)), &["department:75"], None, &[], &[]),
    (
        "insee:75112",
        "Paris 12e Arrondissement",
        Some(139_297),
        Some((48.8412, 2.3876)),
        &[],
        Some("insee:75056"),
        &[],
        &["75012"],
    ),
    ("insee:94038", "L'Haÿ-les-Roses", Some(31_000), Some((48.779, 2.337)), &["department:94"], None, &[], &["94240"]),
    ("insee:51410", "Œuilly", Some(618), None, &["country:FR"], None, &[], &["51480"]),
    ("insee:02565", "Œuilly", Some(250), Some((49.357, 3.695)), &["country:FR"], None, &[], &["02160"]),
    ("insee:93066", "Saint-Denis", Some(113_000), Some((48.9356, 2.3539)), &["region:11"], None, &[], &["93200", "93210"]),
    ("insee:67482", "Strasbourg", Some(290_576), Some((48.5734, 7.7521)), &["country:FR"], None, &[], &["67000"]),
    ("geonames:2198148", "Suva", Some(77_366), Some((-18.1416, 178.4415)), &["country:FJ"], None, &[], &[]),
    ("geonames:2198149", "Matei", None, Some((-16.69, -179.88)), &["country:FJ"], None, &[], &[]),
    ("insee:17004", "Île-d'Aix", Some(0), Some((46.01, -1.17)), &["region:75"], None, &[], &["17123"]),
];

/// Key, French and English label, other wordings, broader.
type TopicRow = (&'static str, &'static str, &'static str, &'static [&'static str], Option<&'static str>);
pub const TOPICS: &[TopicRow] = &[
    ("inclusion", "Inclusion numérique", "Digital inclusion", &["illectronisme"], None),
    ("mediation", "Médiation numérique", "Digital mediation", &["accompagnement numérique"], Some("inclusion")),
    ("prison", "Numérique en prison", "Digital inclusion in prison", &["détention"], Some("mediation")),
    ("tiers-lieux", "Tiers-lieux", "Third places", &[], None),
    ("fablab", "Fab lab", "Fab lab and makerspace", &["imprimante 3D"], Some("tiers-lieux")),
    ("guichet", "Guichet numérique et kiosque", "Digital kiosk", &["guichet unique", "kiosk"], None),
    ("alone", "Sujet seul", "Topic alone", &[], None),
];

pub const ORGANISATIONS: &[(&str, &str)] =
    &[("urban-prod", "Urban Prod"), ("adullact", "ADULLACT"), ("ville-d-agen", "Ville d'Agen"), ("nobody", "Personne")];

pub const SOURCES: &[&str] = &["content", "betagouv", "empty"];
pub const LANGUAGES: &[&str] = &["fr", "en", "fr-CA", "de"];
pub const LICENCES: &[&str] = &["etalab-2.0", "CC-BY-4.0", "ODbL-1.0"];
pub const INITIATIVES: usize = 14;

pub const WORDS: &[&str] = &[
    "guichet",
    "guichets",
    "numérique",
    "numériques",
    "médiation",
    "prison",
    "Agen",
    "l'école",
    "école",
    "fablab",
    "kiosk",
    "kiosks",
    "agents",
    "debout",
    "the",
    "library",
    "libraries",
    "bibliothèque",
    "wifi",
    "cœur",
    "l’accueil",
    "de",
    "la",
    "capteurs",
    "données",
    "ouvertes",
    "open",
    "data",
    "citoyens",
    "walking",
];

pub fn at(second: u32) -> Instant {
    format!("2026-11-24T02:{:02}:{:02}Z", second / 60 % 60, second % 60).parse().expect("a moment")
}

pub fn stored(record: impl Into<Record>) -> Stored {
    Stored { record: record.into(), created: 1, revision: 1, withdrawn: None }
}

pub fn withdrawn(mut stored: Stored, merged_into: Option<&Stored>) -> Stored {
    stored.withdrawn = Some(Withdrawal {
        at: at(0),
        why: "a test".parse().expect("a text"),
        merged_into: merged_into.map(|into| into.record.reference()),
    });
    stored
}

pub fn town(row: &TownRow) -> Stored {
    let (key, name, population, point, areas, parent, former, postcodes) = row;
    stored(Town {
        key: key.parse().expect("a key"),
        aliases: Vec::new(),
        name: name.parse().expect("a name"),
        town_type: if parent.is_some() { TownType::MunicipalArrondissement } else { TownType::Commune },
        population: *population,
        postcodes: postcodes.iter().map(|postcode| postcode.parse().expect("a postcode")).collect(),
        point: point.map(|(latitude, longitude)| Point::new(latitude, longitude).expect("a point")),
        part_of: areas.iter().map(|area| area.parse().expect("a key")).collect(),
        parent: parent.map(|parent| parent.parse().expect("a key")),
        former: former
            .iter()
            .map(|(key, name)| FormerTown { key: key.parse().expect("a key"), name: name.parse().expect("a name") })
            .collect(),
        provenance: Vec::new(),
    })
}

/// What every world holds.
pub fn country() -> Vec<Stored> {
    let mut records = Vec::new();
    for (key, name, part_of) in AREAS {
        records.push(stored(Area {
            key: key.parse().expect("a key"),
            aliases: Vec::new(),
            name: name.parse().expect("a name"),
            form: None,
            part_of: part_of.iter().map(|area| area.parse().expect("a key")).collect(),
            bounds: None,
            provenance: Vec::new(),
        }));
    }
    records.extend(TOWNS.iter().map(town));
    for (key, french, english, others, broader) in TOPICS {
        records.push(stored(Topic {
            key: key.parse().expect("a key"),
            aliases: if *key == "fablab" { vec!["fab-lab".parse().expect("a key")] } else { Vec::new() },
            labels: [
                (Language::french(), french.parse().expect("a label")),
                (Language::english(), english.parse().expect("a label")),
            ]
            .into(),
            alternative_labels: others
                .iter()
                .map(|label| AlternativeLabel { label: label.parse().expect("a label"), language: None })
                .collect(),
            broader: broader.map(|broader| broader.parse().expect("a key")),
            close_matches: Vec::new(),
            provenance: Vec::new(),
        }));
    }
    for (key, name) in ORGANISATIONS {
        records.push(stored(Organisation {
            key: key.parse().expect("a key"),
            aliases: Vec::new(),
            name: name.parse().expect("a name"),
            other_names: Vec::new(),
            website: None,
            part_of: None,
            supersedes: Vec::new(),
            provenance: Vec::new(),
        }));
    }
    for key in SOURCES {
        records.push(stored(Source {
            key: key.parse().expect("a key"),
            aliases: Vec::new(),
            name: key.parse().expect("a name"),
            kind: SourceKind::Directory,
            address: None,
            description: None,
            language: None,
            licence: None,
        }));
    }
    records
}

/// An initiative with one telling: key, language, title, summary, text of its one section.
pub fn telling(key: &str, language: &str, title: &str, summary: &str, markdown: &str) -> Vec<Stored> {
    let initiative = initiative(key, language, title);
    let case_study = CaseStudy {
        initiative: initiative.key.clone(),
        language: initiative.language.clone(),
        title: initiative.title.clone(),
        summary: summary.parse().ok(),
        sections: vec![Section { kind: SectionKind::Solution, heading: None, markdown: markdown.to_owned() }],
        picture: None,
        translation_of: None,
        licence: None,
        provenance: Vec::new(),
    };
    vec![stored(initiative), stored(case_study)]
}

/// An initiative of which little more than the title is known.
pub fn initiative(key: &str, language: &str, title: &str) -> Initiative {
    Initiative {
        key: key.parse().expect("a key"),
        aliases: Vec::new(),
        title: title.parse().expect("a title"),
        summary: None,
        language: language.parse().expect("a language"),
        kind: None,
        topics: Vec::new(),
        tags: Vec::new(),
        audiences: Vec::new(),
        status: None,
        status_reason: None,
        start: None,
        end: None,
        places: Vec::new(),
        point: None,
        involvements: Vec::new(),
        figures: Vec::new(),
        costs: Vec::new(),
        links: Vec::new(),
        evidence: Vec::new(),
        contact: None,
        inspired_by: Vec::new(),
        supersedes: Vec::new(),
        distinct_from: Vec::new(),
        licence: None,
        modified: None,
        reviewed: None,
        provenance: Vec::new(),
    }
}

pub fn place(town: &str) -> Place {
    Place { target: PlaceTarget::Town(town.parse().expect("a key")), original_code: None, original_name: None }
}

fn picked<T: Clone + std::fmt::Debug>(from: &'static [T], most: usize) -> impl Strategy<Value = Vec<T>> {
    prop::collection::vec(prop::sample::select(from), 0..=most)
}

fn words(most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(WORDS), 1..=most).prop_map(|words| words.join(" "))
}

pub fn date() -> impl Strategy<Value = PartialDate> {
    prop_oneof![
        (2016..2024u32).prop_map(|year| format!("{year}")),
        (2016..2024u32, 1..=12u32).prop_map(|(year, month)| format!("{year}-{month:02}")),
        (2016..2024u32, 1..=12u32, 1..=28u32).prop_map(|(year, month, day)| format!("{year}-{month:02}-{day:02}")),
        Just("0950".to_owned()),
    ]
    .prop_map(|date| date.parse().expect("a date"))
}

pub fn key_of(number: usize) -> InitiativeKey {
    format!("initiative-{number}").parse().expect("a key")
}

fn rarely<T: std::fmt::Debug>(strategy: impl Strategy<Value = T>) -> impl Strategy<Value = Option<T>> {
    prop::option::weighted(0.4, strategy)
}

/// One initiative under a number, with its case studies: perhaps withdrawn, perhaps merged into another.
pub fn told(number: usize) -> impl Strategy<Value = Vec<Stored>> {
    let names = (words(4), rarely(words(8)), prop::sample::select(LANGUAGES), prop::sample::select(TOPICS));
    let about = (picked(TOPICS, 3), picked(Audience::ALL, 2), rarely(prop::sample::select(Status::ALL)), any::<bool>());
    let when = (rarely(date()), rarely(date()), rarely(0..300u32));
    let place = (picked(TOWNS, 3), picked(AREAS, 1), rarely((-60.0..60.0f64, prop_oneof![-180.0..180.0f64, Just(179.99)])));
    let who = (
        prop::collection::vec((prop::sample::select(&ORGANISATIONS[..3]), prop::sample::select(OrganisationRole::ALL)), 0..3),
        prop::sample::select(&SOURCES[..2]),
        rarely(prop::sample::select(LICENCES)),
        prop::collection::vec(0..INITIATIVES, 0..2),
    );
    let telling = (
        prop::sample::select(LANGUAGES),
        words(5),
        rarely(words(6)),
        prop::collection::vec(
            (prop::sample::select(SectionKind::ALL), prop_oneof![3 => words(30), 1 => Just(String::new())]),
            0..3,
        ),
        prop::bool::weighted(0.1),
    );
    let tells = (any::<bool>(), any::<bool>(), any::<bool>(), prop::collection::vec(telling, 0..3));
    let gone = rarely(rarely(0..INITIATIVES));
    (names, about, when, place, who, tells, gone).prop_map(move |(names, about, when, place, who, tells, gone)| {
        let key = key_of(number);
        let (title, summary, language, kind) = names;
        let places = place.0.iter().map(|row| PlaceTarget::Town(row.0.parse().expect("a key")));
        let places = places.chain(place.1.iter().map(|row| PlaceTarget::Area(row.0.parse().expect("a key"))));
        let initiative = Initiative {
            key: key.clone(),
            aliases: vec![format!("former-{number}").parse().expect("a key")],
            title: title.parse().expect("a title"),
            summary: summary.map(|summary| summary.parse().expect("a text")),
            language: language.parse().expect("a language"),
            kind: about.3.then(|| kind.0.parse().expect("a key")),
            topics: about.0.iter().map(|row| row.0.parse().expect("a key")).collect(),
            tags: Vec::new(),
            audiences: about.1,
            status: about.2,
            status_reason: None,
            start: when.0,
            end: when.1,
            places: places.map(|target| Place { target, original_code: None, original_name: None }).collect(),
            point: place.2.map(|(latitude, longitude)| Point::new(latitude, longitude).expect("a point")),
            involvements: who
                .0
                .iter()
                .map(|(row, role)| Involvement { organisation: row.0.parse().expect("a key"), role: *role })
                .collect(),
            figures: Vec::new(),
            costs: if tells.0 {
                vec![Cost {
                    kind: "a cost".parse().expect("a text"),
                    amount: maillage_graph_schema::model::Number::new(1.0).expect("a number"),
                    currency: "EUR".parse().expect("a text"),
                    year: None,
                    basis: CostBasis::Actual,
                }]
            } else {
                Vec::new()
            },
            links: Vec::new(),
            evidence: if tells.1 { vec![Link { url: None, label: Some("a talk".parse().expect("a text")) }] } else { Vec::new() },
            contact: tells.2.then(|| Contact { name: Some("The desk".parse().expect("a text")), email: None, url: None }),
            inspired_by: who
                .3
                .iter()
                .filter(|original| **original != number)
                .map(|original| Adoption {
                    original: Original::Initiative(key_of(*original)),
                    declared_by: DeclaredBy::Adopter,
                    date: None,
                    adapted: None,
                    outcome: None,
                    confirmation: None,
                })
                .collect(),
            supersedes: Vec::new(),
            distinct_from: Vec::new(),
            licence: who.2.map(|licence| licence.parse().expect("a licence")),
            modified: when.2.map(|second| at(second * 2)),
            reviewed: None,
            provenance: vec![Provenance::of(who.1.parse().expect("a key"))],
        };
        let mut records = Vec::new();
        for (language, title, summary, sections, is_withdrawn) in tells.3 {
            let case_study = CaseStudy {
                initiative: key.clone(),
                language: language.parse().expect("a language"),
                title: title.parse().expect("a title"),
                summary: summary.map(|summary| summary.parse().expect("a text")),
                sections: sections.into_iter().map(|(kind, markdown)| Section { kind, heading: None, markdown }).collect(),
                picture: None,
                translation_of: None,
                licence: None,
                provenance: Vec::new(),
            };
            if records.iter().all(|known: &Stored| known.record.reference() != Record::from(case_study.clone()).reference()) {
                let case_study = stored(case_study);
                records.push(if is_withdrawn { withdrawn(case_study, None) } else { case_study });
            }
        }
        let initiative = stored(initiative);
        let initiative = match gone {
            Some(Some(into)) if into != number => {
                let mut tombstone = withdrawn(initiative, None);
                if let Some(withdrawal) = &mut tombstone.withdrawn {
                    withdrawal.merged_into = Some(maillage_graph_schema::model::RecordKey::reference(&key_of(into)));
                }
                tombstone
            }
            Some(None) if number.is_multiple_of(3) => withdrawn(initiative, None),
            _ => initiative,
        };
        records.insert(0, initiative);
        records
    })
}

/// The initiatives of a world, each with its case studies.
pub fn initiatives() -> impl Strategy<Value = Vec<Vec<Stored>>> {
    (0..INITIATIVES).map(told).collect::<Vec<_>>()
}

/// A town with other facts than it has in [`TOWNS`].
pub fn changed_town() -> impl Strategy<Value = Stored> {
    let facts = (prop::sample::select(TOWNS), rarely(0..3_000_000u32), prop::sample::select(TOWNS), prop::sample::select(TOWNS));
    (facts, prop::bool::weighted(0.2), any::<bool>(), rarely(prop::sample::select(TOWNS))).prop_map(
        |((row, population, like, named), moves, is_gone, into)| {
            let mut changed = row;
            changed.2 = population;
            changed.3 = like.3;
            if moves && row.5.is_none() {
                changed.1 = named.1;
                changed.4 = like.4;
            }
            let stored = town(&changed);
            match into {
                _ if !moves || !is_gone => stored,
                Some(into) if into.0 != row.0 && into.5.is_none() => withdrawn(stored, Some(&town(&into))),
                _ => withdrawn(stored, None),
            }
        },
    )
}
