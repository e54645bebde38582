//! `expected.toml` as it is written: every name that may occur, with its place for error messages.

#![expect(
    dead_code,
    reason = "every name that may be written is read, so that a wrong one is an error; the report tells which have no use yet"
)]

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

/// A text with its place.
pub type Text = Spanned<String>;
/// A date, a date and time, or a text that holds one, with its place.
pub type When = Spanned<toml::Value>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    pub version: Option<Spanned<i64>>,
    pub timezone: Option<Text>,
    pub base_currency: Option<String>,
    pub confirmed: Option<bool>,
    #[serde(default)]
    pub defaults: Defaults,
    #[serde(default)]
    pub network: Vec<Network>,
    #[serde(default)]
    pub tool: Vec<Tool>,
    #[serde(default)]
    pub key: Vec<Key>,
    #[serde(default)]
    pub vendor: Vec<Vendor>,
    #[serde(default)]
    pub address: Vec<Address>,
    #[serde(default)]
    pub account: Vec<Account>,
    #[serde(default)]
    pub p2p: Vec<P2p>,
    #[serde(default)]
    pub rules: BTreeMap<Spanned<String>, BTreeMap<Spanned<String>, Spanned<toml::Value>>>,
    #[serde(default)]
    pub suppress: Vec<Suppress>,
    #[serde(default)]
    pub intel: Intel,
    #[serde(default)]
    pub reference: Reference,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct Defaults {
    pub require_ip: Option<bool>,
    pub rotate_after: Option<Text>,
    pub dormant_after: Option<Text>,
    pub key_name: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Network {
    pub name: Text,
    pub cidrs: Vec<Text>,
    pub kind: Option<Text>,
    pub valid_from: Option<When>,
    pub valid_until: Option<When>,
    pub checked: Option<When>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    pub name: Text,
    pub kind: Option<Text>,
    #[serde(default)]
    pub networks: Vec<Text>,
    #[serde(default)]
    pub user_agents: Vec<Text>,
    #[serde(default)]
    pub id_families: Vec<Text>,
    pub schedule: Option<Schedule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    pub kind: Option<Text>,
    pub every: Option<Text>,
    pub jitter: Option<Text>,
    pub window: Option<Text>,
    pub tz: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    pub name: Text,
    pub id: Option<Text>,
    #[serde(default)]
    pub tools: Vec<Text>,
    #[serde(default)]
    pub allow: Vec<Text>,
    #[serde(default)]
    pub symbols: Vec<Text>,
    #[serde(default)]
    pub markets: Vec<Text>,
    pub max_order: Option<Spanned<toml::Value>>,
    #[serde(default)]
    pub networks: Vec<Text>,
    #[serde(default)]
    pub id_families: Vec<Text>,
    pub require_ip: Option<bool>,
    pub valid_from: Option<When>,
    pub deleted_at: Option<When>,
    pub reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vendor {
    pub name: Text,
    #[serde(default)]
    pub tools: Vec<Text>,
    pub compromised_from: Option<When>,
    pub compromised_to: Option<When>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Address {
    pub asset: Option<String>,
    pub address: Text,
    pub label: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    pub name: Text,
    #[serde(default)]
    pub exports: Vec<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct P2p {
    pub nickname: Text,
    pub real_name: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suppress {
    pub rule: Text,
    pub key: Option<String>,
    pub ip: Option<Text>,
    pub symbol: Option<String>,
    pub order: Option<String>,
    pub address: Option<String>,
    pub until: When,
    pub reason: Text,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct Intel {
    pub tor: Option<Paths>,
    pub vpn: Option<Paths>,
    pub hosting: Option<Paths>,
    pub databases: Option<Paths>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    pub operations: Option<Paths>,
    pub outcomes: Option<Paths>,
    pub families: Option<Paths>,
    pub clients: Option<Paths>,
    pub ledger: Option<Paths>,
}

/// A path, or several, with their place.
pub type Paths = Spanned<OneOrMany>;

/// A text or a list of texts.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum OneOrMany {
    One(String),
    Many(Vec<String>),
}
