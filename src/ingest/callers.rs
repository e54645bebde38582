//! Who made the calls: finds the tally of each caller, judges it when it is new, and decides whether it is told apart.

use std::borrow::Cow;
use std::net::Ipv4Addr;

use hashbrown::hash_map::Entry;

use super::activity::{Activity, Lane, caller_mark};
use super::calls::{MANY, Outline, Tally, caller};
use super::cells;
use super::dictionary::{Dictionary, FastMap};
use super::layout::{SIDE, SYMBOL};
use super::rejects::Fault;
use super::tallies::Tallies;
use crate::address::{of_chain, parse_ip};
use crate::expectations::Expectations;
use crate::matching::{Inventory, Verdict, judge};
use crate::reference::Class;
use crate::settings::Window;

/// Where account, address and operation stand among the names of a call.
pub const ACCOUNT: usize = 0;
pub const IP: usize = 3;
pub const OPERATION: usize = 6;
/// So many verdicts on callers but for their addresses are remembered.
const REMEMBERED: usize = 1 << 16;

/// A name of a call: the code of its text, or a text whose code was not looked up.
#[derive(Clone, Debug)]
pub enum Name<'t> {
    /// The code.
    Code(u32),
    /// The text.
    Text(Cow<'t, str>),
}

impl Name<'_> {
    /// The text.
    pub fn text<'s>(&'s self, texts: &'s Dictionary) -> &'s str {
        match self {
            Self::Code(code) => texts.text(*code),
            Self::Text(text) => text,
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
            Self::Text(text) => texts.find(text),
        }
    }

    /// The code; a new text gets one.
    pub fn code(&self, texts: &mut Dictionary) -> u32 {
        match self {
            Self::Code(code) => *code,
            Self::Text(text) => texts.code(text),
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
    /// Verdicts by the codes of all names but the address, and the span.
    verdicts: FastMap<([u32; 8], u32), Verdict>,
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
            verdicts: FastMap::default(),
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
        let find = |callers: &Self| {
            let codes = known(names.each_ref(), &callers.texts)?;
            callers.tallies.get(&codes, epoch)
        };
        // Where callers are folded, most are not among those that have a tally: their ranks are known sooner.
        let folding = self.tallies.are_folded();
        if let Some(tally) = if folding { None } else { find(self) } {
            return Found { tally, ..Found::default() };
        }
        let verdict = self.judge(names, epoch, start);
        let texts: [&str; 9] = std::array::from_fn(|at| names[at].text(&self.texts));
        let in_window = self.window.holds(time);
        let pinned = self.any_orders && may_order(&verdict);
        let folded = !pinned && self.tallies.folds(&verdict, in_window, &texts, epoch);
        if let Some(tally) = if folding && !folded { find(self) } else { None } {
            return Found { tally, ..Found::default() };
        }
        let expected = !verdict.is_in_doubt();
        let mark = caller_mark(&verdict, &caller(&texts));
        let tally = |caller, verdict, lane| Tally {
            caller,
            epoch,
            verdict,
            expected,
            count: 0,
            first: time,
            last: time,
            sample: Vec::new(),
            folded,
            lane,
        };
        if !folded {
            let codes = names.each_ref().map(|name| name.code(&mut self.texts));
            let lane = activity.lane([codes[0], codes[1], codes[2]], &verdict, mark);
            let tally = self.tallies.find(codes, epoch, || tally(codes, verdict, lane));
            return Found { tally, ..Found::default() };
        }
        if in_window {
            self.tallies.note_address(texts[IP]);
        }
        let empty = [IP, IP + 1].map(|at| texts[at].is_empty());
        // The codes of keys are few, or nothing is told of any.
        let coded = !activity.is_over() || verdict.key.index().is_some();
        let key = [0, 1, 2].map(|at| match &names[at] {
            Name::Text(_) if !coded => self.texts.code(MANY),
            name => name.code(&mut self.texts),
        });
        let lane = activity.lane(key, &verdict, mark);
        let outline = Outline::new(key[0], [key[1], key[2]], empty, verdict);
        let Self { outlines, tallies, texts, .. } = self;
        let tally = *outlines.entry((outline, epoch)).or_insert_with_key(|(outline, _)| {
            let caller = outline.caller(texts);
            tallies.find(caller, epoch, || tally(caller, outline.verdict().clone(), lane))
        });
        Found { tally, folded, lane }
    }

    /// Judges a caller: anew only where more than its address is.
    fn judge(&mut self, names: &[Name<'_>; 9], epoch: u32, start: i64) -> Verdict {
        let Self { texts, expectations, inventory, verdicts, .. } = self;
        let all: [&str; 9] = std::array::from_fn(|at| names[at].text(texts));
        let caller = caller(&all);
        let [account, key_name, key, _, rest @ ..] = names;
        let others = [account, key_name, key, &rest[0], &rest[1], &rest[2], &rest[3], &rest[4]];
        let Some(others) = known(others, texts) else {
            return judge(&caller, *expectations, inventory, start);
        };
        if verdicts.len() >= REMEMBERED {
            verdicts.clear();
        }
        match verdicts.entry((others, epoch)) {
            Entry::Occupied(known) => known.get().at_address(caller.ip, *expectations, start),
            Entry::Vacant(new) => new.insert(judge(&caller, *expectations, inventory, start)).clone(),
        }
    }

    /// Folds callers beyond those that are told apart, and forgets the texts that only they had. Gives the new number of
    /// each tally, and the texts by their old codes.
    pub fn fold(&mut self) -> (Vec<u32>, Dictionary) {
        let Self { tallies, texts, window, any_orders, .. } = self;
        let numbers = tallies.fold(texts, window, |tally| *any_orders && may_order(&tally.verdict));
        let old = std::mem::take(texts);
        tallies.recode(|code| *code = texts.code(old.text(*code)));
        self.verdicts.clear();
        self.outlines.clear();
        (numbers, old)
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
    Ok(Name::Text(match name {
        IP => canonical_ip(text, expectations),
        OPERATION => Cow::Borrowed(without_query(text)),
        SYMBOL => cells::symbol(text),
        SIDE => Cow::Borrowed(cells::side(text).unwrap_or_default()),
        _ => Cow::Borrowed(text),
    }))
}

/// The codes of names, where all have one.
fn known<const NAMES: usize>(names: [&Name<'_>; NAMES], texts: &Dictionary) -> Option<[u32; NAMES]> {
    let mut codes = [0; NAMES];
    for (code, name) in codes.iter_mut().zip(names) {
        *code = name.known(texts)?;
    }
    Some(codes)
}

/// One text for all spellings of an address, of a list of them the one that counts; what is none stays as it stands.
pub fn canonical_ip<'t>(text: &'t str, expectations: Option<&Expectations>) -> Cow<'t, str> {
    // Four numbers and points are an address in one spelling alone.
    if text.parse::<Ipv4Addr>().is_ok() {
        return Cow::Borrowed(text);
    }
    let networks = expectations.map(|e| e.networks.as_slice()).unwrap_or_default();
    let listed = |ip| networks.iter().flat_map(|network| &network.cidrs).any(|net| net.contains(&ip));
    let ip = parse_ip(text).or_else(|| of_chain(text, &listed));
    ip.map_or(Cow::Borrowed(text), |ip| Cow::Owned(ip.to_string()))
}

/// A logged path without its query: signed requests differ in it every time, and it may hold a signature.
pub fn without_query(operation: &str) -> &str {
    match operation.split_once('?') {
        Some((path, _)) if path.contains('/') => path,
        _ => operation,
    }
}
