//! MEXC spot order history, without order ids.

use crate::formats::Cell::{Decimal, Side, Size, Symbol, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "mexc-orders",
    exchange: "MEXC",
    title: "MEXC spot order history",
    export: "Orders > Spot orders > Order history > Export",
    table: Table::Orders,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("market", "spot")],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2021",
    &[
        ("UID?", Text("account")),
        ("Pairs", Symbol("symbol")),
        ("Time(UTC+08:00)", Time("created")),
        ("Type", Text("type")),
        ("Direction", Side("side")),
        ("Average Filled Price", Decimal("average_price")),
        ("Order Price", Decimal("price")),
        ("Filled Quantity", Size("executed")),
        ("Order Quantity", Size("quantity")),
        ("Order Amount", Size("quote_total")),
        ("Status", Text("status")),
    ],
)];
