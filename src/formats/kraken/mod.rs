//! Kraken.

pub(super) mod ledger;
pub(super) mod trades;
