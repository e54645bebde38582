//! Crypto.com Exchange trade history.

use crate::formats::Cell::{Decimal, Side, Size, Symbol, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "crypto-com-trades",
    exchange: "Crypto.com",
    title: "Crypto.com Exchange trade history",
    export: "Exchange > Orders > Trade history > Export",
    table: Table::Trades,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("market", "spot")],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2020",
    &[
        ("Order ID", Text("order_id")),
        ("Trade ID", Text("trade_id")),
        ("Time (UTC)", Time("time")),
        ("Symbol", Symbol("symbol")),
        ("Side", Side("side")),
        ("Trade Price", Decimal("price")),
        ("Trade Amount", Decimal("quantity")),
        ("Volume of Business", Decimal("quote_total")),
        ("Fee", Size("fee")),
        ("Fee Currency", Text("fee_asset")),
        ("Liquidity Indicator?", Text("maker")),
    ],
)];
