//! Who made the calls: finds the tally of each caller, judges it when it is new, and decides whether it is told apart.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr};

use super::activity::{Activity, Lane, caller_mark, client_mark};
use super::calls::shown::{ACCOUNT, CLIENT, IP, OF_KEY, OPERATION};
use super::calls::{MANY, Outline, Tally, caller};
use super::cells;
use super::dictionary::{Dictionary, FastMap};
use super::layout::{SIDE, SYMBOL};
use super::rejects::Fault;
use super::tallies::{Tallies, fingerprint, fingerprint_of};
use crate::address::{Address, of_chain, parse_ip};
use crate::expectations::Expectations;
use crate::matching::{Caller, Inventory, Verdict, judge};
use crate::reference::Class;
use crate::settings::Window;

/// So many verdicts on callers but for their addresses are remembered.
const REMEMBERED: usize = 1 << 16;

/// A name of a call: the code of its text, or a text whose code was not looked up.
#[derive(Clone, Debug)]
pub enum Name<'t> {
    /// The code.
    Code(u32),
    /// The text.
    Text(Cow<'t, str>),
    /// The text of an address, and what it is read as.
    Ip(Cow<'t, str>, Option<IpAddr>),
}

impl Name<'_> {
    /// The text.
    pub fn text<'s>(&'s self, texts: &'s Dictionary) -> &'s str {
        match self {
            Self::Code(code) => texts.text(*code),
            Self::Text(text) | Self::Ip(text, _) => text,
        }
    }

    /// The address that the text is.
    fn address<'s>(&'s self, texts: &'s Dictionary) -> Address<'s> {
        match self {
            Self::Ip(text, ip) => Address { text, ip: *ip },
            name => Address::new(name.text(texts)),
        }
    }

    /// Puts a code where nothing is named.
    pub fn or(&mut self, code: u32) {
        if matches!(self, Self::Code(0)) {
            *self = Self::Code(code);
        }
    }

    /// The code, if the text has one.
    fn known(&self, texts: &Dictionary) -> Option<u32> {
        match self {
            Self::Code(code) => Some(*code),
            Self::Text(text) | Self::Ip(text, _) => texts.find(text),
        }
    }

    /// The code; a new text gets one.
    pub fn code(&self, texts: &mut Dictionary) -> u32 {
        match self {
            Self::Code(code) => *code,
            Self::Text(text) | Self::Ip(text, _) => texts.code(text),
        }
    }
}

/// A tally that was found.
#[derive(Clone, Copy, Debug, Default)]
pub struct Found {
    /// Its number.
    pub tally: u32,
    /// Whether it stands for callers that are not told apart.
    pub folded: bool,
    /// Where the calls of this one caller among them are counted by time.
    pub lane: Option<Lane>,
}

/// What holds for the callers of a span that differ in their addresses alone.
#[derive(Clone)]
pub struct Kind {
    /// The verdict at one of the addresses.
    verdict: Verdict,
    /// The fingerprint of the other names.
    others: u64,
    /// The mark of the client.
    client: u64,
    /// What was found last for one that is not told apart, with the verdict on it.
    last: Option<(Verdict, Found)>,
}

/// What was decided about a caller.
struct Judged {
    verdict: Verdict,
    /// The fingerprint of its names.
    fingerprint: u64,
    /// The mark of its place.
    mark: u64,
    /// What was found for another of its kind with that verdict, as it is for this one.
    last: Option<Found>,
}

impl Kind {
    fn new(caller: &Caller<'_>, account: &str, verdict: Verdict) -> Self {
        let Caller { key_name, key, client, method, operation, status, code, .. } = *caller;
        let others = [account, key_name, key, client, method, operation, status, code];
        let others = fingerprint_of(others.into_iter());
        Self { verdict, others, client: client_mark(client), last: None }
    }

    /// Judges the caller of this kind at an address.
    fn at(&self, address: Address<'_>, expectations: Option<&Expectations>, start: i64) -> Judged {
        let verdict = self.verdict.at_address(address, expectations, start);
        let mark = caller_mark(&verdict, address, self.client);
        let last = self.last.as_ref().filter(|(last, _)| *last == verdict).map(|(_, found)| *found);
        let last = last.map(|found| Found { lane: found.lane.map(|lane| lane.of(mark)), ..found });
        Judged { verdict, fingerprint: fingerprint(self.others, address.text), mark, last }
    }
}

/// The callers that one thread met.
pub struct Callers<'a> {
    /// Their texts.
    pub texts: Dictionary,
    /// Their tallies.
    pub tallies: Tallies,
    expectations: Option<&'a Expectations>,
    inventory: &'a Inventory,
    window: Window,
    /// With orders to explain, a caller that may have made one is always told apart.
    any_orders: bool,
    /// What holds for callers, by the codes of all names but the address, and the span.
    kinds: FastMap<([u32; 8], u32), Kind>,
    /// The tallies of callers that are not told apart.
    outlines: FastMap<(Outline, u32), u32>,
}

impl<'a> Callers<'a> {
    /// No callers; `most` of them are told apart.
    pub fn new(
        expectations: Option<&'a Expectations>,
        inventory: &'a Inventory,
        window: Window,
        any_orders: bool,
        most: usize,
    ) -> Self {
        Self {
            texts: Dictionary::default(),
            tallies: Tallies::new(most),
            expectations,
            inventory,
            window,
            any_orders,
            kinds: FastMap::default(),
            outlines: FastMap::default(),
        }
    }

    /// The tally of a caller in a span of expectations that begins at `start`; `time` is that of the call.
    pub fn find(
        &mut self,
        names: &[Name<'_>; 9],
        (epoch, start): (u32, i64),
        time: i64,
        activity: &mut Activity,
    ) -> Found {
        // Where callers are folded, most are not among those that have a tally: their ranks are known sooner.
        let folding = self.tallies.are_folded();
        if !folding && let Some(found) = self.find_told(names, epoch) {
            return found;
        }
        let judged = self.judge(names, epoch, start);
        let in_window = self.window.holds(time);
        let pinned = self.any_orders && may_order(&judged.verdict);
        if !pinned && self.tallies.folds(&judged.verdict, in_window, judged.fingerprint, epoch) {
            if in_window {
                self.tallies.note_address(names[IP].text(&self.texts));
            }
            return match judged.last {
                Some(found) => found,
                None => self.find_folded(names, judged, epoch, time, activity),
            };
        }
        if folding && let Some(found) = self.find_told(names, epoch) {
            return found;
        }
        let codes = names.each_ref().map(|name| name.code(&mut self.texts));
        let Judged { verdict, fingerprint, mark, .. } = judged;
        let lane = activity.lane(OF_KEY.map(|at| codes[at]), &verdict, mark);
        let new = || Tally { fingerprint, ..Tally::new(codes, epoch, verdict, time, lane) };
        Found { tally: self.tallies.find(codes, epoch, new), ..Found::default() }
    }

    /// What holds for a caller and its like, once one of them was found not to be told apart.
    pub fn kind(&self, names: &[Name<'_>; 9], epoch: u32) -> Option<&Kind> {
        self.kinds.get(&(known(others(names), &self.texts)?, epoch))
    }

    /// What [`Self::find`] gives for a caller of a kind, where that is as for the last one that was not told apart.
    pub fn find_alike(
        &mut self,
        kind: &Kind,
        address: Address<'_>,
        (epoch, start): (u32, i64),
        time: i64,
    ) -> Option<Found> {
        let Judged { verdict, fingerprint, last, .. } = kind.at(address, self.expectations, start);
        let found = last?;
        let in_window = self.window.holds(time);
        let pinned = self.any_orders && may_order(&verdict);
        if pinned || !self.tallies.folds(&verdict, in_window, fingerprint, epoch) {
            return None;
        }
        if in_window {
            self.tallies.note_address(address.text);
        }
        Some(found)
    }

    /// The tally of a caller that is told apart, when it has one.
    fn find_told(&self, names: &[Name<'_>; 9], epoch: u32) -> Option<Found> {
        let codes = known(names.each_ref(), &self.texts)?;
        let tally = self.tallies.get(&codes, epoch)?;
        Some(Found { tally, ..Found::default() })
    }

    /// The tally of callers that are not told apart from one that was judged.
    fn find_folded(
        &mut self,
        names: &[Name<'_>; 9],
        Judged { verdict, mark, .. }: Judged,
        epoch: u32,
        time: i64,
        activity: &mut Activity,
    ) -> Found {
        let empty = [IP, CLIENT].map(|at| names[at].text(&self.texts).is_empty());
        // The codes of keys are few, or nothing is told of any.
        let coded = !activity.is_over() || verdict.key.index().is_some();
        let key = OF_KEY.map(|at| match &names[at] {
            Name::Text(_) if !coded => self.texts.code(MANY),
            name => name.code(&mut self.texts),
        });
        let lane = activity.lane(key, &verdict, mark);
        let outline = Outline::new(key[0], [key[1], key[2]], empty, verdict.clone());
        let Self { outlines, tallies, texts, kinds, .. } = self;
        let tally = *outlines.entry((outline, epoch)).or_insert_with_key(|(outline, _)| {
            let caller = outline.caller(texts);
            let new = || Tally { folded: true, ..Tally::new(caller, epoch, outline.verdict().clone(), time, lane) };
            tallies.find(caller, epoch, new)
        });
        let found = Found { tally, folded: true, lane };
        if let Some(kind) = known(others(names), texts).and_then(|codes| kinds.get_mut(&(codes, epoch))) {
            kind.last = Some((verdict, found));
        }
        found
    }

    /// Judges a caller: anew only where more than its address is.
    fn judge(&mut self, names: &[Name<'_>; 9], epoch: u32, start: i64) -> Judged {
        let Self { texts, expectations, inventory, kinds, .. } = self;
        let new = || {
            let all: [&str; 9] = std::array::from_fn(|at| names[at].text(texts));
            let caller = caller(&all);
            Kind::new(&caller, all[ACCOUNT], judge(&caller, *expectations, inventory, start))
        };
        let at = |kind: &Kind| kind.at(names[IP].address(texts), *expectations, start);
        let Some(codes) = known(others(names), texts) else { return at(&new()) };
        if kinds.len() >= REMEMBERED {
            kinds.clear();
        }
        at(kinds.entry((codes, epoch)).or_insert_with(new))
    }

    /// Folds callers beyond those that are told apart, and forgets the texts that only they had; `others` are the codes of
    /// those that are of use besides.
    pub fn fold(&mut self, others: impl Iterator<Item = u32>) {
        let Self { tallies, texts, window, any_orders, .. } = self;
        tallies.fold(texts, window, |tally| *any_orders && may_order(&tally.verdict));
        texts.retain(others.chain(tallies.codes()));
        self.kinds.clear();
    }
}

/// Whether a call with a verdict may have made an order.
fn may_order(verdict: &Verdict) -> bool {
    verdict.class.places_orders() || verdict.class == Class::Unclassified
}

/// What a cell says of a name; addresses and pairs have one text for all their spellings.
///
/// # Errors
/// When it is no text.
pub fn name<'t>(name: usize, cell: &'t [u8], expectations: Option<&Expectations>) -> Result<Name<'t>, Fault> {
    let Some(text) = cells::text(cell)? else { return Ok(Name::Code(0)) };
    if name == IP {
        let (text, ip) = canonical_ip(text, expectations);
        return Ok(Name::Ip(text, ip));
    }
    Ok(Name::Text(match name {
        OPERATION => Cow::Borrowed(without_query(text)),
        SYMBOL => cells::symbol(text),
        SIDE => Cow::Borrowed(cells::side(text).unwrap_or_default()),
        _ => Cow::Borrowed(text),
    }))
}

/// All names but the address.
fn others<'n, 't>(names: &'n [Name<'t>; 9]) -> [&'n Name<'t>; 8] {
    let [account, key_name, key, _, client, method, operation, status, code] = names;
    [account, key_name, key, client, method, operation, status, code]
}

/// The codes of names, where all have one.
fn known<const NAMES: usize>(names: [&Name<'_>; NAMES], texts: &Dictionary) -> Option<[u32; NAMES]> {
    let mut codes = [0; NAMES];
    for (code, name) in codes.iter_mut().zip(names) {
        *code = name.known(texts)?;
    }
    Some(codes)
}

/// One text for all spellings of an address, of a list of them the one that counts, and that address; what is none stays as
/// it stands.
pub fn canonical_ip<'t>(text: &'t str, expectations: Option<&Expectations>) -> (Cow<'t, str>, Option<IpAddr>) {
    // Four numbers and points are an address in one spelling alone.
    if let Ok(ip) = text.parse::<Ipv4Addr>() {
        return (Cow::Borrowed(text), Some(ip.into()));
    }
    let networks = expectations.map(|e| e.networks.as_slice()).unwrap_or_default();
    let listed = |ip| networks.iter().flat_map(|network| &network.cidrs).any(|net| net.contains(&ip));
    let ip = parse_ip(text).or_else(|| of_chain(text, &listed));
    (ip.map_or(Cow::Borrowed(text), |ip| Cow::Owned(ip.to_string())), ip)
}

/// A logged path without its query: signed requests differ in it every time, and it may hold a signature.
pub fn without_query(operation: &str) -> &str {
    match operation.split_once('?') {
        Some((path, _)) if path.contains('/') => path,
        _ => operation,
    }
}
