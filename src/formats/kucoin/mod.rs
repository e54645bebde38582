//! KuCoin.

pub(super) mod account_history;
pub(super) mod balances;
pub(super) mod converts;
pub(super) mod deposits;
pub(super) mod fiat_deposits;
pub(super) mod fiat_trades;
pub(super) mod fiat_withdrawals;
pub(super) mod futures_trades;
pub(super) mod lendings;
pub(super) mod loans;
pub(super) mod movements;
pub(super) mod orders;
pub(super) mod p2p;
pub(super) mod realized_profit;
pub(super) mod staking;
pub(super) mod trades;
pub(super) mod withdrawals;
