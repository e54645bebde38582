//! HTX (Huobi) withdrawals.

use crate::formats::Cell::{Decimal, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "htx-withdrawals",
    exchange: "HTX",
    title: "HTX (Huobi) withdrawals",
    export: "Assets > Withdrawal history > Export",
    table: Table::Transfers,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("direction", "out"), ("kind", "chain")],
    file_words: &["withdraw"],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2023",
    &[
        ("uid", Text("account")),
        ("currency", Text("asset")),
        ("tx_hash", Text("tx_id")),
        ("to_address", Text("address")),
        ("amount", Decimal("amount")),
        ("fee", Decimal("fee")),
        ("withdraw_time", Time("time")),
    ],
)];
