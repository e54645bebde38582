//! When each key was used, in half hours, and how often it was denied, in tens of seconds: what the rules with finer clocks
//! need of calls that are not kept one by one. Parts add up to the same whatever their order.

use std::net::IpAddr;
use std::num::NonZeroU32;

use super::calls::Hours;
use super::clock_sample::scramble;
use super::dictionary::FastMap;
use super::series::{Part, Series};
use super::tallies::fingerprint_of;
use crate::address::{Address, neighbourhood, parse_ip};
use crate::expectations::Expectations;
use crate::matching::{Verdict, client_family};
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

    /// Whether calls of a place may be among them: no more places than are remembered are told apart.
    pub fn may_hold(&self, mark: u64) -> bool {
        mark == 0 || self.places[PLACES - 1] != 0 || self.places.contains(&mark)
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

impl Part for Bin {
    fn number(&self) -> i64 {
        self.first.div_euclid(BIN)
    }

    fn join(&mut self, other: &Self) {
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
        self.count += other.count;
        other.places.iter().for_each(|mark| self.see(*mark));
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
/// IPv4 /24 or IPv6 /64, with one family of clients; 0 when the address cannot be told. `client` is that of [`client_mark`].
pub fn caller_mark(verdict: &Verdict, address: Address<'_>, client: u64) -> u64 {
    let (kind, place) = match (verdict.network, address.ip) {
        (Some(at), _) => (1, at as u64),
        (None, Some(IpAddr::V4(ip))) => (2, u64::from(ip.to_bits() >> 8)),
        (None, Some(IpAddr::V6(ip))) => (3, (ip.to_bits() >> 64) as u64),
        (None, None) => return 0,
    };
    scramble(scramble(client ^ kind).wrapping_add(place)).max(1)
}

/// The mark of a client's family.
pub fn client_mark(client: &str) -> u64 {
    fingerprint_of([client_family(client).as_str()].into_iter())
}

/// Account, name and id of a key, as codes of texts.
pub type KeyCodes = [u32; 3];

/// How often a key was denied in a bin.
#[derive(Clone, Copy, Debug)]
struct Denied {
    number: u32,
    count: u32,
}

impl Part for Denied {
    fn number(&self) -> i64 {
        self.number.into()
    }

    fn join(&mut self, other: &Self) {
        self.count += other.count;
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

impl Lane {
    /// The same for a caller of the same key and kind at another place.
    pub fn of(self, mark: u64) -> Self {
        Self { mark, ..self }
    }
}

/// The uses of a key of one kind.
#[derive(Clone, Debug)]
struct Slot {
    key: KeyCodes,
    kind: Use,
    /// The beginning of the bin that was added last.
    start: i64,
    bins: Series<Bin>,
    denials: Series<Denied>,
}

impl Slot {
    fn new(key: KeyCodes, kind: Use) -> Self {
        Self { key, kind, start: NONE, bins: Series::default(), denials: Series::default() }
    }

    /// Begins another bin.
    fn enter(&mut self, time: i64) {
        self.start = time - time.rem_euclid(BIN);
        self.bins.push(Bin::EMPTY);
    }

    fn settle(&mut self) {
        self.start = NONE;
        self.bins.settle();
        self.denials.settle();
    }
}

/// Where no bin begins.
const NONE: i64 = i64::MIN / 2;

/// When keys were used.
#[derive(Clone, Debug, Default)]
pub struct Activity {
    slots: Vec<Slot>,
    known: FastMap<(KeyCodes, Use), u32>,
    /// Whether there were too many keys.
    over: bool,
}

impl Activity {
    /// Where the calls of a caller are counted; `None` for those that say nothing on their key. `mark` is that of its place,
    /// 0 where that is not known.
    pub fn lane(&mut self, key: KeyCodes, verdict: &Verdict, mark: u64) -> Option<Lane> {
        let kind = Use::of(verdict).filter(|_| !self.over)?;
        let slot = self.slot(key, kind);
        self.limit();
        Some(Lane { slot: NonZeroU32::new(slot + 1)?, mark })
    }

    /// The number of the slot of a key and kind.
    fn slot(&mut self, key: KeyCodes, kind: Use) -> u32 {
        let next = self.slots.len() as u32;
        let slot = *self.known.entry((key, kind)).or_insert(next);
        if slot == next {
            self.slots.push(Slot::new(key, kind));
        }
        slot
    }

    /// Counts a call.
    #[inline(always)]
    pub fn count(&mut self, lane: Lane, time: i64) {
        let Some(slot) = self.slots.get_mut(lane.slot.get() as usize - 1) else { return };
        if !(slot.start..slot.start + BIN).contains(&time) {
            slot.enter(time);
        }
        let Some(bin) = slot.bins.last_mut() else { return };
        bin.first = bin.first.min(time);
        bin.last = bin.last.max(time);
        bin.count += 1;
        if !bin.places.contains(&lane.mark) {
            bin.see(lane.mark);
        }
        if slot.kind.is_denied() {
            // Times are those of the years 2000 to 2200.
            let number = u32::try_from(time.div_euclid(DENIAL_BIN)).unwrap_or_default();
            slot.denials.add(Denied { number, count: 1 });
        }
    }

    /// Adds up all bins, once nothing more is counted.
    pub fn settle(&mut self) {
        self.slots.iter_mut().for_each(Slot::settle);
    }

    /// The codes of the texts of all keys.
    pub fn codes(&self) -> impl Iterator<Item = u32> {
        self.slots.iter().flat_map(|slot| slot.key)
    }

    /// Adds another part, whose texts have other codes.
    pub fn merge(&mut self, other: Self, codes: &[u32]) {
        for slot in other.slots {
            let at = self.slot(slot.key.map(|code| codes[code as usize]), slot.kind);
            let own = &mut self.slots[at as usize];
            own.start = NONE;
            own.bins.extend(slot.bins);
            own.denials.extend(slot.denials);
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
        let slots = self.slots.iter().filter(|slot| account(slot.key[0])).cloned().collect();
        Self { slots, known: FastMap::default(), over: self.over }
    }

    /// The hours with calls: first, last and number.
    pub fn hours(&self) -> Hours {
        let mut hours = Hours::new();
        for (_, _, bin) in self.bins() {
            let hour = hours.entry(bin.first.div_euclid(HOUR)).or_insert((bin.first, bin.last, 0));
            *hour = (hour.0.min(bin.first), hour.1.max(bin.last), hour.2 + bin.count);
        }
        hours
    }

    /// Whether there are too many keys to tell anything of any.
    pub fn is_over(&self) -> bool {
        self.over
    }

    /// All bins: key, kind, and the bin; those of one key and kind in order of time.
    pub fn bins(&self) -> impl Iterator<Item = (KeyCodes, Use, &Bin)> {
        self.slots.iter().flat_map(|slot| slot.bins.parts().iter().map(|bin| (slot.key, slot.kind, bin)))
    }

    /// Denials, by key: kind, when, and how many.
    pub fn denials(&self) -> impl Iterator<Item = (KeyCodes, Use, i64, u32)> {
        let of =
            |slot: &Slot, denied: &Denied| (slot.key, slot.kind, i64::from(denied.number) * DENIAL_BIN, denied.count);
        self.slots.iter().flat_map(move |slot| slot.denials.parts().iter().map(move |denied| of(slot, denied)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::{Caller, Inventory, judge};

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
    fn places_and_families_of_clients_have_marks_of_their_own() {
        let unlisted = judge(&Caller::default(), None, &Inventory::default(), 0);
        let mark = |ip: &str, client: &str| caller_mark(&unlisted, Address::new(ip), client_mark(client));
        assert_ne!(mark("203.0.113.9", "bot/1"), mark("203.0.114.9", "bot/1"));
        assert_ne!(mark("203.0.113.9", "bot/1"), mark("203.0.113.9", "other/1"));
        assert_eq!(mark("203.0.113.9", "bot/1"), mark("203.0.113.10", "Bot/2"));
        assert_eq!(mark("2001:db8::1", "bot"), mark("2001:db8::2", "bot"));
        let listed = Verdict { network: Some(1), ..unlisted.clone() };
        let at = |ip: &str| caller_mark(&listed, Address::new(ip), 0);
        assert_eq!(at("203.0.113.9"), at("198.51.100.1"));
        assert_eq!(mark("-", "bot"), 0);
    }
}
