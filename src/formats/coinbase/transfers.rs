//! Coinbase transfers report of the years before 2018, whose amount column has no name.

use crate::formats::Cell::Ignored;
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "coinbase-transfers",
    exchange: "Coinbase",
    title: "Coinbase transfers report (before 2018)",
    export: "Reports > Transfers (until 2018)",
    table: Table::Ledger,
    shape: Shape::Refused(
        GENERATIONS,
        "the transfers report of the years before 2018 has its amounts in a column without a name and is not read; export the transaction history, which holds the same movements",
    ),
    fixed: &[],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "to 2018",
    &[
        ("Timestamp", Ignored),
        ("Type", Ignored),
        ("", Ignored),
        ("Subtotal", Ignored),
        ("Fees", Ignored),
        ("Total", Ignored),
        ("Currency", Ignored),
        ("Price Per Coin", Ignored),
        ("Payment Method", Ignored),
        ("ID", Ignored),
        ("Share", Ignored),
    ],
)];
