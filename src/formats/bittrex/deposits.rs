//! Bittrex deposits.

use crate::formats::Cell::{Decimal, Ignored, Text, TimeAs};
use crate::formats::{Format, Generation, Layout, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "bittrex-deposits",
    exchange: "Bittrex",
    title: "Bittrex deposits",
    export: "Wallets > Deposit history > Download (until 2023)",
    table: Table::Transfers,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("direction", "in"), ("kind", "chain")],
    file_words: &["deposit"],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[
    Generation {
        name: "to 2018",
        columns: &[
            ("Id", Ignored),
            ("Amount", Decimal("amount")),
            ("Currency", Text("asset")),
            ("Confirmations", Ignored),
            ("LastUpdated", TimeAs("time", Layout::MONTH_FIRST)),
            ("TxId", Text("tx_id")),
            ("CryptoAddress", Text("address")),
        ],
        fixed: &[],
        parts: &[],
    },
    Generation {
        name: "to 2019",
        columns: &[
            ("Id", Ignored),
            ("Currency", Text("asset")),
            ("Amount", Decimal("amount")),
            ("Confirmations", Ignored),
            ("LastUpdatedDate", TimeAs("time", Layout::MONTH_FIRST)),
            ("TxId", Text("tx_id")),
            ("CryptoAddress", Text("address")),
        ],
        fixed: &[],
        parts: &[],
    },
    Generation {
        name: "with source",
        columns: &[
            ("Id", Ignored),
            ("Currency", Text("asset")),
            ("Amount", Decimal("amount")),
            ("Confirmations", Ignored),
            ("LastUpdatedDate", TimeAs("time", Layout::MONTH_FIRST)),
            ("TxId", Text("tx_id")),
            ("CryptoAddress", Text("address")),
            ("Source", Ignored),
        ],
        fixed: &[],
        parts: &[],
    },
    Generation {
        name: "with state",
        columns: &[
            ("Id", Ignored),
            ("Currency", Text("asset")),
            ("Amount", Decimal("amount")),
            ("Confirmations", Ignored),
            ("LastUpdatedDate", TimeAs("time", Layout::MONTH_FIRST)),
            ("TxId", Text("tx_id")),
            ("CryptoAddress", Text("address")),
            ("Source", Ignored),
            ("PropertyBagError", Ignored),
            ("BankInfo", Ignored),
            ("DepositUuid", Ignored),
            ("State", Text("status")),
        ],
        fixed: &[],
        parts: &[],
    },
];
