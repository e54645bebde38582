//! Bitfinex ledger. What was done stands in the description.

use crate::formats::Cell::{Decimal, Ignored, Text, TimeAs};
use crate::formats::{Format, Generation, Layout, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "bitfinex-ledger",
    exchange: "Bitfinex",
    title: "Bitfinex ledger",
    export: "Reports > Ledgers > Export",
    table: Table::Ledger,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[],
    file_words: &[],
    by_default: true,
};

/// What its legs tell besides.
const TOLD: &[Table] = &[Table::Transfers];

static GENERATIONS: &[Generation] = &[
    Generation::new(
        "without number",
        &[
            ("DESCRIPTION", Text("operation")),
            ("CURRENCY", Text("asset")),
            ("AMOUNT", Decimal("change")),
            ("BALANCE", Ignored),
            ("DATE", TimeAs("time", Layout::DAY_FIRST)),
            ("WALLET", Text("wallet")),
        ],
    )
    .telling(TOLD),
    Generation::new(
        "with number",
        &[
            ("#", Text("reference")),
            ("DESCRIPTION", Text("operation")),
            ("CURRENCY", Text("asset")),
            ("AMOUNT", Decimal("change")),
            ("BALANCE", Ignored),
            ("DATE", TimeAs("time", Layout::DAY_FIRST)),
            ("WALLET", Text("wallet")),
        ],
    )
    .telling(TOLD),
];
