//! How much of two texts is the same: their sets of three words in a row, compared by a sample.
//!
//! One-permutation hashing: Li, Owen, Zhang, *One Permutation Hashing for Efficient Search and Learning*, 2012.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use maillage_explore::text::fold;

/// How many values a sample has: the share is right within about a tenth.
const SIZE: usize = 96;
const PARTS: u64 = SIZE as u64;

/// How many of them must agree for two texts to be compared at all.
const BAND: usize = 3;

/// A text of fewer words says too little.
const FEWEST_WORDS: usize = 30;

/// A sample of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sketch {
    /// The least of the hashes that fall into each part of their range; the greatest number stands for none.
    least: Box<[u32; SIZE]>,
}

impl Sketch {
    /// Of a text in parts; `None` if it is too short to say anything.
    pub fn of<'t>(parts: impl Iterator<Item = &'t str>) -> Option<Self> {
        let folded: Vec<String> = parts.map(fold).collect();
        let words: Vec<&str> = folded.iter().flat_map(|part| part.split(' ')).filter(|word| !word.is_empty()).collect();
        if words.len() < FEWEST_WORDS {
            return None;
        }
        let mut least = Box::new([u32::MAX; SIZE]);
        for three in words.windows(3) {
            let mut hasher = DefaultHasher::new();
            three.hash(&mut hasher);
            let hash = hasher.finish();
            // The remainder chooses the part, the upper half is the value: both fit.
            if let (Ok(part), Ok(value)) = (usize::try_from(hash % PARTS), u32::try_from(hash >> 32)) {
                least[part] = least[part].min(value);
            }
        }
        Some(Self { least })
    }

    /// Roughly which share of what two texts say, both together, they have in common, from 0 to 1.
    pub fn shared(&self, other: &Self) -> f64 {
        let (mut both, mut alike) = (0_u32, 0_u32);
        for (one, other) in self.least.iter().zip(other.least.iter()) {
            both += u32::from(*one != u32::MAX || *other != u32::MAX);
            alike += u32::from(one == other && *one != u32::MAX);
        }
        f64::from(alike) / f64::from(both.max(1))
    }

    /// Names of parts of the sample: texts that share much share one of them.
    pub fn bands(&self) -> impl Iterator<Item = u64> {
        self.least.chunks(BAND).enumerate().filter(|(_, band)| band.iter().all(|value| *value != u32::MAX)).map(|band| {
            let mut hasher = DefaultHasher::new();
            band.hash(&mut hasher);
            hasher.finish()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_share_what_they_share() {
        let words = |from: usize, to: usize| (from..to).map(|number| format!("mot{number}")).collect::<Vec<_>>().join(" ");
        let sketch = |text: &str| Sketch::of([text].into_iter()).expect("long enough");
        let whole = sketch(&words(0, 400));
        for (from, to, expected) in [(0, 400, 1.0), (0, 200, 0.5), (200, 600, 0.33), (400, 800, 0.0)] {
            let shared = whole.shared(&sketch(&words(from, to)));
            assert!((shared - expected).abs() < 0.15, "{shared} for {from}..{to}");
        }
        assert!(Sketch::of(["Trop court pour dire quelque chose"].into_iter()).is_none());
    }
}
