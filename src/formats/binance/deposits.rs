//! Binance deposit history. The older headers are those of the withdrawal history: only the file name tells them apart.

use crate::formats::Cell::{Decimal, Ignored, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "binance-deposits",
    exchange: "Binance",
    title: "Binance deposit history",
    export: "Wallet > Transaction History > Deposit > Export",
    table: Table::Transfers,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("direction", "in"), ("kind", "chain")],
    file_words: &["deposit", "depósito", "depot", "einzahlung"],
    by_default: false,
};

pub(crate) static GENERATIONS: &[Generation] = &[
    Generation::new(
        "to 2023",
        &[
            ("Date", Time("time")),
            ("Coin", Text("asset")),
            ("Network?", Text("network")),
            ("Amount", Decimal("amount")),
            ("TransactionFee", Decimal("fee")),
            ("Address", Text("address")),
            ("TXID", Text("tx_id")),
            ("SourceAddress", Ignored),
            ("PaymentID", Text("tag")),
            ("Status", Text("status")),
        ],
    ),
    Generation::new(
        "from 2024",
        &[
            ("Time|Date", Time("time")),
            ("Coin", Text("asset")),
            ("Network", Text("network")),
            ("Amount", Decimal("amount")),
            ("Address", Text("address")),
            ("TXID", Text("tx_id")),
            ("Status", Text("status")),
        ],
    ),
];
