//! Binance futures position history.

use crate::formats::Cell::{Decimal, Symbol, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "binance-futures-positions",
    exchange: "Binance",
    title: "Binance futures position history",
    export: "Orders > Futures Order > Position History > Export",
    table: Table::Positions,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[],
    file_words: &[],
    by_default: true,
};

pub(crate) static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2025",
    &[
        ("Symbol", Symbol("symbol")),
        ("Margin Mode", Text("margin_mode")),
        ("Position Side", Text("side")),
        ("Entry Price", Decimal("entry_price")),
        ("Avg. Close Price", Decimal("close_price")),
        ("Max Open Interest", Decimal("max_quantity")),
        ("Closed Vol.", Decimal("closed_quantity")),
        ("Closing PNL", Decimal("realized_profit")),
        ("Opened", Time("time")),
        ("Closed", Time("closed")),
        ("Status", Text("status")),
    ],
)];
