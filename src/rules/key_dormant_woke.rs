//! Keys that were silent for long and then were used again.

use std::collections::HashSet;
use std::ops::Range;

use polars::prelude::*;

use super::call_rows::{CallRow, call_rows, uses};
use super::plan::{Hit, frame};
use super::playbook::Step;
use super::{Confidence, Rule, Severity, Subject, Threshold, Thresholds};
use crate::columns;
use crate::dataset::{Dataset, KeyCard};
use crate::ingest::activity::{Bin, Use};
use crate::matching::{IpVerdict, client_family};
use crate::tables::Table;
use crate::time::{DAY, HOUR, Timestamp, span_words};

pub(super) static RULE: Rule = Rule {
    id: "key-dormant-woke",
    title: "dormant key used again",
    severity: "critical when it acted within `first_hours` from a source that is not expected, high when from an expected one or without acting; medium where it only goes on as before, or where nothing says how old it is and it did not fall silent again; low when it only read from where it is expected",
    confidence: Confidence::Medium,
    subject: Subject::Key,
    message: "key {key} was silent for {gap} and was then used again {when}, from {ip} ({class})",
    needs: &[Table::Calls, Table::Orders, Table::Trades],
    needs_expectations: false,
    why: "Stolen keys were kept for days to two years and then used within minutes. A key that nobody used is a key that nobody watches.",
    logic: "A key whose calls in the window, let in, follow a silence of more than `days` and of more than `periods` periods of its schedule, and not inside the hours of that schedule. The silence counts from its last call before, or from its creation (by a key list or `valid_from`) when the log begins before it; it must lie within the span of one log. Its first day are `first_hours`. A key of the expectations of which neither a list nor `valid_from` says how old it is counts from the log's beginning, when it acted; a new tool goes on calling or lays out orders that wait, so only one that was silent from that day to the end of a log that goes on for `left_days` more, after at least `left_calls` that acted, is taken for woken; or for one day more, if its orders mostly took from the book or were in pairs that the account never traded before. A key that called before its silence goes on as before when after it the same networks and clients call, in pairs that the account traded, at most twice as fast in any half hour, not taking from the book when it did not before, and for more than one day as far as the log tells.",
    benign: &[
        "a quarterly run: give the tool a schedule",
        "a bot that you started again: medium while it does what it did before",
        "a new key: give it `valid_from`",
    ],
    next: &[Step::SaveEvidence, Step::DisableAccount, Step::DeleteKey, Step::CancelOrders],
    sources: "the theft of VIA (2018): keys unused for 13 days; a key of 2022 unused for two years; 30 days: the checks of API keys in the README",
    thresholds: &[
        Threshold { name: "days", default: 30.0, unit: "days", source: "the checks of API keys in the README" },
        Threshold { name: "periods", default: 3.0, unit: "periods of the schedule", source: "own proposal" },
        Threshold { name: "first_hours", default: 24.0, unit: "hours", source: "own proposal" },
        Threshold {
            name: "left_days",
            default: 3.0,
            unit: "days of silence after the first day",
            source: "own proposal: no new tool is silent for so long once it has begun",
        },
        Threshold {
            name: "left_calls",
            default: 5.0,
            unit: "calls that acted on the first day",
            source: "own proposal: a plan that buys once a week makes fewer",
        },
    ],
    plan,
};

/// A tool that goes on has at most so many times as many orders in a half hour as it ever had (own proposal).
const FASTER: u64 = 2;

fn plan(data: &Dataset<'_>, thresholds: &Thresholds) -> PolarsResult<Option<LazyFrame>> {
    if !data.frames.contains_key(&Table::Calls) {
        return Ok(None);
    }
    let days = (thresholds.value("days") * DAY as f64) as i64;
    let day = (thresholds.value("first_hours") * HOUR as f64) as i64;
    let left = (thresholds.value("left_days") * DAY as f64) as i64;
    let rows = call_rows(data)?;
    let mut hits = Vec::new();
    for (key, uses) in uses(data, &rows) {
        let Some(card) = data.key_cards.iter().find(|card| card.name == key) else { continue };
        let limit = days.max((card.every.unwrap_or(0) as f64 * thresholds.value("periods")) as i64);
        let Some(Waking { before, woke, dated }) = waking(data, card, &uses, limit) else { continue };
        let schedules = data.expected_key(key).into_iter().flat_map(|key| data.schedules(key));
        if schedules
            .filter_map(|schedule| Some((schedule.window?, schedule.zone)))
            .any(|(hours, zone)| hours.holds(woke, zone, 0))
        {
            continue;
        }
        let soon: Vec<&CallRow<'_>> = rows
            .iter()
            .filter(|row| row.key == key && row.entered() && row.tally.first <= woke + day && row.tally.last >= woke)
            .collect();
        let acted = uses.iter().any(|(kind, bin)| kind.acted() && bin.last >= woke && bin.first <= woke + day);
        let expected = soon.iter().all(|row| row.tally.expected && row.tally.verdict.ip == IpVerdict::Expected);
        let again = Return { data, key, rows: &rows, uses: &uses, woke, until: woke + day };
        let level = match (acted, expected, dated) {
            (false, _, false) => continue,
            (true, false, _) => Severity::Critical,
            (true, true, _) => {
                let ordered = again.orders()?;
                let odd = (ordered.took || ordered.mostly_strange) && again.left_for(DAY);
                let gone = again.acts() as f64 >= thresholds.value("left_calls") && again.left_for(left);
                let usual = if dated { again.resumed(&ordered) } else { !odd && !gone };
                if usual { Severity::Medium } else { Severity::High }
            }
            (false, false, true) => Severity::High,
            (false, true, true) => Severity::Low,
        };
        let (gap, when) = (span_words(woke - before), Timestamp(woke).to_string());
        hits.extend(soon.iter().map(|row| {
            let details = [key, &gap, &when, row.ip(), row.tally.verdict.class.name()];
            row.hit(key, level, details.map(str::to_owned).to_vec())
        }));
        // What the key ordered on its first day belongs to the finding, and makes an incident of it.
        hits.extend(made(data, key, woke..woke + day)?.into_iter().map(|(at, time)| Hit {
            subject: key.to_owned(),
            severity: level,
            at: Some(at),
            first: Some(time),
            last: Some(time),
            count: 1,
            details: [key, &gap, &when, "", ""].map(str::to_owned).to_vec(),
        }));
    }
    frame(&hits, &["key", "gap", "when", "ip", "class"])
}

/// What a key that is used again from where it is expected did on its first day, and after it.
struct Return<'a, 'b> {
    data: &'a Dataset<'b>,
    key: &'a str,
    rows: &'a [CallRow<'a>],
    uses: &'a [(Use, &'a Bin)],
    woke: i64,
    /// The end of its first day.
    until: i64,
}

impl Return<'_, '_> {
    /// Whether it was used on its first day alone although the logs go on for so long.
    fn left_for(&self, span: i64) -> bool {
        let last = self.uses.iter().filter(|(kind, _)| kind.entered()).map(|(_, bin)| bin.last).max();
        last.is_some_and(|last| last <= self.until && self.data.one_log_covers(self.woke, last + span))
    }

    /// How many calls that acted it made on its first day.
    fn acts(&self) -> u64 {
        let inside =
            self.uses.iter().filter(|(kind, bin)| kind.acted() && bin.last >= self.woke && bin.first <= self.until);
        inside.map(|(_, bin)| bin.count).sum()
    }

    /// Whether its orders mostly took from the book, and whether most, or any, were in pairs that the account had never traded.
    fn orders(&self) -> PolarsResult<Ordered> {
        let Some(view) = &self.data.orders else { return Ok(Ordered::default()) };
        let (times, symbols) = (view.column("time")?.i64()?, columns::texts(view, "symbol")?);
        let (rows, keys) = (self.data.verdicts.column("row")?.u32()?, columns::texts(&self.data.verdicts, "key")?);
        let of_key = rows.iter().enumerate().filter(|(at, _)| keys.get(*at) == Some(self.key));
        let own: HashSet<u32> = of_key.filter_map(|(_, row)| row).collect();
        let before = |at: usize| times.get(at).is_some_and(|time| time < self.woke);
        let known: HashSet<&str> =
            (0..view.height()).filter(|&at| before(at)).filter_map(|at| symbols.get(at)).collect();
        let taken = self.data.deals.all.iter().filter(|deal| deal.taker).map(|deal| deal.row);
        let (took_before, took): (HashSet<u32>, HashSet<u32>) = taken.partition(|row| before(*row as usize));
        let all = self.data.attribution.orders.iter().flat_map(|order| order.order.rows.iter().copied());
        let made: Vec<u32> = all.filter(|row| own.contains(row)).collect();
        let count = |odd: &dyn Fn(&u32) -> bool| made.iter().filter(|row| odd(row)).count();
        let strange = count(&|row| symbols.get(*row as usize).is_some_and(|symbol| !known.contains(symbol)));
        let earlier = (0..view.height()).filter(|&at| before(at)).count();
        Ok(Ordered {
            took: 2 * count(&|row| took.contains(row)) > made.len(),
            took_before: 2 * took_before.len() > earlier,
            mostly_strange: 2 * strange > made.len(),
            strange: strange > 0,
        })
    }

    /// Whether it only goes on where it left off: from the same places by the same clients, in known pairs, no faster and no
    /// more eager to take from the book than before, and for more than its first day, as far as the logs reach.
    fn resumed(&self, ordered: &Ordered) -> bool {
        let caller = |row: &CallRow<'_>| (row.network(self.data), client_family(row.client()));
        let own = || self.rows.iter().filter(|row| row.key == self.key && row.entered());
        let before: HashSet<_> = own().filter(|row| row.tally.first < self.woke).map(caller).collect();
        let known = own().filter(|row| row.tally.last >= self.woke).all(|row| before.contains(&caller(row)));
        let pace = |wanted: &dyn Fn(&Bin) -> bool| {
            let acts = self.uses.iter().filter(|(kind, bin)| kind.acted() && wanted(bin));
            acts.map(|(_, bin)| bin.count).max().unwrap_or(0)
        };
        let steady = pace(&|bin| bin.first >= self.woke) <= FASTER * pace(&|bin| bin.last < self.woke);
        let eager = ordered.took && !ordered.took_before;
        known && steady && !eager && !ordered.strange && !self.left_for(DAY)
    }
}

/// What the orders of a key that was used again were like.
#[derive(Default)]
struct Ordered {
    took: bool,
    took_before: bool,
    mostly_strange: bool,
    strange: bool,
}

/// The records and times of the orders that a key made in a span.
fn made(data: &Dataset<'_>, key: &str, span: Range<i64>) -> PolarsResult<Vec<((Table, u32), i64)>> {
    let Some(view) = &data.orders else { return Ok(Vec::new()) };
    let (tables, rows) = (columns::texts(view, "table")?, columns::counts(view, "table_row")?);
    let times = view.column("time")?.i64()?;
    let (own, keys) = (data.verdicts.column("row")?.u32()?, columns::texts(&data.verdicts, "key")?);
    let of_key = own.iter().enumerate().filter(|(at, _)| keys.get(*at) == Some(key)).filter_map(|(_, row)| row);
    let order = |row: u32| {
        let time = times.get(row as usize).filter(|time| span.contains(time))?;
        let table = if tables.get(row as usize) == Some(Table::Trades.name()) { Table::Trades } else { Table::Orders };
        Some(((table, rows.get(row as usize)?), time))
    };
    Ok(of_key.filter_map(order).collect())
}

/// A silence of a key that ended in the window.
struct Waking {
    /// The end of its last use before.
    before: i64,
    /// Its first use after.
    woke: i64,
    /// Whether the key is known to be as old as that.
    dated: bool,
}

fn waking(data: &Dataset<'_>, card: &KeyCard, uses: &[(Use, &Bin)], limit: i64) -> Option<Waking> {
    let mut spans: Vec<(i64, i64)> =
        uses.iter().filter(|(kind, _)| kind.entered()).map(|(_, bin)| (bin.first, bin.last)).collect();
    spans.sort_unstable();
    let logs = || data.sources.iter().filter(|source| source.table == Table::Calls);
    // A key that is known to be older than the log was silent from the log's beginning on.
    let begin = logs().filter_map(|log| log.first).min()?;
    let made = match card.created {
        Some(created) => Some(created.max(begin)),
        None => card.expected.filter(|expected| *expected).map(|_| begin),
    };
    let mut previous = made.filter(|made| spans.first().is_some_and(|(first, _)| made < first));
    let mut dated = card.created.is_some();
    let mut found = None;
    for (first, last) in spans {
        if let Some(before) = previous
            && data.window.holds(first)
            && first - before > limit
            && data.one_log_covers(before, first)
        {
            found = Some(Waking { before, woke: first, dated });
        }
        previous = previous.max(Some(last));
        dated = true;
    }
    found
}
