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
    Generation {
        name: "to 2024",
        columns: &[
            ("Date(UTC)", Time("time")),
            ("Coin", Text("asset")),
            ("Amount", Decimal("amount")),
            ("Status", Text("status")),
            ("Payment Method", Text("method")),
            ("Indicated Amount", Ignored),
            ("Fee", Decimal("fee")),
            ("Order ID", Text("tx_id")),
        ],
        fixed: &[],
        parts: &[],
    },
    Generation {
        name: "from 2025",
        columns: &[
            ("Time", Time("time")),
            ("Method", Text("method")),
            ("Amount", Amount("amount", "asset")),
            ("Receive Amount", Amount("received", "received_asset")),
            ("Fee", Amount("fee", "asset")),
            ("Status", Text("status")),
            ("Transaction ID", Text("tx_id")),
        ],
        fixed: &[],
        parts: &[],
    },
    Generation {
        name: "from 2025, deposit amount",
        columns: &[
            ("Time", Time("time")),
            ("Method", Text("method")),
            ("Deposit Amount", Amount("amount", "asset")),
            ("Receive Amount", Amount("received", "received_asset")),
            ("Fee", Amount("fee", "asset")),
            ("Status", Text("status")),
            ("Transaction ID", Text("tx_id")),
        ],
        fixed: &[],
        parts: &[],
    },
    Generation {
        name: "Spanish",
        columns: &[
            ("Hora", Time("time")),
            ("Método", Text("method")),
            ("Monto de depósito", Amount("amount", "asset")),
            ("Monto a recibir", Amount("received", "received_asset")),
            ("Tarifa", Amount("fee", "asset")),
            ("Estado", Text("status")),
            ("ID de transacción (TXID)", Text("tx_id")),
        ],
        fixed: &[],
        parts: &[],
    },
];
