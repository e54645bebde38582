//! Incidents: the orders that belong to one another, found after the rules have run.
//!
//! An episode starts from the orders that findings of high severity name. It takes in the orders near them that do not fit
//! the account's own habits, and leaves its ordinary orders of the same minutes out.

mod again;
mod chance;
mod deeds;
mod entries;
mod flows;
mod habits;
mod members;
mod p2p;
mod points;
mod steps;
mod timeline;

use std::collections::BTreeSet;

use polars::prelude::PolarsResult;

use crate::accounts::MAIN;
use crate::dataset::Dataset;
use crate::engine::{Evidence, Findings, place};
use crate::parallel;
use crate::rules::Severity;
use crate::rules::playbook::Step;
use crate::sources::sha256;
use crate::tables::Table;
use crate::time::{DAY, Timestamp};

use deeds::Deeds;
pub use entries::Entry;
pub use flows::{Flow, Loss};
pub use points::Point;
pub use timeline::{Stretch, timeline};

/// Fewer orders are told by the findings alone.
const FEWEST: usize = 3;
/// Of P2P orders, each of which may be all there was, fewer do.
const FEWEST_P2P: usize = 2;

/// An incident.
#[derive(Clone, Debug)]
pub struct Episode {
    /// A fingerprint of its orders.
    pub id: String,
    /// How bad it is.
    pub severity: Severity,
    /// What its severity is made of.
    pub points: Vec<Point>,
    /// When it began.
    pub first: i64,
    /// When it ended.
    pub last: i64,
    /// Its orders and P2P orders, in order of time.
    pub entries: Vec<Entry>,
    /// What the account has less for it.
    pub sold: Vec<Flow>,
    /// What the account has more for it.
    pub bought: Vec<Flow>,
    /// What it cost, as far as the account's own prices tell.
    pub loss: Option<Loss>,
    /// The keys of its calls.
    pub keys: BTreeSet<String>,
    /// The addresses of its calls.
    pub ips: BTreeSet<String>,
    /// The clients of its calls.
    pub clients: BTreeSet<String>,
    /// Logins of the day before and during it.
    pub sessions: BTreeSet<String>,
    /// The rules that found it.
    pub rules: Vec<&'static str>,
    /// What to do about it, besides what its findings say.
    pub steps: Vec<Step>,
}

impl Episode {
    /// Whether its orders are to be listed as not the owner's.
    pub fn is_grave(&self) -> bool {
        self.severity >= Severity::High
    }

    /// Its rows in the frame of orders.
    pub fn order_rows(&self) -> impl Iterator<Item = u32> + '_ {
        self.entries.iter().filter(|entry| entry.table != Table::P2p).map(|entry| entry.row)
    }

    /// Where its records stand.
    pub fn evidence(&self, data: &Dataset<'_>) -> Vec<Evidence> {
        let place = |entry: &Entry| place(data.frames.get(&entry.table)?, entry.table_row);
        self.entries.iter().filter_map(place).collect()
    }
}

/// Finds the incidents, and raises findings that are worse as a part of one.
///
/// # Errors
/// When a frame lacks a column, which would be a fault of this program.
pub fn episodes(data: &Dataset<'_>, findings: &mut Findings) -> PolarsResult<Vec<Episode>> {
    let named = members::named(data, findings)?;
    if named.is_empty() {
        return Ok(Vec::new());
    }
    let (verdicts, deeds) = (members::Verdicts::new(data), Deeds::new(data)?);
    deeds.prepare(habits::LOOKED_AT, data.jobs);
    let around = |seeds: Vec<Entry>| (members::around(&deeds, data, &seeds, &verdicts), seeds);
    let mut apart: Vec<(Vec<Entry>, Vec<Entry>)> = Vec::new();
    for (entries, mut seeds) in parallel::map(members::clusters(named), data.jobs, around) {
        let mut entries = entries?;
        // What each of two reaches of the same hour is one, however its named orders lie.
        while let Some((earlier, _)) = apart.pop_if(|(_, before)| meet(before, &entries)) {
            seeds.splice(0..0, earlier);
            entries = members::around(&deeds, data, &seeds, &verdicts)?;
        }
        apart.push((seeds, entries));
    }
    let mut found = Vec::new();
    for (seeds, entries) in apart {
        let of_p2p = seeds.iter().all(|seed| seed.table == Table::P2p);
        if entries.len() >= if of_p2p { FEWEST_P2P } else { FEWEST } {
            let mut episode = episode(data, findings, entries)?;
            episode.steps = steps::steps(data, &episode, &verdicts);
            found.push(episode);
        }
    }
    found.sort_by(|a, b| (b.severity, a.first, &a.id).cmp(&(a.severity, b.first, &b.id)));
    points::raise(data, findings, &found);
    Ok(found)
}

/// Whether what two episodes hold lies no further apart than the orders of one.
fn meet(before: &[Entry], after: &[Entry]) -> bool {
    let (Some(last), Some(first)) = (before.last(), after.first()) else { return false };
    first.time - last.time <= members::APART
}

fn episode(data: &Dataset<'_>, findings: &Findings, entries: Vec<Entry>) -> PolarsResult<Episode> {
    let (first, last) = (entries[0].time, entries[entries.len() - 1].time);
    let callers = members::callers(data, &entries)?;
    let about = points::about(findings, &entries, &callers.ips);
    let (points, severity) = points::score(&about);
    let (sold, bought) = flows::net(&entries);
    let loss = flows::loss(data, &entries);
    let rules: Vec<&'static str> = about.iter().map(|finding| finding.rule.id).collect();
    let account = data.account.iter().filter(|name| *name != MAIN).cloned();
    let content: Vec<String> = entries.iter().map(Entry::content).chain(account).collect();
    Ok(Episode {
        id: sha256(content.join("\n").as_bytes())[..16].to_owned(),
        severity,
        points,
        first,
        last,
        sold,
        bought,
        loss,
        keys: callers.keys,
        ips: callers.ips,
        clients: callers.clients,
        sessions: sessions(data, first, last)?,
        rules,
        entries,
        steps: Vec::new(),
    })
}

/// The logins of the day before and during an episode.
fn sessions(data: &Dataset<'_>, first: i64, last: i64) -> PolarsResult<BTreeSet<String>> {
    let Some(events) = data.frames.get(&Table::Events) else { return Ok(BTreeSet::new()) };
    let text = |name: &str| -> PolarsResult<_> { events.column(name)?.str() };
    let (times, actions, ips, devices) = (events.column("time")?.i64()?, text("action")?, text("ip")?, text("device")?);
    let session = |at: usize| {
        let time = times.get(at).filter(|time| (first - DAY..=last).contains(time))?;
        let action = actions.get(at)?.to_lowercase();
        let words = [ips.get(at), devices.get(at)].into_iter().flatten().collect::<Vec<_>>().join(" ");
        ["login", "log in", "sign in", "signin"]
            .iter()
            .any(|word| action.contains(word))
            .then(|| format!("{} {words}", Timestamp(time)).trim_end().to_owned())
    };
    Ok((0..events.height()).filter_map(session).collect())
}
