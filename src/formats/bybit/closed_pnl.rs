//! Bybit derivatives: what each closed position won or lost.

use crate::formats::Cell::{Decimal, Ignored, Symbol, Text, Time};
use crate::formats::{Format, Generation, Shape};
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

static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2025",
    &[
        ("Contracts", Symbol("symbol")),
        ("Closing Direction", Text("side")),
        ("Qty", Decimal("closed_quantity")),
        ("Entry Price", Decimal("entry_price")),
        ("Exit Price", Decimal("close_price")),
        ("Closed P&L", Decimal("realized_profit")),
        ("Exit Type", Text("status")),
        ("Trade Time(UTC+0)", Time("time")),
        ("Order No.", Ignored),
        ("Create Time", Ignored),
    ],
)];
