//! MEXC.

pub(super) mod deposits;
pub(super) mod futures_orders;
pub(super) mod orders;
pub(super) mod trades;
pub(super) mod withdrawals;
