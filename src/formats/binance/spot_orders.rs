//! Binance spot order history, flat form: two `Time` columns (placed, last update), amounts with their unit.

use crate::formats::Cell::{Base, Decimal, Quote, Side, Symbol, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "binance-spot-orders",
    exchange: "Binance",
    title: "Binance spot order history",
    export: "Orders > Spot Order > Order History > Export",
    table: Table::Orders,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("market", "spot")],
    file_words: &["spot"],
    by_default: true,
};

pub(crate) static GENERATIONS: &[Generation] = &[
    Generation::new(
        "from 2021",
        &[
            ("Date(UTC)", Time("created")),
            ("OrderNo", Text("order_id")),
            ("Pair", Symbol("symbol")),
            ("Type", Text("type")),
            ("Side", Side("side")),
            ("Order Price", Decimal("price")),
            ("Order Amount", Base("quantity")),
            ("Time", Time("updated")),
            ("Executed", Base("executed")),
            ("Average Price", Decimal("average_price")),
            ("Trading total", Quote("quote_total")),
            ("Status", Text("status")),
        ],
    ),
    Generation::new(
        "from 2024",
        &[
            ("Time", Time("created")),
            ("OrderNo", Text("order_id")),
            ("Pair", Symbol("symbol")),
            ("Type", Text("type")),
            ("Side", Side("side")),
            ("Order Price", Decimal("price")),
            ("Order Amount", Base("quantity")),
            ("Time", Time("updated")),
            ("Executed", Base("executed")),
            ("Average Price", Decimal("average_price")),
            ("Trading total", Quote("quote_total")),
            ("Status", Text("status")),
        ],
    ),
];
