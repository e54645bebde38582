//! Coinbase.

pub(super) mod account_history;
pub(super) mod prime_orders;
pub(super) mod prime_transactions;
pub(super) mod pro_account;
pub(super) mod pro_fills;
pub(super) mod transactions;
pub(super) mod transfers;
