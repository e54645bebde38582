//! Whose account each record is of. Nothing is matched, deduplicated or learned across accounts: every account gets a dataset
//! of its own, and only the report brings them together.
//!
//! The files say it themselves (user ids, e-mail addresses, portfolios), or an `[[account]]` of the expectations binds them.
//! An exchange whose files name one account alone says nothing that tells accounts apart: what they hold is the main account's,
//! like all that is not said to be another's.

use std::collections::{BTreeMap, BTreeSet};

use crate::columns::Texts;
use crate::expectations::Expectations;
use crate::ingest::Source;
use crate::ingest::call_scan;
use crate::ingest::calls::{CallLog, Tally, shown};
use crate::ingest::export::Export;
use crate::ingest::table::ReadTable;
use crate::tables::Table;

/// The account of records that nothing says another of.
pub const MAIN: &str = "main";

/// A column with more names than this holds something else than accounts of one owner (own proposal).
const MOST: usize = 256;

/// The accounts of a run.
#[derive(Clone, Debug, Default)]
pub struct Accounts {
    /// Their names, the main one first.
    names: Vec<String>,
    /// By source: what the names in it are, and the account of records that name none.
    sources: Vec<Known>,
    /// What names stand for.
    meant: BTreeMap<(String, String), usize>,
    /// The sources that were taken for the main account's because nothing says otherwise.
    assumed: BTreeSet<u32>,
    /// By source: the accounts that it holds records of.
    held: Vec<BTreeSet<usize>>,
}

#[derive(Clone, Debug, Default)]
struct Known {
    /// Names of one kind tell accounts apart: an exchange's user ids, its portfolios, the names in one kind of log.
    kind: Option<String>,
    /// The account, by the expectations or else the main one.
    account: usize,
    bound: bool,
    /// Whether it holds calls.
    is_log: bool,
    /// Whether a record of it names an account.
    names: bool,
}

/// What the exports say: by kind and name the sources that do.
type Said = BTreeMap<String, BTreeMap<String, BTreeSet<u32>>>;

impl Accounts {
    /// Finds out, and notes the account of each record in its table.
    pub fn find(
        exports: &[Export],
        tables: &mut [ReadTable],
        log: &CallLog,
        expectations: Option<&Expectations>,
    ) -> Self {
        let mut accounts = Self { names: vec![MAIN.to_owned()], ..Self::default() };
        for export in exports {
            let bound = export.bound.as_deref();
            let account = bound.map_or(0, |name| accounts.number(name));
            let is_log = call_scan::reads(export.recognised.format.table);
            let known = Known { kind: kind(export), account, bound: bound.is_some(), is_log, names: false };
            accounts.sources.push(known);
        }
        let said = accounts.said(tables, log);
        for source in said.values().flat_map(BTreeMap::values).flatten() {
            accounts.sources[*source as usize].names = true;
        }
        for account in expectations.map(|e| e.accounts.as_slice()).unwrap_or_default() {
            let number = accounts.number(&account.name);
            for (kind, names) in &said {
                // Of one kind, what is bound to an account names that account, unless it names several.
                let bound = |at: &u32| {
                    let source = &accounts.sources[*at as usize];
                    source.bound && source.account == number
                };
                let mut own = names.iter().filter(|(_, sources)| sources.iter().any(bound)).map(|(name, _)| name);
                if let (Some(name), None) = (own.next(), own.next()) {
                    accounts.meant.entry((kind.clone(), name.clone())).or_insert(number);
                }
                if let Some(name) = names.keys().find(|name| name.eq_ignore_ascii_case(&account.name)) {
                    accounts.meant.insert((kind.clone(), name.clone()), number);
                }
            }
        }
        for (kind, names) in &said {
            let main = names.keys().find(|name| name.eq_ignore_ascii_case(MAIN)).cloned();
            accounts.meant.extend(main.map(|name| ((kind.clone(), name), 0)));
            // The same id is masked in one file and whole in another.
            let whole = |name: &String| {
                let mut others = names.keys().filter(|other| *other != name && masks(name, other));
                others.next().filter(|_| others.next().is_none()).unwrap_or(name).clone()
            };
            let meant = |name: &String| accounts.meant.get(&(kind.clone(), whole(name))).copied();
            let known: Vec<(String, usize)> =
                names.keys().filter_map(|name| Some((name.clone(), meant(name)?))).collect();
            accounts.meant.extend(known.into_iter().map(|(name, account)| ((kind.clone(), name), account)));
            let open: BTreeMap<&String, String> = names
                .keys()
                .filter(|name| !accounts.meant.contains_key(&(kind.clone(), (*name).clone())))
                .map(|name| (name, whole(name)))
                .collect();
            let several = open.values().collect::<BTreeSet<_>>().len();
            // Where the main account goes by its name, no other name is its.
            let taken = accounts.meant.iter().any(|((of, _), account)| of == kind && *account == 0);
            if (several > 1 || taken) && several <= MOST {
                for (name, whole) in open {
                    let number = accounts.number(&whole);
                    accounts.meant.insert((kind.clone(), name.clone()), number);
                }
            }
        }
        for table in tables.iter_mut() {
            let (sources, names) = (table.sources(), named(table));
            let mut last: Option<((u32, &str), u32)> = None;
            let mut account = |at: usize| {
                let here = (sources.get(at).unwrap_or_default(), names.get(at).unwrap_or_default());
                let known = last.filter(|(before, _)| *before == here);
                let (_, account) = *last.insert(known.unwrap_or_else(|| (here, accounts.of(here.0, here.1) as u32)));
                account
            };
            table.account = (0..table.len()).map(&mut account).collect();
        }
        accounts.settle(tables, log);
        accounts
    }

    /// All that was read as one account's: what a draft of expectations is made from.
    pub fn one() -> Self {
        Self { names: vec![MAIN.to_owned()], ..Self::default() }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.names.len()
    }

    /// The name of an account; `None` where it is the only one.
    pub fn name(&self, account: usize) -> Option<&str> {
        self.names.get(account).filter(|_| self.count() > 1).map(String::as_str)
    }

    /// The account that a record of a source is of, by the name that it says, or none.
    pub fn of(&self, source: u32, name: &str) -> usize {
        let Some(known) = self.sources.get(source as usize) else { return 0 };
        let Some(kind) = known.kind.as_ref().filter(|_| is_name(name) && !self.meant.is_empty()) else {
            return known.account;
        };
        self.meant.get(&(kind.clone(), name.to_owned())).copied().unwrap_or(known.account)
    }

    /// The account that the calls of a tally are of.
    pub fn of_calls(&self, log: &CallLog, tally: &Tally) -> usize {
        tally.sample.first().map_or(0, |place| self.of(place.source, log.text(tally.caller[shown::ACCOUNT])))
    }

    /// The sources with records of an account.
    pub fn sources(&self, account: usize, all: &[Source]) -> Vec<Source> {
        let holds = |source: &&Source| self.held.get(source.id as usize).is_none_or(|held| held.contains(&account));
        all.iter().filter(holds).cloned().collect()
    }

    /// The sources that are the main account's by default alone, though there are others.
    pub fn assumed<'s>(&self, all: &'s [Source]) -> Vec<&'s str> {
        let assumed = |source: &&Source| self.count() > 1 && self.assumed.contains(&source.id);
        all.iter().filter(assumed).map(|source| source.path.as_str()).collect()
    }

    fn number(&mut self, name: &str) -> usize {
        let known = self.names.iter().position(|known| known.eq_ignore_ascii_case(name));
        known.unwrap_or_else(|| {
            self.names.push(name.to_owned());
            self.names.len() - 1
        })
    }

    fn said(&self, tables: &[ReadTable], log: &CallLog) -> Said {
        let mut said = Said::new();
        let mut add = |source: u32, name: &str| {
            let kind = self.sources.get(source as usize).and_then(|known| known.kind.clone());
            if let Some(kind) = kind.filter(|_| is_name(name)) {
                let of_kind = said.entry(kind).or_default();
                of_kind.entry(name.to_owned()).or_default().insert(source);
            }
        };
        for table in tables {
            let (sources, names) = (table.sources(), named(table));
            let mut last: Option<(u32, &str)> = None;
            for at in (0..table.len()).filter(|_| !names.is_nothing()) {
                let here = (sources.get(at).unwrap_or_default(), names.get(at).unwrap_or_default());
                if last != Some(here) {
                    add(here.0, here.1);
                    last = Some(here);
                }
            }
        }
        for tally in &log.tallies {
            tally.sample.iter().for_each(|place| add(place.source, log.text(tally.caller[shown::ACCOUNT])));
        }
        said
    }

    /// Forgets accounts without records, and notes which sources hold records of which.
    fn settle(&mut self, tables: &mut [ReadTable], log: &CallLog) {
        let mut held = vec![BTreeSet::new(); self.sources.len()];
        let mut add = |source: u32, account: usize| {
            if let Some(held) = held.get_mut(source as usize) {
                held.insert(account);
            }
        };
        for table in tables.iter() {
            let sources = table.sources();
            let mut last: Option<(u32, u32)> = None;
            for (at, account) in table.account.iter().enumerate() {
                let here = (sources.get(at).unwrap_or_default(), *account);
                if last != Some(here) {
                    add(here.0, here.1 as usize);
                    last = Some(here);
                }
            }
        }
        let mut callers: BTreeMap<Option<&String>, BTreeSet<usize>> = BTreeMap::new();
        for tally in &log.tallies {
            let account = self.of_calls(log, tally);
            tally.sample.iter().for_each(|place| add(place.source, account));
            // A tally remembers its first places alone; another log of its kind may hold more of it.
            if let Some(place) = tally.sample.first().filter(|_| is_name(log.text(tally.caller[shown::ACCOUNT]))) {
                let kind = self.sources.get(place.source as usize).and_then(|known| known.kind.as_ref());
                callers.entry(kind).or_default().insert(account);
            }
        }
        for (source, known) in (0u32..).zip(&self.sources).filter(|(_, known)| known.is_log && known.kind.is_some()) {
            let of_kind = callers.get(&known.kind.as_ref()).into_iter().flatten();
            of_kind.filter(|_| !known.bound).for_each(|account| add(source, *account));
        }
        for (known, held) in self.sources.iter().zip(&mut held) {
            if held.is_empty() {
                held.insert(known.account);
            }
        }
        let used: BTreeSet<usize> = held.iter().flatten().copied().collect();
        // Once they are known, they go by name: the order in which files lie must not show.
        let mut order: Vec<usize> = used.into_iter().collect();
        order.sort_by_key(|at| (*at != 0, self.names[*at].clone()));
        let place = |account: usize| order.iter().position(|at| *at == account).unwrap_or_default();
        let silent = |(at, known): (usize, &Known)| !known.bound && !known.names && held[at].contains(&0);
        self.assumed =
            self.sources.iter().enumerate().filter(|known| silent(*known)).map(|(at, _)| at as u32).collect();
        self.held = held.iter().map(|accounts| accounts.iter().map(|account| place(*account)).collect()).collect();
        self.names = order.iter().map(|at| self.names[*at].clone()).collect();
        for known in &mut self.sources {
            known.account = place(known.account);
        }
        for account in self.meant.values_mut() {
            *account = place(*account);
        }
        for table in tables {
            table.account.iter_mut().for_each(|account| *account = place(*account as usize) as u32);
        }
    }
}

/// What the names of accounts in an export are; `None` where they are none.
fn kind(export: &Export) -> Option<String> {
    let format = export.recognised.format;
    let lists = std::iter::once(&export.recognised.cells).chain(export.recognised.parts.iter().map(|part| &part.cells));
    let at = lists.filter_map(|cells| cells.iter().position(|cell| cell.column() == Some("account"))).next();
    let name = at.and_then(|at| export.header.get(at)).map_or(String::new(), |name| name.to_lowercase());
    match format.exchange {
        // The user of a log is who acted, be it a stranger.
        "" if name.starts_with("user.") || ["user", "user name", "username"].contains(&name.as_str()) => None,
        "" => Some(format.id.to_owned()),
        // A portfolio is an account within an account.
        exchange if name.contains("portfolio") => Some(format!("{exchange} portfolio")),
        exchange => Some(exchange.to_owned()),
    }
}

/// Whether a name shows the end of another behind asterisks: `****4228`.
fn masks(name: &str, other: &str) -> bool {
    let end = name.trim_start_matches('*');
    end.len() >= 3 && end.len() < name.len() && other.ends_with(end) && !other.starts_with('*')
}

/// Whether a text can be the name of an account: some logs describe a caller there.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.len() <= 64 && !text.contains(['{', '"', '\n'])
}

/// The names of accounts in a table. What a list of balances calls so is a wallet.
fn named(table: &ReadTable) -> Texts<'_> {
    if table.table == Table::Balances { Texts::Same(None) } else { table.texts("account") }
}
