//! Binance.US.

pub(super) mod transactions;
