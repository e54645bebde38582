//! Binance sales of crypto for fiat, with the header of the purchases.

use super::{Format, Shape};
use crate::tables::Table;

pub(super) static FORMAT: Format = Format {
    id: "binance-fiat-sales",
    title: "Binance fiat sale history",
    export: "Orders > Sell Crypto History > Export",
    table: Table::Transfers,
    shape: Shape::Headers(super::binance_fiat_purchases::GENERATIONS),
    fixed: &[("direction", "out"), ("kind", "fiat")],
    file_words: &["sell", "sale"],
    by_default: false,
};
