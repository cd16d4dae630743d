//! From the drafts of a source to the records that they make, resolved against what is known. Pure.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use maillage_explore::text::fold;
use maillage_graph_schema::model::{
    Adoption, CaseStudy, CaseStudyKey, DeclaredBy, Initiative, InitiativeKey, Instant, Involvement, Language, Link, Organisation,
    OrganisationKey, Original, Picture, Place, Provenance, RecordKind, Text, TopicKey, WebAddress,
};

use crate::connect::{Missing, Pictures, connect};
use crate::diagnostic::{Code, Diagnostic, Suggestions, nearest};
use crate::draft::{
    Draft, FileDraft, Identity, InitiativeDraft, Lookup, Mention, OrganisationDraft, OriginalDraft, PictureDraft, PlaceDraft,
    Reference, ReferentDraft, Spot, TitleFrom, TranslationDraft, Whereabouts,
};
use crate::invalid::Invalid;
use crate::report::completeness::completeness;
use crate::report::{Report, skipped};
use crate::resolve::Known;
use crate::resolve::places::doubt_languages;
use crate::slug::slug;
use crate::source::Paths;
use crate::sources::SourceConfig;

/// Where and when the drafts were read.
#[derive(Debug, Clone)]
pub struct Origin {
    pub source: SourceConfig,
    pub commit: Option<Text>,
    pub fetched_at: Instant,
    /// Where all files of the source are.
    pub paths: Paths,
    /// Those that hold many records each.
    pub lists: BTreeSet<String>,
}

impl Origin {
    /// The provenance of what a file says.
    fn provenance(&self, path: &str) -> Vec<Provenance> {
        vec![Provenance {
            source: self.source.key.clone(),
            repository: self.source.url.as_deref().and_then(|url| url.parse().ok()),
            path: path.parse().ok(),
            commit: self.commit.clone(),
            fetched_at: Some(self.fetched_at),
            url: self.source.url.as_deref().and_then(|url| page_of(url, self.source.branch.as_deref(), path)),
        }]
    }
}

/// Where people read a file, on forges whose addresses follow from the repository's.
fn page_of(repository: &str, branch: Option<&str>, path: &str) -> Option<maillage_graph_schema::model::WebAddress> {
    let url = url::Url::parse(repository).ok()?;
    let infix = match url.host_str()? {
        "github.com" => "blob",
        host if host == "gitlab.com" || host.starts_with("gitlab.") => "-/blob",
        _ => return None,
    };
    let base = repository.trim_end_matches('/').trim_end_matches(".git");
    let mut page = url::Url::parse(base).ok()?;
    let parts = infix.split('/').chain([branch.unwrap_or("HEAD")]).chain(path.split('/'));
    page.path_segments_mut().ok()?.extend(parts);
    page.as_str().parse().ok()
}

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
        elsewhere: HashMap::new(),
        unmapped: BTreeMap::new(),
        referents: Referents::default(),
        found: BTreeMap::new(),
        told: HashMap::new(),
        suggestions: Suggestions::default(),
    };
    let mut initiatives: Vec<(Spot, InitiativeDraft)> = Vec::new();
    let mut translations: Vec<(Spot, TranslationDraft)> = Vec::new();
    let mut organisations: Vec<(Spot, OrganisationDraft)> = Vec::new();
    for FileDraft { spot, draft } in drafts {
        match draft {
            Draft::Initiative(draft) => initiatives.push((spot, *draft)),
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
    for (spot, draft) in initiatives {
        assembler.initiative(&spot, draft, &keys);
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

/// The files of a mapping that others refer to, by collection and key.
#[derive(Default)]
struct Referents {
    by_identity: HashMap<(String, String), Referent>,
    /// Keys by collection and folded name; `None` if several files have it.
    by_name: HashMap<(String, String), Option<String>>,
}

/// What a file is to those that refer to it.
struct Referent {
    name: Option<Text>,
    organisation: Option<OrganisationKey>,
    whereabouts: Whereabouts,
}

impl Referents {
    fn add(&mut self, identity: Identity, referent: Referent) {
        let Identity { collection, key } = identity;
        if let Some(name) = &referent.name {
            let known = self.by_name.entry((collection.clone(), fold(name.as_str()))).or_insert_with(|| Some(key.clone()));
            if known.as_ref() != Some(&key) {
                *known = None;
            }
        }
        self.by_identity.entry((collection, key)).or_insert(referent);
    }

    fn add_referent(&mut self, draft: ReferentDraft) {
        let referent = Referent { name: draft.name, organisation: None, whereabouts: draft.whereabouts };
        self.add(draft.identity, referent);
    }

    /// The file that a value refers to, by its key or else by its name.
    fn find(&self, reference: &Reference) -> Option<&Referent> {
        let by_key = |identity: &Identity| self.by_identity.get(&(identity.collection.clone(), identity.key.clone()));
        let by_name = |collection: &String| {
            let key = self.by_name.get(&(collection.clone(), fold(&reference.text)))?.clone()?;
            self.by_identity.get(&(collection.clone(), key))
        };
        reference.candidates.iter().find_map(by_key).or_else(|| reference.collections.iter().find_map(by_name))
    }
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

    /// Organisations that have files of their own; gives the parents that they name.
    fn organisations_with_files(&mut self, drafts: Vec<(Spot, OrganisationDraft)>) -> Vec<(OrganisationKey, Lookup<Reference>)> {
        let mut parents = Vec::new();
        let mut spots: HashMap<OrganisationKey, Spot> = HashMap::new();
        for (spot, draft) in without_translations(drafts) {
            if let Some(first) = spots.get(&draft.key) {
                self.reject_repeated(&spot, draft.key.as_str(), &first.to_string());
                continue;
            }
            let path = spot.path.clone();
            spots.insert(draft.key.clone(), spot);
            self.by_name.entry(fold(draft.name.as_str())).or_insert_with(|| draft.key.clone());
            let (name, organisation) = (Some(draft.name.clone()), Some(draft.key.clone()));
            self.referents.add(draft.identity, Referent { name, organisation, whereabouts: draft.whereabouts });
            if self.is_elsewhere(&draft.key, &draft.name) {
                continue;
            }
            parents.extend(draft.part_of.map(|parent| (draft.key.clone(), parent)));
            let organisation = Organisation {
                key: draft.key.clone(),
                aliases: draft.aliases,
                name: draft.name,
                other_names: draft.other_names,
                website: draft.website,
                part_of: None,
                supersedes: Vec::new(),
                provenance: self.origin.provenance(&path),
            };
            self.organisations.insert(draft.key, organisation);
        }
        parents
    }

    fn parents(&mut self, parents: Vec<(OrganisationKey, Lookup<Reference>)>) {
        for (key, parent) in parents {
            if let Some(parent) = self.organisation_of(&parent.value).filter(|parent| *parent != key) {
                self.organisations.entry(key).and_modify(|organisation| organisation.part_of = Some(parent));
            } else {
                self.result.diagnostics.push(parent.or_else);
            }
        }
    }

    /// The organisation that a value refers to: one with a file, else one that the graph still holds.
    fn organisation_of(&self, reference: &Reference) -> Option<OrganisationKey> {
        let made = self.referents.find(reference).and_then(|referent| referent.organisation.clone());
        let candidates = reference.candidates.iter().filter_map(|identity| identity.key.parse::<OrganisationKey>().ok());
        made.into_iter().chain(candidates).find_map(|key| self.present(&key))
    }

    /// Whether another source made this organisation before, so that it is not made twice.
    fn is_elsewhere(&mut self, key: &OrganisationKey, name: &Text) -> bool {
        if self.elsewhere.contains_key(key) {
            return true;
        }
        let owner = match self.known.organisations.by_key(key) {
            // Its key is known: whose it is shows when it is compared with the graph.
            Some(_) => None,
            None => self.known.organisations.of_another_source(name.as_str(), &self.origin.source.key),
        };
        if let Some(owner) = owner {
            self.elsewhere.insert(key.clone(), owner.key.clone());
        }
        owner.is_some()
    }

    /// The key under which an organisation is found, if it is.
    fn present(&self, key: &OrganisationKey) -> Option<OrganisationKey> {
        if let Some(elsewhere) = self.elsewhere.get(key) {
            return Some(elsewhere.clone());
        }
        if self.organisations.contains_key(key) {
            return Some(key.clone());
        }
        self.known.organisations.by_key(key).filter(|known| !known.withdrawn).map(|known| known.key.clone())
    }

    /// Organisations that files name with an id: those that name them without one mean the same.
    fn named_mentions(&mut self, initiatives: &[(Spot, InitiativeDraft)]) {
        for mention in initiatives.iter().flat_map(|(_, draft)| &draft.organisations) {
            if let Mention { key: Some(key), name: Some(name), .. } = &mention.value {
                self.by_name.entry(fold(name.as_str())).or_insert_with(|| key.clone());
            }
        }
    }

    fn involvement(&mut self, path: &str, mention: Lookup<Mention>) -> Option<Involvement> {
        let Mention { key, name, reference, website, role } = mention.value;
        if let Some(reference) = reference {
            if let Some(organisation) = self.organisation_of(&reference) {
                return Some(Involvement { organisation, role });
            }
            let Some(name) = &name else {
                self.result.diagnostics.push(mention.or_else);
                return None;
            };
            let diagnostic = Diagnostic { code: Code::OrganisationByName, ..mention.or_else.clone() };
            self.result.diagnostics.push(diagnostic.detail(name.as_str()));
        }
        let by_name = |name: &Text| self.by_name.get(&fold(name.as_str())).cloned();
        let from_name = |name: &Text| slug(name.as_str()).and_then(|slug| slug.parse::<OrganisationKey>().ok());
        let key = key.or_else(|| name.as_ref().and_then(|name| by_name(name).or_else(|| from_name(name))));
        let Some(key) = key else {
            self.result.diagnostics.push(mention.or_else);
            return None;
        };
        if let Some(organisation) = self.present(&key) {
            let is_ours = |known: &crate::resolve::KnownOrganisation| known.source.as_ref() == Some(&self.origin.source.key);
            let made_here = self.organisations.contains_key(&key);
            // One of ours that no file has made yet in this run is made again below, so that it stays as its files say.
            let make_again = !made_here && self.known.organisations.by_key(&key).is_some_and(is_ours) && name.is_some();
            if !make_again {
                if let (Some(known), Some(website)) = (self.organisations.get_mut(&key), website) {
                    known.website.get_or_insert(website);
                }
                return Some(Involvement { organisation, role });
            }
        }
        let Some(name) = name else {
            self.result.diagnostics.push(mention.or_else);
            return None;
        };
        if self.is_elsewhere(&key, &name) {
            return self.present(&key).map(|organisation| Involvement { organisation, role });
        }
        self.by_name.entry(fold(name.as_str())).or_insert_with(|| key.clone());
        let organisation = Organisation {
            key: key.clone(),
            aliases: Vec::new(),
            name,
            other_names: Vec::new(),
            website,
            part_of: None,
            supersedes: Vec::new(),
            provenance: self.origin.provenance(path),
        };
        self.organisations.insert(key.clone(), organisation);
        Some(Involvement { organisation: key, role })
    }

    /// Drops initiatives whose id an earlier file has.
    fn without_repeated(&mut self, drafts: Vec<(Spot, InitiativeDraft)>) -> Vec<(Spot, InitiativeDraft)> {
        let mut places: HashMap<InitiativeKey, usize> = HashMap::new();
        let mut kept: Vec<(Spot, InitiativeDraft)> = Vec::with_capacity(drafts.len());
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
    fn keys(&mut self, initiatives: &[(Spot, InitiativeDraft)]) -> Keys {
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

    /// The places that a file names; if it names none by our fields, where the first way of its mapping that leads anywhere
    /// for certain leads.
    fn places(
        &mut self,
        named: &[Lookup<PlaceDraft>],
        whereabouts: &Whereabouts,
        is_told: &dyn Fn(&Reference) -> bool,
    ) -> Vec<Place> {
        let mut places: Vec<Place> = Vec::new();
        self.resolve(named, &mut places, is_told);
        let first = self.result.diagnostics.len();
        // What is known of a town only as far as the country it lies in waits for what the other rules tell.
        let mut as_far_as_known: Vec<Place> = Vec::new();
        for way in whereabouts {
            if !places.is_empty() {
                break;
            }
            let before = self.result.diagnostics.len();
            let is_of_file = way.iter().any(|place| !matches!(place.value, PlaceDraft::Known { said: None, .. }));
            if !is_of_file && !as_far_as_known.is_empty() {
                break;
            }
            let is_whole = self.resolve(way, &mut places, is_told);
            if !places.is_empty() && !is_whole {
                let found = std::mem::take(&mut places);
                if as_far_as_known.is_empty() {
                    as_far_as_known = found;
                }
                continue;
            }
            // What one field did not tell and the next one did, nobody need look at; what is the same for all files tells nothing.
            if !places.is_empty() && is_of_file {
                let said_before = self.result.diagnostics.split_off(first);
                let is_open = |diagnostic: &Diagnostic| matches!(diagnostic.code, Code::UncertainPlace | Code::UnknownPlace);
                let kept = said_before.into_iter().enumerate();
                let kept = kept.filter(|(index, diagnostic)| first + index >= before || !is_open(diagnostic));
                self.result.diagnostics.extend(kept.map(|(_, diagnostic)| diagnostic));
            }
        }
        if places.is_empty() {
            places = as_far_as_known;
        }
        places
    }

    /// Adds the places that drafts lead to; whether one of them is what is meant, rather than the country that a town was not
    /// found in.
    fn resolve(&mut self, drafts: &[Lookup<PlaceDraft>], places: &mut Vec<Place>, is_told: &dyn Fn(&Reference) -> bool) -> bool {
        let mut is_whole = false;
        for draft in drafts {
            if let PlaceDraft::Of(reference) = &draft.value {
                let Some(referent) = self.referents.find(reference) else {
                    // What the organisations of the file say already is not said twice.
                    if is_told(reference) {
                        continue;
                    }
                    self.result.diagnostics.push(Diagnostic { code: Code::UnknownReference, ..draft.or_else.clone() });
                    continue;
                };
                let whereabouts = referent.whereabouts.clone();
                let before = places.len();
                for way in &whereabouts {
                    if places.len() > before {
                        break;
                    }
                    // A reference to a reference goes no further.
                    let here: Vec<_> = way.iter().filter(|place| !matches!(place.value, PlaceDraft::Of(_))).cloned().collect();
                    is_whole |= self.resolve(&here, places, is_told);
                }
                continue;
            }
            let resolved = self.known.places.resolve(draft, &mut self.suggestions);
            if let Some(how) = resolved.how {
                *self.found.entry(how).or_default() += 1;
            }
            is_whole |= resolved.place.is_some() && resolved.diagnostic.is_none();
            places.extend(resolved.place.filter(|place| places.iter().all(|known| known.target != place.target)));
            self.result.diagnostics.extend(resolved.diagnostic);
        }
        is_whole
    }

    fn initiative(&mut self, spot: &Spot, draft: InitiativeDraft, keys: &Keys) {
        let kind = self.topics(draft.kind.into_iter().collect()).into_iter().next();
        let mut topics = self.topics(draft.topics);
        let mut tags = Vec::new();
        for tag in draft.tags {
            if let Some(key) = self.known.topics.find(tag.as_str()) {
                topics.push(key.clone());
            } else {
                self.unmapped.entry(fold(tag.as_str())).or_insert_with(|| (tag.clone(), 0)).1 += 1;
                tags.push(tag);
            }
        }
        for reference in draft.tag_references {
            let name = self.referents.find(&reference.value).and_then(|referent| referent.name.clone());
            let Some(tag) = name.or_else(|| reference.value.text.parse().ok()) else { continue };
            // Names and slugs both may lead to a topic.
            let topic = self.known.topics.find(tag.as_str()).or_else(|| self.known.topics.find(&reference.value.text));
            if let Some(key) = topic {
                topics.push(key.clone());
            } else {
                self.unmapped.entry(fold(tag.as_str())).or_insert_with(|| (tag.clone(), 0)).1 += 1;
                tags.push(tag);
            }
        }
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
        let inspired_by = draft
            .inspired_by
            .into_iter()
            .filter_map(|adoption| {
                let value = adoption.value;
                let original = match value.original {
                    OriginalDraft::External(url) => Original::External(url),
                    OriginalDraft::Initiative(key) => {
                        let known = self.initiative_key(&key, keys).filter(|(original, _)| *original != draft.key);
                        let Some((original, _)) = known else {
                            let diagnostic = self.unknown_initiative(&key, adoption.or_else, keys);
                            self.result.diagnostics.push(diagnostic);
                            return None;
                        };
                        Original::Initiative(original.clone())
                    }
                };
                Some(Adoption {
                    original,
                    declared_by: DeclaredBy::Adopter,
                    date: value.date,
                    adapted: value.adapted,
                    outcome: value.outcome,
                    confirmation: None,
                })
            })
            .collect();
        let provenance = self.origin.provenance(&spot.path);
        without_doubles(&mut topics, Clone::clone);
        without_doubles(&mut tags, |tag| fold(tag.as_str()));
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

    fn translation(&mut self, spot: &Spot, draft: TranslationDraft, keys: &Keys) {
        let Some((initiative, original)) = self.initiative_key(&draft.initiative.value, keys).cloned() else {
            let diagnostic = self.unknown_initiative(&draft.initiative.value, draft.initiative.or_else.clone(), keys);
            return self.reject(spot, Some(draft.initiative.value.as_str()), diagnostic);
        };
        if original == draft.language {
            let diagnostic = Diagnostic { code: Code::TranslationOfItself, ..draft.initiative.or_else };
            return self.reject(spot, Some(initiative.as_str()), diagnostic.value(draft.language.as_str()));
        }
        let provenance = self.origin.provenance(&spot.path);
        let picture = self.picture(draft.picture, spot, &provenance);
        let case_study = CaseStudy {
            initiative,
            language: draft.language,
            title: draft.title,
            summary: draft.summary,
            sections: draft.sections,
            picture,
            translation_of: Some(original),
            licence: draft.licence,
            provenance,
        };
        let key = case_study.key();
        if let Some(first) = self.told.get(&key).map(ToString::to_string) {
            return self.reject_repeated(spot, key.as_str(), &first);
        }
        self.told.insert(key, spot.clone());
        self.result.case_studies.push(case_study);
    }

    /// A translation that says nothing would hide an original that does from those who read its language.
    fn leave_out_empty_translations(&mut self) {
        let told: HashSet<CaseStudyKey> =
            self.result.case_studies.iter().filter(|telling| !telling.sections.is_empty()).map(CaseStudy::key).collect();
        let diagnostics = &mut self.result.diagnostics;
        self.result.case_studies.retain(|telling| {
            let Some(original) = &telling.translation_of else { return true };
            let is_empty = telling.sections.is_empty() && telling.summary.is_none();
            let hides = is_empty && told.contains(&CaseStudyKey::new(&telling.initiative, original));
            if hides {
                let about = self.told.get(&telling.key()).map(|spot| spot.about(Code::EmptyTranslation));
                diagnostics.extend(about.map(|about| about.value(telling.language.as_str())));
            }
            !hides
        });
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

/// Of the files of one key that are translations of one another, the original; the others become its translations, under its title
/// where they have none of their own.
fn originals(
    drafts: Vec<(Spot, InitiativeDraft)>,
    translations: &mut Vec<(Spot, TranslationDraft)>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<(Spot, InitiativeDraft)> {
    let mut first: HashMap<InitiativeKey, (usize, Language, Option<Text>)> = HashMap::new();
    for (_, draft) in &drafts {
        let Some(rank) = draft.translation_rank else { continue };
        let own_title = || Some(&draft.title).filter(|_| draft.title_from == TitleFrom::Text).cloned();
        let this = || (rank, draft.language.clone(), own_title());
        let known = first.entry(draft.key.clone()).or_insert_with(this);
        if rank < known.0 {
            *known = this();
        }
    }
    // What is not translated yet stands beside its original, in its language.
    let mut told: HashSet<(InitiativeKey, Language)> = drafts
        .iter()
        .filter(|(_, draft)| draft.translation_rank.is_some() && !draft.belies_name)
        .map(|(_, draft)| (draft.key.clone(), draft.language.clone()))
        .collect();
    let mut originals = Vec::with_capacity(drafts.len());
    for (spot, draft) in drafts {
        if draft.belies_name && !told.insert((draft.key.clone(), draft.language.clone())) {
            diagnostics.push(spot.about(Code::Untranslated).value(draft.language.as_str()));
            continue;
        }
        let original = draft.translation_rank.and_then(|_| first.get(&draft.key));
        match original {
            Some((_, language, title_of_original)) if *language != draft.language => {
                let or_else = spot.about(Code::TranslationOfNothing).value(draft.key.as_str());
                let initiative = Lookup { value: draft.key, or_else };
                let InitiativeDraft { language, title, title_from, summary, licence, sections, picture, .. } = draft;
                let better = title_of_original.clone().filter(|_| title_from != TitleFrom::Text);
                let title = better.unwrap_or(title);
                let draft = TranslationDraft { initiative, language, title, summary, licence, sections, picture };
                translations.push((spot, draft));
            }
            _ => originals.push((spot, draft)),
        }
    }
    originals
}

/// Of organisations whose files are translations of one another, the original with the names of the others.
fn without_translations(drafts: Vec<(Spot, OrganisationDraft)>) -> Vec<(Spot, OrganisationDraft)> {
    let mut kept: Vec<(Spot, OrganisationDraft)> = Vec::with_capacity(drafts.len());
    let mut index: HashMap<OrganisationKey, usize> = HashMap::new();
    for (spot, mut draft) in drafts {
        let known = draft.translation_rank.and(index.get(&draft.key).copied());
        let Some((known_spot, known)) = known.and_then(|known| kept.get_mut(known)) else {
            index.entry(draft.key.clone()).or_insert(kept.len());
            kept.push((spot, draft));
            continue;
        };
        if draft.translation_rank < known.translation_rank {
            std::mem::swap(known, &mut draft);
            *known_spot = spot;
        }
        let others = [draft.name].into_iter().chain(draft.other_names).filter(|name| *name != known.name);
        known.other_names.extend(others);
        without_doubles(&mut known.other_names, Clone::clone);
        known.website = known.website.take().or(draft.website);
    }
    kept
}

/// Keeps the first of those that are alike.
fn without_doubles<T, K: Eq + std::hash::Hash>(items: &mut Vec<T>, key: impl Fn(&T) -> K) {
    let mut seen = HashSet::new();
    items.retain(|item| seen.insert(key(item)));
}
