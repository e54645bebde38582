//! Crypto.com.

pub(super) mod app;
pub(super) mod deposits;
pub(super) mod trades;
pub(super) mod withdrawals;
