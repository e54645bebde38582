//! Binance USD-M futures order history.

use crate::formats::Cell::{Contract, Decimal, Ignored, Side, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "binance-futures-orders",
    exchange: "Binance",
    title: "Binance futures order history",
    export: "Orders > Futures Order > Order History > Export",
    table: Table::Orders,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("market", "um-futures")],
    file_words: &[],
    by_default: true,
};

pub(crate) static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2024",
    &[
        ("Uid", Text("account")),
        ("Time", Time("created")),
        ("Order No", Text("order_id")),
        ("Symbol", Contract("symbol")),
        ("Type", Text("type")),
        ("Side", Side("side")),
        ("Price", Decimal("price")),
        ("Average Price", Decimal("average_price")),
        ("Amount", Decimal("quantity")),
        ("Executed Amount", Decimal("executed")),
        ("Executed Quote Amount", Decimal("quote_total")),
        ("Stop Price", Ignored),
        ("Status", Text("status")),
        ("Update Time", Time("updated")),
    ],
)];
