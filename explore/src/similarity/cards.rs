//! What is compared of every town, close together in memory: there are tens of thousands.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use maillage_graph_schema::model::AreaKind;

use super::measure::{UNLIKE_DOUBLINGS, doublings};
use crate::columns::entry::TownEntry;
use crate::columns::{Columns, Id};

/// The type of a town: 0 where it belongs to no intercommunality; else twice the number of its form, and one more for the
/// largest town there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TownClass(u16);

/// The form of an intercommunality whose form is not known: never the same as another.
const NO_FORM: u16 = 1;

impl TownClass {
    pub(crate) const fn is_known(self) -> bool {
        self.0 != 0
    }

    const fn form(self) -> u16 {
        self.0 >> 1
    }

    pub(crate) const fn is_main(self) -> bool {
        self.0 & 1 == 1
    }

    pub(crate) const fn same_form(self, other: Self) -> bool {
        self.form() == other.form() && self.form() != NO_FORM
    }
}

/// A town as it is compared first.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TownCard {
    pub id: Id,
    /// See [`doublings`].
    pub doublings: Option<f32>,
    pub class: TownClass,
}

/// All towns, the larger first, those without a population last.
#[derive(Debug, Clone, Default)]
pub(crate) struct TownCards {
    cards: Arc<Vec<TownCard>>,
    /// The largest town of each intercommunality.
    main_towns: Arc<HashMap<Id, Id>>,
}

impl TownCards {
    /// The towns that may be alike in size to one of so many inhabitants; all, where that is not known.
    pub(crate) fn of_like_size(&self, population: Option<u32>) -> &[TownCard] {
        let Some(population) = population else { return &self.cards };
        let size = doublings(population);
        let reach = UNLIKE_DOUBLINGS + 0.01;
        #[expect(clippy::cast_possible_truncation, reason = "widened by more than that")]
        let (most, fewest) = ((size + reach) as f32, (size - reach) as f32);
        let place = |edge: f32| self.cards.partition_point(|card| card.doublings.is_some_and(|size| size > edge));
        let range: Range<usize> = place(most)..place(fewest);
        &self.cards[range]
    }

    /// The card of the town at a place of [`crate::columns::orders::Orders::towns`].
    pub(crate) fn at(&self, place: u32) -> &TownCard {
        &self.cards[place as usize]
    }

    /// Whether a town is the largest of an intercommunality.
    pub(crate) fn is_main(&self, town: Id, intercommunality: Id) -> bool {
        self.main_towns.get(&intercommunality) == Some(&town)
    }
}

impl Columns {
    /// The card of a town that is present.
    pub(crate) fn town_card(&self, id: Id) -> &TownCard {
        self.town_cards.at(self.orders.town_places[id as usize])
    }

    /// The intercommunality that a town belongs to.
    pub(crate) fn intercommunality(&self, town: &TownEntry) -> Option<Id> {
        let direct = |town: &TownEntry| {
            let areas = town.part_of.iter().filter_map(|id| self.areas.resolve(*id));
            let areas = areas.filter(|id| self.areas.get(*id).is_some_and(|area| area.kind == AreaKind::Intercommunality));
            areas.min_by_key(|id| self.areas.key(*id))
        };
        direct(town).or_else(|| direct(self.town(self.towns.resolve(town.parent?)?)))
    }

    /// Writes the cards anew, once the towns are sorted.
    pub(crate) fn derive_cards(&mut self) {
        let mut forms: HashMap<Arc<str>, u16> = HashMap::new();
        let mut main_towns: HashMap<Id, Id> = HashMap::new();
        let mut cards = Vec::with_capacity(self.orders.towns.len());
        for id in self.orders.towns.iter().copied() {
            let town = self.town(id);
            let class = self.intercommunality(town).map_or(0, |area| {
                let form = self.areas.get(area).and_then(|area| area.form.clone());
                let count = u16::try_from(forms.len()).unwrap_or(u16::MAX >> 2);
                let form = form.map_or(NO_FORM, |form| *forms.entry(form).or_insert(NO_FORM + 1 + count));
                // The larger come first.
                let is_main = town.population.is_some() && *main_towns.entry(area).or_insert(id) == id;
                form << 1 | u16::from(is_main)
            });
            #[expect(clippy::cast_possible_truncation, reason = "bounds need few digits")]
            let doublings = town.population.map(|population| doublings(population) as f32);
            cards.push(TownCard { id, doublings, class: TownClass(class) });
        }
        self.town_cards = TownCards { cards: Arc::new(cards), main_towns: Arc::new(main_towns) };
    }
}
