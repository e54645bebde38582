//! Opens the evidence and reads it: exports, the files that are none, tables, and call logs for the window they set.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use crate::counted::counted;
use crate::dataset::as_of::{AsOf, as_of};
use crate::dataset::{inventory, may_be_fill};
use crate::exit::{Exit, Failure};
use crate::expectations::{Account, Expectations};
use crate::formats::{Format, user};
use crate::ingest::call_scan::{self, Question};
use crate::ingest::calls::CallLog;
use crate::ingest::export::{self, Export};
use crate::ingest::opening::NotRead;
use crate::ingest::order_times::OrderTimes;
use crate::ingest::table::{self, ReadTable};
use crate::ingest::{Reading, Source};
use crate::matching::Inventory;
use crate::parallel;
use crate::progress::Progress;
use crate::report::Unreadable;
use crate::settings::{Bounds, Window, ZoneOption};
use crate::sources::{self, Budget, File, file_name, unpack};
use crate::tables::Table;
use crate::time::Timestamp;

/// The name of the expectations file in a folder of exports.
pub const EXPECTATIONS_NAME: &str = "expected.toml";

/// The files of a run: exports, and those that are none.
pub struct Evidence {
    /// Exports, by path; their number is their place here.
    pub exports: Vec<Export>,
    /// Files that are not read, with the reason.
    pub unreadable: Vec<Unreadable>,
    /// Headers that are not known, by the path of their file.
    pub unknown: Vec<(String, Vec<String>)>,
}

impl Evidence {
    /// The same, where there is anything to read.
    ///
    /// # Errors
    /// When no file is an export, with the reason for each.
    pub fn readable(self) -> Result<Self, Failure> {
        if !self.exports.is_empty() {
            return Ok(self);
        }
        let reasons = self.unreadable.iter().map(|file| format!("\n  {}: {}", file.path, file.reason));
        let list: String = reasons.collect();
        let message = format!("nothing to read: no file is an export that this program knows{list}");
        Err(Failure::new(Exit::NoInput, message))
    }
}

/// Opens every file below the paths.
///
/// # Errors
/// When a path cannot be walked, or there is no file below them.
pub fn open(paths: &[PathBuf], zones: &[ZoneOption], ours: &Ours<'_>, reading: &Reading) -> Result<Evidence, Failure> {
    let mut found = Vec::new();
    for path in paths {
        found.extend(sources::walk(path).map_err(|error| Failure::new(Exit::NoInput, error))?);
    }
    found.sort();
    found.dedup();
    if found.is_empty() {
        let names: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
        return Err(Failure::new(
            Exit::NoInput,
            format!("{}: no files in it; give the folder that holds the exports", names.join(", ")),
        ));
    }
    let matches = |option: &ZoneOption| found.iter().any(|found| option.matches(&found.shown));
    if let Some(option) = zones.iter().find(|option| !matches(option)) {
        return Err(Failure::new(Exit::Usage, format!("--tz {}: no file has such a name", option.glob.glob())));
    }
    let (mut exports, mut unreadable, mut unknown) = (Vec::new(), Vec::new(), Vec::new());
    let mut budget = Budget::new(reading.caps);
    let mut files = Vec::new();
    found.retain(|found| !ours.holds(&found.shown, &found.path));
    let opened = parallel::map(found, reading.jobs, |found| (File::open(&found, reading.whole()), found.shown));
    for (file, shown) in opened {
        let within = match file {
            Ok(file) => unpack(file, &mut budget),
            Err(reason) => vec![Err((None, reason))],
        };
        files.extend(within.into_iter().map(|file| (shown.clone(), file)));
    }
    let opened = parallel::map(files, reading.jobs, |(shown, file)| {
        let path = |member| join(&shown, member);
        let file = file.map_err(|(member, reason)| (path(member), reason.into()))?;
        let member = file.member.clone();
        export::open(file, zones, &ours.formats, reading.hash).map_err(|fault| (path(member), fault))
    });
    for opened in opened {
        match opened {
            Ok(mut export) => {
                export.bound = ours.account(&export).map(str::to_owned);
                exports.push(export);
            }
            Err((path, NotRead { reason, header })) => {
                if !header.is_empty() {
                    unknown.push((path.clone(), header));
                }
                unreadable.push(Unreadable { path, reason });
            }
        }
    }
    unreadable.sort();
    identify(&mut exports);
    exports.sort_by(|a, b| (&a.shown, &a.member, &a.digest).cmp(&(&b.shown, &b.member, &b.digest)));
    tell_apart(&mut exports);
    Ok(Evidence { exports, unreadable, unknown })
}

/// Of one export there is each part once: a part that is there again is of another export of that name, as a browser saves it
/// (`…-part1-of1 (1).csv`).
fn tell_apart(exports: &mut [Export]) {
    let mut seen: BTreeMap<(String, (u32, u32)), u32> = BTreeMap::new();
    for export in exports {
        let Some(part) = export.part else { continue };
        let times = seen.entry((export.export.clone(), part)).or_default();
        export.again = *times;
        *times += 1;
    }
}

/// Finds out which files may be copies of each other, by their size, or share a name, and tells them apart.
fn identify(exports: &mut [Export]) {
    let (mut sizes, mut names) = (HashMap::<u64, usize>::new(), HashMap::<String, usize>::new());
    for export in exports.iter() {
        *sizes.entry(export.size).or_default() += 1;
        *names.entry(export.shown.clone()).or_default() += 1;
    }
    for export in exports.iter_mut().filter(|export| sizes[&export.size] > 1 || names[&export.shown] > 1) {
        export.identify();
    }
}

/// The path of a file, or of a member of one.
fn join(shown: &str, member: Option<String>) -> String {
    member.map_or_else(|| shown.to_owned(), |member| format!("{shown}/{member}"))
}

/// The files that are no evidence but ours: expectations, what they name, and what the command line names.
pub struct Ours<'a> {
    expectations: Option<&'a Expectations>,
    files: Vec<PathBuf>,
    formats: Vec<&'static Format>,
}

impl<'a> Ours<'a> {
    /// Those of a run.
    pub fn new<'b>(expectations: Option<&'a Expectations>, files: impl IntoIterator<Item = &'b Path>) -> Self {
        Self {
            expectations,
            files: files.into_iter().filter_map(|path| path.canonicalize().ok()).collect(),
            formats: Vec::new(),
        }
    }

    /// With formats of the user's: those named, and those that lie in the folders of the exports.
    ///
    /// # Errors
    /// When one of them has a fault.
    pub fn with_formats(mut self, named: &[PathBuf], folders: &[PathBuf]) -> Result<Self, Failure> {
        let beside = |folder: &PathBuf| -> Vec<PathBuf> {
            let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
            let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| is_format(path)).collect();
            files.sort();
            files
        };
        let mut files: Vec<PathBuf> = named.iter().cloned().chain(folders.iter().flat_map(beside)).collect();
        files.dedup();
        self.formats = user::read(&files)?;
        self.files.extend(files.iter().filter_map(|path| path.canonicalize().ok()));
        Ok(self)
    }

    /// The account that the expectations bind an export to.
    fn account(&self, export: &Export) -> Option<&'a str> {
        let inside = export.member.as_ref().map(|member| format!("{}/{member}", export.shown));
        let owns = |account: &&Account| account.owns(&export.shown) || inside.iter().any(|path| account.owns(path));
        Some(self.expectations?.accounts.iter().find(owns)?.name.as_str())
    }

    fn holds(&self, shown: &str, path: &Path) -> bool {
        let listed = |list: &Path| path.ends_with(list) || Path::new(file_name(shown)) == list;
        let named = |e: &Expectations| {
            e.shown == shown || e.files.iter().any(|file| listed(Path::new(file.path.trim_start_matches("./"))))
        };
        file_name(shown) == EXPECTATIONS_NAME
            || self.expectations.is_some_and(named)
            || (!self.files.is_empty() && path.canonicalize().is_ok_and(|path| self.files.contains(&path)))
    }
}

/// Whether a file is a format of the user's own, by its name.
fn is_format(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().to_lowercase().ends_with(user::ENDING))
}

/// Reads everything but the call logs.
///
/// # Errors
/// When a table cannot be made, which would be a fault of this program.
pub fn read_tables(
    exports: &[Export],
    reading: &Reading,
    progress: &Progress,
) -> Result<(Vec<ReadTable>, Vec<Source>), Failure> {
    let (originals, copies): (Vec<_>, Vec<_>) = (0u32..)
        .zip(exports)
        .filter(|(_, export)| !call_scan::reads(export.recognised.format.table))
        .partition(|(id, _)| original(exports, *id as usize) == *id as usize);
    let (tables, mut sources) = table::read_tables(&originals, reading, progress).map_err(Failure::of_program)?;
    add_copies(&mut sources, copies.into_iter().map(|(id, export)| Source::new(id, export)).collect(), exports);
    Ok((tables, sources))
}

/// Of files with the same bytes the one that is read: one whose zone is stated before one where it is assumed, then by path.
fn original(exports: &[Export], id: usize) -> usize {
    let same = |other: &usize| exports[*other].copies(&exports[id]);
    (0..exports.len()).filter(same).min_by_key(|&other| (exports[other].zone_from == "assumed", other)).unwrap_or(id)
}

/// Adds the ledgers of files with the very bytes of another: all their records are duplicates.
fn add_copies(sources: &mut Vec<Source>, copies: Vec<Source>, exports: &[Export]) {
    for copy in copies {
        let original = original(exports, copy.id as usize) as u32;
        if let Some(of) = sources.iter().find(|source| source.id == original).cloned() {
            sources.push(copied(copy, &of));
        }
    }
}

fn copied(mut source: Source, of: &Source) -> Source {
    source.records = of.records;
    source.sha256.clone_from(&of.sha256);
    source.rejected = of.rejected;
    source.rejects.clone_from(&of.rejects);
    source.skipped.clone_from(&of.skipped);
    source.duplicate = of.accepted + of.duplicate;
    let zone = if source.zone == of.zone {
        String::new()
    } else {
        format!(", which was read in {} and not in {}", of.zone, source.zone)
    };
    source.notes.push(format!("the same bytes as {}{zone}", of.path));
    source
}

/// The call logs that are read, by number: of logs with the same bytes one.
pub fn call_logs(exports: &[Export]) -> Vec<(u32, &Export)> {
    let logs = (0u32..).zip(exports).filter(|(_, export)| call_scan::reads(export.recognised.format.table));
    logs.filter(|(id, _)| original(exports, *id as usize) == *id as usize).collect()
}

/// The call logs, and the window that the newest record sets.
pub struct Calls {
    /// The logs.
    pub log: CallLog,
    /// The ledgers of all sources, by number.
    pub sources: Vec<Source>,
    /// Names and ids of keys.
    pub inventory: Inventory,
    /// The instant of the report.
    pub as_of: AsOf,
    /// The window of the report.
    pub window: Window,
}

/// Reads the call logs. Their tallies depend on the window and the window on the newest record, so a first guess is made
/// from the first and last records; where a log is out of order it is read a second time.
pub fn read_calls(
    exports: &[Export],
    tables: &[ReadTable],
    sources: Vec<Source>,
    expectations: Option<&Expectations>,
    bounds: Bounds,
    reading: &Reading,
    progress: &Progress,
) -> Result<Calls, Failure> {
    let inventory = inventory(tables.iter().find(|table| table.table == Table::Keys));
    let all = || (0u32..).zip(exports).filter(|(_, export)| call_scan::reads(export.recognised.format.table));
    let is_copy = |id: u32| original(exports, id as usize) != id as usize;
    let logs = call_logs(exports);
    // Without a log no call is to be kept.
    let orders = if logs.is_empty() { OrderTimes::default() } else { order_times(tables) };
    let peeked = logs.iter().filter_map(|(_, export)| call_scan::peek(export)).max();
    let mut guess = bounds.as_of.or(peeked.max(as_of(&sources).map(|as_of| as_of.time)));
    loop {
        let window = bounds.window(guess.unwrap_or_default());
        if window.end <= window.start {
            let message = format!(
                "the window is empty: it begins {} and ends {}",
                Timestamp(window.since),
                Timestamp(window.until)
            );
            return Err(Failure::new(Exit::Usage, message));
        }
        let question = Question { expectations, inventory: &inventory, window, orders: &orders };
        let mut log = call_scan::scan(&logs, &question, reading, progress);
        let mut joined = sources.clone();
        joined.append(&mut log.sources);
        let copies = all().filter(|(id, _)| is_copy(*id)).map(|(id, export)| Source::new(id, export)).collect();
        add_copies(&mut joined, copies, exports);
        joined.sort_by_key(|source| source.id);
        let newest = as_of(&joined).ok_or_else(|| nothing_readable(&joined))?;
        let as_of = match bounds.as_of {
            Some(time) => AsOf { time, stray: None },
            None => newest,
        };
        if guess == Some(as_of.time) {
            return Ok(Calls { log, sources: joined, inventory, as_of, window });
        }
        guess = Some(as_of.time);
    }
}

fn nothing_readable(sources: &[Source]) -> Failure {
    let list: Vec<String> = sources
        .iter()
        .map(|source| {
            let why = source.rejects.first().map_or("no records".to_owned(), |reject| {
                format!(
                    "{} of {} rejected; the first on line {}: {}",
                    source.rejected,
                    counted(source.records, "record"),
                    reject.place.line,
                    reject.fault.message
                )
            });
            format!("\n  {}: {why}", source.path)
        })
        .collect();
    Failure::new(
        Exit::NoInput,
        format!("nothing to read: no file holds a readable record of an event{}", list.concat()),
    )
}

/// The times of the orders and fills: calls near them are kept one by one. Where there are fills alone, a call of any age
/// may have made the order that was filled.
fn order_times(tables: &[ReadTable]) -> OrderTimes {
    let of = |table: Table| tables.iter().find(|read| read.table == table);
    let times = |table: Table| {
        let read = of(table).map(|read| (read.len(), read.times(table.time())));
        read.into_iter().flat_map(|(length, times)| (0..length).filter_map(move |at| times.get(at)))
    };
    let ids = |table: Table| of(table).and_then(|read| read.frame.column("order_id").ok()).cloned();
    // The legs of a ledger may tell fills, too.
    let legs = || of(Table::Ledger).into_iter().flat_map(may_be_fill);
    let all = [Table::Orders, Table::Trades, Table::Ledger];
    let known = all.into_iter().filter_map(ids).collect();
    let fills = of(Table::Trades).is_some_and(|trades| !trades.is_empty()) || legs().next().is_some();
    let before = match (times(Table::Orders).min(), fills) {
        (_, false) => i64::MIN,
        (Some(first), true) => first,
        (None, true) => i64::MAX,
    };
    OrderTimes::new(times(Table::Orders).chain(times(Table::Trades)).chain(legs()), known, before)
}
