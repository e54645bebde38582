//! Binance purchases of crypto with fiat.

use crate::formats::Cell::{Amount, Ignored, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "binance-fiat-purchases",
    exchange: "Binance",
    title: "Binance fiat purchase history",
    export: "Orders > Buy Crypto History > Export",
    table: Table::Transfers,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("direction", "in"), ("kind", "fiat")],
    file_words: &["buy", "purchase"],
    by_default: true,
};

pub(crate) static GENERATIONS: &[Generation] = &[
    Generation::new(
        "2021",
        &[
            ("Date", Time("time")),
            ("Method", Text("method")),
            ("Amount", Amount("amount", "asset")),
            ("Price", Ignored),
            ("Fees", Amount("fee", "asset")),
            ("Final Amount", Amount("received", "received_asset")),
            ("Status", Text("status")),
            ("Transaction ID", Text("tx_id")),
        ],
    ),
    Generation::new(
        "from 2025",
        &[
            ("Time", Time("time")),
            ("Method", Text("method")),
            ("Spend Amount", Amount("amount", "asset")),
            ("Receive Amount", Amount("received", "received_asset")),
            ("Fee", Amount("fee", "asset")),
            ("Price", Ignored),
            ("Status", Text("status")),
            ("Transaction ID", Text("tx_id")),
        ],
    ),
];
