//! Binance fiat withdrawal history, with the headers of fiat deposits.

use crate::formats::Cell::{Amount, Decimal, Ignored, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "binance-fiat-withdrawals",
    exchange: "Binance",
    title: "Binance fiat withdrawal history",
    export: "Orders > Buy Crypto History > Fiat withdrawal > Export",
    table: Table::Transfers,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("direction", "out"), ("kind", "fiat")],
    file_words: &["withdraw", "retiro", "saque"],
    by_default: false,
};

pub(crate) static GENERATIONS: &[Generation] = &[
    Generation::new(
        "to 2024",
        &[
            ("Date", Time("time")),
            ("Coin", Text("asset")),
            ("Amount", Decimal("amount")),
            ("Status", Text("status")),
            ("Payment Method", Text("method")),
            ("Indicated Amount", Ignored),
            ("Fee", Decimal("fee")),
            ("Order ID", Text("tx_id")),
        ],
    ),
    Generation::new(
        "from 2025",
        &[
            ("Time", Time("time")),
            ("Method", Text("method")),
            ("Amount|Withdraw Amount", Amount("amount", "asset")),
            ("Receive Amount", Amount("received", "received_asset")),
            ("Fee", Amount("fee", "asset")),
            ("Status", Text("status")),
            ("Transaction ID", Text("tx_id")),
        ],
    ),
];
