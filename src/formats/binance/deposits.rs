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
    Generation {
        name: "to 2023",
        columns: &[
            ("Date(UTC)", Time("time")),
            ("Coin", Text("asset")),
            ("Amount", Decimal("amount")),
            ("TransactionFee", Decimal("fee")),
            ("Address", Text("address")),
            ("TXID", Text("tx_id")),
            ("SourceAddress", Ignored),
            ("PaymentID", Text("tag")),
            ("Status", Text("status")),
        ],
        fixed: &[],
        parts: &[],
    },
    Generation {
        name: "2023, with network",
        columns: &[
            ("Date(UTC)", Time("time")),
            ("Coin", Text("asset")),
            ("Network", Text("network")),
            ("Amount", Decimal("amount")),
            ("TransactionFee", Decimal("fee")),
            ("Address", Text("address")),
            ("TXID", Text("tx_id")),
            ("SourceAddress", Ignored),
            ("PaymentID", Text("tag")),
            ("Status", Text("status")),
        ],
        fixed: &[],
        parts: &[],
    },
    Generation {
        name: "from 2024",
        columns: &[
            ("Time", Time("time")),
            ("Coin", Text("asset")),
            ("Network", Text("network")),
            ("Amount", Decimal("amount")),
            ("Address", Text("address")),
            ("TXID", Text("tx_id")),
            ("Status", Text("status")),
        ],
        fixed: &[],
        parts: &[],
    },
    Generation {
        name: "report centre",
        columns: &[
            ("Date(UTC)", Time("time")),
            ("Coin", Text("asset")),
            ("Network", Text("network")),
            ("Amount", Decimal("amount")),
            ("Address", Text("address")),
            ("TXID", Text("tx_id")),
            ("Status", Text("status")),
        ],
        fixed: &[],
        parts: &[],
    },
];
