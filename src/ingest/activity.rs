//! When each key was used, in half hours, and how often it was denied, in tens of seconds: what the rules with finer clocks
//! need of calls that are not kept one by one. Parts add up to the same whatever their order.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::num::NonZeroU32;

use super::calls::Hours;
use super::dictionary::FastMap;
use crate::address::{neighbourhood, parse_ip};
use crate::expectations::Expectations;
use crate::matching::{Caller, Verdict};
use crate::reference::Outcome;
use crate::time::{HOUR, MINUTE, SECOND};

/// The width of a bin.
pub const BIN: i64 = 30 * MINUTE;
/// The width of a bin of denials.
pub const DENIAL_BIN: i64 = 10 * SECOND;
/// Places remembered of a bin: more than one is news, which ones the tallies know.
const PLACES: usize = 4;

/// What kind of use of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Use {
    /// Let in, nothing odd about it, no change of money, orders or rights.
    Own,
    /// The same with such a change.
    OwnAct,
    /// Let in, and something is odd about it.
    Odd,
    /// The same with a change of money, orders or rights.
    OddAct,
    /// Denied, and would not have changed anything.
    DeniedRead,
    /// Denied.
    Denied,
}

impl Use {
    /// The kind of calls with a verdict; `None` for those that say nothing on the key.
    pub fn of(verdict: &Verdict) -> Option<Self> {
        let sensitive = verdict.class.is_sensitive();
        let acted = sensitive && verdict.outcome.may_have_acted();
        match (verdict.outcome, !verdict.is_in_doubt()) {
            (Outcome::Refused, _) => None,
            (Outcome::Denied, _) => Some(if sensitive { Self::Denied } else { Self::DeniedRead }),
            (_, true) => Some(if acted { Self::OwnAct } else { Self::Own }),
            (_, false) => Some(if acted { Self::OddAct } else { Self::Odd }),
        }
    }

    /// Whether the exchange let the caller in.
    pub fn entered(self) -> bool {
        !self.is_denied()
    }

    /// Whether the exchange denied it.
    pub fn is_denied(self) -> bool {
        matches!(self, Self::Denied | Self::DeniedRead)
    }

    /// Whether money, orders or rights were changed.
    pub fn acted(self) -> bool {
        matches!(self, Self::OwnAct | Self::OddAct)
    }

    /// Whether nothing was odd about it.
    pub fn is_own(self) -> bool {
        matches!(self, Self::Own | Self::OwnAct)
    }
}

/// The uses of one kind in one half hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bin {
    /// The first.
    pub first: i64,
    /// The last.
    pub last: i64,
    /// How many.
    pub count: u64,
    /// The lowest of the marks of their places (see [`caller_mark`]), in order; 0 for none.
    pub places: [u64; PLACES],
}

impl Bin {
    const EMPTY: Self = Self { first: i64::MAX, last: i64::MIN, count: 0, places: [0; PLACES] };

    fn join(&mut self, other: &Self) {
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
        self.count += other.count;
        other.places.iter().for_each(|mark| self.see(*mark));
    }

    fn see(&mut self, mark: u64) {
        if mark == 0 {
            return;
        }
        let at = self.places.iter().position(|known| *known == 0 || *known >= mark).unwrap_or(PLACES);
        if at < PLACES && self.places[at] != mark {
            self.places[at..].rotate_right(1);
            self.places[at] = mark;
        }
    }
}

/// The listed network that an address belongs to, else the IPv4 /24 or IPv6 /64 it is in; empty when there is no address.
pub fn network(expectations: Option<&Expectations>, verdict: &Verdict, ip: &str) -> String {
    match (verdict.network.zip(expectations), parse_ip(ip)) {
        (Some((at, expectations)), _) => expectations.networks[at].name.clone(),
        (None, Some(ip)) => neighbourhood(ip).to_string(),
        (None, None) => String::new(),
    }
}

/// The mark of a caller's place: a number that is equal for all addresses of one listed network, and else for those of one
/// IPv4 /24 or IPv6 /64, with one family of clients; 0 when the address cannot be told. Made once per caller, of which there
/// may be millions.
pub fn caller_mark(verdict: &Verdict, caller: &Caller<'_>) -> u64 {
    let place = match (verdict.network, parse_ip(caller.ip)) {
        (Some(at), _) => at as u128,
        (None, Some(IpAddr::V4(ip))) => 1 << 64 | u128::from(ip.to_bits() >> 8),
        (None, Some(IpAddr::V6(ip))) => 2 << 64 | ip.to_bits() >> 64,
        (None, None) => return 0,
    };
    place_mark(place, caller.client)
}

fn place_mark(place: u128, client: &str) -> u64 {
    let family = client.bytes().take_while(|byte| !matches!(byte, b'/' | b' ')).map(|byte| byte.to_ascii_lowercase());
    // FNV-1a (Fowler, Noll and Vo): the same on every machine.
    let bytes = place.to_le_bytes().into_iter().chain(family);
    bytes.fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)).max(1)
}

/// Account, name and id of a key, as codes of texts.
pub type KeyCodes = [u32; 3];

/// When a key was denied: the numbers of the bins, and how often in each. There may be millions of them.
#[derive(Clone, Debug, Default)]
struct Denials(Vec<(u32, u32)>);

impl Denials {
    fn add(&mut self, number: i64, count: u32) {
        // Times are those of the years 2000 to 2200.
        let number = u32::try_from(number).unwrap_or_default();
        match self.0.last_mut() {
            Some((last, known)) if *last == number => *known += count,
            _ => {
                if self.0.len() == self.0.capacity() {
                    self.settle();
                    self.0.reserve(self.0.len());
                }
                self.0.push((number, count));
            }
        }
    }

    /// Adds up what belongs to one bin, and puts the bins in order.
    fn settle(&mut self) {
        if self.0.is_sorted_by(|one, next| one.0 < next.0) {
            return;
        }
        self.0.sort_unstable();
        self.0.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            kept.1 += if same { next.1 } else { 0 };
            same
        });
    }
}

/// So many keys and kinds of use are told apart: a log that names a key of its own in every record tells nothing of any.
const MOST: usize = 1 << 16;

/// Where the calls of a caller are counted.
#[derive(Clone, Copy, Debug)]
pub struct Lane {
    /// The number of the slot, from 1.
    slot: NonZeroU32,
    mark: u64,
}

/// The uses of a key of one kind.
#[derive(Clone, Debug)]
struct Slot {
    key: KeyCodes,
    kind: Use,
    /// The beginning of the bin at hand.
    start: i64,
    /// That bin, not yet put to the others; empty before the first call.
    bin: Bin,
    /// The same of denials.
    denied: (i64, u32),
}

impl Slot {
    fn new(key: KeyCodes, kind: Use) -> Self {
        Self { key, kind, start: 0, bin: Bin::EMPTY, denied: (0, 0) }
    }

    /// Begins another bin.
    fn enter(&mut self, time: i64, bins: &mut BTreeMap<(KeyCodes, Use, i64), Bin>) {
        self.put_away(bins);
        self.start = time - time.rem_euclid(BIN);
    }

    fn count_denial(&mut self, time: i64, denials: &mut BTreeMap<(KeyCodes, Use), Denials>) {
        let number = time.div_euclid(DENIAL_BIN);
        if number != self.denied.0 {
            self.put_away_denials(denials);
            self.denied = (number, 0);
        }
        self.denied.1 += 1;
    }

    fn put_away_denials(&mut self, denials: &mut BTreeMap<(KeyCodes, Use), Denials>) {
        let (number, count) = std::mem::take(&mut self.denied);
        if count > 0 {
            denials.entry((self.key, self.kind)).or_default().add(number, count);
        }
    }

    /// Puts the bin at hand to the others.
    fn put_away(&mut self, bins: &mut BTreeMap<(KeyCodes, Use, i64), Bin>) {
        if self.bin.count > 0 {
            let bin = std::mem::replace(&mut self.bin, Bin::EMPTY);
            join(bins, (self.key, self.kind, self.start), &bin);
        }
    }
}

/// When keys were used.
#[derive(Clone, Debug, Default)]
pub struct Activity {
    slots: Vec<Slot>,
    known: FastMap<(KeyCodes, Use), u32>,
    bins: BTreeMap<(KeyCodes, Use, i64), Bin>,
    denials: BTreeMap<(KeyCodes, Use), Denials>,
    /// Whether there were too many keys.
    over: bool,
}

impl Activity {
    /// Where the calls of a caller are counted; `None` for those that say nothing on their key. `mark` is that of its place,
    /// 0 where that is not known.
    pub fn lane(&mut self, key: KeyCodes, verdict: &Verdict, mark: u64) -> Option<Lane> {
        let kind = Use::of(verdict).filter(|_| !self.over)?;
        let next = self.slots.len() as u32;
        let slot = *self.known.entry((key, kind)).or_insert(next);
        if slot == next {
            self.slots.push(Slot::new(key, kind));
            self.limit();
        }
        Some(Lane { slot: NonZeroU32::new(slot + 1)?, mark })
    }

    /// Counts a call.
    #[inline(always)]
    pub fn count(&mut self, lane: Lane, time: i64) {
        let Some(slot) = self.slots.get_mut(lane.slot.get() as usize - 1) else { return };
        if !(slot.start..slot.start + BIN).contains(&time) {
            slot.enter(time, &mut self.bins);
        }
        let bin = &mut slot.bin;
        bin.first = bin.first.min(time);
        bin.last = bin.last.max(time);
        bin.count += 1;
        if !bin.places.contains(&lane.mark) {
            bin.see(lane.mark);
        }
        if slot.kind.is_denied() {
            slot.count_denial(time, &mut self.denials);
        }
    }

    /// Puts all bins at hand to the others, once nothing more is counted.
    pub fn settle(&mut self) {
        for slot in &mut self.slots {
            slot.put_away(&mut self.bins);
            slot.put_away_denials(&mut self.denials);
        }
        self.denials.values_mut().for_each(Denials::settle);
    }

    /// Gives all keys new codes; callers' lanes stay.
    pub fn recode(&mut self, code: &mut dyn FnMut(&mut u32)) {
        self.settle();
        let mut moved = |mut key: KeyCodes| {
            key.iter_mut().for_each(&mut *code);
            key
        };
        for slot in &mut self.slots {
            slot.key = moved(slot.key);
        }
        self.known = (0..).zip(&self.slots).map(|(at, slot)| ((slot.key, slot.kind), at)).collect();
        let bins = std::mem::take(&mut self.bins);
        bins.into_iter().for_each(|((key, kind, number), bin)| join(&mut self.bins, (moved(key), kind, number), &bin));
        let denials = std::mem::take(&mut self.denials);
        self.denials = denials.into_iter().map(|((key, kind), list)| ((moved(key), kind), list)).collect();
    }

    /// Adds another part, whose texts have other codes.
    pub fn merge(&mut self, mut other: Self, codes: &[u32]) {
        other.settle();
        self.settle();
        let moved = |key: KeyCodes| key.map(|code| codes[code as usize]);
        for slot in &other.slots {
            let next = self.slots.len() as u32;
            if *self.known.entry((moved(slot.key), slot.kind)).or_insert(next) == next {
                self.slots.push(Slot::new(moved(slot.key), slot.kind));
            }
        }
        for ((key, kind, number), bin) in other.bins {
            join(&mut self.bins, (moved(key), kind, number), &bin);
        }
        for ((key, kind), list) in other.denials {
            let own = self.denials.entry((moved(key), kind)).or_default();
            list.0.into_iter().for_each(|(number, count)| own.add(number.into(), count));
            own.settle();
        }
        self.over |= other.over;
        self.limit();
    }

    /// Forgets everything once there are too many keys, in whatever part that shows first.
    fn limit(&mut self) {
        if self.over || self.known.len() > MOST {
            *self = Self { over: true, ..Self::default() };
        }
    }

    /// What belongs to some of the accounts, by their codes. Nothing more is to be counted in it.
    pub fn of(&self, account: impl Fn(u32) -> bool) -> Self {
        let own = |key: &KeyCodes| account(key[0]);
        Self {
            bins: self.bins.iter().filter(|((key, ..), _)| own(key)).map(|(at, bin)| (*at, *bin)).collect(),
            denials: self
                .denials
                .iter()
                .filter(|((key, _), _)| own(key))
                .map(|(at, list)| (*at, list.clone()))
                .collect(),
            over: self.over,
            ..Self::default()
        }
    }

    /// The hours with calls: first, last and number.
    pub fn hours(&self) -> Hours {
        let mut hours = Hours::new();
        for ((_, _, start), bin) in &self.bins {
            let hour = hours.entry(start.div_euclid(HOUR)).or_insert((bin.first, bin.last, 0));
            *hour = (hour.0.min(bin.first), hour.1.max(bin.last), hour.2 + bin.count);
        }
        hours
    }

    /// Whether there are too many keys to tell anything of any.
    pub fn is_over(&self) -> bool {
        self.over
    }

    /// All bins: key, kind, and the bin.
    pub fn bins(&self) -> impl Iterator<Item = (KeyCodes, Use, &Bin)> {
        self.bins.iter().map(|((key, kind, _), bin)| (*key, *kind, bin))
    }

    /// Denials, by key: kind, when, and how many.
    pub fn denials(&self) -> impl Iterator<Item = (KeyCodes, Use, i64, u32)> {
        self.denials.iter().flat_map(|((key, kind), Denials(list))| {
            list.iter().map(|(number, count)| (*key, *kind, i64::from(*number) * DENIAL_BIN, *count))
        })
    }
}

fn join(bins: &mut BTreeMap<(KeyCodes, Use, i64), Bin>, at: (KeyCodes, Use, i64), bin: &Bin) {
    bins.entry(at).and_modify(|known| known.join(bin)).or_insert(*bin);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bin_remembers_the_lowest_marks_whatever_their_order() {
        let bin = |marks: &[u64]| {
            let mut bin = Bin { first: 0, last: 0, count: 0, places: [0; PLACES] };
            marks.iter().for_each(|mark| bin.see(*mark));
            bin
        };
        assert_eq!(bin(&[5, 3, 9, 3, 1, 7]).places, [1, 3, 5, 7]);
        assert_eq!(bin(&[7, 1, 9, 5, 3]), bin(&[9, 3, 5, 7, 1, 1]));
        let mut joined = bin(&[5, 9]);
        joined.join(&bin(&[7, 1, 3]));
        assert_eq!(joined.places, [1, 3, 5, 7]);
    }

    #[test]
    fn denials_add_up_in_any_order() {
        let mut random = fastrand::Rng::with_seed(5);
        let mut counts = BTreeMap::new();
        let mut denials = Denials::default();
        for _ in 0..5_000 {
            let number = random.i64(100..700);
            denials.add(number, 1);
            *counts.entry(number as u32).or_insert(0) += 1;
        }
        denials.settle();
        assert_eq!(denials.0, counts.into_iter().collect::<Vec<(u32, u32)>>());
        assert!(denials.0.capacity() < 2_500);
    }

    #[test]
    fn places_and_families_of_clients_have_marks_of_their_own() {
        assert_ne!(place_mark(1, "bot/1"), place_mark(2, "bot/1"));
        assert_ne!(place_mark(1, "bot/1"), place_mark(1, "other/1"));
        assert_eq!(place_mark(1, "bot/1"), place_mark(1, "Bot/2"));
    }
}
