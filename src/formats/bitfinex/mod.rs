//! Bitfinex.

pub(super) mod ledger;
pub(super) mod movements;
pub(super) mod trades;
