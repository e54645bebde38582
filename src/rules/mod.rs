//! The rules: one file each, a description and a pure plan over the dataset.
//!
//! A new rule is a new file here, its `mod` line and its line in [`ALL`]. The file's name in kebab case is the rule's id.

mod auth_fail_burst;
mod auth_fail_then_ok;
mod balance_gap;
mod borrow_first;
mod bot_went_silent;
mod burst_runup;
mod call_rows;
pub(crate) mod clock_offset;
mod corr_key_escalate;
mod cross_pair_implied;
mod drain_burst;
mod duplicate_or_edited;
mod fee_burn;
mod hour_outlier;
mod id_mask;
mod ip_across_keys;
mod ip_anon_or_hosting;
mod ip_denied_outside;
mod ip_first_seen;
mod ip_impossible_travel;
mod ip_multi_network;
mod ip_not_allowed;
mod ip_rare_minority;
mod key_created_in_window;
mod key_created_then_used;
mod key_dormant;
mod key_dormant_woke;
mod key_ip_open;
mod key_name_unclear;
mod key_over_scoped;
mod key_rotation_due;
mod key_shared_by_tools;
mod key_unknown;
pub(crate) mod key_use_after_delete;
mod key_vanished;
mod key_vendor_compromised;
mod key_withdraw_enabled;
mod leverage_raised;
mod liquidate_and_concentrate;
mod liquidation_seen;
pub(crate) mod log_gap;
mod login_new_ip_then_key_change;
mod off_schedule;
mod op_first_seen;
mod op_not_allowed;
mod order_after_key_delete;
pub(crate) mod order_beyond_limits;
mod order_survived_key;
mod order_suspect_source;
mod order_tool_mismatch;
mod order_unrecognized;
mod p2p_burst;
mod p2p_cancel_after_paid;
mod p2p_counterparty_new_large;
mod p2p_first_use;
mod p2p_name_mismatch;
mod p2p_price_off;
mod p2p_rapid_release;
pub mod plan;
pub mod playbook;
mod price_off_own;
mod rate_limit_hit;
mod recon_burst;
mod recon_then_trade;
mod roundtrip_loss;
mod size_outlier;
mod stops_cancelled;
mod symbol_first_seen;
mod tool_not_expected;
mod transfer_out_unlisted;
mod ua_first_seen;
mod ua_secret_scanner;
mod window_short;
mod withdraw_new_address;
mod withdraw_split;
mod withdraw_via_api;

use std::sync::LazyLock;

use polars::prelude::{LazyFrame, PolarsResult};

pub use ip_across_keys::tell_accounts;

use crate::dataset::Dataset;
use crate::expectations::{Change, Expectations};
use crate::ingest::FastMap;
use crate::tables::Table;
use playbook::Step;

/// Every rule, in the order users see.
pub static ALL: &[&Rule] = &[
    &key_unknown::RULE,
    &key_use_after_delete::RULE,
    &key_dormant::RULE,
    &key_dormant_woke::RULE,
    &key_withdraw_enabled::RULE,
    &key_ip_open::RULE,
    &key_over_scoped::RULE,
    &key_rotation_due::RULE,
    &key_created_in_window::RULE,
    &key_created_then_used::RULE,
    &login_new_ip_then_key_change::RULE,
    &key_vendor_compromised::RULE,
    &key_name_unclear::RULE,
    &key_shared_by_tools::RULE,
    &key_vanished::RULE,
    &ip_not_allowed::RULE,
    &ip_denied_outside::RULE,
    &ip_first_seen::RULE,
    &ip_multi_network::RULE,
    &ip_rare_minority::RULE,
    &ip_across_keys::RULE,
    &corr_key_escalate::RULE,
    &ua_first_seen::RULE,
    &ua_secret_scanner::RULE,
    &recon_burst::RULE,
    &recon_then_trade::RULE,
    &auth_fail_burst::RULE,
    &auth_fail_then_ok::RULE,
    &op_first_seen::RULE,
    &rate_limit_hit::RULE,
    &off_schedule::RULE,
    &bot_went_silent::RULE,
    &ip_anon_or_hosting::RULE,
    &ip_impossible_travel::RULE,
    &tool_not_expected::RULE,
    &op_not_allowed::RULE,
    &order_unrecognized::RULE,
    &order_suspect_source::RULE,
    &order_tool_mismatch::RULE,
    &order_beyond_limits::RULE,
    &order_after_key_delete::RULE,
    &order_survived_key::RULE,
    &symbol_first_seen::RULE,
    &price_off_own::RULE,
    &burst_runup::RULE,
    &roundtrip_loss::RULE,
    &drain_burst::RULE,
    &liquidate_and_concentrate::RULE,
    &cross_pair_implied::RULE,
    &size_outlier::RULE,
    &hour_outlier::RULE,
    &stops_cancelled::RULE,
    &leverage_raised::RULE,
    &borrow_first::RULE,
    &liquidation_seen::RULE,
    &fee_burn::RULE,
    &withdraw_new_address::RULE,
    &withdraw_via_api::RULE,
    &withdraw_split::RULE,
    &transfer_out_unlisted::RULE,
    &balance_gap::RULE,
    &p2p_first_use::RULE,
    &p2p_price_off::RULE,
    &p2p_counterparty_new_large::RULE,
    &p2p_name_mismatch::RULE,
    &p2p_cancel_after_paid::RULE,
    &p2p_rapid_release::RULE,
    &p2p_burst::RULE,
    &log_gap::RULE,
    &window_short::RULE,
    &clock_offset::RULE,
    &id_mask::RULE,
    &duplicate_or_edited::RULE,
];

/// Names of planned rules: expectations may mention them already, and this version does not run them.
pub const PLANNED: &[&str] = &[];

/// How bad a finding is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    #[default]
    Info,
    /// To be looked at some day.
    Low,
    /// To be looked at.
    Medium,
    /// To be acted upon today.
    High,
    /// To be acted upon now.
    Critical,
}

impl Severity {
    /// All, from the mildest.
    pub const ALL: [Self; 5] = [Self::Info, Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The word in reports.
    pub fn name(self) -> &'static str {
        ["info", "low", "medium", "high", "critical"][self as usize]
    }

    /// The severity of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.name() == name)
    }
}

/// How sure a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// A pattern that has many benign causes.
    Low,
    /// A pattern that has some.
    Medium,
    /// A plain contradiction to what is expected.
    High,
}

impl Confidence {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        ["low", "medium", "high"][self as usize]
    }
}

/// A number that decides, with its source.
pub struct Threshold {
    /// Its name in `[rules.*]`.
    pub name: &'static str,
    /// Its value unless overridden.
    pub default: f64,
    /// What it counts.
    pub unit: &'static str,
    /// Where it comes from.
    pub source: &'static str,
}

/// The thresholds in force for one rule.
pub struct Thresholds {
    values: Vec<(&'static str, f64)>,
}

impl Thresholds {
    /// The defaults of a rule, changed by overrides.
    pub fn new(rule: &Rule, overrides: &[(String, f64)]) -> Self {
        let value = |threshold: &Threshold| {
            overrides.iter().find(|(name, _)| name == threshold.name).map_or(threshold.default, |(_, value)| *value)
        };
        Self { values: rule.thresholds.iter().map(|threshold| (threshold.name, value(threshold))).collect() }
    }

    /// The value of a threshold that the rule describes; NaN, which no comparison passes, for any other.
    pub fn value(&self, name: &str) -> f64 {
        self.values.iter().find(|(known, _)| *known == name).map_or(f64::NAN, |(_, value)| *value)
    }
}

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// An address.
    Ip,
    /// A key.
    Key,
    /// A client.
    Client,
    /// A pair.
    Symbol,
    /// A withdrawal address.
    Address,
    /// An account.
    Account,
    /// A P2P order.
    P2pOrder,
    /// A word of a ledger, or a kind of transfer.
    Operation,
    /// A table of the evidence.
    Table,
}

impl Subject {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ip => "ip",
            Self::Key => "key",
            Self::Client => "client",
            Self::Symbol => "symbol",
            Self::Address => "address",
            Self::Account => "account",
            Self::P2pOrder => "p2p-order",
            Self::Operation => "operation",
            Self::Table => "table",
        }
    }
}

/// A rule.
pub struct Rule {
    /// Its name.
    pub id: &'static str,
    /// What it finds, in a few words.
    pub title: &'static str,
    /// The severities it gives, and when.
    pub severity: &'static str,
    /// How sure its findings are.
    pub confidence: Confidence,
    /// What its findings are about.
    pub subject: Subject,
    /// What its finding says; names in braces are columns of its plan.
    pub message: &'static str,
    /// The tables it looks at.
    pub needs: &'static [Table],
    /// Whether it needs expectations.
    pub needs_expectations: bool,
    /// Why it matters.
    pub why: &'static str,
    /// What exactly it looks for.
    pub logic: &'static str,
    /// Harmless causes.
    pub benign: &'static [&'static str],
    /// What to do, in order.
    pub next: &'static [Step],
    /// Where the rule comes from.
    pub sources: &'static str,
    /// Its thresholds.
    pub thresholds: &'static [Threshold],
    /// Its hits (see [`plan`]); `None` when the evidence it needs is not there.
    pub plan: fn(&Dataset<'_>, &Thresholds) -> PolarsResult<Option<LazyFrame>>,
}

impl Rule {
    /// The thresholds in force: those that expectations set, else the defaults.
    pub fn in_force(&self, expectations: Option<&Expectations>) -> Thresholds {
        let all = expectations.map(|e| e.overrides.as_slice()).unwrap_or_default();
        let set = all.iter().filter(|change| change.rule == self.id).filter_map(|change| match &change.change {
            Change::Threshold(name, value) => Some((name.clone(), *value)),
            Change::Severity(_) => None,
        });
        Thresholds::new(self, &set.collect::<Vec<_>>())
    }
}

/// The rule of that name.
pub fn by_id(id: &str) -> Option<&'static Rule> {
    ALL.get(place(id)).copied()
}

/// The place of a rule among [`ALL`]; rules of the user's own come after them.
pub fn place(id: &str) -> usize {
    static PLACES: LazyLock<FastMap<&str, usize>> =
        LazyLock::new(|| ALL.iter().enumerate().map(|(at, rule)| (rule.id, at)).collect());
    PLACES.get(id).copied().unwrap_or(ALL.len())
}
