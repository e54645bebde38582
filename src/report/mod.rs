//! The report: a plain value that the outputs only write. Its shape is the JSON contract `loganalyze.report/v1`, field by
//! field, which makes this file a long one.

mod assets;
mod build;
mod episodes;
mod gaps;
mod ips;
mod not_checked;
mod records;
mod verdict;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::engine::Evidence;
use crate::rules::playbook::Step;
use crate::rules::{Confidence, Severity};
use crate::time::Timestamp;

pub use build::{Examined, Run, build};

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
}

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

/// An address of the window.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct IpInfo {
    /// The account it is of, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The address.
    pub ip: String,
    /// The network it belongs to.
    pub network: Option<String>,
    /// `expected`, `unrecognized`, `unreviewed` or `unusable`.
    pub verdict: &'static str,
    /// Whether no call from it, or its IPv6 /64, was let in before the window; `null` without older calls.
    pub new: Option<bool>,
    /// The keys it used.
    pub keys: Vec<String>,
    /// The clients it used.
    pub clients: Vec<String>,
    /// Its calls.
    pub calls: u64,
    /// Of them accepted.
    pub accepted: u64,
    /// Of them denied.
    pub denied: u64,
    /// Orders attributed to it.
    pub orders: u64,
    /// Its first call.
    pub first: Timestamp,
    /// Its last call.
    pub last: Timestamp,
    /// What the user's lists and databases say of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<AboutInfo>,
}

/// What lists and databases say of an address: context, never permission.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AboutInfo {
    /// The lists it is on: `tor`, `vpn`, `hosting`.
    pub lists: Vec<&'static str>,
    /// Its country, as an ISO code.
    pub country: Option<String>,
    /// The number of its network.
    pub asn: Option<u32>,
    /// Who runs its network.
    pub organization: Option<String>,
    /// All of it in a few words.
    #[serde(skip)]
    pub words: String,
}

/// The orders of the window.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Orders {
    /// How many.
    pub total: u64,
    /// How many of each verdict.
    pub by_verdict: BTreeMap<&'static str, u64>,
    /// Those that are not the user's.
    pub unrecognized: Vec<OrderInfo>,
    /// Those that were placed by hand, by their own account, and nothing says by whom.
    pub ui_unverified: Vec<OrderInfo>,
}

/// An order that is not the user's.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct OrderInfo {
    /// The account it is of, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Its id.
    pub order_id: Option<String>,
    /// When it was made.
    pub time: Timestamp,
    /// Its market.
    pub market: Option<String>,
    /// Its pair.
    pub symbol: Option<String>,
    /// Its side.
    pub side: Option<String>,
    /// Its quantity.
    pub quantity: Option<String>,
    /// Its price.
    pub price: Option<String>,
    /// Its total in the quote asset.
    pub quote_total: Option<String>,
    /// What was decided.
    pub verdict: &'static str,
    /// Why.
    pub reason: String,
    /// The key of the call.
    pub key: Option<String>,
    /// The address of the call.
    pub ip: Option<String>,
    /// The client of the call.
    pub client: Option<String>,
    /// Where the call stands.
    pub call: Option<Evidence>,
    /// How much later than the call the order was made, in milliseconds.
    pub delta_ms: Option<i64>,
    /// How many calls fit as well as this one, itself included.
    pub candidates: usize,
    /// The incident it belongs to.
    pub episode: Option<String>,
    /// How likely such a call would stand there by chance, in hundredths.
    pub chance_percent: u8,
    /// Where the order stands.
    #[serde(flatten)]
    pub place: Evidence,
}

/// An incident.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct EpisodeInfo {
    /// The account it is of, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// A fingerprint of its orders.
    pub id: String,
    /// How bad it is.
    pub severity: Severity,
    /// What its severity is made of.
    pub points: Vec<PointInfo>,
    /// When it began.
    pub first: Timestamp,
    /// When it ended.
    pub last: Timestamp,
    /// The ids of its orders and P2P orders, as far as the exports state them.
    pub orders: Vec<String>,
    /// How many records it has.
    pub records: u64,
    /// What the account has less for it.
    pub sold: Vec<AmountInfo>,
    /// What the account has more for it.
    pub bought: Vec<AmountInfo>,
    /// What it cost, as far as the account's own prices tell.
    pub loss: Option<LossInfo>,
    /// The keys of its calls.
    pub keys: Vec<String>,
    /// The addresses of its calls.
    pub ips: Vec<String>,
    /// The clients of its calls.
    pub clients: Vec<String>,
    /// Logins of the day before and during it.
    pub sessions: Vec<String>,
    /// The rules that found it.
    pub rules: Vec<&'static str>,
    /// What happened, in a few lines.
    pub timeline: Vec<StretchInfo>,
    /// Its records.
    pub evidence: Vec<Evidence>,
}

/// A part of an incident's score.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PointInfo {
    /// How many.
    pub points: u32,
    /// The rule.
    pub rule: &'static str,
    /// What it found.
    pub why: String,
}

/// An amount of an asset.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AmountInfo {
    /// The asset.
    pub asset: String,
    /// How much.
    pub quantity: String,
}

/// An estimate of a loss.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct LossInfo {
    /// The asset it is stated in.
    pub asset: String,
    /// How much.
    pub amount: String,
    /// How it was estimated.
    pub method: String,
    /// The same in the assets that were paid and received.
    pub parts: Vec<AmountInfo>,
}

/// Orders of an incident, of one pair and side.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct StretchInfo {
    /// The first.
    pub first: Timestamp,
    /// The last.
    pub last: Timestamp,
    /// How many.
    pub orders: u64,
    /// `BUY` or `SELL`.
    pub side: &'static str,
    /// The pair.
    pub symbol: String,
    /// How much.
    pub quantity: String,
    /// Of what.
    pub base: String,
    /// For how much.
    pub total: String,
    /// Of what.
    pub quote: String,
    /// The first price.
    pub price_from: String,
    /// The last price.
    pub price_to: String,
}

/// The P2P orders of the window.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct P2p {
    /// How many.
    pub total: u64,
    /// Those that a rule names.
    pub unrecognized: Vec<P2pInfo>,
}

/// A P2P order that a rule names.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct P2pInfo {
    /// The account it is of, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Its id.
    pub order_id: Option<String>,
    /// When it was made.
    pub time: Timestamp,
    /// Its side.
    pub side: Option<String>,
    /// What was traded.
    pub asset: Option<String>,
    /// For what.
    pub fiat: Option<String>,
    /// How much.
    pub quantity: Option<String>,
    /// At what price.
    pub price: Option<String>,
    /// For how much.
    pub total: Option<String>,
    /// With whom.
    pub counterparty: Option<String>,
    /// Its status.
    pub status: Option<String>,
    /// The rules that name it.
    pub rules: Vec<&'static str>,
    /// Where it stands.
    #[serde(flatten)]
    pub place: Evidence,
}

/// The transfers of the window.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Transfers {
    /// How many.
    pub total: u64,
    /// Those that a rule names.
    pub unrecognized: Vec<TransferInfo>,
}

/// An asset of a wallet, and what changed it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AssetInfo {
    /// The account it is of, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The wallet; empty for all of them.
    pub wallet: String,
    /// The asset.
    pub asset: String,
    /// When the first balance was looked at.
    pub opened: Option<Timestamp>,
    /// The first balance.
    pub opening: Option<String>,
    /// What trades and their fees changed.
    pub trades: String,
    /// What deposits and withdrawals changed.
    pub transfers: String,
    /// What P2P orders changed.
    pub p2p: String,
    /// What everything else changed.
    pub other: String,
    /// When the last balance was looked at.
    pub closed: Option<Timestamp>,
    /// The last balance.
    pub closing: Option<String>,
    /// What is there more than that explains; negative when something is missing.
    pub gap: Option<String>,
    /// What the changes were taken from.
    pub from: &'static str,
}

/// A transfer that a rule names.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TransferInfo {
    /// The account it is of, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// When it was made.
    pub time: Timestamp,
    /// In or out.
    pub direction: Option<String>,
    /// By which way.
    pub kind: Option<String>,
    /// What.
    pub asset: Option<String>,
    /// On which network.
    pub network: Option<String>,
    /// How much.
    pub amount: Option<String>,
    /// To, or from, where.
    pub address: Option<String>,
    /// Its transaction.
    pub tx_id: Option<String>,
    /// Its status.
    pub status: Option<String>,
    /// The rules that name it.
    pub rules: Vec<&'static str>,
    /// Where it stands.
    #[serde(flatten)]
    pub place: Evidence,
}

/// A card of a key.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct KeyInfo {
    /// The account it is of, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Its name.
    pub name: String,
    /// Its id.
    pub id: Option<String>,
    /// Whether it is expected; `null` when there is nothing to hold it against.
    pub expected: Option<bool>,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// When it was last used.
    pub last_used: Option<Timestamp>,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
    /// Its status.
    pub status: Option<String>,
    /// What it may do.
    pub permissions: Vec<&'static str>,
    /// The addresses it is restricted to.
    pub networks: Option<String>,
    /// All its calls.
    pub calls: u64,
    /// The first.
    pub first: Option<Timestamp>,
    /// The last.
    pub last: Option<Timestamp>,
    /// Orders of the window attributed to it.
    pub orders: u64,
    /// Where it was used from.
    pub ips: Vec<SeenInfo>,
    /// By what it was used.
    pub clients: Vec<SeenInfo>,
}

/// How often something was seen, and when.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SeenInfo {
    /// What.
    pub value: String,
    /// In how many calls.
    pub calls: u64,
    /// The first.
    pub first: Timestamp,
    /// The last.
    pub last: Timestamp,
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

/// What is said of several accounts: once what is said of all, and the rest by account.
fn by_account<T: Clone + PartialEq>(lists: Vec<(Option<&str>, Vec<T>)>, mark: impl Fn(&str, T) -> T) -> Vec<T> {
    let of_all = |item: &T| lists.iter().all(|(_, list)| list.contains(item));
    let mut all: Vec<T> =
        lists.first().map(|(_, list)| list.iter().filter(|item| of_all(item)).cloned().collect()).unwrap_or_default();
    for (account, list) in &lists {
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
