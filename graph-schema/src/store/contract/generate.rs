//! Random records, change sets and questions.
//!
//! Keys are few, so that they meet: records refer to each other, claim each other's keys, are withdrawn while others point to
//! them. Each record is built field by field, so a field that is added to the model does not compile until it is filled here.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Debug;
use std::str::FromStr;

use proptest::collection::{btree_map, vec};
use proptest::option::{of as maybe, weighted};
use proptest::prelude::{BoxedStrategy, Just, Strategy, any, prop_oneof};
use proptest::sample::select;

use super::sample::{self, DIFFICULT_NUMBERS, DIFFICULT_TEXTS, moment, value};
use super::scenario::{Question, Scenario, Step};
use crate::change::{ChangeSet, Expected, Operation};
use crate::model::{
    Adoption, AlternativeLabel, Area, AreaKey, Audience, BoundingBox, CaseStudy, CaseStudyKey, Confirmation, Contact, Cost,
    CostBasis, DeclaredBy, Direction, Figure, FormerTown, Initiative, InitiativeKey, Instant, Involvement, Language, Licence,
    Link, Note, NoteKey, NoteKind, Number, Organisation, OrganisationKey, OrganisationRole, Original, PartialDate, Picture,
    Place, PlaceTarget, Point, Provenance, Record, RecordKey, RecordKind, RecordRef, Relation, Section, SectionKind, Source,
    SourceKey, SourceKind, Status, Text, Topic, TopicKey, Town, TownKey, TownType, WebAddress,
};
use crate::store::{ChangeCursor, Neighbour, NeighbourQuestion, Revision};

/// The keys that records go by, mostly.
const SLUGS: &[&str] = &["a", "b", "b-1", "c"];
const TOWNS: &[&str] = &["insee:01001", "insee:2A004", "geonames:1"];
const AREAS: &[&str] = &["department:47", "epci:ab", "epci:AB", "country:FR"];
const LANGUAGES: &[&str] = &["fr", "en", "zh-Hant"];

/// Keys that are aliases, mostly.
const OTHER_SLUGS: &[&str] = &["b-2", "d"];
const OTHER_TOWNS: &[&str] = &["insee:01002", "geonames:2"];
const OTHER_AREAS: &[&str] = &["department:048", "other:x"];

/// Builds a struct, each field by its strategy; one left out does not compile.
macro_rules! build {
    (@strategy) => { Just(()) };
    (@strategy $head:expr $(, $tail:expr)*) => { ($head, build!(@strategy $($tail),*)) };
    (@pattern) => { () };
    (@pattern $head:ident $(, $tail:ident)*) => { ($head, build!(@pattern $($tail),*)) };
    ($name:ident { $($field:ident: $strategy:expr),+ $(,)? }) => {
        build!(@strategy $($strategy),+).prop_map(|build!(@pattern $($field),+)| $name { $($field),+ }).boxed()
    };
}

fn parsed<T: FromStr<Err: Debug> + Debug + Clone + 'static>(texts: &[&'static str]) -> BoxedStrategy<T> {
    select(texts.iter().map(|text| value::<T>(text)).collect::<Vec<T>>()).boxed()
}

/// A key of those that records go by, or sometimes one of those that are aliases.
fn key<K: RecordKey + 'static>(keys: &[&'static str], others: &[&'static str]) -> BoxedStrategy<K> {
    prop_oneof![60 => parsed::<K>(keys), 1 => parsed::<K>(others)].boxed()
}

fn alias<K: RecordKey + 'static>(keys: &[&'static str], others: &[&'static str]) -> BoxedStrategy<K> {
    prop_oneof![1 => parsed::<K>(keys), 12 => parsed::<K>(others)].boxed()
}

fn slug<K: RecordKey + 'static>() -> BoxedStrategy<K> {
    key(SLUGS, OTHER_SLUGS)
}

fn slug_aliases<K: RecordKey + 'static>() -> BoxedStrategy<Vec<K>> {
    aliases(alias(SLUGS, OTHER_SLUGS))
}

/// None mostly: two that claim the same refuse the change set.
fn aliases<K: RecordKey + 'static>(alias: BoxedStrategy<K>) -> BoxedStrategy<Vec<K>> {
    prop_oneof![6 => Just(Vec::new()), 1 => vec(alias, 1..3)].boxed()
}

fn town_key() -> BoxedStrategy<TownKey> {
    key(TOWNS, OTHER_TOWNS)
}

fn area_key() -> BoxedStrategy<AreaKey> {
    key(AREAS, OTHER_AREAS)
}

fn few<T: Debug + 'static>(item: impl Strategy<Value = T> + 'static) -> BoxedStrategy<Vec<T>> {
    vec(item, 0..3).boxed()
}

fn one_of<T: Copy + Debug + 'static>(all: &'static [T]) -> BoxedStrategy<T> {
    select(all).boxed()
}

fn text() -> BoxedStrategy<Text> {
    let random = "[a-zA-Zéèœ0-9 '\"\\\\\u{2028}🧵]{0,10}[a-zÀ-ÿ]".prop_map(|text| value(&text));
    prop_oneof![parsed(DIFFICULT_TEXTS), random].boxed()
}

fn markdown() -> BoxedStrategy<String> {
    prop_oneof![Just(String::new()), text().prop_map(|text| format!("\n{text}\u{0}\n\n")), "\\PC{0,20}"].boxed()
}

fn number() -> BoxedStrategy<Number> {
    let number = prop_oneof![select(DIFFICULT_NUMBERS), any::<f64>().prop_filter("finite", |number| number.is_finite())];
    number.prop_filter_map("a number", |number| Number::new(number).ok()).boxed()
}

fn point() -> BoxedStrategy<Point> {
    (-90.0..=90.0, -180.0..=180.0)
        .prop_filter_map("a point", |(latitude, longitude)| Point::new(latitude, longitude).ok())
        .boxed()
}

fn bounds() -> BoxedStrategy<BoundingBox> {
    (point(), point())
        .prop_filter_map("a box", |(one, other)| BoundingBox::new(one, other).or_else(|_| BoundingBox::new(other, one)).ok())
        .boxed()
}

fn date() -> BoxedStrategy<PartialDate> {
    let random = (1..=9999_u32, 1..=12_u32, 1..=28_u32, 0..3_usize)
        .prop_map(|(year, month, day, left_out)| value(&format!("{year:04}-{month:02}-{day:02}")[..10 - 3 * left_out]));
    prop_oneof![parsed(&["2020-02-29", "0001", "9999-12-31", "2018-12"]), random].boxed()
}

fn instant() -> BoxedStrategy<Instant> {
    let random = any::<u32>().prop_map(moment);
    prop_oneof![parsed(&["0001-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z", "1969-12-31T23:59:59.001Z"]), random].boxed()
}

fn address() -> BoxedStrategy<WebAddress> {
    parsed(&["https://example.org/é?a=b&c=\"d\"#e", "http://127.0.0.1:8080", "HTTPS://EXAMPLE.ORG/A%20b"])
}

fn language() -> BoxedStrategy<Language> {
    parsed(LANGUAGES)
}

fn licence() -> BoxedStrategy<Licence> {
    select(Licence::all().collect::<Vec<_>>()).boxed()
}

fn provenance() -> BoxedStrategy<Vec<Provenance>> {
    let origin = build!(Provenance {
        source: slug::<SourceKey>(),
        repository: maybe(text()),
        path: maybe(text()),
        commit: maybe(text()),
        fetched_at: maybe(instant()),
        url: maybe(address()),
    });
    // Often what another fetch of the same record would say.
    let fetch = instant().prop_map(|at| Provenance { fetched_at: Some(at), ..Provenance::of(value("a")) });
    prop_oneof![Just(Vec::new()), vec(fetch, 1..2), vec(origin, 0..3)].boxed()
}

fn link() -> BoxedStrategy<Link> {
    build!(Link { url: maybe(address()), label: maybe(text()) })
}

fn area() -> BoxedStrategy<Area> {
    build!(Area {
        key: area_key(),
        aliases: aliases(alias(AREAS, OTHER_AREAS)),
        name: text(),
        form: maybe(text()),
        part_of: few(area_key()),
        bounds: maybe(bounds()),
        provenance: provenance(),
    })
}

fn town() -> BoxedStrategy<Town> {
    let former = build!(FormerTown { key: alias(TOWNS, OTHER_TOWNS), name: text() });
    build!(Town {
        key: town_key(),
        aliases: aliases(alias(TOWNS, OTHER_TOWNS)),
        name: text(),
        town_type: one_of(TownType::ALL),
        population: maybe(any::<u32>()),
        postcodes: few(text()),
        point: maybe(point()),
        part_of: few(area_key()),
        parent: weighted(0.2, town_key()),
        former: prop_oneof![6 => Just(Vec::new()), 1 => vec(former, 1..3)],
        provenance: provenance(),
    })
}

fn topic() -> BoxedStrategy<Topic> {
    build!(Topic {
        key: slug::<TopicKey>(),
        aliases: slug_aliases(),
        labels: btree_map(language(), text(), 1..3).prop_map(|labels: BTreeMap<Language, Text>| labels),
        alternative_labels: few(build!(AlternativeLabel { label: text(), language: maybe(language()) })),
        broader: weighted(0.4, slug::<TopicKey>()),
        close_matches: few(address()),
        provenance: provenance(),
    })
}

fn organisation() -> BoxedStrategy<Organisation> {
    build!(Organisation {
        key: slug::<OrganisationKey>(),
        aliases: slug_aliases(),
        name: text(),
        other_names: few(text()),
        website: maybe(address()),
        part_of: weighted(0.4, slug::<OrganisationKey>()),
        supersedes: few(slug::<OrganisationKey>()),
        provenance: provenance(),
    })
}

fn source() -> BoxedStrategy<Source> {
    build!(Source {
        key: slug::<SourceKey>(),
        aliases: slug_aliases(),
        name: text(),
        kind: one_of(SourceKind::ALL),
        address: maybe(address()),
        description: maybe(text()),
        language: maybe(language()),
        licence: maybe(licence()),
    })
}

fn place() -> BoxedStrategy<Place> {
    let target = prop_oneof![town_key().prop_map(PlaceTarget::Town), area_key().prop_map(PlaceTarget::Area)];
    build!(Place { target: target, original_code: maybe(text()), original_name: maybe(text()) })
}

fn adoption() -> BoxedStrategy<Adoption> {
    let original = prop_oneof![
        3 => slug::<InitiativeKey>().prop_map(Original::Initiative),
        1 => address().prop_map(Original::External),
    ];
    build!(Adoption {
        original: original,
        declared_by: one_of(DeclaredBy::ALL),
        date: maybe(date()),
        adapted: maybe(text()),
        outcome: maybe(text()),
        confirmation: maybe(build!(Confirmation { by: text(), on: date() })),
    })
}

fn initiative() -> BoxedStrategy<Initiative> {
    let figure = build!(Figure {
        metric: text(),
        value: number(),
        unit: maybe(text()),
        date: maybe(date()),
        method: maybe(text()),
        source: maybe(text()),
    });
    let cost = build!(Cost {
        kind: text(),
        amount: number(),
        currency: text(),
        year: maybe(any::<u16>()),
        basis: one_of(CostBasis::ALL),
    });
    let involvement = build!(Involvement { organisation: slug::<OrganisationKey>(), role: one_of(OrganisationRole::ALL) });
    build!(Initiative {
        key: slug::<InitiativeKey>(),
        aliases: slug_aliases(),
        title: text(),
        summary: maybe(text()),
        language: language(),
        kind: maybe(slug::<TopicKey>()),
        topics: few(slug::<TopicKey>()),
        tags: few(text()),
        audiences: few(one_of(Audience::ALL)),
        status: maybe(one_of(Status::ALL)),
        status_reason: maybe(text()),
        start: maybe(date()),
        end: maybe(date()),
        places: few(place()),
        point: maybe(point()),
        involvements: few(involvement),
        figures: few(figure),
        costs: few(cost),
        links: few(link()),
        evidence: few(link()),
        contact: maybe(build!(Contact { name: maybe(text()), email: maybe(text()), url: maybe(address()) })),
        inspired_by: few(adoption()),
        supersedes: few(slug::<InitiativeKey>()),
        distinct_from: few(slug::<InitiativeKey>()),
        licence: maybe(licence()),
        modified: maybe(instant()),
        reviewed: maybe(date()),
        provenance: provenance(),
    })
}

fn case_study() -> BoxedStrategy<CaseStudy> {
    let section = build!(Section { kind: one_of(SectionKind::ALL), heading: maybe(text()), markdown: markdown() });
    build!(CaseStudy {
        initiative: slug::<InitiativeKey>(),
        language: language(),
        title: text(),
        summary: maybe(text()),
        sections: few(section),
        picture: maybe(build!(Picture { url: address(), alternative_text: maybe(text()), credit: maybe(text()) })),
        translation_of: maybe(language()),
        licence: maybe(licence()),
        provenance: provenance(),
    })
}

fn note() -> BoxedStrategy<Note> {
    build!(Note {
        key: slug::<NoteKey>(),
        initiative: slug::<InitiativeKey>(),
        kind: one_of(NoteKind::ALL),
        text: text(),
        at: instant(),
        organisation: maybe(slug::<OrganisationKey>()),
        evidence: few(link()),
        provenance: provenance(),
    })
}

/// Any record of a kind.
pub fn record_of(kind: RecordKind) -> BoxedStrategy<Record> {
    match kind {
        RecordKind::Area => area().prop_map(Record::from).boxed(),
        RecordKind::CaseStudy => case_study().prop_map(Record::from).boxed(),
        RecordKind::Initiative => initiative().prop_map(Record::from).boxed(),
        RecordKind::Note => note().prop_map(Record::from).boxed(),
        RecordKind::Organisation => organisation().prop_map(Record::from).boxed(),
        RecordKind::Source => source().prop_map(Record::from).boxed(),
        RecordKind::Topic => topic().prop_map(Record::from).boxed(),
        RecordKind::Town => town().prop_map(Record::from).boxed(),
    }
}

/// Any record.
pub fn record() -> BoxedStrategy<Record> {
    one_of(RecordKind::ALL).prop_flat_map(record_of).boxed()
}

fn named<K: RecordKey + 'static>(keys: &[&'static str], others: &[&'static str]) -> BoxedStrategy<RecordRef> {
    prop_oneof![8 => parsed::<K>(keys), 2 => parsed::<K>(others)].prop_map(|key| key.reference()).boxed()
}

/// Names any record, there or not.
pub fn reference() -> BoxedStrategy<RecordRef> {
    let case_study =
        (slug::<InitiativeKey>(), language()).prop_map(|(initiative, language)| CaseStudyKey::new(&initiative, &language));
    prop_oneof![
        1 => named::<AreaKey>(AREAS, OTHER_AREAS),
        1 => case_study.prop_map(|key| key.reference()),
        2 => named::<InitiativeKey>(SLUGS, OTHER_SLUGS),
        1 => named::<NoteKey>(SLUGS, OTHER_SLUGS),
        1 => named::<OrganisationKey>(SLUGS, OTHER_SLUGS),
        1 => named::<SourceKey>(SLUGS, OTHER_SLUGS),
        1 => named::<TopicKey>(SLUGS, OTHER_SLUGS),
        1 => named::<TownKey>(TOWNS, OTHER_TOWNS),
    ]
    .boxed()
}

fn expected() -> BoxedStrategy<Expected> {
    prop_oneof![12 => Just(Expected::Anything), 1 => Just(Expected::Absent), 2 => (0..6_u64).prop_map(Expected::At)].boxed()
}

fn operation() -> BoxedStrategy<Operation> {
    let put = (record(), expected()).prop_map(|(record, expected)| Operation::Put { record: Box::new(record), expected });
    let withdraw = (reference(), text(), expected()).prop_map(|(reference, why, expected)| Operation::Withdraw {
        reference,
        why,
        merged_into: None,
        expected,
    });
    let merge = (one_of(RecordKind::ALL), vec(reference(), 12), reference(), text(), expected()).prop_map(
        |(kind, references, any, why, expected)| {
            // Two of a kind, mostly.
            let mut of_kind = references.into_iter().filter(|reference| reference.kind() == kind);
            let reference = of_kind.next().unwrap_or_else(|| any.clone());
            let into = of_kind.next().unwrap_or(any);
            Operation::Withdraw { reference, why, merged_into: Some(into), expected }
        },
    );
    prop_oneof![8 => put, 2 => withdraw, 1 => merge].boxed()
}

/// Any change set; often one that does not fit.
pub fn change_set() -> BoxedStrategy<ChangeSet> {
    let id = prop_oneof![9 => "[a-z]{6}".prop_map(|id| value(&id)), 1 => parsed(&["same", "Same", "sàme"])];
    let operations = prop_oneof![1 => Just(Vec::new()), 20 => vec(operation(), 1..5)];
    (id, instant(), text(), maybe(text()), operations, weighted(0.05, Just(())))
        .prop_map(|(id, at, by, why, mut operations, may_repeat)| {
            let mut named = HashSet::new();
            operations.retain(|operation| named.insert(operation.reference()) || may_repeat.is_some());
            ChangeSet { id, at, by, why, operations }
        })
        .boxed()
}

/// A change set that fits an empty graph; mostly one after which there is something by each of the usual keys.
fn opening() -> BoxedStrategy<ChangeSet> {
    (vec(record(), 0..28), weighted(0.85, Just(())))
        .prop_map(|(records, is_complete)| {
            let everything = if is_complete.is_some() { usual() } else { Vec::new() };
            let mut kept: BTreeMap<RecordRef, Record> = BTreeMap::new();
            let mut claimed = HashSet::new();
            let mut waiting: Vec<Record> = everything.iter().filter_map(bare).chain(records.into_iter().rev()).collect();
            while let Some(record) = waiting.pop() {
                let reference = record.reference();
                let ends: Vec<RecordRef> = record.edges().into_iter().flat_map(|edge| [edge.from, edge.to]).collect();
                // Nothing may take a key that another record goes by, or may come to need.
                let takes = |alias: &RecordRef| claimed.contains(alias) || usual().contains(alias);
                let needs = |end: &RecordRef| *end != reference && claimed.contains(end) && !kept.contains_key(end);
                if claimed.contains(&reference) || record.aliases().iter().any(takes) || ends.iter().any(needs) {
                    continue;
                }
                claimed.extend(record.aliases());
                claimed.insert(reference.clone());
                kept.insert(reference, record);
                // What it refers to is there too; by an unusual key it comes first, before that is claimed.
                waiting.extend(ends.iter().filter(|end| !kept.contains_key(end)).filter_map(bare));
            }
            sample::change_set("opening", sample::put_all(kept.into_values()))
        })
        .boxed()
}

/// What is referred to by the usual keys.
fn usual() -> Vec<RecordRef> {
    let slugs =
        [RecordKind::Initiative, RecordKind::Organisation, RecordKind::Source, RecordKind::Topic].map(|kind| (kind, SLUGS));
    let keys = slugs.into_iter().chain([(RecordKind::Area, AREAS), (RecordKind::Town, TOWNS)]);
    keys.flat_map(|(kind, keys)| keys.iter().filter_map(move |key| RecordRef::parse(kind, key).ok())).collect()
}

/// A record by this key, with nothing but what it must have; `None` for what nothing refers to.
fn bare(reference: &RecordRef) -> Option<Record> {
    let key = reference.key();
    Some(match reference.kind() {
        RecordKind::Area => sample::area(key, key).into(),
        RecordKind::Initiative => sample::initiative(key, key).into(),
        RecordKind::Organisation => sample::organisation(key, key).into(),
        RecordKind::Source => sample::source(key, key).into(),
        RecordKind::Topic => sample::topic(key, key).into(),
        RecordKind::Town => sample::town(key, key).into(),
        RecordKind::CaseStudy | RecordKind::Note => return None,
    })
}

fn first() -> BoxedStrategy<usize> {
    prop_oneof![1 => Just(0_usize), 6 => 1..5_usize, 2 => Just(100_usize)].boxed()
}

fn revision() -> BoxedStrategy<Revision> {
    (0..12_u64).boxed()
}

fn neighbour_question() -> BoxedStrategy<NeighbourQuestion> {
    let side = (one_of(Relation::ALL), one_of(Direction::ALL));
    let after = (one_of(Relation::ALL), one_of(Direction::ALL), reference())
        .prop_map(|(relation, direction, reference)| Neighbour { relation, direction, reference });
    build!(NeighbourQuestion {
        relations: prop_oneof![Just(Vec::new()), vec(side, 1..5)],
        kind: weighted(0.3, one_of(RecordKind::ALL)),
        after: weighted(0.3, after),
        first: first(),
        count: any::<bool>(),
    })
}

/// An end of a path: mostly something that paths may well lead to.
fn path_end() -> BoxedStrategy<RecordRef> {
    let usual = usual().into_iter().filter(|reference| reference.kind() != RecordKind::Source).collect::<Vec<_>>();
    prop_oneof![4 => select(usual), 1 => reference()].boxed()
}

/// Any question.
pub fn question() -> BoxedStrategy<Question> {
    let references = || vec(reference(), 0..6);
    let after_key = prop_oneof![parsed::<Text>(SLUGS), parsed(TOWNS), parsed(AREAS), text()].prop_map(|key| key.to_string());
    let cursor = (revision(), reference()).prop_map(|(revision, reference)| ChangeCursor { revision, reference });
    prop_oneof![
        3 => references().prop_map(|of| Question::Records { of }),
        2 => (one_of(RecordKind::ALL), maybe(after_key), first()).prop_map(|(kind, after, first)| Question::Page { kind, after, first }),
        5 => (references(), neighbour_question()).prop_map(|(of, question)| Question::Neighbours { of, question }),
        5 => (path_end(), path_end(), 0..14_usize).prop_map(|(from, to, max_length)| Question::Path { from, to, max_length }),
        3 => (references(), maybe(revision()), first()).prop_map(|(of, before, first)| Question::History { of, before, first }),
        1 => references().prop_map(|of| Question::HistoryCounts { of }),
        3 => (revision(), maybe(cursor), first()).prop_map(|(since, after, first)| Question::Changes { since, after, first }),
        1 => revision().prop_map(|since| Question::ChangeCount { since }),
        1 => (revision(), first()).prop_map(|(since, first)| Question::Revisions { since, first }),
        1 => Just(Question::Revision),
    ]
    .boxed()
}

/// A graph from its opening on: change sets, and questions between them.
pub fn scenario() -> BoxedStrategy<Scenario> {
    let step = prop_oneof![2 => change_set().prop_map(Step::Apply), 3 => question().prop_map(Step::Ask)];
    // The steps first: what comes first is made small first.
    (vec(step, 0..40), opening()).prop_map(|(steps, opening)| Scenario { opening, steps }).boxed()
}
