//! Gate.io billing: one record per change of a balance.

use crate::formats::Cell::{Decimal, Ignored, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "gate-billing",
    exchange: "Gate",
    title: "Gate.io billing",
    export: "Wallet > Billing details > Download CSV",
    table: Table::Ledger,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2020",
    &[
        ("no", Text("tx_id")),
        ("time", Time("time")),
        ("action_desc", Text("operation")),
        ("action_data", Text("reference")),
        ("type", Text("asset")),
        ("change_amount", Decimal("change")),
        ("amount", Ignored),
        ("total", Ignored),
    ],
)
.telling(&[Table::Trades, Table::Transfers])];
