//! What is known of each key, from the key lists, the call logs and the expectations together.

use std::collections::{BTreeMap, BTreeSet};

use super::frames::key_label;
use crate::expectations::Expectations;
use crate::ingest::calls::CallLog;
use crate::ingest::table::ReadTable;
use crate::matching::{Inventory, KeyVerdict};

/// How often something was seen, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Calls.
    pub count: u64,
    /// The first.
    pub first: i64,
    /// The last.
    pub last: i64,
}

impl Seen {
    fn add(map: &mut BTreeMap<String, Self>, name: &str, count: u64, first: i64, last: i64) {
        let seen = map.entry(name.to_owned()).or_insert(Self { count: 0, first, last });
        *seen = Self { count: seen.count + count, first: seen.first.min(first), last: seen.last.max(last) };
    }
}

/// Everything known of a key.
#[derive(Clone, Debug, Default)]
pub struct KeyCard {
    /// The name it goes by.
    pub name: String,
    /// Its id, as a key list or the expectations write it.
    pub id: Option<String>,
    /// Whether the expectations list it; `None` when they list no keys.
    pub expected: Option<bool>,
    /// When it was made, by a key list or the expectations.
    pub created: Option<i64>,
    /// When it was made, by a key list.
    pub listed_created: Option<i64>,
    /// When it was last used, by a key list or a call log.
    pub last_used: Option<i64>,
    /// When it was deleted.
    pub deleted_at: Option<i64>,
    /// Its status, by a key list.
    pub status: Option<String>,
    /// What it may do, by a key list.
    pub permissions: Vec<&'static str>,
    /// Words among the permissions that are not known.
    pub unknown_permissions: Vec<String>,
    /// The addresses it is restricted to, by a key list.
    pub networks: Option<String>,
    /// How often its tools call: the longest period among them.
    pub every: Option<i64>,
    /// Its row in the key table.
    pub row: Option<u32>,
    /// Addresses it was used from.
    pub ips: BTreeMap<String, Seen>,
    /// Clients it was used by.
    pub clients: BTreeMap<String, Seen>,
    /// All its calls.
    pub calls: Option<Seen>,
    /// Orders of the window attributed to it.
    pub orders: u64,
}

/// Where a key may be used from, by a key list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restriction {
    /// The list does not say.
    NotStated,
    /// From anywhere.
    Open,
    /// From some addresses.
    Addresses,
}

/// How key lists write that a key is restricted to no address.
const OPEN: &[&str] =
    &["-", "*", "none", "no", "false", "off", "any", "anywhere", "all", "disabled", "0", "0.0.0.0/0", "::/0", "open"];

impl KeyCard {
    /// Where it may be used from.
    pub fn restriction(&self) -> Restriction {
        let Some(text) =
            self.networks.as_deref().map(|text| text.trim().to_lowercase()).filter(|text| !text.is_empty())
        else {
            return Restriction::NotStated;
        };
        let open = OPEN.contains(&text.as_str()) || text.contains("unrestricted") || text.contains("not restricted");
        if open { Restriction::Open } else { Restriction::Addresses }
    }

    /// Whether it may change money, orders or rights.
    pub fn is_powerful(&self) -> bool {
        self.permissions.iter().any(|word| !matches!(*word, "read" | "cancel"))
    }

    /// Whether a key list shows it, and not as gone.
    pub fn is_live_in_list(&self) -> bool {
        self.row.is_some() && !self.is_deleted()
    }

    /// Whether it is gone, by its status or a date of deletion.
    pub fn is_deleted(&self) -> bool {
        self.deleted_at.is_some() || self.status.as_deref().is_some_and(is_gone)
    }
}

/// Whether a key's status says that it is no more.
fn is_gone(status: &str) -> bool {
    let status = status.to_lowercase();
    ["delet", "remov", "revok", "expire"].iter().any(|word| status.contains(word))
}

/// Permission words of key lists and what they allow: exchanges' names for them, lower case, letters only.
const PERMISSION_WORDS: &[(&str, &str)] = &[
    ("read", "read"),
    ("reading", "read"),
    ("readonly", "read"),
    ("view", "read"),
    ("enablereading", "read"),
    ("canread", "read"),
    ("query", "read"),
    ("trade", "trade"),
    ("trading", "trade"),
    ("spot", "trade"),
    ("spottrading", "trade"),
    ("spottrade", "trade"),
    ("spotandmargin", "trade"),
    ("spotmargin", "trade"),
    ("spotandmargintrading", "trade"),
    ("spotmargintrading", "trade"),
    ("enablespotandmargintrading", "trade"),
    ("enablespotmargintrading", "trade"),
    ("enabletrading", "trade"),
    ("orders", "trade"),
    ("cancel", "cancel"),
    ("futures", "futures"),
    ("enablefutures", "futures"),
    ("futurestrading", "futures"),
    ("margin", "borrow"),
    ("enablemargin", "borrow"),
    ("marginloan", "borrow"),
    ("enablemarginloanrepaytransfer", "borrow"),
    ("withdraw", "withdraw"),
    ("withdrawal", "withdraw"),
    ("withdrawals", "withdraw"),
    ("enablewithdrawals", "withdraw"),
    ("enablewithdrawal", "withdraw"),
    ("transfer", "transfer"),
    ("universaltransfer", "transfer"),
    ("permitsuniversaltransfer", "transfer"),
    ("internaltransfer", "transfer"),
    ("enableinternaltransfer", "transfer"),
    ("options", "options"),
    ("vanillaoptions", "options"),
    ("europeanoptions", "options"),
    ("enablevanillaoptions", "options"),
    ("enableeuropeanoptions", "options"),
    ("portfoliomargin", "borrow"),
    ("enableportfoliomargintrading", "borrow"),
    ("symbolwhitelist", ""),
    ("none", ""),
];

/// Reads a list of permission words: what they allow, and the words that are not known.
pub fn permissions(text: &str) -> (Vec<&'static str>, Vec<String>) {
    let mut known = Vec::new();
    let mut unknown = Vec::new();
    for word in text.split([',', ';', '|', '+', '/', '\n']) {
        let squeezed: String = word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        if squeezed.is_empty() {
            continue;
        }
        match PERMISSION_WORDS.iter().find(|(name, _)| *name == squeezed) {
            Some((_, "")) => {}
            Some((_, permission)) => known.push(*permission),
            None => unknown.push(word.trim().to_owned()),
        }
    }
    known.sort_unstable();
    known.dedup();
    (known, unknown)
}

/// One card per key, by name.
pub fn key_cards(
    keys: Option<(&ReadTable, &[bool])>,
    log: &CallLog,
    expectations: Option<&Expectations>,
    inventory: &Inventory,
    as_of: i64,
) -> Vec<KeyCard> {
    let mut cards: BTreeMap<String, KeyCard> = BTreeMap::new();
    if let Some(expectations) = expectations {
        for key in &expectations.keys {
            let card = cards.entry(key.name.clone()).or_default();
            card.created = card.created.or(key.valid.from);
            let of_name = || expectations.keys.iter().filter(|other| other.name == key.name);
            // Who states a deletion has deleted the key, also where the exports end before it.
            let lives = of_name().any(|other| other.valid.until.is_none());
            card.deleted_at = of_name().filter_map(|other| other.valid.until).max().filter(|_| !lives);
            card.every = key.tools.iter().filter_map(|&at| expectations.tools[at].schedule.every).max();
            card.expected = Some(true);
        }
    }
    if let Some((list, keep)) = keys {
        add_lists(&mut cards, list, keep, expectations, as_of);
    }
    for tally in &log.tallies {
        if matches!(tally.verdict.key, KeyVerdict::NotStated) {
            continue;
        }
        let caller = log.caller(tally);
        let card = cards.entry(key_label(&caller, tally.verdict.key.index(), expectations, inventory)).or_default();
        Seen::add(&mut card.ips, caller.ip, tally.count, tally.first, tally.last);
        Seen::add(&mut card.clients, caller.client, tally.count, tally.first, tally.last);
        let all = card.calls.get_or_insert(Seen { count: 0, first: tally.first, last: tally.last });
        *all =
            Seen { count: all.count + tally.count, first: all.first.min(tally.first), last: all.last.max(tally.last) };
        // A denied call is no use of the key.
        if tally.verdict.outcome.may_have_acted() {
            card.last_used = card.last_used.max(Some(tally.last));
        }
        if card.id.is_none() && !caller.key.is_empty() {
            card.id = Some(caller.key.to_owned());
        }
    }
    let listed = expectations.is_some_and(|e| !e.keys.is_empty());
    for (name, card) in &mut cards {
        card.name.clone_from(name);
        card.expected = card.expected.or(listed.then_some(false));
    }
    cards.into_values().collect()
}

fn add_lists(
    cards: &mut BTreeMap<String, KeyCard>,
    list: &ReadTable,
    keep: &[bool],
    expectations: Option<&Expectations>,
    as_of: i64,
) {
    let text = |name: &str, at: usize| list.texts(name).get(at).map(str::to_owned);
    let time = |name: &str, at: usize| list.times(name).get(at);
    let mut live: BTreeSet<String> = BTreeSet::new();
    let mut gone_at: BTreeMap<String, Vec<Option<i64>>> = BTreeMap::new();
    for (row, at) in (0..list.len()).filter(|&at| keep[at]).enumerate() {
        let (name, id) = (text("name", at), text("key", at));
        let known = expectations.and_then(|e| {
            e.key(
                name.as_deref().unwrap_or_default(),
                id.as_deref().unwrap_or_default(),
                time("created", at).unwrap_or(as_of).max(as_of),
            )
            .map(|k| &e.keys[k].name)
        });
        let borrowed =
            |name: &String| expectations.is_some_and(|e| e.keys.iter().any(|key| key.name.eq_ignore_ascii_case(name)));
        let own_name = name.filter(|name| id.is_none() || !borrowed(name));
        let label = known.cloned().or(own_name).or(id.clone()).unwrap_or_default();
        let card = cards.entry(label.clone()).or_default();
        card.row = Some(row as u32);
        card.id = card.id.take().max(id);
        card.created = card.created.max(time("created", at));
        card.listed_created = card.listed_created.max(time("created", at));
        card.last_used = card.last_used.max(time("last_used", at));
        // Of several lists, or keys of one name, the state that asks for more attention stays, whatever their order: what
        // is enabled anywhere is enabled, what is allowed anywhere is allowed.
        let gone = time("deleted_at", at).is_some() || text("status", at).is_some_and(|status| is_gone(&status));
        if gone && !live.contains(&label) {
            gone_at.entry(label.clone()).or_default().push(time("deleted_at", at));
            card.status = card.status.take().max(text("status", at));
        } else if !gone {
            live.insert(label.clone());
            card.status = text("status", at);
        }
        card.networks = card.networks.take().max(text("networks", at));
        let (known, unknown) = permissions(&text("permissions", at).unwrap_or_default());
        card.permissions.extend(known);
        card.permissions.sort_unstable();
        card.permissions.dedup();
        card.unknown_permissions.extend(unknown);
    }
    for (label, times) in gone_at.into_iter().filter(|(label, _)| !live.contains(label)) {
        let card = cards.entry(label).or_default();
        card.deleted_at = card.deleted_at.or(times.into_iter().flatten().max());
    }
}

/// The names and ids that the key lists pair.
pub fn inventory(list: Option<&ReadTable>) -> Inventory {
    let Some(list) = list else { return Inventory::default() };
    let text = |name: &str, at: usize| list.texts(name).get(at).unwrap_or_default().to_owned();
    let pairs = (0..list.len())
        .map(|at| (text("name", at), text("key", at)))
        .filter(|(name, id)| !(name.is_empty() && id.is_empty()));
    Inventory { pairs: pairs.collect() }
}
