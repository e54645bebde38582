//! A folder of exports in the making, and the report on it.

use std::path::{Path, PathBuf};

use loganalyze::Progress;
use loganalyze::exit::Failure;
use loganalyze::report::Report;
use loganalyze::settings::Settings;

/// A temporary folder `exports`.
pub struct Folder {
    _keep: tempfile::TempDir,
    pub path: PathBuf,
}

impl Folder {
    pub fn new() -> Self {
        let keep = tempfile::tempdir().unwrap();
        let path = keep.path().join("exports");
        std::fs::create_dir(&path).unwrap();
        Self { _keep: keep, path }
    }

    pub fn of(files: &[(&str, &str)]) -> Self {
        let folder = Self::new();
        for (name, text) in files {
            folder.write(name, text.as_bytes());
        }
        folder
    }

    pub fn write(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.path.join(name), bytes).unwrap();
    }

    pub fn settings(&self) -> Settings {
        Settings { paths: vec![self.path.clone()], ..Settings::default() }
    }

    pub fn report(&self) -> Report {
        report(&self.settings()).unwrap()
    }

    pub fn failure(&self) -> Failure {
        report(&self.settings()).map(|report| report.verdict.sentence).unwrap_err()
    }
}

pub fn report(settings: &Settings) -> Result<Report, Failure> {
    loganalyze::analyze(settings, &Progress::new(true))
}

/// A path of the project.
pub fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Whether each source's ledger adds up: records = accepted + duplicate + rejected + skipped.
pub fn assert_ledger(report: &Report) {
    for source in &report.sources {
        assert_eq!(
            source.records,
            source.accepted + source.duplicate + source.rejected + source.skipped,
            "{}",
            source.path
        );
        assert_eq!(source.skipped, source.skipped_reasons.values().sum::<u64>(), "{}", source.path);
    }
}
