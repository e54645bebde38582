//! Holds what the calls show against what is expected: one verdict per distinct caller, key and operation.

use std::net::IpAddr;

use crate::address::{Address, is_private};
use crate::expectations::{Expectations, Key, KeyId};
use crate::reference::{Class, Outcome, Reference};

/// A verdict on the address of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IpVerdict {
    /// In a network of the key.
    Expected,
    /// The log names none.
    NotStated,
    /// Not an address, or a private one that no network lists.
    Unusable,
    /// There is nothing to hold it against.
    Unreviewed,
    /// In no network of the key.
    Unrecognized,
}

impl IpVerdict {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Expected => "expected",
            Self::NotStated => "not-stated",
            Self::Unusable => "unusable",
            Self::Unreviewed => "unreviewed",
            Self::Unrecognized => "unrecognized",
        }
    }
}

/// A verdict on the key, tool or operation of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fit {
    /// As expected.
    Expected,
    /// The log, or the expectations, say nothing on it.
    NotStated,
    /// Not as expected.
    Unexpected,
}

impl Fit {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Expected => "expected",
            Self::NotStated => "not-stated",
            Self::Unexpected => "unexpected",
        }
    }
}

/// What is known of the key of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyVerdict {
    /// Expected, and valid at the time.
    Expected(usize),
    /// Expected, but deleted before.
    Deleted(usize),
    /// In no entry of the expectations, or before its time.
    Unknown,
    /// The expectations list no keys.
    Unreviewed,
    /// The log names none.
    NotStated,
}

impl KeyVerdict {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Expected(_) => "expected",
            Self::Deleted(_) => "deleted",
            Self::Unknown => "unknown",
            Self::Unreviewed => "unreviewed",
            Self::NotStated => "not-stated",
        }
    }

    /// The entry of the expectations.
    pub fn index(self) -> Option<usize> {
        match self {
            Self::Expected(at) | Self::Deleted(at) => Some(at),
            _ => None,
        }
    }
}

/// What a caller showed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Caller<'a> {
    /// The key's name, as logged.
    pub key_name: &'a str,
    /// The key's id, as logged.
    pub key: &'a str,
    /// The address, as logged.
    pub ip: &'a str,
    /// The client, as logged.
    pub client: &'a str,
    /// The HTTP method, if logged apart.
    pub method: &'a str,
    /// The operation, as logged.
    pub operation: &'a str,
    /// The status, as logged.
    pub status: &'a str,
    /// The error code, as logged.
    pub code: &'a str,
}

/// The family of a client: the name before its version, whatever the case.
pub fn client_family(client: &str) -> String {
    client.trim().split(['/', ' ']).next().unwrap_or_default().to_lowercase()
}

/// Everything decided about a caller.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Verdict {
    /// Its key.
    pub key: KeyVerdict,
    /// Its address.
    pub ip: IpVerdict,
    /// The network the address belongs to, by index.
    pub network: Option<usize>,
    /// Its client.
    pub tool: Fit,
    /// Its operation.
    pub operation: Fit,
    /// What the operation does.
    pub class: Class,
    /// What became of it.
    pub outcome: Outcome,
}

impl Verdict {
    /// The verdict on the same caller at another address.
    pub fn at_address(&self, address: Address<'_>, expectations: Option<&Expectations>, time: i64) -> Self {
        let (ip, network) = judge_ip(address, self.key, expectations, time);
        Self { ip, network, ..*self }
    }

    /// Whether anything about it is in doubt.
    pub fn is_in_doubt(&self) -> bool {
        self.ip == IpVerdict::Unrecognized
            || matches!(self.key, KeyVerdict::Unknown | KeyVerdict::Deleted(_))
            || self.tool == Fit::Unexpected
            || self.operation == Fit::Unexpected
    }

    /// Why an order made by this caller is suspicious; nothing when it is not.
    pub fn doubts(&self) -> Vec<&'static str> {
        let mut doubts = Vec::new();
        if self.ip == IpVerdict::Unrecognized {
            doubts.push("address in none of the key's networks");
        }
        match self.key {
            KeyVerdict::Unknown => doubts.push("key not in the expectations"),
            KeyVerdict::Deleted(_) => doubts.push("key deleted before"),
            _ => {}
        }
        if self.tool == Fit::Unexpected {
            doubts.push("client is none of the key's tools");
        }
        if self.operation == Fit::Unexpected {
            doubts.push("operation not allowed to the key");
        }
        doubts
    }
}

/// Judges a caller at a time.
pub fn judge(caller: &Caller<'_>, expectations: Option<&Expectations>, inventory: &Inventory, time: i64) -> Verdict {
    let key = judge_key(caller, expectations, inventory, time);
    let entry = key.index().and_then(|at| expectations.map(|e| &e.keys[at]));
    let (ip, network) = judge_ip(Address::new(caller.ip), key, expectations, time);
    let reference = expectations.map_or(Reference::built_in(), |e| &e.reference);
    let class = reference.classify(caller.method, caller.operation);
    let tool = match entry {
        Some(entry) if !entry.agents.is_empty() && !caller.client.is_empty() => {
            fit(entry.agents.iter().any(|agent| agent.fits(caller.client)))
        }
        _ => Fit::NotStated,
    };
    let market = market(caller.operation);
    let elsewhere = |entry: &Key| {
        class.is_sensitive()
            && !entry.markets.is_empty()
            && market.is_some_and(|market| !entry.markets.iter().any(|have| have == market))
    };
    let operation = match entry {
        Some(entry) if elsewhere(entry) => Fit::Unexpected,
        Some(entry) if !entry.allow.is_empty() && !class.needs().is_empty() => {
            let allowed = |word: &str| entry.allow.iter().any(|have| have == word);
            let convert = class == Class::Convert && allowed("side-door");
            fit(convert || class.needs().iter().all(|word| allowed(word)))
        }
        _ => Fit::NotStated,
    };
    Verdict { key, ip, network, tool, operation, class, outcome: reference.outcome(caller.status, caller.code) }
}

/// The market that the path of an operation belongs to.
fn market(operation: &str) -> Option<&'static str> {
    const PATHS: &[(&str, &str)] =
        &[("/fapi/", "um-futures"), ("/dapi/", "cm-futures"), ("/sapi/v1/margin/", "margin"), ("/api/v3/", "spot")];
    PATHS.iter().find(|(path, _)| operation.contains(path)).map(|(_, market)| *market)
}

fn fit(fits: bool) -> Fit {
    if fits { Fit::Expected } else { Fit::Unexpected }
}

fn judge_key(caller: &Caller<'_>, expectations: Option<&Expectations>, inventory: &Inventory, time: i64) -> KeyVerdict {
    if caller.key.is_empty() && caller.key_name.is_empty() {
        return KeyVerdict::NotStated;
    }
    let Some(expectations) = expectations.filter(|e| !e.keys.is_empty()) else { return KeyVerdict::Unreviewed };
    let found = expectations.key(caller.key_name, caller.key, time).or_else(|| {
        // The key list may know the id under the name that the expectations use, or the other way round.
        inventory.aliases(caller.key_name, caller.key).find_map(|(name, id)| expectations.key(name, id, time))
    });
    match found {
        None => KeyVerdict::Unknown,
        Some(at) => match expectations.keys[at].valid.until {
            Some(deleted) if time > deleted + expectations.deletion_grace() => KeyVerdict::Deleted(at),
            _ => KeyVerdict::Expected(at),
        },
    }
}

fn judge_ip(
    address: Address<'_>,
    key: KeyVerdict,
    expectations: Option<&Expectations>,
    time: i64,
) -> (IpVerdict, Option<usize>) {
    if address.text.is_empty() {
        return (IpVerdict::NotStated, None);
    }
    let Some(ip) = address.ip else { return (IpVerdict::Unusable, None) };
    let Some(expectations) = expectations.filter(|e| !e.networks.is_empty()) else {
        return (no_match(ip, IpVerdict::Unreviewed), None);
    };
    let own = key.index().map(|at| &expectations.keys[at].networks).filter(|own| !own.is_empty());
    let holds = |at: &usize| expectations.networks[*at].holds(ip, time);
    let (found, otherwise) = match (own, key) {
        (Some(own), _) => (own.iter().copied().find(|at| holds(at)), IpVerdict::Unrecognized),
        // A key that needs no network: any listed one is fine, and another says nothing.
        (None, KeyVerdict::Expected(_) | KeyVerdict::Deleted(_)) => {
            ((0..expectations.networks.len()).find(holds), IpVerdict::Unreviewed)
        }
        (None, _) => ((0..expectations.networks.len()).find(holds), IpVerdict::Unrecognized),
    };
    match found {
        Some(at) => (IpVerdict::Expected, Some(at)),
        None => (no_match(ip, otherwise), None),
    }
}

fn no_match(ip: IpAddr, otherwise: IpVerdict) -> IpVerdict {
    if is_private(ip) { IpVerdict::Unusable } else { otherwise }
}

/// Names and ids of keys as the key lists pair them.
#[derive(Clone, Debug, Default)]
pub struct Inventory {
    /// Name and id.
    pub pairs: Vec<(String, String)>,
}

impl Inventory {
    /// The pairs that a name or id belongs to.
    pub fn aliases<'a>(&'a self, name: &'a str, id: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let same = move |pair: &&(String, String)| {
            let (known_name, known_id) = pair;
            let id = if name.is_empty() || KeyId::shows(id) { id } else { "" };
            let named = |text: &str| !text.is_empty() && known_name.eq_ignore_ascii_case(text);
            let fits =
                |text: &str| !text.is_empty() && !known_id.is_empty() && KeyId::new(known_id).fits(&KeyId::new(text));
            // Where both sides have an id, the id decides; the one text of a log may be a name or an id.
            if name.is_empty() || id.is_empty() || known_id.is_empty() {
                named(name) || named(id) || fits(id) || fits(name)
            } else {
                fits(id)
            }
        };
        self.pairs.iter().filter(same).map(|(name, id)| (name.as_str(), id.as_str()))
    }
}
