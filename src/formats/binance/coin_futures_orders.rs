//! Binance COIN-M futures order history: the columns of USD-M, told by the name of the file.

use crate::formats::{Format, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "binance-coin-futures-orders",
    exchange: "Binance",
    title: "Binance COIN-M futures order history",
    export: "Orders > Futures Order > COIN-M > Order History > Export",
    table: Table::Orders,
    shape: Shape::Headers(super::futures_orders::GENERATIONS),
    fixed: &[("market", "cm-futures")],
    file_words: &["coin-m", "coinm", "coin-futures", "coin_m", "cm-futures", "delivery"],
    by_default: false,
};
