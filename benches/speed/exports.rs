//! Folders of made-up exports, and the stages that a bench does not measure.

use std::path::{Path, PathBuf};

use loganalyze::Progress;
use loganalyze::evidence::{self, Calls, Evidence, Ours};
use loganalyze::expectations::{self, Expectations};
use loganalyze::ingest::table::ReadTable;
use loganalyze::ingest::{Reading, Source};
use loganalyze::settings::Bounds;
use tempfile::TempDir;

use crate::account::{self, Incident, Plan};
use crate::call_log::{self, Shape};
use crate::orders;

/// Calls in a log.
const CALLS: u64 = 200_000;
/// Orders of an account that trades all day, some of which look odd.
const ORDERS: u64 = 20_000;
/// The seed of all that is made up.
const SEED: u64 = 1;

/// A folder of exports with the expectations that fit them.
pub struct Exports {
    folder: TempDir,
    /// What is expected.
    pub expectations: Expectations,
    /// The bytes of all exports.
    pub bytes: u64,
}

/// The text of a call log.
pub fn log_text(shape: Shape) -> Vec<u8> {
    let mut text = Vec::new();
    call_log::write(&mut text, CALLS, SEED, shape).expect("memory takes a log");
    text
}

impl Exports {
    /// A call log alone.
    pub fn log(shape: Shape) -> Self {
        Self::of([("calls.csv".to_owned(), log_text(shape))], &call_log::expectations(shape))
    }

    /// The exports of an account with a theft in it, those whose name holds a text.
    pub fn account(holds: &str) -> Self {
        let account = account::account(&Plan { incident: Incident::Drain, ..Plan::default() });
        let files = account.files.into_iter().filter(|(name, _)| name.contains(holds) && name.ends_with(".csv"));
        Self::of(files, account::EXPECTED)
    }

    /// A call log and the orders that some of its calls made, with a theft among them.
    pub fn orders() -> Self {
        let (mut log, mut history) = (Vec::new(), Vec::new());
        orders::write(&mut log, &mut history, CALLS, ORDERS, SEED).expect("memory takes orders");
        let files = [("calls.csv".to_owned(), log), (orders::HISTORY.to_owned(), history)];
        Self::of(files, &call_log::expectations(Shape::Usual))
    }

    fn of(files: impl IntoIterator<Item = (String, Vec<u8>)>, expected: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).expect("it is written");
        let mut bytes = 0;
        for (name, text) in files {
            write(&name, &text);
            bytes += text.len() as u64;
        }
        write(evidence::EXPECTATIONS_NAME, expected.as_bytes());
        let expectations = expectations::parse(expected, "expected.toml", String::new()).expect("they fit");
        Self { folder, expectations, bytes }
    }

    /// Where they lie.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The exports, opened.
    pub fn open(&self, reading: &Reading) -> Evidence {
        let paths = [PathBuf::from(self.path())];
        evidence::open(&paths, &[], &Ours::new(Some(&self.expectations), []), reading).expect("exports")
    }

    /// Reads and matches the call logs.
    pub fn calls(&self, opened: &Evidence, tables: (&[ReadTable], Vec<Source>), reading: &Reading) -> Calls {
        let (tables, sources) = tables;
        let (expectations, bounds) = (Some(&self.expectations), Bounds::default());
        evidence::read_calls(&opened.exports, tables, sources, expectations, bounds, reading, &Progress::new(true))
            .expect("calls")
    }
}
