//! Runs the rules and settles, in this one place, what a finding is: severity, suppression, identity.

mod fold;
mod hits;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use polars::prelude::{DataFrame, PolarsResult, UInt64Chunked};

use crate::accounts::MAIN;
use crate::columns::{self, Counts, OnThisThread};
use crate::dataset::Dataset;
use crate::expectations::{Change, Suppression};
use crate::ingest::calls::CallPlace;
use crate::names::shorten;
use crate::parallel;
use crate::rules::playbook::Step;
use crate::rules::{Rule, Severity};
use crate::sigma::UserHits;
use crate::sources::sha256;
use crate::tables::Table;

use fold::{fold, message};
use hits::{Hit, check, hits};

/// Records named as evidence of one finding; the count is always exact.
const EVIDENCE_KEPT: usize = 100;

/// A record that shows what a finding says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, schemars::JsonSchema)]
pub struct Evidence {
    /// The source.
    pub source: u32,
    /// The record in it.
    pub record: u64,
    /// Its line.
    pub line: u64,
}

/// What a rule found about one subject.
#[derive(Clone)]
pub struct Finding {
    /// A fingerprint of rule and subject, the same in every run that finds it.
    pub id: String,
    /// The rule.
    pub rule: &'static Rule,
    /// How bad it is.
    pub severity: Severity,
    /// What it says.
    pub message: String,
    /// The same with ids and addresses shortened, for people.
    pub short_message: String,
    /// What it is about.
    pub subject: String,
    /// The keys it speaks of.
    pub keys: BTreeSet<String>,
    /// When it began.
    pub first: Option<i64>,
    /// When it ended.
    pub last: Option<i64>,
    /// How many records show it.
    pub count: u64,
    /// The first of those records.
    pub evidence: Vec<Evidence>,
    /// All rows that show it, by table.
    pub rows: Vec<(Table, u32)>,
    /// Those of them that show it at high severity or above.
    pub grave: Vec<(Table, u32)>,
    /// The suppression that covers it.
    pub suppressed: Option<Suppression>,
}

impl Finding {
    /// The order of findings: what counts before what is suppressed, the worst first, then by rule and subject. Rules of the
    /// user's own come after the built-in ones, by name.
    pub fn rank(&self) -> impl Ord + '_ {
        let place = crate::rules::place(self.rule.id);
        (self.suppressed.is_some(), std::cmp::Reverse(self.severity), place, self.rule.id, &self.subject)
    }

    /// What to do about it: the steps of its rule; freezing the account and the police are for what is high or worse.
    pub fn steps(&self) -> impl Iterator<Item = Step> + '_ {
        let drastic = |step: &Step| matches!(step, Step::DisableAccount | Step::Report);
        self.rule.next.iter().copied().filter(move |step| self.severity >= Severity::High || !drastic(step))
    }
}

/// What running the rules gave.
#[derive(Clone, Default)]
pub struct Findings {
    /// The findings, the worst first.
    pub found: Vec<Finding>,
    /// Rules that failed, with the reason.
    pub failed: Vec<(&'static str, String)>,
    /// Rules that had nothing to look at.
    pub idle: Vec<&'static str>,
    /// Suppressions whose time is over.
    pub expired: Vec<Suppression>,
}

impl Findings {
    /// The severity of the worst finding that counts: low or above, and not suppressed.
    pub fn highest(&self) -> Option<Severity> {
        self.found.iter().filter(|f| f.suppressed.is_none() && f.severity > Severity::Info).map(|f| f.severity).max()
    }

    /// Adds what a rule found.
    fn take(&mut self, rule: &Rule, found: Result<Option<Vec<Finding>>, String>) {
        match found {
            Ok(Some(found)) => self.found.extend(found),
            Ok(None) => self.idle.push(rule.id),
            Err(reason) => self.failed.push((rule.id, reason)),
        }
    }

    /// Puts the findings in order.
    pub fn sort(&mut self) {
        self.found.sort_by(|a, b| a.rank().cmp(&b.rank()));
    }

    /// The steps that the findings name, each once, in the order they are to be done.
    pub fn steps(&self) -> Vec<Step> {
        let named: BTreeSet<Step> = self
            .found
            .iter()
            .filter(|f| f.suppressed.is_none() && f.severity >= Severity::Medium)
            .flat_map(Finding::steps)
            .collect();
        Step::ALL.iter().copied().filter(|step| named.contains(step)).collect()
    }
}

/// Runs rules over a dataset, on up to `jobs` threads. A rule that fails is named and the others go on.
///
/// `user` is what the rules of the user's own found; they come after the built-in ones.
pub fn run(data: &Dataset<'_>, rules: &[&'static Rule], user: Vec<UserHits>, jobs: usize) -> Findings {
    let mut findings = Findings::default();
    let mut suppressions: Vec<Suppression> = data.expectations.map(|e| e.suppressions.clone()).unwrap_or_default();
    // A suppression holds for as long as the report's instant lies before its end, not the machine's clock.
    findings.expired = suppressions.iter().filter(|s| s.until <= data.window.as_of).cloned().collect();
    suppressions.retain(|s| s.until > data.window.as_of);
    let folded = |rule: &'static Rule, hits: Option<DataFrame>| {
        hits.map(|hits| fold(rule, &hits, data, &suppressions, jobs).map_err(|error| error.to_string())).transpose()
    };
    let rows = data.frames.values().map(DataFrame::height).sum();
    let found = parallel::map(rules.to_vec(), if columns::is_short(rows) { jobs } else { 1 }, |rule| {
        let _alone = OnThisThread::over(rows);
        catch_unwind(AssertUnwindSafe(|| hits(rule, data).and_then(|hits| folded(rule, hits))))
            .unwrap_or_else(|_| Err("stopped with a fault of this program".to_owned()))
    });
    for (rule, found) in rules.iter().zip(found) {
        findings.take(rule, found);
    }
    for UserHits { rule, hits } in user {
        let checked = hits.and_then(|frame| frame.map(check).transpose());
        findings.take(rule, checked.and_then(|hits| folded(rule, hits)));
    }
    findings.sort();
    findings
}

/// The severity that the expectations give all findings of a rule.
pub fn fixed_severity(rule: &Rule, data: &Dataset<'_>) -> Option<Severity> {
    overrides(rule, data).find_map(|change| match change {
        Change::Severity(severity) => Some(*severity),
        Change::Threshold(..) => None,
    })
}

/// What tells a finding from all others, in every run: its rule, its subject, and the account if that is not the main one.
fn fingerprint(rule: &Rule, subject: &str, data: &Dataset<'_>) -> String {
    let account =
        data.account.as_deref().filter(|name| *name != MAIN).map_or(String::new(), |name| format!("\n{name}"));
    let mut id = sha256(format!("{}\n{}\n{subject}{account}", rule.id, rule.subject.name()).as_bytes());
    id.truncate(16);
    id
}

/// A finding of a rule about other findings.
pub fn finding_about(
    rule: &'static Rule,
    key: &str,
    severity: Severity,
    about: &[Finding],
    data: &Dataset<'_>,
) -> Finding {
    let texts = vec![("subject", key), ("key", key)];
    let hit = Hit {
        severity: severity as i32,
        table: None,
        row: None,
        place: None,
        first: None,
        last: None,
        count: 0,
        texts,
    };
    let count = about.len() as u64;
    let id = fingerprint(rule, key, data);
    Finding {
        id,
        rule,
        severity,
        message: message(rule, count, &[&hit], &|_, text| text.to_owned()),
        short_message: message(rule, count, &[&hit], &|_, text| shorten(text)),
        subject: key.to_owned(),
        keys: BTreeSet::from([key.to_owned()]),
        first: about.iter().filter_map(|finding| finding.first).min(),
        last: about.iter().filter_map(|finding| finding.last).max(),
        count,
        evidence: Vec::new(),
        rows: Vec::new(),
        grave: Vec::new(),
        suppressed: None,
    }
}

fn overrides<'a>(rule: &'a Rule, data: &'a Dataset<'_>) -> impl Iterator<Item = &'a Change> {
    let all = data.expectations.map(|e| e.overrides.as_slice()).unwrap_or_default();
    all.iter().filter(|change| change.rule == rule.id).map(|change| &change.change)
}

/// The places of rows, of calls the sampled ones of each tally, and of records that are no rows.
fn evidence(rows: &[(Table, u32)], others: impl Iterator<Item = Evidence>, data: &Dataset<'_>) -> Vec<Evidence> {
    let mut places: BTreeSet<Evidence> = others.collect();
    for rows in rows.chunk_by(|one, next| one.0 == next.0) {
        let table = rows[0].0;
        let frame = data.frames.get(&table).filter(|_| table != Table::Calls);
        let Some(read) = frame.and_then(|frame| Places::new(frame).ok()) else {
            let samples = rows.iter().filter_map(|(_, row)| data.calls.tallies.get(*row as usize));
            places
                .extend(samples.filter(|_| table == Table::Calls).flat_map(|tally| &tally.sample).map(Evidence::from));
            continue;
        };
        places.extend(rows.iter().filter_map(|(_, row)| read.get(*row)));
    }
    places.into_iter().take(EVIDENCE_KEPT).collect()
}

impl From<&CallPlace> for Evidence {
    fn from(place: &CallPlace) -> Self {
        Self { source: place.source, record: place.record, line: place.line }
    }
}

/// Where the rows of a table were read.
pub struct Places<'a> {
    sources: Counts<'a>,
    records: &'a UInt64Chunked,
    lines: &'a UInt64Chunked,
}

impl<'a> Places<'a> {
    /// Those of a table's frame, or of the frame of orders.
    ///
    /// # Errors
    /// When it lacks a column, which would be a fault of this program.
    pub fn new(frame: &'a DataFrame) -> PolarsResult<Self> {
        let number = |name: &str| frame.column(name)?.u64();
        Ok(Self { sources: columns::counts(frame, "source")?, records: number("record")?, lines: number("line")? })
    }

    /// The place of a row.
    pub fn get(&self, row: u32) -> Option<Evidence> {
        let at = row as usize;
        let (source, record, line) = (self.sources.get(at)?, self.records.get(at)?, self.lines.get(at)?);
        Some(Evidence { source, record, line })
    }
}

/// Where a row of a table was read.
pub fn place(frame: &DataFrame, row: u32) -> Option<Evidence> {
    Places::new(frame).ok()?.get(row)
}
