//! Gate.

pub(super) mod billing;
pub(super) mod deposits;
pub(super) mod trades;
pub(super) mod withdrawals;
