//! Bitstamp.

pub(super) mod transactions;
