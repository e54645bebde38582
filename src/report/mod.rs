//! The report: a plain value that the outputs only write. Its shape is the JSON contract `loganalyze.report/v1`.

mod alike;
mod assets;
mod build;
mod callers;
mod episodes;
mod evidence;
mod findings;
mod gaps;
mod ips;
mod money;
mod not_checked;
mod orders;
mod records;
mod verdict;

use schemars::JsonSchema;
use serde::Serialize;

use crate::rules::Severity;
use crate::rules::playbook::Step;
use crate::time::Timestamp;

pub use build::{Examined, Run, build};
pub use callers::{AboutInfo, IpInfo, KeyInfo, SeenInfo};
pub use evidence::{CoverageInfo, Gap, RejectInfo, SourceInfo, Unreadable};
pub use findings::{BaselineInfo, FindingInfo, GoneInfo, SubjectInfo, SuppressedInfo};
pub use money::{AssetInfo, P2p, P2pInfo, TransferInfo, Transfers};
pub use orders::{AmountInfo, EpisodeInfo, LossInfo, OrderInfo, Orders, PointInfo, StretchInfo};

/// The name of this shape.
pub const SCHEMA: &str = "loganalyze.report/v1";

/// Everything a run found.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Report {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// What made it.
    pub tool: Tool,
    /// What was asked.
    pub run: RunInfo,
    /// The answer.
    pub verdict: Verdict,
    /// What was read.
    pub sources: Vec<SourceInfo>,
    /// What was not.
    pub unreadable: Vec<Unreadable>,
    /// The accounts that are kept apart; none where there is but one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<String>,
    /// What the tables cover.
    pub coverage: Vec<CoverageInfo>,
    /// The addresses of the window.
    pub ips: Vec<IpInfo>,
    /// How many addresses more there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ips_truncated: Option<u64>,
    /// The orders of the window.
    pub orders: Orders,
    /// Incidents made up of many orders.
    pub episodes: Vec<EpisodeInfo>,
    /// The P2P orders of the window.
    pub p2p: P2p,
    /// The transfers of the window.
    pub transfers: Transfers,
    /// The assets before and after the window.
    pub assets: Vec<AssetInfo>,
    /// A card per key.
    pub keys: Vec<KeyInfo>,
    /// What could not be checked.
    pub not_checked: Vec<NotChecked>,
    /// What the rules found.
    pub findings: Vec<FindingInfo>,
    /// What became of the findings of an earlier report.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline: Option<BaselineInfo>,
    /// Records that could not be read.
    pub rejected: Vec<RejectInfo>,
    /// What to do first.
    #[serde(skip)]
    pub steps: Vec<Step>,
}

/// The program.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Tool {
    /// Its name.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
}

/// What a run was asked.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RunInfo {
    /// The instant it speaks of.
    pub as_of: Timestamp,
    /// The window's beginning.
    pub since: Timestamp,
    /// The window's end.
    pub until: Timestamp,
    /// The zone of the expectations.
    pub zone: String,
    /// The expectations file.
    pub expectations: Option<String>,
    /// The files that are no evidence and that the answer rests on too.
    pub files: Vec<FileInfo>,
    /// Whether the expectations are a draft that nobody has confirmed.
    #[serde(skip)]
    pub unconfirmed: bool,
    /// What the kernel enforced.
    pub sandbox: Sandbox,
}

/// A file of the user's own that the answer rests on.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FileInfo {
    /// What it is for: `expectations`, `intel`, `reference`, `rules` or `baseline`.
    pub purpose: &'static str,
    /// Its path, as it was named.
    pub path: String,
    /// The SHA-256 of its bytes.
    pub sha256: String,
}

/// What the kernel enforced.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Sandbox {
    /// On the network.
    pub network: &'static str,
    /// On files.
    pub filesystem: &'static str,
}

/// The answer.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Verdict {
    /// `findings`, `clear` or `inconclusive`.
    pub result: &'static str,
    /// The worst severity that counts.
    pub highest: Option<Severity>,
    /// The exit code.
    pub exit_code: u8,
    /// In one sentence.
    pub sentence: String,
    /// What keeps the run from being clear besides findings.
    pub reasons: Vec<String>,
    /// The accounts, where there are several, of which some of these reasons tell and not of all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub in_doubt: Vec<String>,
}

/// Something that could not be checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NotChecked {
    /// What.
    pub what: String,
    /// Why.
    pub why: String,
    /// What would settle it.
    pub needs: String,
}

/// What is said of several accounts: once what is said of all, and the rest by account.
fn by_account<T: Clone + PartialEq>(lists: &[(Option<&str>, Vec<T>)], mark: impl Fn(&str, T) -> T) -> Vec<T> {
    let of_all = |item: &T| lists.iter().all(|(_, list)| list.contains(item));
    let mut all: Vec<T> =
        lists.first().map(|(_, list)| list.iter().filter(|item| of_all(item)).cloned().collect()).unwrap_or_default();
    for (account, list) in lists {
        let own = list.iter().filter(|item| !of_all(item)).cloned();
        all.extend(own.map(|item| mark(account.unwrap_or_default(), item)));
    }
    all
}

/// The JSON Schema of a report.
pub fn schema() -> serde_json::Value {
    let settings = schemars::generate::SchemaSettings::draft2020_12().for_serialize();
    let mut schema = settings.into_generator().into_root_schema_for::<Report>();
    schema.insert("title".to_owned(), SCHEMA.into());
    schema.to_value()
}
