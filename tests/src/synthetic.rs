//! A made-up graph of any size, the same on each run: real towns and topics, and initiatives with the long tails of real
//! ones. Few topics and organisations are everywhere, most are rare, and so are words.

use std::fmt::Write as _;

use anyhow::{Context as _, Result};
use maillage_graph_schema::change::{ChangeSet, Operation};
use maillage_graph_schema::model::{
    Adoption, Audience, CaseStudy, Cost, CostBasis, DeclaredBy, Figure, Initiative, InitiativeKey, Instant, Involvement,
    Language, Number, Organisation, OrganisationKey, OrganisationRole, Original, PartialDate, Place, PlaceTarget, Provenance,
    Record, Section, SectionKind, Source, SourceKey, SourceKind, Status, Text, TopicKey, TownKey,
};

use crate::random::{Random, Zipf};

/// How many initiatives one change set adds.
pub const BATCH: usize = 10_000;

/// How many initiatives there are to one organisation.
const INITIATIVES_PER_ORGANISATION: usize = 10;

/// The length of a case study in bytes, about.
const BODY: usize = 5_000;

/// Different words of the texts.
const WORDS: usize = 20_000;

/// The commonest words, as French has them; after these come [`SEARCHED_WORDS`], and all others are made up.
#[rustfmt::skip]
const FUNCTION_WORDS: &[&str] = &[
    "de", "la", "le", "et", "les", "des", "en", "un", "du", "une", "que", "est", "pour", "qui", "dans", "a", "par", "plus",
    "pas", "au", "sur", "ne", "se", "ce", "il", "sont", "la", "avec", "son", "aux", "d'un", "cette", "d'une", "ont", "ses",
    "mais", "comme", "on", "tout", "nous", "sa", "fait", "été", "aussi", "leur", "bien", "peut", "ces",
];

/// Words that are in most texts and that somebody might look for.
#[rustfmt::skip]
pub const SEARCHED_WORDS: &[&str] = &[
    "habitants", "commune", "ville", "mairie", "service", "projet", "public", "atelier", "numérique", "médiation", "usagers",
    "agents", "équipe", "année", "quartier", "école", "bibliothèque", "jeunes", "associations", "budget", "œuvre", "accueil",
    "démarche", "guichet",
];

const SYLLABLES: &[&str] = &[
    "ba", "bel", "bou", "ca", "cha", "cor", "dé", "di", "dou", "é", "fa", "fer", "for", "ga", "gi", "gran", "ha", "i", "ja",
    "la", "le", "lin", "ma", "men", "mi", "mon", "na", "né", "ni", "œ", "pa", "per", "pla", "po", "ra", "ré", "ri", "rou", "sa",
    "sé", "so", "ta", "té", "tion", "tri", "va", "ver", "vi", "vou", "ment",
];

/// The graph to be made.
#[derive(Debug)]
pub struct Synthetic {
    seed: u64,
    count: usize,
    /// Most inhabitants first.
    towns: Vec<TownKey>,
    topics: Vec<TopicKey>,
    words: Vec<String>,
    by_town: Zipf,
    by_topic: Zipf,
    by_organisation: Zipf,
    by_word: Zipf,
}

impl Synthetic {
    /// A graph of so many initiatives over the towns and topics of the reference data.
    pub fn new(seed: u64, count: usize, reference: &[ChangeSet]) -> Result<Self> {
        let mut towns = Vec::new();
        let mut topics = Vec::new();
        for operation in reference.iter().flat_map(|change_set| &change_set.operations) {
            let Operation::Put { record, .. } = operation else { continue };
            match &**record {
                // French ones alone, as the network begins there.
                Record::Town(town) if town.key.as_str().starts_with("insee:") => {
                    towns.push((std::cmp::Reverse(town.population), town.key.clone()));
                }
                Record::Topic(topic) => topics.push(topic.key.clone()),
                _ => {}
            }
        }
        towns.sort();
        let towns: Vec<TownKey> = towns.into_iter().map(|(_, key)| key).collect();
        anyhow::ensure!(!towns.is_empty() && !topics.is_empty(), "the reference data holds no town or no topic");
        Ok(Self {
            seed,
            count,
            by_town: Zipf::new(towns.len()),
            by_topic: Zipf::new(topics.len()),
            by_organisation: Zipf::new(organisations(count)),
            by_word: Zipf::new(WORDS),
            towns,
            topics,
            words: words(seed),
        })
    }

    /// The key of an initiative, from 0.
    pub fn initiative_key(index: usize) -> Result<InitiativeKey> {
        Ok(format!("initiative-{index:07}").parse()?)
    }

    /// The source of everything made up.
    pub fn source_key() -> Result<SourceKey> {
        Ok("synthetic".parse()?)
    }

    /// Towns, most inhabitants first.
    pub fn towns(&self) -> &[TownKey] {
        &self.towns
    }

    /// Topics, the most frequent first.
    pub fn topics(&self) -> &[TopicKey] {
        &self.topics
    }

    /// How many change sets make the graph.
    pub fn change_sets(&self) -> usize {
        self.count.div_ceil(BATCH)
    }

    /// One of the change sets, from 0: the first brings the source and the organisations too.
    pub fn change_set(&self, number: usize) -> Result<ChangeSet> {
        let mut operations = Vec::new();
        if number == 0 {
            operations.push(Operation::put(source()?));
            for index in 0..organisations(self.count) {
                operations.push(Operation::put(organisation(index)?));
            }
        }
        for index in number * BATCH..self.count.min((number + 1) * BATCH) {
            operations.push(Operation::put(self.initiative(index)?));
            operations.push(Operation::put(self.case_study(index)?));
        }
        change_set(&format!("synthetic-{number}"), operations)
    }

    /// Ten thousand further initiatives: the set whose application is timed.
    pub fn further(&self) -> Result<ChangeSet> {
        let mut operations = Vec::new();
        for index in self.count..self.count + BATCH {
            operations.push(Operation::put(self.initiative(index)?));
            operations.push(Operation::put(self.case_study(index)?));
        }
        change_set("synthetic-further", operations)
    }

    /// A small change to some initiatives, so that they have a history.
    pub fn corrections(&self, number: usize, indices: &[usize]) -> Result<ChangeSet> {
        let mut operations = Vec::new();
        for index in indices {
            let mut initiative = self.initiative(*index)?;
            initiative.summary = Some(format!("Corrigé pour la {number}e fois.").parse()?);
            initiative.status = Some(Status::Stopped);
            operations.push(Operation::put(initiative));
        }
        change_set(&format!("synthetic-corrections-{number}"), operations)
    }

    /// One of the initiatives, from 0.
    pub fn initiative(&self, index: usize) -> Result<Initiative> {
        let random = &mut Random::of(self.seed, index as u64);
        let mut places: Vec<Place> = Vec::new();
        for _ in 0..=random.below(3) {
            // Half by size, half anywhere: much is done in villages.
            let town = if random.happens(50) { self.by_town.draw(random) } else { random.below(self.towns.len()) };
            let target = PlaceTarget::Town(self.towns[town].clone());
            if !places.iter().any(|place| place.target == target) {
                places.push(Place { target, original_code: None, original_name: None });
            }
        }
        let mut topics: Vec<TopicKey> = Vec::new();
        for _ in 0..=random.below(4) {
            let topic = &self.topics[self.by_topic.draw(random)];
            if !topics.contains(topic) {
                topics.push(topic.clone());
            }
        }
        let mut involvements: Vec<Involvement> = Vec::new();
        for role in [OrganisationRole::Operator, OrganisationRole::Funder, OrganisationRole::Partner] {
            if role == OrganisationRole::Operator || random.happens(40) {
                involvements.push(Involvement { organisation: organisation_key(self.by_organisation.draw(random))?, role });
            }
        }
        let mut inspired_by = Vec::new();
        if index > 0 && random.happens(10) {
            inspired_by.push(Adoption {
                original: Original::Initiative(Self::initiative_key(random.below(index))?),
                declared_by: DeclaredBy::Adopter,
                date: None,
                adapted: Some(self.text(random, 80)?),
                outcome: None,
                confirmation: None,
            });
        }
        let year = u16::try_from(2005 + random.below(20))?;
        // Numbers of their own, so that what came before is as it was.
        let others = &mut Random::of(self.seed.rotate_left(32), index as u64);
        Ok(Initiative {
            key: Self::initiative_key(index)?,
            aliases: Vec::new(),
            title: self.text(random, 60)?,
            summary: Some(self.text(random, 200)?),
            language: Language::french(),
            kind: others.happens(60).then(|| self.topics[self.by_topic.draw(others)].clone()),
            topics,
            tags: Vec::new(),
            audiences: if others.happens(50) { vec![*others.one_of(Audience::ALL)] } else { Vec::new() },
            status: Some(*random.one_of(Status::ALL)),
            status_reason: None,
            start: Some(format!("{year}-{:02}", 1 + random.below(12)).parse::<PartialDate>()?),
            end: None,
            places,
            point: None,
            involvements,
            figures: vec![Figure {
                metric: self.text(random, 20)?,
                value: whole(random.below(10_000))?,
                unit: Some("personnes".parse()?),
                date: Some(year.to_string().parse()?),
                method: None,
                source: None,
            }],
            costs: vec![Cost {
                kind: "fonctionnement".parse()?,
                amount: whole(random.below(200_000))?,
                currency: "EUR".parse()?,
                year: Some(year),
                basis: *random.one_of(CostBasis::ALL),
            }],
            links: Vec::new(),
            evidence: Vec::new(),
            contact: None,
            inspired_by,
            supersedes: Vec::new(),
            distinct_from: Vec::new(),
            licence: Some("etalab-2.0".parse()?),
            modified: Some(modified(others)?),
            reviewed: None,
            provenance: vec![provenance(index)?],
        })
    }

    /// How it is told.
    pub fn case_study(&self, index: usize) -> Result<CaseStudy> {
        // Its own numbers: the text stays as it is when the initiative's fields change.
        let random = &mut Random::of(!self.seed, index as u64);
        let kinds =
            [SectionKind::Problem, SectionKind::Solution, SectionKind::Results, SectionKind::Pitfalls, SectionKind::Lessons];
        let section = |kind| {
            Ok(Section {
                kind,
                heading: Some(self.text(random, 25)?),
                markdown: self.text(random, BODY / kinds.len())?.as_str().to_owned(),
            })
        };
        let sections = kinds.into_iter().map(section).collect::<Result<_>>()?;
        Ok(CaseStudy {
            initiative: Self::initiative_key(index)?,
            language: Language::french(),
            title: self.text(random, 60)?,
            summary: Some(self.text(random, 200)?),
            sections,
            picture: None,
            translation_of: None,
            licence: Some("etalab-2.0".parse()?),
            provenance: vec![provenance(index)?],
        })
    }

    /// Words up to a length in bytes, in sentences.
    fn text(&self, random: &mut Random, length: usize) -> Result<Text> {
        let mut text = String::with_capacity(length + 16);
        while text.len() < length {
            if !text.is_empty() {
                text.push_str(if random.happens(8) { ". " } else { " " });
            }
            text.push_str(&self.words[self.by_word.draw(random)]);
        }
        Ok(text.parse()?)
    }
}

fn organisations(initiatives: usize) -> usize {
    (initiatives / INITIATIVES_PER_ORGANISATION).max(1)
}

fn organisation_key(index: usize) -> Result<OrganisationKey> {
    Ok(format!("organisation-{index:06}").parse()?)
}

fn organisation(index: usize) -> Result<Organisation> {
    Ok(Organisation {
        key: organisation_key(index)?,
        aliases: Vec::new(),
        name: format!("Organisation {index}").parse()?,
        other_names: Vec::new(),
        website: None,
        part_of: None,
        supersedes: Vec::new(),
        provenance: vec![Provenance::of(Synthetic::source_key()?)],
    })
}

fn source() -> Result<Source> {
    Ok(Source {
        key: Synthetic::source_key()?,
        aliases: Vec::new(),
        name: "Synthetic initiatives".parse()?,
        kind: SourceKind::Archive,
        address: None,
        description: None,
        language: Some(Language::french()),
        licence: Some("etalab-2.0".parse()?),
    })
}

fn provenance(index: usize) -> Result<Provenance> {
    Ok(Provenance {
        path: Some(format!("initiatives/{:02}/{index}.md", index % 100).parse()?),
        commit: Some("7f3c1de0a9b4552c8e6f0d1b2a3c4d5e6f708192".parse()?),
        ..Provenance::of(Synthetic::source_key()?)
    })
}

fn change_set(id: &str, operations: Vec<Operation>) -> Result<ChangeSet> {
    Ok(ChangeSet { id: id.parse()?, at: at()?, by: "bench".parse()?, why: None, operations })
}

fn at() -> Result<Instant> {
    Ok("2026-11-24T02:26:03Z".parse()?)
}

/// Some minute of the ten years before.
fn modified(random: &mut Random) -> Result<Instant> {
    let day = random.below(3650);
    let date = format!("20{}-{:02}-{:02}", 16 + day / 365, 1 + day % 12, 1 + day % 28);
    Ok(format!("{date}T{:02}:{:02}:00Z", random.below(24), random.below(60)).parse()?)
}

fn whole(number: usize) -> Result<Number> {
    Ok(Number::new(f64::from(u32::try_from(number).context("a small number")?))?)
}

fn words(seed: u64) -> Vec<String> {
    let mut random = Random::of(seed, u64::MAX);
    let mut words: Vec<String> = FUNCTION_WORDS.iter().chain(SEARCHED_WORDS).map(ToString::to_string).collect();
    while words.len() < WORDS {
        let mut word = String::new();
        for _ in 0..2 + random.below(3) {
            let _ = write!(word, "{}", random.one_of(SYLLABLES));
        }
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use maillage_graph_schema::document;
    use maillage_graph_schema::model::RecordKind::{Topic, Town};

    use super::*;

    fn graph(seed: u64) -> Synthetic {
        let fields = |kind, fields: &str| {
            let fields = serde_json::from_str(fields).expect("fields");
            Operation::put(document::to_record(kind, &fields).expect("a record"))
        };
        let mut operations: Vec<Operation> = (0..50)
            .map(|town| {
                fields(Town, &format!(r#"{{"key":"insee:{town:05}","name":"Ville","type":"commune","population":{town}}}"#))
            })
            .collect();
        operations.extend((0..20).map(|topic| fields(Topic, &format!(r#"{{"key":"topic-{topic}","labels":{{"fr":"Sujet"}}}}"#))));
        Synthetic::new(seed, 100, &[change_set("reference", operations).expect("a change set")]).expect("a graph")
    }

    #[test]
    fn equal_seeds_make_equal_graphs() {
        assert_eq!(graph(1).change_set(0).expect("a set"), graph(1).change_set(0).expect("a set"));
        assert_ne!(graph(1).change_set(0).expect("a set"), graph(2).change_set(0).expect("a set"));
    }

    #[test]
    fn frequencies_have_long_tails() {
        let graph = graph(1);
        let mut seen = [0; 20];
        let mut random = Random::new(1);
        for _ in 0..10_000 {
            seen[graph.by_topic.draw(&mut random)] += 1;
        }
        // The first of twenty has 1 / (1 + 1/2 + … + 1/20) = 28 % of the draws, the last a twentieth of that.
        assert!((2_600..3_000).contains(&seen[0]), "{seen:?}");
        assert!((90..190).contains(&seen[19]), "{seen:?}");
    }

    #[test]
    fn bodies_have_the_length_asked_for() {
        let text = graph(1).case_study(3).expect("a case study").markdown();
        assert!((BODY..BODY + 500).contains(&text.len()), "{}", text.len());
    }
}
