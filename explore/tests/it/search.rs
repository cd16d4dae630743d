//! The search over everything, compared with plain loops.

use maillage_explore::Snapshot;
use maillage_explore::question::{InitiativeFilter, InitiativeOrder, PageRequest, QuestionError};
use maillage_explore::search::{MOST_NAMED, SearchHit, SearchKind};
use maillage_graph_schema::model::{Status, TownType};
use maillage_graph_schema::store::Stored;
use proptest::prelude::*;

use crate::filters::{filter, names_what_there_is};
use crate::oracle::Oracle;
use crate::world::{self, ORGANISATIONS, TOPICS, TOWNS, WORDS, place, telling};

const EVERYTHING: &[SearchKind] = &[];

fn search(snapshot: &Snapshot, text: &str, kinds: &[SearchKind], filter: &InitiativeFilter) -> Vec<(SearchKind, String)> {
    let page = snapshot.search(text, kinds, filter, &PageRequest::first(1000)).expect("an answer");
    assert_eq!(snapshot.count_search(text, kinds, filter), Ok(page.items.len() as u64), "{text:?}");
    page.items.into_iter().map(|hit| (hit.kind, hit.key)).collect()
}

fn officer() -> Snapshot {
    let mut records = world::country();
    let mut lab = telling("lab-agen", "fr", "Un atelier de fabrication", "Un fablab en ville", "Des machines pour tous.");
    let maillage_graph_schema::model::Record::Initiative(initiative) = &mut lab[0].record else { unreachable!("the first") };
    initiative.places = vec![place("insee:47001")];
    initiative.topics = vec!["fablab".parse().expect("a key")];
    records.extend(lab);
    records.extend(telling(
        "mots",
        "fr",
        "Apprendre en prison",
        "Urban Prod à Marseille",
        "La médiation en prison, à Agen aussi.",
    ));
    Snapshot::of(1, records).expect("an index")
}

#[test]
fn a_name_comes_first_and_then_what_is_found_there() {
    use SearchKind::{Initiatives, Organisations, Topics, Towns};
    let snapshot = officer();
    for (text, found) in [
        ("Agen", vec![(Towns, "insee:47001"), (Organisations, "ville-d-agen"), (Initiatives, "lab-agen"), (Initiatives, "mots")]),
        ("fablab", vec![(Topics, "fablab"), (Initiatives, "lab-agen")]),
        ("fab-lab", vec![(Topics, "fablab"), (Initiatives, "lab-agen")]),
        ("kiosks", vec![(Topics, "guichet")]),
        ("urban prod", vec![(Organisations, "urban-prod"), (Initiatives, "mots")]),
        ("47000", vec![(Towns, "insee:47001")]),
        ("insee:47999", vec![(Towns, "insee:47157")]),
        ("saint médard", vec![(Towns, "insee:47157")]),
        ("st denis", vec![(Towns, "insee:93066")]),
        ("Œuilly", vec![(Towns, "insee:51410"), (Towns, "insee:02565")]),
        ("prison", vec![(Topics, "prison"), (Initiatives, "mots")]),
        ("Urban-PROD", vec![(Organisations, "urban-prod"), (Initiatives, "mots")]),
        ("numérique prison", vec![(Topics, "prison"), (Initiatives, "mots")]),
        ("prison -agen", vec![(Topics, "prison")]),
        ("agen -prison", vec![(Towns, "insee:47001"), (Organisations, "ville-d-agen"), (Initiatives, "lab-agen")]),
        ("", vec![]),
        ("  ' 🙂 - ", vec![]),
        ("introuvable", vec![]),
    ] {
        let found: Vec<(SearchKind, String)> = found.into_iter().map(|(kind, key)| (kind, key.to_owned())).collect();
        assert_eq!(search(&snapshot, text, EVERYTHING, &InitiativeFilter::default()), found, "{text:?}");
    }
    let only = search(&snapshot, "agen", &[Organisations, Towns, Towns], &InitiativeFilter::default());
    assert_eq!(only, [(Towns, "insee:47001".to_owned()), (Organisations, "ville-d-agen".to_owned())]);
    let stopped = InitiativeFilter { statuses: vec![Status::Stopped], ..InitiativeFilter::default() };
    let filtered = search(&snapshot, "agen", EVERYTHING, &stopped);
    assert_eq!(filtered, only, "the filter is one of the initiatives alone");
    let unknown = InitiativeFilter { topics: vec!["fablob".to_owned()], ..InitiativeFilter::default() };
    for kinds in [EVERYTHING, &[Towns]] {
        let asked = snapshot.count_search("agen", kinds, &unknown);
        assert!(matches!(asked, Err(QuestionError::UnknownKey { argument: "topics", .. })), "{asked:?}");
    }
}

/// How a name matches, in words of a small language: no `st`, no forms of words, nothing but lower-case letters and digits.
fn quality(text: &str, name: &str) -> Option<u8> {
    let words = |text: &str| -> Vec<String> { maillage_explore::text::fold(text).split(' ').map(str::to_owned).collect() };
    let (wanted, has) = (words(text), words(name));
    let (last, others) = wanted.split_last().expect("at least one word");
    let begun = has.iter().any(|word| word.starts_with(last));
    if wanted == has {
        Some(0)
    } else if !begun || !others.iter().all(|word| has.contains(word)) {
        None
    } else if has.contains(last) {
        Some(1)
    } else {
        Some(2)
    }
}

/// The folded words of a text that count.
fn counting(text: &str) -> Vec<String> {
    let folded = maillage_explore::text::fold(text);
    folded.split(' ').filter(|word| !OTHERWISE.contains(word)).map(str::to_owned).collect()
}

/// The score of a name of today, or of another one; as documented.
fn score(quality: u8, is_other: bool, size: u64) -> f32 {
    let base = match (quality, is_other) {
        (0, false) => 2.0,
        (0, true) => 1.5,
        (1, false) => 0.6,
        (1, true) => 0.5,
        (_, false) => 0.3,
        (_, true) => 0.2,
    };
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    let digits = (1.0 + size as f32).log10();
    base + 0.09 * (digits / 10.0).min(1.0)
}

fn best_name(text: &str, names: &[&str], others: &[&str], size: u64) -> Option<f32> {
    let of = |names: &[&str], is_other| {
        names.iter().filter_map(|name| quality(text, name)).min().map(|quality| score(quality, is_other, size))
    };
    of(names, false).into_iter().chain(of(others, true)).max_by(f32::total_cmp)
}

type Found = (f32, SearchKind, String);

fn rank(kind: SearchKind) -> usize {
    [SearchKind::Topics, SearchKind::Towns, SearchKind::Organisations, SearchKind::Initiatives]
        .iter()
        .position(|known| *known == kind)
        .expect("a kind")
}

/// What is expected of a text of plain words; the initiatives and their scores as their own list gives them.
fn expected(oracle: &Oracle, snapshot: &Snapshot, text: &str, kinds: &[SearchKind], filter: &InitiativeFilter) -> Vec<Found> {
    let about = |wanted: &dyn Fn(&InitiativeFilter) -> InitiativeFilter| {
        oracle.list(&wanted(&InitiativeFilter::default()), InitiativeOrder::TitleAscending).len() as u64
    };
    let mut towns: Vec<Found> = Vec::new();
    for town in oracle.all_towns() {
        let names = [town.name.as_str()];
        let former: Vec<&str> = town.former.iter().map(|former| former.name.as_str()).collect();
        // A name of today before a former one, however well that one matches.
        let size = town.population.unwrap_or_default().into();
        let found = best_name(text, &names, &[], size).or_else(|| best_name(text, &[], &former, size));
        towns.extend(found.map(|score| (score, SearchKind::Towns, town.key.to_string())));
    }
    let topics = TOPICS.iter().filter_map(|(key, french, english, others, _)| {
        let size = about(&|filter| InitiativeFilter { topics: vec![(*key).to_owned()], ..filter.clone() });
        let is_key = maillage_explore::text::fold(text).replace(' ', "-") == *key;
        let named = if is_key { Some(score(0, false, size)) } else { best_name(text, &[french, english], others, size) };
        // Said without the words that do not count, a label is as good as another name.
        let is_said = [french, english].into_iter().any(|label| counting(label) == counting(text));
        let said = is_said.then(|| score(0, true, size));
        named.into_iter().chain(said).max_by(f32::total_cmp).map(|score| (score, SearchKind::Topics, (*key).to_owned()))
    });
    let organisations = ORGANISATIONS.iter().filter_map(|(key, name)| {
        let size = about(&|filter| InitiativeFilter { organisations: vec![(*key).to_owned()], ..filter.clone() });
        best_name(text, &[name], &[], size).map(|score| (score, SearchKind::Organisations, (*key).to_owned()))
    });
    let texts = InitiativeFilter { text: Some(text.to_owned()), ..InitiativeFilter::default() };
    let through = oracle.list(filter, InitiativeOrder::TitleAscending);
    let initiatives =
        snapshot.initiatives(&texts, InitiativeOrder::Relevance, &PageRequest::first(1000)).expect("an answer").items;
    let initiatives = initiatives.into_iter().filter(|hit| through.contains(&hit.key)).map(|hit| {
        let score = hit.score.unwrap_or_else(|| panic!("{text:?} gives scores"));
        (score / (score + 10.0), SearchKind::Initiatives, hit.key)
    });
    let mut found: Vec<Found> = towns.into_iter().chain(topics).chain(organisations).chain(initiatives).collect();
    found.retain(|(_, kind, _)| kinds.is_empty() || kinds.contains(kind));
    found.sort_by(|one, other| other.0.total_cmp(&one.0).then(rank(one.1).cmp(&rank(other.1))).then_with(|| one.2.cmp(&other.2)));
    found
}

/// Walks through all pages one way and gives the whole list.
fn walk(
    snapshot: &Snapshot,
    text: &str,
    kinds: &[SearchKind],
    filter: &InitiativeFilter,
    size: i64,
    backward: bool,
) -> Vec<SearchHit> {
    let mut all: Vec<SearchHit> = Vec::new();
    let mut request =
        if backward { PageRequest { last: Some(size), ..PageRequest::default() } } else { PageRequest::first(size) };
    loop {
        let page = snapshot.search(text, kinds, filter, &request).expect("an answer");
        let more = if backward { page.has_previous } else { page.has_next };
        assert_eq!(if backward { page.has_next } else { page.has_previous }, !all.is_empty());
        let edge = if backward { page.items.first() } else { page.items.last() }.map(|hit| hit.cursor.clone());
        if backward {
            all.splice(0..0, page.items)
        } else {
            all.splice(all.len().., page.items)
        };
        match edge {
            Some(edge) if more => {
                request = if backward { PageRequest::before(size, edge) } else { PageRequest::after(size, edge) }
            }
            _ => return all,
        }
    }
}

/// Words that are not looked for as they are.
const OTHERWISE: &[&str] = &[
    "st",
    "l’accueil",
    "la",
    "le",
    "les",
    "de",
    "des",
    "du",
    "en",
    "et",
    "au",
    "the",
    "and",
    "an",
    "in",
    "on",
    "numériques",
    "guichets",
    "kiosks",
    "libraries",
];

fn words() -> impl Strategy<Value = String> {
    let names: Vec<&str> = TOWNS.iter().map(|row| row.1).chain(TOPICS.iter().flat_map(|row| [row.1, row.2])).collect();
    let word = prop_oneof![
        2 => prop::sample::select(WORDS).prop_map(str::to_owned),
        3 => (prop::sample::select(names), any::<prop::sample::Index>()).prop_map(|(name, at)| {
            let folded = maillage_explore::text::fold(name);
            let words: Vec<&str> = folded.split(' ').collect();
            words[at.index(words.len())].to_owned()
        }),
    ];
    // Other forms of words, and words that do not count, are left to the cases above.
    // So is a letter beside a word: "l" is an article then, and by itself the beginning of a word.
    let is_article = |text: &str| text.contains(' ') && text.split(' ').any(|word| word.chars().count() == 1);
    let is_plain = move |text: &String| {
        !text.contains(['\'', '’']) && !is_article(text) && text.split(' ').all(|word| !OTHERWISE.contains(&word))
    };
    let cut = (word.clone(), 1..4usize).prop_map(|(word, length)| word.chars().take(length).collect::<String>());
    prop_oneof![3 => word.clone(), 1 => (word.clone(), word).prop_map(|(one, other)| format!("{one} {other}")), 1 => cut]
        .prop_filter("plain words", is_plain)
}

fn kinds() -> impl Strategy<Value = Vec<SearchKind>> {
    prop_oneof![2 => Just(Vec::new()), 1 => prop::sample::subsequence(SearchKind::ALL.to_vec(), 1..=4)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn everything_is_found_as_plain_loops_do(
        initiatives in world::initiatives(),
        questions in prop::collection::vec((words(), kinds(), prop_oneof![2 => Just(InitiativeFilter::default()), 1 => filter()]), 16),
    ) {
        let oracle = Oracle::new(world::country().into_iter().chain(initiatives.into_iter().flatten()));
        let snapshot = Snapshot::of(1, oracle.records()).expect("an index");
        for (text, kinds, filter) in questions {
            prop_assert!(names_what_there_is(&oracle, &filter));
            let expected = expected(&oracle, &snapshot, &text, &kinds, &filter);
            for (size, backward) in [(1000, false), (3, false), (2, true)] {
                let found = walk(&snapshot, &text, &kinds, &filter, size, backward);
                let found: Vec<Found> = found.into_iter().map(|hit| (hit.score, hit.kind, hit.key)).collect();
                prop_assert_eq!(&found, &expected, "{:?} {:?} {} {}", &text, &kinds, size, backward);
            }
            prop_assert_eq!(snapshot.count_search(&text, &kinds, &filter), Ok(expected.len() as u64));
        }
    }

    #[test]
    fn anything_has_an_answer(text: String, more in "\\PC{0,60}", words in prop::collection::vec("\\PC{1,12}", 0..1200)) {
        let snapshot = officer();
        for text in [text, more, words.join(" ")] {
            search(&snapshot, &text, EVERYTHING, &InitiativeFilter::default());
        }
    }
}

#[test]
fn of_many_towns_the_larger_are_given() {
    let many: Vec<Stored> = (0..60u32)
        .map(|number| {
            let mut row = TOWNS[0];
            let (key, name) = (format!("insee:{:05}", 10_000 + number), format!("Ville-sur-Lot {number}"));
            row.2 = Some(1000 + number);
            let mut town = world::town(&row);
            let maillage_graph_schema::model::Record::Town(record) = &mut town.record else { unreachable!("it is a town") };
            record.key = key.parse().expect("a key");
            record.name = name.parse().expect("a name");
            record.town_type = TownType::Commune;
            record.postcodes.clear();
            town
        })
        .collect();
    let snapshot = Snapshot::of(1, world::country().into_iter().chain(many).collect()).expect("an index");
    let found = search(&snapshot, "ville sur lot", EVERYTHING, &InitiativeFilter::default());
    let expected: Vec<_> = (40..60).rev().map(|number| (SearchKind::Towns, format!("insee:{:05}", 10_000 + number))).collect();
    assert_eq!((found.len(), found), (MOST_NAMED, expected));
    let hits = walk(&snapshot, "ville sur lot", EVERYTHING, &InitiativeFilter::default(), 7, false);
    assert!(hits.iter().all(|hit| hit.score > 0.6 && hit.score < 0.7));
    let other =
        snapshot.search("ville", EVERYTHING, &InitiativeFilter::default(), &PageRequest::after(3, hits[0].cursor.clone()));
    assert!(matches!(other, Err(QuestionError::Cursor { .. })), "a cursor goes with its text");
}
