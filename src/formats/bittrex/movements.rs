//! Bittrex deposits and withdrawals in one file.

use crate::formats::Cell::{Direction, Size, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "bittrex-movements",
    exchange: "Bittrex",
    title: "Bittrex deposits and withdrawals (2022)",
    export: "Reports > Deposits and withdrawals (until 2023)",
    table: Table::Transfers,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("kind", "chain")],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "2022 to 2023",
    &[
        ("Date", Time("time")),
        ("Currency", Text("asset")),
        ("Type", Direction("direction")),
        ("Address", Text("address")),
        ("Memo/Tag", Text("tag")),
        ("TxId", Text("tx_id")),
        ("Amount", Size("amount")),
    ],
)];
