//! The measures that reasons are made of. What is added up is whole numbers, so that no sum depends on its order: the same
//! graph gives the same scores however its index came about.

use maillage_graph_schema::model::AreaKind;

const ONE_BITS: u32 = 20;

/// One, as rarities are counted: millionths, more or less.
pub(crate) const ONE: f64 = (1 << ONE_BITS) as f64;

/// How rare something is that so many of all have: its information content, −ln of the share, in parts of [`ONE`]. One is
/// added to both so that nothing is infinitely rare; what all have is worth nothing.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a logarithm of counts")]
pub(crate) fn rarity(having: u64, all: u64) -> u64 {
    let share = (having.min(all) + 1) as f64 / (all + 1) as f64;
    (-share.ln() * ONE).round() as u64
}

/// A sum of rarities as a strength from 0 to 1: the more there is already, the less more of it counts; `half` gives a half.
#[expect(clippy::cast_precision_loss, reason = "sums of rarities are far below 2^52")]
pub(crate) fn saturated(sum: u64, half: f64) -> f64 {
    let sum = sum as f64 / ONE;
    sum / (sum + half)
}

/// How much a word counts of that rarity: its square, since it is rare in both texts.
pub(crate) fn squared(rarity: u64) -> u64 {
    (rarity * rarity) >> ONE_BITS
}

/// What a reason adds to the score: a multiple of a small power of two, so that sums are exact.
pub(crate) fn on_grid(weight: f64) -> f64 {
    (weight * ONE).round() / ONE
}

/// How often one must be doubled to have so many inhabitants.
pub(crate) fn doublings(population: u32) -> f64 {
    f64::from(population.max(1)).log2()
}

/// How many doublings make two numbers of inhabitants unlike.
pub(crate) const UNLIKE_DOUBLINGS: f64 = 2.0;

/// How alike two numbers of inhabitants are: 1 for the same, 0 from four times as many on, evenly in between by their ratio.
pub(crate) fn size_likeness(one: u32, other: u32) -> f64 {
    (1.0 - (doublings(one) - doublings(other)).abs() / UNLIKE_DOUBLINGS).max(0.0)
}

/// Metres after which nearness is half of what it was.
const HALF_AS_NEAR: f64 = 25_000.0;

/// Metres beyond which nothing is near.
pub(crate) const NOT_NEAR: u32 = 100_000;

/// How near is near: 1 in the same place, halved every 25 km, 0 beyond 100 km.
pub(crate) fn nearness(metres: u32) -> f64 {
    if metres > NOT_NEAR { 0.0 } else { (-f64::from(metres) / HALF_AS_NEAR).exp2() }
}

/// How much it says that two lie in the same area of a level.
pub(crate) const fn area_strength(kind: AreaKind) -> f64 {
    match kind {
        AreaKind::Intercommunality => 1.0,
        AreaKind::Department => 0.6,
        AreaKind::Region => 0.3,
        AreaKind::Country | AreaKind::Other => 0.0,
    }
}

/// Up to how many initiatives a topic is called rare, however few there are.
pub(crate) const HAS_FEW: u64 = 3;
