//! Bittrex withdrawals.

use crate::formats::Cell::{Decimal, Ignored, Text, Time, TimeAs};
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
    Generation::new(
        "2018, in capitals",
        &[
            ("UUID", Ignored),
            ("AMOUNT", Decimal("amount")),
            ("CURRENCY", Text("asset")),
            ("ADDRESS", Text("address")),
            ("TXID", Text("tx_id")),
            ("OPENED", Time("time")),
            ("LASTUPDATED", Ignored),
            ("CLOSED", Ignored),
            ("TXCOST", Decimal("fee")),
            ("STATE", Text("status")),
        ],
    ),
    Generation::new(
        "to 2020",
        &[
            ("PaymentUuid", Ignored),
            ("Currency", Text("asset")),
            ("Amount", Decimal("amount")),
            ("Address", Text("address")),
            ("Opened|OpenedDate", TimeAs("time", Layout::MONTH_FIRST)),
            ("Authorized", Ignored),
            ("PendingPayment|Pending", Ignored),
            ("TxCost|TxFee", Decimal("fee")),
            ("TxId", Text("tx_id")),
            ("Target?", Ignored),
            ("BankInfo?", Ignored),
            ("Canceled", Ignored),
            ("InvalidAddress?", Ignored),
        ],
    ),
];
