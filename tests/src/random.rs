//! Numbers that come out the same on each run.

/// A generator of pseudo-random numbers (`SplitMix64`, by Steele, Lea and Flood 2014): small, quick, the same everywhere.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// A generator; equal seeds give equal numbers.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A generator of its own for one of many things, whatever was drawn for the others.
    pub fn of(seed: u64, thing: u64) -> Self {
        let mut random = Self(seed ^ thing.wrapping_mul(0xd134_2543_de82_ef95));
        random.next();
        random
    }

    /// The next number.
    pub const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below a bound, which must not be zero.
    pub fn below(&mut self, bound: usize) -> usize {
        let product = u128::from(self.next()) * bound as u128;
        usize::try_from(product >> 64).unwrap_or_else(|_| unreachable!("below the bound"))
    }

    /// A number from 0 to 1, without 1.
    #[expect(clippy::cast_precision_loss, reason = "53 bits are what the fraction holds")]
    pub fn fraction(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Whether something happens that happens so many times in a hundred.
    pub fn happens(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of a list, which must not be empty.
    pub fn one_of<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

/// Draws ranks by Zipf's law: the second half as often as the first, the third a third as often.
#[derive(Debug, Clone)]
pub struct Zipf {
    /// For each rank, the share of draws that it and those before it get.
    shares: Vec<f64>,
}

impl Zipf {
    /// Ranks from 0 up to a count, which must not be zero.
    #[expect(clippy::cast_precision_loss, reason = "ranks are far below what a fraction holds")]
    pub fn new(count: usize) -> Self {
        let mut sum = 0.0;
        let mut shares: Vec<f64> = (1..=count)
            .map(|rank| {
                sum += 1.0 / rank as f64;
                sum
            })
            .collect();
        for share in &mut shares {
            *share /= sum;
        }
        Self { shares }
    }

    /// A rank.
    pub fn draw(&self, random: &mut Random) -> usize {
        let fraction = random.fraction();
        self.shares.partition_point(|share| *share <= fraction).min(self.shares.len() - 1)
    }
}
