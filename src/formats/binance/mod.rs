//! Binance.

pub(super) mod coin_futures_orders;
pub(super) mod coin_futures_trades;
pub(super) mod convert;
pub(super) mod deposits;
pub(super) mod earn;
pub(super) mod fiat_deposits;
pub(super) mod fiat_purchases;
pub(super) mod fiat_sales;
pub(super) mod fiat_withdrawals;
pub(super) mod futures_orders;
pub(super) mod futures_positions;
pub(super) mod futures_trades;
pub(super) mod futures_transactions;
pub(super) mod key_permissions;
pub(super) mod margin_interest;
pub(super) mod margin_loans;
pub(super) mod margin_orders;
pub(super) mod p2p;
pub(super) mod spot_orders;
pub(super) mod spot_trades;
pub(super) mod sub_account_key;
pub(super) mod transaction_history;
pub(super) mod two_level_orders;
pub(super) mod withdrawals;
