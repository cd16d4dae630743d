//! From the drafts of a source to the records that they make, resolved against what is known. Pure.
//!
//! | module | what it holds |
//! |---|---|
//! | `origin` | where what is read comes from |
//! | `referents` | files of a mapping that others refer to |
//! | `organisations` | the organisations that files are, and those that they name |
//! | `places` | where initiatives are |
//! | `translations` | case studies in other languages than the first |

mod organisations;
mod origin;
mod places;
mod referents;
mod translations;

use std::collections::{BTreeMap, HashMap, HashSet};

use maillage_explore::text::fold;
use maillage_graph_schema::model::{
    Adoption, CaseStudy, CaseStudyKey, DeclaredBy, Initiative, InitiativeKey, Involvement, Language, Link, Organisation,
    OrganisationKey, Original, Picture, Provenance, Record, RecordKind, Text, TopicKey, WebAddress,
};

pub use self::origin::Origin;
use self::referents::Referents;
use self::translations::originals;
use crate::compare::Records;
use crate::connect::{Missing, Pictures, connect};
use crate::diagnostic::{Code, Diagnostic, Suggestions, nearest};
use crate::draft::{
    AdoptionDraft, Draft, FileDraft, InitiativeDraft, Lookup, OrganisationDraft, OriginalDraft, PictureDraft, Reference, Spot,
    TitleFrom, TranslationDraft,
};
use crate::invalid::Invalid;
use crate::report::completeness::completeness;
use crate::report::{Report, skipped};
use crate::resolve::Known;
use crate::resolve::places::doubt_languages;

/// The records of a source.
#[derive(Debug, Default)]
pub struct Assembled {
    pub organisations: Vec<Organisation>,
    pub initiatives: Vec<Initiative>,
    pub case_studies: Vec<CaseStudy>,
    pub diagnostics: Vec<Diagnostic>,
    /// What turned out to give no record.
    pub invalid: Invalid,
    /// Entries of lists that have pages of their own, which tell the same and more.
    pub told_by_pages: Vec<Spot>,
}

impl Assembled {
    /// Tells a report what came of what was read.
    pub fn tell(&mut self, report: &mut Report, invalid: &mut Invalid) {
        report.diagnostics.append(&mut self.diagnostics);
        report.read -= self.invalid.count + self.told_by_pages.len();
        invalid.extend(std::mem::take(&mut self.invalid));
        report.invalid = invalid.count;
        for spot in &self.told_by_pages {
            *report.skipped.entry(skipped::TOLD_BY_PAGE).or_default() += 1;
            report.left_aside.add(skipped::TOLD_BY_PAGE, None, spot);
        }
        report.completeness = completeness(&self.initiatives, &self.case_studies);
    }

    /// The records, by reference.
    pub fn records(self) -> Records {
        let records = self.organisations.into_iter().map(Record::from);
        let records = records.chain(self.initiatives.into_iter().map(Record::from));
        let records = records.chain(self.case_studies.into_iter().map(Record::from));
        records.map(|record| (record.reference(), Box::new(record))).collect()
    }
}

/// Makes the records of a source out of its drafts, which are in the order of their paths.
pub fn assemble(origin: &Origin, mut drafts: Vec<FileDraft>, known: &Known) -> Assembled {
    doubt_languages(&mut drafts, &known.places);
    let mut assembler = Assembler {
        origin,
        pictures: Pictures::among(&origin.paths),
        known,
        result: Assembled::default(),
        organisations: BTreeMap::new(),
        by_name: HashMap::new(),
        by_other_name: HashMap::new(),
        elsewhere: HashMap::new(),
        unmapped: BTreeMap::new(),
        referents: Referents::default(),
        found: BTreeMap::new(),
        told: HashMap::new(),
        suggestions: Suggestions::default(),
    };
    let mut initiatives: Vec<(Spot, Box<InitiativeDraft>)> = Vec::new();
    let mut translations: Vec<(Spot, TranslationDraft)> = Vec::new();
    let mut organisations: Vec<(Spot, OrganisationDraft)> = Vec::new();
    for FileDraft { spot, draft } in drafts {
        match draft {
            Draft::Initiative(draft) => initiatives.push((spot, draft)),
            Draft::Translation(draft) => translations.push((spot, *draft)),
            Draft::Organisation(draft) => organisations.push((spot, *draft)),
            Draft::Referent(draft) => assembler.referents.add_referent(*draft),
        }
    }
    let parents = assembler.organisations_with_files(organisations);
    assembler.parents(parents);
    let initiatives = originals(initiatives, &mut translations, &mut assembler.result.diagnostics);
    let of_name = initiatives.iter().filter(|(_, draft)| draft.title_from == TitleFrom::Name);
    let named = of_name.map(|(spot, draft)| spot.about(Code::TitleFromFile).value(draft.title.as_str()));
    assembler.result.diagnostics.extend(named);
    let initiatives = assembler.without_repeated(initiatives);
    assembler.named_mentions(&initiatives);
    let keys = assembler.keys(&initiatives);
    // What grows is copied, and held twice meanwhile.
    assembler.result.initiatives.reserve_exact(initiatives.len());
    assembler.result.case_studies.reserve_exact(initiatives.len() + translations.len());
    for (spot, draft) in initiatives {
        assembler.initiative(&spot, *draft, &keys);
    }
    for (spot, draft) in translations {
        assembler.translation(&spot, draft, &keys);
    }
    assembler.finish()
}

/// An initiative of this source, by its key or an alias.
type Keys = HashMap<InitiativeKey, (InitiativeKey, Language)>;

struct Assembler<'a> {
    origin: &'a Origin,
    pictures: Pictures<'a>,
    known: &'a Known,
    result: Assembled,
    organisations: BTreeMap<OrganisationKey, Organisation>,
    /// Organisations of this source by folded name.
    by_name: HashMap<String, OrganisationKey>,
    /// Likewise by other names, of those that have files; `None` if several have it.
    by_other_name: HashMap<String, Option<OrganisationKey>>,
    /// Organisations of this source that another source made before, by the key that they would have here.
    elsewhere: HashMap<OrganisationKey, OrganisationKey>,
    /// Tags that lead to no topic, with the number of files.
    unmapped: BTreeMap<String, (Text, usize)>,
    /// The files of a mapping that others refer to.
    referents: Referents,
    /// Places that were found by more than their code: what was said, what it led to, in how many files.
    found: BTreeMap<(String, String), usize>,
    /// Which file tells an initiative in a language.
    told: HashMap<CaseStudyKey, Spot>,
    suggestions: Suggestions,
}

impl Assembler<'_> {
    /// Leaves out what stands at a spot; its record stays as it was, which is the one of a key where that is sure.
    fn reject(&mut self, spot: &Spot, key: Option<&str>, diagnostic: Diagnostic) {
        self.result.invalid.add(spot, key);
        self.result.diagnostics.push(diagnostic);
    }

    /// Leaves out what has an id that something else has already. Which record it gave before, under another id, nobody knows.
    fn reject_repeated(&mut self, spot: &Spot, key: &str, first: &str) {
        self.reject(spot, None, spot.about(Code::RepeatedId).value(key).detail(first));
    }

    /// Drops initiatives whose id an earlier file has.
    fn without_repeated(&mut self, drafts: Vec<(Spot, Box<InitiativeDraft>)>) -> Vec<(Spot, Box<InitiativeDraft>)> {
        let mut places: HashMap<InitiativeKey, usize> = HashMap::new();
        let mut kept: Vec<(Spot, Box<InitiativeDraft>)> = Vec::with_capacity(drafts.len());
        for (spot, draft) in drafts {
            let Some(place) = places.get(&draft.key) else {
                places.insert(draft.key.clone(), kept.len());
                kept.push((spot, draft));
                continue;
            };
            let (first, known) = &mut kept[*place];
            let is_same = fold(known.title.as_str()) == fold(draft.title.as_str());
            match (&first.entry, &spot.entry) {
                (None, Some(_)) if is_same => self.result.told_by_pages.push(spot),
                (Some(_), None) if is_same => {
                    self.result.told_by_pages.push(std::mem::replace(first, spot));
                    *known = draft;
                }
                _ => {
                    let first = first.to_string();
                    self.reject_repeated(&spot, draft.key.as_str(), &first);
                }
            }
        }
        kept
    }

    /// The initiatives of this source by key and alias. A key goes before an alias, an earlier file before a later one.
    fn keys(&mut self, initiatives: &[(Spot, Box<InitiativeDraft>)]) -> Keys {
        let mut keys: Keys =
            initiatives.iter().map(|(_, draft)| (draft.key.clone(), (draft.key.clone(), draft.language.clone()))).collect();
        for (spot, draft) in initiatives {
            for alias in &draft.aliases {
                match keys.get(alias) {
                    Some((owner, _)) if *owner != draft.key => {
                        let note = spot.about(Code::AliasTaken).value(alias.as_str()).detail(owner.as_str());
                        self.result.diagnostics.push(note);
                    }
                    Some(_) => {}
                    None => {
                        keys.insert(alias.clone(), (draft.key.clone(), draft.language.clone()));
                    }
                }
            }
        }
        keys
    }

    fn topics(&mut self, topics: Vec<Lookup<String>>) -> Vec<TopicKey> {
        let mut found = Vec::new();
        for topic in topics {
            if let Some(key) = self.known.topics.find(&topic.value) {
                found.push(key.clone());
            } else {
                let look = || self.known.topics.nearest(&topic.value);
                let nearest = self.suggestions.find(RecordKind::Topic, &topic.value, look);
                self.result.diagnostics.push(Diagnostic { nearest, ..topic.or_else });
            }
        }
        found
    }

    /// The topics that a file names, also by tags; and the tags that lead to none.
    fn topics_and_tags(
        &mut self,
        topics: Vec<Lookup<String>>,
        tags: Vec<Text>,
        references: Vec<Lookup<Reference>>,
    ) -> (Vec<TopicKey>, Vec<Text>) {
        let mut topics = self.topics(topics);
        let mut kept = Vec::new();
        for tag in tags {
            self.tag(tag, None, &mut topics, &mut kept);
        }
        for reference in references {
            let name = self.referents.find(&reference.value).and_then(|referent| referent.name.clone());
            if let Some(tag) = name.or_else(|| reference.value.text.parse().ok()) {
                self.tag(tag, Some(&reference.value.text), &mut topics, &mut kept);
            }
        }
        without_doubles(&mut topics, Clone::clone);
        without_doubles(&mut kept, |tag| fold(tag.as_str()));
        (topics, kept)
    }

    /// Adds the topic that a tag leads to by its name or its slug, or else keeps the tag.
    fn tag(&mut self, tag: Text, slug: Option<&str>, topics: &mut Vec<TopicKey>, kept: &mut Vec<Text>) {
        let topic = self.known.topics.find(tag.as_str()).or_else(|| self.known.topics.find(slug?));
        if let Some(key) = topic {
            topics.push(key.clone());
        } else {
            self.unmapped.entry(fold(tag.as_str())).or_insert_with(|| (tag.clone(), 0)).1 += 1;
            kept.push(tag);
        }
    }

    /// An adoption as an adopter declares it, if what was copied is known.
    fn adoption(&mut self, adopter: &InitiativeKey, adoption: Lookup<AdoptionDraft>, keys: &Keys) -> Option<Adoption> {
        let AdoptionDraft { original, date, adapted, outcome } = adoption.value;
        let original = match original {
            OriginalDraft::External(url) => Original::External(url),
            OriginalDraft::Initiative(key) => {
                let known = self.initiative_key(&key, keys).filter(|(original, _)| original != adopter);
                let Some((original, _)) = known else {
                    let diagnostic = self.unknown_initiative(&key, adoption.or_else, keys);
                    self.result.diagnostics.push(diagnostic);
                    return None;
                };
                Original::Initiative(original.clone())
            }
        };
        Some(Adoption { original, declared_by: DeclaredBy::Adopter, date, adapted, outcome, confirmation: None })
    }

    fn initiative(&mut self, spot: &Spot, draft: InitiativeDraft, keys: &Keys) {
        let kind = self.topics(draft.kind.into_iter().collect()).into_iter().next();
        let (topics, tags) = self.topics_and_tags(draft.topics, draft.tags, draft.tag_references);
        let is_told = |reference: &Reference| {
            let mentioned = draft.organisations.iter().filter_map(|mention| mention.value.reference.as_ref());
            mentioned.into_iter().any(|mentioned| mentioned.text == reference.text)
        };
        let places = self.places(&draft.places, &draft.whereabouts, &is_told);
        let mut involvements: Vec<Involvement> =
            draft.organisations.into_iter().filter_map(|mention| self.involvement(&spot.path, mention)).collect();
        without_doubles(&mut involvements, |involvement| (involvement.organisation.clone(), involvement.role));
        let mut aliases = draft.aliases;
        aliases.retain(|alias| *alias != draft.key && keys.get(alias).is_some_and(|(owner, _)| *owner == draft.key));
        let inspired_by =
            draft.inspired_by.into_iter().filter_map(|adoption| self.adoption(&draft.key, adoption, keys)).collect();
        let provenance = self.origin.provenance(&spot.path);
        let mut audiences = draft.audiences;
        without_doubles(&mut audiences, |audience| *audience);
        let mut links = self.links(draft.links, spot, &provenance);
        let evidence = self.links(draft.evidence, spot, &provenance);
        without_doubles(&mut links, |link| (link.url.clone(), link.url.is_none().then(|| link.label.clone())));
        self.told.insert(CaseStudyKey::new(&draft.key, &draft.language), spot.clone());
        let picture = self.picture(draft.picture, spot, &provenance);
        self.result.case_studies.push(CaseStudy {
            initiative: draft.key.clone(),
            language: draft.language.clone(),
            title: draft.title.clone(),
            summary: draft.summary.clone(),
            sections: draft.sections,
            picture,
            translation_of: None,
            licence: draft.licence.clone(),
            provenance: provenance.clone(),
        });
        self.result.initiatives.push(Initiative {
            key: draft.key,
            aliases,
            title: draft.title,
            summary: draft.summary,
            language: draft.language,
            kind,
            topics,
            tags,
            audiences,
            status: draft.status,
            status_reason: draft.status_reason,
            start: draft.start,
            end: draft.end,
            places,
            point: draft.point,
            involvements,
            figures: draft.figures,
            costs: draft.costs,
            links,
            evidence,
            contact: draft.contact,
            inspired_by,
            supersedes: Vec::new(),
            distinct_from: Vec::new(),
            licence: draft.licence,
            modified: draft.modified,
            reviewed: draft.reviewed,
            provenance,
        });
    }

    /// Links that fields give. One to a file that is nowhere is told, and left out.
    fn links(&mut self, links: Vec<Link>, spot: &Spot, provenance: &[Provenance]) -> Vec<Link> {
        let mut kept = Vec::with_capacity(links.len());
        for link in links {
            let address = link.url.as_ref().map(WebAddress::as_str).unwrap_or_default();
            match self.pictures.linked(address, provenance.first()) {
                Ok(None) => kept.push(link),
                Ok(Some(found)) => kept.push(Link { url: found.parse().ok(), ..link }),
                Err(path) => self.result.diagnostics.push(spot.about(Code::MissingFile).value(path)),
            }
        }
        kept
    }

    /// A picture that a field names. One that is nowhere is told.
    fn picture(&mut self, draft: Option<PictureDraft>, spot: &Spot, provenance: &[Provenance]) -> Option<Picture> {
        self.pictures.resolved(draft?, provenance.first()).unwrap_or_else(|address| {
            self.result.diagnostics.push(spot.about(Code::MissingPicture).value(address));
            None
        })
    }

    fn initiative_key<'k>(&'k self, key: &InitiativeKey, keys: &'k Keys) -> Option<&'k (InitiativeKey, Language)> {
        keys.get(key).or_else(|| self.known.initiatives.get(key))
    }

    /// What is said of an initiative that is not known.
    fn unknown_initiative(&mut self, key: &InitiativeKey, or_else: Diagnostic, keys: &Keys) -> Diagnostic {
        let look = || nearest(key.as_str(), keys.keys().map(InitiativeKey::as_str)).map(str::to_owned);
        Diagnostic { nearest: self.suggestions.find(RecordKind::Initiative, key.as_str(), look), ..or_else }
    }

    fn finish(mut self) -> Assembled {
        self.leave_out_empty_translations();
        for (tag, count) in self.unmapped.into_values() {
            self.result.diagnostics.push(Diagnostic::new(Code::UnmappedTag, "").value(tag.as_str()).detail(count.to_string()));
        }
        for ((said, how), count) in self.found {
            let detail = if count == 1 { how } else { format!("{how} × {count}") };
            self.result.diagnostics.push(Diagnostic::new(Code::PlaceFound, "").value(said).detail(detail));
        }
        self.result.organisations = self.organisations.into_values().collect();
        let missing = connect(&mut self.result.case_studies, self.pictures, &self.origin.lists);
        let about = |(key, address): Missing| Some(self.told.get(&key)?.about(Code::MissingPicture).value(address));
        self.result.diagnostics.extend(missing.into_iter().filter_map(about));
        self.result
    }
}

/// Keeps the first of those that are alike.
fn without_doubles<T, K: Eq + std::hash::Hash>(items: &mut Vec<T>, key: impl Fn(&T) -> K) {
    let mut seen = HashSet::new();
    items.retain(|item| seen.insert(key(item)));
}
