//! Joins what was read into the dataset that the rules look at.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::{DataFrame, PolarsResult};

use super::coverage::{self, Coverage};
use super::{
    Dataset, KeyCard, by_time, call_frame, conflicts, events, frames, key_cards, key_label, order_view, reconcile,
    verdict_frame,
};
use crate::accounts::Accounts;
use crate::attribution::{self, Attribution, Earlier, Evidence, Names, OrderVerdict, OwnRecords};
use crate::balances::{self, Balances};
use crate::behaviour;
use crate::evidence::Calls;
use crate::expectations::Expectations;
use crate::ingest::Source;
use crate::ingest::call_scan;
use crate::ingest::calls::CallLog;
use crate::ingest::table::ReadTable;
use crate::matching::Inventory;
use crate::parallel;
use crate::reference::Reference;
use crate::settings::Window;
use crate::tables::Table;

/// With fewer records another thread is not worth its start: with twice as many there are two.
const MANY: usize = 1_000;

/// Joins what was read into one dataset for each account, the main one first.
///
/// # Errors
/// When polars refuses a column, which would be a fault of this program.
pub fn join<'a>(
    tables: Vec<ReadTable>,
    calls: Calls,
    expectations: Option<&'a Expectations>,
    accounts: &Accounts,
    jobs: usize,
) -> PolarsResult<Vec<Dataset<'a>>> {
    let Calls { log, mut sources, inventory, window, .. } = calls;
    let kept: Vec<Vec<bool>> = tables.iter().map(|read| reconcile(read, &mut sources)).collect();
    let assumed: Vec<String> = accounts.assumed(&sources).into_iter().map(str::to_owned).collect();
    let logs = log.split(accounts.count(), |log, tally| accounts.of_calls(log, tally));
    let of_account = |(account, log): (usize, CallLog)| {
        let own = |(read, keep): (&'_ ReadTable, &Vec<bool>)| -> Vec<bool> {
            keep.iter().zip(&read.account).map(|(keep, of)| *keep && *of as usize == account).collect()
        };
        let part = Part {
            account,
            name: accounts.name(account).map(str::to_owned),
            kept: tables.iter().zip(tables.iter().zip(&kept).map(own)).collect(),
            sources: accounts.sources(account, &sources),
            assumed: if account == 0 { assumed.clone() } else { Vec::new() },
            jobs,
        };
        part.join(log, expectations, &inventory, window)
    };
    let mut all = logs.into_iter().enumerate().map(of_account).collect::<PolarsResult<Vec<Dataset<'a>>>>()?;
    share_keys(&mut all);
    Ok(all)
}

/// The expectations do not say whose a key is: it is of the accounts that show it, and the main one's where none does.
fn share_keys(all: &mut [Dataset<'_>]) {
    let shows = |card: &KeyCard| card.row.is_some() || card.calls.is_some();
    let cards = all.iter().flat_map(|data| &data.key_cards);
    let shown: BTreeSet<String> = cards.filter(|card| shows(card)).map(|card| card.name.clone()).collect();
    for (at, data) in all.iter_mut().enumerate() {
        data.key_cards.retain(|card| shows(card) || (at == 0 && !shown.contains(&card.name)));
    }
}

/// What was read of one account.
struct Part<'b> {
    account: usize,
    name: Option<String>,
    /// The tables, and which of their records are its own.
    kept: Vec<(&'b ReadTable, Vec<bool>)>,
    sources: Vec<Source>,
    assumed: Vec<String>,
    jobs: usize,
}

impl Part<'_> {
    fn join<'a>(
        self,
        log: CallLog,
        expectations: Option<&'a Expectations>,
        inventory: &Inventory,
        window: Window,
    ) -> PolarsResult<Dataset<'a>> {
        let Self { account, name, kept, sources, assumed, jobs } = self;
        let reference = expectations.map_or(Reference::built_in(), |e| &e.reference);
        let conflicts = kept.iter().flat_map(|(read, keep)| conflicts(read, account, keep, &sources)).collect();
        let mut frames = frames(&kept, &window, reference)?;
        let has_calls = log.tallies.iter().any(|tally| tally.count > 0);
        let keys = kept.iter().find(|(read, _)| read.table == Table::Keys).map(|(read, keep)| (*read, keep.as_slice()));
        let mut all: Vec<Coverage> = Table::ALL
            .iter()
            .filter(|table| !call_scan::reads(**table) && !matches!(table, Table::Keys | Table::Balances))
            .filter_map(|table| coverage::of_table(*table, sources.iter(), expectations, &window))
            .collect();
        if has_calls {
            all.insert(0, coverage::of_calls(&log.hours, expectations, &window));
        }
        let events = events(&frames, expectations)?;
        let view = order_view(&frames)?;
        let attribute = || match &view {
            None => Ok(Attribution::default()),
            Some(view) => {
                let covered = all.iter().find(|coverage| coverage.table == Table::Calls);
                let own_records = frames.contains_key(&Table::OwnRecords);
                let earlier = match covered.and_then(Coverage::first) {
                    Some(from) => Earlier::From(from),
                    None if own_records => Earlier::Fills,
                    None => Earlier::None,
                };
                let names = Names { expectations, inventory };
                let own = OwnRecords::new(&frames)?;
                let evidence =
                    Evidence { log: &log, coverage: covered, events: &events, own: &own, window: &window, names, jobs };
                Ok(attribution::attribute(attribution::orders(view, &sources, &window, earlier)?, &evidence))
            }
        };
        let records = view.as_ref().map_or(0, DataFrame::height) + log.tallies.len();
        let rest = || -> PolarsResult<_> {
            let by_time = view.as_ref().map(by_time).transpose()?.unwrap_or_default();
            let deals = behaviour::deals(view.as_ref(), &frames)?;
            let (calls, key_cards) = parallel::both(
                jobs.min(log.tallies.len() / MANY),
                || has_calls.then(|| call_frame(&log, expectations, inventory, &window)).transpose(),
                || key_cards(keys, &log, expectations, inventory, window.as_of),
            );
            Ok((deals, by_time, calls?, key_cards))
        };
        let (attribution, rest): (PolarsResult<Attribution>, _) =
            parallel::both(jobs.min(records / MANY), attribute, rest);
        let (attribution, (deals, by_time, calls, mut key_cards)) = (attribution?, rest?);
        frames.extend(calls.map(|calls| (Table::Calls, calls)));
        let mut orders_of: BTreeMap<u32, u64> = BTreeMap::new();
        for order in attribution.orders.iter().filter(|order| order.verdict != OrderVerdict::Resting) {
            if let Some(call) = order.call(&log) {
                *orders_of.entry(call.tally).or_default() += order.order.rows.len() as u64;
            }
        }
        for (number, orders) in orders_of {
            let tally = &log.tallies[number as usize];
            let name = key_label(&log.caller(tally), tally.verdict.key.index(), expectations, inventory);
            if let Some(card) = key_cards.iter_mut().find(|card| card.name == name) {
                card.orders += orders;
            }
        }
        let verdicts = verdict_frame(&attribution, &log, expectations, inventory)?;
        let mut data = Dataset {
            account: name,
            assumed,
            strangers: BTreeMap::new(),
            jobs,
            window,
            expectations,
            sources,
            frames,
            calls: log,
            conflicts,
            events,
            key_cards,
            coverage: all,
            by_time,
            orders: view,
            deals,
            balances: Balances::default(),
            attribution,
            verdicts,
        };
        data.balances = balances::balances(&data)?;
        Ok(data)
    }
}
