//! Bittrex trade history of its last years: base and quote asset in columns of their own.

use crate::formats::Cell::{BaseAsset, Decimal, Ignored, QuoteAsset, Side, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "bittrex-trades",
    exchange: "Bittrex",
    title: "Bittrex trade history",
    export: "Reports > Trades (until 2023)",
    table: Table::Trades,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("market", "spot")],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation {
    name: "2022 to 2023",
    columns: &[
        ("TXID", Text("trade_id")),
        ("Time (UTC)", Time("time")),
        ("Transaction", Side("side")),
        ("Order Type", Ignored),
        ("Market", Ignored),
        ("Base", BaseAsset("symbol")),
        ("Quote", QuoteAsset("symbol")),
        ("Price", Decimal("price")),
        ("Quantity (Base)", Decimal("quantity")),
        ("Fees (Quote)", Decimal("fee")),
        ("Total (Quote)", Decimal("quote_total")),
        ("Approx Value (USD)", Ignored),
        ("Time In Force", Ignored),
        ("Notes", Ignored),
    ],
    fixed: &[],
}];
