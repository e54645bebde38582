//! Binance convert history: one record sells one asset and buys another. Plans that buy at regular times read alike.

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
    Generation::new(
        "from 2021",
        &[
            ("Time|Date", Time("time")),
            ("Wallet?", Ignored),
            ("Pair", Ignored),
            ("Type", Ignored),
            ("Sell", Amount("amount", "asset")),
            ("Buy", Amount("received", "received_asset")),
            ("Price", Ignored),
            ("Inverse Price", Ignored),
            ("Date Updated", Ignored),
            ("Status", Text("status")),
        ],
    ),
    Generation::new(
        "Auto-Invest",
        &[
            ("Auto-Invest Date", Time("time")),
            ("Holding Coin", Ignored),
            ("Amount per period", Amount("amount", "asset")),
            ("Trading Fee", Amount("fee", "asset")),
            ("Units", Amount("received", "received_asset")),
            ("From", Text("method")),
            ("Status", Text("status")),
        ],
    ),
];
