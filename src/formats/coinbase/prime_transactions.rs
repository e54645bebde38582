//! Coinbase Prime transactions, which name who initiated and who approved them. What unit the value is in is not said, so it is
//! not taken for an amount of the asset.

use crate::formats::Cell::{Ignored, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "coinbase-prime-transactions",
    exchange: "Coinbase",
    title: "Coinbase Prime transactions",
    export: "Activity > Transactions > Download CSV",
    table: Table::Ledger,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2023",
    &[
        ("activity id", Text("reference")),
        ("final status", Ignored),
        ("activity title", Ignored),
        ("activity type", Text("operation")),
        ("asset", Text("asset")),
        ("wallet name", Text("wallet")),
        ("transaction value", Ignored),
        ("transaction currency", Ignored),
        ("initiated by", Text("remark")),
        ("approved by", Ignored),
        ("rejected by", Ignored),
        ("initiated time", Time("time")),
        ("last updated time", Ignored),
        ("activity level", Ignored),
        ("portfolio name", Text("account")),
        ("portfolio id", Ignored),
        ("entity name", Ignored),
        ("entity id", Ignored),
    ],
)];
