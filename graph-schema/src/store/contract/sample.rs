//! Records to test with: each kind bare (nothing but what it must have) and full (everything filled).

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::str::FromStr;

use crate::change::{ChangeSet, Expected, Operation};
use crate::model::{
    Adoption, AlternativeLabel, Area, Audience, BoundingBox, CaseStudy, Confirmation, Contact, Cost, CostBasis, DeclaredBy,
    Figure, FormerTown, Initiative, Instant, Involvement, Language, Link, Note, NoteKind, Number, Organisation, OrganisationRole,
    Original, Picture, Place, PlaceTarget, Point, Provenance, Record, RecordKind, RecordRef, Section, SectionKind, Source,
    SourceKind, Status, Text, Topic, Town, TownType,
};

/// Reads a value that is known to be one.
///
/// # Panics
/// If it is not.
pub fn value<T: FromStr<Err: Debug>>(text: &str) -> T {
    match text.parse() {
        Ok(value) => value,
        Err(error) => panic!("{text:?}: {error:?}"),
    }
}

/// A moment: so many seconds after a fixed one.
pub fn moment(seconds: u32) -> Instant {
    let start: Instant = value("2026-11-24T09:00:00.250Z");
    (start.get() + chrono::TimeDelta::seconds(seconds.into())).into()
}

/// A change set of these operations; its id says which it is.
pub fn change_set(id: &str, operations: impl IntoIterator<Item = Operation>) -> ChangeSet {
    let seconds = id.bytes().fold(0_u32, |sum, byte| (sum * 31 + u32::from(byte)) % 1_000_000);
    ChangeSet {
        id: value(id),
        at: moment(seconds),
        by: value("the contract suite"),
        why: Some(value("to see whether it holds")),
        operations: operations.into_iter().collect(),
    }
}

/// Puts records, whatever was there.
pub fn put_all(records: impl IntoIterator<Item = impl Into<Record>>) -> Vec<Operation> {
    records.into_iter().map(Operation::put).collect()
}

/// Withdraws a record, whatever it is at.
pub fn withdraw(reference: &RecordRef) -> Operation {
    Operation::Withdraw {
        reference: reference.clone(),
        why: value("taken back by its author"),
        merged_into: None,
        expected: Expected::Anything,
    }
}

/// Withdraws a record as merged into another.
pub fn merge(reference: &RecordRef, into: &RecordRef) -> Operation {
    Operation::Withdraw {
        reference: reference.clone(),
        why: value("the same under two names"),
        merged_into: Some(into.clone()),
        expected: Expected::Anything,
    }
}

/// A reference, from `kind/key`.
pub fn reference(text: &str) -> RecordRef {
    value(text)
}

/// Texts that a store may be tempted to change, cut or misread.
pub const DIFFICULT_TEXTS: &[&str] = &[
    "Œuvre à L'Haÿ-les-Roses",
    "cœur, Ægir, ßtraße, İstanbul, ﬁn",
    // The same letter in one character and in two: neither may become the other.
    "é and e\u{301}",
    "𝔐aillage 🧵 👩\u{200d}🌾",
    "a line\u{2028}separator and a paragraph\u{2029}separator",
    "\"double\" 'single' `back` «guillemets»",
    r"back\slash \n \u0041 \\",
    "first\nsecond\r\nthird\tcolumn",
    "$name {name} %s ${name} {{name}} :name ?1",
    "'; DROP TABLE record; -- ') DETACH DELETE n //",
    "<b>&amp;</b>",
    "\u{feff}with a byte order mark",
    "عربي and עברית",
    "0",
    "1e5",
    "null",
    "true",
    "[1, 2]",
    "{\"a\":1}",
    "2018-05-21",
    "\u{10fffd}\u{e000}\u{fffd}",
    "-",
];

/// Numbers that do not survive a careless way through text.
pub const DIFFICULT_NUMBERS: &[f64] = &[
    0.0,
    -0.0,
    1.0,
    2.50,
    -17.25,
    0.1,
    0.300_000_000_000_000_04,
    1e21,
    123_456_789.012_345_67,
    9_007_199_254_740_993.0,
    5e-324,
    f64::MAX,
    f64::MIN,
];

fn number(number: f64) -> Number {
    match Number::new(number) {
        Ok(number) => number,
        Err(error) => panic!("{error}"),
    }
}

fn point(latitude: f64, longitude: f64) -> Point {
    match Point::new(latitude, longitude) {
        Ok(point) => point,
        Err(error) => panic!("{error}"),
    }
}

fn bounds(south_west: Point, north_east: Point) -> BoundingBox {
    match BoundingBox::new(south_west, north_east) {
        Ok(bounds) => bounds,
        Err(error) => panic!("{error}"),
    }
}

/// A town with a name.
pub fn town(key: &str, name: &str) -> Town {
    Town {
        key: value(key),
        aliases: Vec::new(),
        name: value(name),
        town_type: TownType::Commune,
        population: None,
        postcodes: Vec::new(),
        point: None,
        part_of: Vec::new(),
        parent: None,
        former: Vec::new(),
        provenance: Vec::new(),
    }
}

/// An area with a name.
pub fn area(key: &str, name: &str) -> Area {
    Area {
        key: value(key),
        aliases: Vec::new(),
        name: value(name),
        form: None,
        part_of: Vec::new(),
        bounds: None,
        provenance: Vec::new(),
    }
}

/// A topic with its French label.
pub fn topic(key: &str, label: &str) -> Topic {
    Topic {
        key: value(key),
        aliases: Vec::new(),
        labels: BTreeMap::from([(Language::french(), value(label))]),
        alternative_labels: Vec::new(),
        broader: None,
        close_matches: Vec::new(),
        provenance: Vec::new(),
    }
}

/// An organisation with a name.
pub fn organisation(key: &str, name: &str) -> Organisation {
    Organisation {
        key: value(key),
        aliases: Vec::new(),
        name: value(name),
        other_names: Vec::new(),
        website: None,
        part_of: None,
        supersedes: Vec::new(),
        provenance: Vec::new(),
    }
}

/// A source with a name.
pub fn source(key: &str, name: &str) -> Source {
    Source {
        key: value(key),
        aliases: Vec::new(),
        name: value(name),
        kind: SourceKind::Git,
        address: None,
        description: None,
        language: None,
        licence: None,
    }
}

/// An initiative with a title.
pub fn initiative(key: &str, title: &str) -> Initiative {
    Initiative {
        key: value(key),
        aliases: Vec::new(),
        title: value(title),
        summary: None,
        language: Language::french(),
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

/// A case study of an initiative, in French.
pub fn case_study(initiative: &str, title: &str) -> CaseStudy {
    CaseStudy {
        initiative: value(initiative),
        language: Language::french(),
        title: value(title),
        summary: None,
        sections: Vec::new(),
        picture: None,
        translation_of: None,
        licence: None,
        provenance: Vec::new(),
    }
}

/// A note on an initiative.
pub fn note(key: &str, initiative: &str, text: &str) -> Note {
    Note {
        key: value(key),
        initiative: value(initiative),
        kind: NoteKind::Asks,
        text: value(text),
        at: moment(0),
        organisation: None,
        evidence: Vec::new(),
        provenance: Vec::new(),
    }
}

/// A place that is a town, as the source wrote it.
pub fn in_town(key: &str) -> Place {
    Place { target: PlaceTarget::Town(value(key)), original_code: None, original_name: None }
}

/// An adoption of another initiative of the graph, declared by the one that adopted it.
pub fn adopted(key: &str) -> Adoption {
    Adoption {
        original: Original::Initiative(value(key)),
        declared_by: DeclaredBy::Adopter,
        date: None,
        adapted: None,
        outcome: None,
        confirmation: None,
    }
}

/// One record of each kind with nothing but what it must have.
pub fn bare() -> Vec<Record> {
    vec![
        area("country:FR", "France").into(),
        case_study("sobre", "Sobre").into(),
        initiative("sobre", "Sobre").into(),
        note("question", "sobre", "Et alors ?").into(),
        organisation("mairie", "Mairie").into(),
        source("dossier", "Dossier").into(),
        topic("mediation", "Médiation").into(),
        town("insee:47001", "Agen").into(),
    ]
}

/// A provenance with everything.
pub fn provenance(source: &str, fetched: u32) -> Provenance {
    Provenance {
        source: value(source),
        repository: Some(value("https://git.example.org/cas.git")),
        path: Some(value("content/été/l'œuvre.md")),
        commit: Some(value("0123456789abcdef0123456789abcdef01234567")),
        fetched_at: Some(moment(fetched)),
        url: Some(value("https://example.org/été?q=1#f")),
    }
}

/// Records of every kind with every field filled, a difficult text in each, and all that they refer to.
pub fn full() -> Vec<Record> {
    let mut texts = DIFFICULT_TEXTS.iter().cycle();
    let mut text = || -> Text { texts.next().map_or_else(|| unreachable!("the cycle has no end"), |text| value(text)) };
    let origins = vec![provenance("dossier", 5), Provenance::of(value("annuaire"))];
    let country = Area {
        key: value("country:FR"),
        aliases: vec![value("country:FX")],
        name: text(),
        form: Some(text()),
        part_of: vec![value("continent:EU")],
        bounds: Some(bounds(point(-21.5, 177.25), point(51.1, -61.8))),
        provenance: origins.clone(),
    };
    let town = Town {
        key: value("insee:47001"),
        aliases: vec![value("geonames:3038789")],
        name: text(),
        town_type: TownType::MunicipalArrondissement,
        population: Some(u32::MAX),
        postcodes: vec![text(), text()],
        point: Some(point(44.203_142, 0.616_363_000_000_000_1)),
        part_of: vec![value("department:47"), value("country:FR")],
        parent: Some(value("insee:75056")),
        former: vec![
            FormerTown { key: value("insee:47999"), name: text() },
            FormerTown { key: value("insee:2A999"), name: text() },
        ],
        provenance: origins.clone(),
    };
    let topic = Topic {
        key: value("mediation"),
        aliases: vec![value("mediation-numerique"), value("inclusion")],
        labels: BTreeMap::from([
            (value("fr"), text()),
            (value("en"), text()),
            (value("pt-BR"), text()),
            (value("zh-Hant"), text()),
        ]),
        alternative_labels: vec![
            AlternativeLabel { label: text(), language: Some(value("fr")) },
            AlternativeLabel { label: text(), language: None },
        ],
        broader: Some(value("numerique")),
        close_matches: vec![value("http://data.europa.eu/uxp/1")],
        provenance: origins.clone(),
    };
    let organisation = Organisation {
        key: value("urban-prod"),
        aliases: vec![value("urban")],
        name: text(),
        other_names: vec![text(), text()],
        website: Some(value("https://www.example.org/œuvre")),
        part_of: Some(value("mairie")),
        supersedes: vec![value("ancienne")],
        provenance: origins.clone(),
    };
    let source = Source {
        key: value("dossier"),
        aliases: vec![value("ancien-dossier")],
        name: text(),
        kind: SourceKind::Archive,
        address: Some(value("https://git.example.org/cas.git")),
        description: Some(text()),
        language: Some(value("fr-CA")),
        licence: Some(value("etalab-2.0")),
    };
    let link = |label: Option<Text>| Link { url: Some(value("https://example.org/a?b=c&d=%20")), label };
    let initiative = Initiative {
        key: value("atelier"),
        aliases: vec![value("ateliers"), value("atelier-2018")],
        title: text(),
        summary: Some(text()),
        language: value("oc"),
        kind: Some(value("mediation")),
        topics: vec![value("numerique"), value("mediation")],
        tags: vec![text(), text(), text()],
        audiences: Audience::ALL.iter().rev().copied().collect(),
        status: Some(Status::Stopped),
        status_reason: Some(text()),
        start: Some(value("2018")),
        end: Some(value("2020-02-29")),
        places: vec![
            Place {
                target: PlaceTarget::Town(value("insee:47001")),
                original_code: Some(value("insee:47999")),
                original_name: Some(text()),
            },
            Place { target: PlaceTarget::Area(value("department:47")), original_code: None, original_name: Some(text()) },
        ],
        point: Some(point(-90.0, 180.0)),
        involvements: OrganisationRole::ALL
            .iter()
            .map(|role| Involvement { organisation: value("urban-prod"), role: *role })
            .chain([Involvement { organisation: value("mairie"), role: OrganisationRole::Funder }])
            .collect(),
        figures: DIFFICULT_NUMBERS
            .iter()
            .map(|figure| Figure {
                metric: text(),
                value: number(*figure),
                unit: Some(text()),
                date: Some(value("2018-05")),
                method: Some(text()),
                source: Some(text()),
            })
            .collect(),
        costs: vec![
            Cost { kind: text(), amount: number(2.5), currency: value("EUR"), year: Some(u16::MAX), basis: CostBasis::Estimated },
            Cost { kind: text(), amount: number(1e6), currency: value("EUR"), year: None, basis: CostBasis::Actual },
        ],
        links: vec![link(Some(text())), link(None), Link { url: None, label: Some(text()) }, Link { url: None, label: None }],
        evidence: vec![link(Some(text()))],
        contact: Some(Contact { name: Some(text()), email: Some(text()), url: Some(value("HTTPS://EXAMPLE.ORG")) }),
        inspired_by: vec![
            Adoption {
                original: Original::Initiative(value("modele")),
                declared_by: DeclaredBy::Original,
                date: Some(value("2019-12")),
                adapted: Some(text()),
                outcome: Some(text()),
                confirmation: Some(Confirmation { by: text(), on: value("2020") }),
            },
            Adoption { original: Original::External(value("https://example.org/idée")), ..adopted("modele") },
        ],
        supersedes: vec![value("premiere"), value("modele")],
        // Not a relation: it may name what the graph does not hold.
        distinct_from: vec![value("nulle-part"), value("modele")],
        licence: Some(value("CC-BY-4.0")),
        modified: Some(value("0001-01-01T00:00:00.001Z")),
        reviewed: Some(value("9999-12-31")),
        provenance: origins.clone(),
    };
    let case_study = CaseStudy {
        initiative: value("atelier"),
        language: value("zh-Hant"),
        title: text(),
        summary: Some(text()),
        sections: SectionKind::ALL
            .iter()
            .map(|kind| Section { kind: *kind, heading: Some(text()), markdown: format!("  {}\n\n\u{1}\u{7f}", text()) })
            .chain([Section { kind: SectionKind::Other, heading: None, markdown: String::new() }])
            .collect(),
        picture: Some(Picture {
            url: value("https://example.org/image.png"),
            alternative_text: Some(text()),
            credit: Some(text()),
        }),
        translation_of: Some(value("fr")),
        licence: Some(value("CC0-1.0")),
        provenance: origins.clone(),
    };
    let note = Note {
        key: value("contradiction"),
        initiative: value("atelier"),
        kind: NoteKind::Contradicts,
        text: text(),
        at: value("9999-12-31T23:59:59.999Z"),
        organisation: Some(value("urban-prod")),
        evidence: vec![link(Some(text())), link(None)],
        provenance: origins,
    };
    let mut records: Vec<Record> = vec![
        area("continent:EU", "Europe").into(),
        country.into(),
        area("department:47", "Lot-et-Garonne").into(),
        case_study.into(),
        initiative.into(),
        self::initiative("modele", "Modèle").into(),
        self::initiative("premiere", "Première").into(),
        note.into(),
        self::organisation("ancienne", "Ancienne").into(),
        self::organisation("mairie", "Mairie").into(),
        organisation.into(),
        self::source("annuaire", "Annuaire").into(),
        source.into(),
        topic.into(),
        self::topic("numerique", "Numérique").into(),
        town.into(),
        self::town("insee:75056", "Paris").into(),
    ];
    records.sort_by_key(Record::reference);
    records
}

/// The record of these that is full, of a kind.
pub fn full_of(kind: RecordKind) -> Record {
    let fields = |record: &Record| crate::document::from_record(record).len();
    let of_kind = full().into_iter().filter(|record| record.kind() == kind);
    of_kind.max_by_key(fields).unwrap_or_else(|| unreachable!("there is a full record of each kind"))
}
