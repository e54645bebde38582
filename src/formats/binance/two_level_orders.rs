//! Binance spot order history, two-level form: the fills of an order follow it under a header of their own.

use crate::formats::Cell::{Decimal, Side, Symbol, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "binance-two-level-orders",
    exchange: "Binance",
    title: "Binance spot order history, two-level",
    export: "Orders > Spot Order > Order History > Export (until 2023)",
    table: Table::Orders,
    shape: Shape::Refused(
        GENERATIONS,
        "this order export has the fills of each order in rows below it, a form that is not read yet; export the order history again, today it is flat",
    ),
    fixed: &[("market", "spot")],
    file_words: &["order"],
    by_default: true,
};

pub(crate) static GENERATIONS: &[Generation] = &[
    Generation {
        name: "2018",
        columns: &[
            ("Date(UTC)", Time("created")),
            ("Pair", Symbol("symbol")),
            ("Type", Side("side")),
            ("Order Price", Decimal("price")),
            ("Order Amount", Decimal("quantity")),
            ("Avg Trading Price", Decimal("average_price")),
            ("Filled", Decimal("executed")),
            ("Total", Decimal("quote_total")),
            ("status", Text("status")),
        ],
        fixed: &[],
    },
    Generation {
        name: "2019 to 2023",
        columns: &[
            ("Date(UTC)", Time("created")),
            ("OrderNo", Text("order_id")),
            ("Pair", Symbol("symbol")),
            ("Type", Side("side")),
            ("Order Price", Decimal("price")),
            ("Order Amount", Decimal("quantity")),
            ("AvgTrading Price", Decimal("average_price")),
            ("Filled", Decimal("executed")),
            ("Total", Decimal("quote_total")),
            ("status", Text("status")),
        ],
        fixed: &[],
    },
];
