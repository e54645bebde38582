//! Runs the rules and settles, in this one place, what a finding is: severity, suppression, identity.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use polars::prelude::{AnyValue, Column, DataFrame, DataType};

use crate::accounts::MAIN;
use crate::address::parse_ip;
use crate::dataset::Dataset;
use crate::expectations::{Change, Suppression};
use crate::names::{shorten, shorten_name};
use crate::rules::playbook::Step;
use crate::rules::{Rule, Severity, Thresholds, plan};
use crate::sigma::UserHits;
use crate::sources::sha256;
use crate::tables::Table;

/// Records named as evidence of one finding; the count is always exact.
const EVIDENCE_KEPT: usize = 100;
/// Values of one kind that a message names.
const NAMED: usize = 3;

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
        let all = crate::rules::ALL;
        let place = all.iter().position(|rule| rule.id == self.rule.id).unwrap_or(all.len());
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

/// Runs rules over a dataset. A rule that fails is named and the others go on.
///
/// `user` is what the rules of the user's own found; they come after the built-in ones.
pub fn run(data: &Dataset<'_>, rules: &[&'static Rule], user: Vec<UserHits>) -> Findings {
    let mut findings = Findings::default();
    let mut suppressions: Vec<Suppression> = data.expectations.map(|e| e.suppressions.clone()).unwrap_or_default();
    // A suppression holds for as long as the report's instant lies before its end, not the machine's clock.
    findings.expired = suppressions.iter().filter(|s| s.until <= data.window.as_of).cloned().collect();
    suppressions.retain(|s| s.until > data.window.as_of);
    for rule in rules {
        let outcome = catch_unwind(AssertUnwindSafe(|| hits(rule, data)));
        match outcome {
            Ok(Ok(Some(hits))) => findings.found.extend(fold(rule, &hits, data, &suppressions)),
            Ok(Ok(None)) => findings.idle.push(rule.id),
            Ok(Err(reason)) => findings.failed.push((rule.id, reason)),
            Err(_) => findings.failed.push((rule.id, "stopped with a fault of this program".to_owned())),
        }
    }
    for UserHits { rule, hits } in user {
        match hits.and_then(|frame| frame.map(check).transpose()) {
            Ok(Some(hits)) => findings.found.extend(fold(rule, &hits, data, &suppressions)),
            Ok(None) => findings.idle.push(rule.id),
            Err(reason) => findings.failed.push((rule.id, reason)),
        }
    }
    findings.sort();
    findings
}

/// The thresholds in force for a rule.
pub fn thresholds(rule: &Rule, data: &Dataset<'_>) -> Thresholds {
    let changed = overrides(rule, data).filter_map(|change| match change {
        Change::Threshold(name, value) => Some((name.clone(), *value)),
        Change::Severity(_) => None,
    });
    Thresholds::new(rule, &changed.collect::<Vec<_>>())
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
    let texts = [("subject", key), ("key", key)].map(|(name, text)| (name, text.to_owned())).to_vec();
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

/// Collects the plan of a rule and holds it to the schema of hits.
fn hits(rule: &Rule, data: &Dataset<'_>) -> Result<Option<DataFrame>, String> {
    let plan = (rule.plan)(data, &thresholds(rule, data)).map_err(|error| error.to_string())?;
    let Some(plan) = plan else { return Ok(None) };
    let frame = plan.collect().map_err(|error| error.to_string())?;
    check(frame).map(Some)
}

/// Holds hits to their schema.
fn check(frame: DataFrame) -> Result<DataFrame, String> {
    let required = plan::hit_schema();
    for (name, dtype) in &required {
        match frame.column(name) {
            Ok(column) if column.dtype() == dtype => {}
            Ok(column) => return Err(format!("column `{name}` is {}, not {dtype}", column.dtype())),
            Err(_) => return Err(format!("column `{name}` is missing")),
        }
    }
    let odd =
        frame.columns().iter().find(|c| !required.iter().any(|(name, _)| *name == c.name().as_str()) && !is_detail(c));
    match odd {
        Some(column) => Err(format!("detail `{}` is {}, not text", column.name(), column.dtype())),
        None => Ok(frame),
    }
}

/// Whether a further column of hits is a detail in words, or part of the place of a record.
fn is_detail(column: &Column) -> bool {
    let place = matches!(column.name().as_str(), "source" | "record" | "line");
    column.dtype() == if place { &DataType::UInt64 } else { &DataType::String }
}

fn overrides<'a>(rule: &'a Rule, data: &'a Dataset<'_>) -> impl Iterator<Item = &'a Change> {
    let all = data.expectations.map(|e| e.overrides.as_slice()).unwrap_or_default();
    all.iter().filter(|change| change.rule == rule.id).map(|change| &change.change)
}

/// One hit, read back from its frame.
struct Hit<'a> {
    severity: i32,
    table: Option<Table>,
    row: Option<u32>,
    first: Option<i64>,
    last: Option<i64>,
    count: u64,
    /// Where the record stands, when it is no row of a table.
    place: Option<Evidence>,
    texts: Vec<(&'a str, String)>,
}

impl Hit<'_> {
    fn text(&self, name: &str) -> &str {
        self.texts.iter().find(|(known, _)| *known == name).map_or("", |(_, text)| text)
    }
}

fn read<'a>(frame: &'a DataFrame) -> Vec<Hit<'a>> {
    let texts: Vec<(&'a str, Vec<String>)> = frame
        .columns()
        .iter()
        .filter(|column| column.dtype() == &DataType::String)
        .map(|column| {
            let values = column.str().map(|all| all.iter().map(|text| text.unwrap_or_default().to_owned()).collect());
            (column.name().as_str(), values.unwrap_or_default())
        })
        .collect();
    let number = |name: &str, at: usize| -> Option<i64> {
        match frame.column(name).ok()?.get(at).ok()? {
            AnyValue::Null => None,
            value => value.extract::<i64>(),
        }
    };
    (0..frame.height())
        .map(|at| {
            let texts: Vec<(&str, String)> = texts.iter().map(|(name, all)| (*name, all[at].clone())).collect();
            let table = texts
                .iter()
                .find(|(name, _)| *name == "table")
                .and_then(|(_, name)| Table::ALL.iter().copied().find(|t| t.name() == name));
            Hit {
                severity: number("severity", at).unwrap_or(0) as i32,
                table,
                row: number("row", at).map(|row| row as u32),
                first: number("first", at),
                last: number("last", at),
                count: number("count", at).unwrap_or(0) as u64,
                place: place_of(&number, at),
                texts,
            }
        })
        .collect()
}

/// The place that a hit states by itself.
fn place_of(number: &dyn Fn(&str, usize) -> Option<i64>, at: usize) -> Option<Evidence> {
    let unsigned = |name: &str| number(name, at).and_then(|value| u64::try_from(value).ok());
    Some(Evidence {
        source: u32::try_from(unsigned("source")?).ok()?,
        record: unsigned("record")?,
        line: unsigned("line")?,
    })
}

/// Folds the hits of a rule into findings: one per subject, and one more for what suppressions cover.
fn fold(rule: &'static Rule, frame: &DataFrame, data: &Dataset<'_>, suppressions: &[Suppression]) -> Vec<Finding> {
    let fixed = fixed_severity(rule, data);
    let own: Vec<&Suppression> = suppressions.iter().filter(|s| s.rule == rule.id).collect();
    let hits = read(frame);
    let mut groups: BTreeMap<(String, Option<usize>), Vec<&Hit<'_>>> = BTreeMap::new();
    for hit in &hits {
        let covered = own.iter().position(|suppression| covers(suppression, hit));
        groups.entry((hit.text("subject").to_owned(), covered)).or_default().push(hit);
    }
    let split: BTreeSet<String> = {
        let subjects: Vec<&String> = groups.keys().map(|(subject, _)| subject).collect();
        subjects.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0].clone()).collect()
    };
    groups
        .iter()
        .map(|((subject, covered), hits)| {
            let top = hits.iter().map(|hit| hit.severity).max().unwrap_or(0);
            let severity = fixed.unwrap_or(Severity::ALL[top.clamp(0, 4) as usize]);
            let count = hits.iter().map(|hit| hit.count).sum();
            // The message speaks of the worst hits where hits differ in severity.
            let part = if covered.is_some() && split.contains(subject) { "\nsuppressed" } else { "" };
            let id = fingerprint(rule, &format!("{subject}{part}"), data);
            let rows = |least: Severity| {
                let grave = |hit: &&&Hit<'_>| fixed.map_or(hit.severity, |fixed| fixed as i32) >= least as i32;
                let mut rows: Vec<(Table, u32)> =
                    hits.iter().filter(grave).filter_map(|hit| Some((hit.table?, hit.row?))).collect();
                rows.sort_unstable();
                rows.dedup();
                rows
            };
            let all = rows(Severity::Info);
            Finding {
                id,
                rule,
                severity,
                message: message(rule, count, hits, &|_, text| text.to_owned()),
                short_message: message(rule, count, hits, &|name, text| match name {
                    "key" | "address" => shorten(text),
                    "counterparty" => shorten_name(text),
                    _ => text.to_owned(),
                }),
                subject: subject.clone(),
                keys: hits.iter().map(|hit| hit.text("key")).filter(|key| !key.is_empty()).map(str::to_owned).collect(),
                first: hits.iter().filter_map(|hit| hit.first).min(),
                last: hits.iter().filter_map(|hit| hit.last).max(),
                count,
                evidence: evidence(&all, hits.iter().filter_map(|hit| hit.place), data),
                rows: all,
                grave: rows(Severity::High),
                suppressed: covered.map(|at| own[at].clone()),
            }
        })
        .collect()
}

fn covers(suppression: &Suppression, hit: &Hit<'_>) -> bool {
    let same = |wanted: &Option<String>, name: &str| wanted.as_ref().is_none_or(|wanted| wanted == hit.text(name));
    let inside = suppression.ip.is_none_or(|net| parse_ip(hit.text("ip")).is_some_and(|ip| net.contains(&ip)));
    same(&suppression.key, "key")
        && inside
        && same(&suppression.symbol, "symbol")
        && same(&suppression.order, "order")
        && same(&suppression.address, "address")
}

/// Fills a rule's message: a name in braces stands for the distinct values of that column.
fn message(rule: &Rule, count: u64, hits: &[&Hit<'_>], show: &dyn Fn(&str, &str) -> String) -> String {
    let mut filled = String::new();
    let mut rest = rule.message;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        filled.push_str(before);
        if name == "count" {
            filled.push_str(&count.to_string());
        } else {
            let values: BTreeSet<String> =
                hits.iter().map(|hit| show(name, hit.text(name))).filter(|text| !text.is_empty()).collect();
            let named: Vec<&str> = values.iter().take(NAMED).map(String::as_str).collect();
            // What is joined to the text before it is a note, and may be empty.
            let joined = !filled.is_empty() && !filled.ends_with([' ', '(']);
            let empty = if joined { "" } else { "(not logged)" };
            filled.push_str(&if named.is_empty() { empty.to_owned() } else { named.join(", ") });
            if values.len() > NAMED {
                filled.push_str(&format!(" and {} more", values.len() - NAMED));
            }
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// The places of rows, of calls the sampled ones of each tally, and of records that are no rows.
fn evidence(rows: &[(Table, u32)], others: impl Iterator<Item = Evidence>, data: &Dataset<'_>) -> Vec<Evidence> {
    let mut places: BTreeSet<Evidence> = others.collect();
    for &(table, row) in rows {
        if table == Table::Calls {
            let sample = &data.calls.tallies[row as usize].sample;
            places.extend(sample.iter().map(|place| Evidence {
                source: place.source,
                record: place.record,
                line: place.line,
            }));
        } else if let Some(frame) = data.frames.get(&table) {
            places.extend(place(frame, row));
        }
    }
    places.into_iter().take(EVIDENCE_KEPT).collect()
}

/// Where a row of a table was read.
pub fn place(frame: &DataFrame, row: u32) -> Option<Evidence> {
    let at = row as usize;
    let number = |name: &str| frame.column(name).ok()?.u64().ok()?.get(at);
    Some(Evidence {
        source: frame.column("source").ok()?.u32().ok()?.get(at)?,
        record: number("record")?,
        line: number("line")?,
    })
}
