//! HitBTC trade history. The offset stands in the name of the column of times.

use crate::formats::Cell::{Decimal, Ignored, Side, Symbol, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "hitbtc-trades",
    exchange: "HitBTC",
    title: "HitBTC trade history",
    export: "Reports > My trades > Export",
    table: Table::Trades,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("market", "spot")],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2017",
    &[
        ("Email?", Text("account")),
        ("Date", Time("time")),
        ("Instrument", Symbol("symbol")),
        ("Trade ID", Text("trade_id")),
        ("Order ID", Text("order_id")),
        ("Side", Side("side")),
        ("Quantity", Decimal("quantity")),
        ("Price", Decimal("price")),
        ("Volume", Decimal("quote_total")),
        ("Fee", Decimal("fee")),
        ("Rebate", Ignored),
        ("PnL?", Ignored),
        ("Total", Ignored),
        ("Taker?", Ignored),
        ("Margin Mode?", Ignored),
    ],
)];
