//! Binance margin borrowings and repayments: two exports with one header; the type says which of the two a record is.

use crate::formats::Cell::{Decimal, Direction, Ignored, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "binance-margin-loans",
    exchange: "Binance",
    title: "Binance margin borrowings and repayments",
    export: "Orders > Margin Order > Borrowing, and Repayment > Export",
    table: Table::Transfers,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("kind", "loan")],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "2022",
    &[
        ("Pair", Ignored),
        ("Coin", Text("asset")),
        ("Date", Time("time")),
        ("Amount", Decimal("amount")),
        ("Type", Direction("direction")),
        ("Status", Text("status")),
    ],
)];
