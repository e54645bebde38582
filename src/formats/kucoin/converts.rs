//! KuCoin convert history: one record sells one asset and buys another.

use crate::formats::Cell::{Amount, Ignored, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "kucoin-converts",
    exchange: "KuCoin",
    title: "KuCoin convert history",
    export: "Orders > Convert orders > Export",
    table: Table::Transfers,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("direction", "out"), ("kind", "convert")],
    file_words: &[],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[
    Generation::new(
        "from 2023",
        &[
            ("UID", Ignored),
            ("Account Type", Ignored),
            ("Payment Account", Ignored),
            ("Sell", Amount("amount", "asset")),
            ("Buy", Amount("received", "received_asset")),
            ("Price", Ignored),
            ("Time of Update(UTC+02:00)", Time("time")),
            ("Status", Text("status")),
        ],
    ),
    Generation::new(
        "with tax",
        &[
            ("UID", Ignored),
            ("Account Type", Ignored),
            ("Payment Account", Ignored),
            ("Sell", Amount("amount", "asset")),
            ("Buy", Amount("received", "received_asset")),
            ("Price", Ignored),
            ("Tax", Ignored),
            ("Time of Update(UTC+02:00)", Time("time")),
            ("Status", Text("status")),
        ],
    ),
];
