//! MEXC.

pub(super) mod deposits;
pub(super) mod futures_orders;
pub(super) mod futures_trades;
pub(super) mod orders;
pub(super) mod p2p;
pub(super) mod positions;
pub(super) mod statement;
pub(super) mod trades;
pub(super) mod withdrawals;
