//! The command line, built: what a run is asked to do, every value parsed.

use std::path::PathBuf;

use globset::{GlobBuilder, GlobMatcher};

use crate::ingest::{Reading, clock};
use crate::outputs::OutputRequest;
use crate::rules::Severity;
use crate::sources::file_name;
use crate::time::{DAY, SECOND, Timestamp, Zone};

/// A `--tz GLOB=ZONE`.
#[derive(Clone, Debug)]
pub struct ZoneOption {
    /// The files it is for, by path or by name.
    pub glob: GlobMatcher,
    /// Their zone.
    pub zone: Zone,
}

impl ZoneOption {
    /// Whether it is for a file, by its path or its name; case does not count.
    pub fn matches(&self, shown: &str) -> bool {
        self.glob.is_match(shown) || self.glob.is_match(file_name(shown))
    }

    /// Reads `GLOB=ZONE`.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (glob, zone) = text
            .split_once('=')
            .ok_or_else(|| format!("`--tz {text}`: write GLOB=ZONE, for example `--tz '*Order*=UTC+2'`"))?;
        let glob = GlobBuilder::new(glob)
            .case_insensitive(true)
            .build()
            .map_err(|error| format!("`--tz {text}`: {error}"))?
            .compile_matcher();
        let zone = Zone::parse(zone)
            .ok_or_else(|| format!("`--tz {text}`: `{zone}` is not a time zone; write `UTC+2` or `Europe/Berlin`"))?;
        Ok(Self { glob, zone })
    }
}

/// How the window is asked for. Times are texts until the zone of the expectations is known.
#[derive(Clone, Debug, Default)]
pub struct WindowRequest {
    /// `--as-of`.
    pub as_of: Option<String>,
    /// `--last`, in microseconds.
    pub last: Option<i64>,
    /// `--since`.
    pub since: Option<String>,
    /// `--until`.
    pub until: Option<String>,
}

/// The window of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The instant the report speaks of.
    pub as_of: i64,
    /// The beginning, for people.
    pub since: i64,
    /// The end, for people.
    pub until: i64,
    /// The first microsecond inside.
    pub start: i64,
    /// The first microsecond after it.
    pub end: i64,
    /// Whether the evidence alone set its end: what lies after it is a record so far ahead that it was not taken for the
    /// present.
    pub open: bool,
}

/// The days of a window that is not asked for otherwise.
pub const DEFAULT_LAST: i64 = 30 * DAY;

/// The bounds that were given, in UTC microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// `--as-of`.
    pub as_of: Option<i64>,
    last: Option<i64>,
    since: Option<i64>,
    until: Option<i64>,
}

impl WindowRequest {
    /// Reads the times given, in a zone where they name none.
    ///
    /// # Errors
    /// Which option does not parse, and what to write.
    pub fn bounds(&self, zone: Zone) -> Result<Bounds, String> {
        let read = |option: &str, text: &Option<String>| match text {
            None => Ok(None),
            Some(text) => match parse_time(text, zone) {
                Some(time) => Ok(Some(time)),
                None => Err(format!(
                    "`{option} {text}` is not a time; write `2026-11-20`, `2026-11-20T17:03:11Z` or `2026-11-20 17:03`"
                )),
            },
        };
        let bounds = Bounds {
            as_of: read("--as-of", &self.as_of)?,
            last: self.last,
            since: read("--since", &self.since)?,
            until: read("--until", &self.until)?,
        };
        if let (Some(since), Some(until)) = (bounds.since, bounds.until)
            && until <= since
        {
            return Err(format!("the window is empty: it begins {} and ends {}", Timestamp(since), Timestamp(until)));
        }
        Ok(bounds)
    }
}

impl Bounds {
    /// The window for an `as_of`: `--since` is inclusive, `--until` exclusive, else the window is (as_of − span, as_of].
    pub fn window(&self, as_of: i64) -> Window {
        let until = self.until.unwrap_or(as_of);
        let since = self.since.unwrap_or(until - self.last.unwrap_or(DEFAULT_LAST));
        Window {
            as_of,
            since,
            until,
            start: if self.since.is_some() || self.until.is_some() { since } else { since + 1 },
            end: if self.until.is_some() { until } else { until + 1 },
            open: self.until.is_none() && self.as_of.is_none(),
        }
    }
}

impl Window {
    /// Whether an instant lies inside.
    pub fn holds(&self, time: i64) -> bool {
        (self.start..self.end).contains(&time)
    }

    /// Its length in microseconds.
    pub fn length(&self) -> i64 {
        (self.until - self.since).max(1)
    }
}

/// Reads RFC 3339, a date, or a date and time in a zone.
pub fn parse_time(text: &str, zone: Zone) -> Option<i64> {
    let written = clock::parse(text.trim().as_bytes())?;
    match written.offset {
        Some(east) => Some(written.local - i64::from(east) * SECOND),
        None => zone.to_utc(written.local).earliest(),
    }
}

/// What a report run is asked to do.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Files and folders.
    pub paths: Vec<PathBuf>,
    /// `--expect`.
    pub expect: Option<PathBuf>,
    /// The window asked for.
    pub window: WindowRequest,
    /// `--tz`, in order.
    pub zones: Vec<ZoneOption>,
    /// `--format`: files of formats of the user's own.
    pub formats: Vec<PathBuf>,
    /// How the exports are read.
    pub reading: Reading,
    /// Where to write what.
    pub outputs: Vec<OutputRequest>,
    /// Hides findings below.
    pub min_severity: Severity,
    /// Shows ids, addresses and names whole.
    pub full: bool,
    /// `--rules`.
    pub rules: Vec<PathBuf>,
    /// `--baseline`.
    pub baseline: Option<PathBuf>,
    /// Any rejected record prevents `clear`.
    pub strict: bool,
    /// Replaces existing files.
    pub force: bool,
    /// No progress or notes.
    pub quiet: bool,
    /// Exit code 0 unless the run failed.
    pub exit_zero: bool,
}
