//! Bittrex deposits.

use crate::formats::Cell::{Decimal, Ignored, Text, Time, TimeAs};
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
    Generation::new(
        "2018, in capitals",
        &[
            ("UUID", Ignored),
            ("AMOUNT", Decimal("amount")),
            ("CURRENCY", Text("asset")),
            ("CRYPTOADDRESS", Text("address")),
            ("TXID", Text("tx_id")),
            ("LASTUPDATED", Time("time")),
            ("CONFIRMATIONS", Ignored),
            ("SOURCE", Ignored),
            ("STATE", Text("status")),
        ],
    ),
    Generation::new(
        "to 2020",
        &[
            ("Id", Ignored),
            ("Currency", Text("asset")),
            ("Amount", Decimal("amount")),
            ("Confirmations", Ignored),
            ("LastUpdated|LastUpdatedDate", TimeAs("time", Layout::MONTH_FIRST)),
            ("TxId", Text("tx_id")),
            ("CryptoAddress", Text("address")),
            ("Source?", Ignored),
            ("PropertyBagError?", Ignored),
            ("BankInfo?", Ignored),
            ("DepositUuid?", Ignored),
            ("State?", Text("status")),
        ],
    ),
];
