//! Pionex trades in the form that tax tools ask for: what was received for what was sent, to the minute, month first.

use crate::formats::Cell::{Decimal, Ignored, Text, TimeAs};
use crate::formats::{Format, Generation, Layout, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "pionex-trades",
    exchange: "Pionex",
    title: "Pionex trade history for tax tools",
    export: "Account > Export > Trades (tax format)",
    table: Table::Transfers,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("direction", "out"), ("kind", "convert")],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2021",
    &[
        ("Date", TimeAs("time", Layout::MONTH_FIRST_MINUTES)),
        ("Received Quantity", Decimal("received")),
        ("Received Currency", Text("received_asset")),
        ("Sent Quantity", Decimal("amount")),
        ("Sent Currency", Text("asset")),
        ("Fee Amount", Decimal("fee")),
        ("Fee Currency", Ignored),
        ("Tag", Text("tag")),
    ],
)];
