//! HTX.

pub(super) mod deposits;
pub(super) mod trades;
pub(super) mod withdrawals;
