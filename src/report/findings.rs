//! The findings of a report.

use schemars::JsonSchema;
use serde::Serialize;

use crate::engine::Evidence;
use crate::rules::{Confidence, Severity};
use crate::time::Timestamp;

/// A finding.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FindingInfo {
    /// The account it is of, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Its fingerprint.
    pub id: String,
    /// Its rule.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// What it is, in a few words.
    pub title: &'static str,
    /// What it says.
    pub message: String,
    /// The same for people, with ids shortened.
    #[serde(skip)]
    pub short_message: String,
    /// What it is about.
    pub subject: SubjectInfo,
    /// When it began.
    pub first: Option<Timestamp>,
    /// When it ended.
    pub last: Option<Timestamp>,
    /// How many records show it.
    pub count: u64,
    /// The first of them.
    pub evidence: Vec<Evidence>,
    /// What to do.
    pub next: Vec<&'static str>,
    /// Against an earlier report: `new` or `persisting`; `new` without one.
    pub status: &'static str,
    /// The suppression that covers it.
    pub suppressed: Option<SuppressedInfo>,
}

/// The findings of this report against those of an earlier one.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct BaselineInfo {
    /// The file of the earlier report.
    pub path: String,
    /// The instant it speaks of.
    pub as_of: String,
    /// How many findings it does not hold.
    pub new: usize,
    /// How many it holds too.
    pub persisting: usize,
    /// Its findings that this report does not hold.
    pub gone: Vec<GoneInfo>,
}

/// A finding of an earlier report that is not found any more.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct GoneInfo {
    /// Its fingerprint.
    pub id: String,
    /// Its rule.
    pub rule: String,
    /// How bad it was.
    pub severity: String,
    /// What it said.
    pub message: String,
}

/// What a finding is about.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SubjectInfo {
    /// Its kind.
    pub kind: &'static str,
    /// Its value.
    pub value: String,
}

/// A suppression.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SuppressedInfo {
    /// Why.
    pub reason: String,
    /// Until when.
    pub until: Timestamp,
}
