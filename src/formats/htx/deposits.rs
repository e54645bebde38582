//! HTX (Huobi) deposits.

use crate::formats::Cell::{Decimal, Ignored, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "htx-deposits",
    exchange: "HTX",
    title: "HTX (Huobi) deposits",
    export: "Assets > Deposit history > Export",
    table: Table::Transfers,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("direction", "in"), ("kind", "chain")],
    file_words: &["deposit"],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2023",
    &[
        ("uid", Text("account")),
        ("currency", Text("asset")),
        ("tx_hash", Text("tx_id")),
        ("from_address", Ignored),
        ("to_address", Text("address")),
        ("amount", Decimal("amount")),
        ("deposit_time", Time("time")),
    ],
)];
