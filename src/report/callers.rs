//! The addresses and keys of a report.

use schemars::JsonSchema;
use serde::Serialize;

use crate::time::Timestamp;

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
    /// Its city, where a log names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// The number of its network.
    pub asn: Option<u32>,
    /// Who runs its network.
    pub organization: Option<String>,
    /// All of it in a few words.
    #[serde(skip)]
    pub words: String,
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
