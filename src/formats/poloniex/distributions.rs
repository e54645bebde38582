//! Poloniex distributions: rewards that came in, dated to the day.

use crate::formats::Cell::{Decimal, Text, TimeAs};
use crate::formats::{Format, Generation, Layout, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "poloniex-distributions",
    exchange: "Poloniex",
    title: "Poloniex distributions",
    export: "Wallet > Distribution history > Export",
    table: Table::Ledger,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("operation", "Distribution")],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2019",
    &[
        ("date", TimeAs("time", Layout::MINUTES)),
        ("currency", Text("asset")),
        ("amount", Decimal("change")),
        ("wallet", Text("wallet")),
    ],
)];
