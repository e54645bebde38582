//! The tallies of callers while logs are read: found by their codes, added up across threads, and bounded in number.
//!
//! A log may name a caller of its own in every record: an attack from many addresses, or a column that is not what it
//! seems. Beyond [`MOST`] callers the least telling are folded into one tally for each verdict. Which are kept depends on
//! the callers alone: those of the highest rank, and among these the lowest fingerprints. A caller that is among them in
//! the end was so in every part of the logs, so its counts are exact whatever the order of reading.

use std::cmp::Reverse;
use std::hash::BuildHasher;
use std::sync::Mutex;

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use super::activity::Lane;
use super::calls::shown::IP;
use super::calls::{CallPlace, Outline, Tally};
use super::clock_sample::scramble;
use super::dictionary::{Dictionary, FastMap, Hash};
use super::hashing::locked;
use super::series::Series;
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
    /// Those of all callers; the ones without calls are free to be others.
    list: Vec<Tally>,
    counts: Vec<Count>,
    free: Vec<u32>,
    found: HashTable<u32>,
    hash: Hash,
    /// The fingerprints of the addresses of the window, once not all of them are kept.
    addresses: Option<Series<u64>>,
    most: usize,
    /// So many were kept in any case when callers were folded last.
    pinned: usize,
    /// No caller of this rank or a higher one will be told apart.
    limit: Option<Rank>,
}

/// How much a caller tells: the lower, the more.
type Rank = (Reverse<(bool, bool, bool, bool)>, u64, u32);

/// The rank of a caller in a span, by what was decided about it and by the fingerprint of its texts.
fn rank(verdict: &Verdict, in_window: bool, fingerprint: u64, epoch: u32) -> Rank {
    let told = (in_window, verdict.outcome.may_have_entered(), verdict.class.is_sensitive(), verdict.is_in_doubt());
    (Reverse(told), fingerprint, epoch)
}

/// The limit that several threads come to: what one of them rules out by its own callers no other needs to tell apart.
#[derive(Debug, Default)]
pub struct Limit(Mutex<Option<Rank>>);

impl Tallies {
    /// No tallies; `most` of them are told apart.
    pub fn new(most: usize) -> Self {
        Self { most, ..Self::default() }
    }

    /// The tally of a caller in a span, made without calls when it is new.
    pub fn find(&mut self, caller: [u32; 9], epoch: u32, make: impl FnOnce() -> Tally) -> u32 {
        self.entry(&caller, epoch).unwrap_or_else(|new| {
            let tally = make();
            self.put(new, tally);
            new
        })
    }

    /// The tally of a caller in a span, or the number that one which is to be made now will have.
    fn entry(&mut self, caller: &[u32; 9], epoch: u32) -> Result<u32, u32> {
        let Self { list, found, free, hash, .. } = self;
        let next = free.last().copied().unwrap_or(list.len() as u32);
        let entry = found.entry(
            hash.hash_one((caller, epoch)),
            |at| list[*at as usize].caller == *caller && list[*at as usize].epoch == epoch,
            |at| hash.hash_one((&list[*at as usize].caller, list[*at as usize].epoch)),
        );
        match entry {
            Entry::Occupied(known) => Ok(*known.get()),
            Entry::Vacant(new) => Err(*new.insert(next).get()),
        }
    }

    /// The tally of a caller in a span.
    pub fn get(&self, caller: &[u32; 9], epoch: u32) -> Option<u32> {
        let is = |at: &u32| self.list[*at as usize].caller == *caller && self.list[*at as usize].epoch == epoch;
        self.found.find(self.hash.hash_one((caller, epoch)), is).copied()
    }

    /// Tells the limit to other threads, and learns of theirs.
    pub fn share(&mut self, limit: &Limit) {
        let mut lowest = locked(&limit.0);
        *lowest = [*lowest, self.limit].into_iter().flatten().min();
        self.limit = *lowest;
    }

    /// Whether callers are folded.
    pub fn are_folded(&self) -> bool {
        self.limit.is_some()
    }

    /// Whether a caller is not told apart from others.
    pub fn folds(&self, verdict: &Verdict, in_window: bool, fingerprint: u64, epoch: u32) -> bool {
        self.limit.is_some_and(|limit| rank(verdict, in_window, fingerprint, epoch) >= limit)
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

    /// The tallies with their counts; those without calls are none.
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
        2 * self.len() > 3 * self.most.max(self.pinned)
    }

    /// Folds tallies beyond those that are told apart; the numbers of the others stay.
    ///
    /// `pinned` says which are kept in any case.
    pub fn fold(&mut self, texts: &mut Dictionary, window: &Window, pinned: impl Fn(&Tally) -> bool) {
        self.settle();
        self.addresses.get_or_insert_default();
        self.note_addresses(texts, window);
        let rank = |tally: &Tally| rank(&tally.verdict, window.holds(tally.first), tally.fingerprint, tally.epoch);
        let goes = |tally: &Tally| tally.count > 0 && !tally.folded && !pinned(tally);
        let mut order: Vec<_> =
            (0u32..).zip(&self.list).filter(|(_, tally)| goes(tally)).map(|(at, tally)| (rank(tally), at)).collect();
        let mut leaving = Vec::new();
        if order.len() > self.most {
            order.select_nth_unstable(self.most);
            leaving = order.split_off(self.most);
            self.limit = leaving.first().map(|(rank, _)| *rank);
        }
        self.pinned = self.len() - order.len() - leaving.len();
        let mut outlines: FastMap<Outline, [u32; 9]> = FastMap::default();
        for (_, at) in &leaving {
            let tally = &mut self.list[*at as usize];
            let caller = *outlines.entry(tally.outline()).or_insert_with_key(|outline| outline.caller(texts));
            let mut sample = std::mem::take(&mut tally.sample);
            let folded = Tally { caller, folded: true, ..tally.clone() };
            tally.count = 0;
            self.counts[*at as usize].count = 0;
            self.add(folded, &sample);
            // Its room is for the one that comes in its place.
            sample.clear();
            self.list[*at as usize].sample = sample;
        }
        let Self { list, found, free, .. } = self;
        found.retain(|at| list[*at as usize].count > 0);
        free.extend(leaving.into_iter().map(|(_, at)| at));
    }

    /// The codes of the texts of all callers.
    pub fn codes(&self) -> impl Iterator<Item = u32> {
        self.list.iter().filter(|tally| tally.count > 0).flat_map(|tally| tally.caller)
    }

    /// Adds a tally, with its sample, to that of its caller.
    fn add(&mut self, tally: Tally, sample: &[CallPlace]) -> u32 {
        let (added, last) = (tally.count, tally.last);
        let at = self.find(tally.caller, tally.epoch, || tally);
        let count = &mut self.counts[at as usize];
        count.count += added;
        count.last = count.last.max(last);
        count.until = self.list[at as usize].keep_all(sample);
        at
    }

    /// Puts a tally without calls where there is room for it.
    fn put(&mut self, at: u32, tally: Tally) {
        let count = Count::new(&tally);
        if self.free.pop().is_some() {
            let old = &mut self.list[at as usize];
            *old = Tally { sample: std::mem::take(&mut old.sample), ..tally };
            self.counts[at as usize] = count;
        } else {
            self.list.push(tally);
            self.counts.push(count);
        }
    }

    /// How many there are.
    fn len(&self) -> usize {
        self.list.len() - self.free.len()
    }

    /// Remembers the addresses of the window, once not all of them are kept.
    fn note_addresses(&mut self, texts: &Dictionary, window: &Window) {
        let Some(addresses) = &mut self.addresses else { return };
        for tally in self.list.iter().filter(|tally| tally.count > 0 && !tally.folded && window.holds(tally.first)) {
            let ip = texts.text(tally.caller[IP]);
            if !ip.is_empty() {
                addresses.add(fingerprint(SEED, ip));
            }
        }
    }

    /// Remembers the address of a call of the window that is not told apart.
    pub fn note_address(&mut self, ip: &str) {
        if !ip.is_empty() {
            self.addresses.get_or_insert_default().add(fingerprint(SEED, ip));
        }
    }

    /// Whether there are more than are told apart in the end.
    pub fn are_too_many(&self) -> bool {
        self.addresses.is_some() || self.len() > self.most
    }

    /// How many addresses the window has, where not all of them are kept.
    pub fn addresses(&mut self) -> Option<u64> {
        let addresses = self.addresses.as_mut()?;
        addresses.settle();
        Some(addresses.parts().len() as u64)
    }

    /// Adds the tallies of another thread, whose texts have other codes. Gives the new number of each.
    pub fn merge(&mut self, mut other: Self, codes: &[u32]) -> Vec<u32> {
        other.settle();
        if let Some(addresses) = other.addresses {
            self.addresses.get_or_insert_default().extend(addresses);
        }
        let moved = |mut tally: Tally| {
            let caller = tally.caller.map(|code| codes[code as usize]);
            let sample = std::mem::take(&mut tally.sample);
            if tally.count > 0 { self.add(Tally { caller, ..tally }, &sample) } else { 0 }
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

/// What the first of several fingerprints goes on from.
const SEED: u64 = 0xcbf2_9ce4_8422_2325;

/// The fingerprint of texts, one behind the other.
pub fn fingerprint_of<'a>(names: impl Iterator<Item = &'a str>) -> u64 {
    names.fold(SEED, fingerprint)
}

/// The fingerprint of a text behind others, the same on every machine: its bytes by eights, behind its length, multiplied in
/// turn (SplitMix64's increment and finalizer, Steele, Lea and Flood 2014).
pub fn fingerprint(before: u64, text: &str) -> u64 {
    let mix = |hash: u64, word: u64| (hash ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
    let (words, rest) = text.as_bytes().as_chunks::<8>();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let words = words.iter().chain([&last]).map(|word| u64::from_le_bytes(*word));
    scramble(words.fold(mix(before, text.len() as u64), mix))
}
