//! Binance spot order history, two-level form: the fills of an order stand below it under a header of their own, one column
//! to the right. Its `Type` is the side.

use crate::formats::Cell::{Amount, Decimal, Ignored, Side, Symbol, Text, Time};
use crate::formats::{Format, Generation, Part, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "binance-two-level-orders",
    exchange: "Binance",
    title: "Binance spot order history, two-level",
    export: "Orders > Spot Order > Order History > Export (until 2023)",
    table: Table::Orders,
    shape: Shape::TwoLevel(GENERATIONS),
    fixed: &[("market", "spot")],
    file_words: &["order"],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "2018 to 2023",
    &[
        ("Date", Time("created")),
        ("OrderNo?", Text("order_id")),
        ("Pair", Symbol("symbol")),
        ("Type", Side("side")),
        ("Order Price", Decimal("price")),
        ("Order Amount", Decimal("quantity")),
        ("Avg Trading Price|AvgTrading Price", Decimal("average_price")),
        ("Filled", Decimal("executed")),
        ("Total", Decimal("quote_total")),
        ("Trigger Condition?", Ignored),
        ("status", Text("status")),
        ("Fill Date(UTC)", Ignored),
        ("Fill Price", Ignored),
        ("Fill Filled", Ignored),
        ("Fill Total", Ignored),
        ("Fill Fee", Ignored),
    ],
)
.with_parts(&[Part {
    column: "Fill Price",
    words: &[],
    table: Table::Trades,
    columns: &[
        ("OrderNo?", Text("order_id")),
        ("Pair", Symbol("symbol")),
        ("Type", Side("side")),
        ("Fill Date(UTC)", Time("time")),
        ("Fill Price", Decimal("price")),
        ("Fill Filled", Decimal("quantity")),
        ("Fill Total", Decimal("quote_total")),
        ("Fill Fee", Amount("fee", "fee_asset")),
    ],
    fixed: &[],
}])];
