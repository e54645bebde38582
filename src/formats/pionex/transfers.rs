//! Pionex deposits and withdrawals.

use crate::formats::Cell::{Decimal, Direction, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "pionex-transfers",
    exchange: "Pionex",
    title: "Pionex deposits and withdrawals",
    export: "Account > Transactions > Export",
    table: Table::Transfers,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("kind", "chain")],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2022",
    &[
        ("date", Time("time")),
        ("tx_type", Direction("direction")),
        ("amount", Decimal("amount")),
        ("coin", Text("asset")),
        ("network", Text("network")),
        ("txid", Text("tx_id")),
        ("fee", Decimal("fee")),
    ],
)];
