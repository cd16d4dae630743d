//! Lists of towns, areas and organisations.

use std::borrow::Cow;
use std::collections::HashMap;

use maillage_graph_schema::model::{AreaKind, OrganisationRole, Point};
use roaring::{MultiOps as _, RoaringBitmap};

use crate::columns::derive::ROLES;
use crate::columns::entry::place;
use crate::columns::orders::SortValue;
use crate::columns::{Columns, Dimension, Id};
use crate::cursor::{Fingerprint, Part};
use crate::filter::{find, find_all};
use crate::geo::{self, Reached};
use crate::names::Match;
use crate::page::{self, Found, Order, TownsByDistance, TownsByMatch, TownsBySize};
use crate::question::{Hit, HitPage, PageRequest, QuestionError, TownFilter};
use crate::text::fold;

/// The towns of a filter, with what their order follows from.
struct TownSelection<'a> {
    set: Cow<'a, RoaringBitmap>,
    matches: Option<HashMap<Id, Match>>,
    near: Option<Point>,
}

impl Columns {
    fn select_towns(&self, filter: &TownFilter) -> Result<TownSelection<'_>, QuestionError> {
        let mut set = Cow::Borrowed(&*self.live_towns);
        let mut narrow = |other: Cow<'_, RoaringBitmap>| set = Cow::Owned(&*set & &*other);
        let areas = find_all(&self.areas, "areas", "area", &filter.areas)?;
        if !areas.is_empty() {
            narrow(Cow::Owned(areas.iter().map(|area| self.towns_by_area.get(*area)).union()));
        }
        if let Some(bounds) = filter.bounds {
            let bounds = bounds.check("bounds")?;
            narrow(Cow::Owned(self.towns_in(&geo::cells_of_box(bounds), |point| geo::holds(bounds, point))));
        }
        let near = filter.near.map(|near| near.check("near")).transpose()?;
        if let Some((centre, radius)) = near {
            narrow(Cow::Owned(
                self.towns_in(&geo::cells_of_circle(centre, radius), |point| geo::distance(point, centre) <= radius),
            ));
        }
        if let Some(postcode) = filter.postcode.as_deref() {
            narrow(Cow::Owned(self.names.towns.with_postcode(postcode)));
        }
        if let Some(population) = filter.population {
            let population = population.check("population")?;
            let inhabitants = |id: Id| self.town(id).population;
            set = Cow::Owned(
                set.iter().filter(|id| inhabitants(*id).is_some_and(|count| population.holds(i64::from(count)))).collect(),
            );
        }
        if let Some(wanted) = filter.has_initiatives {
            let has = |id: Id| !self.having(Dimension::Town, id).is_empty();
            set = Cow::Owned(set.iter().filter(|id| has(*id) == wanted).collect());
        }
        let mut matches: Option<HashMap<Id, Match>> = None;
        if let Some(prefix) = filter.prefix.as_deref().filter(|prefix| !fold(prefix).is_empty()) {
            matches = Some(self.names.towns.beginning_with(prefix));
        }
        if let Some(text) = filter.text.as_deref().filter(|text| !fold(text).is_empty()) {
            let mut by_words = self.names.towns.with_words(text);
            if let Some(id) = self.towns.find(text.trim()) {
                by_words.insert(id, Match::Exact);
            }
            matches = Some(match matches {
                Some(by_prefix) => by_words.into_iter().filter(|(id, _)| by_prefix.contains_key(id)).collect(),
                None => by_words,
            });
        }
        Ok(TownSelection { set, matches, near: near.map(|(centre, _)| centre) })
    }

    fn towns_in(&self, cells: &[Reached], holds: impl Fn(Point) -> bool) -> RoaringBitmap {
        let mut towns = RoaringBitmap::new();
        for reached in cells {
            let here = self.towns_by_cell.get(reached.cell);
            if reached.whole {
                towns |= here;
            } else {
                towns.extend(here.iter().filter(|id| self.town(*id).point.is_some_and(&holds)));
            }
        }
        towns
    }

    pub(crate) fn count_towns(&self, filter: &TownFilter) -> Result<u64, QuestionError> {
        let selection = self.select_towns(filter)?;
        Ok(match selection.matches {
            Some(matches) => matches.keys().filter(|id| selection.set.contains(**id)).count() as u64,
            None => selection.set.len(),
        })
    }

    pub(crate) fn towns(&self, filter: &TownFilter, request: &PageRequest) -> Result<HitPage, QuestionError> {
        let fingerprint = Fingerprint::new("towns", filter);
        let part = request.check(fingerprint)?;
        if let Some(found) = self.first_by_prefix(filter, &part) {
            let matches = found.iter().copied().collect();
            let order = TownsByMatch { columns: self, matches: &matches };
            let mut ids: Vec<Id> = found.into_iter().map(|(id, _)| id).collect();
            let has_next = ids.len() > part.size;
            ids.truncate(part.size);
            return Ok(self.town_page(&Found { ids, has_next, has_previous: false }, &order, None, fingerprint));
        }
        let selection = self.select_towns(filter)?;
        Ok(match (&selection.matches, selection.near) {
            (Some(matches), near) => {
                let order = TownsByMatch { columns: self, matches };
                let ids = matches.keys().copied().filter(|id| selection.set.contains(*id));
                self.town_page(&page::collect(ids, &order, &part), &order, near, fingerprint)
            }
            (None, Some(centre)) => {
                let order = TownsByDistance { columns: self, centre };
                self.town_page(&page::find(&selection.set, &order, &part), &order, Some(centre), fingerprint)
            }
            (None, None) => {
                let order = TownsBySize(self);
                self.town_page(&page::find(&selection.set, &order, &part), &order, None, fingerprint)
            }
        })
    }

    /// The first towns of a page, and one more, where a prefix alone is asked for, as a box does that answers to every letter:
    /// thousands of names may begin so, of which few are looked at.
    fn first_by_prefix(&self, filter: &TownFilter, part: &Part) -> Option<Vec<(Id, Match)>> {
        let prefix = filter.prefix.as_deref().filter(|prefix| !fold(prefix).is_empty())?;
        let is_alone = *filter == TownFilter { prefix: filter.prefix.clone(), ..TownFilter::default() };
        if !is_alone || part.after.is_some() || part.before.is_some() || part.backward {
            return None;
        }
        // How well a name matches, then the place among all towns: this sorts as the list does.
        let mut found: Vec<(Match, u32)> = Vec::new();
        self.names.towns.each_beginning_with(prefix, |id, quality| found.push((quality, self.orders.town_places[id as usize])));
        let mut looked_at = part.size + 1;
        loop {
            // A town with several such names is there several times.
            looked_at = looked_at.saturating_mul(2).min(found.len());
            if looked_at < found.len() {
                found.select_nth_unstable(looked_at);
            }
            let mut best = found[..looked_at].to_vec();
            best.sort_unstable();
            let mut towns: Vec<(Id, Match)> = Vec::with_capacity(part.size + 1);
            for (quality, place) in best {
                let id = self.orders.towns[place as usize];
                if towns.len() <= part.size && !towns.iter().any(|(known, _)| *known == id) {
                    towns.push((id, quality));
                }
            }
            if towns.len() > part.size || looked_at == found.len() {
                return Some(towns);
            }
        }
    }

    fn town_page(&self, found: &Found, order: &impl Order, near: Option<Point>, fingerprint: Fingerprint) -> HitPage {
        let distance = |id: Id| Some(page::metres(geo::distance(self.town(id).point?, near?)));
        hits(found, order, fingerprint, distance)
    }

    /// Areas of a kind, within another, whose name begins with a text or has its words, by name.
    pub(crate) fn areas(&self, question: &AreaQuestion) -> Result<Vec<Id>, QuestionError> {
        let within = question.within.as_deref().map(|key| find(&self.areas, "within", "area", key)).transpose()?;
        let matches =
            question.name.as_deref().filter(|name| !fold(name).is_empty()).map(|name| self.names.areas.with_words(name));
        let is_meant = |id: &Id| {
            question.kind.is_none_or(|kind| self.areas.get(*id).is_some_and(|area| area.kind == kind))
                && within.is_none_or(|within| *id != within && self.area_ancestors[*id as usize].contains(&within))
                && matches.as_ref().is_none_or(|matches| matches.contains_key(id))
        };
        Ok(self.orders.areas.iter().copied().filter(is_meant).collect())
    }

    /// Organisations with a role in any initiative, whose name has the words of a text, by name.
    pub(crate) fn organisations(&self, question: &OrganisationQuestion) -> Vec<Id> {
        let matches =
            question.name.as_deref().filter(|name| !fold(name).is_empty()).map(|name| self.names.organisations.with_words(name));
        let role = question.role.map(|role| u32::from(place(OrganisationRole::ALL, role)));
        let is_meant = |id: &Id| {
            role.is_none_or(|role| !self.having(Dimension::OrganisationRole, *id * ROLES + role).is_empty())
                && matches.as_ref().is_none_or(|matches| matches.contains_key(id))
        };
        self.orders.organisations.iter().copied().filter(is_meant).collect()
    }

    pub(crate) fn area_page(&self, question: &AreaQuestion, request: &PageRequest) -> Result<HitPage, QuestionError> {
        let fingerprint = Fingerprint::new("areas", question);
        let part = request.check(fingerprint)?;
        let keys = |id| self.areas.key(id).as_ref();
        let order = ByName { name: |id| self.areas.get(id).map_or("", |area| area.name.as_ref()), keys: &keys };
        Ok(hits(&page::collect(self.areas(question)?.into_iter(), &order, &part), &order, fingerprint, |_| None))
    }

    pub(crate) fn organisation_page(
        &self,
        question: &OrganisationQuestion,
        request: &PageRequest,
    ) -> Result<HitPage, QuestionError> {
        let fingerprint = Fingerprint::new("organisations", question);
        let part: Part = request.check(fingerprint)?;
        let keys = |id| self.organisations.key(id).as_ref();
        let order =
            ByName { name: |id| self.organisations.get(id).map_or("", |organisation| organisation.name.as_ref()), keys: &keys };
        Ok(hits(&page::collect(self.organisations(question).into_iter(), &order, &part), &order, fingerprint, |_| None))
    }
}

/// Makes hits of what was found.
pub(crate) fn hits(found: &Found, order: &impl Order, fingerprint: Fingerprint, distance: impl Fn(Id) -> Option<u32>) -> HitPage {
    let hit = |id: &Id| Hit {
        key: order.key(*id).to_owned(),
        cursor: order.position(*id).to_cursor(fingerprint),
        distance: distance(*id),
        score: None,
    };
    HitPage { items: found.ids.iter().map(hit).collect(), has_next: found.has_next, has_previous: found.has_previous }
}

/// Which areas.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AreaQuestion {
    pub kind: Option<AreaKind>,
    /// Somewhere in this area.
    pub within: Option<String>,
    /// Words of the name, the last perhaps only begun, or the code.
    pub name: Option<String>,
}

/// Which organisations.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OrganisationQuestion {
    /// Words of a name, the last perhaps only begun.
    pub name: Option<String>,
    /// With this role in any initiative.
    pub role: Option<OrganisationRole>,
}

/// Records by their folded names.
struct ByName<'a, N> {
    name: N,
    keys: &'a dyn Fn(Id) -> &'a str,
}

impl<'a, N: Fn(Id) -> &'a str> Order for ByName<'a, N> {
    fn value(&self, id: Id) -> SortValue {
        SortValue::Text(fold((self.name)(id)).into())
    }

    fn key(&self, id: Id) -> &str {
        (self.keys)(id)
    }
}
