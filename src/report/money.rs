//! The money of a report: P2P orders, transfers, assets.

use schemars::JsonSchema;
use serde::Serialize;

use crate::engine::Evidence;
use crate::time::Timestamp;

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
