//! KuCoin withdrawals of fiat money.

use crate::formats::Cell::{Decimal, Ignored, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "kucoin-fiat-withdrawals",
    exchange: "KuCoin",
    title: "KuCoin fiat withdrawals",
    export: "Orders > Fiat withdrawal > Export",
    table: Table::Transfers,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("direction", "out"), ("kind", "fiat")],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2022",
    &[
        ("Order ID", Text("tx_id")),
        ("Currency (Fiat)", Text("asset")),
        ("Fiat Amount", Decimal("amount")),
        ("Fee Currency", Ignored),
        ("Fee", Decimal("fee")),
        ("Withdrawal Method", Text("method")),
        ("Status", Text("status")),
        ("Time", Time("time")),
    ],
)];
