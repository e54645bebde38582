//! Binance withdrawal history; `Amount` is net of the fee.

use crate::formats::Cell::{Decimal, Ignored, Text, Time};
use crate::formats::{Format, Generation, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "binance-withdrawals",
    exchange: "Binance",
    title: "Binance withdrawal history",
    export: "Wallet > Transaction History > Withdraw > Export",
    table: Table::Transfers,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("direction", "out"), ("kind", "chain")],
    file_words: &["withdraw", "retiro", "retirada", "saque", "auszahlung"],
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
            ("SourceAddress?", Ignored),
            ("PaymentID?", Text("tag")),
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
            ("Fee", Decimal("fee")),
            ("Address", Text("address")),
            ("TXID", Text("tx_id")),
            ("Status", Text("status")),
        ],
    ),
];
