//! Chance that falls the same way on every machine.
//!
//! The generator is named (Xoshiro256++) rather than "the standard one", which may change with a release, and only its raw 64-bit words are
//! used: how a word becomes a number stands here. Every chain and every outlet throws dice of its own, so that a part of the country can be
//! told without telling the rest.

use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng, SeedableRng};

/// A sequence of throws that its seed and its place decide.
pub struct Dice(Xoshiro256PlusPlus);

impl Dice {
    /// The dice of one place in a world: the same `seed` and `place` throw the same numbers.
    pub fn new(seed: u64, place: [u64; 2]) -> Dice {
        let mixed = place.iter().fold(scatter(seed), |state, part| scatter(state ^ part));
        Dice(Xoshiro256PlusPlus::seed_from_u64(mixed))
    }

    /// 0 to `limit` − 1; 0 where the limit is 0.
    pub fn below(&mut self, limit: u64) -> u64 {
        ((u128::from(self.0.next_u64()) * u128::from(limit)) >> 64) as u64
    }

    /// `low` to `high`, both possible.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high - low + 1)
    }

    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len() as u64) as usize]
    }

    /// An index, as often as its weight says.
    pub fn weighted(&mut self, weights: &[u64]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (index, weight) in weights.iter().enumerate() {
            if left < *weight {
                return index;
            }
            left -= weight;
        }
        0
    }
}

/// SplitMix64's finaliser: neighbouring seeds must not give neighbouring worlds.
fn scatter(word: u64) -> u64 {
    let mut z = word.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_place_throws_the_same_numbers_everywhere() {
        let mut dice = Dice::new(7, [1, 2]);
        let thrown: Vec<u64> = (0..6).map(|_| dice.below(1_000)).collect();
        assert_eq!(thrown, PINNED, "other numbers would make another country of every published seed");
    }

    #[test]
    fn neighbouring_places_differ() {
        assert_ne!(Dice::new(7, [1, 2]).below(u64::MAX), Dice::new(7, [2, 1]).below(u64::MAX));
    }

    #[test]
    fn a_weight_of_nothing_never_falls() {
        let mut dice = Dice::new(1, [0, 0]);
        assert!((0..1_000).all(|_| dice.weighted(&[3, 0, 1]) != 1));
    }

    const PINNED: [u64; 6] = [918, 857, 610, 516, 689, 502];
}
