//! What the exports show to be usual: per key its addresses, clients, operations and pairs; per client its keys, order ids
//! and rhythm.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use polars::prelude::PolarsResult;

use crate::dataset::Dataset;
use crate::ingest::Reading;
use crate::ingest::calls::CallLog;
use crate::ingest::calls::shown::{CLIENT, CODE, IP, KEY, KEY_NAME, STATUS};
use crate::ingest::export::Export;
use crate::ingest::single_calls::{Batch, each_batch};
use crate::progress::Progress;
use crate::reference::{Action, Reference};
use crate::settings::{Bounds, Window};
use crate::time::{DAY, HOUR};

/// Seen at least so often …
const OFTEN: u64 = 20;
/// … and on at least so many days, something is usual (the draft says so).
const DAYS: i64 = 7;

/// How often something was seen, and from when to when.
#[derive(Clone, Copy, Debug)]
pub struct Habit {
    /// How often.
    pub count: u64,
    /// First.
    pub first: i64,
    /// Last.
    pub last: i64,
    /// On how many days, where they were counted; else the days from first to last are taken.
    pub days: Option<i64>,
}

impl Habit {
    /// Whether it is usual.
    pub fn is_usual(&self) -> bool {
        self.count >= OFTEN && self.days.unwrap_or((self.last - self.first) / DAY) >= DAYS
    }

    fn add(map: &mut BTreeMap<String, Self>, name: &str, count: u64, first: i64, last: i64) {
        if name.is_empty() || count == 0 {
            return;
        }
        let habit = map.entry(name.to_owned()).or_insert(Self { count: 0, first, last, days: None });
        let (first, last) = (habit.first.min(first), habit.last.max(last));
        *habit = Self { count: habit.count + count, first, last, ..*habit };
    }
}

/// What is known of a key's use.
#[derive(Clone, Debug, Default)]
pub struct KeyHabits {
    /// By address.
    pub ips: BTreeMap<String, Habit>,
    /// By client family.
    pub clients: BTreeMap<String, Habit>,
    /// By permission that its calls need.
    pub needs: BTreeMap<String, Habit>,
    /// By pair of its orders.
    pub symbols: BTreeMap<String, Habit>,
}

/// What is known of a client's use.
#[derive(Clone, Debug, Default)]
pub struct ClientHabits {
    /// By family of client order ids.
    pub id_families: BTreeMap<String, Habit>,
    /// Silences of an hour or more between calls.
    pub silences: Vec<i64>,
}

/// Everything usual.
#[derive(Clone, Debug, Default)]
pub struct Habits {
    /// By key.
    pub keys: BTreeMap<String, KeyHabits>,
    /// By client family.
    pub clients: BTreeMap<String, ClientHabits>,
    /// By address, the logins.
    pub logins: BTreeMap<String, Habit>,
}

/// The family of a client: the product token before the `/`.
pub fn family(client: &str) -> String {
    client.split('/').next().unwrap_or_default().trim().to_lowercase()
}

/// On which days the addresses and client families of each key called, for those that may be usual.
#[derive(Default)]
pub struct Days(HashMap<String, BTreeSet<i64>>);

/// A key as logged, and one of its addresses or client families.
fn pair(key_name: &str, key: &str, text: &str) -> String {
    [key_name, key, text].join("\u{1f}")
}

impl Days {
    /// Counts them by reading the logs once more.
    pub fn read(logs: &[(u32, &Export)], log: &CallLog, reading: &Reading, progress: &Progress) -> Self {
        let mut seen: BTreeMap<String, Habit> = BTreeMap::new();
        for tally in &log.tallies {
            let caller = log.caller(tally);
            for text in [caller.ip, &family(caller.client)] {
                let pair = pair(caller.key_name, caller.key, text);
                Habit::add(&mut seen, &pair, tally.count, tally.first, tally.last);
            }
        }
        // What is too rare, or all within a few days, need not be counted.
        let usual: HashSet<String> =
            seen.into_iter().filter(|(_, habit)| habit.is_usual()).map(|(pair, _)| pair).collect();
        let always = Window { start: i64::MIN, end: i64::MAX, ..Bounds::default().window(0) };
        let mut counters: Vec<Self> = (0..reading.jobs.max(1)).map(|_| Self::default()).collect();
        let takers = counters.iter_mut().map(|days| |batch: Batch| days.count(&batch, &usual)).collect();
        each_batch(logs, takers, always, None, reading, progress);
        let mut all = Self::default();
        for (pair, days) in counters.into_iter().flat_map(|days| days.0) {
            all.0.entry(pair).or_default().extend(days);
        }
        all
    }

    fn count(&mut self, batch: &Batch, usual: &HashSet<String>) {
        let reference = Reference::built_in();
        for (at, time) in batch.times.iter().enumerate() {
            let text = |column: usize| batch.texts[column][at].as_str();
            if !reference.outcome(text(STATUS), text(CODE)).may_have_acted() {
                continue;
            }
            for value in [text(IP), &family(text(CLIENT))] {
                let pair = pair(text(KEY_NAME), text(KEY), value);
                if usual.contains(&pair) {
                    self.0.entry(pair).or_default().insert(time.div_euclid(DAY));
                }
            }
        }
    }
}

/// Measures them.
pub fn habits(data: &Dataset<'_>, days: &Days) -> PolarsResult<Habits> {
    let mut habits = Habits::default();
    for card in &data.key_cards {
        habits.keys.entry(card.name.clone()).or_default();
    }
    calls(data, days, &mut habits)?;
    orders(data, &mut habits)?;
    logins(data, &mut habits);
    Ok(habits)
}

fn logins(data: &Dataset<'_>, habits: &mut Habits) {
    let mut days: BTreeMap<&str, BTreeSet<i64>> = BTreeMap::new();
    for login in data.events.iter().filter(|event| event.action == Action::Login) {
        Habit::add(&mut habits.logins, &login.ip, 1, login.time, login.time);
        days.entry(&login.ip).or_default().insert(login.time.div_euclid(DAY));
    }
    for (ip, habit) in &mut habits.logins {
        habit.days = days.get(ip.as_str()).map(|days| days.len() as i64);
    }
}

fn calls(data: &Dataset<'_>, days: &Days, habits: &mut Habits) -> PolarsResult<()> {
    let Some(frame) = data.frames.get(&crate::tables::Table::Calls) else { return Ok(()) };
    let keys = frame.column("key")?.str()?;
    for (row, tally) in data.calls.tallies.iter().enumerate() {
        // What was refused shows nobody's habit but a stranger's.
        if !tally.verdict.outcome.may_have_acted() {
            continue;
        }
        let caller = data.calls.caller(tally);
        let client = family(caller.client);
        let (count, first, last) = (tally.count, tally.first, tally.last);
        if let Some(key) = keys.get(row).filter(|key| !key.is_empty()) {
            let of_key = habits.keys.entry(key.to_owned()).or_default();
            for (map, text) in [(&mut of_key.ips, caller.ip), (&mut of_key.clients, client.as_str())] {
                Habit::add(map, text, count, first, last);
                let known = days.0.get(&pair(caller.key_name, caller.key, text)).map(|days| days.len() as i64);
                if let Some(habit) = map.get_mut(text) {
                    // A key that is logged in several ways has at least the days of one of them.
                    habit.days = habit.days.max(known);
                }
            }
            for need in tally.verdict.class.needs() {
                Habit::add(&mut of_key.needs, need, count, first, last);
            }
        }
        if !client.is_empty() {
            let silences = tally.sample.windows(2).map(|pair| pair[1].time - pair[0].time);
            habits.clients.entry(client).or_default().silences.extend(silences.filter(|silence| *silence >= HOUR));
        }
    }
    Ok(())
}

fn orders(data: &Dataset<'_>, habits: &mut Habits) -> PolarsResult<()> {
    let Some(orders) = &data.orders else { return Ok(()) };
    let (ids, symbols) = (orders.column("client_order_id")?.str()?, orders.column("symbol")?.str()?);
    let times = orders.column("time")?.i64()?;
    let verdicts = &data.verdicts;
    let (rows, keys, clients) =
        (verdicts.column("row")?.u32()?, verdicts.column("key")?.str()?, verdicts.column("client")?.str()?);
    for at in 0..verdicts.height() {
        let (Some(row), Some(key)) = (rows.get(at).map(|row| row as usize), keys.get(at)) else { continue };
        let Some(time) = times.get(row).filter(|_| !key.is_empty()) else { continue };
        let of_key = habits.keys.entry(key.to_owned()).or_default();
        Habit::add(&mut of_key.symbols, symbols.get(row).unwrap_or_default(), 1, time, time);
        let client = family(clients.get(at).unwrap_or_default());
        if let Some(family) = Reference::built_in().family(ids.get(row).unwrap_or_default()) {
            // Ids that the exchange made up have no prefix to expect.
            if !family.pattern.contains('{') {
                let of_client = habits.clients.entry(client).or_default();
                Habit::add(&mut of_client.id_families, &family.pattern, 1, time, time);
            }
        }
    }
    Ok(())
}
