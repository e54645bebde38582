//! Poloniex.

pub(super) mod deposits;
pub(super) mod distributions;
pub(super) mod trades;
pub(super) mod withdrawals;
