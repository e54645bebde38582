//! The calls that fit the user's rules. Calls are not kept when a log is read, so rules over them read the logs again.

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};

use polars::prelude::*;

use super::run::{ABOUT, MOST, about, ecs, select, too_many};
use super::{Detection, UserRules, fields};
use crate::accounts::Accounts;
use crate::dataset::{Dataset, key_label};
use crate::decimal::{PRECISION, SCALE};
use crate::expectations::Expectations;
use crate::ingest::Reading;
use crate::ingest::export::Export;
use crate::ingest::single_calls::{Batch, Places, TEXTS, each_batch};
use crate::matching::{Caller, Inventory, judge};
use crate::progress::Progress;
use crate::reference::method_and_path;
use crate::settings::Window;
use crate::tables::Table;

/// What a rule found: nothing where there are no logs, or why it cannot be said.
type Found = Result<Option<DataFrame>, String>;

/// The calls that fit the rules over calls.
#[derive(Default)]
pub struct MatchedCalls(HashMap<usize, Found>);

/// What calls are held against.
#[derive(Clone, Copy)]
pub struct Question<'a> {
    /// What is expected.
    pub expectations: Option<&'a Expectations>,
    /// Names and ids of keys.
    pub inventory: &'a Inventory,
    /// The window of the report.
    pub window: Window,
}

impl MatchedCalls {
    /// Those of a rule, by its place among the detections.
    pub fn of(&self, detection: usize) -> Found {
        self.0.get(&detection).cloned().unwrap_or(Ok(None))
    }

    /// Those of one account.
    ///
    /// # Errors
    /// When polars refuses a frame, which would be a fault of this program.
    pub fn of_account(&self, data: &Dataset<'_>, accounts: &Accounts) -> PolarsResult<Self> {
        let own = |found: &Found| -> PolarsResult<Found> {
            let (Some(_), Ok(Some(frame))) = (&data.account, found) else { return Ok(found.clone()) };
            let (sources, names) = (frame.column("source")?.u32()?, frame.column("account")?.str()?);
            let owned = sources.iter().zip(names.iter()).map(|(source, name)| {
                let account = accounts.of(source.unwrap_or_default(), name.unwrap_or_default());
                accounts.name(account) == data.account.as_deref()
            });
            Ok(Ok(Some(frame.filter(&BooleanChunked::from_iter_values("own".into(), owned))?)))
        };
        self.0.iter().map(|(at, found)| Ok((*at, own(found)?))).collect::<PolarsResult<_>>().map(Self)
    }

    /// Reads the logs again for the rules that look at calls.
    pub fn read(
        rules: &UserRules,
        logs: &[(u32, &Export)],
        question: Question<'_>,
        reading: &Reading,
        progress: &Progress,
    ) -> Self {
        let wanted: Vec<(usize, &Detection)> =
            rules.detections.iter().enumerate().filter(|(_, detection)| detection.table == Table::Calls).collect();
        if wanted.is_empty() || logs.is_empty() {
            return Self::default();
        }
        let counts: Vec<AtomicUsize> = wanted.iter().map(|_| AtomicUsize::new(0)).collect();
        let mut matchers: Vec<Matcher<'_>> =
            (0..reading.jobs.max(1)).map(|_| Matcher::new(&wanted, &counts, question)).collect();
        let takers: Vec<_> = matchers.iter_mut().map(|matcher| |batch: Batch| matcher.take(&batch)).collect();
        let (_, places) = each_batch(logs, takers, question.window, question.expectations, reading, progress);
        let found = wanted.iter().enumerate().map(|(at, (number, _))| {
            let parts = matchers.iter_mut().flat_map(|matcher| std::mem::take(&mut matcher.found[at]));
            let fault = || PolarsError::ComputeError(too_many().into());
            let frame = match counts[at].load(Ordering::Relaxed) > MOST {
                true => Err(fault()),
                false => parts.collect::<PolarsResult<Vec<_>>>().and_then(|parts| joined(&parts, &places)),
            };
            (*number, frame.map_err(|error| error.to_string()))
        });
        Self(found.collect())
    }
}

/// The parts as one frame, with the places that the sources know, in order of time and place; `None` without calls.
fn joined(parts: &[DataFrame], places: &Places) -> PolarsResult<Option<DataFrame>> {
    let Some((first, rest)) = parts.split_first() else { return Ok(None) };
    let mut all = first.clone();
    for part in rest {
        all.vstack_mut(part)?;
    }
    let number = |name: &str| -> PolarsResult<Vec<u64>> { Ok(all.column(name)?.u64()?.iter().flatten().collect()) };
    let sources: Vec<u32> = all.column("source")?.u32()?.iter().flatten().collect();
    let (records, lines) = (number("record")?, number("line")?);
    let settled: Vec<(u64, u64)> =
        sources.iter().zip(records).zip(lines).map(|((s, record), line)| places.settle((*s, record, line))).collect();
    all.with_column(Column::new("record".into(), settled.iter().map(|(record, _)| *record).collect::<Vec<_>>()))?;
    all.with_column(Column::new("line".into(), settled.iter().map(|(_, line)| *line).collect::<Vec<_>>()))?;
    all.sort(["at", "source", "record"], SortMultipleOptions::default()).map(Some)
}

/// The columns that are made of a caller.
const MADE: [&str; 9] = [
    fields::CLASS,
    fields::OUTCOME,
    fields::ECS_OUTCOME,
    fields::IP_VERDICT,
    fields::KEY_VERDICT,
    fields::TOOL_VERDICT,
    fields::KEY_LABEL,
    fields::METHOD,
    fields::PATH,
];

/// So many callers are remembered.
const REMEMBERED: usize = 1 << 16;

/// Finds, in batches, the calls that fit. One a thread.
struct Matcher<'a> {
    wanted: &'a [(usize, &'a Detection)],
    counts: &'a [AtomicUsize],
    question: Question<'a>,
    boundaries: Vec<i64>,
    /// The columns that the rules look at.
    columns: BTreeSet<&'static str>,
    /// Where the texts of [`MADE`] of a caller in a span of expectations stand.
    known: HashMap<(String, usize), usize>,
    made: Vec<[String; 9]>,
    found: Vec<Vec<PolarsResult<DataFrame>>>,
}

impl<'a> Matcher<'a> {
    fn new(wanted: &'a [(usize, &'a Detection)], counts: &'a [AtomicUsize], question: Question<'a>) -> Self {
        let mut boundaries = question.expectations.map(Expectations::boundaries).unwrap_or_default();
        boundaries.extend([question.window.start, question.window.end]);
        boundaries.sort_unstable();
        boundaries.dedup();
        let mut columns: BTreeSet<&'static str> = ABOUT.iter().filter_map(|name| about(Table::Calls, name)).collect();
        columns.insert("account");
        for (_, detection) in wanted {
            columns.extend(detection.columns());
        }
        Self {
            wanted,
            counts,
            question,
            boundaries,
            columns,
            known: HashMap::new(),
            made: Vec::new(),
            found: wanted.iter().map(|_| Vec::new()).collect(),
        }
    }

    fn take(&mut self, batch: &Batch) {
        let frame = match self.frame(batch) {
            Ok(frame) => frame,
            Err(error) => {
                let message = error.to_string();
                let fault = || Err(PolarsError::ComputeError(message.clone().into()));
                return self.found.iter_mut().for_each(|found| found.push(fault()));
            }
        };
        for (at, (_, detection)) in self.wanted.iter().enumerate() {
            if self.counts[at].load(Ordering::Relaxed) > MOST {
                self.found[at].clear();
                continue;
            }
            match select(frame.clone().lazy(), detection, None).collect() {
                Ok(found) if found.height() == 0 && !self.found[at].is_empty() => {}
                found => {
                    let count = found.as_ref().map_or(0, DataFrame::height);
                    self.counts[at].fetch_add(count, Ordering::Relaxed);
                    self.found[at].push(found);
                }
            }
        }
    }

    /// A batch as a frame with the columns that are looked at.
    fn frame(&mut self, batch: &Batch) -> PolarsResult<DataFrame> {
        let mut columns = vec![
            Column::new("time".into(), batch.times.as_slice()),
            Column::new("source".into(), batch.places.iter().map(|(source, ..)| *source).collect::<Vec<_>>()),
            Column::new("record".into(), batch.places.iter().map(|(_, record, _)| *record).collect::<Vec<_>>()),
            Column::new("line".into(), batch.places.iter().map(|(.., line)| *line).collect::<Vec<_>>()),
        ];
        for (name, texts) in TEXTS.iter().zip(&batch.texts).filter(|(name, _)| self.columns.contains(*name)) {
            let texts: Vec<Option<&str>> =
                texts.iter().map(|text| Some(text.as_str()).filter(|text| !text.is_empty())).collect();
            columns.push(Column::new((*name).into(), texts));
        }
        for (name, amounts) in ["quantity", "price"].into_iter().zip(&batch.amounts) {
            if self.columns.contains(name) {
                let amounts = Int128Chunked::from_iter_options(name.into(), amounts.iter().copied());
                columns.push(amounts.into_decimal(PRECISION, SCALE)?.into_column());
            }
        }
        if MADE.iter().any(|name| self.columns.contains(name)) {
            if self.made.len() >= REMEMBERED {
                self.known.clear();
                self.made.clear();
            }
            let made: Vec<usize> = (0..batch.times.len()).map(|at| self.made(batch, at)).collect();
            for (at, name) in MADE.iter().enumerate().filter(|(_, name)| self.columns.contains(*name)) {
                let text = |caller: &usize| Some(self.made[*caller][at].as_str()).filter(|text| !text.is_empty());
                columns.push(Column::new((*name).into(), made.iter().map(text).collect::<Vec<_>>()));
            }
        }
        DataFrame::new(batch.times.len(), columns)
    }

    /// What is made of the caller of a call, by its place.
    fn made(&mut self, batch: &Batch, at: usize) -> usize {
        let epoch = self.boundaries.partition_point(|boundary| *boundary <= batch.times[at]);
        let text = |column: usize| batch.texts[column][at].as_str();
        let key = (batch.texts[..9].iter().map(|column| column[at].as_str()).collect::<Vec<_>>().join("\u{1f}"), epoch);
        if let Some(made) = self.known.get(&key) {
            return *made;
        }
        let caller = Caller {
            key_name: text(1),
            key: text(2),
            ip: text(3),
            client: text(4),
            method: text(5),
            operation: text(6),
            status: text(7),
            code: text(8),
        };
        let Question { expectations, inventory, .. } = self.question;
        let start = if epoch == 0 { i64::MIN / 2 } else { self.boundaries[epoch - 1] };
        let verdict = judge(&caller, expectations, inventory, start);
        let (method, path) = method_and_path(caller.method, caller.operation);
        let words = [
            verdict.class.name(),
            verdict.outcome.name(),
            ecs(verdict.outcome),
            verdict.ip.name(),
            verdict.key.name(),
            verdict.tool.name(),
            &key_label(&caller, verdict.key.index(), expectations, inventory),
            method,
            path,
        ];
        let made = self.made.len();
        self.made.push(words.map(str::to_owned));
        self.known.insert(key, made);
        made
    }
}
