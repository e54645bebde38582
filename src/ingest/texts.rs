//! Texts that were met before, found again by their bytes: looked into once or more for every record of a log.
//!
//! The first 64 bytes of a text, of which most have no more, are hashed and compared all at once, with the processor's
//! widest instructions and without a branch on its length.

use std::hash::BuildHasher;

use fearless_simd::{Level, Simd, dispatch, prelude::*, u8x64, u32x8, u64x2};

use super::dictionary::Hash;

/// Bytes that are looked at together.
const WORD: usize = 64;
/// So many texts are remembered.
const MOST: usize = 1 << 16;
/// A text stands in one of so many neighbouring places. Texts can be made that all belong into one: few of them are
/// remembered.
const NEIGHBOURS: usize = 128;
/// The length of the text in a place that has none.
const FREE: u32 = u32::MAX;

/// Some texts, each with a value.
pub struct Texts<V> {
    /// A power of two of places, at least half of them free.
    places: Vec<Place<V>>,
    /// What long texts have beyond their first word.
    rests: Vec<u8>,
    count: usize,
    /// What the hashes are made with, drawn anew in every run.
    seed: [[u32; 8]; 2],
}

/// A place for a text.
#[derive(Clone, Copy)]
#[repr(align(64))]
struct Place<V> {
    /// Its first bytes, with zeros behind its end.
    word: [u8; WORD],
    length: u32,
    /// Where the rest of it stands.
    rest: u32,
    value: V,
}

impl<V: Copy + Default> Default for Place<V> {
    fn default() -> Self {
        Self { word: [0; WORD], length: FREE, rest: 0, value: V::default() }
    }
}

impl<V: Copy + Default> Default for Texts<V> {
    fn default() -> Self {
        let hash = Hash::default();
        let seed = [0u32, 8].map(|turn| std::array::from_fn(|at| hash.hash_one(turn + at as u32) as u32 | 1));
        Self { places: vec![Place::default(); NEIGHBOURS], rests: Vec::new(), count: 0, seed }
    }
}

impl<V: Copy + Default> Texts<V> {
    /// The value of the text that stands between two places of another.
    #[inline(always)]
    pub fn find<S: Simd>(&self, simd: S, text: &[u8], (from, to): (usize, usize)) -> Option<V> {
        let length = to.wrapping_sub(from);
        let word = first_word(simd, text, from, length);
        let mut at = self.hash(simd, word, length);
        loop {
            let place = self.places.get(at & (self.places.len() - 1))?;
            if place.length as usize == length
                && u8x64::simd_from(simd, place.word).simd_eq(word).all_true()
                && (length <= WORD || self.goes_on(place, text.get(from..to)?))
            {
                return Some(place.value);
            }
            if place.length == FREE {
                return None;
            }
            at += 1;
        }
    }

    /// The value of a text.
    pub fn get(&self, text: &[u8]) -> Option<V> {
        dispatch!(Level::new(), simd => self.find(simd, text, (0, text.len())))
    }

    /// Whether a long text goes on as well as it began.
    #[cold]
    fn goes_on(&self, place: &Place<V>, text: &[u8]) -> bool {
        self.rests.get(place.rest as usize..).is_some_and(|rest| rest.starts_with(&text[WORD..]))
    }

    /// The place that a text belongs into, by its length and first word: the words of that are multiplied by numbers of
    /// their own and joined.
    #[inline(always)]
    fn hash<S: Simd>(&self, simd: S, word: u8x64<S>, length: usize) -> usize {
        /// The golden ratio's fraction of 2^64 (Knuth, The Art of Computer Programming, 6.4): the highest bits of its
        /// product depend on all others, so they come first.
        const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;
        let [one, two] = self.seed.map(|seed| u32x8::simd_from(simd, seed));
        let (low, high) = word.split();
        let (low, high) = (low.bitcast::<u32x8<S>>(), high.bitcast::<u32x8<S>>());
        let (low, high) = ((low ^ (high * one)) * two).split();
        let [a, b]: [u64; 2] = (low ^ high).bitcast::<u64x2<S>>().into();
        (a ^ b.rotate_left(23) ^ length as u64).wrapping_mul(SPREAD).swap_bytes() as u32 as usize
    }

    /// Remembers a text that is not yet known, as far as there is room. Gives whether it did.
    pub fn add(&mut self, text: &[u8], value: V) -> bool {
        let (word, rest) = word_and_rest(text);
        let numbers = [text.len(), self.rests.len()].map(u32::try_from);
        let [Ok(length), Ok(rest_at)] = numbers else { return false };
        if self.count >= MOST || !self.put(Place { word, length, rest: rest_at, value }) {
            return false;
        }
        self.rests.extend_from_slice(rest);
        self.count += 1;
        if 2 * self.count > self.places.len() {
            let more = vec![Place::default(); 2 * self.places.len()];
            for place in std::mem::replace(&mut self.places, more) {
                // One that finds no room is as if it had not been met.
                let _ = place.length == FREE || self.put(place);
            }
        }
        true
    }

    /// Puts a text where it belongs. Gives whether there is room.
    fn put(&mut self, new: Place<V>) -> bool {
        let at = dispatch!(Level::new(), simd => {
            self.hash(simd, u8x64::simd_from(simd, new.word), new.length as usize)
        });
        let mask = self.places.len() - 1;
        let free = (at..at + NEIGHBOURS).map(|at| at & mask).find(|at| self.places[*at].length == FREE);
        free.map(|at| self.places[at] = new).is_some()
    }
}

/// The first word of a text, and what is beyond.
fn word_and_rest(text: &[u8]) -> ([u8; WORD], &[u8]) {
    let (first, rest) = text.split_at(text.len().min(WORD));
    let mut word = [0; WORD];
    word[..first.len()].copy_from_slice(first);
    (word, rest)
}

/// The first word of the text that begins at a place of another.
#[inline(always)]
fn first_word<S: Simd>(simd: S, text: &[u8], from: usize, length: usize) -> u8x64<S> {
    /// A word of ones, and one of zeros.
    const KEPT: [u8; 2 * WORD] = {
        let mut kept = [0; 2 * WORD];
        kept.split_at_mut(WORD).0.copy_from_slice(&[u8::MAX; WORD]);
        kept
    };
    let behind = text.get(from..).unwrap_or_default();
    match (behind.first_chunk(), KEPT[WORD - length.min(WORD)..].first_chunk()) {
        (Some(word), Some(kept)) => u8x64::simd_from(simd, *word) & u8x64::simd_from(simd, *kept),
        _ => u8x64::simd_from(simd, word_and_rest(behind.get(..length).unwrap_or_default()).0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_found_again_and_no_other() {
        let mut random = fastrand::Rng::with_seed(7);
        let mut made = std::collections::HashMap::new();
        let mut texts = Texts::default();
        for value in 0..5_000u32 {
            // Short and long ones, of few letters, and zeros, which stand behind the ends of words too.
            let length = random.usize(0..90);
            let text: Vec<u8> = (0..length).map(|_| random.choice(*b"ab\0").unwrap_or(b'a')).collect();
            if let Some(known) = made.get(&text) {
                assert_eq!(texts.get(&text), Some(*known));
            } else {
                assert_eq!(texts.get(&text), None);
                assert!(texts.add(&text, value));
                made.insert(text, value);
            }
        }
        for (text, value) in &made {
            let around = [b"xx", text.as_slice(), b"yy"].concat();
            let found = dispatch!(Level::new(), simd => texts.find(simd, &around, (2, 2 + text.len())));
            assert_eq!((texts.get(text), found), (Some(*value), Some(*value)));
        }
    }

    #[test]
    fn texts_that_differ_in_one_byte_stand_apart() {
        for at in 0..WORD {
            let mut texts = Texts::default();
            let text = |value: u8| (0..WORD).map(|place| if place == at { value } else { b'x' }).collect::<Vec<u8>>();
            assert!((0..=u8::MAX).all(|value| texts.add(&text(value), value)), "{at}");
            assert!((0..=u8::MAX).all(|value| texts.get(&text(value)) == Some(value)), "{at}");
        }
    }

    #[test]
    fn there_is_room_for_nearly_so_many() {
        let mut texts = Texts::default();
        let known = (0..2 * MOST as u32).filter(|number| texts.add(number.to_string().as_bytes(), *number)).count();
        let found =
            (0..2 * MOST as u32).filter(|number| texts.get(number.to_string().as_bytes()) == Some(*number)).count();
        assert!((MOST * 99 / 100..=MOST).contains(&found) && (found..=MOST).contains(&known), "{found} of {known}");
    }
}
