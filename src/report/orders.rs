//! The orders of a report, and the incidents that they make up.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::engine::Evidence;
use crate::rules::Severity;
use crate::time::Timestamp;

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
