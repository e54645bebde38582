//! What was read, what not, and what it covers.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::time::Timestamp;

/// A source and its ledger: records = accepted + duplicate + rejected + skipped.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SourceInfo {
    /// Its number.
    pub id: u32,
    /// Its path.
    pub path: String,
    /// Its name inside a container.
    pub member: Option<String>,
    /// The SHA-256 of its bytes.
    pub sha256: Option<String>,
    /// Its size.
    pub bytes: u64,
    /// Its format.
    pub format: &'static str,
    /// Which of the format's headers it has.
    pub generation: &'static str,
    /// Its table.
    pub table: &'static str,
    /// The accounts that it holds records of, where there are several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<String>,
    /// The zone of its times.
    pub zone: String,
    /// Where the zone came from.
    pub zone_from: &'static str,
    /// Data records.
    pub records: u64,
    /// In the tables.
    pub accepted: u64,
    /// Held by another source too.
    pub duplicate: u64,
    /// Not readable.
    pub rejected: u64,
    /// Left out on purpose.
    pub skipped: u64,
    /// Why, by reason.
    pub skipped_reasons: BTreeMap<&'static str, u64>,
    /// The first event.
    pub first: Option<Timestamp>,
    /// The last event.
    pub last: Option<Timestamp>,
    /// What else a reader should know.
    pub notes: Vec<String>,
}

/// A file that is not read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Unreadable {
    /// Its path.
    pub path: String,
    /// Why.
    pub reason: String,
}

/// What a table covers.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CoverageInfo {
    /// The account it is of, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The table.
    pub table: &'static str,
    /// From.
    pub first: Option<Timestamp>,
    /// To.
    pub last: Option<Timestamp>,
    /// Silences in the window.
    pub gaps: Vec<Gap>,
    /// The share of the window.
    pub share_of_window: f64,
}

/// A silence.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Gap {
    /// From.
    pub from: Timestamp,
    /// To.
    pub to: Timestamp,
}

/// A record that could not be read.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RejectInfo {
    /// Its source.
    pub source: u32,
    /// Its name inside a container.
    pub member: Option<String>,
    /// The record.
    pub record: u64,
    /// Its line.
    pub line: u64,
    /// The byte of the decoded text it starts at.
    pub byte: u64,
    /// The column at fault.
    pub column: Option<String>,
    /// The kind of fault.
    pub kind: &'static str,
    /// What is wrong.
    pub message: String,
    /// Its text.
    pub raw: String,
}
