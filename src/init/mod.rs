//! `loganalyze init`: drafts `expected.toml` from the exports.
//!
//! Whoever used the account is in the exports, a thief too. So the draft is not believed until its owner confirms it, no
//! network is in force in it, and what was seen only a few times or for a few days stands in comments.

mod habits;
mod write;

use std::path::PathBuf;

use polars::prelude::PolarsResult;

use crate::accounts::Accounts;
use crate::dataset;
use crate::evidence::{self, Ours};
use crate::exit::Failure;
use crate::ingest::Reading;
use crate::progress::Progress;
use crate::settings::{Bounds, ZoneOption};

/// Drafts expectations from the exports below the paths.
///
/// # Errors
/// When nothing can be read.
pub fn draft(paths: &[PathBuf], zones: &[ZoneOption], progress: &Progress) -> Result<String, Failure> {
    let reading = Reading::default();
    let opened =
        evidence::open(paths, zones, &Ours::new(None, None).with_formats(&[], paths)?, &reading)?.readable()?;
    progress.begin(opened.exports.iter().map(|export| export.size).sum());
    let (tables, sources) = evidence::read_tables(&opened.exports, &reading, progress)?;
    let bounds = Bounds::default();
    let read = evidence::read_calls(&opened.exports, &tables, sources, None, bounds, &reading, progress)?;
    progress.finish();
    let days = habits::Days::read(&evidence::call_logs(&opened.exports), &read.log, &reading, progress);
    let drafted: PolarsResult<String> = dataset::join(tables, read, None, &Accounts::one(), reading.jobs)
        .and_then(|all| all.iter().map(|data| Ok(write::draft(data, &habits::habits(data, &days)?))).collect());
    drafted.map_err(Failure::of_program)
}
