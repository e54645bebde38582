//! Bybit.

pub(super) mod closed_pnl;
pub(super) mod derivatives_trades;
pub(super) mod spot_trades;
pub(super) mod transfers;
pub(super) mod unified;
