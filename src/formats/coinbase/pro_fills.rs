//! Coinbase Pro (Exchange) fills.

use crate::formats::Cell::{Decimal, Ignored, Side, Symbol, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "coinbase-pro-fills",
    exchange: "Coinbase",
    title: "Coinbase Pro fills",
    export: "Statements > Generate > Fills",
    table: Table::Trades,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("market", "spot")],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2018",
    &[
        ("portfolio?", Text("account")),
        ("trade id", Text("trade_id")),
        ("product", Symbol("symbol")),
        ("side", Side("side")),
        ("created at", Time("time")),
        ("size", Decimal("quantity")),
        ("size unit", Ignored),
        ("price", Decimal("price")),
        ("fee", Decimal("fee")),
        // With the fee in it.
        ("total", Ignored),
        ("price/fee/total unit", Text("fee_asset")),
    ],
)];
