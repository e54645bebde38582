//! Binance fiat deposit history; failed attempts are in it too. Two headers are those of fiat withdrawals.

use crate::formats::Cell::{Amount, Decimal, Ignored, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "binance-fiat-deposits",
    exchange: "Binance",
    title: "Binance fiat deposit history",
    export: "Orders > Buy Crypto History > Fiat deposit > Export",
    table: Table::Transfers,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("direction", "in"), ("kind", "fiat")],
    file_words: &["deposit", "depósito"],
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
            ("Time|Hora", Time("time")),
            ("Method|Método", Text("method")),
            ("Amount|Deposit Amount|Monto de depósito", Amount("amount", "asset")),
            ("Receive Amount|Monto a recibir", Amount("received", "received_asset")),
            ("Fee|Tarifa", Amount("fee", "asset")),
            ("Status|Estado", Text("status")),
            ("Transaction ID|ID de transacción (TXID)", Text("tx_id")),
        ],
    ),
];
