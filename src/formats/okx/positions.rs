//! OKX history of derivative positions.

use crate::formats::Cell::{Decimal, Ignored, Symbol, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "okx-positions",
    exchange: "OKX",
    title: "OKX position history",
    export: "Assets > Order center > Position history > Export",
    table: Table::Positions,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2025",
    &[
        ("Position Create Time", Time("time")),
        ("Position Update Time", Time("closed")),
        ("Business Line", Ignored),
        ("Index", Ignored),
        ("Instrument Name", Symbol("symbol")),
        ("Margin Mode", Text("margin_mode")),
        ("Direction", Text("side")),
        ("Leverage", Ignored),
        ("Max Position Quantity", Decimal("max_quantity")),
        ("Total Close Quantity", Decimal("closed_quantity")),
        ("Average Open Price", Decimal("entry_price")),
        ("Average Close Price", Decimal("close_price")),
        ("Margin Currency", Ignored),
        ("Pnl", Decimal("realized_profit")),
        ("Pnl Ratio", Ignored),
        ("Fee", Ignored),
        ("Funding Fee", Ignored),
        ("Liquidation Clearance Fee", Ignored),
        ("Type", Text("status")),
        ("Contract Face Value", Ignored),
        ("Contract Multiplier", Ignored),
    ],
)];
