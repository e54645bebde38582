//! KuCoin deposits of fiat money.

use crate::formats::Cell::{Decimal, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "kucoin-fiat-deposits",
    exchange: "KuCoin",
    title: "KuCoin fiat deposits",
    export: "Orders > Fiat deposit > Export",
    table: Table::Transfers,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("direction", "in"), ("kind", "fiat")],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2022",
    &[
        ("Order ID", Text("tx_id")),
        ("Currency (Fiat)", Text("asset")),
        ("Fiat Amount", Decimal("amount")),
        ("Fee", Decimal("fee")),
        ("Deposit Method", Text("method")),
        ("Status", Text("status")),
        ("Time(UTC+02:00)", Time("time")),
    ],
)];
