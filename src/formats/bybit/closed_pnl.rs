//! Bybit derivatives: what each closed position won or lost.

use crate::formats::Cell::{Decimal, Ignored, Symbol, Text, TimeAs};
use crate::formats::{Format, Generation, Layout, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "bybit-closed-pnl",
    exchange: "Bybit",
    title: "Bybit closed profit and loss",
    export: "Orders > Derivatives > Closed P&L > Export",
    table: Table::Positions,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[
    Generation::new(
        "to 2025",
        &[
            ("Contracts", Symbol("symbol")),
            ("Closing Direction", Text("side")),
            ("Qty", Decimal("closed_quantity")),
            ("Entry Price", Decimal("entry_price")),
            ("Exit Price", Decimal("close_price")),
            ("Closed P&L", Decimal("realized_profit")),
            ("Exit Type?", Text("status")),
            ("Trade Time(UTC+0)", TimeAs("time", Layout::MINUTES)),
            ("Order No.?", Ignored),
            ("Create Time?", Ignored),
        ],
    ),
    Generation::new(
        "with fees",
        &[
            ("Market", Symbol("symbol")),
            ("Order Quantity", Decimal("closed_quantity")),
            ("Entry Price", Decimal("entry_price")),
            ("Exit Price", Decimal("close_price")),
            ("Opening Fee", Ignored),
            ("Closing Fee", Ignored),
            ("Funding Fee", Ignored),
            ("cumClosedPzOpenFeeInfo?", Ignored),
            ("cumClosedPzTradeFeeInfo?", Ignored),
            ("Trade Type", Text("status")),
            ("Realized P&L", Decimal("realized_profit")),
            ("Trade time", TimeAs("time", Layout::MINUTES)),
        ],
    ),
];
