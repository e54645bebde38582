//! The tallies of callers while logs are read: found by their codes, added up across threads, and bounded in number.
//!
//! A log may name a caller of its own in every record: an attack from many addresses, or a column that is not what it
//! seems. Beyond [`MOST`] callers the least telling are folded into one tally for each verdict. Which are kept depends on
//! the callers alone: those of the highest rank, and among these the lowest fingerprints. A caller that is among them in
//! the end was so in every part of the logs, so its counts are exact whatever the order of reading.

use std::cmp::Reverse;
use std::hash::BuildHasher;

use hashbrown::HashTable;

use super::activity::Lane;
use super::calls::{CallPlace, Outline, Tally};
use super::clock_sample::scramble;
use super::dictionary::{Dictionary, FastMap, FastSet, Hash};
use crate::matching::Verdict;
use crate::reference::Class;
use crate::settings::Window;

/// So many callers are told apart.
pub const MOST: usize = 1 << 16;

/// What changes with every call of a tally, close together: there may be thousands of tallies, and the processor's cache is
/// small.
#[derive(Clone, Copy, Debug)]
struct Count {
    count: u64,
    last: i64,
    /// No call after this is among the earliest that are kept.
    until: i64,
    /// Whether such a call may have made an order: surely not, if it names pair and side, in any case.
    orders: Orders,
    /// Where such calls are counted by time.
    lane: Option<Lane>,
}

/// Whether a call may have made an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Orders {
    Never,
    /// An operation of no known class that names pair and side is taken for an order, so that nobody is accused for it.
    WithPairAndSide,
    Always,
}

/// Tallies by caller and span of expectations.
#[derive(Clone, Debug, Default)]
pub struct Tallies {
    list: Vec<Tally>,
    counts: Vec<Count>,
    found: HashTable<u32>,
    hash: Hash,
    /// The fingerprints of the addresses of the window, once not all of them are kept.
    addresses: Option<FastSet<u64>>,
    most: usize,
    /// So many were kept in any case when callers were folded last.
    pinned: usize,
    /// No caller of this rank or a higher one will be told apart.
    limit: Option<Rank>,
}

/// How much a caller tells: the lower, the more.
type Rank = (Reverse<(bool, bool, bool, bool)>, u64, u32);

/// The rank of a caller in a span, by what was decided about it and by its texts.
fn rank<'a>(verdict: &Verdict, in_window: bool, texts: impl Iterator<Item = &'a str>, epoch: u32) -> Rank {
    let told = (in_window, verdict.outcome.may_have_entered(), verdict.class.is_sensitive(), verdict.is_in_doubt());
    (Reverse(told), fingerprint(texts), epoch)
}

impl Tallies {
    /// No tallies; `most` of them are told apart.
    pub fn new(most: usize) -> Self {
        Self { most, ..Self::default() }
    }

    /// The tally of a caller in a span, made without calls when it is new.
    pub fn find(&mut self, caller: [u32; 9], epoch: u32, make: impl FnOnce() -> Tally) -> u32 {
        let Self { list, counts, found, hash, .. } = self;
        let next = list.len() as u32;
        let at = *found
            .entry(
                hash.hash_one((&caller, epoch)),
                |at| list[*at as usize].caller == caller && list[*at as usize].epoch == epoch,
                |at| hash.hash_one((&list[*at as usize].caller, list[*at as usize].epoch)),
            )
            .or_insert(next)
            .get();
        if at == next {
            let tally = make();
            counts.push(Count::new(&tally));
            list.push(tally);
        }
        at
    }

    /// The tally of a caller in a span.
    pub fn get(&self, caller: &[u32; 9], epoch: u32) -> Option<u32> {
        let is = |at: &u32| self.list[*at as usize].caller == *caller && self.list[*at as usize].epoch == epoch;
        self.found.find(self.hash.hash_one((caller, epoch)), is).copied()
    }

    /// Whether callers are folded.
    pub fn are_folded(&self) -> bool {
        self.limit.is_some()
    }

    /// Whether a caller is not told apart from others.
    pub fn folds(&self, verdict: &Verdict, in_window: bool, texts: &[&str; 9], epoch: u32) -> bool {
        self.limit.is_some_and(|limit| rank(verdict, in_window, texts.iter().copied(), epoch) >= limit)
    }

    /// Counts a call of a tally, which names pair and side or not. Gives whether it may have made an order, and where it is
    /// counted by time.
    #[inline]
    pub fn count(
        &mut self,
        at: u32,
        time: i64,
        place: impl FnOnce() -> CallPlace,
        pair_and_side: bool,
    ) -> (bool, Option<Lane>) {
        let count = &mut self.counts[at as usize];
        count.count += 1;
        count.last = count.last.max(time);
        if time <= count.until {
            count.until = self.list[at as usize].keep(place());
        }
        let orders = match count.orders {
            Orders::Never => false,
            Orders::WithPairAndSide => pair_and_side,
            Orders::Always => true,
        };
        (orders, count.lane)
    }

    /// Brings what changes with the calls of some tallies close to the processor: to wait for all of it at once takes less
    /// time than for each in turn.
    #[inline]
    pub fn fetch(&self, tallies: impl Iterator<Item = u32>) {
        let counts = tallies.filter_map(|at| self.counts.get(at as usize));
        std::hint::black_box(counts.fold(0, |sum, count| sum ^ count.count));
    }

    /// The tallies with their counts.
    pub fn settle(&mut self) -> &mut Vec<Tally> {
        for (tally, count) in self.list.iter_mut().zip(&mut self.counts) {
            (tally.count, tally.last) = (count.count, count.last);
            // The earliest call is always among those that are kept.
            tally.first = tally.sample.first().map_or(tally.first, |place| place.time);
        }
        &mut self.list
    }

    /// Whether there are so many that some should be folded.
    pub fn are_many(&self) -> bool {
        self.list.len() > 2 * self.most.max(self.pinned)
    }

    /// Folds tallies beyond those that are told apart. Gives the new number of each.
    ///
    /// `pinned` says which are kept in any case.
    pub fn fold(&mut self, texts: &mut Dictionary, window: &Window, pinned: impl Fn(&Tally) -> bool) -> Vec<u32> {
        self.settle();
        self.addresses.get_or_insert_default();
        self.note_addresses(texts, window);
        let rank = |tally: &Tally| {
            let texts = tally.caller.iter().map(|code| texts.text(*code));
            rank(&tally.verdict, window.holds(tally.first), texts, tally.epoch)
        };
        let mut order: Vec<_> = (0..self.list.len())
            .filter(|&at| !pinned(&self.list[at]) && !self.list[at].folded)
            .map(|at| (rank(&self.list[at]), at))
            .collect();
        let mut leaving = Vec::new();
        if order.len() > self.most {
            order.select_nth_unstable(self.most);
            leaving = order.split_off(self.most);
            self.limit = leaving.first().map(|(rank, _)| *rank);
        }
        let pinned = self.list.len() - order.len() - leaving.len();
        let mut leaves = vec![false; self.list.len()];
        leaving.into_iter().for_each(|(_, at)| leaves[at] = true);
        let mut outlines: FastMap<Outline, [u32; 9]> = FastMap::default();
        let mut kept = Self { addresses: self.addresses.take(), limit: self.limit, pinned, ..Self::new(self.most) };
        let mut numbers = Vec::with_capacity(self.list.len());
        for (at, tally) in std::mem::take(&mut self.list).into_iter().enumerate() {
            let caller = match leaves[at] {
                true => *outlines.entry(tally.outline()).or_insert_with_key(|outline| outline.caller(texts)),
                false => tally.caller,
            };
            numbers.push(kept.add(Tally { caller, folded: tally.folded || leaves[at], ..tally }));
        }
        *self = kept;
        numbers
    }

    /// Adds a tally to that of its caller.
    fn add(&mut self, tally: Tally) -> u32 {
        let at = self.find(tally.caller, tally.epoch, || tally.empty());
        let count = &mut self.counts[at as usize];
        count.count += tally.count;
        count.last = count.last.max(tally.last);
        count.until = self.list[at as usize].keep_all(tally.sample);
        at
    }

    /// Remembers the addresses of the window, once not all of them are kept.
    fn note_addresses(&mut self, texts: &Dictionary, window: &Window) {
        let Some(addresses) = &mut self.addresses else { return };
        for tally in self.list.iter().filter(|tally| !tally.folded && window.holds(tally.first)) {
            let ip = texts.text(tally.caller[3]);
            if !ip.is_empty() {
                addresses.insert(fingerprint([ip].into_iter()));
            }
        }
    }

    /// Remembers the address of a call of the window that is not told apart.
    pub fn note_address(&mut self, ip: &str) {
        if !ip.is_empty() {
            self.addresses.get_or_insert_default().insert(fingerprint([ip].into_iter()));
        }
    }

    /// Whether there are more than are told apart in the end.
    pub fn are_too_many(&self) -> bool {
        self.addresses.is_some() || self.list.len() > self.most
    }

    /// Gives all callers new codes.
    pub fn recode(&mut self, mut code: impl FnMut(&mut u32)) {
        self.settle();
        let list = std::mem::take(&mut self.list);
        self.counts.clear();
        self.found.clear();
        for mut tally in list {
            tally.caller.iter_mut().for_each(&mut code);
            self.add(tally);
        }
    }

    /// How many addresses the window has, where not all of them are kept.
    pub fn addresses(&self) -> Option<u64> {
        self.addresses.as_ref().map(|addresses| addresses.len() as u64)
    }

    /// Adds the tallies of another thread, whose texts have other codes. Gives the new number of each.
    pub fn merge(&mut self, mut other: Self, codes: &[u32]) -> Vec<u32> {
        other.settle();
        if let Some(addresses) = other.addresses {
            self.addresses.get_or_insert_default().extend(addresses);
        }
        let moved = |tally: Tally| {
            let caller = tally.caller.map(|code| codes[code as usize]);
            self.add(Tally { caller, ..tally })
        };
        other.list.into_iter().map(moved).collect()
    }
}

impl Count {
    fn new(tally: &Tally) -> Self {
        let verdict = &tally.verdict;
        let orders = match verdict.class {
            _ if !verdict.outcome.may_have_acted() => Orders::Never,
            class if class.places_orders() => Orders::Always,
            Class::Unclassified => Orders::WithPairAndSide,
            _ => Orders::Never,
        };
        Self { count: 0, last: tally.last, until: i64::MAX, orders, lane: tally.lane }
    }
}

/// A fingerprint of texts, the same on every machine: their bytes by eights, each text behind its length, multiplied in turn
/// (SplitMix64's increment and finalizer, Steele, Lea and Flood 2014).
fn fingerprint<'a>(texts: impl Iterator<Item = &'a str>) -> u64 {
    let mix = |hash: u64, word: u64| (hash ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
    let hash = texts.fold(0xcbf2_9ce4_8422_2325, |hash, text| {
        let (words, rest) = text.as_bytes().as_chunks::<8>();
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        let words = words.iter().chain([&last]).map(|word| u64::from_le_bytes(*word));
        words.fold(mix(hash, text.len() as u64), mix)
    });
    scramble(hash)
}
