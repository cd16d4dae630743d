//! One search over initiatives, towns, topics and organisations, in one list.
//!
//! What goes by the name that was typed stands first, then what the text is found in; records whose names only have the words
//! stand among the initiatives. Of each kind but the initiatives the best few are given: who looks for towns or organisations
//! alone has lists of their own.

use std::collections::HashMap;
use std::sync::Arc;

use roaring::RoaringBitmap;

use crate::columns::orders::SortValue;
use crate::columns::{Columns, Dimension, Id};
use crate::cursor::Fingerprint;
use crate::names::{Match, NameIndex, fold_name};
use crate::page::{self, Order, descending};
use crate::question::{InitiativeFilter, PageRequest, QuestionError};
use crate::snapshot::Snapshot;
use crate::text::search::TextMatches;
use crate::text::{Query, fold};

/// Of towns, topics and organisations: how many are given of each at the most.
pub const MOST_NAMED: usize = 20;

/// How the kinds come into one order.
mod weights {
    use crate::names::Match;

    /// The score of a text that becomes a half: scores of texts have no upper bound, here they stay below 1.
    pub const HALF: f32 = 10.0;
    /// What size adds to the score of a name, at the most: less than what lies between two kinds of match.
    pub const SIZE: f32 = 0.09;

    /// The score of a name, by how well it matches. Whole names stand before all texts.
    pub const fn of(quality: Match) -> f32 {
        match quality {
            Match::Exact => 2.0,
            Match::OtherExact => 1.5,
            Match::Words => 0.6,
            Match::OtherWords => 0.5,
            Match::Begun => 0.3,
            Match::OtherBegun => 0.2,
        }
    }
}

/// The longest name that is looked for, in words.
const LONGEST_NAME: usize = 12;

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SearchKind {
    Initiatives,
    Towns,
    Topics,
    Organisations,
}

impl SearchKind {
    /// Every value, in order.
    pub const ALL: &'static [Self] = &[Self::Initiatives, Self::Towns, Self::Topics, Self::Organisations];

    /// Which comes first among equals.
    const fn rank(self) -> i64 {
        match self {
            Self::Topics => 0,
            Self::Towns => 1,
            Self::Organisations => 2,
            Self::Initiatives => 3,
        }
    }
}

/// One record that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchHit {
    pub kind: SearchKind,
    pub key: String,
    pub cursor: String,
    /// How well it matches: below 1 for texts, from 1.5 on for whole names.
    pub score: f32,
}

/// A part of what was found, the best first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SearchPage {
    pub items: Vec<SearchHit>,
    pub has_next: bool,
    pub has_previous: bool,
}

/// Everything that was found.
struct Everything<'a> {
    columns: &'a Columns,
    /// Towns, topics and organisations.
    named: Vec<(SearchKind, Id, f32)>,
    initiatives: RoaringBitmap,
    matches: Arc<TextMatches>,
}

impl Everything<'_> {
    /// The numbers of what was found: first those of the named, then those of the initiatives, behind them.
    fn ids(&self) -> impl Iterator<Item = Id> {
        (0..self.first_initiative()).chain(self.initiatives.iter().map(|id| id + self.first_initiative()))
    }

    fn first_initiative(&self) -> Id {
        Id::try_from(self.named.len()).unwrap_or_else(|_| unreachable!("few are named"))
    }

    fn get(&self, number: Id) -> (SearchKind, Id, f32) {
        match number.checked_sub(self.first_initiative()) {
            None => self.named[number as usize],
            Some(id) => (SearchKind::Initiatives, id, below_one(self.matches.score(id))),
        }
    }

    fn len(&self) -> u64 {
        self.named.len() as u64 + self.initiatives.len()
    }
}

impl Order for Everything<'_> {
    fn value(&self, number: Id) -> SortValue {
        let (kind, _, score) = self.get(number);
        SortValue::Number(descending(score) * 4 + kind.rank())
    }

    fn key(&self, number: Id) -> &str {
        let (kind, id, _) = self.get(number);
        match kind {
            SearchKind::Initiatives => self.columns.initiatives.key(id),
            SearchKind::Towns => self.columns.towns.key(id),
            SearchKind::Topics => self.columns.topics.key(id),
            SearchKind::Organisations => self.columns.organisations.key(id),
        }
    }
}

/// The score of a text on the scale of all.
fn below_one(score: f32) -> f32 {
    score / (score + weights::HALF)
}

/// The score of a name: the better match first, then the larger.
fn score(quality: Match, size: u64) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "inhabitants or initiatives, in a logarithm")]
    let digits = (1.0 + size as f32).log10();
    weights::of(quality) + weights::SIZE * (digits / 10.0).min(1.0)
}

impl Snapshot {
    /// A page of everything that a text finds, the best first. No kinds stand for all; the filter is one of the initiatives
    /// alone. A text without letters or digits finds nothing, one of which only what must not be there is said finds
    /// initiatives without it.
    pub fn search(
        &self,
        text: &str,
        kinds: &[SearchKind],
        filter: &InitiativeFilter,
        request: &PageRequest,
    ) -> Result<SearchPage, QuestionError> {
        let wanted = wanted(kinds);
        let fingerprint = Fingerprint::new("search", &(text, &wanted, filter));
        let part = request.check(fingerprint)?;
        let Some(everything) = self.everything(text, &wanted, filter)? else { return Ok(SearchPage::default()) };
        let found = page::collect(everything.ids(), &everything, &part);
        let hit = |number: &Id| {
            let (kind, _, score) = everything.get(*number);
            let cursor = everything.position(*number).to_cursor(fingerprint);
            SearchHit { kind, key: everything.key(*number).to_owned(), cursor, score }
        };
        Ok(SearchPage { items: found.ids.iter().map(hit).collect(), has_next: found.has_next, has_previous: found.has_previous })
    }

    /// How much a text finds.
    pub fn count_search(&self, text: &str, kinds: &[SearchKind], filter: &InitiativeFilter) -> Result<u64, QuestionError> {
        Ok(self.everything(text, &wanted(kinds), filter)?.map_or(0, |everything| everything.len()))
    }

    fn everything(
        &self,
        text: &str,
        wanted: &[SearchKind],
        filter: &InitiativeFilter,
    ) -> Result<Option<Everything<'_>>, QuestionError> {
        // A filter that names what there is not is said to, whatever is looked for.
        let filtered = self.select(filter)?.set;
        let query = Query::parse(text);
        let mut everything = Everything {
            columns: &self.columns,
            named: self.columns.everything_named(text, &query, wanted),
            initiatives: RoaringBitmap::new(),
            matches: Arc::default(),
        };
        if wanted.contains(&SearchKind::Initiatives)
            && let Some(matches) = self.matches(text)?
        {
            everything.initiatives = filtered & &matches.set;
            everything.matches = matches;
        }
        Ok((!query.is_empty()).then_some(everything))
    }
}

fn wanted(kinds: &[SearchKind]) -> Vec<SearchKind> {
    SearchKind::ALL.iter().copied().filter(|kind| kinds.is_empty() || kinds.contains(kind)).collect()
}

impl Columns {
    /// The towns, topics and organisations that go by a name.
    fn everything_named(&self, text: &str, query: &Query, wanted: &[SearchKind]) -> Vec<(SearchKind, Id, f32)> {
        let spoken = query.spoken.len();
        if spoken == 0 || spoken > LONGEST_NAME {
            return Vec::new();
        }
        // What must not be there is no part of a name.
        let name = if query.excluded.is_empty() {
            text.trim().to_owned()
        } else {
            query.spoken.iter().map(|word| word.folded.as_str()).collect::<Vec<_>>().join(" ")
        };
        let mut named = Vec::new();
        for kind in wanted {
            let (found, size): (_, &dyn Fn(Id) -> u64) = match kind {
                SearchKind::Initiatives => continue,
                SearchKind::Towns => (self.towns_by_name(&name), &|id| u64::from(self.town(id).population.unwrap_or_default())),
                SearchKind::Topics => (self.topics_by_name(&name, query), &|id| self.having(Dimension::TopicTree, id).len()),
                SearchKind::Organisations => {
                    (self.organisations_by_name(&name), &|id| self.having(Dimension::Organisation, id).len())
                }
            };
            let key = |id: Id| match kind {
                SearchKind::Towns => self.towns.key(id),
                SearchKind::Topics => self.topics.key(id),
                _ => self.organisations.key(id),
            };
            let mut best: Vec<(Match, u64, Id)> = found.into_iter().map(|(id, quality)| (quality, size(id), id)).collect();
            let compare = |one: &(Match, u64, Id), other: &(Match, u64, Id)| {
                let by_match = weights::of(other.0).total_cmp(&weights::of(one.0));
                by_match.then(other.1.cmp(&one.1)).then_with(|| key(one.2).cmp(key(other.2)))
            };
            if best.len() > MOST_NAMED {
                best.select_nth_unstable_by(MOST_NAMED, compare);
                best.truncate(MOST_NAMED);
            }
            named.extend(best.into_iter().map(|(quality, size, id)| (*kind, id, score(quality, size))));
        }
        named
    }

    /// Topics by the words of their labels, or by a whole one, which may be in another form: `kiosks` is `kiosk`.
    fn topics_by_name(&self, name: &str, query: &Query) -> HashMap<Id, Match> {
        let mut found = with_whole(&self.names.topics, name);
        raise(&mut found, self.topics_named(&query.spoken), Match::OtherExact);
        raise(&mut found, self.topics.find(&slug(name)), Match::Exact);
        found
    }

    /// Towns as their own list finds them: a name of today before a former one.
    fn towns_by_name(&self, name: &str) -> HashMap<Id, Match> {
        let mut found = self.names.towns.with_words(name);
        raise(&mut found, self.towns.find(name), Match::Exact);
        found
    }

    fn organisations_by_name(&self, name: &str) -> HashMap<Id, Match> {
        let mut found = with_whole(&self.names.organisations, name);
        raise(&mut found, self.organisations.find(&slug(name)), Match::Exact);
        found
    }
}

/// Records by the words of their names. An acronym or another wording, written in full, tells more than a word of the name.
fn with_whole(names: &NameIndex, name: &str) -> HashMap<Id, Match> {
    let mut found = names.with_words(name);
    raise(&mut found, names.called(&fold_name(name)), Match::OtherExact);
    found
}

/// A name as keys of topics and organisations are written.
fn slug(name: &str) -> String {
    fold(name).replace(' ', "-")
}

/// Lets some records match at least as well as this.
fn raise(found: &mut HashMap<Id, Match>, ids: impl IntoIterator<Item = Id>, quality: Match) {
    for id in ids {
        let known = found.entry(id).or_insert(quality);
        if weights::of(*known) < weights::of(quality) {
            *known = quality;
        }
    }
}
