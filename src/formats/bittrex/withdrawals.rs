//! Bittrex withdrawals.

use crate::formats::Cell::{Decimal, Ignored, Text, TimeAs};
use crate::formats::{Format, Generation, Layout, Shape};
use crate::tables::Table;

pub(crate) static FORMAT: Format = Format {
    id: "bittrex-withdrawals",
    exchange: "Bittrex",
    title: "Bittrex withdrawals",
    export: "Wallets > Withdrawal history > Download (until 2023)",
    table: Table::Transfers,
    shape: Shape::Headers(GENERATIONS),
    fixed: &[("direction", "out"), ("kind", "chain")],
    file_words: &["withdraw"],
    by_default: true,
};

static GENERATIONS: &[Generation] = &[
    Generation {
        name: "to 2018",
        columns: &[
            ("PaymentUuid", Ignored),
            ("Currency", Text("asset")),
            ("Amount", Decimal("amount")),
            ("Address", Text("address")),
            ("Opened", TimeAs("time", Layout::MONTH_FIRST)),
            ("Authorized", Ignored),
            ("PendingPayment", Ignored),
            ("TxCost", Decimal("fee")),
            ("TxId", Text("tx_id")),
            ("Canceled", Ignored),
            ("InvalidAddress", Ignored),
        ],
        fixed: &[],
        parts: &[],
    },
    Generation {
        name: "to 2020",
        columns: &[
            ("PaymentUuid", Ignored),
            ("Currency", Text("asset")),
            ("Amount", Decimal("amount")),
            ("Address", Text("address")),
            ("OpenedDate", TimeAs("time", Layout::MONTH_FIRST)),
            ("Authorized", Ignored),
            ("Pending", Ignored),
            ("TxFee", Decimal("fee")),
            ("Canceled", Ignored),
            ("TxId", Text("tx_id")),
        ],
        fixed: &[],
        parts: &[],
    },
    Generation {
        name: "with target",
        columns: &[
            ("PaymentUuid", Ignored),
            ("Currency", Text("asset")),
            ("Amount", Decimal("amount")),
            ("Address", Text("address")),
            ("OpenedDate", TimeAs("time", Layout::MONTH_FIRST)),
            ("Authorized", Ignored),
            ("Pending", Ignored),
            ("TxId", Text("tx_id")),
            ("TxFee", Decimal("fee")),
            ("Target", Ignored),
            ("BankInfo", Ignored),
            ("Canceled", Ignored),
        ],
        fixed: &[],
        parts: &[],
    },
];
