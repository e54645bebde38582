//! Binance margin order history: the columns of the spot order history.

use crate::formats::{Format, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "binance-margin-orders",
    exchange: "Binance",
    title: "Binance margin order history",
    export: "Orders > Margin Order > Order History > Export",
    table: Table::Orders,
    shape: Shape::Headers(super::spot_orders::GENERATIONS),
    fixed: &[("market", "margin")],
    file_words: &["margin", "cross", "isolated"],
    by_default: false,
};
