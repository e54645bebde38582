//! What exports look like: one file per export, data only.
//!
//! A new format is a new file here, its `mod` line and its line in [`ALL`].

mod api_call_log;
mod api_key_list;
mod binance_convert;
mod binance_deposits;
mod binance_earn;
mod binance_fiat_deposits;
mod binance_fiat_purchases;
mod binance_fiat_sales;
mod binance_fiat_withdrawals;
mod binance_futures_orders;
mod binance_futures_positions;
mod binance_futures_trades;
mod binance_futures_transactions;
mod binance_margin_orders;
mod binance_p2p;
mod binance_spot_orders;
mod binance_spot_trades;
mod binance_transaction_history;
mod binance_two_level_orders;
mod binance_withdrawals;
pub mod header;
pub mod recognise;
mod security_events;

use crate::tables::Table;

/// Every format. Exact headers are tried before synonyms; of those known by synonyms the first that fits is taken.
pub static ALL: &[&Format] = &[
    &security_events::FORMAT,
    &api_call_log::FORMAT,
    &api_key_list::FORMAT,
    &binance_spot_orders::FORMAT,
    &binance_two_level_orders::FORMAT,
    &binance_margin_orders::FORMAT,
    &binance_spot_trades::FORMAT,
    &binance_p2p::FORMAT,
    &binance_deposits::FORMAT,
    &binance_withdrawals::FORMAT,
    &binance_transaction_history::FORMAT,
    &binance_convert::FORMAT,
    &binance_fiat_deposits::FORMAT,
    &binance_fiat_withdrawals::FORMAT,
    &binance_fiat_purchases::FORMAT,
    &binance_fiat_sales::FORMAT,
    &binance_earn::FORMAT,
    &binance_futures_orders::FORMAT,
    &binance_futures_trades::FORMAT,
    &binance_futures_positions::FORMAT,
    &binance_futures_transactions::FORMAT,
];

/// One kind of export.
pub struct Format {
    /// Its name: the file's name in kebab case.
    pub id: &'static str,
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
    /// Any header that has the needed columns under one of their known names.
    Synonyms(&'static Synonyms),
    /// A known header that is not read, and why.
    Refused(&'static [Generation], &'static str),
}

/// One header that was, or is, in use.
pub struct Generation {
    /// When or where it is met.
    pub name: &'static str,
    /// Its cells as they are written (offsets in brackets and footnote marks aside), each with its meaning.
    pub columns: &'static [(&'static str, Cell)],
    /// Values that every record of this generation has, by column.
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
    /// The header must hold none of these names.
    pub refuses: &'static [&'static str],
}

/// What a cell means: the canonical column it fills, and how it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// A time, year first, or an epoch count.
    Time(&'static str),
    /// Text as it stands.
    Text(&'static str),
    /// A trading pair, kept in capitals and without a separator.
    Symbol(&'static str),
    /// `BUY` or `SELL` in any case.
    Side(&'static str),
    /// A plain number. Several cells for one column are added.
    Decimal(&'static str),
    /// A number with the pair's base asset glued to it, or without.
    Base(&'static str),
    /// A number with the pair's quote asset glued to it, or without.
    Quote(&'static str),
    /// A number with any asset behind it: columns for the number and the asset.
    Amount(&'static str, &'static str),
    /// A yes or no: a yes adds the word to the column's list.
    Flag(&'static str, &'static str),
    /// Known, and of no use here.
    Ignored,
}

impl Cell {
    /// The column that the cell fills first.
    pub fn column(self) -> Option<&'static str> {
        match self {
            Self::Time(column)
            | Self::Text(column)
            | Self::Symbol(column)
            | Self::Side(column)
            | Self::Decimal(column)
            | Self::Base(column)
            | Self::Quote(column)
            | Self::Amount(column, _)
            | Self::Flag(column, _) => Some(column),
            Self::Ignored => None,
        }
    }
}

/// The format of that name.
pub fn by_id(id: &str) -> Option<&'static Format> {
    ALL.iter().copied().find(|format| format.id == id)
}
