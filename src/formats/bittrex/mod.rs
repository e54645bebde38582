//! Bittrex.

pub(super) mod deposits;
pub(super) mod movements;
pub(super) mod orders;
pub(super) mod trades;
pub(super) mod withdrawals;
