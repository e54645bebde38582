//! OKX funding account history: one record per change of a balance.

use crate::formats::Cell::{Decimal, Ignored, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "okx-funding",
    exchange: "OKX",
    title: "OKX funding account history",
    export: "Assets > Order center > Funding account bills > Export",
    table: Table::Ledger,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2022",
    &[
        ("id", Text("reference")),
        ("Time", Time("time")),
        ("Type", Text("operation")),
        ("Amount", Decimal("change")),
        ("Before Balance", Ignored),
        ("After Balance", Ignored),
        ("Fee?", Ignored),
        ("Symbol", Text("asset")),
    ],
)
.telling(&[Table::Transfers])];
