//! OKEx trade history of 2020, in whose first column of every record stands a byte order mark. The sign of the amount is the side.

use crate::formats::Cell::{Charge, Decimal, Ignored, Signed, Size, Symbol, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "okx-trades",
    exchange: "OKX",
    title: "OKEx trade history (2020)",
    export: "Order history > Export (until 2021)",
    table: Table::Trades,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("market", "spot")],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "2020",
    &[
        ("Order ID", Text("order_id")),
        ("Trade ID", Text("trade_id")),
        ("Trade Time", Time("time")),
        ("Pairs", Symbol("symbol")),
        ("Amount", Signed("quantity", "side")),
        ("Price", Decimal("price")),
        ("Total", Size("quote_total")),
        ("taker/maker", Text("maker")),
        ("Fee", Charge("fee", "fee_asset")),
        ("unit", Ignored),
    ],
)];
