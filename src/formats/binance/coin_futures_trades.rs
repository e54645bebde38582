//! Binance COIN-M futures trade history: the columns of USD-M, told by the name of the file.

use crate::formats::{Format, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "binance-coin-futures-trades",
    exchange: "Binance",
    title: "Binance COIN-M futures trade history",
    export: "Orders > Futures Order > COIN-M > Trade History > Export",
    table: Table::Trades,
    shape: Shape::Headers(super::futures_trades::GENERATIONS),
    fixed: &[("market", "cm-futures")],
    file_words: &["coin-m", "coinm", "coin-futures", "coin_m", "cm-futures", "delivery"],
    by_default: false,
};
