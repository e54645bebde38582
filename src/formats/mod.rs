//! What exports look like: one file per export, data only; a folder per exchange.
//!
//! A new format is a new file, its `mod` line and its line in [`ALL`].

mod api_call_log;
mod api_key_list;
mod balances;
mod binance;
mod binance_us;
mod bitfinex;
mod bitmex;
mod bitstamp;
mod bittrex;
mod bitvavo;
mod bybit;
mod cell;
mod coinbase;
mod crypto_com;
mod deribit;
mod freqtrade_orders;
mod freqtrade_trades;
mod gate;
mod gemini;
pub mod header;
mod hitbtc;
mod htx;
mod hummingbot_trades;
mod kraken;
mod kucoin;
mod mexc;
mod okx;
mod order_list;
mod own_records;
mod p2p_orders;
pub mod page;
mod pionex;
mod poloniex;
pub mod recognise;
mod security_events;
pub mod stub;
pub mod user;

use crate::tables::Table;

pub use cell::{Cell, Layout, Order, Piece};

/// Every format. Exact headers are tried before synonyms; of those known by synonyms the first that fits is taken.
pub static ALL: &[&Format] = &[
    &security_events::FORMAT,
    &api_call_log::FORMAT,
    &api_key_list::FORMAT,
    &hummingbot_trades::FORMAT,
    &freqtrade_orders::FORMAT,
    &freqtrade_trades::FORMAT,
    &order_list::FORMAT,
    &p2p_orders::FORMAT,
    &own_records::FORMAT,
    &balances::FORMAT,
    &binance::spot_orders::FORMAT,
    &binance::two_level_orders::FORMAT,
    &binance::margin_orders::FORMAT,
    &binance::margin_loans::FORMAT,
    &binance::margin_interest::FORMAT,
    &binance::spot_trades::FORMAT,
    &binance::p2p::FORMAT,
    &binance::deposits::FORMAT,
    &binance::withdrawals::FORMAT,
    &binance::transaction_history::FORMAT,
    &binance::convert::FORMAT,
    &binance::fiat_deposits::FORMAT,
    &binance::fiat_withdrawals::FORMAT,
    &binance::fiat_purchases::FORMAT,
    &binance::fiat_sales::FORMAT,
    &binance::earn::FORMAT,
    &binance::futures_orders::FORMAT,
    &binance::futures_trades::FORMAT,
    &binance::coin_futures_orders::FORMAT,
    &binance::coin_futures_trades::FORMAT,
    &binance::futures_positions::FORMAT,
    &binance::futures_transactions::FORMAT,
    &binance::key_permissions::FORMAT,
    &binance::sub_account_key::FORMAT,
    &kraken::ledger::FORMAT,
    &kraken::trades::FORMAT,
    &coinbase::transactions::FORMAT,
    &coinbase::account_history::FORMAT,
    &coinbase::transfers::FORMAT,
    &coinbase::pro_fills::FORMAT,
    &coinbase::pro_account::FORMAT,
    &coinbase::prime_orders::FORMAT,
    &coinbase::prime_transactions::FORMAT,
    &okx::deposits::FORMAT,
    &okx::withdrawals::FORMAT,
    &okx::funding::FORMAT,
    &okx::trading::FORMAT,
    &okx::trades::FORMAT,
    &okx::positions::FORMAT,
    &bybit::unified::FORMAT,
    &bybit::transfers::FORMAT,
    &bybit::spot_trades::FORMAT,
    &bybit::derivatives_trades::FORMAT,
    &bybit::closed_pnl::FORMAT,
    &kucoin::trades::FORMAT,
    &kucoin::futures_trades::FORMAT,
    &kucoin::orders::FORMAT,
    &kucoin::converts::FORMAT,
    &kucoin::deposits::FORMAT,
    &kucoin::withdrawals::FORMAT,
    &kucoin::movements::FORMAT,
    &kucoin::fiat_trades::FORMAT,
    &kucoin::fiat_deposits::FORMAT,
    &kucoin::fiat_withdrawals::FORMAT,
    &kucoin::p2p::FORMAT,
    &kucoin::balances::FORMAT,
    &kucoin::loans::FORMAT,
    &kucoin::lendings::FORMAT,
    &kucoin::account_history::FORMAT,
    &kucoin::staking::FORMAT,
    &kucoin::realized_profit::FORMAT,
    &bitfinex::trades::FORMAT,
    &bitfinex::ledger::FORMAT,
    &bitfinex::movements::FORMAT,
    &htx::trades::FORMAT,
    &htx::deposits::FORMAT,
    &htx::withdrawals::FORMAT,
    &bitvavo::transactions::FORMAT,
    &bitmex::trades::FORMAT,
    &bitmex::wallet::FORMAT,
    &deribit::transactions::FORMAT,
    &deribit::access_log::FORMAT,
    &gate::trades::FORMAT,
    &gate::billing::FORMAT,
    &gate::deposits::FORMAT,
    &gate::withdrawals::FORMAT,
    &hitbtc::trades::FORMAT,
    &hitbtc::movements::FORMAT,
    &mexc::trades::FORMAT,
    &mexc::orders::FORMAT,
    &mexc::futures_orders::FORMAT,
    &mexc::futures_trades::FORMAT,
    &mexc::positions::FORMAT,
    &mexc::p2p::FORMAT,
    &mexc::statement::FORMAT,
    &mexc::deposits::FORMAT,
    &mexc::withdrawals::FORMAT,
    &bittrex::orders::FORMAT,
    &bittrex::trades::FORMAT,
    &bittrex::deposits::FORMAT,
    &bittrex::withdrawals::FORMAT,
    &bittrex::movements::FORMAT,
    &poloniex::trades::FORMAT,
    &poloniex::deposits::FORMAT,
    &poloniex::withdrawals::FORMAT,
    &poloniex::distributions::FORMAT,
    &crypto_com::app::FORMAT,
    &crypto_com::trades::FORMAT,
    &crypto_com::deposits::FORMAT,
    &crypto_com::withdrawals::FORMAT,
    &pionex::trades::FORMAT,
    &pionex::transfers::FORMAT,
    &bitstamp::transactions::FORMAT,
    &binance_us::transactions::FORMAT,
    &gemini::transactions::FORMAT,
];

/// One kind of export.
pub struct Format {
    /// Its name: the folder's and the file's name in kebab case.
    pub id: &'static str,
    /// The exchange that writes it; empty for records of any exchange.
    pub exchange: &'static str,
    /// What it is, for people.
    pub title: &'static str,
    /// How a user gets it.
    pub export: &'static str,
    /// The table its records go to.
    pub table: Table,
    /// How it is recognised and read.
    pub shape: Shape,
    /// Values that every record has, by column.
    pub fixed: &'static [(&'static str, &'static str)],
    /// Words in a file name that tell it from formats with the same header (lower case).
    pub file_words: &'static [&'static str],
    /// Whether it is the one meant when a header is shared and no file name tells.
    pub by_default: bool,
}

/// How a format's header is known.
pub enum Shape {
    /// One of several known headers.
    Headers(&'static [Generation]),
    /// One of several known headers of orders, with the fills of each order in records below it; those come in the columns
    /// of [`FILL`].
    TwoLevel(&'static [Generation]),
    /// Any header that has the needed columns under one of their known names.
    Synonyms(&'static Synonyms),
    /// A known header that is not read, and why.
    Refused(&'static [Generation], &'static str),
}

/// The columns in which fills come that stand below their orders.
pub const FILL: [&str; 5] = ["Fill Date(UTC)", "Fill Price", "Fill Filled", "Fill Total", "Fill Fee"];

/// One header that was, or is, in use.
pub struct Generation {
    /// When or where it is met.
    pub name: &'static str,
    /// Its cells as they are written (offsets in brackets and footnote marks aside), each with its meaning. Names are
    /// written as [`header::Known`] reads them.
    pub columns: &'static [(&'static str, Cell)],
    /// Values that every record of this generation has, by column.
    pub fixed: &'static [(&'static str, &'static str)],
    /// Which of its records belong in another table than the format's, in the order they are tried.
    pub parts: &'static [Part],
    /// What the name of its file says of all records: `{account}` and `{asset}` between the rest of it.
    pub in_name: Option<&'static str>,
    /// Whether it has columns for each asset besides, such as `BTC Amount BTC` and `Fee (BTC) BTC`.
    pub by_asset: bool,
    /// Of a ledger: the tables whose events its legs tell, where no other export does.
    pub tells: &'static [Table],
}

impl Generation {
    /// A header of these columns, and nothing more to say of it.
    pub const fn new(name: &'static str, columns: &'static [(&'static str, Cell)]) -> Self {
        Self { name, columns, fixed: &[], parts: &[], in_name: None, by_asset: false, tells: &[] }
    }

    /// With records that belong in other tables.
    pub const fn with_parts(self, parts: &'static [Part]) -> Self {
        Self { parts, ..self }
    }

    /// With what the name of its file says.
    pub const fn named(self, pattern: &'static str) -> Self {
        Self { in_name: Some(pattern), ..self }
    }

    /// A ledger whose legs tell the events of other tables.
    pub const fn telling(self, tells: &'static [Table]) -> Self {
        Self { tells, ..self }
    }

    /// With columns for each asset besides.
    pub const fn with_assets(self) -> Self {
        Self { by_asset: true, ..self }
    }

    /// With values that every record has.
    pub const fn with_fixed(self, fixed: &'static [(&'static str, &'static str)]) -> Self {
        Self { fixed, ..self }
    }
}

/// Those records of a mixed history that belong in another table than the rest.
pub struct Part {
    /// The column that tells.
    pub column: &'static str,
    /// The words it has in these records, in lower case; none when it is enough that it says anything.
    pub words: &'static [&'static str],
    /// The table they go to.
    pub table: Table,
    /// What the cells mean there; those that are not named are of no use.
    pub columns: &'static [(&'static str, Cell)],
    /// Values that every one of them has, by column.
    pub fixed: &'static [(&'static str, &'static str)],
}

/// Names under which a column is met, for logs that nobody has standardised.
pub struct Synonyms {
    /// Each meaning with its known names in order of preference; case, blanks and punctuation do not count.
    pub columns: &'static [(Cell, &'static [&'static str])],
    /// Of each group of columns, at least one must be there.
    pub needs: &'static [&'static [&'static str]],
    /// If not empty: the header must hold one of these names itself.
    pub headed: &'static [&'static str],
    /// The header must hold none of these names, unless the file's name says what it is by one of the format's words.
    pub refuses_unless_named: &'static [&'static str],
    /// The header must hold none of these names.
    pub refuses: &'static [&'static str],
}

/// The format of that name.
pub fn by_id(id: &str) -> Option<&'static Format> {
    ALL.iter().copied().find(|format| format.id == id)
}
