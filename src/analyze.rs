//! The way of the data, in one function.

use std::path::{Path, PathBuf};

use crate::accounts::Accounts;
use crate::baseline::{self, Baseline};
use crate::columns::OnThisThread;
use crate::dataset;
use crate::engine;
use crate::episodes;
use crate::evidence::{self, EXPECTATIONS_NAME, Evidence};
use crate::exit::{Exit, Failure};
use crate::expectations::{self, Expectations};
use crate::ingest::Reading;
use crate::ingest::table::ReadTable;
use crate::ladder;
use crate::progress::Progress;
use crate::report::{self, Examined, Report};
use crate::rules;
use crate::settings::{Bounds, Settings};
use crate::sigma::{self, MatchedCalls, Question, UserRules};
use crate::sources::{self, sha256};
use crate::time::Zone;

/// Reads the evidence and answers.
///
/// # Errors
/// When the settings or expectations are wrong, or there is nothing to read.
pub fn analyze(settings: &Settings, progress: &Progress) -> Result<Report, Failure> {
    let expectations = find_expectations(settings)?;
    let bounds = bounds(settings, expectations.as_ref())?;
    let user = sigma::open(&settings.rules)?;
    let baseline = settings.baseline.as_deref().map(baseline::read).transpose()?;
    let ours = evidence::Ours::new(expectations.as_ref(), settings.baseline.as_deref().into_iter().chain(user.paths()))
        .with_formats(&settings.formats, &settings.paths)?;
    let opened = evidence::open(&settings.paths, &settings.zones, &ours, &settings.reading)?.readable()?;
    let asked = Asked {
        expectations: expectations.as_ref(),
        bounds,
        rules: &user,
        baseline: baseline.as_ref(),
        reading: settings.reading,
        strict: settings.strict,
    };
    examine(opened, &asked, progress)
}

/// What is asked of the evidence.
pub struct Asked<'a> {
    /// What is expected.
    pub expectations: Option<&'a Expectations>,
    /// The bounds of the window, as far as they are given.
    pub bounds: Bounds,
    /// Rules of the user's own.
    pub rules: &'a UserRules,
    /// An earlier report.
    pub baseline: Option<&'a Baseline>,
    /// How exports are read.
    pub reading: Reading,
    /// Whether any rejected record prevents `clear`.
    pub strict: bool,
}

/// The way of the data from opened exports on.
///
/// # Errors
/// When there is nothing to read.
pub fn examine(opened: Evidence, asked: &Asked<'_>, progress: &Progress) -> Result<Report, Failure> {
    let Asked { expectations, bounds, rules: user, reading, .. } = asked;
    let exports = &opened.exports;
    progress.begin(exports.iter().map(|export| export.size).sum());
    let (mut tables, sources) = evidence::read_tables(exports, reading, progress)?;
    let _alone = OnThisThread::over(tables.iter().map(ReadTable::len).sum());
    let read = evidence::read_calls(exports, &tables, sources, *expectations, *bounds, reading, progress)?;
    let (inventory, as_of) = (read.inventory.clone(), read.as_of.clone());
    let question = Question { expectations: *expectations, inventory: &inventory, window: read.window };
    let calls = MatchedCalls::read(user, &evidence::call_logs(exports), question, reading, progress);
    progress.finish();
    let accounts = Accounts::find(exports, &mut tables, &read.log, *expectations);
    let mut joined =
        dataset::join(tables, read, *expectations, &accounts, reading.jobs).map_err(Failure::of_program)?;
    rules::tell_accounts(&mut joined).map_err(Failure::of_program)?;
    let mut examined = Vec::new();
    for data in joined {
        let calls = calls.of_account(&data, &accounts).map_err(Failure::of_program)?;
        let mut findings = engine::run(&data, rules::ALL, sigma::run(user, &data, &calls), reading.jobs);
        ladder::climb(&mut findings, &data);
        let episodes = episodes::episodes(&data, &mut findings).map_err(Failure::of_program)?;
        examined.push(Examined { data, findings, episodes });
    }
    let run = report::Run {
        as_of: &as_of,
        unreadable: opened.unreadable,
        inventory: &inventory,
        strict: asked.strict,
        baseline: asked.baseline,
        rules: user,
    };
    let report = report::build(&examined, run).map_err(Failure::of_program);
    // A run is a process: to take millions of records apart one by one at its end is of no use to anybody.
    std::mem::forget(examined);
    report
}

fn bounds(settings: &Settings, expectations: Option<&Expectations>) -> Result<Bounds, Failure> {
    let zone = expectations.map_or(Zone::UTC, |e| e.zone);
    settings.window.bounds(zone).map_err(|message| Failure::new(Exit::Usage, message))
}

/// The expectations asked for, or those that lie in a folder of the exports.
fn find_expectations(settings: &Settings) -> Result<Option<Expectations>, Failure> {
    let found: Vec<PathBuf> = match &settings.expect {
        Some(path) => vec![path.clone()],
        None => settings.paths.iter().map(|path| path.join(EXPECTATIONS_NAME)).filter(|path| path.is_file()).collect(),
    };
    let path = match found.as_slice() {
        [] => return Ok(None),
        [path] => path,
        [one, other, ..] => {
            let message = format!(
                "two folders hold expectations, {} and {}: say which to use with --expect",
                one.display(),
                other.display()
            );
            return Err(Failure::new(Exit::Usage, message));
        }
    };
    // Compared as the file system knows them: `exports`, `./exports` and an absolute path are one folder.
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let shown = settings
        .paths
        .iter()
        .map(|root| (root, real(root)))
        .find_map(|(root, known)| {
            real(path).strip_prefix(&known).ok().map(|below| sources::shown_path(root, &root.join(below)))
        })
        .unwrap_or_else(|| sources::shown_path(path, path));
    read_expectations(path, &shown).map(Some)
}

/// Reads expectations and the files they name.
///
/// # Errors
/// Everything wrong with them.
pub fn read_expectations(path: &Path, shown: &str) -> Result<Expectations, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::new(Exit::Usage, format!("{}: {error}", path.display())))?;
    let parsed = expectations::parse(&text, shown, sha256(text.as_bytes())).and_then(|mut expectations| {
        expectations.load(path.parent().unwrap_or(Path::new("")))?;
        Ok(expectations)
    });
    parsed.map_err(|error| Failure::new(Exit::Usage, error.to_string()))
}
