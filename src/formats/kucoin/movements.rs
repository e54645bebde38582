//! KuCoin deposits and withdrawals of 2018, in one file.

use crate::formats::Cell::{Decimal, Direction, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "kucoin-movements",
    exchange: "KuCoin",
    title: "KuCoin deposits and withdrawals (2018)",
    export: "Assets > History > Export (2018)",
    table: Table::Transfers,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("kind", "chain")],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "2018",
    &[
        ("coin_type", Text("asset")),
        ("type", Direction("direction")),
        ("add", Text("address")),
        ("hash", Text("tx_id")),
        ("vol", Decimal("amount")),
        ("created_at", Time("time")),
    ],
)];
