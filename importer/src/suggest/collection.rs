//! From clusters to the collections of a mapping: globs, keys, translations, what is left out.

use std::collections::{BTreeMap, BTreeSet};

use maillage_explore::text::fold;
use maillage_graph_schema::model::Language;

use super::Countries;
use super::aside::Reason;
use super::build::{self, Built, Material};
use super::clusters::Cluster;
use super::decisions::{Doubt, Pages};
use super::globs::globs;
use super::headings::{self, Headed};
use super::lists;
use super::meaning::{Labels, Meanings};
use super::model::{CollectionSuggestion, FieldChoice, Suggestion};
use super::nature::{Assessed, Condition, hidden, strangers, unpublished};
use super::page::{Metadata, Page};
use super::persons::names_person;
use super::places::{self, Whereabouts};
use super::profile::{Field, Profile};
use super::references::{By, Reference};
use super::said::Said;
use super::shape::{self, Shape};
use super::site::{self, Forms, OwnName};
use super::translations;
use super::vocabulary::list;
use super::words::{self, Meaning, Nature, Sureness};
use crate::mapping::{is_text, stem};
use crate::slug::slug;

/// What fields of organisations mean.
const TAKING_PART: &[Meaning] = &[Meaning::Operator, Meaning::Funder, Meaning::Partner, Meaning::PartOf];

/// What fields of places mean.
const WHERE: &[Meaning] = &[Meaning::Town, Meaning::Department, Meaning::Region, Meaning::Country, Meaning::Place];

/// All that is known of a repository.
pub struct Content<'a> {
    pub pages: &'a [Page],
    /// Why each page is left out, if it is; of entries of lists, which come last, nothing.
    pub left_out: &'a [Option<Reason>],
    pub clusters: &'a [Cluster],
    pub profiles: &'a [Profile],
    pub assessed: &'a [Assessed],
    pub references: &'a [Reference],
    pub forms: &'a Forms,
    pub countries: &'a Countries<'a>,
    /// How the site, or the repository, calls itself.
    pub own_names: &'a [OwnName],
    pub source: &'a str,
}

/// Writes the collections of a repository into the suggestion.
pub fn collections(content: &Content<'_>, suggestion: &mut Suggestion) {
    let proposed = content.proposed();
    suggestion.aside.extend(content.left(&proposed));
    let names = content.names(&proposed);
    let language = suggestion.language.as_ref().map_or("", Language::as_str).to_owned();
    let language = language.as_str();
    let organisations = content.organisations();
    let mut nothing: BTreeSet<String> = BTreeSet::new();
    let mut days: BTreeSet<shape::DateShape> = BTreeSet::new();
    for &(index, makes) in &proposed {
        let pages = content.meant(index);
        let profile = Profile::of(pages.iter().copied());
        let labels = content.labels(&content.clusters[index], &profile);
        let meanings = Meanings::of(&profile, &labels, language);
        let references: Vec<(&Reference, String, bool)> = content
            .references
            .iter()
            .filter(|reference| reference.from == index)
            .filter_map(|reference| {
                let name = names.get(&reference.to)?;
                let makes_organisations =
                    proposed.iter().any(|(other, makes)| *other == reference.to && *makes == "organisations");
                Some((reference, name.clone(), makes_organisations))
            })
            .collect();
        let material = Material {
            name: &names[&index],
            profile: &profile,
            meanings: &meanings,
            pages: &pages,
            language,
            references: &references,
            organisations: &organisations,
            countries: content.countries,
        };
        let collection = content.collection(index, makes, &material, suggestion);
        suggestion.selected += pages.len();
        for field in profile.fields.values() {
            nothing.extend(field.counts.keys().filter(|value| says_nothing(value)).cloned());
        }
        for found in meanings.any(&[Meaning::Start, Meaning::End, Meaning::Published]) {
            days.extend(found.field.dates());
            suggestion.has_two_digit_years |= found.field.counts.keys().any(|value| has_two_digit_year(value));
        }
        suggestion.collections.push(collection);
    }
    suggestion.nothing = nothing.into_iter().collect();
    translations::same_originals(suggestion);
    suggestion.date_order =
        shape::order_of_days(&days).map(|order| if order == shape::DateShape::DayFirst { "day-first" } else { "month-first" });
    if suggestion.date_order.is_none() && days.contains(&shape::DateShape::Either) {
        // Only English is written both ways.
        suggestion.date_order = (!matches!(language, "en" | "")).then_some("day-first");
        suggestion.decisions.push(Doubt::DateOrder.alone());
    }
}

/// Whether a date has two digits for its year: `5/31/15`.
fn has_two_digit_year(value: &str) -> bool {
    let parts: Vec<&str> = value.trim().split(['/', '.']).collect();
    matches!(parts[..], [_, _, year] if year.len() == 2 && year.bytes().all(|byte| byte.is_ascii_digit()))
}

impl Content<'_> {
    /// The clusters that are to be collections and what these make: organisations only if something refers to them, or if
    /// their folder says that they are.
    fn proposed(&self) -> Vec<(usize, &'static str)> {
        let of = |nature: Nature| (0..self.clusters.len()).filter(move |index| self.assessed[*index].nature == Some(nature));
        let cases: BTreeSet<usize> = of(Nature::CaseStudies).collect();
        let mut wanted: BTreeSet<usize> = BTreeSet::new();
        let mut asking: Vec<usize> = cases.iter().copied().collect();
        while let Some(from) = asking.pop() {
            for reference in self.references.iter().filter(|reference| reference.from == from && !cases.contains(&reference.to)) {
                if self.may_be_organisations(reference) && wanted.insert(reference.to) {
                    asking.push(reference.to);
                }
            }
        }
        // A list is of what the site shows, unless somebody refers to it.
        wanted.extend(of(Nature::Organisations).filter(|index| self.clusters[*index].lists.is_none()));
        // What is referred to comes before what refers to it, so that the mapping reads from the top.
        let mut proposed: Vec<(usize, &'static str)> = wanted.into_iter().map(|index| (index, "organisations")).collect();
        // A page that holds a list is asked for before the pages beside it.
        let (in_pages, others): (Vec<usize>, Vec<usize>) = cases.into_iter().partition(|index| self.is_list_in_page(*index));
        proposed.extend(in_pages.into_iter().chain(others).map(|index| (index, "initiatives")));
        proposed
    }

    /// Whether a cluster is a list in the front matter of a page.
    fn is_list_in_page(&self, index: usize) -> bool {
        let lists = self.clusters[index].lists.as_ref();
        lists.is_some_and(|lists| lists.files.iter().any(|path| is_text(path)))
    }

    /// The names of the organisations of which the repository has pages or lists.
    fn organisations(&self) -> BTreeSet<String> {
        let are_told = (0..self.clusters.len()).filter(|index| self.assessed[*index].nature == Some(Nature::Organisations));
        let pages = are_told.flat_map(|index| &self.clusters[index].pages).map(|page| &self.pages[*page]);
        let names = pages.flat_map(|page| page.fields.entries.iter().filter(|entry| words::is_title(&entry.key)));
        names.filter_map(|entry| slug(entry.node.scalar()?)).collect()
    }

    /// Whether what a field refers to may be organisations.
    fn may_be_organisations(&self, reference: &Reference) -> bool {
        let is_list = self.clusters[reference.to].lists.is_some();
        match self.assessed[reference.to].nature {
            // A list of town halls may be of towns, too.
            Some(Nature::Organisations) if is_list => !self.is_called(reference, WHERE) && holds_most(reference),
            None if is_list => self.is_called(reference, TAKING_PART) && holds_most(reference),
            Some(Nature::Organisations) => true,
            None => !self.are_topics(reference.to),
            _ => false,
        }
    }

    /// Whether the field of a reference is surely called by a word of such a meaning.
    fn is_called(&self, reference: &Reference, meanings: &[Meaning]) -> bool {
        let field = self.profiles[reference.from].get(&reference.field);
        let named = field.and_then(|field| words::meanings(field.name()).into_iter().next());
        named.is_some_and(|named| named.sureness >= Sureness::Nearly && meanings.contains(&named.meaning))
    }

    /// Says which lists of organisations nothing has to refer to.
    fn left(&self, proposed: &[(usize, &'static str)]) -> Vec<Said> {
        let is_left = |index: &usize| {
            self.assessed[*index].nature == Some(Nature::Organisations) && !proposed.iter().any(|(taken, _)| taken == index)
        };
        let left = (0..self.clusters.len()).filter(is_left).map(|index| &self.clusters[index]);
        let say = |cluster: &Cluster| {
            let (list, count) = (cluster.shown(), cluster.pages.len());
            Said::new(
                format!("{list} ({count}) : une liste d'organisations dont les fiches n'ont pas besoin"),
                format!("{list} ({count}): a list of organisations that the records can do without"),
            )
        };
        left.map(say).collect()
    }

    /// Whether a field of topics refers to the pages of a cluster, so that they are none of organisations.
    fn are_topics(&self, index: usize) -> bool {
        let mut references = self.references.iter().filter(|reference| reference.to == index);
        references.any(|reference| self.is_called(reference, &[Meaning::Topic, Meaning::Tag]))
    }

    /// A name for each collection: that of its folder.
    fn names(&self, proposed: &[(usize, &'static str)]) -> BTreeMap<usize, String> {
        let mut names: BTreeMap<usize, String> = BTreeMap::new();
        for (index, makes) in proposed {
            let root = &self.clusters[*index].root;
            let folder = root.split('/').rev().find(|part| !matches!(*part, "*" | "" | "content" | "docs" | "[]"));
            let base = folder
                .and_then(slug)
                .unwrap_or_else(|| if *makes == "initiatives" { "initiatives".to_owned() } else { "organisations".to_owned() });
            let mut name = base.clone();
            let mut number = 2;
            while names.values().any(|taken| *taken == name) {
                name = format!("{base}-{number}");
                number += 1;
            }
            names.insert(*index, name);
        }
        names
    }

    /// The pages of a cluster that its condition keeps.
    fn meant(&self, index: usize) -> Vec<&Page> {
        let pages = self.clusters[index].pages.iter().map(|page| &self.pages[*page]);
        match &self.assessed[index].condition {
            None => pages.collect(),
            Some(Condition { field, values, .. }) => pages
                .filter(|page| {
                    let items = page.fields.get(field).map(crate::parse::value::Node::items).unwrap_or_default();
                    items.iter().any(|item| item.scalar().is_some_and(|text| values.iter().any(|value| value == text.trim())))
                })
                .collect(),
        }
    }

    /// What the forms call the fields of a folder; and which field of a list is its title, where it is called after what the list is of.
    fn labels(&self, cluster: &Cluster, profile: &Profile) -> Labels {
        let root = &cluster.root;
        let is_of = |folder: &str| folder == root || root.starts_with(&format!("{folder}/"));
        let of_forms = self.forms.labels.iter().filter(|(folder, _)| is_of(folder)).flat_map(|(_, labels)| labels.clone());
        let title = cluster.lists.as_ref().and_then(|lists| lists::title_by_list(profile, &lists.files[0], &lists.records));
        of_forms.chain(title.map(|field| (field, "title".to_owned()))).collect()
    }

    fn collection(
        &self,
        index: usize,
        makes: &'static str,
        material: &Material<'_>,
        suggestion: &mut Suggestion,
    ) -> CollectionSuggestion {
        let cluster = &self.clusters[index];
        let Built { mut fields, offered: mut offered_fields, mut values, mut decisions } =
            if makes == "initiatives" { build::initiatives(material) } else { build::organisations(material) };
        if cluster.lists.is_some() {
            // The days of a file's commits tell nothing of one of its entries.
            let is_of_commits = |field: &FieldChoice| field.rules.iter().any(|rule| rule.from.starts_with("{git."));
            fields.retain(|field| !is_of_commits(field));
            offered_fields.retain(|field| !is_of_commits(field));
            decisions.retain(|doubt| *doubt != Doubt::NoStart);
            if makes == "initiatives"
                && !fields.iter().any(|field| field.ours == "status")
                && let Some((field, states)) = lists::status_by_name(material.pages)
            {
                fields.push(field);
                values.insert("status", states);
            }
        }
        fields.iter_mut().filter(|field| field.ours == "aliases").for_each(|field| own_aliases(cluster, material, field));
        fields.retain(|field| !field.rules.is_empty());
        suggestion.decisions.extend(decisions.into_iter().map(|doubt| doubt.within(material.name)));
        let is_first = !suggestion.collections.iter().any(|collection| collection.makes == makes);
        let shared = translations::shared_key(cluster, material);
        let key = self.key(index, material, is_first, shared, suggestion);
        let translations = translations::languages(cluster, material, shared.is_some(), &mut fields, &mut values);
        let Whereabouts { choices, offered, decisions } = self.places(makes, material);
        suggestion.decisions.extend(decisions.into_iter().map(|doubt| doubt.within(material.name)));
        let Headed { by_kind, unknown: unknown_headings } =
            if makes == "initiatives" { headings::headings(material.pages) } else { Headed::default() };
        if !unknown_headings.is_empty() {
            let headings = unknown_headings.into_iter().map(|(heading, _)| heading).collect();
            suggestion.decisions.push(Doubt::Headings { headings }.within(material.name));
        }
        let (mut personal, mut display) = dropped(material.meanings);
        let rules = || fields.iter().flat_map(|field| &field.rules);
        let websites = rules().filter_map(|rule| rule.website.as_deref());
        let of_labels = rules().filter_map(|rule| rule.label.as_deref()?.strip_prefix('{')?.strip_suffix('}'));
        let of_fields = rules().map(|rule| rule.from.as_str()).chain(websites).chain(of_labels);
        let of_places = choices.iter().flat_map(|choice| &choice.parts).map(|(_, path)| path.as_str());
        let of_places = of_places.chain(choices.iter().filter_map(|choice| choice.other_name.as_deref()));
        let read: BTreeSet<String> = of_fields.chain(of_places).map(any_item).collect();
        let tops: BTreeSet<String> =
            read.iter().map(|path| super::globs::escape(path.split(['.', '[']).next().unwrap_or(path))).collect();
        personal.retain(|field| !tops.contains(field));
        display.retain(|field| !tops.contains(field));
        display.retain(|field| !personal.contains(field));
        let is_read = |path: &str| read.contains(path) || is_within(path, &read);
        let is_dropped = |field: &Field| personal.iter().chain(&display).any(|top| *top == super::globs::escape(field.top()));
        // Whether a page is a draft, in which language and under which address it stands is read without a rule.
        let of_page: BTreeSet<&str> = material
            .meanings
            .any(&[Meaning::Draft, Meaning::Shown, Meaning::Language, Meaning::Identifier])
            .map(|found| found.field.path.as_str())
            // Of what hides a page these two are read without a rule.
            .filter(|path| !is_hider(material.meanings, path) || matches!(*path, "draft" | "published"))
            .collect();
        let is_of_initiatives = makes == "initiatives";
        let of_other_kinds = strangers(material.profile).filter(|_| is_of_initiatives);
        let hidden = unpublished(material.profile).or_else(|| hidden(material.profile)).filter(|_| is_of_initiatives);
        let conditions: Vec<&str> = of_other_kinds.iter().chain(&hidden).map(|(field, _)| field.as_str()).collect();
        let is_left = |field: &&Field| {
            let is_of_page =
                of_page.contains(field.path.as_str()) || key.iter().any(|key| key.contains(&format!("{{{}}}", field.path)));
            field.filled > 0
                && field.lists_of_maps == 0
                && !is_read(&field.path)
                && !is_dropped(field)
                && !is_of_page
                && !conditions.contains(&field.path.as_str())
        };
        let mut unused: Vec<(String, usize)> =
            material.profile.fields.values().filter(is_left).map(|field| (field.path.clone(), field.filled)).collect();
        unused.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        unused.truncate(MOST_UNUSED);
        let mut metadata: BTreeMap<Metadata, usize> = BTreeMap::new();
        material.pages.iter().for_each(|page| *metadata.entry(page.metadata).or_default() += 1);
        let language = site::language(material.pages.iter().copied()).filter(|(_, share)| *share > 0.8);
        let left = |(field, values): &(String, Vec<String>)| {
            let counts = material.profile.get(field).map(|field| values.iter().filter_map(|value| field.counts.get(value)).sum());
            (field.clone(), values.clone(), Pages::of(cluster, counts.unwrap_or_default()))
        };
        let doubts = of_other_kinds.as_ref().map(left).map(|(field, values, pages)| Doubt::OtherKinds { field, values, pages });
        let doubts = doubts.into_iter().chain(hidden.as_ref().map(left).map(|(field, values, pages)| Doubt::Hidden {
            field,
            values,
            pages,
        }));
        suggestion.decisions.extend(doubts.map(|doubt| doubt.within(material.name)));
        CollectionSuggestion {
            name: material.name.to_owned(),
            makes,
            globs: globs(cluster, self.pages, self.left_out),
            records: cluster.lists.as_ref().map(|lists| lists.records.clone()),
            condition: self.assessed[index].condition.clone(),
            skip: stubs(material, &fields),
            strangers: of_other_kinds,
            hidden,
            has_filler: material.pages.iter().any(|page| page.sample.to_lowercase().contains("lorem ipsum")),
            metadata,
            sidecar: material.pages.iter().filter_map(|page| page.sidecar.clone()).collect::<BTreeSet<_>>().into_iter().collect(),
            files: material.pages.len(),
            key,
            language: language.and_then(|(language, _)| language.parse().ok()),
            translations,
            fields,
            offered: offered_fields,
            places: choices,
            placed: None,
            offered_place: offered,
            personal,
            display,
            values,
            headings: by_kind,
            unused,
            open_places: Vec::new(),
            open_tags: Vec::new(),
        }
    }

    fn places(&self, makes: &'static str, material: &Material<'_>) -> Whereabouts {
        let countries = |text: &str| places::countries_of_name(text, self.countries);
        let is_place = |text: &str| !countries(text).is_empty();
        let via: Vec<(&Reference, String, bool)> = material
            .references
            .iter()
            .map(|(reference, name, _)| (*reference, name.clone(), has_place(&self.profiles[reference.to])))
            .collect();
        let mut found = places::places(material, &via, &countries);
        if makes == "organisations" {
            found.choices.retain(|choice| choice.key.is_none());
            return Whereabouts { choices: found.choices, ..Whereabouts::default() };
        }
        let is_asked = found.decisions.iter().any(|doubt| matches!(doubt, Doubt::FewPlaces { .. }));
        let names = if found.choices.is_empty() && is_asked { places::unknown_names(self.own_names, material) } else { None };
        if let Some(names) = names {
            // It is asked already whether the place is there.
            found.offered = Some(names);
            for doubt in &mut found.decisions {
                if let Doubt::FewPlaces { is_offered, .. } = doubt {
                    *is_offered = true;
                }
            }
        } else if found.choices.is_empty() {
            let offer = places::of_all(material, self.countries);
            let offer = offer.or_else(|| places::in_titles(material, &is_place));
            let offer = offer.or_else(|| places::of_site(self.own_names, material, self.countries));
            let (offered, doubt) = offer.map_or((None, Doubt::NoPlace), |(choice, doubt)| (Some(choice), doubt));
            found.offered = offered;
            found.decisions.push(doubt);
        }
        found
    }

    /// What tells the records apart: the name of the file if no two are alike, else a field, else the folder too.
    fn key(
        &self,
        index: usize,
        material: &Material<'_>,
        is_first: bool,
        shared: Option<&Field>,
        suggestion: &mut Suggestion,
    ) -> Vec<String> {
        let before = if is_first { self.source.to_owned() } else { format!("{}-{}", self.source, material.name) };
        let asked = self.references.iter().filter(|reference| reference.to == index).find_map(|reference| match &reference.by {
            By::Field(field) if matches!(field.as_str(), "slug" | "id" | "key" | "identifier" | "uid") => Some(field.clone()),
            _ => None,
        });
        if let Some(field) = asked {
            return vec![format!("{before}-{{{field}}}")];
        }
        if let Some(field) = shared {
            let own = format!("{before}-{{{}}}", field.path);
            let is_everywhere = field.filled == material.profile.files;
            return std::iter::once(own).chain((!is_everywhere).then(|| format!("{before}-{{file_stem}}"))).collect();
        }
        let cluster = &self.clusters[index];
        let is_asked_by_key = || self.references.iter().any(|reference| reference.to == index && reference.by == By::Stem);
        if cluster.lists.is_some() && is_asked_by_key() {
            return vec![format!("{before}-{{entry_key}}")];
        }
        if cluster.lists.is_some() {
            let fields: Vec<String> =
                key_of_entry(cluster, material, suggestion).into_iter().map(|field| format!("{{{field}}}")).collect();
            return vec![format!("{before}-{}", fields.join("-"))];
        }
        let levels: BTreeSet<Option<usize>> =
            material.pages.iter().map(|page| translations::above_language(page, cluster)).collect();
        if let Some(Some(level)) = levels.first().filter(|_| levels.len() == 1) {
            return vec![format!("{before}-{{folder[{level}]}}")];
        }
        if let Some(field) = slug_of_translations(cluster, material) {
            return vec![format!("{before}-{{{}}}", field.path)];
        }
        let languages = cluster.languages.len().max(1);
        let mut stems: BTreeMap<String, usize> = BTreeMap::new();
        for page in material.pages.iter().filter(|page| !page.is_empty) {
            *stems.entry(slug(translations::name(page, cluster)).unwrap_or_default()).or_default() += 1;
        }
        let repeated = stems
            .values()
            .filter(|count| **count > languages && !material.pages.iter().any(|page| site::suffix(&page.path).is_some()))
            .count();
        if repeated == 0 {
            return vec![format!("{before}-{{file_stem}}")];
        }
        if let Some(field) = material
            .meanings
            .all(Meaning::Identifier)
            .iter()
            .map(|found| found.field)
            .find(|field| field.filled == material.profile.files && field.counts.len() == field.values)
        {
            return vec![format!("{before}-{{{}}}", field.path)];
        }
        suggestion.decisions.push(Doubt::RepeatedNames { names: repeated }.within(material.name));
        vec![format!("{before}-{}", with_folder(material.pages))]
    }
}

/// The word for machines that all pages have, where files of one name in two languages say different ones, so that they tell of two
/// things: pages that share it are each in another language.
fn slug_of_translations<'p>(cluster: &Cluster, material: &'p Material<'_>) -> Option<&'p Field> {
    let found = material.meanings.all(Meaning::Identifier).iter().map(|found| found.field);
    let is_everywhere = |field: &&Field| field.filled == material.profile.files && !field.is_nested() && field.name() == "slug";
    let field = found.into_iter().find(is_everywhere).filter(|_| cluster.languages.len() > 1)?;
    let value = |page: &Page| page.fields.get(&field.path).and_then(|node| node.scalar()).and_then(slug);
    let language = |page: &Page| page.segments().into_iter().find_map(|folder| cluster.languages.get(folder).copied());
    let (mut by_stem, mut by_slug) = (BTreeMap::<&str, BTreeSet<Option<String>>>::new(), BTreeMap::new());
    for page in material.pages {
        by_stem.entry(stem(&page.path)).or_default().insert(value(page));
        by_slug.entry(value(page)).or_insert_with(Vec::new).push(language(page));
    }
    let are_parted = by_stem.values().any(|slugs| slugs.len() > 1);
    let is_of_each = |languages: &Vec<Option<&str>>| languages.iter().collect::<BTreeSet<_>>().len() == languages.len();
    (are_parted && by_slug.values().all(is_of_each)).then_some(field)
}

/// What tells pages apart whose files are called alike: the nearest folder that does, with the name of the file if that is not the same
/// for all.
fn with_folder(pages: &[&Page]) -> String {
    let stems: BTreeSet<&str> = pages.iter().map(|page| stem(&page.path)).collect();
    let depths: BTreeSet<usize> = pages.iter().map(|page| page.segments().len()).collect();
    let tells_apart = |level: &usize| {
        let told: BTreeSet<(&str, &str)> = pages.iter().map(|page| (page.segments()[*level], stem(&page.path))).collect();
        told.len() == pages.len()
    };
    let deepest = depths.first().map_or(0, |depth| depth - 1);
    match (0..deepest).rev().find(tells_apart).filter(|_| depths.len() == 1) {
        Some(level) if stems.len() == 1 => format!("{{folder[{level}]}}"),
        Some(level) if level + 1 < deepest => format!("{{folder[{level}]}}-{{file_stem}}"),
        _ => "{folder}-{file_stem}".to_owned(),
    }
}

/// Whether a list holds most of what a field names as people write it. The others are kept by their names, as those of persons are
/// never to be.
fn holds_most(reference: &Reference) -> bool {
    let holds_most = reference.matched * 2 > reference.values && !reference.missing.iter().any(|name| names_person(name));
    !reference.is_by_title() || holds_most
}

/// Takes former names out that several records have: what was copied from one page to the next leads to none of them.
fn own_aliases(cluster: &Cluster, material: &Material<'_>, choice: &mut FieldChoice) {
    let is_list = cluster.lists.is_some();
    for rule in &mut choice.rules {
        let path = rule.from.trim_end_matches("[]");
        let mut named: BTreeMap<&str, BTreeSet<(&str, usize)>> = BTreeMap::new();
        for (number, page) in material.pages.iter().enumerate() {
            // Translations of one record share its name.
            let record = (translations::name(page, cluster), if is_list { number } else { 0 });
            let values = page.fields.get(path).map(crate::parse::value::Node::items).unwrap_or_default();
            for value in values.iter().filter_map(crate::parse::value::Node::scalar) {
                named.entry(value.trim()).or_default().insert(record);
            }
        }
        let shared = named.into_iter().filter(|(value, records)| !value.is_empty() && records.len() > 1);
        rule.nothing = shared.map(|(value, _)| value.to_owned()).collect();
    }
    let says_nothing = |path: &str, nothing: &[String]| {
        material.profile.get(path).is_some_and(|field| field.counts.keys().all(|value| nothing.contains(value)))
    };
    choice.rules.retain(|rule| !says_nothing(&rule.from, &rule.nothing));
}

/// What tells the entries of a list apart: a field that says another word for each, its key in a map, else its title, or that with
/// another field.
fn key_of_entry(cluster: &Cluster, material: &Material<'_>, suggestion: &mut Suggestion) -> Vec<String> {
    // Entries in several languages share what tells them from others.
    let suffixes: BTreeSet<&str> =
        material.pages.iter().filter_map(|page| site::suffix(&page.path)).map(|(_, code)| code).collect();
    let languages = cluster.languages.len().max(suffixes.len()).max(1);
    let tells_apart = |field: &Field| {
        let mut slugs: BTreeMap<String, usize> = BTreeMap::new();
        for (value, count) in field.counts.iter().filter_map(|(value, count)| Some((slug(value)?, count))) {
            *slugs.entry(value).or_default() += count;
        }
        !field.is_nested()
            && !field.is_list()
            && field.filled == material.profile.files
            && slugs.values().all(|count| *count <= languages)
            && slugs.values().sum::<usize>() == field.values
    };
    let of_meaning = |meaning| material.meanings.all(meaning).iter().map(|found| found.field).find(|field| tells_apart(field));
    if let Some(field) = of_meaning(Meaning::Identifier) {
        return vec![field.path.clone()];
    }
    if material.pages.iter().all(|page| page.has_own_key) {
        return vec!["entry_key".to_owned()];
    }
    let titles = material.meanings.all(Meaning::Title).iter().map(|found| found.field);
    if let Some(field) = titles.into_iter().find(|field| build::is_slug(field) && tells_apart(field)) {
        return vec![field.path.clone()];
    }
    let only = of_meaning(Meaning::Title);
    let title = only.or_else(|| material.meanings.best(Meaning::Title));
    let title = title.map_or_else(|| "title".to_owned(), |field| field.path.clone());
    let repeated = only.map_or_else(|| repeated(&[&title], material, languages), |_| 0);
    // A title or two twice are a mistake in the list, which the import tells.
    let (fields, doubt) = if repeated * 10 <= material.pages.len() {
        (vec![title.clone()], Doubt::KeyOfTitle { field: title })
    } else if let Some(beside) = telling_beside(&title, material, languages) {
        (vec![title.clone(), beside.clone()], Doubt::KeyOfTwo { title, beside, entries: repeated })
    } else {
        (vec![title.clone()], Doubt::KeyRepeated { field: title, entries: repeated })
    };
    suggestion.decisions.push(doubt.within(material.name));
    fields
}

/// The field that tells entries apart which have one title: where they are, who does it, when it began, or anything else that all
/// of them say in a few words.
fn telling_beside(title: &str, material: &Material<'_>, languages: usize) -> Option<String> {
    const FIRST: &[Meaning] =
        &[Meaning::Town, Meaning::Place, Meaning::Region, Meaning::Operator, Meaning::Start, Meaning::Postcode, Meaning::Address];
    let tells = |field: &&Field| {
        let is_short = || field.share(|shape| shape.is_label() || matches!(shape, Shape::Integer | Shape::Date(_))) > 0.9;
        !field.is_nested()
            && !field.is_list()
            && field.path != title
            && field.filled == material.profile.files
            && is_short()
            && repeated(&[title, &field.path], material, languages) == 0
    };
    let of_meaning = material.meanings.any(FIRST).map(|found| found.field);
    of_meaning.chain(material.meanings.unknown.iter().copied()).find(tells).map(|field| field.path.clone())
}

/// How many entries of a list say the same in some fields as one before them.
fn repeated(fields: &[&str], material: &Material<'_>, languages: usize) -> usize {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for page in material.pages {
        let values = fields.iter().filter_map(|field| page.fields.get(field)?.scalar());
        *counts.entry(slug(&values.collect::<Vec<_>>().join(" ")).unwrap_or_default()).or_default() += 1;
    }
    counts.values().map(|count| count.saturating_sub(languages)).sum()
}

/// A path with any item in place of a certain one: `phases[].name` of `phases[-1].name`.
fn any_item(path: &str) -> String {
    let mut general = String::new();
    for part in path.split_inclusive(']') {
        let (before, inside) = part.split_once('[').map_or((part, None), |(before, inside)| (before, Some(inside)));
        general.push_str(before);
        if inside.is_some() && !general.ends_with("[]") {
            general.push_str("[]");
        }
    }
    general
}

/// Whether the pages of a cluster say where they are.
fn has_place(profile: &Profile) -> bool {
    let labels = Labels::new();
    let meanings = Meanings::of(profile, &labels, "");
    [Meaning::Town, Meaning::TownCode, Meaning::Postcode, Meaning::Latitude, Meaning::Point]
        .iter()
        .any(|meaning| meanings.best(*meaning).is_some_and(|field| field.filled * 2 >= profile.files))
}

fn is_hider(meanings: &Meanings<'_>, path: &str) -> bool {
    meanings.any(&[Meaning::Draft, Meaning::Shown]).any(|found| found.field.path == path)
}

/// How many fields that no rule reads are named.
const MOST_UNUSED: usize = 30;

/// Whether a value is a word for nothing, or one sign over and over: `??`, `---`, `xxx`.
fn says_nothing(value: &str) -> bool {
    let value = value.trim();
    let mut characters = value.chars();
    let first = characters.next();
    let is_filler = |first: char| "?-_.…/xX".contains(first) && characters.clone().all(|next| next == first);
    let is_long_enough = |first: char| !first.is_alphabetic() || value.len() > 2;
    first.is_some_and(|first| is_filler(first) && is_long_enough(first))
        || list("nothing", "values").contains(&fold(value).as_str())
}

/// Fields that are empty in pages that were never written: no title and no text.
fn stubs(material: &Material<'_>, fields: &[FieldChoice]) -> Vec<String> {
    let rules = fields.iter().filter(|field| matches!(field.ours, "title" | "name")).flat_map(|field| &field.rules);
    let titles: Vec<&str> = rules.map(|rule| rule.from.as_str()).filter(|from| !from.starts_with('{')).collect();
    let is_stub = |page: &&&Page| {
        !page.is_empty
            && page.words == 0
            && page.heading.is_none()
            && titles.iter().all(|title| {
                let top = title.split('.').next().unwrap_or(title);
                page.fields.get(top).is_none_or(crate::parse::value::Node::is_blank)
            })
            && page.metadata != Metadata::None
    };
    if titles.is_empty() || material.pages.iter().filter(is_stub).count() == 0 {
        return Vec::new();
    }
    titles.into_iter().chain(["{body}"]).map(str::to_owned).collect()
}

/// Whether a field is a part of what is read whole: `links[].name` of `links[]`.
fn is_within(path: &str, read: &BTreeSet<String>) -> bool {
    path.match_indices("[].").any(|(at, _)| read.contains(&path[..at + 2]))
}

/// The fields of persons, and those that only tell how the site shows a page.
fn dropped(meanings: &Meanings<'_>) -> (Vec<String>, Vec<String>) {
    let tops = |wanted: &[Meaning]| {
        let found = meanings.any(wanted).filter(|found| found.sureness >= Sureness::Word);
        found
            .map(|found| super::globs::escape(found.field.top()))
            .collect::<BTreeSet<String>>()
            .into_iter()
            .collect::<Vec<String>>()
    };
    (tops(&[Meaning::Contact, Meaning::Person]), tops(&[Meaning::Layout, Meaning::Picture]))
}
