//! Binance sales of crypto for fiat, with the header of the purchases.

use crate::formats::{Format, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "binance-fiat-sales",
    exchange: "Binance",
    title: "Binance fiat sale history",
    export: "Orders > Sell Crypto History > Export",
    table: Table::Transfers,
    shape: Shape::Headers(super::fiat_purchases::GENERATIONS),
    fixed: &[("direction", "out"), ("kind", "fiat")],
    file_words: &["sell", "sale"],
    by_default: false,
};
