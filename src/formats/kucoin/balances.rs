//! KuCoin snapshots of balances.

use crate::formats::Cell::{Decimal, Ignored, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "kucoin-balances",
    exchange: "KuCoin",
    title: "KuCoin asset snapshots",
    export: "Assets > Asset snapshots > Export",
    table: Table::Balances,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[Generation::new(
    "from 2023",
    &[
        ("UID", Ignored),
        ("Account Type", Text("account")),
        ("Account Name", Ignored),
        ("Coin", Text("asset")),
        ("Amount", Decimal("total")),
        ("Amount(USDT)", Ignored),
        ("Time", Time("time")),
    ],
)];
