//! Bittrex trade history of its last years. Of 2022 the total is what was paid or received, with the fee in it.

use crate::formats::Cell::{BaseAsset, Decimal, Ignored, QuoteAsset, Side, Symbol, Text, Time, TimeAs, Within};
use crate::formats::{Format, Generation, Layout, Shape};
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

static GENERATIONS: &[Generation] = &[
    Generation::new(
        "2022, short",
        &[
            ("Date", TimeAs("time", Layout::MONTH_FIRST)),
            ("Market", Symbol("symbol")),
            ("Side", Side("side")),
            ("Type", Ignored),
            ("Price", Decimal("price")),
            ("Quantity", Decimal("quantity")),
            ("Total", Decimal("quote_total")),
        ],
    ),
    Generation::new(
        "2022 to 2023",
        &[
            ("TXID", Text("trade_id")),
            ("Time (UTC)", Time("time")),
            ("Transaction", Side("side")),
            ("Order Type", Ignored),
            ("Market", Ignored),
            ("Base", BaseAsset("symbol")),
            ("Quote", QuoteAsset("symbol")),
            ("Price", Decimal("price")),
            ("Quantity (Base)", Decimal("quantity")),
            ("Fees (Quote)", Within("quote_total", "fee")),
            ("Total (Quote)", Decimal("quote_total")),
            ("Approx Value (USD)", Ignored),
            ("Time In Force", Ignored),
            ("Notes", Ignored),
        ],
    ),
];
