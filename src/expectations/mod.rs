//! What the user expects: networks, tools, keys, addresses, and findings already explained.

mod build;
mod checks;
mod file;
mod key_id;
mod lists;
mod overrides;
mod schedule;

use std::net::IpAddr;

use globset::GlobMatcher;
use ipnet::IpNet;
use regex::Regex;

use crate::intel::Intel;
use crate::reference::Reference;
use crate::rules::{Severity, key_use_after_delete};
use crate::sources::file_name;
use crate::time::SECOND;

pub use build::{ExpectationsError, parse};
pub use key_id::KeyId;
pub use lists::{NamedFile, Purpose};
pub use schedule::{DayWindow, Rhythm, Schedule, awake};

/// A checked expectations file.
#[derive(Clone, Debug)]
pub struct Expectations {
    /// The path as shown in reports.
    pub shown: String,
    /// The SHA-256 of the file.
    pub sha256: String,
    /// The zone of times written without an offset.
    pub zone: crate::time::Zone,
    /// The asset that amounts are stated in, where they can be.
    pub base_currency: Option<String>,
    /// Whether the user has confirmed what `init` drafted.
    pub confirmed: bool,
    /// After how long without use a key is dormant, in microseconds.
    pub dormant_after: i64,
    /// After how long a key is to be replaced, if the user says.
    pub rotate_after: Option<i64>,
    /// What names of keys look like, if the user says.
    pub key_name: Option<Regex>,
    /// Known networks.
    pub networks: Vec<Network>,
    /// Known tools.
    pub tools: Vec<Tool>,
    /// Known keys.
    pub keys: Vec<Key>,
    /// Vendors of tools that the user takes for broken into.
    pub vendors: Vec<Vendor>,
    /// Own withdrawal addresses.
    pub addresses: Vec<Address>,
    /// Known counterparties of P2P orders.
    pub counterparties: Vec<Counterparty>,
    /// Own accounts besides the main one.
    pub accounts: Vec<Account>,
    /// Changed thresholds and severities of rules.
    pub overrides: Vec<Override>,
    /// Findings already explained.
    pub suppressions: Vec<Suppression>,
    /// The files it names.
    pub files: Vec<NamedFile>,
    /// What those files say of addresses.
    pub intel: Intel,
    /// Facts about exchanges, the user's own before the built-in ones.
    pub reference: Reference,
    /// Names in the file that nothing reads yet, for the report.
    pub unread: Vec<String>,
}

/// A span of validity, from inclusive, until exclusive; open where `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Validity {
    /// From.
    pub from: Option<i64>,
    /// Until.
    pub until: Option<i64>,
}

impl Validity {
    /// Whether an instant lies inside.
    pub fn holds(self, time: i64) -> bool {
        self.from.is_none_or(|from| from <= time) && self.until.is_none_or(|until| time < until)
    }

    /// Whether two spans share an instant.
    pub fn overlaps(self, other: Self) -> bool {
        let before =
            |until: Option<i64>, from: Option<i64>| matches!((until, from), (Some(until), Some(from)) if until <= from);
        !before(self.until, other.from) && !before(other.until, self.from)
    }
}

/// A named set of networks.
#[derive(Clone, Debug)]
pub struct Network {
    /// Its name.
    pub name: String,
    /// Its address ranges.
    pub cidrs: Vec<IpNet>,
    /// When it is expected.
    pub valid: Validity,
    /// Whether its addresses change hands, so that a new one in it is worth a note.
    pub is_dynamic: bool,
    /// The day it was last checked against the tool's own list.
    pub checked: Option<i64>,
}

impl Network {
    /// Whether an address belongs to it at a time.
    pub fn holds(&self, ip: IpAddr, time: i64) -> bool {
        self.valid.holds(time) && self.cidrs.iter().any(|net| net.contains(&ip))
    }
}

/// A program that calls the exchange.
#[derive(Clone, Debug)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// The networks it calls from, by index.
    pub networks: Vec<usize>,
    /// How it names itself.
    pub agents: Vec<Agent>,
    /// What its client order ids begin with; empty when not stated.
    pub id_families: Vec<String>,
    /// When it calls.
    pub schedule: Schedule,
}

/// A vendor of tools that was broken into, in the user's own judgement.
#[derive(Clone, Debug)]
pub struct Vendor {
    /// Its name.
    pub name: String,
    /// Its tools, by index.
    pub tools: Vec<usize>,
    /// From when until when it is taken for broken into.
    pub compromised: Validity,
}

/// A pattern for the name a client gives itself.
#[derive(Clone, Debug)]
pub enum Agent {
    /// Over the whole text.
    Glob(GlobMatcher),
    /// The product token before the `/`, lower case.
    Family(String),
}

impl Agent {
    /// Whether a logged client fits; case does not count.
    pub fn fits(&self, client: &str) -> bool {
        let client = client.trim().to_lowercase();
        match self {
            Self::Glob(glob) => glob.is_match(&client),
            Self::Family(family) => {
                *family == client || client.split('/').next().is_some_and(|token| token.trim() == family)
            }
        }
    }
}

/// An API key.
#[derive(Clone, Debug)]
pub struct Key {
    /// Its name.
    pub name: String,
    /// Its id, whole or masked.
    pub id: Option<KeyId>,
    /// The tools it was made for, by index.
    pub tools: Vec<usize>,
    /// What it may do; empty when not stated.
    pub allow: Vec<String>,
    /// The pairs it may trade; empty for any.
    pub symbols: Vec<GlobMatcher>,
    /// The markets it may trade on; empty for any.
    pub markets: Vec<String>,
    /// The most an order of it may be worth, in the base currency.
    pub max_order: Option<f64>,
    /// The networks it may be used from, its own and its tools', by index.
    pub networks: Vec<usize>,
    /// How its clients name themselves; empty when not stated.
    pub agents: Vec<Agent>,
    /// What the client order ids of its orders begin with, its own and its tools'; empty when not stated.
    pub id_families: Vec<String>,
    /// Whether it must be restricted to addresses.
    pub require_ip: bool,
    /// From its creation to its deletion.
    pub valid: Validity,
}

/// An own withdrawal address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Its asset; any when not stated.
    pub asset: Option<String>,
    /// The address.
    pub address: String,
    /// What the user calls it.
    pub label: Option<String>,
}

/// Somebody the user deals with by P2P.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counterparty {
    /// The nickname, which exports mask: `ab***`.
    pub nickname: String,
    /// The name on payments.
    pub real_name: Option<String>,
}

impl Counterparty {
    /// Whether a logged nickname, masked or not, may be theirs: what both show agrees.
    pub fn goes_by(&self, nickname: &str) -> bool {
        let shown = |text: &str| {
            let text = text.trim().to_lowercase();
            let masked = text.contains('*');
            (
                text.split('*').next().unwrap_or_default().to_owned(),
                text.rsplit('*').next().unwrap_or_default().to_owned(),
                masked,
            )
        };
        let (known, other) = (shown(&self.nickname), shown(nickname));
        match (known.2, other.2) {
            (false, false) => known.0 == other.0,
            (true, false) => !known.0.is_empty() && other.0.starts_with(&known.0) && other.0.ends_with(&known.1),
            (false, true) => !other.0.is_empty() && known.0.starts_with(&other.0) && known.0.ends_with(&other.1),
            (true, true) => known == other,
        }
    }
}

/// An own account.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its name.
    pub name: String,
    /// The exports that are of it where they do not say so themselves, by their path below the folder.
    pub exports: Vec<GlobMatcher>,
}

impl Account {
    /// Whether a file is one of its exports; `shown` is the path in reports, which begins with the folder.
    pub fn owns(&self, shown: &str) -> bool {
        let below = shown.split_once('/').map_or(shown, |(_, below)| below);
        self.exports.iter().any(|glob| [shown, below, file_name(shown)].iter().any(|path| glob.is_match(path)))
    }
}

/// A changed threshold or severity of a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Override {
    /// The rule.
    pub rule: String,
    /// What is changed.
    pub change: Change,
}

/// What an override changes.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// The severity of all its findings.
    Severity(Severity),
    /// A threshold of that name.
    Threshold(String, f64),
}

/// A finding already explained.
#[derive(Clone, Debug)]
pub struct Suppression {
    /// The rule.
    pub rule: String,
    /// The key, if it must be that one.
    pub key: Option<String>,
    /// The network the address must be in.
    pub ip: Option<IpNet>,
    /// The pair or asset.
    pub symbol: Option<String>,
    /// The order.
    pub order: Option<String>,
    /// The address.
    pub address: Option<String>,
    /// When it ends.
    pub until: i64,
    /// Why.
    pub reason: String,
}

impl Expectations {
    /// Every instant at which what is expected changes, in order.
    pub fn boundaries(&self) -> Vec<i64> {
        let networks = self.networks.iter().flat_map(|network| [network.valid.from, network.valid.until]);
        let keys = self
            .keys
            .iter()
            .flat_map(|key| [key.valid.from, key.valid.until.map(|until| until + self.deletion_grace() + 1)]);
        let mut all: Vec<i64> = networks.chain(keys).flatten().collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// How long after its deletion a key's calls may still be logged, in microseconds.
    pub fn deletion_grace(&self) -> i64 {
        (key_use_after_delete::RULE.in_force(Some(self)).value("seconds") * SECOND as f64) as i64
    }

    /// The counterparty that goes by a nickname.
    pub fn counterparty(&self, nickname: &str) -> Option<&Counterparty> {
        self.counterparties.iter().find(|known| known.goes_by(nickname))
    }

    /// How much of a silence of the call logs, in microseconds, is not to be explained by the hours that the schedules state.
    /// Keys that call now and then explain no silence, and need none; any other key without hours would have called.
    pub fn unexplained_silence(&self, from: i64, to: i64) -> i64 {
        let valid = |key: &&Key| key.valid.overlaps(Validity { from: Some(from), until: Some(to) });
        let of_key = |key: &Key| {
            let schedules: Vec<Schedule> = key.tools.iter().map(|&at| self.tools[at].schedule).collect();
            let steady = schedules.iter().any(|schedule| schedule.rhythm == Rhythm::Continuous);
            steady.then(|| awake(&schedules, from, to))
        };
        self.keys.iter().filter(valid).filter_map(of_key).max().unwrap_or(to - from)
    }

    /// Whether the user has set the severity of a rule's findings.
    pub fn fixes_severity(&self, rule: &str) -> bool {
        self.overrides.iter().any(|change| change.rule == rule && matches!(change.change, Change::Severity(_)))
    }

    /// The key that a name or id in a log stands for at a time; a deleted key stays itself after its deletion.
    pub fn key(&self, name: &str, id: &str, time: i64) -> Option<usize> {
        // An id that shows nothing of itself contradicts nothing.
        let id = if name.is_empty() || KeyId::shows(id) { id } else { "" };
        let fits = |key: &Key| {
            let named = |text: &str| !text.is_empty() && key.name.eq_ignore_ascii_case(text);
            match &key.id {
                // An id that contradicts the expected one is another key, whatever it is called.
                Some(known) if !id.is_empty() && !named(id) => known.fits(&KeyId::new(id)),
                Some(known) => named(name) || named(id) || (!name.is_empty() && known.fits(&KeyId::new(name))),
                None => named(name) || named(id),
            }
        };
        let started = |key: &Key| key.valid.from.is_none_or(|from| from <= time);
        let candidates = || (0..self.keys.len()).filter(|&at| fits(&self.keys[at]) && started(&self.keys[at]));
        candidates()
            .find(|&at| self.keys[at].valid.holds(time))
            .or_else(|| candidates().max_by_key(|&at| self.keys[at].valid.until))
    }
}
