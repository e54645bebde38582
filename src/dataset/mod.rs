//! The sources of a run, joined: one frame per table, each record with its source, record and line.
//!
//! Times in frames are microseconds in UTC. Calls are not a frame of records but of tallies
//! ([`crate::ingest::calls`]); other tables are held whole, which serves up to some ten million records each.

mod alike;
pub mod as_of;
mod conflicts;
pub mod coverage;
mod events;
mod frames;
mod join;
mod key_cards;
mod legs;
mod order_view;
mod reconcile;

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::{DataFrame, IntoLazy, LazyFrame, PolarsResult};

use crate::address::parse_ip;
use crate::attribution::Attribution;
use crate::balances::Balances;
use crate::behaviour::Deals;
use crate::columns;
use crate::expectations::{Expectations, Key, KeyId, Schedule};
use crate::formats::{Format, recognise};
use crate::ingest::Source;
use crate::ingest::calls::CallLog;
use crate::ingest::table::ReadTable;
use crate::intel::About;
use crate::reference::Reference;
use crate::settings::Window;
use crate::tables::Table;
use coverage::Coverage;

pub use conflicts::{Conflict, conflicts};
pub use events::{Event, events};
pub use frames::{call_frame, key_label, operation, verdict_frame};
pub use join::join;
pub use key_cards::{KeyCard, Restriction, Seen, inventory, key_cards};
pub use legs::{is_leg, may_be_fill};
pub use order_view::{by_time, order_view};
pub use reconcile::reconcile;

/// Everything the rules look at: what is known of one account.
pub struct Dataset<'a> {
    /// The account that it is of; `None` where there is but one.
    pub account: Option<String>,
    /// Sources that were taken for this account's because nothing says whose they are, though there are others.
    pub assumed: Vec<String>,
    /// The keys of other accounts that networks of strangers tried in the window, by network: who holds keys of several
    /// accounts is the one thing that no account tells by itself.
    pub strangers: BTreeMap<String, BTreeSet<String>>,
    /// How many threads may work on it.
    pub jobs: usize,
    /// The window of the report.
    pub window: Window,
    /// What is expected.
    pub expectations: Option<&'a Expectations>,
    /// Every source, by path.
    pub sources: Vec<Source>,
    /// One frame per table that has records; of calls, one row per tally.
    pub frames: BTreeMap<Table, DataFrame>,
    /// The call logs.
    pub calls: CallLog,
    /// Records that contradict each other.
    pub conflicts: Vec<Conflict>,
    /// Logins and changes of security settings, in order of time.
    pub events: Vec<Event>,
    /// What is known of each key.
    pub key_cards: Vec<KeyCard>,
    /// What each table covers.
    pub coverage: Vec<Coverage>,
    /// All orders, and the fills that stand for orders (see [`order_view`]).
    pub orders: Option<DataFrame>,
    /// The rows of that frame in order of time, but for those without one.
    pub by_time: Vec<u32>,
    /// What of them was filled, for the rules of behaviour.
    pub deals: Deals,
    /// What the account's assets came to.
    pub balances: Balances,
    /// The orders of the window and what explains them.
    pub attribution: Attribution,
    /// The same for plans: `row` in `orders`, `verdict`, `doubt`, `in_gap`, and `ip`, `key`, `client` of its call.
    pub verdicts: DataFrame,
}

impl Dataset<'_> {
    /// A plan over a table; `None` when no source has records for it.
    pub fn table(&self, table: Table) -> Option<LazyFrame> {
        self.frames.get(&table).map(|frame| frame.clone().lazy())
    }

    /// The coverage of a table.
    pub fn coverage_of(&self, table: Table) -> Option<&Coverage> {
        self.coverage.iter().find(|coverage| coverage.table == table)
    }

    /// What the user's lists and databases, and the call logs, say of an address; `None` where there is nothing to ask.
    pub fn about(&self, ip: &str) -> Option<About> {
        let intel = self.expectations.map(|e| &e.intel).filter(|intel| !intel.is_empty());
        let found = intel.and_then(|intel| Some(intel.about(parse_ip(ip)?)));
        match self.calls.atlas.get(ip) {
            Some(said) => Some(found.unwrap_or_default().or_logged(said)),
            None => found,
        }
    }

    /// Whether a single call log reaches over a span, so that silence in it is silence.
    pub fn one_log_covers(&self, from: i64, to: i64) -> bool {
        let logs = self.sources.iter().filter(|source| source.table == Table::Calls);
        logs.filter_map(|log| Some((log.first?, log.last()?))).any(|(first, last)| first <= from && last >= to)
    }

    /// The name in reports of a key that a log names by name or id.
    pub fn key_named(&self, text: &str, time: i64) -> String {
        let text = text.trim();
        let expected = self.expectations.and_then(|e| Some(e.keys[e.key(text, text, time)?].name.clone()));
        let same = |card: &&KeyCard| {
            !text.is_empty()
                && (card.name.eq_ignore_ascii_case(text)
                    || card
                        .id
                        .as_deref()
                        .is_some_and(|id| KeyId::shows(text) && KeyId::new(id).fits(&KeyId::new(text))))
        };
        let listed = || self.key_cards.iter().find(same).map(|card| card.name.clone());
        expected.or_else(listed).unwrap_or_else(|| text.to_owned())
    }

    /// What is expected of the key of a name: of several entries the one that is valid now, else the last.
    pub fn expected_key(&self, name: &str) -> Option<&Key> {
        let entries = || self.expectations.into_iter().flat_map(|e| &e.keys).filter(|key| key.name == name);
        entries().find(|key| key.valid.holds(self.window.as_of)).or_else(|| entries().max_by_key(|key| key.valid.until))
    }

    /// The schedules of a key's tools.
    pub fn schedules<'b>(&'b self, key: &'b Key) -> impl Iterator<Item = Schedule> + 'b {
        self.expectations.into_iter().flat_map(|e| key.tools.iter().map(|&at| e.tools[at].schedule))
    }

    /// Whether the expectations list a key, so that another is a stranger.
    pub fn lists_keys(&self) -> bool {
        self.expectations.is_some_and(|e| !e.keys.is_empty())
    }

    /// Whether any source speaks of this, even if only to say that there is nothing.
    pub fn has(&self, wanted: Wanted) -> bool {
        self.sources.iter().filter(|source| source.speaks()).any(|source| match wanted {
            Wanted::Table(table) => source.holds(table),
            Wanted::Withdrawals => {
                source.table == Table::Ledger && source.holds(Table::Transfers) || is_out_on_chain(source.fixed)
            }
            Wanted::Addresses => is_out_on_chain(source.fixed),
        })
    }

    /// The exchanges of which some withdrawals are known from a ledger alone, which does not say where they went.
    ///
    /// # Errors
    /// When the frame lacks a column, which would be a fault of this program.
    pub fn unaddressed(&self) -> PolarsResult<BTreeSet<&str>> {
        let Some(frame) = self.frames.get(&Table::Transfers) else { return Ok(BTreeSet::new()) };
        let text = |name: &str| columns::texts(frame, name);
        let (direction, kind, address) = (text("direction")?, text("kind")?, text("address")?);
        let (exchange, is_leg) = (text("exchange")?, is_leg(frame));
        let out = |row: &usize| direction.get(*row) == Some("out") && kind.get(*row) == Some("chain");
        let open = (0..frame.height()).filter(out).filter(|row| is_leg(*row) && address.get(*row).is_none());
        Ok(open.map(|row| exchange.get(row).unwrap_or_default()).collect())
    }
}

/// Evidence that a full check wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A table.
    Table(Table),
    /// Withdrawals: deposits and conversions share their table.
    Withdrawals,
    /// Withdrawals with their addresses, which few ledgers tell.
    Addresses,
}

impl Wanted {
    /// How well a format's records serve as such evidence, the best with the lowest number; `None` where they do not.
    pub fn rank(self, format: &Format) -> Option<u8> {
        let tells = |table: Table| {
            recognise::generations(format).iter().any(|generation| {
                generation.parts.iter().any(|part| part.table == table) || generation.tells.contains(&table)
            })
        };
        // A ledger that tells of other tables is that of the whole account.
        let is_whole = || tells(Table::Trades) || tells(Table::Transfers);
        let rank = match self {
            Self::Table(Table::Ledger) if format.table == Table::Ledger => u8::from(!is_whole()),
            Self::Table(table) if format.table == table => 0,
            Self::Table(table @ Table::Trades) if tells(table) => 1,
            Self::Withdrawals | Self::Addresses if is_out_on_chain(format.fixed) => 0,
            Self::Withdrawals if format.table == Table::Ledger && tells(Table::Transfers) => 1,
            _ => return None,
        };
        // What an exchange no longer gives comes last.
        Some(rank + if format.export.contains("(until") { 2 } else { 0 })
    }

    /// What it is, for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Table(table) => table.words(),
            Self::Withdrawals | Self::Addresses => "withdrawals with their addresses",
        }
    }
}

/// Whether values that all records have say that they are withdrawals to addresses.
fn is_out_on_chain(fixed: &[(&str, &str)]) -> bool {
    fixed.contains(&("direction", "out")) && fixed.contains(&("kind", "chain"))
}

/// Turns the tables that were read into frames.
///
/// # Errors
/// When polars refuses a column, which would be a fault of this program.
pub fn frames(
    tables: &[(&ReadTable, Vec<bool>)],
    window: &Window,
    reference: &Reference,
) -> PolarsResult<BTreeMap<Table, DataFrame>> {
    let mut frames = BTreeMap::new();
    for (read, keep) in tables {
        if keep.iter().any(|keep| *keep) {
            frames.insert(read.table, frames::table_frame(read, keep, window, reference)?);
        }
    }
    legs::tell(&mut frames, window, reference)?;
    Ok(frames)
}
