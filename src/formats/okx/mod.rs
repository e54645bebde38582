//! OKX.

pub(super) mod deposits;
pub(super) mod funding;
pub(super) mod positions;
pub(super) mod trades;
pub(super) mod trading;
pub(super) mod withdrawals;
