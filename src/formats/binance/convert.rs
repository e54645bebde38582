//! Binance convert history: one record sells one asset and buys another.

use crate::formats::Cell::{Amount, Ignored, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "binance-convert",
    exchange: "Binance",
    title: "Binance convert history",
    export: "Orders > Convert Order > Export",
    table: Table::Transfers,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("direction", "out"), ("kind", "convert")],
    file_words: &["convert"],
    by_default: true,
};

pub(crate) static GENERATIONS: &[Generation] = &[
    Generation {
        name: "to 2021",
        columns: &[
            ("Date", Time("time")),
            ("Pair", Ignored),
            ("Type", Ignored),
            ("Sell", Amount("amount", "asset")),
            ("Buy", Amount("received", "received_asset")),
            ("Price", Ignored),
            ("Inverse Price", Ignored),
            ("Date Updated", Ignored),
            ("Status", Text("status")),
        ],
        fixed: &[],
        parts: &[],
    },
    Generation {
        name: "with wallet",
        columns: &[
            ("Date", Time("time")),
            ("Wallet", Ignored),
            ("Pair", Ignored),
            ("Type", Ignored),
            ("Sell", Amount("amount", "asset")),
            ("Buy", Amount("received", "received_asset")),
            ("Price", Ignored),
            ("Inverse Price", Ignored),
            ("Date Updated", Ignored),
            ("Status", Text("status")),
        ],
        fixed: &[],
        parts: &[],
    },
    Generation {
        name: "from 2024",
        columns: &[
            ("Time", Time("time")),
            ("Wallet", Ignored),
            ("Pair", Ignored),
            ("Type", Ignored),
            ("Sell", Amount("amount", "asset")),
            ("Buy", Amount("received", "received_asset")),
            ("Price", Ignored),
            ("Inverse Price", Ignored),
            ("Date Updated", Ignored),
            ("Status", Text("status")),
        ],
        fixed: &[],
        parts: &[],
    },
];
